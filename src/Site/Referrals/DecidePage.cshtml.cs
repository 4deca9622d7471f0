using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Site.Layout;
using Heed.Site.Notices;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using NodaTime;

namespace Heed.Site.Referrals;

/// <summary>Every child of one notice, each with what was known before and a decision of its own, on one page.</summary>
[Permit("contact.decide", purpose: "Deciding on a contact about a child")]
public sealed class DecideModel(Work work, Bodies bodies, IStringLocalizer<PageWords> words) : PageModel
{
    public Consider.View View { get; private set; } = null!;

    public IReadOnlyList<Assessment> Assessments { get; private set; } = [];

    public Instant Now { get; private set; }

    /// <summary>Nothing is decided here on a notice that was corrected: its correction is.</summary>
    public bool CanDecide => View.Notice.CorrectedBy is null;

    [BindProperty(SupportsGet = true)]
    public string? Said { get; set; }

    [BindProperty]
    public Guid Contact { get; set; }

    [BindProperty]
    public string? Colour { get; set; }

    public async Task<IActionResult> OnGetAsync(Guid id) => await Show(id, work) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(Guid id)
    {
        var no = await Decide.Handle(new(
            Contact, Guid.TryParse(Field("Shown"), out var shown) ? shown : null, Field("Decision"), Field("Threshold"), Field("Reason"), Field("ParentsTold") switch { "yes" => true, "no" => false, _ => null }, Field("ParentsNotToldBecause"),
            Field("Next"), Guid.TryParse(Field("Council"), out var council) ? council : null, Field("SenderTold")), work, bodies);
        foreach (var name in new[] { "Decision", "Threshold", "Reason", "ParentsTold", "ParentsNotToldBecause", "Next", "Council", "SenderTold" })
        {
            ModelState.SetModelValue($"{name}-{Contact:N}", Field(name), Field(name));
        }
        return await Done(id, no, "decided", $"-{Contact:N}");
    }

    [Permit("contact.decide", purpose: "Triaging a notice about a child")]
    public async Task<IActionResult> OnPostTriageAsync(Guid id) => await Done(id, await Triage.Handle(new(id, Colour), work, bodies), "triaged");

    /// <summary>Each child has fields of its own, so that what was typed about one is never shown as chosen for another.</summary>
    private string? Field(string name) => Request.Form[$"{name}-{Contact:N}"];

    /// <summary>Of whoever came second: their words are theirs still, to copy into whatever they write instead.</summary>
    public IEnumerable<(string Asked, string Words)> Typed(OpenNotice.Child child)
    {
        foreach (var (name, asked) in new[] { ("Reason", "Why"), ("ParentsNotToldBecause", "Why the parents were not told"), ("SenderTold", "For the sender") })
        {
            if (ModelState[$"{name}-{child.ContactId:N}"]?.AttemptedValue is { } words && !string.IsNullOrWhiteSpace(words))
            {
                yield return (asked, words);
            }
        }
    }

    private async Task<IActionResult> Done(Guid id, Refusal? no, string said, string suffix = "")
    {
        if (no is null)
        {
            return Redirect($"/notices/{id}/decide?said={said}");
        }
        if (!await this.ShowAgain(no, again => Show(id, again)))
        {
            return NotFound();
        }
        // Of several children on the page: which is meant.
        return this.Refused(no, suffix, View.Notice.Children.Where(c => c.ContactId == Contact).Select(c => words.Name(c.Given, c.Family, c.Unborn)).FirstOrDefault());
    }

    private async Task<bool> Show(Guid id, Work seeing)
    {
        Now = seeing.Now;
        if (await Consider.Handle(id, seeing, bodies) is not { } view)
        {
            seeing.NotFound(id);
            return false;
        }
        View = view;
        Colour ??= view.Triage;
        Assessments = await Authorise.Of(view.Notice.Children.Select(c => c.ContactId), seeing);
        return true;
    }
}
