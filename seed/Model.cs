using NodaTime;

namespace Heed.Seed;

/// <summary>A fictional partnership as it truly is, and what its agencies hold and say about it. Deterministic for one seed and one anchor day.</summary>
public sealed record Partnership(
    string Name,
    IReadOnlyList<Agency> Agencies,
    IReadOnlyList<Team> Teams,
    IReadOnlyList<Practitioner> Practitioners,
    IReadOnlyList<Shift> Shifts,
    IReadOnlyList<Absence> Absences,
    IReadOnlyList<SchoolYear> SchoolYears,
    IReadOnlyList<Area> Areas,
    IReadOnlyList<Household> Households,
    IReadOnlyList<Person> People,
    IReadOnlyList<Record> Records,
    IReadOnlyList<Barrier> Barriers,
    IReadOnlyList<Allocation> Allocations,
    IReadOnlyList<Sent> Week);

public enum AgencyKind { Police, Council, School, Health, Partnership }

/// <summary>Key: short, stable, used by everything that refers to it ("tees-valley-police", "norton-primary"). Code: ONS code of a force or council, URN of a school, ODS code of a health body.</summary>
public sealed record Agency(string Key, string Name, AgencyKind Kind, string Code, string Nation = "England", LocalDate? From = null, LocalDate? Until = null, string? FollowedBy = null, bool HasHeed = true);

/// <summary>
/// Function: front-door | out-of-hours | assessment | conference | response | mash-desk | child-abuse-investigation | safeguarding (a school's or hospital's) | duty-managers ...
/// Above: the team that a late clock climbs to. CoveredBy: who answers while this team is closed. Opens and closes: London times on working days; none means never closed.
/// Telephone: of the numbers that Ofcom keeps for invention.
/// </summary>
public sealed record Team(string Key, string Agency, string Name, string Function, string? Above, string? CoveredBy, LocalTime? Opens, LocalTime? Closes, string? Telephone = null);

/// <summary>Role: a key of the table role (Site/Schema/0006_roles.sql). Rank as the person would say it ("Sergeant", "Team manager").</summary>
public sealed record Practitioner(string Key, string Agency, string Name, string Role, string Rank, string Team, bool CanSignIn);

/// <summary>On duty for a team. Rung: 0 does the work, 1 the first a late clock climbs to, 2 the next.</summary>
public sealed record Shift(string Practitioner, string Team, int Rung, Instant From, Instant Until);

public sealed record Absence(string Practitioner, LocalDate From, LocalDate Until, string Why);

/// <summary>Days on which the school is open are the days of its terms, Monday to Friday, that are neither bank holidays, holidays nor inset days. Starts: when the school day begins, London.</summary>
public sealed record SchoolYear(string School, LocalDate From, LocalDate Until, LocalTime Starts, IReadOnlyList<DateInterval> Terms, IReadOnlyList<LocalDate> InsetDays);

/// <summary>A postcode district or sector and the council whose area it is ("TS20" or "TS18 4").</summary>
public sealed record Area(string Postcode, string Council);

public sealed record Address(string Line, string Locality, string Postcode, string? Uprn = null, bool Confidential = false);

public sealed record Household(string Key, Address Address, IReadOnlyList<string> Members, string Language = "English");

/// <summary>Truth: who somebody is. Expected is set, and Born is not, for an unborn child. Sex: F, M or U.</summary>
public sealed record Person(string Key, string Given, string Family, IReadOnlyList<string> AlsoKnownAs, LocalDate? Born, LocalDate? Expected, string Sex, string? Nhs, string? Upn, string? Pnc, string Household, string? School, IReadOnlyList<Tie> Ties)
{
    public bool IsChildOn(LocalDate day) => Born is not { } born || born.PlusYears(18) > day;
}

/// <summary>Kind: mother | father | sibling | twin | partner | former-partner | grandparent | step-parent. "To is my Kind."</summary>
public sealed record Tie(string Kind, string To);

/// <summary>What one agency holds about a person, as it spells it. Number: the agency's own record number. Tier: open | restricted | sealed, with why and who may read.</summary>
public sealed record Record(string Agency, string Number, string Person, string Given, string Family, IReadOnlyList<string> AlsoKnownAs, LocalDate? Born, LocalDate? Expected, string Sex, string? Nhs, string? Upn, string? Pnc, Address? Address, string? School, string Tier = "open", string? TierReason = null, IReadOnlyList<string>? Readers = null);

/// <summary>Two records that may never be linked (an adopted child's old and new identity).</summary>
public sealed record Barrier(string AgencyA, string NumberA, string AgencyB, string NumberB, string Reason);

/// <summary>An open case: whose child this is at a council since when.</summary>
public sealed record Allocation(string Person, string Council, string Practitioner, string Team, Instant From);

/// <summary>A report of the working week: Json is shaped as the API takes it. Then: what its recipient did with it, in order ("opened", "acknowledged", "decided:referral", "late-reason:..."), with who and when.</summary>
public sealed record Sent(string Agency, Instant ReceivedAt, string Json, IReadOnlyList<Deed> Then, IReadOnlyList<Deed>? AtSchools = null, IReadOnlyList<Mention>? Mentions = null);

/// <summary>The truth about one of the people in a report: their key in its JSON, and who that is.</summary>
public sealed record Mention(string Key, string Person);

public sealed record Deed(string Practitioner, string Council, string What, string? Words, Instant At);
