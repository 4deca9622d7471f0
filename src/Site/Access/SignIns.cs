using System.Security.Claims;
using Heed.Plumbing;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.EntityFrameworkCore;

namespace Heed.Site.Access;

/// <summary>Makes of what a provider says of somebody a practitioner of its agency, their posts by its groups, and a session.</summary>
public sealed class SignIns(Works works, Sessions sessions)
{
    /// <summary>Why not: a word that /sign-in explains.</summary>
    public const string NoPost = "post", NotYours = "other", NotProved = "proof", TooWeak = "strength";

    /// <param name="asks">How strongly they must have signed in: any of these, as the provider names them; null where their agency asks for nothing.</param>
    public async Task<(ClaimsPrincipal? Who, string? No)> Accept(Guid provider, Guid agency, Said said, string? asks, (Guid Session, string For)? again, string? tokens)
    {
        if (asks is not null && !asks.Split(' ').Contains(said.Acr))
        {
            // A provider takes what it is asked for as a wish (OpenID Connect Core 1.0, 3.1.2.1).
            return (null, TooWeak);
        }
        var (practitioner, no) = await works.AsWorker<(Guid?, string?)>("Signing somebody in", async work =>
        {
            var known = await work.Ask<Guid>($"select practitioner_id as \"Value\" from account where provider_id = {provider} and subject = {said.Subject}").ToListAsync() is [var one] ? one : (Guid?)null;
            if (again is { Session: var before })
            {
                // To prove again who one is, and come back as somebody else, is to borrow a session. Times may differ by five minutes, as tokens' do.
                var same = await work.Ask<Guid>($"select practitioner_id as \"Value\" from session s where s.id = {before} and alive(s)").ToListAsync();
                return known is null || same is not [var now] || now != known ? (null, NotYours)
                    : said.ProvedAt is not { } at || Math.Abs(work.Now.ToUnixTimeSeconds() - at) > 300 && !await work.One<bool>($"abs(extract(epoch from now()) - {at}) <= 300") ? (null, NotProved)
                    : (known, null);
            }
            var who = known ?? await Join(provider, agency, said, work);
            await Posts(who, provider, said.Groups, work);
            if (await work.One<bool>($"exists (select 1 from practitioner p join post o on o.practitioner_id = p.id where p.id = {who} and p.during @> heed_now() and o.during @> heed_now())"))
            {
                return (who, null);
            }
            if (known is null)
            {
                work.Refuse("groups", "None of these groups gives a role here"); // and so nobody was made
            }
            return (null, NoPost);
        });
        return practitioner is not { } person ? (null, no) : (await sessions.Begin(person, new(provider, said.Subject, said.Session, said.Acr, said.Amr, tokens, again?.For), again?.Session), null);
    }

    /// <summary>The practitioner whom the agency has already, by the address that it gave for them, in this agency and no other; else somebody new.</summary>
    private static async Task<Guid> Join(Guid provider, Guid agency, Said said, Work work)
    {
        var there = said.Email is null ? [] : await work.Ask<Guid>($"""
            select p.id as "Value" from practitioner p where p.agency_id = {agency} and p.email = {said.Email} and split_part(p.email, '@', 2) in (select domain from provider_domain where provider_id = {provider} and during @> heed_now()) and not p.is_system
            """).ToListAsync();
        var who = there is [var one] ? one : Ids.Next();
        if (there is not [_])
        {
            await work.Do($"insert into practitioner (id, key, agency_id, name, rank, email) values ({who}, {who.ToString()}, {agency}, {said.Name ?? "Name not given"}, '', null)");
        }
        await work.Do($"insert into account (provider_id, subject, practitioner_id) values ({provider}, {said.Subject}, {who})");
        return who;
    }

    /// <summary>The posts that somebody's groups give, from now on; those that other groups gave end.</summary>
    public static async Task Posts(Guid practitioner, Guid provider, string[] groups, Work work)
    {
        await work.Do($"""
            update post o set during = tstzrange(lower(o.during), heed_now()) where o.practitioner_id = {practitioner} and o.provider_id = {provider} and o.during @> heed_now()
               and not exists (select 1 from group_post g where g.provider_id = o.provider_id and g.team_id = o.team_id and g.role = o.role and g.group_name = any ({groups}) and g.during @> heed_now())
            """);
        await work.Do($"""
            insert into post (practitioner_id, team_id, role, provider_id, during)
            select distinct {practitioner}, g.team_id, g.role, g.provider_id, tstzrange(heed_now(), null) from group_post g where g.provider_id = {provider} and g.group_name = any ({groups}) and g.during @> heed_now()
               and not exists (select 1 from post o where o.practitioner_id = {practitioner} and o.team_id = g.team_id and o.role = g.role and o.during && tstzrange(heed_now(), null))
            """);
    }
}
