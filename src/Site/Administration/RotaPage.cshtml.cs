using System.Globalization;
using Heed.Plumbing;
using Heed.Plumbing.Gov;
using Heed.Site.Access;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;
using NodaTime.Text;

namespace Heed.Site.Administration;

/// <summary>The rota of one team, this week and next: who is there now and above, where nobody is, and who answers while it is closed.</summary>
[Permit("staff.manage", purpose: "Managing an agency's rotas")]
public sealed class RotaModel(Work work, Bodies known) : PageModel
{
    public Access.Team? Team { get; private set; }

    public Access.Agency Agency { get; private set; } = null!;

    public IReadOnlyList<Access.Team> Teams { get; private set; } = [];

    public Snapshot Bodies { get; private set; } = null!;

    public IReadOnlyList<Rota.Gap> Gaps { get; private set; } = [];

    public IReadOnlyList<Rota.Turn> Turns { get; private set; } = [];

    public IReadOnlyList<Rota.OnDuty> OnDuty { get; private set; } = [];

    public IReadOnlyList<Rota.Absent> Absent { get; private set; } = [];

    public IReadOnlyList<Staff.Line> People { get; private set; } = [];

    public Instant Now { get; private set; }

    [BindProperty] public Guid? Person { get; set; }

    [BindProperty] public int Rung { get; set; }

    [BindProperty] public TypedDate Day { get; set; } = new();

    [BindProperty] public string? From { get; set; }

    [BindProperty] public string? Until { get; set; }

    [BindProperty] public Guid? Absentee { get; set; }

    [BindProperty] public TypedDate AwayFrom { get; set; } = new();

    [BindProperty] public TypedDate AwayUntil { get; set; } = new();

    [BindProperty] public string? Why { get; set; }

    [BindProperty] public Guid? CoveredBy { get; set; }

    [BindProperty] public Guid? Above { get; set; }

    [BindProperty] public string? TeamName { get; set; }

    [BindProperty] public string? Opens { get; set; }

    [BindProperty] public string? Closes { get; set; }

    [BindProperty] public string? Telephone { get; set; }

    /// <summary>The form that was refused, and stands open.</summary>
    public string? Form { get; private set; }

    public async Task<IActionResult> OnGetAsync(Guid? team) => await Show(team) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(Guid team) => await Answer(team, "Turn", await Rota.Add(new(team, Person, Rung, Day.Date, Time(From), Time(Until)), await known.For(work), work));

    public async Task<IActionResult> OnPostOffAsync(Guid team, Guid person, long from) => await Answer(team, null, await Rota.TakeOff(team, person, Micros(from), await known.For(work), work));

    public async Task<IActionResult> OnPostAwayAsync(Guid team) => await Answer(team, "Away", await Rota.Away(Absentee, AwayFrom.Date, AwayUntil.Date, Why, work));

    public async Task<IActionResult> OnPostBackAsync(Guid team, Guid person, long from) => await Answer(team, null, await Rota.Back(person, Micros(from), work));

    public async Task<IActionResult> OnPostRouteAsync(Guid team) => await Answer(team, "Route", await Rota.Route(team, CoveredBy, Above, await known.For(work), work));

    [Permit("staff.manage", purpose: "Managing an agency's teams")]
    public async Task<IActionResult> OnPostTeamAsync(Guid team)
    {
        var (opens, closes) = (Time(Opens), Time(Closes));
        if (opens is null && !string.IsNullOrWhiteSpace(Opens) || closes is null && !string.IsNullOrWhiteSpace(Closes))
        {
            // What is no time is not taken for none.
            (opens, closes) = (LocalTime.Midnight, null);
        }
        return await Answer(team, "Team", await ChangeTeam.Handle(new(team, TeamName, opens, closes, Telephone), await known.For(work), work));
    }

    /// <summary>An instant as a form carries it: PostgreSQL keeps microseconds.</summary>
    public static long Micros(Instant at) => at.ToUnixTimeTicks() / 10;

    private static Instant Micros(long micros) => micros is > 0 and < 100_000_000_000_000_000 ? Instant.FromUnixTimeTicks(micros * 10) : NodaConstants.UnixEpoch;

    private static LocalTime? Time(string? typed) => LocalTimePattern.CreateWithInvariantCulture("H:mm").Parse(typed?.Trim() ?? "") is { Success: true } at ? at.Value : null;

    private async Task<IActionResult> Answer(Guid team, string? form, Refusal? no)
    {
        Form = form;
        if (no is null)
        {
            return Redirect($"/administration/rotas/{team}");
        }
        return no.Kind == No.NotFound || !await Show(team) ? NotFound() : this.Refused(no);
    }

    private async Task<bool> Show(Guid? id)
    {
        (Now, Bodies) = (work.Now, await known.For(work));
        var mine = (await Staff.Agencies(work)).Select(a => a.Id).ToHashSet();
        Teams = [.. Bodies.Teams.Values.Where(t => mine.Contains(t.AgencyId)).OrderBy(t => Bodies.Agencies[t.AgencyId].Name).ThenBy(t => t.Name)];
        if (id is null)
        {
            Gaps = [.. (await Rota.Gaps(null, Bodies, work)).Where(g => Teams.Any(t => t.Id == g.TeamId))];
            return true;
        }
        if (Teams.FirstOrDefault(t => t.Id == id) is not { } team)
        {
            return false;
        }
        (Team, Agency) = (team, Bodies.Agencies[team.AgencyId]);
        if (Form != "Team")
        {
            (TeamName, Opens, Closes, Telephone) = (team.Name, Written(team.Opens), Written(team.Closes), team.Telephone);
        }
        Gaps = [.. (await Rota.Gaps(team.AgencyId, Bodies, work)).Where(g => g.TeamId == team.Id)];
        (Turns, OnDuty, Absent, People) = (await Rota.Turns(team.Id, work), await Rota.Now(team.Id, work), await Rota.Away(team.AgencyId, work), [.. (await Staff.Of(team.AgencyId, work)).DistinctBy(p => p.Id).OrderBy(p => p.Name)]);
        return true;
    }

    private static string? Written(LocalTime? at) => at?.ToString("HH:mm", CultureInfo.InvariantCulture);
}
