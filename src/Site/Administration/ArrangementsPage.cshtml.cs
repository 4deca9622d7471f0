using Heed.Plumbing;
using Heed.Plumbing.Gov;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Heed.Site.Administration;

/// <summary>The schools that one administers, or one of them: whom it has named, and when somebody there reads.</summary>
[Permit("staff.manage", purpose: "Seeing to what schools have arranged")]
public sealed class ArrangementsModel(Work work) : PageModel
{
    public IReadOnlyList<Arrangements.Line> Lines { get; private set; } = [];

    public Arrangements.Line? One { get; private set; }

    public IReadOnlyList<Choice> People { get; private set; } = [];

    [BindProperty] public Guid? Named { get; set; }

    [BindProperty] public bool? ReadsOnWorkingDays { get; set; }

    [BindProperty] public string? Agreed { get; set; }

    public async Task<IActionResult> OnGetAsync(Guid? school)
    {
        if (!await Show(school))
        {
            return NotFound();
        }
        (Named, ReadsOnWorkingDays, Agreed) = (One?.NamedId, One?.Agreed is null ? null : One.ReadsOnWorkingDays, One?.Agreed);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid? school)
    {
        // What was not chosen is said by the rule, at its field, and not by the binder.
        ModelState.Clear();
        if (await Arrangements.Set(new(school ?? Guid.Empty, Named, ReadsOnWorkingDays, Agreed), work) is not { } no)
        {
            return Redirect("/administration/schools");
        }
        return no.Kind == No.NotFound || !await Show(school) ? NotFound() : this.Refused(no);
    }

    private async Task<bool> Show(Guid? school)
    {
        Lines = await Arrangements.All(work);
        One = Lines.FirstOrDefault(l => l.SchoolId == school);
        People = One is null ? [] : [.. (await Arrangements.People(One.SchoolId, work)).Select(p => new Choice(p.Key, p.Name))];
        if (school is { } sought && One is null)
        {
            work.NotFound(sought);
            return false;
        }
        return true;
    }
}
