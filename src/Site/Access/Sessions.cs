using System.Collections.Concurrent;
using System.Security.Claims;
using Heed.Plumbing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.EntityFrameworkCore;

namespace Heed.Site.Access;

/// <summary>Who is signed in: a row each. The cookie holds its number and nothing else, so that whoever is to be out is out at their next request, in every program.</summary>
/// <remarks>Half an hour unused or twelve hours in all ends one (ASVS 5.0, 7.3); <c>alive</c> in the schema says so.</remarks>
public sealed class Sessions(Works works, Providers providers, SignInSettings settings)
{
    private readonly ConcurrentDictionary<Guid, long> _asked = new();
    private readonly ConcurrentDictionary<Guid, bool> _cannotBeAsked = new();

    /// <param name="Subject">Who somebody is to the provider; null, as the provider, in the demonstration.</param>
    /// <param name="ProvedFor">For what they were asked to prove it again, and did.</param>
    public sealed record Proof(Guid? Provider = null, string? Subject = null, string? ProviderSession = null, string? Acr = null, string[]? Amr = null, string? Tokens = null, string? ProvedFor = null);

    public async Task<ClaimsPrincipal> Begin(Guid practitioner, Proof proof, Guid? before = null)
    {
        var id = Ids.Next();
        await works.AsWorker("Signing somebody in", async work =>
        {
            await work.Do($"""
                insert into session (id, practitioner_id, provider_id, subject, provider_session, acr, amr, tokens, proved_at, proved_for)
                values ({id}, {practitioner}, {proof.Provider}, {proof.Subject}, {proof.ProviderSession}, {proof.Acr}, {proof.Amr ?? []}, {proof.Tokens}, case when {proof.ProvedFor}::text is not null then now() end, {proof.ProvedFor})
                """);
            // A number that somebody planted before is worth nothing after (ASVS 5.0, 7.2.4).
            return before is { } old ? await Finish(work, old, "signed in again") : 0;
        });
        return new(new ClaimsIdentity([new(Door.Session, id.ToString())], CookieAuthenticationDefaults.AuthenticationScheme));
    }

    /// <summary>Whether whoever acts has proved again who they are, within five minutes and for this.</summary>
    public static Task<bool> Proved(string what, Work work) => work.One<bool>($"proved({what})");

    public Task<int> End(Guid session, string because) => works.AsWorker("Signing somebody out", work => Finish(work, session, because));

    private static Task<int> Finish(Work work, Guid session, string because) =>
        work.Do($"update session set ended_at = now(), ended_because = {because}, tokens = null where id = {session} and ended_at is null");

    private sealed record Due(Guid Id, Guid ProviderId, string Subject, Guid PractitionerId, string? Tokens);

    /// <summary>Before each request of a signed-in person: now and then their agency's provider is asked whether they are there still, and in which groups.</summary>
    /// <param name="byItself">An open page asks (/live). Where there is nothing to ask the provider with, it is left to the next request of a person, whose browser goes through the provider: a page would lose what is typed on it.</param>
    public async Task<bool> StillThere(Guid session, bool byItself = false)
    {
        var wait = settings.AskAfterSeconds;
        if (byItself && _cannotBeAsked.ContainsKey(session))
        {
            return true;
        }
        if (_asked.TryGetValue(session, out var at) && Environment.TickCount64 - at < wait * 1000)
        {
            return true;
        }
        // Of several requests at once, in several programs, one asks: a provider takes a refresh token used twice for a stolen one.
        var due = await works.AsWorker("Asking whether somebody is there still", work => work.Ask<Due>($"""
            update session set checked_at = now() where id = {session} and provider_id is not null and ended_at is null and checked_at < now() - make_interval(secs => {wait}) returning id, provider_id, subject, practitioner_id, tokens
            """).ToListAsync());
        if (_asked.Count > 20_000)
        {
            _asked.Clear();
            _cannotBeAsked.Clear();
        }
        _asked[session] = Environment.TickCount64;
        if (due is not [var one])
        {
            return true;
        }
        switch (await providers.Ask(one.ProviderId, one.Subject, one.Tokens))
        {
            case { NothingToAskWith: true } when byItself:
                _asked.TryRemove(session, out _);
                _cannotBeAsked[session] = true;
                await works.AsWorker("Asking at the next request", work => work.Do($"update session set checked_at = now() - make_interval(secs => {wait + 1}) where id = {session}"));
                return true;
            case { Gone: true }:
                await End(session, "no longer known to the provider");
                return false;
            case { Groups: { } groups, Tokens: var tokens }:
                await works.AsWorker("Following a provider's groups", async work =>
                {
                    await SignIns.Posts(one.PractitionerId, one.ProviderId, groups, work);
                    return await work.Do($"update session set tokens = {tokens} where id = {session} and ended_at is null");
                });
                return true;
            default:
                // The provider is away: that is no reason to put an officer out in the middle of the night. It is asked again in a minute.
                _asked[session] = Environment.TickCount64 - (wait - 60) * 1000;
                await works.AsWorker("Asking again later", work => work.Do($"update session set checked_at = now() - make_interval(secs => {wait - 60}) where id = {session}"));
                return true;
        }
    }

    public sealed class Events(Sessions sessions) : CookieAuthenticationEvents
    {
        public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
        {
            if (Door.SessionOf(context.Principal!) is not { } session || !await sessions.StillThere(session, byItself: context.HttpContext.Request.Path.StartsWithSegments("/live")))
            {
                context.RejectPrincipal();
                await context.HttpContext.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
            }
        }
    }
}
