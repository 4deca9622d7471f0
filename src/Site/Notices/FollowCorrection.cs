using Heed.Plumbing;
using Heed.Site.Clocks;

namespace Heed.Site.Notices;

/// <summary>
/// After a correction: what the corrected version had started at its recipients and the new one has taken over is cancelled, each with its reason.
/// A decision that is still owed about a child whom the correction names too is not touched.
/// </summary>
public static class FollowCorrection
{
    public static async Task Handle(Guid[] reports, Work work, CancellationToken stop)
    {
        // A sweep may hold them: waited for here, so that the next statement counts its events too.
        await work.Do($"select 1 from clock where report_id = any (array(select supersedes_id from report where id = any ({reports}))) and state in ('running', 'warned', 'breached') order by id for update", stop);
        await work.Do($"""
        with cancelled as (
            update clock c set state = 'cancelled', stopped_at = heed_now(), next_at = null,
                   cancelled_because = case when n.id is null then 'The sender''s correction is for others: nobody has to telephone' when n.kind = 'withdrawal' then 'The sender withdrew the notice' else 'The sender''s correction takes its place' end
              from report r join notice was on was.report_id = r.supersedes_id left join notice n on n.report_id = r.id and n.supersedes_id = was.id
             where r.id = any ({reports}) and c.notice_id = was.id and c.state in ('running', 'warned', 'breached')
               and (c.agency_id = was.to_agency and n.id is not null and (n.kind = 'withdrawal' or c.contact_id is null)
                    or n.kind = 'withdrawal' and c.agency_id = was.from_agency and c.limit_key = {Start.NotReached}
                    or was.by_hand and c.agency_id = was.from_agency and (n.id is null or c.limit_key = {Start.Telephone}))
            returning c.id, c.cancelled_because)
        insert into clock_event (clock_id, ordinal, what, words)
        select c.id, (select count(*) from clock_event e where e.clock_id = c.id), 'cancelled', c.cancelled_because from cancelled c
        """, stop);
    }
}
