using Heed.Plumbing;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.People;

/// <summary>Near, not certain: who might be the same person, one line for two people however many of their records are near.</summary>
[Permit("match.read", purpose: "Seeing who may be the same person")]
public sealed class MatchesModel(Work work) : PageModel
{
    public sealed record Line(Guid Id, string Reason, Instant At, string? Name, LocalDate? Born, string Agency, string? OtherName, LocalDate? OtherBorn, string OtherAgency, int Records);

    public IReadOnlyList<Line> Lines { get; private set; } = [];

    [BindProperty(SupportsGet = true)]
    public string? Said { get; set; }

    public Instant Now { get; private set; }

    public async Task OnGetAsync()
    {
        ViewData[Layout.Frame.Wide] = true;
        Now = work.Now;
        Lines = await work.Ask<Line>($"""
            with pairs as (
                select distinct on (least(k.person_id, j.person_id), greatest(k.person_id, j.person_id)) d.id, d.source_record_id, d.other_id, d.reason, d.at, count(*) over (partition by least(k.person_id, j.person_id), greatest(k.person_id, j.person_id))::int as records
                  from (select id, source_record_id, other_id, reason, at from possible_match where state = 'open' order by at desc limit 400) d
                  join link k on k.source_record_id = d.source_record_id and k.undone_at is null join link j on j.source_record_id = d.other_id and j.undone_at is null and j.person_id <> k.person_id
                 order by least(k.person_id, j.person_id), greatest(k.person_id, j.person_id), d.at desc)
            select d.id, d.reason, d.at, nullif(concat_ws(' ', m.given, m.family), '') as name, m.born, a.name as agency, nullif(concat_ws(' ', o.given, o.family), '') as other_name, o.born as other_born, b.name as other_agency, d.records
              from (select * from pairs order by at desc limit 100) d
              join lateral (select * from mention m where m.source_record_id = d.source_record_id order by recorded_at desc limit 1) m on true join agency a on a.id = m.agency_id
              join lateral (select * from mention m where m.source_record_id = d.other_id order by recorded_at desc limit 1) o on true join agency b on b.id = o.agency_id
             order by d.at desc
            """).ToListAsync();
        await work.Look("matches", null);
    }
}
