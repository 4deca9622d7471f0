using Heed.Matching;
using Heed.Plumbing;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.People;

/// <summary>Two records side by side, field by field, with the household of each and what is known of it: for somebody to decide.</summary>
[Permit("match.read", purpose: "Seeing who may be the same person")]
public sealed class MatchModel(Work work) : PageModel
{
    public sealed record View(Guid Id, string State, string Reason, string Rules, Instant At, string? Comparison, Guid One, Guid Other, string? OneName, string? OtherName, string OneAgency, string OtherAgency, string? DecidedBy, Instant? DecidedAt, string? DecidedReason);

    public sealed record Side(Guid Person, string? Name, string Agency, History History, IReadOnlyList<Child.Housemate> Household, Family Family);

    public View Match { get; private set; } = null!;

    public IReadOnlyList<FieldComparison> Fields { get; private set; } = [];

    public Waterfall? Waterfall { get; private set; }

    public IReadOnlyList<Side> Sides { get; private set; } = [];

    public Instant Now { get; private set; }

    public bool CanDecide { get; private set; }

    [BindProperty]
    public string? Same { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public async Task<IActionResult> OnGetAsync(Guid id) => await Show(id, work) ? Page() : NotFound();

    [Permit("match.decide", purpose: "Deciding who is the same person")]
    public async Task<IActionResult> OnPostAsync(Guid id)
    {
        if (await DecideMatch.Handle(new(id, Same switch { "same" => true, "different" => false, _ => null }, Reason), work) is not { } no)
        {
            return Redirect($"/matches?said={Same}");
        }
        return await this.ShowAgain(no, again => Show(id, again)) ? this.Refused(no) : NotFound();
    }

    private async Task<bool> Show(Guid id, Work seeing)
    {
        (Now, CanDecide) = (seeing.Now, seeing.Actor.May("match.decide"));
        var found = await seeing.Ask<View>($"""
            select d.id, d.state, d.reason, d.rules, d.at, nearness(d.id)::text as comparison, k.person_id as one, j.person_id as other, nullif(concat_ws(' ', m.given, m.family), '') as one_name, nullif(concat_ws(' ', o.given, o.family), '') as other_name,
                   a.name as one_agency, b.name as other_agency, p.name as decided_by, d.decided_at, d.decided_reason
              from possible_match d join link k on k.source_record_id = d.source_record_id and k.undone_at is null join link j on j.source_record_id = d.other_id and j.undone_at is null
              join lateral (select * from mention m where m.source_record_id = d.source_record_id order by recorded_at desc limit 1) m on true join agency a on a.id = m.agency_id
              join lateral (select * from mention m where m.source_record_id = d.other_id order by recorded_at desc limit 1) o on true join agency b on b.id = o.agency_id left join practitioner p on p.id = d.decided_by
             where d.id = {id}
            """).FirstOrDefaultAsync();
        if (found is null)
        {
            seeing.NotFound(id);
            return false;
        }
        Match = found;
        var compared = Waterfall.Read(found.Comparison);
        (Fields, Waterfall) = ([.. compared.Where(line => line.Field < Field.Beforehand)], Waterfall.Of(compared));
        var sides = new List<Side>();
        foreach (var (person, name, agency) in new[] { (found.One, found.OneName, found.OneAgency), (found.Other, found.OtherName, found.OtherAgency) })
        {
            sides.Add(new(person, name, agency, await History.Read(person, seeing), await Child.HouseholdOf(person, seeing), await Family.Read(person, seeing)));
            await seeing.Look("person", person, records: await Child.RecordsOf(person, seeing));
        }
        Sides = sides;
        return true;
    }
}
