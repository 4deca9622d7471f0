using Heed.Plumbing;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Heed.Site.Writing;

/// <summary>One's own reports that are not sent, with their age.</summary>
[Permit("report.write", purpose: "Writing a report about a child")]
public sealed class DraftsModel(Work work) : PageModel
{
    public IReadOnlyList<Draft> Drafts { get; private set; } = [];

    public Instant Now { get; private set; }

    [BindProperty(SupportsGet = true)]
    public string? Said { get; set; }

    public async Task OnGetAsync() => (Now, Drafts) = (work.Now, await Draft.Mine(work));

    public IActionResult OnPost() => Redirect($"/reports/drafts/{Draft.Begin(work).Id}/what");
}
