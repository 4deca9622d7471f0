using Heed.Plumbing;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Access;

/// <summary>How an agency's people sign in: its provider, the domains of its addresses, and what its groups give. Kept by the partnership's business manager.</summary>
public static class OwnSignIn
{
    public sealed record Line(Guid Id, string Agency, string Name, string Issuer, string ClientId, string[] Domains, Instant Since);

    public sealed record Group(Guid ProviderId, string GroupName, Guid TeamId, string Team, string RoleKey, string Role, Instant Since);

    public sealed record Agency(Guid Id, string Name);

    public sealed record Team(Guid Id, string Name, Guid AgencyId, string Agency);

    public sealed record Role(string Key, string Name);

    /// <param name="Domains">Apart by spaces or commas.</param>
    public sealed record New(Guid? Agency, string? Name, string? Issuer, string? ClientId, string? Secret, string? Domains, string? GroupsClaim, string? AsksAcr, string? ProvesAcr);

    public static async Task<IReadOnlyList<Line>> All(Work work) => await work.Ask<Line>($"""
        select p.id, a.name as agency, p.name, p.issuer, p.client_id, array(select d.domain from provider_domain d where d.provider_id = p.id and d.during @> heed_now() order by 1) as domains, lower(p.during) as since
          from provider p join agency a on a.id = p.agency_id where p.during @> heed_now() order by a.name, p.name
        """).ToListAsync();

    public static async Task<IReadOnlyList<Group>> Groups(Work work) => await work.Ask<Group>($"""
        select g.provider_id, g.group_name, g.team_id, t.name as team, r.key as role_key, r.name as role, lower(g.during) as since from group_post g join team t on t.id = g.team_id join role r on r.key = g.role where g.during @> heed_now() order by 2, 4, 6
        """).ToListAsync();

    public static async Task<IReadOnlyList<Agency>> Agencies(Work work) => await work.Ask<Agency>($"select id, name from agency where has_heed and kind <> 'system' order by name").ToListAsync();

    public static async Task<IReadOnlyList<Team>> Teams(Work work) => await work.Ask<Team>($"select t.id, t.name, a.id as agency_id, a.name as agency from team t join agency a on a.id = t.agency_id where a.kind <> 'system' order by a.name, t.name").ToListAsync();

    public static async Task<IReadOnlyList<Role>> Roles(Work work) => await work.Ask<Role>($"select key, name from role where key not in ('system', 'heed') order by name").ToListAsync();

    public static async Task<Refusal?> Add(New said, Work work, Providers providers)
    {
        var errors = new Errors();
        void No(string field, string why) => errors.TryAdd(field, [why]);
        if (said.Agency is not { } agency || (await Agencies(work)).All(a => a.Id != agency))
        {
            No("agency", "Choose whose sign-in this is");
        }
        if (string.IsNullOrWhiteSpace(said.Name))
        {
            No("name", "Say what its people call it");
        }
        if (!Uri.TryCreate(said.Issuer?.Trim(), UriKind.Absolute, out var issuer) || (issuer.Scheme != "https" && !(providers.Settings.AllowPrivateAddresses && issuer.Scheme == "http")))
        {
            No("issuer", "The issuer is an https address, as the provider states it");
        }
        if (string.IsNullOrWhiteSpace(said.ClientId))
        {
            No("clientId", "Enter the number under which the provider knows Heed");
        }
        if (string.IsNullOrWhiteSpace(said.Secret))
        {
            No("secret", "Enter the secret that the provider gave for Heed");
        }
        var domains = (said.Domains ?? "").ToLowerInvariant().Split([' ', ',', '\r', '\n', ';'], StringSplitOptions.RemoveEmptyEntries).Select(d => d.TrimStart('@')).Distinct().ToArray();
        if (domains.Length == 0 || domains.Any(d => !System.Text.RegularExpressions.Regex.IsMatch(d, @"^[a-z0-9-]+(\.[a-z0-9-]+)+$")))
        {
            No("domains", "Enter what stands behind the @ in its people's addresses, such as norton.gov.uk");
        }
        else if (await work.Ask<string>($"select domain as \"Value\" from provider_domain where domain = any ({domains}) and during @> heed_now()").ToListAsync() is [var taken, ..])
        {
            No("domains", $"{taken} is another agency's sign-in already: a domain is one provider's");
        }
        if (errors.Count == 0 && await providers.Unreachable(issuer!.ToString().TrimEnd('/')) is { } why)
        {
            No("issuer", $"No provider answers there: {why}");
        }
        if (errors.Count > 0)
        {
            return work.Refuse(errors);
        }
        var id = Ids.Next();
        await work.Do($"""
            insert into provider (id, agency_id, name, issuer, client_id, secret, groups_claim, asks_acr, proves_acr)
            values ({id}, {said.Agency}, {said.Name!.Trim()}, {said.Issuer!.Trim()}, {said.ClientId!.Trim()}, {providers.Protect(said.Secret!.Trim())}, {(string.IsNullOrWhiteSpace(said.GroupsClaim) ? "groups" : said.GroupsClaim.Trim())}, {Text(said.AsksAcr)}, {Text(said.ProvesAcr)})
            """);
        await work.Do($"insert into provider_domain (domain, provider_id) select unnest({domains}), {id}");
        return null;

        static string? Text(string? s) => string.IsNullOrWhiteSpace(s) ? null : s.Trim();
    }

    /// <summary>From now on nobody signs in by it; who is signed in by it is out within five minutes.</summary>
    public static async Task<Refusal?> End(Guid provider, Work work)
    {
        if (await work.Do($"update provider set during = tstzrange(lower(during), heed_now()), version = version + 1 where id = {provider} and during @> heed_now()") == 0)
        {
            return work.NotFound(provider);
        }
        await work.Do($"update provider_domain set during = tstzrange(lower(during), heed_now()) where provider_id = {provider} and during @> heed_now()");
        return null;
    }

    public static async Task<Refusal?> Give(Guid provider, string? group, Guid? team, string? role, Work work)
    {
        var errors = new Errors();
        if (string.IsNullOrWhiteSpace(group))
        {
            errors["group"] = ["Enter the group's name as the provider sends it"];
        }
        if ((await Roles(work)).All(r => r.Key != role))
        {
            errors["role"] = ["Choose the role that it gives"];
        }
        var agency = await work.Ask<Guid>($"select agency_id as \"Value\" from provider where id = {provider} and during @> heed_now()").ToListAsync();
        if (agency is not [var whose])
        {
            return work.NotFound(provider);
        }
        if ((await Teams(work)).All(t => t.Id != team || t.AgencyId != whose))
        {
            errors["team"] = ["A provider's groups give posts in its own agency's teams, and in no other's"];
        }
        if (errors.Count > 0)
        {
            return work.Refuse(errors);
        }
        return await work.Do($"insert into group_post (provider_id, agency_id, group_name, team_id, role) select {provider}, {whose}, {group!.Trim()}, {team}, {role} where not exists (select 1 from group_post where provider_id = {provider} and group_name = {group.Trim()} and team_id = {team} and role = {role} and during @> heed_now())") == 0
            ? work.Refuse("group", "That group gives this already", kind: No.Conflict) : null;
    }

    public static async Task<Refusal?> Take(Guid provider, string group, Guid team, string role, Work work) =>
        await work.Do($"update group_post set during = tstzrange(lower(during), heed_now()) where provider_id = {provider} and group_name = {group} and team_id = {team} and role = {role} and during @> heed_now()") == 0 ? work.NotFound(provider) : null;
}
