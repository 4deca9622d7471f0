using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Site.Clocks;
using Heed.Site.Layout;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using NodaTime;

namespace Heed.Site.Notices;

/// <summary>The home page of everybody who must act.</summary>
[Permit("worklist.read", purpose: "Seeing what is to be done")]
public sealed class WorklistModel(Work work, Bodies bodies, IStringLocalizer<PageWords> words) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string View { get; set; } = "team";

    [BindProperty(SupportsGet = true)]
    public string State { get; set; } = "";

    [BindProperty(SupportsGet = true)]
    public string Kind { get; set; } = "";

    [BindProperty(SupportsGet = true, Name = "page-number")]
    public int Number { get; set; } = 1;

    public IReadOnlyList<Worklist.Line> Lines { get; private set; } = [];

    public bool More { get; private set; }

    public Instant Now { get; private set; }

    public Guid Me { get; private set; }

    public bool CanSeeAgency { get; private set; }

    public bool CanTake { get; private set; }

    public bool CanSettle => work.Actor.May("exchange.settle");

    public bool SeesNobody { get; private set; }

    /// <summary>A rota with nobody on it, for whoever must see to it.</summary>
    public sealed record RotaFault(string Agency, string Team, int Clocks, Instant Since);

    public IReadOnlyList<RotaFault> RotaFaults { get; private set; } = [];

    /// <summary>Of mine to confirm: what I read was about two children shown as one.</summary>
    public int Mistakes { get; private set; }

    /// <summary>Emergency access of mine whose review I have not read.</summary>
    public int Reviewed { get; private set; }

    /// <summary>Tasks for work of the program that is stuck; for whoever answers for the installation.</summary>
    public int Stuck { get; private set; }

    /// <summary>One's own reports that are not sent, and since when the oldest is not.</summary>
    public NotSent? Unsent { get; private set; }

    public sealed record NotSent(int Reports, Instant Since);

    private sealed record OfMine(int Mistakes, int Reviewed, int Opened, int Reports, Instant? Since);

    /// <summary>Records of this agency that another opened in an emergency, of which this actor has not read yet: whoever answers for who looked learns of it where they look first.</summary>
    public int OpenedByOthers { get; private set; }

    public string[] TeamNames { get; private set; } = [];

    public async Task OnGetAsync()
    {
        ViewData[Frame.Wide] = true;
        (Now, Me, CanSeeAgency, CanTake, SeesNobody) = (work.Now, work.Actor.Id, work.Actor.Reach == "agency", work.Actor.May("notice.take"), work.Actor.Reach == "none");
        if (SeesNobody)
        {
            Stuck = await work.One<int>($"select count(*)::int from clock where limit_key = {Start.Stuck} and state in ('running', 'warned', 'breached')");
            RotaFaults = await work.Ask<RotaFault>($"select agency, team, clocks, since from rota_faults()").ToListAsync();
        }
        // What only a number is shown of, in one statement: each one more waits behind all that runs beside it.
        var mine = await work.Ask<OfMine>($"""
            select (select count(*)::int from mistaken where practitioner_id = {work.Actor.Id} and confirmed_at is null) as mistakes,
                   (select count(*)::int from emergency_access where {work.Actor.May("emergency.open")} and practitioner_id = {work.Actor.Id} and reviewed_at is not null and told_at is null) as reviewed,
                   (select count(*)::int from emergency_access e where {work.Actor.May("emergency.read") && work.Actor.May("look.read")} and e.owners @> {new[] { work.Actor.Agency }} and e.agency_id <> {work.Actor.Agency} and e.at > {work.Now - Duration.FromDays(30)}
                       and not exists (select 1 from look l where l.subject_id = e.id and l.at_what = 'emergency access' and l.actor = {work.Actor.Id})) as opened, d.reports, d.since
              from (select count(*)::int as reports, min(begun_at) as since from draft where {work.Actor.May("report.write")} and owner_id = {work.Actor.Id} and report_id is null and thrown_away_at is null) d
            """).SingleAsync();
        (Mistakes, Reviewed, OpenedByOthers, Unsent) = (mine.Mistakes, mine.Reviewed, mine.Opened, mine.Since is { } since ? new(mine.Reports, since) : null);
        var all = await Worklist.Read(new(View, State ?? "", Kind ?? "", Number), work, bodies, words[Called.Unborn]);
        (Lines, More) = ([.. all.Take(Worklist.PageSize)], all.Count > Worklist.PageSize);
        var snapshot = await bodies.For(work);
        TeamNames = [.. Worklist.Mine(work, snapshot).Select(t => snapshot.Teams[t]).Select(t => t.AgencyId == work.Actor.Agency ? t.Name : $"{t.Name}, {snapshot.Agencies[t.AgencyId].Name}").Order()];
        await work.Look("worklist", null);
    }

    [Permit("notice.take", purpose: "Taking a notice")]
    public async Task<IActionResult> OnPostTakeAsync(Guid notice)
    {
        if (await Take.Handle(new(notice), work) is { } no)
        {
            return no.Kind == No.NotFound ? NotFound() : Redirect($"/notices/{notice}?said=taken-by-another");
        }
        return Redirect($"/notices/{notice}");
    }

    /// <summary>This page's address with one thing changed.</summary>
    public string With(string? view = null, string? state = null, string? kind = null, int page = 1) =>
        $"/?view={Uri.EscapeDataString(view ?? View)}&state={Uri.EscapeDataString(state ?? State ?? "")}&kind={Uri.EscapeDataString(kind ?? Kind ?? "")}{(page > 1 ? $"&page-number={page}" : "")}";
}
