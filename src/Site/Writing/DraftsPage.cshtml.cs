using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Site.Notices;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Writing;

/// <summary>One's own reports that are not sent, with their age.</summary>
[Permit("report.write", purpose: "Writing a report about a child")]
public sealed class DraftsModel(Work work, Bodies bodies) : PageModel
{
    public IReadOnlyList<Draft> Drafts { get; private set; } = [];

    public Instant Now { get; private set; }

    [BindProperty(SupportsGet = true)]
    public string? Said { get; set; }

    public async Task OnGetAsync() => (Now, Drafts) = (work.Now, await Draft.Mine(work));

    public IActionResult OnPost() => Redirect($"/reports/drafts/{Draft.Begin(work).Id}/what");

    [Permit("report.write", purpose: "Correcting a report about a child")]
    public async Task<IActionResult> OnPostCorrectAsync(Guid report)
    {
        if (await work.All<Report>().AsNoTracking().SingleOrDefaultAsync(r => r.Id == report && r.AgencyId == work.Actor.Agency) is not { } sent || await Draft.Correct(sent, work, bodies) is not { } draft)
        {
            work.NotFound(report);
            return NotFound();
        }
        await work.Look("report", report, [sent.AgencyId]);
        return Redirect($"/reports/drafts/{draft.Id}/what");
    }
}
