using System.Text.Json;
using System.Text.RegularExpressions;
using Heed.Matching;
using Heed.Plumbing;
using Heed.Site.People;
using Microsoft.EntityFrameworkCore;

namespace Heed.Site.Files;

/// <summary>Which of an agency's columns is which of ours: as it was last time, or guessed from the headings.</summary>
public static partial class Columns
{
    private static readonly Dictionary<string, string[]> Called = new()
    {
        ["reference"] = ["reference", "ref", "incidentno", "incidentnumber", "incidentref", "incidentreference", "incidentid", "logno", "lognumber", "occurrence", "occurrenceno", "occurrencenumber", "crimeref", "crimereference", "crimeno", "crimenumber"],
        ["version"] = ["version"], ["supersedes"] = ["supersedes"], ["supersession_reason"] = ["supersessionreason", "correctionreason"],
        ["kind"] = ["kind", "incidenttype", "type", "category"], ["sensitivity"] = ["sensitivity"],
        ["occurred"] = ["occurred", "occurredat", "occurredon", "incidentdatetime", "datetime", "incidentdate", "dateofincident", "date+time", "incidentdate+incidenttime"],
        ["known"] = ["known", "knownat", "attendedat", "attended", "knowntous", "knowntopolice"], ["recorded"] = ["recorded", "recordedat", "createdat"],
        ["summary"] = ["summary", "circumstances", "narrative", "mo", "description", "details", "notes", "whathappened"], ["grade"] = ["grade", "riskgrade", "dashgrade", "risk", "risklevel", "grading", "riskgrading"],
        ["place"] = ["place", "location", "locationtype"], ["address"] = ["address", "incidentaddress", "street"], ["locality"] = ["locality", "town"], ["postcode"] = ["postcode", "incidentpostcode"],
        ["reporter"] = ["reporter", "officer", "reportingofficer", "oic"], ["team"] = ["team", "unit"], ["shift"] = ["shift"],
        ["number"] = ["personid", "nominal", "nominalref", "recordnumber", "nominalid"], ["role"] = ["role", "involvement", "roles"],
        ["given"] = ["given", "forename", "forenames", "firstname", "givenname", "givennames"], ["family"] = ["family", "surname", "lastname", "familyname"], ["full_name"] = ["fullname", "name", "personname", "childname"],
        ["aliases"] = ["aliases", "alias", "aka", "alsoknownas"], ["born"] = ["born", "dob", "dateofbirth", "birthdate"], ["expected"] = ["expected", "edd", "duedate"], ["sex"] = ["sex", "gender"], ["language"] = ["language", "firstlanguage"],
        ["nhs"] = ["nhs", "nhsno", "nhsnumber"], ["upn"] = ["upn"], ["pnc"] = ["pnc", "pncid"], ["home"] = ["home", "homeaddress", "addressofchild", "childaddress", "childsaddress"], ["home_locality"] = ["homelocality", "hometown"], ["home_postcode"] = ["homepostcode", "postcodeofchild", "childpostcode", "childspostcode"],
        ["school"] = ["school", "schoolname"], ["school_urn"] = ["schoolurn", "urn"],
        ["works_at"] = ["worksat", "worksatschool", "workplaceschool", "schoolworkplace", "schoolemployer"], ["works_at_urn"] = ["worksaturn", "workplaceurn", "schoolworkplaceurn", "schoolemployerurn"],
        ["phone"] = ["phone", "telephone", "mobile"], ["own_words"] = ["ownwords", "voiceofthechild", "voiceofchild"],
    };

    /// <summary>The agency's map that it last sent a file by and that fits this header; where none does, a guess, which may be empty.</summary>
    public static async Task<(ColumnMap Map, bool Kept)> Offer(string[] header, Work work, CancellationToken stop = default)
    {
        var kept = await work.Ask<string>($"""
            select m.map::text as "Value" from column_map m join file_import i on i.map_id = m.id where m.agency_id = {work.Actor.Agency} group by m.id order by max(i.at) desc, max(i.id::text) desc
            """).ToListAsync(stop);
        return kept.Select(Read).FirstOrDefault(m => m.In(header).Item1 is not null) is { } map ? (map, true) : (Guess(header), false);
    }

    public static ColumnMap Guess(string[] header)
    {
        var plain = header.Select(h => (Theirs: h, Plain: Rest().Replace(h.ToLowerInvariant(), ""))).Where(h => h.Plain.Length > 0).GroupBy(h => h.Theirs, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() == 1).Select(g => g.Single()).ToList();
        var columns = new List<(string, string)>();
        foreach (var ours in FileReports.Fields)
        {
            var child = Child().Match(ours);
            var called = Called[child.Success ? child.Groups["field"].Value : ours];
            var names = child.Success ? called.Select(name => $"child{child.Groups["n"].Value}{name}") : FileReports.OfPerson.Contains(ours) ? called.Concat(called.SelectMany(Whose)) : called;
            if (names.Select(name => name.Split('+').Select(part => plain.Find(h => h.Plain == part).Theirs).ToList()).FirstOrDefault(found => found.All(f => f is not null)) is { } theirs)
            {
                columns.Add((ours, string.Join('+', theirs)));
            }
        }
        // A day and its time in two columns are one moment.
        var day = columns.FindIndex(c => c.Item1 == "occurred");
        foreach (var time in new[] { "time", "incidenttime", "timeofincident" })
        {
            if (plain.Find(h => h.Plain == time).Theirs is { } beside && (day < 0 ? plain.Find(h => h.Plain == "date").Theirs : columns[day].Item2) is { } of && !of.Contains('+'))
            {
                columns.RemoveAll(c => c.Item1 == "occurred");
                columns.Add(("occurred", $"{of}+{beside}"));
                break;
            }
        }
        return new([.. columns]);
    }

    /// <summary>"Surname of child", "Child's surname": a form that asks whose it is.</summary>
    private static IEnumerable<string> Whose(string name) => new[] { "child", "person", "subject" }.SelectMany(who => new[] { $"{name}of{who}", $"{name}ofthe{who}", $"{who}{name}", $"{who}s{name}" });

    /// <summary>The columns that nothing is read from, by their headings: whoever sends a file is told, or a name that was written would be missed by nobody.</summary>
    public static IReadOnlyList<string> LeftOut(string[] header, ColumnMap map) => [.. header.Where(h => h.Length > 0 && map.Meaning(h) is null)];

    public static ColumnMap Read(string json) => new([.. JsonSerializer.Deserialize<string[][]>(json)!.Select(pair => (pair[0], pair[1]))]);

    public static string Write(ColumnMap map) => JsonSerializer.Serialize(map.Columns.OrderBy(c => c.Ours, StringComparer.Ordinal).Select(c => new[] { c.Ours, c.Theirs }));

    /// <summary>The agency's own map, kept: its number.</summary>
    public static async Task<Guid> Keep(ColumnMap map, Work work, CancellationToken stop = default)
    {
        var json = Write(map);
        await work.Do($"insert into column_map (id, agency_id, map) values ({Ids.Next()}, {work.Actor.Agency}, {json}::jsonb) on conflict do nothing", stop);
        return await work.One<Guid>($"select id from column_map where agency_id = {work.Actor.Agency} and map = {json}::jsonb", stop);
    }

    [GeneratedRegex("[^a-z0-9]")]
    private static partial Regex Rest();

    [GeneratedRegex("^child(?<n>[0-9])_(?<field>.+)$")]
    private static partial Regex Child();
}
