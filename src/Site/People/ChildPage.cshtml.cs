using Heed.Plumbing;
using Heed.Site.Clocks;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.People;

/// <summary>One child (or adult) as everybody this actor may hear knows them: who, how sure, with whom, what happened, what is owed, who is involved, what is missing.</summary>
[Permit("child.read", purpose: "Reading a child's record")]
public sealed class ChildModel(Work work) : PageModel
{
    public Child Child { get; private set; } = null!;

    public Instant Now { get; private set; }

    public bool CanPart { get; private set; }

    public bool CanSeeLooks { get; private set; }

    public bool MayOpen { get; private set; }

    /// <summary>This actor's emergency access to it, while it lasts.</summary>
    public Instant? OpenUntil { get; private set; }

    public async Task<IActionResult> OnGetAsync(Guid id)
    {
        (Now, CanPart, CanSeeLooks, MayOpen) = (work.Now, work.Actor.May("match.decide"), work.Actor.May("look.read"), work.Actor.May("emergency.open"));
        OpenUntil = MayOpen ? await work.Ask<Instant>($"select until as \"Value\" from emergency_access where practitioner_id = {work.Actor.Id} and person_id = {id} and ended_at is null and until > {Now}").ToListAsync() is [var until] ? until : null : null;
        if (await Child.Read(id, work) is not { } child)
        {
            if (await work.Ask<Guid>($"select n.person_id as \"Value\" from link l join link n on n.source_record_id = l.source_record_id and n.undone_at is null where l.person_id = {id} and l.undone_at is not null and n.person_id <> {id} limit 1").ToListAsync() is [var joined])
            {
                return Redirect($"/children/{joined}");
            }
            work.NotFound(id);
            return NotFound();
        }
        Child = child;
        return Page();
    }
}
