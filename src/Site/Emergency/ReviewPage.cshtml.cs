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

    public async Task<IActionResult> OnGetAsync(Guid id) => await Show(id) ? Page() : NotFound();

    [Permit("emergency.review", purpose: "Reviewing emergency access")]
    public async Task<IActionResult> OnPostAsync(Guid id)
    {
        if (await Review.Handle(new(id, Justified, Words), work) is not { } no)
        {
            return Redirect($"/emergency-access/{id}");
        }
        return no.Kind == No.NotFound || !await Show(id) ? NotFound() : this.Refused(no);
    }

    private async Task<bool> Show(Guid id)
    {
        Now = work.Now;
        if (await Opened.Read(work, id) is not [var line])
        {
            work.NotFound(id);
            return false;
        }
        Line = line;
        Looks = await work.Ask<Look>($"select at, purpose from look where emergency_id = {id} order by at, id limit 500").ToListAsync();
        CanReview = work.Actor.May("emergency.review") && line is { Ours: true, Mine: false, ReviewedAt: null };
        await work.Look("emergency access", id);
        return true;
    }
}
