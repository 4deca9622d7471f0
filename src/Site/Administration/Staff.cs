using Heed.Plumbing;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Administration;

/// <summary>Who works at an agency: a joiner, a change of post, a leaver. An agency's managers see to their own agency, the business manager to all.</summary>
public static class Staff
{
    public sealed record Body(Guid Id, string Name, string Kind);

    /// <param name="Name">Somebody who works there.</param>
    /// <param name="Team">Null: they have no post.</param>
    public sealed record Line(Guid Id, string Name, string Rank, string? Email, string? Team, string? Role);

    public sealed record Post(Guid TeamId, string Team, string RoleKey, string Role, Instant? Since, bool ByGroup);

    public sealed record Person(Guid Id, string Name, string Rank, string? Email, Guid AgencyId, string Agency, string Kind);

    /// <param name="Heir">The manager on duty who had the children meanwhile; null where there was none.</param>
    public sealed record Departure(string Name, Instant At, string By, string Words, int Notices, int Clocks, int Children, string? Heir);

    public sealed record Named(string Key, string Name);

    public sealed record TeamName(Guid Id, string Name);

    /// <summary>The agencies whose people whoever asks may administer: their own, or with the partnership's permit all.</summary>
    public static async Task<IReadOnlyList<Body>> Agencies(Work work) =>
        await work.Ask<Body>($"select id, name, kind from agency where kind <> 'system' and key <> 'outside' and has_heed and during @> london_today() and administers(id) order by id = {work.Actor.Agency} desc, name").ToListAsync();

    public static async Task<IReadOnlyList<Line>> Of(Guid agency, Work work) => await work.Ask<Line>($"""
        select p.id, p.name, p.rank, p.email, t.name as team, r.name as role from practitioner p
          left join post o on o.practitioner_id = p.id and o.during @> heed_now() left join team t on t.id = o.team_id left join role r on r.key = o.role
         where p.agency_id = {agency} and p.during @> heed_now() and not p.is_system order by t.name nulls first, p.name limit 500
        """).ToListAsync();

    public static async Task<IReadOnlyList<Departure>> Left(Guid agency, Work work) => await work.Ask<Departure>($"""
        select p.name, d.at, b.name as by, d.words, d.notices, d.clocks, d.children, h.name as heir from departure d join practitioner p on p.id = d.practitioner_id join practitioner b on b.id = d.by left join practitioner h on h.id = d.heir_id
         where d.agency_id = {agency} and d.at > heed_now() - interval '14 days' order by d.at desc
        """).ToListAsync();

    public static async Task<IReadOnlyList<TeamName>> Teams(Guid agency, Work work) => await work.Ask<TeamName>($"select id, name from team where agency_id = {agency} and during @> london_today() order by name").ToListAsync();

    public static async Task<IReadOnlyList<Named>> Roles(string kind, Work work) => await work.Ask<Named>($"select key, name from role where {kind} = any (of_kinds) and key not in ('system', 'heed') order by name").ToListAsync();

    public static async Task<Person?> One(Guid id, Work work) => await work.Ask<Person>($"""
        select p.id, p.name, p.rank, p.email, a.id as agency_id, a.name as agency, a.kind from practitioner p join agency a on a.id = p.agency_id where p.id = {id} and not p.is_system and p.during @> heed_now() and administers(a.id)
        """).FirstOrDefaultAsync();

    public static async Task<IReadOnlyList<Post>> Posts(Guid id, Work work) => await work.Ask<Post>($"""
        select o.team_id, t.name as team, r.key as role_key, r.name as role, lower(o.during) as since, o.provider_id is not null as by_group from post o join team t on t.id = o.team_id join role r on r.key = o.role where o.practitioner_id = {id} and o.during @> heed_now() order by 2, 4
        """).ToListAsync();

    /// <param name="Agency">Where they join.</param>
    /// <param name="Name">Up to 200 characters.</param>
    /// <param name="Rank">Rank or job.</param>
    /// <param name="Team">Of that agency.</param>
    /// <param name="Role">The key of a role that such an agency has, such as social-worker.</param>
    public sealed record Joiner(Guid Agency, string? Name, string? Rank, string? Email, Guid? Team, string? Role);

    public static async Task<(Guid?, Refusal?)> Join(Joiner said, Work work)
    {
        if ((await Agencies(work)).FirstOrDefault(a => a.Id == said.Agency) is not { } agency)
        {
            return (null, work.NotFound(said.Agency));
        }
        var errors = await PostErrors(agency.Id, agency.Kind, said.Team, said.Role, work);
        if (string.IsNullOrWhiteSpace(said.Name) || said.Name.Length > 100)
        {
            errors["name"] = ["Enter their name, in at most 100 characters"];
        }
        if (string.IsNullOrWhiteSpace(said.Rank) || said.Rank.Length > 100)
        {
            errors["rank"] = ["Enter their rank or job, as others will see it beside their name"];
        }
        var email = said.Email?.Trim().ToLowerInvariant() ?? "";
        if (!System.Net.Mail.MailAddress.TryCreate(email, out _))
        {
            errors["email"] = ["Enter their work e-mail address: by it their agency's sign-in knows them"];
        }
        if (errors.Count > 0)
        {
            return (null, work.Refuse(errors));
        }
        var id = Ids.Next();
        if (await work.Do($"insert into practitioner (id, key, agency_id, name, rank, email, during) values ({id}, {id.ToString()}, {agency.Id}, {said.Name!.Trim()}, {said.Rank!.Trim()}, {email}, tstzrange(heed_now(), null)) on conflict do nothing") == 0)
        {
            return (null, work.Refuse("email", "Somebody has this address here already: an address is one person's", kind: No.Conflict));
        }
        return (id, await Put(id, said.Team!.Value, said.Role!, work));
    }

    /// <summary>A further post, or with <paramref name="instead"/> one in the place of all others; what they had taken in teams that they leave goes back.</summary>
    public static async Task<Refusal?> Give(Guid id, Guid? team, string? role, bool instead, Work work)
    {
        if (await One(id, work) is not { } person)
        {
            return work.NotFound(id);
        }
        if (id == work.Actor.Id)
        {
            return work.Refuse("role", "Nobody changes their own posts: another manager of your agency does, or the partnership's business manager");
        }
        if (await PostErrors(person.AgencyId, person.Kind, team, role, work) is { Count: > 0 } errors)
        {
            return work.Refuse(errors);
        }
        if (instead)
        {
            await work.Do($"update post set during = tstzrange(lower(during), heed_now()) where practitioner_id = {id} and during @> heed_now() and provider_id is null and not (team_id = {team} and role = {role})");
        }
        if (await Put(id, team!.Value, role!, work) is { } no)
        {
            return no;
        }
        if (instead)
        {
            await work.Do($"select give_back({id})");
        }
        return null;
    }

    public static async Task<Refusal?> Take(Guid id, Guid team, string role, Work work)
    {
        if (await One(id, work) is null)
        {
            return work.NotFound(id);
        }
        if (id == work.Actor.Id)
        {
            return work.Refuse("role", "Nobody changes their own posts: another manager of your agency does, or the partnership's business manager");
        }
        if (await work.One<bool>($"select exists (select 1 from post where practitioner_id = {id} and team_id = {team} and role = {role} and during @> heed_now() and provider_id is not null)"))
        {
            return work.Refuse("role", "A group of the agency's own sign-in gives this post: take them out of the group there, or it would be back in five minutes");
        }
        if (await work.Do($"update post set during = tstzrange(lower(during), heed_now()) where practitioner_id = {id} and team_id = {team} and role = {role} and during @> heed_now()") == 0)
        {
            return work.NotFound(id);
        }
        await work.Do($"select give_back({id})");
        return null;
    }

    /// <summary>Everything ends now. What they had taken goes back to its team; children go to the manager on duty.</summary>
    public static async Task<Refusal?> Leave(Guid id, string? words, Work work)
    {
        if (!words.Says())
        {
            return work.Refuse("words", "Say in up to 2,000 characters what the duty manager must know: what they had comes back now");
        }
        var teams = await work.Ask<Guid>($"select team_id as \"Value\" from post where practitioner_id = {id} and during @> heed_now()").ToListAsync();
        switch (await work.One<string>($"select depart({id}, {words.Trim()})"))
        {
            case "done":
                teams.ForEach(t => work.Wakes($"team:{t}"));
                return null;
            case "self":
                return work.Refuse("words", "Nobody puts themselves out: another manager of your agency does, or the partnership's business manager");
            case "gone":
                return work.Refuse("words", "They have left already", kind: No.Conflict);
            default:
                return work.NotFound(id);
        }
    }

    private static async Task<Dictionary<string, string[]>> PostErrors(Guid agency, string kind, Guid? team, string? role, Work work)
    {
        var errors = new Errors();
        if ((await Teams(agency, work)).All(t => t.Id != team))
        {
            errors["team"] = ["Choose a team of this agency"];
        }
        if ((await Roles(kind, work)).All(r => r.Key != role))
        {
            errors["role"] = ["Choose a role that this kind of agency has"];
        }
        else if (!work.Actor.May("policy.agree") && await work.One<bool>($"select 'policy.agree' = any (permits) from role where key = {role}"))
        {
            errors["role"] = ["Only who agrees what the partnership shares gives a role that does: ask a service manager, a force lead or the business manager"];
        }
        return errors;
    }

    private static async Task<Refusal?> Put(Guid id, Guid team, string role, Work work) =>
        await work.Do($"insert into post (practitioner_id, team_id, role, during) values ({id}, {team}, {role}, tstzrange(heed_now(), null)) on conflict do nothing") == 0
            ? work.Refuse("role", "They have this post already", kind: No.Conflict) : null;
}
