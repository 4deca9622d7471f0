using NodaTime;

namespace Heed.Seed.Tests;

public class RotaTests
{
    public static TheoryData<string> Each => Made.Each();

    /// <summary>Inspectors receive nothing, so nothing of theirs can run out.</summary>
    [Theory, MemberData(nameof(Each))]
    public void Up_from_every_team_there_is_somebody_on_duty_and_not_away_at_every_quarter_of_an_hour(string moment)
    {
        var made = Made.On(moment);
        var duty = new Duty(made.Teams, made.Shifts, made.Absences);
        var now = Made.Moments[moment];
        var uncovered = new List<string>();
        foreach (var team in made.Teams.Where(team => team.Function != "inspection"))
        {
            for (var at = now - Duration.FromDays(14); at <= now + Duration.FromDays(28); at += Duration.FromMinutes(15))
            {
                if (duty.Somebody(team.Key, 0, at) is not { } who || duty.IsAway(who, at))
                {
                    uncovered.Add($"{team.Key} {at}");
                }
            }
        }
        Assert.Empty(uncovered);
    }

    [Theory, MemberData(nameof(Each))]
    public void Somebody_stands_on_the_rota_who_is_on_leave(string moment)
    {
        var made = Made.On(moment);
        Assert.Contains(made.Absences, absence => absence.From <= Days.Of(Made.Moments[moment]) && absence.Until >= Days.Of(Made.Moments[moment])
            && made.Shifts.Any(shift => shift.Practitioner == absence.Practitioner && absence.From <= Days.Of(shift.From) && Days.Of(shift.From) <= absence.Until));
        var duty = new Duty(made.Teams, made.Shifts, made.Absences);
        Assert.All(made.Shifts.Where(shift => duty.IsAway(shift.Practitioner, shift.From)).Take(20), shift => Assert.DoesNotContain(shift.Practitioner, duty.On(shift.Team, shift.Rung, shift.From)));
    }

    [Fact]
    public void Nobody_is_in_two_places_at_the_work_itself()
    {
        var work = Made.Sunday.Shifts.Where(shift => shift.Rung == 0).GroupBy(shift => shift.Practitioner);
        Assert.All(work, shifts =>
        {
            var inOrder = shifts.OrderBy(shift => shift.From).ToList();
            Assert.All(inOrder.Zip(inOrder.Skip(1)), pair => Assert.True(pair.First.Until <= pair.Second.From, $"{pair.First} {pair.Second}"));
        });
    }

    [Fact]
    public void Every_chain_of_teams_ends_at_its_heads()
    {
        var teams = Made.Sunday.Teams.ToDictionary(team => team.Key);
        Assert.All(teams.Values.Where(team => team.Function != "inspection"), team =>
        {
            while (team.Above is { } above)
            {
                team = teams[above];
            }
            Assert.Equal("duty-managers", team.Function);
        });
        Assert.All(teams.Values.Where(team => team.CoveredBy is not null), team => Assert.Null(teams[team.CoveredBy!].Opens));
    }

    [Fact]
    public void Everybody_on_a_rota_works_in_the_partnership()
    {
        var people = Made.Sunday.Practitioners.Select(who => who.Key).ToHashSet();
        var teams = Made.Sunday.Teams.Select(team => team.Key).ToHashSet();
        Assert.Equal(people.Count, Made.Sunday.Practitioners.Count);
        Assert.All(Made.Sunday.Shifts, shift => Assert.True(people.Contains(shift.Practitioner) && teams.Contains(shift.Team), shift.ToString()));
        Assert.All(Made.Sunday.Absences, absence => Assert.Contains(absence.Practitioner, people));
        Assert.All(Made.Sunday.Practitioners, who => Assert.Contains(who.Team, teams));
    }

    [Theory, InlineData("TS20 2QX", Places.Norton), InlineData("TS21 1AB", Places.Norton), InlineData("TS21 3AB", Places.Hartmoor), InlineData("TS18 4ZZ", Places.Norton), InlineData("TS19 9AA", Places.Levenside)]
    public void A_postcode_belongs_to_the_council_with_the_longest_beginning(string postcode, string council) => Assert.Equal(council, Places.CouncilOf(postcode));

    [Fact]
    public void Every_home_is_in_exactly_one_council()
    {
        Assert.Equal(Places.Areas.Count, Places.Areas.Select(area => area.Postcode).Distinct().Count());
        Assert.All(Made.Sunday.Households, household => Assert.Contains(Places.CouncilOf(household.Address.Postcode), Places.Councils));
        Assert.All(Places.Councils, council => Assert.True(Places.Areas.Count(area => area.Council == council) >= 4));
    }

    [Fact]
    public void The_councils_do_not_break_up_on_the_same_days()
    {
        var terms = Made.Sunday.SchoolYears.Where(year => year.School is "norton-primary" or "leven-meadows" or "headland-primary" && year.From.Year == 2026).Select(year => string.Join(' ', year.Terms)).Distinct();
        Assert.True(terms.Count() >= 3);
        Assert.All(Made.Sunday.SchoolYears, year => Assert.All(year.Terms, term => Assert.InRange(term.Length, 15, 75)));
        Assert.All(Made.Sunday.SchoolYears, year => Assert.All(year.Terms.Zip(year.Terms.Skip(1)), pair => Assert.True(pair.First.End < pair.Second.Start)));
    }

    [Fact]
    public void Bank_holidays_are_those_of_England_and_Wales() =>
        Assert.Equal(["2026-01-01", "2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25", "2026-08-31", "2026-12-25", "2026-12-28", "2027-01-01", "2027-03-26", "2027-03-29", "2027-05-03", "2027-05-31", "2027-08-30", "2027-12-27", "2027-12-28"],
            Enumerable.Range(0, 730).Select(i => new LocalDate(2026, 1, 1).PlusDays(i)).Where(Days.IsBankHoliday).Select(day => day.ToString("uuuu-MM-dd", null)));
}
