using Heed.Plumbing;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Heed.Site.Access;

/// <summary>Each agency's own sign-in, and what its groups give here.</summary>
[Permit("provider.manage", purpose: "Managing how agencies sign in")]
public sealed class ProvidersModel(Work work, Providers providers) : PageModel
{
    public IReadOnlyList<OwnSignIn.Line> Lines { get; private set; } = [];

    public ILookup<Guid, OwnSignIn.Group> Groups { get; private set; } = null!;

    public IReadOnlyList<OwnSignIn.Agency> Agencies { get; private set; } = [];

    public IReadOnlyList<OwnSignIn.Team> Teams { get; private set; } = [];

    public IReadOnlyList<OwnSignIn.Role> Roles { get; private set; } = [];

    public Instant Now { get; private set; }

    [BindProperty] public Guid? Agency { get; set; }

    [BindProperty] public string? Name { get; set; }

    [BindProperty] public string? Issuer { get; set; }

    [BindProperty] public string? ClientId { get; set; }

    [BindProperty] public string? Secret { get; set; }

    [BindProperty] public string? Domains { get; set; }

    [BindProperty] public string? GroupsClaim { get; set; }

    [BindProperty] public string? AsksAcr { get; set; }

    [BindProperty] public string? ProvesAcr { get; set; }

    [BindProperty] public string? Group { get; set; }

    [BindProperty] public Guid? Team { get; set; }

    [BindProperty] public string? Role { get; set; }

    /// <summary>Which provider's form was sent.</summary>
    public Guid? Open { get; private set; }

    public Task OnGetAsync() => Show();

    public async Task<IActionResult> OnPostAsync() => await Answer(await OwnSignIn.Add(new(Agency, Name, Issuer, ClientId, Secret, Domains, GroupsClaim, AsksAcr, ProvesAcr), work, providers));

    public async Task<IActionResult> OnPostGiveAsync(Guid provider)
    {
        Open = provider;
        return await Answer(await OwnSignIn.Give(provider, Group, Team, Role, work), $"-{provider:N}");
    }

    public async Task<IActionResult> OnPostTakeAsync(Guid provider, string group, Guid team, string role) => await Answer(await OwnSignIn.Take(provider, group, team, role, work));

    public async Task<IActionResult> OnPostEndAsync(Guid provider) => await Answer(await OwnSignIn.End(provider, work));

    private async Task<IActionResult> Answer(Refusal? no, string suffix = "")
    {
        if (no is null)
        {
            return Redirect("/providers");
        }
        if (no.Kind == No.NotFound)
        {
            return NotFound();
        }
        await Show();
        return this.Refused(no, suffix);
    }

    private async Task Show()
    {
        (Now, Lines, Groups) = (work.Now, await OwnSignIn.All(work), (await OwnSignIn.Groups(work)).ToLookup(g => g.ProviderId));
        (Agencies, Teams, Roles) = (await OwnSignIn.Agencies(work), await OwnSignIn.Teams(work), await OwnSignIn.Roles(work));
    }
}
