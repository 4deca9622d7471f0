using Heed.Plumbing;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Clocks;

/// <summary>Breached in the open: every clock of the agency that ran out, whether or not it was met since, with its reason or the lack of one.</summary>
[Permit("clock.read", purpose: "Seeing what was late")]
public sealed class LateModel(Work work) : PageModel
{
    public sealed record Line(Guid Id, string Words, string Team, string Agency, string State, Instant DueAt, Instant? StoppedAt, string? ClimbedTo, string Above, string? LateReason, string? Manager, Instant? AgreedAt, int InAll);

    private const int Shown = 200;

    public IReadOnlyList<Line> Lines { get; private set; } = [];

    public Instant Now { get; private set; }

    public async Task OnGetAsync()
    {
        ViewData[Layout.Frame.Wide] = true;
        Now = work.Now;
        var (me, wide) = (work.Actor.Id, work.Actor.Reach == "agency");
        Lines = await work.Ask<Line>($"""
            with late as materialized (
                select c.id, c.state, c.late_reason, c.due_at from clock c
                 where (c.state = 'breached' or c.state = 'met-late' and c.due_at > heed_now() - interval '35 days')
                   and (c.team_id = any (array(select t.id from team t where t.id = any ({work.Actor.Teams}) or {wide} and t.agency_id = {work.Actor.Agency})))
                union
                select c.id, c.state, c.late_reason, c.due_at from clock c where c.id = any ((select climbed_to_me() || asked_to_agree())::uuid[]) or c.practitioner_id = {me} and c.state = 'breached')
            select c.id, c.words, t.name as team, a2.name as agency, c.state, c.due_at, c.stopped_at, p.name as climbed_to, coalesce(u.name || ', ' || a2.name || coalesce(', ' || u.telephone, ''), a2.name) as above, c.late_reason, a.name as manager, c.late_agreed_at as agreed_at,
                   l.in_all::int as in_all
              from (select id, count(*) over () as in_all from late order by (state = 'breached') desc, (late_reason is null) desc, due_at limit {Shown}) l
              join clock c using (id) join team t on t.id = c.team_id join agency a2 on a2.id = c.agency_id left join team u on u.id = t.above_id left join practitioner p on p.id = c.climbed_to left join practitioner a on a.id = c.late_manager
             order by (c.state = 'breached') desc, (c.late_reason is null) desc, c.due_at
            """).ToListAsync();
        await work.Look("late clocks", null);
    }
}
