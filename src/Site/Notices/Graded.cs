using Heed.Plumbing;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Notices;

/// <summary>The grade that the sender's desk gave a report beside the officer's, as whoever is shown the officer's is shown it: at the desk, on the receipt and on the notice.</summary>
/// <param name="At">When.</param>
/// <param name="By">Who at the desk.</param>
/// <param name="Grade">standard, medium or high.</param>
/// <param name="Reason">Why it is not, or is, the officer's.</param>
/// <param name="Earlier">The version that was graded, where it is one that this report corrects; else null.</param>
public sealed record Graded(Instant At, string By, string Grade, string Reason, int? Earlier)
{
    /// <summary>All that were given to it and to what it corrects, newest first.</summary>
    public static async Task<IReadOnlyList<Graded>> Of(Guid report, Work work) =>
        await work.Ask<Graded>($"""
            select g.at, p.name as by, g.grade, g.reason, case when v.id <> {report} then v.version end as earlier
              from versions_up_to({report}) v join grading g on g.report_id = v.id join practitioner p on p.id = g.by order by g.id desc
            """).ToListAsync();
}
