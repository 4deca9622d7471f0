using System.Text.Json;
using NodaTime;

namespace Heed.Seed.Tests;

public class WeekTests(ITestOutputHelper output)
{
    public static TheoryData<string> Each => Made.Each();

    [Theory, MemberData(nameof(Each))]
    public void The_week_is_full_whatever_day_it_is(string moment)
    {
        var made = Made.On(moment);
        var now = Made.Moments[moment];
        var runsFrom = Days.OneWorkingDayRunsFrom(Days.Of(now));
        var undecided = made.Week.Where(sent => !sent.Then.Any(deed => deed.What.StartsWith("decided:"))).ToList();
        var running = undecided.Where(sent => sent.ReceivedAt >= runsFrom).ToList();
        var unopened = running.Where(sent => sent.Then.Count == 0).ToList();
        output.WriteLine($"{made.Week.Count} reports, {running.Count} running, {unopened.Count} unopened, {undecided.Count - running.Count} run out");
        output.WriteLine(string.Join(", ", made.Week.CountBy(sent => $"{sent.Json().GetProperty("kind")} from {(sent.Agency == Bodies.Police ? "police" : sent.Agency == Bodies.Hospital ? "hospital" : "schools")}")));
        output.WriteLine(string.Join(", ", made.Week.SelectMany(sent => sent.Then).CountBy(deed => deed.What)));
        Assert.InRange(made.Week.Count, 60, 85);
        Assert.InRange(running.Count, 8, 12);
        Assert.Equal(3, unopened.Count);
        Assert.Equal(2, undecided.Count - running.Count);
        Assert.All(unopened, sent => Assert.True(now - sent.ReceivedAt < Duration.FromHours(4)));
    }

    [Theory, MemberData(nameof(Each))]
    public void Nothing_happens_before_it_could_or_after_now(string moment)
    {
        var made = Made.On(moment);
        Assert.All(made.Week, sent =>
        {
            var json = sent.Json();
            Instant occurred = Made.At(json.GetProperty("occurredAt").GetString()!), known = Made.At(json.GetProperty("knownAt").GetString()!);
            Assert.True(occurred <= known && known <= sent.ReceivedAt && sent.ReceivedAt < Made.Moments[moment], sent.Json);
            Assert.All(sent.Then.Concat(sent.AtSchools ?? []), deed => Assert.True(deed.At > sent.ReceivedAt && deed.At < Made.Moments[moment], deed.ToString()));
            Assert.Equal(sent.Then.OrderBy(deed => deed.At), sent.Then);
        });
    }

    [Theory, MemberData(nameof(Each))]
    public void Whoever_did_something_was_on_duty(string moment)
    {
        var made = Made.On(moment);
        var duty = new Duty(made.Teams, made.Shifts, made.Absences);
        Assert.All(made.Week.SelectMany(sent => sent.Then.Concat(sent.AtSchools ?? [])), deed =>
        {
            Assert.False(duty.IsAway(deed.Practitioner, deed.At), deed.ToString());
            Assert.Contains(made.Shifts, shift => shift.Practitioner == deed.Practitioner && shift.From <= deed.At && deed.At < shift.Until);
        });
    }

    [Theory, MemberData(nameof(Each))]
    public void Everybody_reported_is_somebody_and_every_relationship_leads_to_one_of_them(string moment)
    {
        var made = Made.On(moment);
        var people = made.People.Select(person => person.Key).ToHashSet();
        Assert.All(made.Week, sent =>
        {
            var mentioned = sent.Json().GetProperty("people").EnumerateArray().ToList();
            var keys = mentioned.Select(person => person.GetProperty("key").GetString()!).ToList();
            Assert.Equal(keys, sent.Mentions!.Select(mention => mention.Key));
            Assert.Equal(keys.Count, keys.Distinct().Count());
            Assert.All(sent.Mentions!, mention => Assert.Contains(mention.Person, people));
            Assert.Contains(mentioned, person => person.GetProperty("roles")[0].GetString() == "child");
            Assert.All(mentioned.Where(person => person.TryGetProperty("relationships", out _)).SelectMany(person => person.GetProperty("relationships").EnumerateArray()),
                tie => Assert.Contains(tie.GetProperty("to").GetString()!, keys));
        });
    }

    [Fact]
    public void Every_member_is_one_that_the_sample_has_or_that_was_agreed()
    {
        string[] report = ["reference", "version", "supersedes", "supersessionReason", "kind", "occurredAt", "knownAt", "place", "summary", "risk", "people", "actions", "reporter"];
        string[] person = ["key", "roles", "givenNames", "familyName", "alsoKnownAs", "born", "expected", "sex", "addresses", "identifiers", "relationships", "school", "ownWords", "seen", "seenAlone", "recordNumber"];
        Assert.All(Made.Sunday.Week, sent =>
        {
            Assert.Subset(report.ToHashSet(), sent.Json().EnumerateObject().Select(member => member.Name).ToHashSet());
            Assert.All(sent.Json().GetProperty("people").EnumerateArray(), one => Assert.Subset(person.ToHashSet(), one.EnumerateObject().Select(member => member.Name).ToHashSet()));
            Assert.DoesNotContain(sent.Json, letter => letter is '[' or '{' && sent.Json().GetProperty("summary").GetString()!.Contains(letter));
        });
    }

    [Theory, MemberData(nameof(Each))]
    public void What_was_planted_is_there(string moment)
    {
        var week = Made.On(moment).Week;
        var all = week.Select(sent => (sent, json: sent.Json())).ToList();

        var correction = Assert.Single(all, one => one.json.TryGetProperty("version", out _));
        Assert.Equal((2, 1), (correction.json.GetProperty("version").GetInt32(), correction.json.GetProperty("supersedes").GetInt32()));
        var corrected = Assert.Single(all, one => one.sent != correction.sent && one.json.GetProperty("reference").GetString() == correction.json.GetProperty("reference").GetString());
        Assert.True(corrected.sent.ReceivedAt < correction.sent.ReceivedAt);

        Assert.Contains(all, one => one.sent.ReceivedAt - Made.At(one.json.GetProperty("occurredAt").GetString()!) == Duration.FromHours(31));
        Assert.Contains(all, one => one.sent.ReceivedAt - Made.At(one.json.GetProperty("occurredAt").GetString()!) == Duration.FromDays(9));
        Assert.Equal(5, week.Count(sent => sent.Mentions!.Any(mention => mention.Person == "alfie-whitlock")));
        var about = Assert.Single(week, sent => sent.Mentions!.Any(mention => mention.Person == SpecialFamilies.Restricted));
        Assert.DoesNotContain(about.Then, deed => deed.Practitioner == "bielecki");
        Assert.Contains(week, sent => sent.Then.Any(deed => deed is { What: "late-reason", Words: not null }));
        Assert.True(all.Count(one => one.json.GetProperty("place").TryGetProperty("foundAt", out _)) >= 2);
        Assert.Contains(all, one => one.json.GetProperty("people").EnumerateArray().Any(person => person.TryGetProperty("expected", out _)));
        Assert.True(all.Count(one => one.json.GetProperty("people").EnumerateArray().Any(person => person.TryGetProperty("ownWords", out _))) > 10);
        Assert.True(all.Select(one => one.json.GetProperty("summary").GetString()).Distinct().Count() >= 40);
    }

    [Fact]
    public void References_are_the_agencys_own_and_of_this_year()
    {
        var references = Made.Sunday.Week.Where(sent => sent.Agency == Bodies.Police).Select(sent => sent.Json().GetProperty("reference").GetString()!).ToList();
        Assert.All(references, reference => Assert.Matches("^TV/2026/004[0-9]{4}$", reference));
    }
}
