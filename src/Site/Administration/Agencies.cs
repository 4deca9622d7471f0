using Heed.Plumbing;
using Heed.Statute;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Administration;

/// <summary>The bodies of a partnership over time: one that is added, renamed, or followed by another. None is ever taken out: its time ends.</summary>
public static class Agencies
{
    public static readonly IReadOnlyDictionary<string, string> Kinds = new Dictionary<string, string> { ["police"] = "Police force", ["council"] = "Council", ["school"] = "School", ["health"] = "Health body", ["dbs"] = "Disclosure and Barring Service", ["partnership"] = "Partnership", ["inspectorate"] = "Inspectorate" };

    public static readonly IReadOnlyDictionary<string, string> Hows = new Dictionary<string, string> { ["merged"] = "Merged into", ["split"] = "Split into", ["transferred"] = "Its duties went to" };

    /// <summary>The function of a new agency's first team: the one that notices reach.</summary>
    private static string Front(string kind) => kind switch { "police" => "mash-desk", "council" => "front-door", "partnership" => "partnership", "inspectorate" => "inspection", _ => "safeguarding" };

    /// <param name="Former">What it was called, newest first, each with its last day.</param>
    /// <param name="Name">What it is called today.</param>
    /// <param name="Kind">police, council, school, health, dbs, partnership or inspectorate.</param>
    /// <param name="Nation">England or Wales: whose limits hold.</param>
    /// <param name="Code">The ONS code of a force or council, the URN of a school, the ODS code of a health body.</param>
    /// <param name="Since">From which day; null: from the beginning.</param>
    /// <param name="Until">The first day on which it is none any more.</param>
    /// <param name="Followers">"how|agency|day" for each agency in its place.</param>
    public sealed record Line(Guid Id, string Name, string Kind, string Nation, string? Code, LocalDate? Since, LocalDate? Until, string[] Former, string[] Followers);

    /// <param name="Name">Up to 200 characters; no two agencies are called the same.</param>
    /// <param name="Kind">police, council, school, health, dbs, partnership or inspectorate.</param>
    /// <param name="Nation">England or Wales: whose limits hold.</param>
    /// <param name="Code">The ONS code of a force or council, the URN of a school, the ODS code of a health body.</param>
    /// <param name="From">From which day it is an agency of this partnership.</param>
    /// <param name="Team">What the team is called that notices reach first.</param>
    /// <param name="HasHeed">False: it is told by telephone, by a person of the sender.</param>
    public sealed record New(string? Name, string? Kind, string? Nation, string? Code, LocalDate? From, string? Team, bool HasHeed);

    public static async Task<IReadOnlyList<Line>> All(Work work) => await work.Ask<Line>($"""
        select a.id, a.name, a.kind, a.nation, a.code, lower(a.during) as since, upper(a.during) as until,
               array(select f.name || ', until ' || to_char(upper(f.during) - 1, 'FMDD FMMonth YYYY') from former_name f where f.agency_id = a.id order by upper(f.during) desc) as former,
               array(select s.how || '|' || b.name || '|' || to_char(s.on_day, 'FMDD FMMonth YYYY') from succession s join agency b on b.id = s.follower_id where s.agency_id = a.id order by b.name) as followers
          from agency a where a.kind <> 'system' and a.key <> 'outside' order by a.kind, a.name
        """).ToListAsync();

    public static async Task<(Guid?, Refusal?)> Add(New said, Work work)
    {
        var errors = new Errors();
        if (string.IsNullOrWhiteSpace(said.Name) || said.Name.Length > 200)
        {
            errors["name"] = ["Enter what the agency is called"];
        }
        if (said.Kind is null || !Kinds.ContainsKey(said.Kind))
        {
            errors["kind"] = ["Choose what kind of agency it is"];
        }
        if (said.Nation is not ("England" or "Wales"))
        {
            errors["nation"] = ["Choose England or Wales: whose limits hold depends on it"];
        }
        if (said.From is null)
        {
            errors["from"] = ["Enter from which day it is an agency of this partnership"];
        }
        if (string.IsNullOrWhiteSpace(said.Team))
        {
            errors["team"] = ["Enter what the team is called that notices reach first"];
        }
        if (await work.One<bool>($"select exists (select 1 from agency where lower(name) = lower({said.Name ?? ""}) and (upper(during) is null or upper(during) > london_today()))"))
        {
            errors["name"] = ["An agency of this name is there already"];
        }
        if (errors.Count > 0)
        {
            return (null, work.Refuse(errors));
        }
        var (id, team, system) = (Ids.Next(), Ids.Next(), Ids.Next());
        await work.Do($"insert into agency (id, key, name, kind, code, nation, during, has_heed) values ({id}, {id.ToString()}, {said.Name!.Trim()}, {said.Kind}, {(string.IsNullOrWhiteSpace(said.Code) ? null : said.Code.Trim())}, {said.Nation}, daterange({said.From}, null), {said.HasHeed})");
        await work.Do($"insert into team (id, key, agency_id, name, function) values ({team}, {team.ToString()}, {id}, {said.Team!.Trim()}, {Front(said.Kind!)})");
        // By which its own systems act: without it no key could be made for them.
        await work.Do($"insert into practitioner (id, key, agency_id, name, rank, is_system) values ({system}, {system.ToString()}, {id}, {"System of " + said.Name.Trim()}, 'System', true)");
        await work.Do($"insert into post (practitioner_id, team_id, role) values ({system}, {team}, 'system')");
        return (id, null);
    }

    /// <summary>From today on. What it was called until yesterday is kept.</summary>
    public static async Task<Refusal?> Rename(Guid id, string? name, Work work)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > 200)
        {
            return work.Refuse("newName", "Enter what it is called from today on");
        }
        if (await work.Ask<string>($"select name as \"Value\" from agency where id = {id} and kind <> 'system' for no key update").ToListAsync() is not [var was])
        {
            return work.NotFound(id);
        }
        if (was == name.Trim())
        {
            return work.Refuse("newName", "It is called so already", kind: No.Conflict);
        }
        if (await work.Do($"insert into former_name (agency_id, name, during) select {id}, {was}, d from (select daterange((select max(upper(during)) from former_name where agency_id = {id}), london_today()) as d) x where not isempty(d)") == 0)
        {
            return work.Refuse("newName", "It was renamed today already: a name holds for a day at least", kind: No.Conflict);
        }
        await work.Do($"update agency set name = {name.Trim()} where id = {id}");
        return null;
    }

    /// <summary>From a day on another agency is in its place; with a merger or a transfer its own time ends then.</summary>
    public static async Task<Refusal?> Follow(Guid id, Guid? follower, string? how, LocalDate? on, Work work)
    {
        var all = await All(work);
        if (all.FirstOrDefault(a => a.Id == id) is not { } agency)
        {
            return work.NotFound(id);
        }
        if (all.FirstOrDefault(a => a.Id == follower) is not { } next || next.Id == id || next.Kind != agency.Kind)
        {
            return work.Refuse("follower", "Choose another agency of the same kind: what follows a council is a council");
        }
        if (how is null || !Hows.ContainsKey(how))
        {
            return work.Refuse("how", "Choose how it was followed");
        }
        if (on is not { } day || day <= (agency.Since ?? LocalDate.MinIsoValue) || day < WorkingCalendar.DateIn(work.Now))
        {
            return work.Refuse("on", "Enter from which day, today or later: what was sent to it before was sent to it");
        }
        if (await work.Do($"insert into succession (agency_id, follower_id, on_day, how) values ({id}, {next.Id}, {day}, {how}) on conflict do nothing") == 0)
        {
            return work.Refuse("follower", "That it is followed by this one is written down already", kind: No.Conflict);
        }
        await work.Do($"update agency set during = daterange(lower(during), {day}) where id = {id} and (upper(during) is null or upper(during) > {day})");
        return null;
    }
}
