using Heed.Plumbing;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Clocks;

/// <summary>Breached in the open: every clock of the agency that ran out, whether or not it was met since, with its reason or the lack of one.</summary>
[Permit("clock.read", purpose: "Seeing what was late")]
public sealed class LateModel(Work work) : PageModel
{
    public sealed record Line(Guid Id, string Words, string Team, string Agency, string State, Instant DueAt, Instant? StoppedAt, string? ClimbedTo, string Above, string? LateReason, string? Manager, Instant? AgreedAt);

    public IReadOnlyList<Line> Lines { get; private set; } = [];

    public Instant Now { get; private set; }

    public async Task OnGetAsync()
    {
        ViewData[Layout.Frame.Wide] = true;
        Now = work.Now;
        Lines = await work.Ask<Line>($"""
            select c.id, c.words, t.name as team, a2.name as agency, c.state, c.due_at, c.stopped_at, p.name as climbed_to, coalesce(u.name || ', ' || a2.name, a2.name) as above, c.late_reason, a.name as manager, c.late_agreed_at as agreed_at
              from clock c join team t on t.id = c.team_id join agency a2 on a2.id = c.agency_id left join team u on u.id = t.above_id left join practitioner p on p.id = c.climbed_to left join practitioner a on a.id = c.late_manager
             where c.state = 'breached' or c.state = 'met-late' and c.due_at > heed_now() - interval '35 days'
             order by (c.state = 'breached') desc, (c.late_reason is null) desc, c.due_at limit 200
            """).ToListAsync();
        await work.Look("late clocks", null);
    }
}
