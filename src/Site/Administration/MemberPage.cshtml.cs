using Heed.Plumbing;
using Heed.Site.Access;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Heed.Site.Administration;

/// <summary>One practitioner: their posts, a change of post, where they are signed in, and their leaving.</summary>
[Permit("staff.manage", purpose: "Managing who works at an agency")]
public sealed class MemberModel(Work work) : PageModel
{
    public Staff.Person Person { get; private set; } = null!;

    public IReadOnlyList<Staff.Post> Posts { get; private set; } = [];

    public IReadOnlyList<SignedIn.Line> Sessions { get; private set; } = [];

    public IReadOnlyList<Staff.TeamName> Teams { get; private set; } = [];

    public IReadOnlyList<Staff.Named> Roles { get; private set; } = [];

    public Instant Now { get; private set; }

    [BindProperty] public Guid? Team { get; set; }

    [BindProperty] public string? Role { get; set; }

    [BindProperty] public bool Instead { get; set; }

    [BindProperty] public string? Words { get; set; }

    public async Task<IActionResult> OnGetAsync(Guid id) => await Show(id) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(Guid id) => await Answer(id, await Staff.Give(id, Team, Role, Instead, work));

    public async Task<IActionResult> OnPostTakeAsync(Guid id, Guid team, string role) => await Answer(id, await Staff.Take(id, team, role, work));

    [Permit("staff.manage", purpose: "Ending somebody's sessions")]
    public async Task<IActionResult> OnPostEndAsync(Guid id, Guid session) => await Answer(id, await SignedIn.EndOf(id, session, work));

    [Permit("staff.manage", purpose: "Ending somebody's sessions")]
    public async Task<IActionResult> OnPostEndAllAsync(Guid id) => await Answer(id, await SignedIn.EndOf(id, null, work));

    public async Task<IActionResult> OnPostLeaveAsync(Guid id)
    {
        var agency = await Show(id) ? Person.AgencyId : Guid.Empty;
        return await Staff.Leave(id, Words, work) is { } no ? await Answer(id, no) : Redirect($"/administration/people/{agency}");
    }

    private async Task<IActionResult> Answer(Guid id, Refusal? no)
    {
        if (no is null)
        {
            return Redirect($"/administration/person/{id}");
        }
        return no.Kind == No.NotFound || !await Show(id) ? NotFound() : this.Refused(no);
    }

    private async Task<bool> Show(Guid id)
    {
        if (await Staff.One(id, work) is not { } person)
        {
            return false;
        }
        (Now, Person, Posts, Sessions) = (work.Now, person, await Staff.Posts(id, work), await SignedIn.Of(id, work));
        (Teams, Roles) = (await Staff.Teams(person.AgencyId, work), await Staff.Roles(person.Kind, work));
        return true;
    }
}
