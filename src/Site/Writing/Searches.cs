using Heed.Plumbing;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Writing;

/// <summary>Which of the force's systems were searched for each person, and what was found. That nothing was found is written down too: it is not the same as not having looked.</summary>
public static class Searches
{
    public sealed record Command(Guid Report, IReadOnlyList<One>? Searched);

    /// <param name="Person">The person's key in the report.</param>
    /// <param name="System">One of the force's own list of systems.</param>
    /// <param name="Found">Whether it held anything.</param>
    /// <param name="Words">What it held. Up to 2,000 characters.</param>
    public sealed record One(string? Person, string? System, bool? Found, string? Words);

    public sealed record Subject(Guid Mention, string? Key, string? Given, string? Family, bool Unborn, Guid? Person, bool IsChild);

    public static async Task<Refusal?> Handle(Command ask, Work work)
    {
        var people = await People(ask.Report, work);
        if (people.Count == 0)
        {
            return work.NotFound(ask.Report);
        }
        var systems = await Systems(work);
        var errors = new Errors();
        if (ask.Searched is not { Count: > 0 and <= 500 })
        {
            errors["searched"] = ["Tick at least one system that was searched"];
        }
        foreach (var (one, i) in (ask.Searched ?? []).Select((one, i) => (one, i)).Take(500))
        {
            if (!people.Any(p => p.Key is not null && p.Key == one.Person))
            {
                errors[$"searched[{i}].person"] = ["Names no person of this report by key"];
            }
            if (!systems.Contains(one.System))
            {
                errors[$"searched[{i}].system"] = [$"Not known here: it must be one of the force's own list, {string.Join(", ", systems)}"];
            }
            if (one.Found is null)
            {
                errors[$"searched[{i}].found"] = ["Say whether something was found or nothing, and not both"];
            }
            if (one.Found == true && string.IsNullOrWhiteSpace(one.Words))
            {
                errors[$"searched[{i}].words"] = ["Say what was found"];
            }
            if (!one.Words.Fits())
            {
                errors[$"searched[{i}].words"] = ["At most 2,000 characters, and none of them U+0000"];
            }
        }
        if (errors.Count > 0)
        {
            return work.Refuse(errors);
        }
        foreach (var one in ask.Searched!)
        {
            var mention = people.First(p => p.Key == one.Person).Mention;
            await work.Do($"insert into searched (id, mention_id, report_id, system, found, words) values ({Ids.Next()}, {mention}, {ask.Report}, {one.System}, {one.Found}, {(string.IsNullOrWhiteSpace(one.Words) ? null : one.Words.Trim())})");
        }
        work.Wakes($"report:{ask.Report}");
        return null;
    }

    /// <summary>The people of one's own agency's report.</summary>
    public static async Task<IReadOnlyList<Subject>> People(Guid report, Work work) => await work.Ask<Subject>($"""
        select m.id as mention, m.key, m.given, m.family, coalesce(m.expected is not null and m.born is null, false) as unborn, l.person_id as person, m.is_child
          from mention m join report r on r.id = m.report_id left join link l on l.source_record_id = m.source_record_id and l.undone_at is null
         where m.report_id = {report} and r.agency_id = {work.Actor.Agency} order by not m.is_child, m.ordinal
        """).ToListAsync();

    /// <summary>What the force searches: its own setting.</summary>
    public static async Task<IReadOnlyList<string?>> Systems(Work work) =>
        await work.Ask<string?>($"select name as \"Value\" from searchable where agency_id = {work.Actor.Agency} and during @> london_today() order by ordinal").ToListAsync();
}
