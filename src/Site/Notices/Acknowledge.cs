using Heed.Plumbing;
using Heed.Site.Clocks;
using Microsoft.EntityFrameworkCore;

namespace Heed.Site.Notices;

/// <summary>A named person accepts responsibility for a notice. Doing it twice changes nothing.</summary>
public static class Acknowledge
{
    public sealed record Command(Guid Notice);

    public static async Task<Refusal?> Handle(Command ask, Work work)
    {
        if (await work.All<Notice>().AsNoTracking().ToMe(ask.Notice, work) is not { } notice)
        {
            return work.NotFound(ask.Notice);
        }
        // The row decides who was first.
        if (await work.Do($"""
            update notice set opened_at = coalesce(opened_at, {work.Now}), opened_by = coalesce(opened_by, {work.Actor.Id}), delivered_at = coalesce(delivered_at, {work.Now}), acknowledged_at = {work.Now}, acknowledged_by = {work.Actor.Id}
             where id = {notice.Id} and acknowledged_at is null
            """) == 0)
        {
            return null;
        }
        await Stop.Met(work, notice.Id, [Start.Acknowledge, Start.SchoolReads]);
        work.Wakes($"report:{notice.ReportId}");
        work.Wakes($"team:{notice.ToTeam}");
        return null;
    }
}
