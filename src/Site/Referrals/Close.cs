using Heed.Plumbing;
using Heed.Site.Notices;
using Microsoft.EntityFrameworkCore;

namespace Heed.Site.Referrals;

/// <summary>A manager closes a child's case, with the census's reason and their own. Nothing of it may be under way: a case is never closed over an assessment or a contact that waits.</summary>
public static class Close
{
    /// <param name="Assessment">Any of the case.</param>
    /// <param name="Reason">RC1 to RC9.</param>
    public sealed record Command(Guid Assessment, string? Reason, string? Words);

    public static async Task<Refusal?> Handle(Command ask, Work work)
    {
        if (await work.All<Assessment>().FirstOrDefaultAsync(a => a.Id == ask.Assessment) is not { } assessment)
        {
            return work.NotFound(ask.Assessment);
        }
        var errors = new Errors();
        errors.Need(ask.Reason is not null && KindWords.Closings.ContainsKey(ask.Reason), "reason", "Choose why the case is closed");
        errors.Need(ask.Words.Says(10_000), "words", "Say in up to 10,000 characters why: it is read the next time this child is mentioned");
        if (errors.Count > 0)
        {
            return work.Refuse(errors);
        }
        switch (await work.One<string>($"select close_case({assessment.EpisodeId}, {ask.Reason}, {ask.Words!.Trim()})"))
        {
            case "assessment":
                return work.Refuse("reason", "An assessment of this child is under way: it is authorised first (children in need census, rule 8867)", kind: No.Conflict);
            case "contact":
                return work.Refuse("reason", "There is a contact about this child that nobody has decided: decide it first", kind: No.Conflict);
            case "outcome":
                return work.Refuse("reason", "That is not what the last assessment came to: choose the reason that fits it");
            case "closed":
                return work.Refuse("reason", "This case has been closed already; open it again to see by whom", kind: No.Conflict);
        }
        work.Wakes($"team:{assessment.TeamId}");
        return null;
    }
}
