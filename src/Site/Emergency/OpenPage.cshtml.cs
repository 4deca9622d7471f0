using Heed.Plumbing;
using Heed.Plumbing.Gov;
using Heed.Site.Access;
using Heed.Site.Layout;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Heed.Site.Emergency;

/// <summary>Stands before what is another's to open: what happens if one does; then, once it is sure who asks, why.</summary>
[Permit("emergency.open", purpose: "Opening a child's records in an emergency")]
public sealed class OpenModel(Work work, Bodies bodies, IStringLocalizer<PageWords> words) : PageModel
{
    public Guid Child { get; private set; }

    public int? Hit { get; private set; }

    /// <summary>Until then the page says only what would happen.</summary>
    public bool Proved { get; private set; }

    public IReadOnlyList<Choice> Reasons => [.. Open.Reasons.Select(r => new Choice(r.Key, words[r.Value]))];

    [BindProperty]
    public string? Why { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    public async Task<IActionResult> OnGetAsync(Guid child, int? hit)
    {
        await Read(child, hit);
        if (hit is null && await Open.IsOpen(child, work))
        {
            return Redirect($"/children/{child}");
        }
        if (!await Open.Can(child, hit, work))
        {
            work.NotFound(child);
            return NotFound();
        }
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid child, int? hit)
    {
        await Read(child, hit);
        return await Open.Handle(new(child, hit, Why, Words, Proved), work, bodies) switch
        {
            ({ } person, _) => Redirect($"/children/{person}"),
            (_, { Kind: No.NotFound }) => NotFound(),
            (_, var no) => this.Refused(no!),
        };
    }

    public string ProveAt => ProveAgainModel.At(Open.Purpose(Child, Hit), $"/emergency-access/child/{Child}{(Hit is { } hit ? $"/{hit}" : "")}");

    private async Task Read(Guid child, int? hit) => (Child, Hit, Proved) = (child, hit, await Sessions.Proved(Open.Purpose(child, hit), work));
}
