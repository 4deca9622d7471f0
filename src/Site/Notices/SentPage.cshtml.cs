using Heed.Plumbing;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Heed.Site.Notices;

[Permit("report.read", purpose: "Following what became of reports")]
public sealed class SentModel(Work work) : PageModel
{
    public IReadOnlyList<Sent.Line> Lines { get; private set; } = [];

    public Instant Now { get; private set; }

    [BindProperty(SupportsGet = true, Name = "page-number")]
    public int Number { get; set; } = 1;

    public async Task OnGetAsync()
    {
        ViewData[Layout.Frame.Wide] = true;
        Now = work.Now;
        Lines = await Sent.Read(work, Number);
        await work.Look("sent reports", null);
    }
}
