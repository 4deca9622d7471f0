using Heed.Plumbing;
using Heed.Site.Clocks;
using Microsoft.EntityFrameworkCore;

namespace Heed.Site.Notices;

/// <summary>A person of the sender has told, by telephone, somebody whom Heed could not tell; and says whom. It stops the sender's clocks.</summary>
public static class Telephone
{
    public sealed record Command(Guid Notice, string? Whom, string? Words);

    public static async Task<Refusal?> Handle(Command ask, Work work)
    {
        if (await work.All<Notice>().FirstOrDefaultAsync(n => n.Id == ask.Notice && n.FromAgency == work.Actor.Agency && n.ByHand) is not { } notice)
        {
            return work.NotFound(ask.Notice);
        }
        var errors = new Errors();
        errors.Need(ask.Whom.Says(200), "whom", "Say in up to 200 characters whom you told: their name, their post and the number you rang");
        errors.Need(ask.Words.Fits(), "words", "At most 2,000 characters, and none of them U+0000");
        if (errors.Count > 0)
        {
            return work.Refuse(errors, Statute.Notification.LocalAuthority.Source);
        }
        if (await work.Do($"insert into telling (notice_id, whom, words) values ({notice.Id}, {ask.Whom!.Trim()}, {ask.Words?.Trim()}) on conflict do nothing") == 0)
        {
            return work.Refuse("whom", "Somebody has told them already; open the receipt again to see who", kind: No.Conflict);
        }
        // The promise that an earlier version of this report could not keep is kept now.
        var owed = await work.Ask<Guid>($"""
            with recursive chain(id, before) as (select id, supersedes_id from notice where id = {notice.Id} union select n.id, n.supersedes_id from notice n join chain on n.id = chain.before) select id as "Value" from chain
            """).ToListAsync();
        foreach (var one in owed)
        {
            await Stop.Met(work, one, [Start.Telephone, Statute.Notification.LocalAuthority.Key, Statute.Notification.School.Key]);
        }
        work.Wakes($"report:{notice.ReportId}");
        return null;
    }
}
