using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Statute;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Heed.Site.Writing;

/// <summary>A page of the form. Continue keeps what was typed, whatever is wrong with it, and says what is wrong; "save and come back later" keeps it and says nothing.</summary>
[Permit("report.write", purpose: "Writing a report about a child")]
public abstract class DraftPage(Work work, Bodies bodies) : PageModel
{
    public Draft Draft { get; private set; } = null!;

    public Typed Typed { get; private set; } = null!;

    public Instant Now => work.Now;

    /// <summary>Set where the list of what is owed led here: the page then says what is wrong before anything is typed.</summary>
    [BindProperty(SupportsGet = true, Name = "check")]
    public bool Check { get; set; }

    protected Work Work => work;

    protected Bodies Bodies => bodies;

    protected LocalDate Today => WorkingCalendar.DateIn(work.Now);

    /// <summary>Null where the page can be shown. Another's draft is not found; one that was sent is its report now.</summary>
    protected async Task<IActionResult?> Open(Guid id)
    {
        if (await Draft.Open(id, work) is not { } draft)
        {
            work.NotFound(id);
            return NotFound();
        }
        (Draft, Typed) = (draft, draft.Read());
        return draft.ReportId is { } sent ? Redirect($"/reports/{sent}") : null;
    }

    protected async Task<IReadOnlyList<Owed>> Owed() => Finish.StillOwed(Typed, Draft, await bodies.For(work), work);

    /// <summary>Says on a page that is opened to put something right what that is.</summary>
    protected async Task<IActionResult> Shown(string page)
    {
        if (Check)
        {
            await Say(page);
        }
        return Page();
    }

    protected async Task<IActionResult> Kept(string page, string next)
    {
        if (!Draft.Keep(Typed, work.Now))
        {
            ModelState.AddModelError("", $"A report has at most {Notices.Parsing.MostBytes / 1024} KiB: this page was not kept");
        }
        else if (Request.Form.ContainsKey("Later"))
        {
            return Redirect("/reports/drafts?said=kept");
        }
        else
        {
            await Say(page);
        }
        if (ModelState.IsValid)
        {
            return Redirect($"/reports/drafts/{Draft.Id}{next}");
        }
        Response.StatusCode = 422;
        return Page();
    }

    private async Task Say(string page)
    {
        foreach (var owed in (await Owed()).Where(o => o.Page == page))
        {
            ModelState.AddModelError(owed.Field, owed.Words);
        }
    }
}
