using System.Globalization;
using System.Security.Claims;
using NodaTime;

namespace Heed.Site.Access;

/// <summary>
/// Whoever is signed in has proved again, within five minutes and for one purpose, who they are. It stands in the cookie. In the demonstration they say so themselves;
/// a provider's sign-in is asked for it with max_age=0, and calls <see cref="Proved"/> when it comes back.
/// </summary>
public static class StepUp
{
    public static readonly Duration Stands = Duration.FromMinutes(5);

    private const string Claim = "proved-again";

    /// <summary>The page where one proves it, and comes back from.</summary>
    public static string At(string purpose, string then) => $"/sign-in/again?purpose={Uri.EscapeDataString(purpose)}&then={Uri.EscapeDataString(then)}";

    /// <summary>The same person, with this proof instead of any before.</summary>
    public static ClaimsPrincipal Proved(ClaimsPrincipal who, string purpose, Instant at) => new(new ClaimsIdentity(
        [.. who.Claims.Where(c => c.Type != Claim), new(Claim, $"{at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)} {purpose}")], who.Identity!.AuthenticationType));

    public static bool Has(ClaimsPrincipal who, string purpose, Instant now) =>
        who.FindFirstValue(Claim)?.Split(' ', 2) is [var at, var forWhat] && forWhat == purpose && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && now - Instant.FromUnixTimeSeconds(seconds) is var since && since >= -Duration.FromSeconds(1) && since <= Stands;
}
