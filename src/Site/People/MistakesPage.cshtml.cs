using Heed.Plumbing;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Heed.Site.People;

/// <summary>What I read, or decided on, that was about two children shown as one.</summary>
[Permit("child.read", purpose: "Learning that what one read was about another child")]
public sealed class MistakesModel(Work work) : PageModel
{
    public IReadOnlyList<Mistake.Line> Lines { get; private set; } = [];

    public Instant Now { get; private set; }

    public async Task OnGetAsync() => (Lines, Now) = (await Mistake.Mine(work), work.Now);

    public async Task<IActionResult> OnPostAsync(Guid id) => await Mistake.Confirm(id, work) is null ? Redirect("/mistakes") : NotFound();
}
