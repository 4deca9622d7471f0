using Heed.Plumbing;
using Heed.Statute;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Access;

/// <summary>Where somebody is signed in, and an end to it: by themselves from elsewhere, and by whoever administers their agency.</summary>
public static class SignedIn
{
    /// <summary>For what whoever ends their own sessions proves again who they are.</summary>
    public const string Purpose = "ending sessions";

    private static readonly Citation Own = new("OWASP ASVS 5.0.0", "7.5.2");

    /// <param name="Provider">The agency's own sign-in; null in the demonstration.</param>
    /// <param name="Acr">How strongly they signed in, as the provider names it.</param>
    /// <param name="Here">The session by which this is asked.</param>
    public sealed record Line(Guid Id, Instant BeganAt, Instant SeenAt, string? Provider, string? Acr, bool Here);

    public static async Task<IReadOnlyList<Line>> Of(Guid practitioner, Work work) => await work.Ask<Line>($"select id, began_at, seen_at, provider, acr, here from signed_in({practitioner}) order by seen_at desc").ToListAsync();

    /// <summary>One of one's own, or all but the one that asks. Whoever found the desk open cannot shut out the person whose it is.</summary>
    public static async Task<Refusal?> EndOwn(Guid? which, Work work) =>
        !await Sessions.Proved(Purpose, work) ? work.Refuse("session", "Prove again who you are first: whoever ends sessions has done so in the last five minutes", Own)
        : await work.One<int>($"end_sessions(null, {(which is null ? work.Actor.Id : null)}, {which})") == 0 && which is { } one ? work.NotFound(one) : null;

    /// <summary>One of somebody's, or all of them.</summary>
    public static async Task<Refusal?> EndOf(Guid practitioner, Guid? which, Work work) =>
        await work.One<int>($"end_sessions(null, {(which is null ? practitioner : null)}, {which})") == 0 ? work.Refuse("session", "They are not signed in there any more", kind: No.Conflict) : null;

    /// <summary>Everybody's of an agency but the one that asks: how many there were.</summary>
    public static Task<int> EndAll(Guid agency, Work work) => work.One<int>($"end_sessions({agency}, null, null)");
}
