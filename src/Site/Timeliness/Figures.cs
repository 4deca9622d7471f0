using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Statute;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Timeliness;

/// <summary>How long tellings took, from the incident to the council, over what the reader may see: their own force's or council's flows, or the partnership's. Nothing about anybody.</summary>
public static class Figures
{
    /// <summary>By what the figures may be told apart, as the API has it.</summary>
    public static readonly IReadOnlyList<string> Dimensions = ["flow", "force", "council", "team", "shift", "grade", "kind", "channel"];

    public static readonly IReadOnlyList<int> Periods = [28, 91, 182, 364];

    /// <param name="Median">In hours, as P90 and Longest: of what has arrived and, until now, of what has not.</param>
    /// <param name="OnTime">Here within the limit; ByClaim: claimed within it and here later; Late: neither. What remains of N is not here and not due.</param>
    /// <param name="Unsent">Not here yet; OldestUnsent: since when, in hours.</param>
    /// <param name="Name">What it was told apart by: "force to council" for a flow; null where that is not known.</param>
    /// <param name="Force">With by=flow alone.</param>
    /// <param name="Council">With by=flow alone.</param>
    /// <param name="N">How many incidents, what has not arrived included.</param>
    /// <param name="P90">In hours: nine in ten took no longer.</param>
    /// <param name="Longest">In hours.</param>
    /// <param name="ByClaim">By the sender's own claim within the limit, and here after it.</param>
    /// <param name="Late">Neither here nor claimed within the limit.</param>
    /// <param name="OldestUnsent">In hours since that incident.</param>
    /// <param name="Dismissed">Said by the force to have been nothing to tell of: beside N, and in none of the figures.</param>
    public sealed record Line(string? Name, Guid? Force, Guid? Council, int N, double Median, double P90, double Longest, int OnTime, int ByClaim, int Late, int Unsent, double? OldestUnsent, int Dismissed);

    public sealed record Week(LocalDate Monday, int N, double Median, double P90, double Longest, double? MedianHigh, double? MedianLow, int Unsent, int? Further);

    /// <summary>From the incident; where the partnership has set no limit of its own, a day.</summary>
    public static Duration Limit(Snapshot bodies, Instant now) =>
        bodies.Setting(Notification.LocalAuthority.Key, now) is { Limit: { Unit: Statute.Unit.Hours, Amount: var hours } } ? Duration.FromHours(hours) : Duration.FromHours(24);

    public static async Task<IReadOnlyList<Line>> Read(string by, int days, Duration limit, Work work, CancellationToken stop = default)
    {
        var (since, hours) = (work.Now - Duration.FromDays(days), limit.TotalHours);
        return await work.Ask<Line>($"""
            with told as (
                select d.*, extract(epoch from coalesce(d.received_at, {work.Now}) - d.occurred_at)::float8 / 3600 as waited, extract(epoch from d.claimed_at - d.occurred_at)::float8 / 3600 as claimed,
                       case {by} when 'flow' then f.name || ' to ' || c.name when 'force' then f.name when 'council' then c.name when 'team' then d.team when 'shift' then d.shift when 'grade' then d.grade when 'kind' then d.kind else d.channel end as name
                  from delay d join agency f on f.id = d.force_id join agency c on c.id = d.council_id where d.occurred_at >= {since} and (not d.left_out or d.dismissed))
            select name, case when {by} = 'flow' then force_id end as force, case when {by} = 'flow' then council_id end as council, count(*) filter (where not dismissed)::int as n,
                   coalesce(percentile_cont(0.5) within group (order by waited) filter (where not dismissed), 0) as median, coalesce(percentile_cont(0.9) within group (order by waited) filter (where not dismissed), 0) as p90, coalesce(max(waited) filter (where not dismissed), 0) as longest,
                   (count(*) filter (where not dismissed and waited <= {hours} and received_at is not null))::int as on_time,
                   (count(*) filter (where not dismissed and waited > {hours} and claimed <= {hours}))::int as by_claim, (count(*) filter (where not dismissed and (waited > {hours} and claimed is null or waited > {hours} and claimed > {hours})))::int as late,
                   (count(*) filter (where not dismissed and received_at is null))::int as unsent, max(waited) filter (where not dismissed and received_at is null) as oldest_unsent, (count(*) filter (where dismissed))::int as dismissed
              from told group by 1, 2, 3 order by 5 desc, 1
            """).ToListAsync(stop);
    }

    public static async Task<IReadOnlyList<Week>> Weeks(Flow flow, int days, Work work, CancellationToken stop = default) => await work.Ask<Week>($"""
        select date_trunc('week', d.occurred_at at time zone 'Europe/London')::date as monday, count(*)::int as n, percentile_cont(0.5) within group (order by w.waited) as median, percentile_cont(0.9) within group (order by w.waited) as p90, max(w.waited) as longest,
               percentile_cont(0.5) within group (order by w.waited) filter (where d.grade = 'high') as median_high, percentile_cont(0.5) within group (order by w.waited) filter (where d.grade is distinct from 'high') as median_low,
               (count(*) filter (where d.received_at is null))::int as unsent, (round(100.0 * count(*) filter (where d.further) / nullif(count(d.further), 0)))::int as further
          from delay d cross join lateral (select extract(epoch from coalesce(d.received_at, {work.Now}) - d.occurred_at)::float8 / 3600 as waited) w
         where d.force_id = {flow.Force} and d.council_id = {flow.Council} and d.occurred_at >= {work.Now - Duration.FromDays(days)} and not d.left_out group by 1 order by 1 desc
        """).ToListAsync(stop);

    /// <summary>How a flow stands: as many incidents of the last year, and a number that another is put in place of by each that comes, changes or goes.</summary>
    public sealed record Standing(Guid ForceId, Guid CouncilId, long N, long Rows)
    {
        public Flow Flow => new(ForceId, CouncilId);
    }

    /// <summary>Each flow that the reader may see.</summary>
    public static async Task<IReadOnlyList<Standing>> Stand(Work work, CancellationToken stop = default) => await work.Ask<Standing>($"""
        select force_id, council_id, count(*) as n, bit_xor(uuid_hash_extended(id, xmin::text::bigint)) as rows from delay where occurred_at >= {Year(work)} and not left_out group by 1, 2
        """).ToListAsync(stop);

    /// <summary>All of the last year of these, where the reader may see them.</summary>
    public static async Task<IReadOnlyList<(Flow Flow, IReadOnlyList<Passage> Passages)>> Passages(Work work, Flow[] of, CancellationToken stop = default) =>
        [.. (await work.Ask<Row>($"""
            select force_id, council_id, coalesce(report_id, incident_id, id) as id, occurred_at, received_at, coalesce(grade = 'high', false) as high, claimed_at, further, content
              from unnest({of.Select(f => f.Force).ToArray()}, {of.Select(f => f.Council).ToArray()}) f(force_id, council_id) join delay using (force_id, council_id) where occurred_at >= {Year(work)} and not left_out
            """).ToListAsync(stop)).GroupBy(r => new Flow(r.ForceId, r.CouncilId)).Select(g => (g.Key, (IReadOnlyList<Passage>)[.. g.Select(r => new Passage(r.Id, r.OccurredAt, r.ReceivedAt, r.High, r.ClaimedAt, r.Further, r.Content))]))];

    /// <summary>Whole days, so that the year does not move on from one look to the next.</summary>
    private static Instant Year(Work work) => WorkingCalendar.DateIn(work.Now).PlusDays(-364).AtStartOfDayInZone(WorkingCalendar.London).ToInstant();

    private sealed record Row(Guid ForceId, Guid CouncilId, Guid Id, Instant OccurredAt, Instant? ReceivedAt, bool High, Instant? ClaimedAt, bool? Further, short? Content);
}
