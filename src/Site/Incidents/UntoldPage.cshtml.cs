using Heed.Plumbing;
using Heed.Site.Access;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Heed.Site.Incidents;

/// <summary>One incident that nobody was told of, for the force's desk: why it is asked about, which reports may tell of it, and what was said.</summary>
[Permit("incident.read", purpose: "Seeing what nobody was told of")]
public sealed class UntoldModel(Work work, Bodies bodies) : PageModel
{
    public Untold.Whole Incident { get; private set; } = null!;

    public IReadOnlyList<Untold.Said> Answers { get; private set; } = [];

    public IReadOnlyList<Untold.Maybe> Reports { get; private set; } = [];

    public bool Settles => work.Actor.May("incident.settle") && Incident.State == "open";

    public Instant Now { get; private set; }

    [BindProperty]
    public string? What { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    [BindProperty]
    public Guid? Report { get; set; }

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken stop) => await Show(id, work, stop) ? Page() : NotFound();

    [Permit("incident.settle", purpose: "Saying what an incident was that nobody was told of")]
    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken stop)
    {
        var no = await Answer.Handle(new(id, What, Reason, Report), work, bodies, stop);
        if (no is null)
        {
            return Redirect("/incidents?said=answered");
        }
        return await this.ShowAgain(no, again => Show(id, again, stop)) ? this.Refused(no) : NotFound();
    }

    private async Task<bool> Show(Guid id, Work seeing, CancellationToken stop)
    {
        if (await Untold.One(id, seeing, stop) is not { } incident)
        {
            seeing.NotFound(id);
            return false;
        }
        (Incident, Now) = (incident, seeing.Now);
        Answers = await Untold.Answers(id, seeing, stop);
        Reports = await Untold.Reports(incident.IncidentId, seeing, stop);
        await seeing.Look("incident that nobody was told of", id);
        return true;
    }
}
