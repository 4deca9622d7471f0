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

    public sealed record Line(Guid Id, string Why, string Kind, Guid Report, Guid Notice, string Other, bool Mine, Instant At);

    protected override async Task Run(CancellationToken stop)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(5));
        while (await tick.WaitForNextTickAsync(stop))
        {
            try
            {
                await Round(stop);
            }
            catch (Exception failed) when (!stop.IsCancellationRequested)
            {
                log.LogWarning("Looking for what nobody collects failed ({Fault}); trying again", failed.GetType().Name);
            }
        }
    }

    /// <summary>What agencies' systems have not acknowledged within the local limit. Answers how many items were minded.</summary>
    public Task<int> Round(CancellationToken stop = default) => works.AsWorker("Minding what is not collected", async work =>
    {
        var bodies = await known.For(work);
        if (bodies.Setting(Collect, work.Now) is not { } setting)
        {
            return 0;
        }
        var oldest = await work.Ask<Uncollected>($"""
            select i.id, greatest(i.since, b.collects_since) as since, n.acknowledged_at is not null and i.kind <> 'outcome' as accepted
              from mailbox b cross join lateral (select * from mailbox_item x where x.agency_id = b.agency_id and x.state <> 'acknowledged' and x.minded_at is null and x.kind <> 'task' order by x.since limit {AtOnce} for update skip locked) i join notice n on n.id = i.notice_id
            """).ToListAsync(stop);
        var late = oldest.Where(i => setting.Limit.DueAt(i.Since, bodies.Calendar) <= work.Now).ToList();
        if (late.Count > 0)
        {
            await Open([.. late.Where(i => !i.Accepted).Select(i => i.Id)], "uncollected", work, known);
            await work.Do($"update mailbox_item set minded_at = {work.Now} where id = any ({late.Select(i => i.Id).ToArray()})", stop);
        }
        return late.Count;
    }, stop);

    private sealed record Uncollected(Guid Id, Instant Since, bool Accepted);

    /// <summary>A task for each side of each of these items.</summary>
    public static async Task Open(Guid[] items, string why, Work work, Bodies known)
    {
        var bodies = await known.For(work);
        var parties = await work.Ask<Parties>($"""
            select i.id, i.kind, i.notice_id, i.report_id, case when i.kind = 'outcome' then i.subject_id end as contact, i.agency_id as recipient, i.team_id as recipient_team, case when i.kind = 'outcome' then n.to_agency else n.from_agency end as sender, case when i.kind = 'outcome' then n.to_team end as sender_team
              from mailbox_item i join notice n on n.id = i.notice_id where i.id = any ({items}) and i.kind <> 'task'
            """).ToListAsync();
        foreach (var item in parties)
        {
            await Owe(item, item.Recipient, item.RecipientTeam, Start.Undelivered, "Your system did not get what waits for you: see to it", why, bodies, work);
            await Owe(item, item.Sender, item.SenderTeam, Start.NotReached, $"Not reached by what you sent: {bodies.Agencies[item.Recipient].Name}. Telephone them", why, bodies, work);
        }
    }

    private static async Task Owe(Parties item, Guid agency, Guid? team, string limit, string words, string why, Snapshot bodies, Work work)
    {
        var id = Guid.CreateVersion7();
        if ((team ?? bodies.TeamOf(agency, "mash-desk", "front-door", "safeguarding", "response")?.Id) is not { } whose || await work.Do($"""
            insert into undelivered (id, item_id, agency_id, notice_id, contact_id, limit_key, why) values ({id}, {item.Id}, {agency}, {item.NoticeId}, {item.Contact}, {limit}, {why}) on conflict do nothing
            """) == 0)
        {
            return;
        }
        await work.Do($"insert into mailbox_item (id, agency_id, kind, subject_id, notice_id, report_id, team_id, urgent) values ({Guid.CreateVersion7()}, {agency}, 'task', {id}, {item.NoticeId}, {item.ReportId}, {whose}, true)");
        if (Start.Exchange(limit, words, bodies, agency, whose, work.Now) is { } clock)
        {
            await Begin.Handle(work, clock with { Notice = item.NoticeId, Contact = item.Contact }, item.ReportId);
            await work.Do($"""
                update clock set practitioner_id = coalesce((select d.practitioner_id from on_duty({whose}, 0, {work.Now}) d order by d.rung limit 1), (select (ladder({whose}, {work.Now}))[1])) where id = {clock.Id}
                """);
            work.Wakes($"team:{whose}");
        }
    }

    private sealed record Parties(Guid Id, string Kind, Guid NoticeId, Guid ReportId, Guid? Contact, Guid Recipient, Guid? RecipientTeam, Guid Sender, Guid? SenderTeam);

    /// <summary>It was acknowledged after all: the tasks of both sides are done, and their clocks stop.</summary>
    public static async Task Arrived(Guid[] items, Work work, CancellationToken stop)
    {
        foreach (var task in await work.Ask<Done>($"select agency_id, notice_id, contact_id, limit_key from undelivered where item_id = any ({items}) and done_at is null").ToListAsync(stop))
        {
            await Stop.Met(work, task.NoticeId, [task.LimitKey], task.ContactId, [task.AgencyId]);
        }
        await work.Do($"update undelivered set done_at = {work.Now}, done_by = {work.Actor.Id} where item_id = any ({items}) and done_at is null", stop);
    }

    private sealed record Done(Guid AgencyId, Guid NoticeId, Guid? ContactId, string LimitKey);

    /// <summary>A person has seen to it in another way, and says how.</summary>
    public static async Task<Refusal?> Settle(Guid id, string? words, Work work)
    {
        if (await work.Ask<Done>($"select agency_id, notice_id, contact_id, limit_key from undelivered where id = {id} and agency_id = {work.Actor.Agency}").SingleOrDefaultAsync() is not { } task)
        {
            return work.NotFound(id);
        }
        if (string.IsNullOrWhiteSpace(words) || words.Length > 2_000 || words.Contains('\0'))
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
        await Stop.Met(work, task.NoticeId, [task.LimitKey], task.ContactId);
        return null;
    }

    public static async Task<IReadOnlyList<Line>> Mine(Work work) => await work.Ask<Line>($"""
        select u.id, u.why, coalesce(i.kind, 'notice') as kind, c.report_id as report, u.notice_id as notice, c.words as other, u.limit_key = {Start.Undelivered} as mine, u.at
          from undelivered u join clock c on c.notice_id = u.notice_id and c.limit_key = u.limit_key and c.agency_id = u.agency_id and c.contact_id is not distinct from u.contact_id left join mailbox_item i on i.id = u.item_id
         where u.agency_id = {work.Actor.Agency} and u.done_at is null order by u.at limit 200
        """).ToListAsync();
}
