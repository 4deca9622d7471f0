using Heed.Plumbing;
using Heed.Site.Access;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Heed.Site.Timeliness;

/// <summary>One force's telling of one council over a year: what was found, drawn and beside it week by week.</summary>
[Permit("timeliness.read", purpose: "Seeing how long it took to tell")]
public sealed class FlowModel(Work work, Bodies bodies) : PageModel
{
    public const int Recent = 13;

    private const int Year = 364;

    public string Force { get; private set; } = "";

    public string Council { get; private set; } = "";

    public IReadOnlyList<Finding> Findings { get; private set; } = [];

    public IReadOnlyList<Figures.Week> Weeks { get; private set; } = [];

    public Picture Picture { get; private set; } = null!;

    public double LimitHours { get; private set; }

    public Instant Now { get; private set; }

    public async Task<IActionResult> OnGetAsync(Guid force, Guid council, CancellationToken stop)
    {
        ViewData[Layout.Frame.Wide] = true;
        var flow = new Flow(force, council);
        var all = await Figures.Passages(work, flow, stop);
        if (all is not [var (_, passages)])
        {
            work.NotFound(council);
            return NotFound();
        }
        var known = await bodies.For(work);
        var limit = Figures.Limit(known, work.Now);
        (Now, Force, Council, LimitHours) = (work.Now, known.Agencies[force].Name, known.Agencies[council].Name, limit.TotalHours);
        // How sure a finding is depends on all that the reader may see: the same here as on the page before.
        Findings = [.. (await Figures.Findings(work, bodies, stop)).Where(f => f.Flow == flow)];
        Weeks = await Figures.Weeks(flow, Year, work, stop);
        Picture = Picture.Of(passages, Now - Duration.FromDays(Year), Now, limit);
        await work.Look("how long it took to tell", null);
        return Page();
    }
}
