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

    public Kept Kept { get; private set; } = null!;

    public ReportIn Said => Kept.Said;

    public IReadOnlyList<Clocks.Clock> Clocks { get; private set; } = [];

    public IReadOnlyList<Searched.Line> Searched { get; private set; } = [];

    public IReadOnlyList<Graded> DesksGrades { get; private set; } = [];

    public Instant Now { get; private set; }

    public bool CanTelephone { get; private set; }

    /// <summary>By a new version, in the form.</summary>
    public bool CanCorrect { get; private set; }

    /// <summary>By notice, for whoever must still be telephoned.</summary>
    public IReadOnlyDictionary<Guid, Ring> Rings { get; private set; } = new Dictionary<Guid, Ring>();

    [BindProperty]
    public Guid? Notice { get; set; }

    [BindProperty]
    public string? Whom { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    [BindProperty(SupportsGet = true, Name = "said")]
    public string? Done { get; set; }

    public async Task<IActionResult> OnGetAsync(Guid id) => await Show(id, work) ? Page() : NotFound();

    [Permit("report.send", purpose: "Telling by telephone whom Heed cannot tell")]
    public async Task<IActionResult> OnPostAsync(Guid id)
    {
        var no = await Telephone.Handle(new(Notice ?? Guid.Empty, Whom, Words), work);
        if (no is null)
        {
            return Redirect($"/reports/{id}?said=told");
        }
        return await this.ShowAgain(no, again => Show(id, again)) ? this.Refused(no) : NotFound();
    }

    private async Task<bool> Show(Guid id, Work seeing)
    {
        if (await Receipt.Of(id, seeing, bodies) is not { } receipt)
        {
            seeing.NotFound(id);
            return false;
        }
        (Receipt, Now) = (receipt, seeing.Now);
        CanTelephone = seeing.Actor.May("report.send") && receipt.CorrectedBy is null;
        Report = await seeing.All<Report>().AsNoTracking().SingleAsync(r => r.Id == id);
        Kept = await Kept.Of(Report, seeing);
        CanCorrect = seeing.Actor.May("report.write") && receipt.CorrectedBy is null && Report.AgencyId == seeing.Actor.Agency && !await Kept.Any(id, seeing);
        Clocks = await seeing.All<Clocks.Clock>().AsNoTracking().Where(c => c.ReportId == id && c.AgencyId == seeing.Actor.Agency && c.State != "cancelled").OrderBy(c => c.DueAt).ToListAsync();
        DesksGrades = await Graded.Of(id, seeing);
        Searched = await Notices.Searched.Of(id, seeing);
        var snapshot = await bodies.For(seeing);
        Rings = (await seeing.All<Notice>().Where(n => n.ReportId == id && n.ByHand).Select(n => new { n.Id, n.ToAgency }).ToListAsync()).ToDictionary(n => n.Id, n => snapshot.Ring(n.ToAgency, null, byHand: true, Now));
        await seeing.Look("report", id, [Report.AgencyId]);
        return true;
    }
}
