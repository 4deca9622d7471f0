using Heed.Plumbing;
using Heed.Site.Access;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Heed.Site.Timeliness;

/// <summary>How long it took to tell, from the incident, by whatever the reader asks; above it what is wrong with that, with how sure it is.</summary>
[Permit("timeliness.read", purpose: "Seeing how long it took to tell")]
public sealed class TimelinessModel(Work work, Bodies bodies, KeptFindings kept) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string By { get; set; } = "flow";

    [BindProperty(SupportsGet = true)]
    public int Days { get; set; } = 91;

    public IReadOnlyList<Figures.Line> Lines { get; private set; } = [];

    public KeptFindings.Found Found { get; private set; } = null!;

    public Instant Now { get; private set; }

    public Snapshot Bodies { get; private set; } = null!;

    public double LimitHours { get; private set; }

    public async Task OnGetAsync(CancellationToken stop)
    {
        ViewData[Layout.Frame.Wide] = true;
        By = Figures.Dimensions.Contains(By) ? By : "flow";
        Days = Figures.Periods.Contains(Days) ? Days : 91;
        Bodies = await bodies.For(work);
        var limit = Figures.Limit(Bodies, work.Now);
        LimitHours = limit.TotalHours;
        Lines = await Figures.Read(By, Days, limit, work, stop);
        (Found, Now) = (await kept.Findings(work, stop), work.Now);
        await work.Look("how long it took to tell", null);
    }
}
