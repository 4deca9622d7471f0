using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Site.Clocks;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Notices;

/// <summary>
/// After a correction: what the corrected version had started at its recipients and the new one has taken over is cancelled, each with its reason.
/// A decision that is still owed about a child whom the correction names too is not touched; one about a child whom it names no more is owed no longer.
/// </summary>
public static class FollowCorrection
{
    public static async Task Handle(Guid[] reports, Work work, Bodies known, CancellationToken stop)
    {
        var bodies = await known.For(work);
        foreach (var passed in await work.Ask<Passed>($"select notice_id, agency_id, team_id, report_id, urgent, at from pass_correction({reports})").ToListAsync(stop))
        {
            if (Start.Acknowledgement(bodies, passed.AgencyId, passed.TeamId, passed.At, passed.Urgent) is { } acknowledge)
            {
                await Begin.Handle(work, acknowledge with { Notice = passed.NoticeId }, passed.ReportId);
            }
            work.Wakes($"team:{passed.TeamId}");
        }
        // A sweep may hold them: waited for here, so that the next statement counts its events too.
        await work.Do($"select 1 from clock where report_id = any (array(select v.id from report r join report v on v.agency_id = r.agency_id and v.reference = r.reference and v.version < r.version where r.id = any ({reports}))) and state in ('running', 'warned', 'breached') order by id for update", stop);
        await work.Do($"""
        with recursive pair(was, next, kind) as (
            select was.id, n.id, n.kind from report r join notice was on was.report_id = r.supersedes_id left join notice n on n.report_id = r.id and n.supersedes_id = was.id where r.id = any ({reports})
            -- A withdrawal takes back every version: a decision still runs on the one that first named the child.
            union select w.supersedes_id, p.next, p.kind from pair p join notice w on w.id = p.was where p.kind = 'withdrawal' and w.supersedes_id is not null),
        cancelled as (
            update clock c set state = 'cancelled', stopped_at = heed_now(), next_at = null,
                   cancelled_because = case when p.next is null then 'The sender''s correction is for others: nobody has to telephone' when p.kind = 'withdrawal' then 'The sender withdrew the notice' else 'The sender''s correction takes its place' end
              from pair p join notice was on was.id = p.was
             where c.notice_id = was.id and c.state in ('running', 'warned', 'breached')
               and (c.agency_id = was.to_agency and p.next is not null and (p.kind = 'withdrawal' or c.contact_id is null)
                    or p.kind = 'withdrawal' and c.agency_id = was.from_agency and c.limit_key = {Start.NotReached}
                    or was.by_hand and c.agency_id = was.from_agency and (p.next is null or c.limit_key = {Start.Telephone}))
            returning c.id, c.cancelled_because)
        insert into clock_event (clock_id, ordinal, what, words)
        select c.id, (select count(*) from clock_event e where e.clock_id = c.id), 'cancelled', c.cancelled_because from cancelled c
        """, stop);
        // A child whom the new version names no more was the mistake, or is put right under another key: nothing is to be decided about it on this report. What was decided stands.
        await work.Do($"""
        with recursive newest as (
            select r.id from report r where r.id = any ({reports}) and not exists (select 1 from report l where l.supersedes_id = r.id)),
        chain(id) as (
            select n.supersedes_id from newest join notice n on n.report_id = newest.id and n.kind = 'correction' union select n.supersedes_id from chain c join notice n on n.id = c.id where n.supersedes_id is not null),
        named(mention) as (
            select m.corrects from newest join mention m on m.report_id = newest.id where m.is_child and m.corrects is not null union select m.corrects from named n join mention m on m.id = n.mention where m.corrects is not null),
        gone as (update contact c set withdrawn_at = heed_now() from chain k where c.notice_id = k.id and c.decision is null and c.withdrawn_at is null and c.mention_id not in (select mention from named) returning c.id),
        cancelled as (update clock k set state = 'cancelled', stopped_at = heed_now(), next_at = null, cancelled_because = 'The sender''s correction names this child no more'
                        from gone where k.contact_id = gone.id and k.state in ('running', 'warned', 'breached') returning k.id, k.cancelled_because)
        insert into clock_event (clock_id, ordinal, what, words)
        select c.id, (select count(*) from clock_event e where e.clock_id = c.id), 'cancelled', c.cancelled_because from cancelled c
        """, stop);
    }

    private sealed record Passed(Guid NoticeId, Guid AgencyId, Guid TeamId, Guid ReportId, bool Urgent, Instant At);
}
