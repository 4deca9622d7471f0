using Heed.Plumbing;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Heed.Site.Emergency;

/// <summary>The reviewers' queue with its clock, one's own emergency access, and what others opened of what this agency holds.</summary>
[Permit("emergency.read", purpose: "Seeing what was opened in an emergency")]
public sealed class OpenedModel(Work work) : PageModel
{
    public IReadOnlyList<Opened.Line> Lines { get; private set; } = [];

    public bool Reviews { get; private set; }

    public Instant Now { get; private set; }

    public async Task OnGetAsync()
    {
        ViewData[Layout.Frame.Wide] = true;
        (Now, Reviews, Lines) = (work.Now, work.Actor.May("emergency.review"), await Opened.Read(work));
        // Whoever opened it has now read what was found.
        await work.One<int>($"select emergencies_told()");
    }

    [Permit("emergency.open", purpose: "Ending emergency access")]
    public async Task<IActionResult> OnPostAsync(Guid id) => await End.Handle(id, work) is null ? Redirect("/emergency-access") : NotFound();
}
