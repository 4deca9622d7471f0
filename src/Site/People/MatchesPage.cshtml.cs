using Heed.Plumbing;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.People;

/// <summary>Near, not certain: who might be the same person, with the reason. Deciding is for a practitioner.</summary>
[Permit("match.read", purpose: "Seeing who may be the same person")]
public sealed class MatchesModel(Work work) : PageModel
{
    public sealed record Line(Guid Id, string Reason, Instant At, string? Name, LocalDate? Born, string Agency, Guid? Person, string? OtherName, LocalDate? OtherBorn, string OtherAgency, Guid? OtherPerson);

    public IReadOnlyList<Line> Lines { get; private set; } = [];

    public Instant Now { get; private set; }

    public async Task OnGetAsync()
    {
        ViewData[Layout.Frame.Wide] = true;
        Now = work.Now;
        Lines = await work.Ask<Line>($"""
            select d.id, d.reason, d.at, concat_ws(' ', m.given, m.family) as name, m.born, a.name as agency, k.person_id as person, concat_ws(' ', o.given, o.family) as other_name, o.born as other_born, b.name as other_agency, j.person_id as other_person
              from (select * from possible_match where state = 'open' order by at desc limit 100) d
              join lateral (select * from mention m where m.source_record_id = d.source_record_id order by recorded_at desc limit 1) m on true join agency a on a.id = m.agency_id
              join lateral (select * from mention m where m.source_record_id = d.other_id order by recorded_at desc limit 1) o on true join agency b on b.id = o.agency_id
              left join link k on k.source_record_id = d.source_record_id and k.undone_at is null left join link j on j.source_record_id = d.other_id and j.undone_at is null
             order by d.at desc
            """).ToListAsync();
        await work.Look("matches", null);
    }
}
