using System.Text.Json;
using Heed.Plumbing;
using Heed.Site.Access;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Notices;

/// <summary>The sender's page of a report: who has it, who opened it, who took responsibility.</summary>
[Permit("report.read", purpose: "Following what became of a report")]
public sealed class ReceiptModel(Work work, Bodies bodies) : PageModel
{
    public Receipt Receipt { get; private set; } = null!;

    public Report Report { get; private set; } = null!;

    public ReportIn Said { get; private set; } = null!;

    public IReadOnlyList<Clocks.Clock> Clocks { get; private set; } = [];

    public Instant Now { get; private set; }

    public async Task<IActionResult> OnGetAsync(Guid id)
    {
        if (await Receipt.Of(id, work, bodies) is not { } receipt)
        {
            work.NotFound(id);
            return NotFound();
        }
        (Receipt, Now) = (receipt, work.Now);
        Report = await work.All<Report>().AsNoTracking().SingleAsync(r => r.Id == id);
        Said = JsonSerializer.Deserialize(Report.Content, ShownJson.Default.ReportIn)!;
        Clocks = await work.All<Clocks.Clock>().AsNoTracking().Where(c => c.ReportId == id && c.AgencyId == work.Actor.Agency).OrderBy(c => c.DueAt).ToListAsync();
        await work.Look("report", id, [Report.AgencyId]);
        return Page();
    }
}
