using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Site.Clocks;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Exchange;

/// <summary>What a machine could not deliver is a named person's to see to, on both sides, with a clock that climbs like any other. No state of a machine is the end of it.</summary>
public sealed class Undelivered(Works works, Bodies known, ILogger<Undelivered> log) : Standing
{
    public const string Collect = "exchange.collect";
    public const string ArrivedJob = "exchange.arrived";
    private const int AtOnce = 200;

    /// <param name="Outcome">It tells what was decided on a report; else it tells of a notice, or where there is none, of a record that was opened in an emergency.</param>
    /// <param name="Other">The clock's words.</param>
    /// <param name="Mine">It was meant for this agency; else this agency sent it.</param>
    /// <param name="Recipient">The agency that it was meant for, and its team where one was told.</param>
    public sealed record Line(Guid Id, string Why, bool Outcome, Guid? Report, Guid? Notice, string Other, bool Mine, Guid Recipient, Guid? Team, Instant At, Guid Clock, Instant DueAt, string? Person);

    protected override Task Run(CancellationToken stop) => Rounds(5, "Looking for what nobody collects", Round, log, stop);

    /// <summary>What agencies' systems have not acknowledged within the local limit. Answers how many items were minded.</summary>
    public Task<int> Round(CancellationToken stop = default) => works.AsWorker("Minding what is not collected", async work =>
    {
        var bodies = await known.For(work);
        if (bodies.Setting(Collect, work.Now) is not { } setting)
        {
            return 0;
        }
        var oldest = await work.Ask<Uncollected>($"""
            select i.id, greatest(i.since, b.collects_since) as since
              from mailbox b cross join lateral (select * from mailbox_item x where x.agency_id = b.agency_id and x.state in ('waiting', 'leased') and x.minded_at is null and x.kind <> 'task' order by x.since limit {AtOnce}) i
            """).ToListAsync(stop);
        var late = oldest.Where(i => setting.Limit.DueAt(i.Since, bodies.Calendar) <= work.Now).Select(i => i.Id).ToArray();
        // Another program may be minding the same ones: each is whoever's writes it first.
        var mine = await work.Ask<Minded>($"""
            with mine as (select id from mailbox_item where id = any ({late}) and state in ('waiting', 'leased') and minded_at is null order by id for update)
            update mailbox_item i set minded_at = {work.Now} from mine m join mailbox_item x on x.id = m.id left join notice n on n.id = x.notice_id where i.id = m.id returning i.id, n.acknowledged_at is not null and i.kind <> 'outcome' as accepted
            """).ToListAsync(stop);
        await Open([.. mine.Where(i => !i.Accepted).Select(i => i.Id)], "uncollected", work, known);
        return mine.Count;
    }, stop);

    private sealed record Uncollected(Guid Id, Instant Since);

    private sealed record Minded(Guid Id, bool Accepted);

    /// <summary>A task for each side of each of these items that still wait: the lock keeps out whoever acknowledges one in this moment, so that no task is left behind.</summary>
    public static async Task Open(Guid[] items, string why, Work work, Bodies known)
    {
        var bodies = await known.For(work);
        var parties = await work.Ask<Parties>($"""
            select i.id, i.kind, i.notice_id, i.report_id, case when i.kind = 'outcome' then i.subject_id end as contact, i.agency_id as recipient, i.team_id as recipient_team, case when i.kind = 'outcome' then n.to_agency else n.from_agency end as sender, case when i.kind = 'outcome' then n.to_team end as sender_team, n.acknowledged_at is not null and i.kind <> 'outcome' as accepted
              from mailbox_item i left join notice n on n.id = i.notice_id where i.id = any ({items}) and i.kind <> 'task' and i.state in ('waiting', 'leased') order by i.id for update of i
            """).ToListAsync();
        foreach (var item in parties)
        {
            await Owe(item, item.Recipient, item.RecipientTeam, Start.Undelivered, "Your system did not get what waits for you: see to it", why, bodies, work);
            if (item.Accepted || item.Sender is not { } sender)
            {
                // Somebody there has it, or nobody sent it: that their system was not told is theirs alone to see to.
                continue;
            }
            await Owe(item, sender, item.SenderTeam, Start.NotReached, $"Not reached by what you sent: {bodies.Agencies[item.Recipient].Name}. Telephone them", why, bodies, work);
        }
    }

    /// <summary>Whoever has seen to an item already owes nothing more for it, in however many ways it fails afterwards.</summary>
    private static async Task Owe(Parties item, Guid agency, Guid? team, string limit, string words, string why, Snapshot bodies, Work work)
    {
        var id = Ids.Next();
        if ((team ?? bodies.TeamOf(agency, "mash-desk", "front-door", "safeguarding", "response")?.Id) is not { } whose || await work.Do($"""
            insert into undelivered (id, item_id, agency_id, recipient, notice_id, contact_id, why) select {id}, {item.Id}, {agency}, {item.Recipient}, {item.NoticeId}, {item.Contact}, {why}
             where not exists (select 1 from undelivered where item_id = {item.Id} and agency_id = {agency} and done_at is not null) on conflict do nothing
            """) == 0)
        {
            return;
        }
        await work.Do($"insert into mailbox_item (id, agency_id, kind, subject_id, notice_id, report_id, team_id, urgent) values ({Ids.Next()}, {agency}, 'task', {id}, {item.NoticeId}, {item.ReportId}, {whose}, true)");
        if (Start.Exchange(limit, words, bodies, agency, whose, work.Now) is { } clock)
        {
            // On duty, nearest first, and somebody who may settle it.
            await Begin.Handle(work, clock with { Notice = item.NoticeId, Contact = item.Contact }, item.ReportId);
            await work.Do($"""
                update clock set practitioner_id = (
                    select w.id from (select d.practitioner_id as id, d.rung::bigint as place from on_duty({whose}, 0, {work.Now}) d union all select l.id, 100 + l.place from unnest(ladder({whose}, {work.Now})) with ordinality l(id, place)) w
                     where exists (select 1 from post p join role r on r.key = p.role where p.practitioner_id = w.id and p.during @> {work.Now} and 'exchange.settle' = any (r.permits)) order by w.place limit 1)
                 where id = {clock.Id}
                """);
            // It may have failed in another way before: one clock runs for all of them.
            await work.Do($"""
                update undelivered u set clock_id = coalesce((select id from clock where id = {clock.Id}),
                       (select o.clock_id from undelivered o where o.item_id = u.item_id and o.agency_id = u.agency_id and o.id <> u.id order by o.at limit 1)) where u.id = {id}
                """);
            work.Wakes($"team:{whose}");
        }
    }

    private sealed record Parties(Guid Id, string Kind, Guid? NoticeId, Guid? ReportId, Guid? Contact, Guid Recipient, Guid? RecipientTeam, Guid? Sender, Guid? SenderTeam, bool Accepted);

    /// <summary>It was acknowledged after all, or withdrawn: the tasks of both sides are done. What was withdrawn has its clocks cancelled by what follows a correction; the others stop here.</summary>
    public static async Task Arrived(Guid[] items, Work work, CancellationToken stop)
    {
        foreach (var clock in await work.Ask<Guid>($"select u.clock_id as \"Value\" from undelivered u join mailbox_item i on i.id = u.item_id where i.id = any ({items}) and i.state <> 'withdrawn' and u.done_at is null and u.clock_id is not null").ToListAsync(stop))
        {
            await Stop.Met(work, clock);
        }
        await work.Do($"update undelivered set done_at = {work.Now}, done_by = {work.Actor.Id} where item_id = any ({items}) and done_at is null", stop);
    }

    private sealed record Timed(Guid? ClockId);

    /// <summary>A person has seen to it in another way, and says how.</summary>
    public static async Task<Refusal?> Settle(Guid id, string? words, Work work)
    {
        if (await work.Ask<Timed>($"select clock_id from undelivered where id = {id} and agency_id = {work.Actor.Agency}").SingleOrDefaultAsync() is not { } task)
        {
            return work.NotFound(id);
        }
        if (!words.Says())
        {
            return work.Refuse("words", "Say in up to 2,000 characters what you did instead: whom you told, and how");
        }
        // One item may have failed in several ways; what was done settles them all.
        if (await work.Do($"""
            update undelivered set done_at = {work.Now}, done_by = {work.Actor.Id}, words = {words.Trim()} where agency_id = {work.Actor.Agency} and done_at is null and item_id = (select item_id from undelivered where id = {id})
            """) == 0)
        {
            return work.Refuse("words", "Somebody has seen to this already", kind: No.Conflict);
        }
        if (task.ClockId is { } clock)
        {
            await Stop.Met(work, clock);
        }
        return null;
    }

    public static async Task<IReadOnlyList<Line>> Mine(Work work) => await work.Ask<Line>($"""
        select * from (
            select distinct on (c.id) u.id, u.why, u.contact_id is not null as outcome, c.report_id as report, u.notice_id as notice, c.words as other, u.recipient = u.agency_id as mine, u.recipient, case when u.contact_id is null then n.to_team end as team, u.at, c.id as clock, c.due_at, p.name as person
              from undelivered u join clock c on c.id = u.clock_id left join notice n on n.id = u.notice_id left join practitioner p on p.id = c.practitioner_id
             where u.agency_id = {work.Actor.Agency} and u.done_at is null order by c.id, u.at desc) x
         order by x.due_at limit 200
        """).ToListAsync();
}
