using Heed.Plumbing;

namespace Heed.Site.Notices;

/// <summary>Takes a notice as one's own. Of two who do it at once, the second is told who was first.</summary>
public static class Take
{
    public sealed record Command(Guid Notice);

    public static async Task<Refusal?> Handle(Command ask, Work work)
    {
        if (await work.All<Notice>().ToMe(ask.Notice, work) is not { } notice)
        {
            return work.NotFound(ask.Notice);
        }
        if (notice.TakenBy == work.Actor.Id)
        {
            return null;
        }
        if (await work.Do($"update notice set taken_by = {work.Actor.Id}, taken_at = {work.Now} where id = {notice.Id} and taken_by is null") == 0)
        {
            return work.Refuse("notice", "Somebody else has taken this; ask them to hand it on", kind: No.Conflict);
        }
        await work.Do($"update clock set practitioner_id = {work.Actor.Id} where notice_id = {notice.Id} and agency_id = {notice.ToAgency} and state in ('running', 'warned', 'breached')");
        work.Wakes($"team:{notice.ToTeam}");
        return null;
    }
}
