using Heed.Plumbing;
using Heed.Plumbing.Gov;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Clocks;

/// <summary>One clock: its limit and where that is written, from when it counts, all that happened to it; and the reason if it was late.</summary>
[Permit("clock.read", purpose: "Seeing a clock")]
public sealed class ClockModel(Work work) : PageModel
{
    public sealed record Happening(Instant At, string What, string? Told, string? Actor, string? Words);

    public sealed record Names(string Team, string Agency, string? Practitioner, string? ClimbedTo, string? StoppedBy, string? Manager, string? SaidBy, bool NoticeIsMine, string Ask, string Above, Guid? Emergency);

    public Clock Clock { get; private set; } = null!;

    public Names Who { get; private set; } = null!;

    public IReadOnlyList<Happening> Events { get; private set; } = [];

    public Statute.Limit? Limit { get; private set; }

    public IReadOnlyList<Choice> Managers { get; private set; } = [];

    public bool CanExplain { get; private set; }

    public bool CanAgree { get; private set; }

    public Instant Now { get; private set; }

    [BindProperty]
    public string? Reason { get; set; }

    [BindProperty]
    public Guid? Manager { get; set; }

    [BindProperty]
    public bool? Agrees { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Said { get; set; }

    public async Task<IActionResult> OnGetAsync(Guid id) => await Show(id, work) ? Page() : NotFound();

    [Permit("clock.explain", purpose: "Saying why something was late")]
    public async Task<IActionResult> OnPostAsync(Guid id) => await Done(id, await Explain.Handle(new(id, Reason, Manager), work), "explained");

    [Permit("clock.explain", purpose: "Agreeing to why something was late")]
    public async Task<IActionResult> OnPostAgreeAsync(Guid id) => await Done(id, await Agree.Handle(new(id, Agrees, Words), work), Agrees == true ? "agreed" : "refused");

    private async Task<IActionResult> Done(Guid id, Refusal? no, string said)
    {
        if (no is null)
        {
            return Redirect($"/clocks/{id}?said={said}");
        }
        return await this.ShowAgain(no, again => Show(id, again)) ? this.Refused(no) : NotFound();
    }

    private async Task<bool> Show(Guid id, Work seeing)
    {
        Now = seeing.Now;
        if (await seeing.All<Clock>().AsNoTracking().FirstOrDefaultAsync(c => c.Id == id) is not { } clock)
        {
            seeing.NotFound(id);
            return false;
        }
        Clock = clock;
        Limit = Statute.Law.TryFind(clock.LimitKey, out var limit) ? limit : null;
        Who = await seeing.Ask<Names>($"""
            select t.name as team, a.name as agency, p.name as practitioner, k.name as climbed_to, s.name as stopped_by, g.name as manager, x.name as said_by,
                   exists (select 1 from notice n where n.id = c.notice_id and n.to_agency = any ({seeing.Actor.Agencies})) as notice_is_mine,
                   -- Of a team's own restricted notice its managers are whom to ask: who of them is on duty, or who will be told next that it is late.
                   coalesce((select p.name from unnest(ladder(c.team_id, heed_now())) with ordinality l(id, n) join practitioner p on p.id = l.id join post o on o.practitioner_id = l.id and o.during @> heed_now() join role r on r.key = o.role
                              where c.agency_id = {seeing.Actor.Agency} and p.agency_id = c.agency_id and r.reach = 'agency' order by l.n limit 1), t.name) as ask, coalesce(u.name || ', ' || a.name || coalesce(', ' || u.telephone, ''), a.name) as above,
                   (select e.id from emergency_access e where e.clock_id = c.id) as emergency
              from clock c join team t on t.id = c.team_id join agency a on a.id = c.agency_id left join team u on u.id = t.above_id left join practitioner p on p.id = c.practitioner_id left join practitioner k on k.id = c.climbed_to
              left join practitioner s on s.id = c.stopped_by left join practitioner g on g.id = c.late_manager left join practitioner x on x.id = c.late_said_by
             where c.id = {id}
            """).SingleAsync();
        Events = await seeing.Ask<Happening>($"select e.at, e.what, p.name as told, q.name as actor, e.words from clock_event e left join practitioner p on p.id = e.told left join practitioner q on q.id = e.actor where e.clock_id = {id} order by e.ordinal").ToListAsync();
        var mine = seeing.Actor.May("clock.explain") && seeing.Actor.Agencies.Contains(clock.AgencyId);
        CanExplain = mine && clock.State is ("breached" or "met-late") && clock.LateAgreedAt is null && (clock.LateReason is null || clock.LateSaidBy == seeing.Actor.Id);
        CanAgree = mine && clock.LateAgreedAt is null && clock.LateManager == seeing.Actor.Id;
        if (CanExplain)
        {
            Managers = [.. (await Explain.Managers(clock, seeing)).Select(m => new Choice(m.Id.ToString(), $"{m.Name}, {m.Rank}"))];
            (Reason, Manager) = (Reason ?? clock.LateReason, Manager ?? clock.LateManager);
        }
        return true;
    }
}
