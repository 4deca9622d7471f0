using System.Security.Cryptography;
using Heed.Plumbing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Access;

/// <summary>The keys by which an agency's systems sign in: made, shown once, replaced, revoked, each with no more permits than it needs.</summary>
public static class ApiKeys
{
    /// <summary>So that whoever searches code and logs for secrets finds one.</summary>
    private const string Prefix = "heed_";

    private const int MostOfAnAgency = 20;

    public sealed record Line(Guid Id, string Name, string[] Scope, string? MadeBy, Instant MadeAt, Instant? SeenAt, Instant? EndsAt, bool InForce);

    public static async Task<IReadOnlyList<Line>> All(Work work) => await work.Ask<Line>($"""
        select k.id, k.name, k.scope, p.name as made_by, k.made_at, k.seen_at, upper(k.during) as ends_at, k.during @> heed_now() as in_force
          from api_key k left join practitioner p on p.id = k.made_by where k.during @> heed_now() or upper(k.during) > heed_now() - interval '35 days' order by in_force desc, k.made_at desc
        """).ToListAsync();

    /// <summary>What a system may at most.</summary>
    public static async Task<string[]> Permits(Work work) => await work.One<string[]>($"select permits from role where key = 'system'");

    /// <summary>The key itself is in the answer, and nowhere else ever again.</summary>
    public static async Task<(string? Key, Refusal?)> Make(string? name, IReadOnlyCollection<string> scope, Work work)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > 60)
        {
            return (null, work.Refuse("name", "Say in at most 60 characters which system this key is for"));
        }
        if (scope.Count == 0 || scope.Except(await Permits(work)).Any())
        {
            return (null, work.Refuse("scope", "Choose what this system may do, and no more than it needs"));
        }
        if (await work.One<int>($"select count(*)::int from api_key where during @> heed_now()") >= MostOfAnAgency)
        {
            return (null, work.Refuse("name", $"An agency has at most {MostOfAnAgency} keys in force: revoke one first"));
        }
        if (await work.Ask<Guid>($"select id as \"Value\" from practitioner where agency_id = {work.Actor.Agency} and is_system and during @> heed_now()").ToListAsync() is not [var system, ..])
        {
            return (null, work.Refuse("name", "Your agency has no system that acts for it. Ask your partnership's business manager."));
        }
        return (await Insert(system, name.Trim(), [.. scope], work), null);
    }

    /// <summary>A new key of the same name and scope. The one before it is good for a day more, or for no longer where it may be in wrong hands.</summary>
    public static async Task<(string? Key, Refusal?)> Replace(Guid id, bool atOnce, Work work)
    {
        if (await work.Ask<Old>($"select practitioner_id, name, scope from api_key where id = {id} and during @> heed_now() for no key update").FirstOrDefaultAsync() is not { } old)
        {
            return (null, work.NotFound(id));
        }
        await work.Do($"update api_key set during = tstzrange(lower(during), least(upper(during), {(atOnce ? work.Now : work.Now + Duration.FromHours(24))})) where id = {id}");
        return (await Insert(old.PractitionerId, old.Name, old.Scope, work), null);
    }

    private sealed record Old(Guid PractitionerId, string Name, string[] Scope);

    public static async Task<Refusal?> Revoke(Guid id, Work work) =>
        await work.Do($"update api_key set during = tstzrange(lower(during), heed_now()) where id = {id} and during @> heed_now()") == 1 ? null : work.NotFound(id);

    private static async Task<string> Insert(Guid system, string name, string[] scope, Work work)
    {
        var key = Prefix + WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));
        await work.Do($"insert into api_key (id, agency_id, practitioner_id, name, hash, scope, made_by, during) values ({Ids.Next()}, {work.Actor.Agency}, {system}, {name}, {Door.Hash(key)}, {scope}, {work.Actor.Id}, tstzrange(heed_now(), null))");
        return key;
    }
}
