using Heed.Plumbing;
using Heed.Site.Clocks;

namespace Heed.Site.Notices;

/// <summary>A named person accepts responsibility for a notice. Doing it twice changes nothing.</summary>
public static class Acknowledge
{
    public sealed record Command(Guid Notice);

    public static async Task<Refusal?> Handle(Command ask, Work work)
    {
        if (await work.All<Notice>().ToMe(ask.Notice, work) is not { } notice)
        {
            return work.NotFound(ask.Notice);
        }
        if (notice.AcknowledgedAt is not null)
        {
            return null;
        }
        notice.OpenedAt ??= work.Now;
        notice.OpenedBy ??= work.Actor.Id;
        notice.DeliveredAt ??= work.Now;
        notice.AcknowledgedAt = work.Now;
        notice.AcknowledgedBy = work.Actor.Id;
        await Stop.Met(work, notice.Id, [Start.Acknowledge, Start.SchoolReads]);
        work.Wakes($"report:{notice.ReportId}");
        work.Wakes($"team:{notice.ToTeam}");
        return null;
    }
}
