using Heed.Plumbing;
using Heed.Site.Access;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Heed.Site.People;

/// <summary>Everybody who looked at a child's records, as far as this agency may know: its own people, and others at what it holds.</summary>
[Permit("look.read", purpose: "Seeing who looked at a child's records")]
public sealed class LookedModel(Work work) : PageModel
{
    public Guid Person { get; private set; }

    public string? Name { get; private set; }

    public LooksView View { get; private set; } = null!;

    [BindProperty(SupportsGet = true, Name = "before")]
    public Guid? Before { get; set; }

    public async Task<IActionResult> OnGetAsync(Guid id)
    {
        ViewData[Layout.Frame.Wide] = true;
        if (await Child.RecordsOf(id, work) is not { Count: > 0 } records)
        {
            work.NotFound(id);
            return NotFound();
        }
        (Person, Name) = (id, await work.One<string?>($"name_of_person({id})"));
        View = new(await Looks.Read(work, records, before: Before), await Looks.ByAgency(work, records), work.Now, work.Actor.May("child.read"), $"/children/{id}/looks?", Before is not null);
        await work.Look("who looked", id, records: records);
        return Page();
    }
}
