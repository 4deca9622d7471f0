using Heed.Plumbing;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.People;

/// <summary>One link: why it was made; undoing it; and, once undone, who had read or decided on the wrong child's history and who has confirmed that they know.</summary>
[Permit("match.read", purpose: "Seeing why a record is held to be somebody's")]
public sealed class PartModel(Work work) : PageModel
{
    public sealed record View(Guid Id, Guid Record, Guid Person, string? Name, string Agency, string? Number, string Rules, string Reason, Instant At, string MadeBy, Instant? UndoneAt, string? UndoneReason, int Together, string? Comparison);

    public View Link { get; private set; } = null!;

    public IReadOnlyList<Mistake.Line> Told { get; private set; } = [];

    public Waterfall? Waterfall { get; private set; }

    public Instant Now { get; private set; }

    public bool CanPart { get; private set; }

    [BindProperty]
    public string? Reason { get; set; }

    public async Task<IActionResult> OnGetAsync(Guid id) => await Show(id, work) ? Page() : NotFound();

    [Permit("match.decide", purpose: "Parting records that are not of one person")]
    public async Task<IActionResult> OnPostAsync(Guid id)
    {
        if (await Part.Handle(new(id, Reason), work) is not { } no)
        {
            return Redirect($"/links/{id}");
        }
        return await this.ShowAgain(no, again => Show(id, again)) ? this.Refused(no) : NotFound();
    }

    private async Task<bool> Show(Guid id, Work seeing)
    {
        (Now, CanPart) = (seeing.Now, seeing.Actor.May("match.decide"));
        var found = await seeing.Ask<View>($"""
            select k.id, k.source_record_id as record, k.person_id as person, name_of_person(k.person_id) as name, a.name as agency, s.number, k.rules, k.reason, k.at, p.name as made_by, k.undone_at, k.undone_reason,
                   (select count(*)::int from link x where x.joined_by = k.joined_by and x.person_id = k.person_id) as together, working(k.id)::text as comparison
              from link k join source_record s on s.id = k.source_record_id join agency a on a.id = s.agency_id join practitioner p on p.id = k.actor where k.id = {id}
            """).FirstOrDefaultAsync();
        if (found is null)
        {
            seeing.NotFound(id);
            return false;
        }
        (Link, Waterfall) = (found, Waterfall.Of(found.Comparison));
        Told = found.UndoneAt is null ? [] : await Mistake.Of(id, seeing);
        await seeing.Look("person", found.Person, records: [found.Record]);
        return true;
    }
}
