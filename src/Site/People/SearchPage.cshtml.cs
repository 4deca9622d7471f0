using Heed.Plumbing;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Heed.Site.People;

/// <summary>Somebody is looked for; the address of the answer is a number, never what was typed.</summary>
[Permit("person.search", purpose: "Searching for a person")]
public sealed class SearchModel(Work work) : PageModel
{
    public Search.Result? Result { get; private set; }

    public bool MayOpen => work.Actor.May("emergency.open");

    [BindProperty]
    public string? Terms { get; set; }

    public async Task<IActionResult> OnGetAsync(Guid? id)
    {
        if (id is { } asked)
        {
            Result = await Search.Again(asked, work);
            Terms = Result?.Terms;
            if (Result is null)
            {
                work.NotFound(asked);
                return NotFound();
            }
        }
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var (result, no) = await Search.Handle(Terms, work);
        return no is null ? Redirect($"/search/{result!.Id}") : this.Refused(no);
    }
}
