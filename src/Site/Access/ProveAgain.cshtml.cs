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
    /// <summary>The page where one proves it, for one thing, and comes back from.</summary>
    public static string At(string purpose, string then) => $"/sign-in/again?purpose={Uri.EscapeDataString(purpose)}&then={Uri.EscapeDataString(then)}";

    [BindProperty(SupportsGet = true)]
    public string? Purpose { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Then { get; set; }

    public bool Demo => demonstration.IsOn;

    public IActionResult OnGet() => Door.SessionOf(User) is null ? Redirect("/sign-in") : Purpose is { Length: > 0 and <= 200 } && Url.IsLocalUrl(Then) ? Page() : NotFound();

    private sealed record Mine(Guid PractitionerId, Guid? ProviderId);

    public async Task<IActionResult> OnPostAsync()
    {
        if (OnGet() is not PageResult)
        {
            return OnGet();
        }
        if (Door.SessionOf(User) is not { } session || await works.AsWorker("Reading a session", work => work.Ask<Mine>($"select practitioner_id, provider_id from session s where s.id = {session} and alive(s)").FirstOrDefaultAsync()) is not { } mine)
        {
            return Redirect("/sign-in");
        }
        if (mine.ProviderId is { } provider)
        {
            return Challenge(new AuthenticationProperties(new Dictionary<string, string?> { [Providers.Again] = session.ToString(), [Providers.For] = Purpose }) { RedirectUri = Then! }, provider.ToString());
        }
        if (!Demo)
        {
            return NotFound();
        }
        await HttpContext.SignInAsync(await sessions.Begin(mine.PractitionerId, new(ProvedFor: Purpose), session));
        return Redirect(Then!);
    }
}
