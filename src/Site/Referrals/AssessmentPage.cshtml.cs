using Heed.Plumbing;
using Heed.Site.Clocks;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Referrals;

/// <summary>One assessment: whose it is, by when, and what comes of it.</summary>
[Permit("child.read", purpose: "Reading an assessment of a child")]
public sealed class AssessmentModel(Work work) : PageModel
{
    public sealed record View(Guid Id, Guid Notice, Guid? Person, string? Name, string Team, Instant BeganAt, Instant? AuthorisedAt, string? AuthorisedBy, string? Outcome, string? Words, string Decision, string? Reason, Guid Contact,
        Instant OpenedAt, Instant? ClosedAt, string? ClosedBy, string? ClosedReason, string? ClosedWords);

    public View Assessment { get; private set; } = null!;

    public Clock? Clock { get; private set; }

    public Instant Now { get; private set; }

    public bool CanAuthorise { get; private set; }

    public bool CanClose { get; private set; }

    [BindProperty]
    public string? Outcome { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public async Task<IActionResult> OnGetAsync(Guid id) => await Show(id, work) ? Page() : NotFound();

    [Permit("assessment.authorise", purpose: "Authorising an assessment of a child")]
    public Task<IActionResult> OnPostAsync(Guid id) => Answer(id, Authorise.Handle(new(id, Outcome, Words), work));

    [Permit("case.close", purpose: "Closing the case of a child")]
    public Task<IActionResult> OnPostCloseAsync(Guid id) => Answer(id, Close.Handle(new(id, Reason, Words), work));

    private async Task<IActionResult> Answer(Guid id, Task<Refusal?> done)
    {
        if (await done is not { } no)
        {
            return Redirect($"/assessments/{id}");
        }
        return await this.ShowAgain(no, again => Show(id, again)) ? this.Refused(no) : NotFound();
    }

    private async Task<bool> Show(Guid id, Work seeing)
    {
        (Now, CanAuthorise, CanClose) = (seeing.Now, seeing.Actor.May("assessment.authorise"), seeing.Actor.May("case.close"));
        var found = await seeing.Ask<View>($"""
            select a.id, c.notice_id as notice, l.person_id as person, nullif(concat_ws(' ', m.given, m.family), '') as name, t.name as team, a.began_at, a.authorised_at, p.name as authorised_by, a.outcome, a.words, c.decision, c.reason, c.id as contact,
                   e.opened_at, e.closed_at, b.name as closed_by, e.closed_reason, e.closed_words
              from assessment a join contact c on c.id = a.contact_id join team t on t.id = a.team_id left join practitioner p on p.id = a.authorised_by join episode e on e.id = a.episode_id left join practitioner b on b.id = e.closed_by
              left join mention m on m.id = c.mention_id left join link l on l.source_record_id = m.source_record_id and l.undone_at is null where a.id = {id}
            """).FirstOrDefaultAsync();
        if (found is null)
        {
            seeing.NotFound(id);
            return false;
        }
        Assessment = found;
        Clock = await seeing.All<Clock>().AsNoTracking().FirstOrDefaultAsync(c => c.ContactId == found.Contact && c.LimitKey == Statute.Referral.Assessment.Key);
        await seeing.Look("assessment", found.Person ?? id);
        return true;
    }
}
