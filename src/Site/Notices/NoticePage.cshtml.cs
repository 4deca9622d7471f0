using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Site.People;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Notices;

/// <summary>One notice: what was known before, what is said now, and what its team does with it.</summary>
[Permit("notice.read", purpose: "Reading a notice about a child")]
public sealed class NoticeModel(Work work, Bodies bodies) : PageModel
{
    public OpenNotice.View Notice { get; private set; } = null!;

    /// <summary>What was known before of each child who is somebody already, and who else holds something.</summary>
    public IReadOnlyDictionary<Guid, History> Before { get; private set; } = new Dictionary<Guid, History>();

    public IReadOnlyList<Heed.Plumbing.Gov.Choice> Teams { get; private set; } = [];

    /// <summary>What the sender's desk searched, of the people whom this agency may see.</summary>
    public IReadOnlyList<Searched.Line> Searched { get; private set; } = [];

    public Instant Now { get; private set; }

    public Guid Me { get; private set; }

    public bool CanAct { get; private set; }

    public bool CanDecide { get; private set; }

    [BindProperty(SupportsGet = true)]
    public string? Said { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    [BindProperty]
    public Guid? Team { get; set; }

    public async Task<IActionResult> OnGetAsync(Guid id) => !await Show(id, work) ? NotFound() : Notice.Id == id ? Page() : Redirect($"/notices/{Notice.Id}");

    [Permit("notice.acknowledge", purpose: "Accepting responsibility for a notice")]
    public async Task<IActionResult> OnPostAcknowledgeAsync(Guid id) => await Done(id, await Acknowledge.Handle(new(id), work), "acknowledged");

    [Permit("notice.acknowledge", purpose: "Releasing a held notice")]
    public async Task<IActionResult> OnPostReleaseAsync(Guid id) => await Done(id, await Release.Handle(new(id), work), "released");

    [Permit("notice.take", purpose: "Taking a notice")]
    public async Task<IActionResult> OnPostTakeAsync(Guid id) => await Done(id, await Take.Handle(new(id), work), "taken");

    [Permit("notice.take", purpose: "Handing a notice on")]
    public async Task<IActionResult> OnPostHandOnAsync(Guid id) =>
        await Done(id, Team is { } team ? await HandOn.Handle(new(id, team, null, Words), work, bodies) : work.Refuse("team", "Choose the team that should have it"), "handed-on", "/?said=handed-on");

    private async Task<IActionResult> Done(Guid id, Refusal? no, string said, string? then = null)
    {
        if (no is null)
        {
            return Redirect(then ?? $"/notices/{id}?said={said}");
        }
        return await this.ShowAgain(no, again => Show(id, again)) ? this.Refused(no) : NotFound();
    }

    private async Task<bool> Show(Guid id, Work seeing)
    {
        (Now, Me) = (seeing.Now, seeing.Actor.Id);
        if (await OpenNotice.Handle(id, seeing, bodies) is not { } notice)
        {
            seeing.NotFound(id);
            return false;
        }
        Notice = notice;
        // A corrected notice is only read: what is to be done is done on the correction.
        (CanAct, CanDecide) = (seeing.Actor.May("notice.take") && notice.CorrectedBy is null, seeing.Actor.May("contact.decide") && notice.CorrectedBy is null);
        var before = new Dictionary<Guid, History>();
        foreach (var person in notice.Children.Select(c => c.Person).OfType<Guid>().Distinct())
        {
            before[person] = (await History.Read(person, seeing, exceptReport: notice.ReportId)).Before(notice.SentAt, notice.Shown.Reference);
        }
        Before = before;
        Searched = await Notices.Searched.Of(notice.ReportId, seeing);
        var snapshot = await bodies.For(seeing);
        Teams = [.. snapshot.Teams.Values.Where(t => seeing.Actor.Agencies.Contains(t.AgencyId) && snapshot.Agencies[t.AgencyId].Name == notice.To).OrderBy(t => t.Name).Select(t => new Heed.Plumbing.Gov.Choice(t.Id.ToString(), t.Name))];
        return true;
    }
}
