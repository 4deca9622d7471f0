using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Site.Notices;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using NodaTime.Text;

namespace Heed.Site.Writing;

/// <summary>All that will be sent, with a way to change each; and what is missing, once sending was tried.</summary>
public sealed class CheckModel(Work work, Bodies bodies) : DraftPage(work, bodies)
{
    public ReportIn Said { get; private set; } = null!;

    public IReadOnlyList<Owed> StillOwed { get; private set; } = [];

    public Instant? Occurred => Said.OccurredAt is { } at ? InstantPattern.ExtendedIso.Parse(at).Value : null;

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
        Said = Finish.AsReport(Typed, Draft, await Bodies.For(Work), Work);
        return Page();
    }
}
