using Heed.Plumbing;
using Heed.Site.Access;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Timeliness;

/// <summary>One force's telling of one council over a year: what was found, drawn and beside it week by week.</summary>
[Permit("timeliness.read", purpose: "Seeing how long it took to tell")]
public sealed class FlowModel(Work work, Bodies bodies, KeptFindings kept) : PageModel
{
    public const int Recent = 13;

    private const int Year = 364;

    public string Force { get; private set; } = "";

    public string Council { get; private set; } = "";

    public IReadOnlyList<Finding> Findings { get; private set; } = [];

    public IReadOnlyList<Figures.Week> Weeks { get; private set; } = [];

    /// <summary>Of fewer nothing is said, which is no acquittal.</summary>
    public (int Incidents, int Weeks)? TooFew { get; private set; }

    public Picture Picture { get; private set; } = null!;

    public Instant AsAt { get; private set; }

    public double LimitHours { get; private set; }

    public Instant Now { get; private set; }

    /// <summary>Where the cases are that findings name, of those that the reader may open: the force its report or its log's incident, the council its notice.</summary>
    public IReadOnlyDictionary<Guid, string> Cases { get; private set; } = new Dictionary<Guid, string>();

    public async Task<IActionResult> OnGetAsync(Guid force, Guid council, CancellationToken stop)
    {
        ViewData[Layout.Frame.Wide] = true;
        var flow = new Flow(force, council);
        var all = await Figures.Passages(work, [flow], stop);
        if (all is not [var (_, passages)])
        {
            work.NotFound(council);
            return NotFound();
        }
        var known = await bodies.For(work);
        var limit = Figures.Limit(known, work.Now);
        (Now, Force, Council, LimitHours) = (work.Now, known.Agencies[force].Name, known.Agencies[council].Name, limit.TotalHours);
        // How sure a finding is depends on all that the reader may see: the same here as on the page before.
        var found = await kept.Findings(work, stop);
        (Findings, AsAt) = ([.. found.Findings.Where(f => f.Flow == flow)], found.AsAt);
        Guid[] named = [.. Findings.SelectMany(f => new[] { f.Count.First.Id, f.Count.Last.Id }).Distinct()];
        Cases = (await work.Ask<Case>($"""
            select id, '/reports/' || id as at from report where id = any ({named}) and agency_id = {work.Actor.Agency}
            union all select distinct on (report_id) report_id, '/notices/' || id from notice where report_id = any ({named}) and to_agency = {work.Actor.Agency}
            union all select i.id, '/incidents/' || u.id from incident i join untold u on u.incident_id = i.id where i.id = any ({named})
            """).ToListAsync(stop)).DistinctBy(c => c.Id).ToDictionary(c => c.Id, c => c.At);
        Weeks = await Figures.Weeks(flow, Year, work, stop);
        TooFew = passages.Count < Detectors.LeastIncidents || Weeks.Count < Detectors.LeastWeeks ? (passages.Count, Weeks.Count) : null;
        Picture = Picture.Of(passages, Now - Duration.FromDays(Year), Now, limit);
        await work.Look("how long it took to tell", null);
        return Page();
    }

    private sealed record Case(Guid Id, string At);
}
