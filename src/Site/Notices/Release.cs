using Heed.Plumbing;

namespace Heed.Site.Notices;

/// <summary>
/// A held notice: somebody in it works at the school, and the person whom the school has named has it first. They release it to the school's safeguarding leads,
/// or keep it and act themselves; nobody else there knows that it exists until then.
/// </summary>
public static class Release
{
    public sealed record Command(Guid Notice);

    public static async Task<Refusal?> Handle(Command ask, Work work)
    {
        if (await work.All<Notice>().ToMe(ask.Notice, work) is not { } notice)
        {
            return work.NotFound(ask.Notice);
        }
        if (notice.HeldFor is null)
        {
            return work.Refuse("notice", "This notice is not held from anybody");
        }
        if (await work.Do($"update notice set released_at = {work.Now}, released_by = {work.Actor.Id} where id = {notice.Id} and held_for = {work.Actor.Id} and released_at is null") == 0)
        {
            return notice.ReleasedAt is null ? work.Refuse("notice", "Only the person whom the school has named may release it") : null;
        }
        await work.Do($"update clock set held_for = null where notice_id = {notice.Id} and held_for = {work.Actor.Id}");
        work.Wakes($"team:{notice.ToTeam}");
        return null;
    }
}
