using Heed.Plumbing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace Heed.Site.Access;

/// <summary>Ends the session here and, where the provider has a page for it, there.</summary>
[OpenToAll("Anyone may leave")]
public sealed class SignOutModel(Works works, Sessions sessions, Providers providers) : PageModel
{
    private sealed record Mine(Guid? ProviderId, string? Tokens);

    public IActionResult OnGet() => Redirect("/");

    public async Task<IActionResult> OnPostAsync()
    {
        var mine = Door.SessionOf(User) is not { } session ? null : await works.AsWorker("Reading a session", work => work.Ask<Mine>($"select provider_id, tokens from session where id = {session}").FirstOrDefaultAsync());
        if (Door.SessionOf(User) is { } ended)
        {
            await sessions.End(ended, "signed out");
        }
        await HttpContext.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        if (mine?.ProviderId is { } provider && await providers.Of(provider) is { ConfigurationManager: { } about } && await EndsThere(about))
        {
            return SignOut(new AuthenticationProperties(new Dictionary<string, string?> { ["hint"] = providers.Hint(mine.Tokens) }) { RedirectUri = "/sign-in" }, provider.ToString());
        }
        return Redirect("/sign-in");

        static async Task<bool> EndsThere(Microsoft.IdentityModel.Protocols.IConfigurationManager<Microsoft.IdentityModel.Protocols.OpenIdConnect.OpenIdConnectConfiguration> about)
        {
            try
            {
                return (await about.GetConfigurationAsync(default)).EndSessionEndpoint is { Length: > 0 };
            }
            catch (InvalidOperationException)
            {
                // The provider is away; here the session has ended.
                return false;
            }
        }
    }
}
