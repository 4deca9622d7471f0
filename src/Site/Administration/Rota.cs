using System.Globalization;
using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Statute;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Administration;

/// <summary>Who is on duty when, who is away, and where nobody is.</summary>
public static class Rota
{
    /// <summary>Whose clocks nobody waits for at night: a business unit, inspectors, the program.</summary>
    private static readonly string[] NotMinded = ["program", "inspection", "partnership"];

    /// <param name="Away">On the rota and not there, for some of it.</param>
    /// <param name="Name">Who is on duty.</param>
    /// <param name="Rung">0 does the work; a late clock climbs to 1, then 2.</param>
    /// <param name="From">When it begins.</param>
    /// <param name="Until">When it ends.</param>
    public sealed record Turn(Guid PractitionerId, string Name, int Rung, Instant From, Instant Until, bool Away);

    /// <param name="Name">Who is on duty.</param>
    /// <param name="Team">By which they are on duty: this one, one that covers it or one above.</param>
    /// <param name="Rung">0 does the work; a late clock climbs to 1, then 2.</param>
    public sealed record OnDuty(string Name, string Team, int Rung);

    public sealed record Absent(Guid PractitionerId, string Name, Instant From, Instant? Until);

    /// <summary>A time at which a team is open and nobody is there to do its work.</summary>
    /// <param name="TeamId">Which team.</param>
    /// <param name="Agency">Whose team it is.</param>
    /// <param name="From">When it begins, now at the earliest.</param>
    /// <param name="Until">When it ends, the end of next week at the latest.</param>
    /// <param name="Above">Only those are there to whom late clocks climb.</param>
    /// <param name="Next">The team to which a late clock would climb past this one; null: none.</param>
    public sealed record Gap(Guid TeamId, string Team, string Agency, Instant From, Instant Until, bool Above, string? Next)
    {
        /// <summary>"Saturday 21 November 20:00 to Sunday 22 November 08:00: nobody; a late clock would climb past this team to …".</summary>
        public string Words
        {
            get
            {
                var (from, until) = (From.InZone(WorkingCalendar.London), Until.InZone(WorkingCalendar.London));
                var to = from.Date == until.Date ? until.ToString("HH:mm", CultureInfo.CurrentCulture) : until.ToString("dddd d MMMM HH:mm", CultureInfo.CurrentCulture);
                var what = Above ? "nobody to do the work, only who late clocks climb to"
                    : Next is null ? "nobody; a late clock would climb past this team, and nobody stands above it" : $"nobody; a late clock would climb past this team to {Next}";
                return $"{from.ToString("dddd d MMMM HH:mm", CultureInfo.CurrentCulture)} to {to}: {what}";
            }
        }
    }

    private sealed record Span(Guid TeamId, bool Above, Instant Since, Instant Until)
    {
        public Interval Time => new(Since, Until);
    }

    /// <summary>From now until the end of next week, London.</summary>
    public static Instant Ends(Instant now) => WorkingCalendar.EndOf(WorkingCalendar.DateIn(now).With(DateAdjusters.NextOrSame(IsoDayOfWeek.Sunday)).PlusWeeks(1));

    /// <summary>Where nobody is while a team is open: a team without hours always, a school on its school days, others on working days.</summary>
    /// <param name="agency">Of this agency alone; null: of all.</param>
    public static async Task<IReadOnlyList<Gap>> Gaps(Guid? agency, Snapshot bodies, Work work)
    {
        var (from, until) = (work.Now, Ends(work.Now));
        var there = (await work.Ask<Span>($"""
            select team_id, above, greatest(lower(r), {from}) as since, least(upper(r), {until}) as until from (
                select s.team_id, s.rung > 0 as above, unnest(tstzmultirange(s.during * p.during) - coalesce((select range_agg(a.during) from absence a where a.practitioner_id = s.practitioner_id and a.during && s.during), tstzmultirange())) as r
                  from shift s join practitioner p on p.id = s.practitioner_id where s.during && tstzrange({from}, {until})) x
             where r && tstzrange({from}, {until})
            """).ToListAsync()).ToLookup(s => s.TeamId);
        var gaps = new List<Gap>();
        foreach (var team in bodies.Teams.Values.Where(t => !NotMinded.Contains(t.Function) && (agency is null || t.AgencyId == agency) && bodies.Agencies.TryGetValue(t.AgencyId, out var a) && a.HasHeed))
        {
            var next = (team.CoveredById ?? team.AboveId) is { } id ? bodies.Teams.GetValueOrDefault(id)?.Name : null;
            foreach (var open in Minded(team, bodies, new(from, until)))
            {
                var nobody = Without(open, there[team.Id].Select(s => s.Time)).ToList();
                gaps.AddRange(nobody.Select(g => new Gap(team.Id, team.Name, bodies.Agencies[team.AgencyId].Name, g.Start, g.End, false, next)));
                gaps.AddRange(Without(open, there[team.Id].Where(s => !s.Above).Select(s => s.Time).Concat(nobody)).Select(g => new Gap(team.Id, team.Name, bodies.Agencies[team.AgencyId].Name, g.Start, g.End, true, next)));
            }
        }
        return [.. gaps.OrderBy(g => g.Above).ThenBy(g => g.From).ThenBy(g => g.Agency).ThenBy(g => g.Team)];
    }

    /// <summary>When somebody must be there: while it is open; of a team for out of hours, while one that it covers is closed.</summary>
    private static IEnumerable<Interval> Minded(Access.Team team, Snapshot bodies, Interval all)
    {
        var covers = team.Function == "out-of-hours" ? bodies.Teams.Values.Where(t => t.CoveredById == team.Id && t.Opens is not null).ToList() : [];
        if (covers.Count == 0)
        {
            return Open(team, bodies, all.Start, all.End);
        }
        List<Interval> allOpen = [all];
        foreach (var covered in covers)
        {
            var open = Open(covered, bodies, all.Start, all.End).ToList();
            allOpen = [.. allOpen.SelectMany(one => Without(one, Without(one, open)))];
        }
        return Without(all, allOpen);
    }

    private static IEnumerable<Interval> Open(Access.Team team, Snapshot bodies, Instant from, Instant until)
    {
        if (team is not { Opens: { } opens, Closes: { } closes })
        {
            yield return new(from, until);
            yield break;
        }
        for (var day = WorkingCalendar.DateIn(from); WorkingCalendar.London.AtStartOfDay(day).ToInstant() < until; day = day.PlusDays(1))
        {
            var (start, end) = (Instant.Max(from, (day + opens).InZoneLeniently(WorkingCalendar.London).ToInstant()), Instant.Min(until, (day + closes).InZoneLeniently(WorkingCalendar.London).ToInstant()));
            var works = bodies.Schools.TryGetValue(team.AgencyId, out var school) && day >= school.KnownFrom && day <= school.KnownThrough ? school.IsSchoolDay(day) : bodies.Calendar.IsWorkingDay(day);
            if (works && start < end)
            {
                yield return new(start, end);
            }
        }
    }

    private static IEnumerable<Interval> Without(Interval whole, IEnumerable<Interval> taken)
    {
        var at = whole.Start;
        foreach (var one in taken.Where(t => t.End > whole.Start && t.Start < whole.End).OrderBy(t => t.Start))
        {
            if (one.Start > at)
            {
                yield return new(at, one.Start);
            }
            at = Instant.Max(at, one.End);
        }
        if (at < whole.End)
        {
            yield return new(at, whole.End);
        }
    }

    public static async Task<IReadOnlyList<Turn>> Turns(Guid team, Work work) => await work.Ask<Turn>($"""
        select p.id as practitioner_id, p.name, s.rung, lower(s.during) as "from", upper(s.during) as until, exists (select 1 from absence a where a.practitioner_id = p.id and a.during && s.during) as away
          from shift s join practitioner p on p.id = s.practitioner_id where s.team_id = {team} and s.during && tstzrange(heed_now(), {Ends(work.Now)}) order by lower(s.during), s.rung, p.name
        """).ToListAsync();

    /// <summary>Who does the work of a team now, then who a late clock would climb to, nearest first; each with the team by which they are on duty.</summary>
    public static async Task<IReadOnlyList<OnDuty>> Now(Guid team, Work work) => await work.Ask<OnDuty>($"""
        select p.name, t.name as team, x.rung from (
            select d.practitioner_id, 0 as rung from on_duty({team}, 0, heed_now()) d where d.rung = 0
            union all select l.id, l.n::int from unnest(ladder({team}, heed_now())) with ordinality l(id, n)) x
          join practitioner p on p.id = x.practitioner_id join lateral (select t.name from shift s join team t on t.id = s.team_id where s.practitioner_id = p.id and s.during @> heed_now() order by s.team_id = {team} desc limit 1) t on true order by x.rung, p.name
        """).ToListAsync();

    public static async Task<IReadOnlyList<Absent>> Away(Guid agency, Work work) => await work.Ask<Absent>($"""
        select p.id as practitioner_id, p.name, lower(a.during) as "from", upper(a.during) as until from absence a join practitioner p on p.id = a.practitioner_id where p.agency_id = {agency} and a.during && tstzrange(heed_now(), {Ends(work.Now)}) order by 3, 2
        """).ToListAsync();

    /// <summary>The team, if whoever asks administers its agency.</summary>
    public static async Task<Access.Team?> Mine(Guid team, Snapshot bodies, Work work) =>
        bodies.Teams.TryGetValue(team, out var found) && await work.One<bool>($"administers({found.AgencyId})") ? found : null;

    /// <param name="Until">At or before <paramref name="From"/> it is the next day's.</param>
    public sealed record Put(Guid Team, Guid? Person, int Rung, LocalDate? Day, LocalTime? From, LocalTime? Until);

    public static async Task<Refusal?> Add(Put said, Snapshot bodies, Work work)
    {
        if (await Mine(said.Team, bodies, work) is not { } team)
        {
            return work.NotFound(said.Team);
        }
        var errors = new Errors();
        if (said.Person is not { } person || await Staff.One(person, work) is not { } who)
        {
            errors["person"] = ["Choose who is on duty, of the agencies that you administer"];
        }
        if (said.Rung is < 0 or > 9)
        {
            errors["rung"] = ["Choose whether they do the work or are who a late clock climbs to"];
        }
        if (said.Day is not { } day)
        {
            errors["day"] = ["Enter the day on which it begins"];
        }
        if (said.From is not { } from || said.Until is not { } until)
        {
            errors["from"] = ["Enter from when and until when, such as 08:30 and 17:00"];
        }
        if (errors.Count > 0)
        {
            return work.Refuse(errors);
        }
        var (starts, ends) = (At(said.Day!.Value, said.From!.Value), At(said.Until > said.From ? said.Day.Value : said.Day.Value.PlusDays(1), said.Until!.Value));
        if (ends <= work.Now)
        {
            return work.Refuse("day", "Duty that is over is not put on the rota afterwards: who was there is what clocks have told");
        }
        if (await work.Do($"insert into shift (practitioner_id, team_id, rung, during) values ({said.Person}, {team.Id}, {said.Rung}, tstzrange({starts}, {ends})) on conflict do nothing") == 0)
        {
            return work.Refuse("from", "They are on duty for this team in that time already: nobody stands twice on one rota", kind: No.Conflict);
        }
        work.Wakes($"team:{team.Id}");
        return null;
    }

    private static Instant At(LocalDate day, LocalTime time) => (day + time).InZoneLeniently(WorkingCalendar.London).ToInstant();

    /// <summary>A turn that has begun ends now; one that has not is off the rota.</summary>
    public static async Task<Refusal?> TakeOff(Guid team, Guid person, Instant from, Snapshot bodies, Work work)
    {
        if (await Mine(team, bodies, work) is null)
        {
            return work.NotFound(team);
        }
        return await work.Do($"update shift set during = case when lower(during) < heed_now() then tstzrange(lower(during), heed_now()) else 'empty' end where team_id = {team} and practitioner_id = {person} and lower(during) = {from} and upper(during) > heed_now()") == 0
            ? work.Refuse("person", "This turn is off the rota already", kind: No.Conflict) : null;
    }

    /// <summary>Somebody is away on whole days, both of them included. Why is written down, and shown to nobody by the rota.</summary>
    public static async Task<Refusal?> Away(Guid? person, LocalDate? from, LocalDate? until, string? why, Work work)
    {
        if (person is not { } id || await Staff.One(id, work) is null)
        {
            return work.Refuse("absentee", "Choose who is away, of the agencies that you administer");
        }
        if (from is not { } first || until is not { } last || last < first)
        {
            return work.Refuse("awayFrom", "Enter the first and the last day that they are away");
        }
        if (string.IsNullOrWhiteSpace(why) || why.Length > 200)
        {
            return work.Refuse("why", "Say in a few words why: leave, sickness, a course");
        }
        await work.Do($"insert into absence (practitioner_id, during, why) values ({id}, tstzrange({WorkingCalendar.London.AtStartOfDay(first).ToInstant()}, {WorkingCalendar.EndOf(last)}), {why.Trim()})");
        return null;
    }

    public static async Task<Refusal?> Back(Guid person, Instant from, Work work) =>
        await work.Do($"update absence set during = case when lower(during) < heed_now() then tstzrange(lower(during), heed_now()) else 'empty' end where practitioner_id = {person} and lower(during) = {from} and (upper_inf(during) or upper(during) > heed_now())") == 0
            ? work.NotFound(person) : null;

    /// <summary>Who answers while a team is closed, and where its late clocks climb.</summary>
    public static async Task<Refusal?> Route(Guid id, Guid? coveredBy, Guid? above, Snapshot bodies, Work work)
    {
        if (await Mine(id, bodies, work) is not { } team)
        {
            return work.NotFound(id);
        }
        foreach (var (field, other) in new[] { ("coveredBy", coveredBy), ("above", above) })
        {
            if (other == id)
            {
                return work.Refuse(field, "A team neither covers itself nor stands above itself");
            }
            if (other is { } named && (!bodies.Teams.TryGetValue(named, out var found) || bodies.Agencies[found.AgencyId].Kind == "system"))
            {
                return work.Refuse(field, "Choose a team");
            }
        }
        if (team.Opens is not null && coveredBy is null && team.CoveredById is not null)
        {
            return work.Refuse("coveredBy", "This team closes: name who answers then, or nobody would");
        }
        await work.Do($"update team set covered_by_id = {coveredBy}, above_id = {above} where id = {id}");
        return null;
    }
}
