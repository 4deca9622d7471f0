using Heed.Plumbing;
using Heed.Site.Access;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Heed.Site.Administration;

/// <summary>The people of an agency by team, a joiner, and who has left. Nobody's name is in an address.</summary>
[Permit("staff.manage", purpose: "Managing who works at an agency")]
public sealed class StaffModel(Work work) : PageModel
{
    public IReadOnlyList<Staff.Body> Agencies { get; private set; } = [];

    public Staff.Body Here { get; private set; } = null!;

    public IReadOnlyList<Staff.Line> Lines { get; private set; } = [];

    public IReadOnlyList<Staff.Departure> Left { get; private set; } = [];

    public IReadOnlyList<Staff.TeamName> Teams { get; private set; } = [];

    public IReadOnlyList<Staff.Named> Roles { get; private set; } = [];

    public Instant Now { get; private set; }

    /// <summary>How many sessions were ended just now.</summary>
    public int? Ended { get; private set; }

    [BindProperty(SupportsGet = true)] public Guid? Agency { get; set; }

    [BindProperty] public string? Name { get; set; }

    [BindProperty] public string? Rank { get; set; }

    [BindProperty] public string? Email { get; set; }

    [BindProperty] public Guid? Team { get; set; }

    [BindProperty] public string? Role { get; set; }

    public async Task<IActionResult> OnGetAsync() => await Show() ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Show())
        {
            return NotFound();
        }
        return await Staff.Join(new(Here.Id, Name, Rank, Email, Team, Role), work) is (_, { } no) ? this.Refused(no) : Redirect($"/administration/people/{Here.Id}");
    }

    [Permit("staff.manage", purpose: "Ending the sessions of an agency")]
    public async Task<IActionResult> OnPostEndAllAsync()
    {
        if (!await Show())
        {
            return NotFound();
        }
        Ended = await SignedIn.EndAll(Here.Id, work);
        return Page();
    }

    private async Task<bool> Show()
    {
        (Now, Agencies) = (work.Now, await Staff.Agencies(work));
        if (Agencies.FirstOrDefault(a => a.Id == (Agency ?? work.Actor.Agency)) is not { } here)
        {
            return false;
        }
        (Here, Lines, Left) = (here, await Staff.Of(here.Id, work), await Staff.Left(here.Id, work));
        (Teams, Roles) = (await Staff.Teams(here.Id, work), await Staff.Roles(here.Kind, work));
        return true;
    }
}
