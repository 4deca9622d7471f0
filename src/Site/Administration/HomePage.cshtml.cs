using Heed.Plumbing;
using Heed.Plumbing.Gov;
using Heed.Site.Access;
using Heed.Site.Clocks;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Administration;

/// <summary>The home of administration: what needs attention, and where each thing is seen to.</summary>
[Permit("administration.read", purpose: "Seeing what needs attention")]
public sealed class HomeModel(Work work, Bodies known) : PageModel
{
    public sealed record Matter(string Words, string Href);

    private sealed record Limit(string Name, string Key);

    public IReadOnlyList<Matter> Gaps { get; private set; } = [];

    public IReadOnlyList<Matter> Others { get; private set; } = [];

    public bool MayStaff { get; private set; }

    public bool MayAll { get; private set; }

    public bool MaySchools { get; private set; }

    public async Task OnGetAsync()
    {
        (MayStaff, MayAll) = (work.Actor.May("staff.manage"), work.Actor.May("partnership.manage"));
        MaySchools = MayAll || MayStaff && work.Actor.AgencyKind == "school";
        var matters = new List<Matter>();
        foreach (var d in (await Agreements.Drafts(work)).Where(d => d.Outcome is null))
        {
            matters.Add(new($"A drafted sharing agreement waits for a second person: {d.Name}", $"/administration/agreements/{(d.AfterVersion > 0 ? d.Key : null)}"));
        }
        foreach (var c in await Keeping.Waiting(work))
        {
            matters.Add(new($"A change of a retention class waits for a second person: {c.Words}", "/administration/retention"));
        }
        if (work.Actor.May("purge.agree"))
        {
            matters.AddRange((await Destroying.Waiting(work)).Select(_ => new Matter("A record whose time is over waits for a second person before it is destroyed", "/administration/retention#Purge")));
        }
        var agreements = await Agreements.All(work);
        if (!agreements.Any(a => a.Stands))
        {
            matters.Add(new("No sharing agreement stands: nobody is told of anything", "/administration/agreements"));
        }
        foreach (var a in agreements.Where(a => a is { Stands: true, Newest: true, Until: { } until } && until < work.Now + Duration.FromDays(60)))
        {
            matters.Add(new($"A sharing agreement ends {TimeTag.InWords(a.Until!.Value, work.Now)}, and nothing follows it: {a.Name}", $"/administration/agreements/{a.Key}"));
        }
        foreach (var l in await work.Ask<Limit>($"select distinct name, key from local_limit where during @> london_today() and (btrim(source) = '' or btrim(agreed_by) = '') order by 1").ToListAsync())
        {
            matters.Add(new($"A local limit names no source, or nobody who agreed it: {l.Name}", "/limits"));
        }
        // A triage scheme is a partnership's choice; the other limits each stand for a duty.
        foreach (var (key, name) in SetLimit.Own.Where(own => !own.Key.StartsWith("triage.", StringComparison.Ordinal)).ExceptBy(await work.Ask<string>($"select distinct key as \"Value\" from local_limit").ToListAsync(), own => own.Key))
        {
            matters.Add(new($"No local limit is set, so that no clock runs: {name}", "/limits"));
        }
        if (!(await Thresholds.All(work)).Any(l => l.Stands))
        {
            matters.Add(new("No level of the threshold document stands: nobody can decide about a child", "/administration/thresholds"));
        }
        if (MayStaff)
        {
            var (bodies, mine) = (await known.For(work), (await Staff.Agencies(work)).Select(a => a.Name).ToHashSet());
            Gaps = [.. (await Rota.Gaps(MayAll ? null : work.Actor.Agency, bodies, work)).Where(g => !g.Above && mine.Contains(g.Agency)).Select(g => new Matter($"{g.Agency}, {g.Team}: {g.Words}", $"/administration/rotas/{g.TeamId}"))];
        }
        Others = matters;
    }
}
