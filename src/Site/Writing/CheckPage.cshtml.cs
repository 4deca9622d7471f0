using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Site.Layout;
using Heed.Site.Notices;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace Heed.Site.Writing;

/// <summary>All that will be sent, with a way to change each; and what is missing, once sending was tried.</summary>
public sealed class CheckModel(Work work, Bodies bodies, IStringLocalizer<PageWords> words) : DraftPage(work, bodies)
{
    public IReadOnlyList<Answers.Card> Cards { get; private set; } = [];

    /// <summary>Null while it cannot be sent as it stands.</summary>
    public IReadOnlyList<(string To, string Why, string? Not, bool ByHand)>? Routes { get; private set; }

    public IReadOnlyList<Owed> StillOwed { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(Guid id) => await Open(id) ?? await Show();

    [Permit("report.write", purpose: "Sending a report about a child")]
    public async Task<IActionResult> OnPostAsync(Guid id)
    {
        var (report, owed, no) = await Finish.Handle(id, Work, Bodies);
        if (report is not null)
        {
            return Redirect($"/reports/{report}?said=sent");
        }
        if (no!.Kind == No.NotFound || await Open(id) is not null)
        {
            return NotFound();
        }
        StillOwed = owed;
        Response.StatusCode = no.Kind == No.Conflict ? 409 : 422;
        return await Show();
    }

    private async Task<IActionResult> Show()
    {
        var known = await Bodies.For(Work);
        var said = Finish.AsReport(Typed, Draft, known, Work);
        Cards = Answers.Of(said, Typed, words, Now);
        if (Draft.Was is { } was)
        {
            Cards = Answers.Beside(Cards, Answers.Of(was, Correcting.Form(was, known, Now), words, Now));
        }
        Routes = Reading.Read(said, Now).Item1 is { } report ? [.. Routing.Of(report, Work.Actor.Agency, known, Now).Select(r => (known.Agencies[r.Agency].Name, r.Why, r.WithheldBecause, r.ByHand))] : null;
        return Page();
    }
}
