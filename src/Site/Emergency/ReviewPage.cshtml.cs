using Heed.Plumbing;
using Heed.Plumbing.Gov;
using Heed.Site.Access;
using Heed.Site.Layout;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using NodaTime;

namespace Heed.Site.Emergency;

/// <summary>One emergency access: who, why, from when until when, what was looked at under it, and the review.</summary>
[Permit("emergency.read", purpose: "Seeing what was opened in an emergency")]
public sealed class ReviewModel(Work work, IStringLocalizer<PageWords> words) : PageModel
{
    public sealed record Look(Instant At, string Purpose);

    public Opened.Line Line { get; private set; } = null!;

    public IReadOnlyList<Look> Looks { get; private set; } = [];

    public bool CanReview { get; private set; }

    public Instant Now { get; private set; }

    public IReadOnlyList<Choice> Answers => [new("true", words["It was justified"]), new("false", words["It was not justified"])];

    [BindProperty]
    public bool? Justified { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    public async Task<IActionResult> OnGetAsync(Guid id) => await Show(id, work) ? Page() : NotFound();

    [Permit("emergency.review", purpose: "Reviewing emergency access")]
    public async Task<IActionResult> OnPostAsync(Guid id)
    {
        if (await Review.Handle(new(id, Justified, Words), work) is not { } no)
        {
            return Redirect($"/emergency-access/{id}");
        }
        return await this.ShowAgain(no, again => Show(id, again)) ? this.Refused(no) : NotFound();
    }

    private async Task<bool> Show(Guid id, Work seeing)
    {
        Now = seeing.Now;
        if (await Opened.Read(seeing, id) is not [var line])
        {
            seeing.NotFound(id);
            return false;
        }
        Line = line;
        Looks = await seeing.Ask<Look>($"select at, purpose from look where emergency_id = {id} order by at, id limit 500").ToListAsync();
        CanReview = seeing.Actor.May("emergency.review") && line is { Ours: true, Mine: false, ReviewedAt: null };
        await seeing.Look("emergency access", id);
        return true;
    }
}
