using Heed.Plumbing;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Heed.Site.Writing;

[Permit("report.grade", purpose: "Working the desk's queue of reports")]
public sealed class DeskModel(Work work) : PageModel
{
    public IReadOnlyList<Desk.Line> Lines { get; private set; } = [];

    public Instant Now { get; private set; }

    public async Task OnGetAsync()
    {
        ViewData[Layout.Frame.Wide] = true;
        (Now, Lines) = (work.Now, await Desk.Read(work));
        await work.Look("desk", null);
    }
}
