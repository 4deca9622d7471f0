using Heed.Plumbing;
using Heed.Site.Notices;
using Microsoft.EntityFrameworkCore;

namespace Heed.Site.Writing;

/// <summary>The desk gives its own grade, beside the officer's and never instead of it. Nothing waits for it; a high one makes urgent what still waits elsewhere (0007).</summary>
public static class Grade
{
    public sealed record Command(Guid Report, string? Grade, string? Reason);

    public static async Task<Refusal?> Handle(Command ask, Work work)
    {
        if (await work.All<Report>().Where(r => r.Id == ask.Report).Select(r => r.Reference).SingleOrDefaultAsync() is not { } reference)
        {
            return work.NotFound(ask.Report);
        }
        if (ask.Grade is not ("standard" or "medium" or "high"))
        {
            return work.Refuse("grade", "Choose the grade: standard, medium or high");
        }
        if (!ask.Reason.Says())
        {
            return work.Refuse("reason", "Say in up to 2,000 characters why: it stands beside the officer's grade");
        }
        await Send.OneAtATime(reference, work);
        if (await work.All<Report>().Where(r => r.SupersedesId == ask.Report).Select(r => (int?)r.Version).SingleOrDefaultAsync() is { } later)
        {
            return work.Refuse("grade", $"Version {later} has taken the place of this one: grade that", kind: No.Conflict);
        }
        await work.Do($"insert into grading (id, report_id, grade, reason) values ({Ids.Next()}, {ask.Report}, {ask.Grade}, {ask.Reason.Trim()})");
        work.Wakes($"report:{ask.Report}");
        return null;
    }
}
