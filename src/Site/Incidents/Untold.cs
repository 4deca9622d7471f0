using Heed.Plumbing;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Incidents;

/// <summary>What nobody was told of: open first, the oldest incident first; then what was closed in the last 35 days.</summary>
public static class Untold
{
    public const int Most = 200;

    /// <param name="Reference">The force's own; null for whom it did not tell.</param>
    /// <param name="Force">Whose log it stands in.</param>
    /// <param name="Kind">Of the incident, in the words of the log's list; null for whom it was not told.</param>
    /// <param name="Council">In whose area; null for whom it was not told.</param>
    /// <param name="Asks">tell: a child was there. question: there are signs of one.</param>
    /// <param name="Why">What was seen of a child.</param>
    /// <param name="State">open, late-after-all, same-report, dismissed or no-child.</param>
    /// <param name="ToldAt">When a report came after all.</param>
    /// <param name="FoundAt">When the log and the reports were held against each other.</param>
    /// <param name="DueAt">Of the open clock; a force's own to see.</param>
    /// <param name="InAll">How many there are; at most 200 are given.</param>
    public sealed record Line(Guid Id, string Force, string? Reference, string? Kind, string? Council, Instant OccurredAt, string? Grade, string Asks, string[] Why, string State, Instant? ToldAt, Instant FoundAt, Instant? DueAt, Guid? Clock, int InAll);

    public sealed record Said(Instant At, string By, string What, string Reason);

    /// <param name="Report">In Heed; Certainty and How say why it may be the one.</param>
    public sealed record Maybe(Guid Report, string Reference, string Kind, Instant OccurredAt, Instant ReceivedAt, string Certainty, string How);

    public sealed record Whole(Guid Id, Guid IncidentId, string Reference, int Version, string Kind, string? Council, string? School, Instant OccurredAt, Instant? AttendedAt, Instant? RecordedAt, Instant? ClaimedAt, string? Grade, bool? Child, bool? Pregnant, string? Team, string? Shift,
        string? Address, string? Postcode, string[] People, string Asks, string[] Why, string State, Instant FoundAt, Instant? ToldAt, Guid? ReportId, Instant? ClosedAt);

    /// <summary>A force sees its own; a council or a school what <c>untold_to_me</c> lets it know.</summary>
    public static async Task<IReadOnlyList<Line>> Read(Work work, CancellationToken stop = default) => work.Actor.AgencyKind == "police"
        ? await work.Ask<Line>($"""
            select u.id, a.name as force, u.reference, i.kind, c.name as council, i.occurred_at, i.grade, u.asks, u.why, u.state, u.told_at, u.found_at, k.due_at, k.id as clock, (count(*) over ())::int as in_all
              from untold u join incident i on i.id = u.incident_id join agency a on a.id = u.agency_id left join agency c on c.id = i.council_id
              left join lateral (select id, due_at from clock where untold_id = u.id and state in ('running', 'warned', 'breached') order by due_at limit 1) k on true
             where u.state = 'open' or u.closed_at > {work.Now - Duration.FromDays(35)}
             order by u.state <> 'open', u.asks = 'question', i.occurred_at, u.id limit {Most}
            """).ToListAsync(stop)
        : await work.Ask<Line>($"""
            select u.id, u.force, null::text as reference, null::text as kind, null::text as council, u.occurred_at, u.grade, u.asks, array[]::text[] as why, u.state, u.told_at, u.found_at, null::timestamptz as due_at, null::uuid as clock, (count(*) over ())::int as in_all
              from untold_to_me() u where u.state = 'open' or u.found_at > {work.Now - Duration.FromDays(35)} order by u.state <> 'open', u.occurred_at, u.id limit {Most}
            """).ToListAsync(stop);

    public static Task<Whole?> One(Guid id, Work work, CancellationToken stop = default) => work.Ask<Whole>($"""
        select u.id, i.id as incident_id, i.reference, i.version, i.kind, c.name as council, s.name as school, i.occurred_at, i.attended_at, i.recorded_at, i.told_at as claimed_at, i.grade, i.child, i.pregnant, i.team, i.shift, i.address, i.postcode,
               array(select p.role || ' ' || p.number from incident_person p where p.incident_id = i.id order by p.ordinal) as people, u.asks, u.why, u.state, u.found_at, u.told_at, u.report_id, u.closed_at
          from untold u join incident i on i.id = u.incident_id left join agency c on c.id = i.council_id left join agency s on s.id = i.school_id where u.id = {id}
        """).FirstOrDefaultAsync(stop);

    public static async Task<IReadOnlyList<Said>> Answers(Guid id, Work work, CancellationToken stop = default) =>
        await work.Ask<Said>($"select x.at, p.name as by, x.what, x.reason from untold_answer x join practitioner p on p.id = x.by where x.untold_id = {id} order by x.id").ToListAsync(stop);

    public static async Task<IReadOnlyList<Maybe>> Reports(Guid incident, Work work, CancellationToken stop = default) => await work.Ask<Maybe>($"""
        select r.id as report, r.reference, r.kind, lower(r.occurred) as occurred_at, r.received_at, x.certainty, x.how from incident_report x join report r on r.id = x.report_id where x.incident_id = {incident} order by x.certainty, r.received_at
        """).ToListAsync(stop);
}
