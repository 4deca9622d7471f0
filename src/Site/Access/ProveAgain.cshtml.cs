using Heed.Plumbing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace Heed.Site.Access;

/// <summary>Whoever is signed in proves again who they are, for what needs it: by their agency's provider, which must ask them anew (max_age=0). <c>proved</c> in the schema holds for five minutes.</summary>
[OpenToAll("Whoever has a session proves it; nobody else can do anything here")]
public sealed class ProveAgainModel(Works works, Sessions sessions, Demonstration demonstration) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Then { get; set; }

    public bool Demo => demonstration.IsOn;

    public IActionResult OnGet() => Door.SessionOf(User) is null ? Redirect("/sign-in") : Page();

    private sealed record Mine(Guid PractitionerId, Guid? ProviderId);

    public async Task<IActionResult> OnPostAsync()
    {
        var where = Url.IsLocalUrl(Then) ? Then! : "/";
        if (Door.SessionOf(User) is not { } session || await works.AsWorker("Reading a session", work => work.Ask<Mine>($"select practitioner_id, provider_id from session s where s.id = {session} and alive(s)").FirstOrDefaultAsync()) is not { } mine)
        {
            return Redirect("/sign-in");
        }
        if (mine.ProviderId is { } provider)
        {
            return Challenge(new AuthenticationProperties(new Dictionary<string, string?> { [Providers.Again] = session.ToString() }) { RedirectUri = where }, provider.ToString());
        }
        if (!Demo)
        {
            return NotFound();
        }
        await HttpContext.SignInAsync(await sessions.Begin(mine.PractitionerId, new(Again: true), session));
        return Redirect(where);
    }
}
