using Heed.Plumbing;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Exchange;

/// <summary>What an agency must know, waiting for its own system: claimed under a lease, acknowledged once it is safe there. Two who claim at once never share an item.</summary>
public static class Mailbox
{
    public const int Most = 100;

    /// <summary>Something that waits. Where to read what it tells of: a notice by its id, an outcome by its report's, a task at /exchange, an emergency at /emergency-access.</summary>
    /// <param name="Kind">notice, correction, withdrawal, outcome, task or emergency.</param>
    /// <param name="Subject">The id of what it tells of.</param>
    /// <param name="Since">Since when it waits.</param>
    /// <param name="State">waiting, leased, acknowledged or withdrawn.</param>
    /// <param name="Until">When the lease runs out, and others may claim it.</param>
    /// <param name="Report">The report that it is about; null for an emergency.</param>
    /// <param name="Urgent">It is collected before the others.</param>
    /// <param name="Lease">Of whoever claimed it last; they may still acknowledge it after it ran out.</param>
    /// <param name="AcknowledgedAt">When the agency's system said that it has it safe.</param>
    public sealed record Item(Guid Id, string Kind, Guid Subject, Guid? Report, bool Urgent, Instant Since, string State, Guid? Lease, Instant? Until, Instant? AcknowledgedAt);

    /// <param name="Lease">Names the claim; null where nothing waits.</param>
    /// <param name="Until">When it runs out.</param>
    /// <param name="Items">Urgent ones first, then the oldest.</param>
    public sealed record Claimed(Guid? Lease, Instant? Until, IReadOnlyList<Item> Items);

    /// <param name="Most">1 to 100; 20 where absent.</param>
    /// <param name="LeaseSeconds">10 to 3,600; 300 where absent.</param>
    public sealed record ClaimIn(int? Most, int? LeaseSeconds);

    public static async Task<(Claimed?, Refusal?)> Claim(ClaimIn ask, Work work)
    {
        if ((ask.Most ?? 20) is not (>= 1 and <= Most) || Wrong(ask.LeaseSeconds))
        {
            return (null, work.Refuse(ask.Most is null or (>= 1 and <= Most) ? "leaseSeconds" : "most", $"A claim is for 1 to {Most} items and a lease for 10 to 3,600 seconds"));
        }
        var (lease, until) = (Ids.Next(), work.Now + Duration.FromSeconds(ask.LeaseSeconds ?? 300));
        await work.Do($"insert into mailbox (agency_id) values ({work.Actor.Agency}) on conflict do nothing");
        await work.Do($"""
            update mailbox_item set state = 'waiting' where id in (
                select id from mailbox_item where agency_id = {work.Actor.Agency} and state = 'leased' and leased_until < {work.Now} for update skip locked)
            """);
        var items = await work.Ask<Item>($"""
            with next as materialized (select id from mailbox_item where agency_id = {work.Actor.Agency} and state = 'waiting' order by urgent desc, since, id limit {ask.Most ?? 20} for update skip locked)
            update mailbox_item set state = 'leased', lease_id = {lease}, leased_by = {work.Actor.Id}, leased_until = {until}, collected_at = coalesce(collected_at, {work.Now}) where id in (select id from next)
            returning id, kind, subject_id as subject, report_id as report, urgent, since, state, lease_id as lease, leased_until as until, acknowledged_at
            """).ToListAsync();
        if (items.Where(i => i.Kind is not ("outcome" or "task" or "emergency")).Select(i => i.Subject).ToArray() is { Length: > 0 } notices)
        {
            await work.Do($"update notice set delivered_at = {work.Now} where id = any ({notices}) and delivered_at is null");
            foreach (var item in items)
            {
                work.Wakes($"report:{item.Report}");
            }
        }
        return (items.Count == 0 ? new(null, null, []) : new(lease, until, [.. items.OrderByDescending(i => i.Urgent).ThenBy(i => i.Since).ThenBy(i => i.Id)]), null);
    }

    /// <summary>All that stands under a lease and has not run out is held longer.</summary>
    public static async Task<(Instant?, Refusal?)> Renew(Guid lease, int? seconds, Work work)
    {
        if (Wrong(seconds))
        {
            return (null, work.Refuse("leaseSeconds", "A lease is for 10 to 3,600 seconds"));
        }
        var until = work.Now + Duration.FromSeconds(seconds ?? 300);
        return await work.Do($"update mailbox_item set leased_until = {until} where agency_id = {work.Actor.Agency} and state = 'leased' and lease_id = {lease} and leased_until >= {work.Now}") == 0
            ? (null, work.NotFound(lease))
            : (until, null);
    }

    /// <summary>It is safe in the agency's own system. That a person accepts responsibility is another thing, and theirs to say: Notices/Acknowledge.</summary>
    public static async Task<Refusal?> Acknowledge(Guid item, Guid lease, Work work)
    {
        // Writes on a repetition too, so that its commit waits where the first one's did (R1).
        if (await work.Do($"update mailbox_item set state = 'acknowledged', acknowledged_at = coalesce(acknowledged_at, {work.Now}) where id = {item} and agency_id = {work.Actor.Agency} and lease_id = {lease}") == 1)
        {
            work.Wakes(Jobs.Topic);
            return null;
        }
        return await work.One<bool>($"select exists (select 1 from mailbox_item where id = {item} and agency_id = {work.Actor.Agency})")
            ? work.Refuse("lease", "This item is not under that lease: only whoever claimed it last may acknowledge it", kind: No.Conflict)
            : work.NotFound(item);
    }

    /// <param name="State">waiting, leased, or acknowledged: of the last week, which is all that a page needs.</param>
    /// <param name="Oldest">Since when the oldest of this state is there.</param>
    /// <param name="Items">How many.</param>
    /// <param name="Urgent">How many of them are urgent.</param>
    public sealed record Pile(string State, int Items, int Urgent, Instant? Oldest);

    public static async Task<IReadOnlyList<Pile>> Piles(Work work) => await work.Ask<Pile>($"""
        with mine as (
            select case when leased_until < {work.Now} then 'waiting' else state end as state, urgent, since from mailbox_item where agency_id = {work.Actor.Agency} and state = 'leased'
            union all select state, urgent, since from mailbox_item where agency_id = {work.Actor.Agency} and state = 'waiting'
            union all select state, urgent, since from mailbox_item where agency_id = {work.Actor.Agency} and state = 'acknowledged' and since > {work.Now - Duration.FromDays(7)})
        select s.state, count(m.state)::int as items, count(m.state) filter (where m.urgent)::int as urgent, min(m.since) as oldest
          from unnest(array['waiting', 'leased', 'acknowledged']) with ordinality s(state, o) left join mine m on m.state = s.state group by s.state, s.o order by s.o
        """).ToListAsync();

    public static async Task<IReadOnlyList<Item>> List(Work work, string? state, int page) => await work.Ask<Item>($"""
        select id, kind, subject_id as subject, report_id as report, urgent, since, state, lease_id as lease, leased_until as until, acknowledged_at
          from mailbox_item where agency_id = {work.Actor.Agency} and ({state}::text is null or state = {state}) order by since desc, id limit {Most} offset {(Math.Max(page, 1) - 1L) * Most}
        """).ToListAsync();

    private static bool Wrong(int? seconds) => seconds is < 10 or > 3600;
}
