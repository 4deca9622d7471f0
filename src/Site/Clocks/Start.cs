using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Statute;
using NodaTime;

namespace Heed.Site.Clocks;

/// <summary>A clock about to start: its limit, from which moment it counts, whose it is.</summary>
public sealed record NewClock(
    string LimitKey, int? LimitVersion, string Words, Guid Agency, Guid Team, Anchor Anchor, Instant AnchorAt, Instant WarnAt, Instant DueAt, Duration Climb, Guid? Notice = null, Guid? Contact = null, Instant? StoppedAt = null, Guid? HeldFor = null, bool Urgent = false)
{
    public Guid Id { get; } = Ids.Next();

    public string State => StoppedAt is not { } stopped ? "running" : stopped > DueAt ? "met-late" : "met";
}

/// <summary>The clocks that a notice starts. National limits are the law's own values; local ones are settings, and where there is no setting there is no clock.</summary>
public static class Start
{
    public const string Acknowledge = "notice.acknowledge";
    public const string SchoolReads = "school.notice-read";
    public const string Telephone = "notification.by-telephone";
    public const string Undelivered = "exchange.undelivered";
    public const string NotReached = "exchange.not-reached";
    public const string ChildQuestion = "incident.child-question";
    public const string Untold = "incident.not-told";
    public const string Stuck = "operation.stuck";

    private static readonly Duration SlowestClimb = Duration.FromHours(4);

    /// <summary>"Within one working day": from when the council received it, per child.</summary>
    public static NewClock Decision(Snapshot bodies, Guid council, Guid team, Instant received)
    {
        var limit = bodies.Agencies[council].Nation == "Wales" ? Referral.DecisionInWales : Referral.Decision;
        return National(limit, limit.DueAt(received, bodies.Calendar), bodies, council, team, received);
    }

    /// <summary>The assessment that a referral begins: from when the council received the referral. Wales counts from the start of section 47 enquiries instead, so none starts here.</summary>
    public static NewClock? Assessment(Snapshot bodies, Guid council, Guid team, Instant received) =>
        bodies.Agencies[council].Nation == "Wales" ? null : National(Referral.Assessment, Referral.Assessment.DueAt(received, bodies.Calendar), bodies, council, team, received);

    /// <summary>The partnership's own triage: red, amber or green, each with its hours from when the notice was received. None where it has no such scheme.</summary>
    public static NewClock? Triage(Snapshot bodies, Guid council, Guid team, string colour, Instant received) => Local(TriageKey(colour), bodies, council, team, received);

    public static string TriageKey(string colour) => $"triage.{colour}";

    /// <summary>A named person accepts responsibility for the notice: a local limit.</summary>
    public static NewClock? Acknowledgement(Snapshot bodies, Guid agency, Guid team, Instant received, bool urgent = false) =>
        Local(Acknowledge, bodies, agency, team, received) is { } clock ? clock with { Urgent = urgent } : null;

    /// <summary>The school has read it before its next day starts; where nobody has entered the school's days, within the hours set locally.</summary>
    public static NewClock? Reading(Snapshot bodies, Guid school, Guid team, Instant received) =>
        NextReading(bodies, school, received) is { } starts && bodies.Setting(SchoolReads, received) is { } setting
            ? Of(setting.Limit, starts, setting, school, team, received)
            : Local(SchoolReads, bodies, school, team, received);

    /// <summary>The sender's own desk tells by telephone whom Heed cannot tell: a local limit.</summary>
    public static NewClock? ByTelephone(Snapshot bodies, Guid sender, Guid team, string whom, Instant received) =>
        Local(Telephone, bodies, sender, team, received) is { } clock ? clock with { Words = $"Telephone: {whom}" } : null;

    /// <summary>What could not be delivered: a local limit for whom it was meant for (<see cref="Undelivered"/>), another for who sent it (<see cref="NotReached"/>).</summary>
    public static NewClock? Exchange(string key, string words, Snapshot bodies, Guid agency, Guid team, Instant known) =>
        Local(key, bodies, agency, team, known) is { } clock ? clock with { Words = words } : null;

    /// <summary>An incident that nobody was told of: to tell now, or to say whether a child was there. Local limits, from when the force's log and its reports were held against each other.</summary>
    public static NewClock? Silence(string key, Snapshot bodies, Guid force, Guid team, Instant found) => Local(key, bodies, force, team, found);

    /// <summary>Work of the program that failed at its last attempt: a local limit.</summary>
    public static NewClock? StuckWork(string words, Snapshot bodies, Guid agency, Guid team, Instant found) =>
        Local(Stuck, bodies, agency, team, found) is { } clock ? clock with { Words = words } : null;

    /// <summary>Somebody else looks at what was opened in an emergency: a local limit.</summary>
    public static NewClock? Review(Snapshot bodies, Guid agency, Guid team, Instant opened) =>
        Local(EmergencyAccess.Review.Key, bodies, agency, team, opened) is { } clock ? clock with { Anchor = Anchor.Began } : null;

    /// <summary>The force's own promise to the council, from the incident: stopped as it starts where the council has it now.</summary>
    public static NewClock? CouncilTold(Snapshot bodies, Guid force, Guid team, Instant occurred, Instant? told) =>
        Local(Notification.LocalAuthority.Key, bodies, force, team, occurred) is { } clock ? clock with { Anchor = Anchor.Occurred, StoppedAt = told } : null;

    /// <summary>The force's duty to the school, from when it knew: before the school's next day. None where the school's days are not known.</summary>
    public static NewClock? SchoolTold(Snapshot bodies, Guid force, Guid team, Guid school, Instant known, Instant? told) =>
        Next(bodies, school, days => days.NextSchoolDay(known)) is { } starts ? National(Notification.School, starts, bodies, force, team, known) with { StoppedAt = told } : null;

    /// <summary>As the school has arranged it: on its school days, or on every working day.</summary>
    private static Instant? NextReading(Snapshot bodies, Guid school, Instant after) =>
        Next(bodies, school, days => bodies.Arrangements.TryGetValue(school, out var arranged) && arranged.ReadsOnWorkingDays ? days.NextWorkingDay(after) : days.NextSchoolDay(after));

    private static Instant? Next(Snapshot bodies, Guid school, Func<SchoolCalendar, Instant> when)
    {
        try
        {
            return bodies.Schools.TryGetValue(school, out var days) ? when(days) : null;
        }
        catch (CalendarRunsOut)
        {
            return null;
        }
    }

    private static NewClock National(Limit limit, Instant due, Snapshot bodies, Guid agency, Guid team, Instant anchor)
    {
        var pace = bodies.Setting(limit.Key, anchor);
        return new(limit.Key, null, limit.Name, agency, team, limit.Anchor, anchor, Instant.Max(anchor, due - (pace?.Warn ?? Duration.FromHours(2))), Instant.Max(due, anchor), pace?.Climb ?? SlowestClimb);
    }

    private static NewClock? Local(string key, Snapshot bodies, Guid agency, Guid team, Instant anchor) =>
        bodies.Setting(key, anchor) is { } setting ? Of(setting.Limit, setting.Limit.DueAt(anchor, bodies.Calendar), setting, agency, team, anchor) : null;

    private static NewClock Of(LocalLimit limit, Instant due, Setting setting, Guid agency, Guid team, Instant anchor) =>
        new(limit.Key, limit.Version, limit.Name, agency, team, Anchor.Received, anchor, Instant.Max(anchor, due - setting.Warn), due, setting.Climb);
}
