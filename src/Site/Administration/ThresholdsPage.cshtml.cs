using Heed.Plumbing;
using Heed.Plumbing.Gov;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Heed.Site.Administration;

/// <summary>The levels against which a council decides, each version with the days it stands for.</summary>
[Permit("administration.read", purpose: "Reading the threshold document")]
public sealed class ThresholdsModel(Work work) : PageModel
{
    public IReadOnlyList<Thresholds.Level> Lines { get; private set; } = [];

    public bool MaySet { get; private set; }

    [BindProperty] public string? Key { get; set; }

    [BindProperty] public int? Ordinal { get; set; }

    [BindProperty] public string? Name { get; set; }

    [BindProperty] public string? Words { get; set; }

    [BindProperty] public TypedDate From { get; set; } = new();

    [BindProperty] public bool Ends { get; set; }

    public Task OnGetAsync() => Show();

    [Permit("partnership.manage", purpose: "Setting a level of the threshold document")]
    public async Task<IActionResult> OnPostAsync()
    {
        // What is no number is said by the rule, at its field, and not by the binder.
        ModelState.Clear();
        if (await Thresholds.Set(new(Key, Ordinal, Name, Words, From.Date, Ends), work) is not { } no)
        {
            return Redirect("/administration/thresholds");
        }
        await Show();
        return this.Refused(no);
    }

    private async Task Show() => (MaySet, Lines) = (work.Actor.May("partnership.manage"), await Thresholds.All(work));
}
