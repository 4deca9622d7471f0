using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Site.Clocks;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.People;

/// <summary>One child (or adult) as everybody this actor may hear knows them: who, how sure, with whom, what happened, what is owed, who is involved, what is missing.</summary>
[Permit("child.read", purpose: "Reading a child's record")]
public sealed class ChildModel(Work work, Bodies bodies) : PageModel
{
    public Child Child { get; private set; } = null!;

    public Instant Now { get; private set; }

    public bool CanPart { get; private set; }

    public async Task<IActionResult> OnGetAsync(Guid id)
    {
        (Now, CanPart) = (work.Now, work.Actor.May("match.decide"));
        if (await Child.Read(id, work, bodies) is not { } child)
        {
            work.NotFound(id);
            return NotFound();
        }
        Child = child;
        return Page();
    }
}
