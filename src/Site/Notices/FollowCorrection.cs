using Heed.Plumbing;

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
        await work.Do($"select 1 from clock where notice_id in (select supersedes_id from notice where report_id = any ({reports})) and state in ('running', 'warned', 'breached') order by id for update", stop);
        await work.Do($"""
        with cancelled as (
            update clock c set state = 'cancelled', stopped_at = heed_now(), next_at = null,
                   cancelled_because = case n.kind when 'withdrawal' then 'The sender withdrew the notice' else 'The sender''s correction takes its place and is to be acknowledged' end
              from notice n
             where n.report_id = any ({reports}) and c.notice_id = n.supersedes_id and c.agency_id = n.to_agency and c.state in ('running', 'warned', 'breached')
               and (n.kind = 'withdrawal' or c.contact_id is null)
            returning c.id, c.cancelled_because)
        insert into clock_event (clock_id, ordinal, what, words)
        select c.id, (select count(*) from clock_event e where e.clock_id = c.id), 'cancelled', c.cancelled_because from cancelled c
        """, stop);
    }
}
