using System.Text.RegularExpressions;
using Heed.Plumbing;
using Heed.Statute;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NpgsqlTypes;

namespace Heed.Site.Access;

/// <param name="Key">A short name that stays when the agency is renamed.</param>
/// <param name="Name">What it is called today.</param>
/// <param name="Kind">police, council, school, health, dbs, partnership or inspectorate.</param>
/// <param name="Code">The ONS code of a force or council, the URN of a school, the ODS code of a health body.</param>
/// <param name="Nation">England or Wales: whose limits hold.</param>
/// <param name="HasHeed">False: it is told by telephone, by a person of the sender.</param>
public sealed record Agency(Guid Id, string Key, string Name, string Kind, string? Code, string Nation, bool HasHeed);

public sealed record Team(Guid Id, string Key, Guid AgencyId, string Name, string Function, Guid? AboveId, Guid? CoveredById, LocalTime? Opens, LocalTime? Closes, string? Telephone)
{
    /// <summary>A team without hours never closes; one with hours is open between them on working days.</summary>
    public bool IsOpen(Instant at, WorkingCalendar calendar)
    {
        var there = at.InZone(WorkingCalendar.London);
        return Opens is null || (calendar.IsWorkingDay(there.Date) && there.TimeOfDay >= Opens && there.TimeOfDay < Closes);
    }
}

public sealed record Agreement(string Key, int Version, string Name, string FromKind, string ToKind, string[]? ReportKinds, string Discloses, string Basis, string Purpose, NpgsqlRange<Instant> During);

/// <summary>What a school has arranged for itself: who reads on working days without school, and who has a notice first that names one of its own.</summary>
public sealed record SchoolArrangement(Guid SchoolId, bool ReadsOnWorkingDays, Guid? NamedPerson, string? Name);

/// <summary>A level of the partnership's threshold document.</summary>
/// <param name="Key">By which a decision names the level.</param>
/// <param name="Version">Of its words; a decision keeps the one it was made under.</param>
/// <param name="Ordinal">1 is the lowest need.</param>
/// <param name="Name">As in the partnership's threshold document.</param>
/// <param name="Words">What a child of this level needs.</param>
public sealed record Threshold(string Key, int Version, short Ordinal, string Name, string Words);

/// <summary>A local limit as it stands in the settings, with how fast a late one climbs.</summary>
public sealed record Setting(LocalLimit Limit, Duration Warn, Duration Climb);

/// <summary>
/// The bodies, areas, calendars, agreements and local limits, held in memory and read anew when any of them has changed:
/// every piece of work brings the count of changes with it, so what is used is never older than the work; and on a new day, for what was entered before to hold from that day on.
/// </summary>
public sealed class Bodies
{
    private Snapshot? _latest;

    public async ValueTask<Snapshot> For(Work work)
    {
        var latest = _latest;
        return latest?.Version == work.ReferenceVersion && latest.Day == WorkingCalendar.DateIn(work.Now) ? latest : _latest = await Read(work);
    }

    private static async Task<Snapshot> Read(Work work)
    {
        var agencies = await work.Ask<Agency>($"select id, key, name, kind, code, nation, has_heed from agency where during @> london_today()").ToListAsync();
        var teams = await work.Ask<Team>($"select id, key, agency_id, name, function, above_id, covered_by_id, opens, closes, telephone from team where during @> london_today()").ToListAsync();
        var areas = await work.Ask<AreaRow>($"select postcode, council_id from area where during @> london_today()").ToListAsync();
        var forces = await work.Ask<ForceRow>($"select force_id, council_id, lead from force_council where during @> london_today()").ToListAsync();
        var schools = await work.Ask<SchoolRow>($"select school_id, council_id from school_council").ToListAsync();
        var agreements = await work.Ask<Agreement>($"select key, version, name, from_kind, to_kind, report_kinds, discloses, basis, purpose, during from agreement").ToListAsync();
        var limits = await work.Ask<LimitRow>($"select key, version, name, words, unit, amount, warn_minutes, climb_minutes, office_close, lower(during) as since, upper(during) as until, agreed_by from local_limit").ToListAsync();
        var thresholds = await work.Ask<Threshold>($"select key, version, ordinal, name, words from threshold where during @> london_today()").ToListAsync();
        var arrangements = await work.Ask<SchoolArrangement>($"select s.school_id, s.reads_on_working_days, s.named_person, p.name from school_arrangement s left join practitioner p on p.id = s.named_person").ToListAsync();
        var years = await work.Ask<YearRow>($"""
            select y.school_id, y.starts, lower(y.during) as since, upper(y.during) as until,
                   array(select lower(t.during) from school_term t where t.school_year_id = y.id order by 1) as term_from,
                   array(select upper(t.during) from school_term t where t.school_year_id = y.id order by 1) as term_until,
                   array(select i.day from inset_day i where i.school_year_id = y.id) as inset
              from school_year y
            """).ToListAsync();
        var calendar = new WorkingCalendar();
        return new(work.ReferenceVersion, WorkingCalendar.DateIn(work.Now), calendar)
        {
            Agencies = agencies.ToDictionary(a => a.Id),
            Teams = teams.ToDictionary(t => t.Id),
            Areas = areas.ToDictionary(a => a.Postcode, a => a.CouncilId),
            Lead = forces.Where(f => f.Lead).ToDictionary(f => f.ForceId, f => f.CouncilId),
            CouncilOfSchool = schools.ToDictionary(s => s.SchoolId, s => s.CouncilId),
            SchoolByUrn = agencies.Where(a => a.Kind == "school" && a.Code is not null).ToDictionary(a => a.Code!, a => a.Id),
            Agreements = agreements,
            Arrangements = arrangements.ToDictionary(a => a.SchoolId),
            Thresholds = [.. thresholds.OrderBy(t => t.Ordinal)],
            Settings = limits.ToLookup(l => l.Key, l => l.AsSetting()),
            // Several years of one school make one calendar: known from the first day of the first to the last of the last that follows on.
            Schools = years.GroupBy(y => y.SchoolId).ToDictionary(g => g.Key, g => new SchoolCalendar(
                agencies.First(a => a.Id == g.Key).Name, calendar,
                g.SelectMany(y => y.TermFrom.Zip(y.TermUntil, (from, until) => new DateInterval(from, until.PlusDays(-1)))), g.SelectMany(y => y.Inset),
                g.Last().Starts, g.Min(y => y.Since), g.Max(y => y.Until).PlusDays(-1))),
        };
    }

    private sealed record AreaRow(string Postcode, Guid CouncilId);

    private sealed record ForceRow(Guid ForceId, Guid CouncilId, bool Lead);

    private sealed record SchoolRow(Guid SchoolId, Guid CouncilId);

    private sealed record YearRow(Guid SchoolId, LocalTime Starts, LocalDate Since, LocalDate Until, LocalDate[] TermFrom, LocalDate[] TermUntil, LocalDate[] Inset);

    private sealed record LimitRow(string Key, int Version, string Name, string Words, string Unit, int Amount, int WarnMinutes, int ClimbMinutes, LocalTime? OfficeClose, LocalDate? Since, LocalDate? Until, string AgreedBy)
    {
        public Setting AsSetting() => new(
            new(Key, Name, Words, Version, Unit switch { "minutes" => Heed.Statute.Unit.Minutes, "hours" => Heed.Statute.Unit.Hours, _ => Heed.Statute.Unit.WorkingDays }, Amount,
                WarnMinutes > 0 ? Warning.Before(Duration.FromMinutes(WarnMinutes)) : null, Since ?? LocalDate.MinIsoValue, Until?.PlusDays(-1), AgreedBy, OfficeClose),
            Duration.FromMinutes(WarnMinutes), Duration.FromMinutes(ClimbMinutes));
    }
}

/// <summary>Why Heed has no number: theirs is a council outside the partnership; whoever answers may be who the report is about; or it was given none.</summary>
public enum Unknown { Outside, WorksThere, NotGiven }

/// <param name="Team">Who is rung; where that is not known, who keeps the number or may be asked, if there is anybody.</param>
public sealed record Ring(string Agency, Team? Team, Unknown? Unknown);

/// <summary>What <see cref="Bodies"/> held at one count of changes.</summary>
public sealed partial class Snapshot(long version, LocalDate day, WorkingCalendar calendar)
{
    /// <summary>Any council outside this partnership: a body of the schema, that nothing can be sent to.</summary>
    public static readonly Guid Outside = new("00000000-0000-7000-8000-000000000003");

    public long Version { get; } = version;

    /// <summary>London: of what begins or ends on a day, this holds what stands on this one.</summary>
    public LocalDate Day { get; } = day;

    public WorkingCalendar Calendar { get; } = calendar;

    public required IReadOnlyDictionary<Guid, Agency> Agencies { get; init; }

    public required IReadOnlyDictionary<Guid, Team> Teams { get; init; }

    public required IReadOnlyDictionary<string, Guid> Areas { get; init; }

    public required IReadOnlyDictionary<Guid, Guid> Lead { get; init; }

    public required IReadOnlyDictionary<Guid, Guid> CouncilOfSchool { get; init; }

    public required IReadOnlyDictionary<string, Guid> SchoolByUrn { get; init; }

    public required IReadOnlyDictionary<Guid, SchoolCalendar> Schools { get; init; }

    public required IReadOnlyList<Agreement> Agreements { get; init; }

    private ILookup<(string From, string To), Agreement>? _between;

    public required IReadOnlyDictionary<Guid, SchoolArrangement> Arrangements { get; init; }

    /// <summary>Lowest need first.</summary>
    public required IReadOnlyList<Threshold> Thresholds { get; init; }

    public required ILookup<string, Setting> Settings { get; init; }

    /// <summary>A school by its number; where none is given, by its whole name, where one alone is called so: a child of another is told of to nobody here.</summary>
    public Guid? SchoolOf(string? urn, string? name) =>
        urn?.Trim() is { Length: > 0 } number && SchoolByUrn.TryGetValue(number, out var school) ? school
        : urn?.Trim() is { Length: > 0 } other && other.All(char.IsAsciiDigit) || Letters(name).Length == 0 ? null
        : Agencies.Values.Where(a => a.Kind == "school" && Letters(a.Name) == Letters(name)).Take(2).ToList() is [var one] ? one.Id : null;

    /// <summary>A name that begins as this body's does, or the other way round: enough to keep something from somebody, not to tell anybody.</summary>
    public bool MayBeCalled(Guid body, string? name) => (Letters(Agencies[body].Name), Letters(name)) is var (called, said) && said.Length >= 5 && (called.StartsWith(said, StringComparison.Ordinal) || said.StartsWith(called, StringComparison.Ordinal));

    private static string Letters(string? words) => string.Concat((words ?? "").Where(char.IsLetterOrDigit)).ToUpperInvariant();

    /// <summary>The council whose area a postcode lies in: the longest beginning that is known decides. Null where none fits.</summary>
    public Guid? CouncilAt(string? postcode)
    {
        if (postcode is null)
        {
            return null;
        }
        var letters = string.Concat(postcode.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
        for (var length = Math.Min(letters.Length, 8); length > 0; length--)
        {
            if (Areas.TryGetValue(letters[..length], out var council))
            {
                return council;
            }
        }
        return null;
    }

    /// <summary>"TS99" of a postcode that is well written and in nobody's area here. ZZ is no place: it stands for none, or none known.</summary>
    public string? Elsewhere(string? postcode) =>
        postcode is not null && CouncilAt(postcode) is null && Postcode().Match(string.Concat(postcode.Where(c => !char.IsWhiteSpace(c))).ToUpperInvariant()) is { Success: true } read ? read.Groups[1].Value : null;

    [GeneratedRegex("^((?!ZZ)[A-Z]{1,2}[0-9][A-Z0-9]?)[0-9][A-Z]{2}$")]
    private static partial Regex Postcode();

    public Team? TeamOf(Guid agency, params string[] functions) =>
        functions.Select(f => Teams.Values.FirstOrDefault(t => t.AgencyId == agency && t.Function == f)).FirstOrDefault(t => t is not null);

    /// <summary>Whom one rings to reach an agency at this moment: the team that was told or would have been, while it is closed whoever covers it.</summary>
    /// <param name="byHand">Heed itself may not tell them.</param>
    public Ring Ring(Guid agency, Guid? team, bool byHand, Instant at)
    {
        var body = Agencies[agency];
        if (agency == Outside)
        {
            return new(body.Name, null, Unknown.Outside);
        }
        if (byHand && body is { Kind: "school", HasHeed: true })
        {
            // Somebody of the report works there, and whoever answers may be that person.
            return new(body.Name, CouncilOfSchool.TryGetValue(agency, out var council) ? Answering(TeamOf(council, "front-door"), at) : null, Unknown.WorksThere);
        }
        return Answering(team is { } id ? Teams.GetValueOrDefault(id) : TeamOf(agency, "mash-desk", "front-door", "safeguarding", "response"), at) is { Telephone: not null } found
            ? new(body.Name, found, null)
            : new(body.Name, Teams.Values.FirstOrDefault(t => t.Function == "partnership"), Unknown.NotGiven);
    }

    private Team? Answering(Team? team, Instant at) => team is { CoveredById: { } cover } && !team.IsOpen(at, Calendar) ? Teams.GetValueOrDefault(cover) : team;

    /// <summary>The setting in force on this day, or none.</summary>
    public Setting? Setting(string key, Instant at) => Settings[key].FirstOrDefault(s => s.Limit.InForceOn(WorkingCalendar.DateIn(at)));

    public Agreement? AgreementFor(string fromKind, string toKind, string reportKind, Instant at) =>
        (_between ??= Agreements.ToLookup(a => (a.FromKind, a.ToKind)))[(fromKind, toKind)].FirstOrDefault(a => (a.ReportKinds is null || a.ReportKinds.Contains(reportKind))
            && (a.During.LowerBoundInfinite || a.During.LowerBound <= at) && (a.During.UpperBoundInfinite || a.During.UpperBound > at));
}
