using Heed.Plumbing;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Access;

/// <summary>Who of this agency looked at what, and who of others looked at what this agency holds.</summary>
[Permit("look.read", purpose: "Seeing who looked at what")]
public sealed class LooksModel(Work work) : PageModel
{
    public sealed record Line(Instant At, string Name, string Agency, string Purpose, string AtWhat, Guid? SubjectId);

    public sealed record Knock(Instant At, string What, string By);

    public IReadOnlyList<Line> Lines { get; private set; } = [];

    public IReadOnlyList<Knock> Alerts { get; private set; } = [];

    public Instant Now { get; private set; }

    public async Task OnGetAsync()
    {
        ViewData[Layout.Frame.Wide] = true;
        Now = work.Now;
        Lines = await work.Ask<Line>($"select l.at, p.name, a.name as agency, l.purpose, l.at_what, l.subject_id from look l join practitioner p on p.id = l.actor join agency a on a.id = l.agency_id order by l.at desc, l.id desc limit 200").ToListAsync();
        Alerts = await work.Ask<Knock>($"select x.at, x.what, p.name as by from alert x join practitioner p on p.id = x.by order by x.at desc limit 50").ToListAsync();
        await work.Look("looks", null);
    }
}
