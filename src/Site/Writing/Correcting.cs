using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Heed.Plumbing.Gov;
using Heed.Site.Access;
using Heed.Site.Notices;
using Heed.Statute;
using NodaTime;
using NodaTime.Text;

namespace Heed.Site.Writing;

/// <summary>
/// A report that was sent stands in the form again, to be corrected by a new version. What its sender said and the form does not ask for (a system says more than a form) is not lost:
/// the new version is the old one with what was changed in the form.
/// </summary>
public static partial class Correcting
{
    private static readonly LocalTimePattern Clock = LocalTimePattern.CreateWithInvariantCulture("HH:mm");

    /// <summary>Whom the sender gave no key gets one: what is changed in the form is found again by it.</summary>
    public static ReportIn Keyed(ReportIn was)
    {
        var free = Free(was);
        return was with { People = [.. was.People!.Select(p => p! with { Key = p!.Key ?? free() })] };
    }

    /// <summary>As the form holds it. A sender's keys may be names, and a page's address holds nobody's: those that are not the form's own have one of its own beside them.</summary>
    /// <param name="was">Accepted once, and <see cref="Keyed"/>.</param>
    public static Typed Form(ReportIn was, Snapshot bodies, Instant now)
    {
        var read = Reading.Read(was, now).Item1 ?? throw new InvalidOperationException("A report that was accepted cannot be read again: a rule was made stricter than what stands");
        var free = Free(was);
        var keys = was.People!.ToDictionary(p => p!.Key!, p => OwnKey().IsMatch(p!.Key!) ? p.Key! : free());
        var asked = Questions.Of(was.Risk?.Instrument, was.Risk?.Version);
        return new()
        {
            What = new()
            {
                Kind = was.Kind,
                Occurred = At(read.Occurred),
                Precision = was.OccurredPrecision switch { "about that time" => "about", "some time that day" => "day", null or "to the minute" when read.OccurredUntil is null => "exact", _ => "longer" },
                Longer = was.OccurredPrecision ?? (read.OccurredUntil is null ? null : "between these times"),
                Known = was.KnownAt is null ? new() : At(read.Known),
                Place = was.Place?.Description,
                Line = Line(was.Place?.Address), Locality = was.Place?.Address?.Locality, Postcode = was.Place?.Address?.Postcode,
                Summary = was.Summary,
            },
            Risk = new()
            {
                Instrument = asked?.Key,
                Answers = asked?.Asked.Select(q => (q.Number, Answer: was.Risk!.Answers?.GetValueOrDefault(q.Number))).Where(a => a.Answer is "yes" or "no" or "not-known").ToDictionary(a => a.Number, a => a.Answer) ?? [],
                Note = was.Risk?.Note,
                Grade = was.Risk?.Grade is "standard" or "medium" or "high" ? was.Risk.Grade : null,
            },
            Children = new() { Present = was.ChildrenPresent, Household = was.ChildInHousehold },
            People = [.. read.People.Select(Someone)],
        };

        Someone Someone(Mentioned p)
        {
            var (said, home, there) = (p.Said, p.Said.Addresses?.FirstOrDefault(), was.Place?.Address);
            var away = home is not null && (Line(home), home.Locality, home.Postcode) != (Line(there), there?.Locality, there?.Postcode);
            return new()
            {
                Key = keys[said.Key!],
                As = keys[said.Key!] == said.Key ? null : said.Key,
                Child = p.IsChild,
                RecordNumber = said.RecordNumber,
                Roles = p.IsChild ? [] : [.. p.Roles.Where(KindWords.Roles.ContainsKey)],
                GivenNames = said.GivenNames, FamilyName = said.FamilyName,
                Unborn = p.IsChild && said.Expected is not null && p.Born.Date is null, Born = TypedDate.Of(p.Born.Date), Expected = TypedDate.Of(p.Expected),
                Sex = string.IsNullOrEmpty(said.Sex) ? null : said.Sex,
                Home = home is null ? null : away ? "other" : "there",
                Line = away ? Line(home) : null, Locality = away ? home!.Locality : null, Postcode = away ? home!.Postcode : null, Sensitivity = home?.Sensitivity,
                Related = (said.Relationships ?? []).Where(r => r?.To is { } to && to != said.Key && keys.ContainsKey(to)).GroupBy(r => keys[r!.To!]).ToDictionary(r => r.Key, r => r.First()!.Kind),
                School = School(said.School), WorksAt = p.IsChild ? null : School(said.WorksAt),
                Seen = (said.Seen, said.SeenAlone) switch { (false, _) => "no", (true, true) => "alone", (true, false) => "not-alone", _ => null },
                OwnWords = said.OwnWords, Phone = said.Phone, SafeContact = said.SafeContact,
            };
        }

        string? School(SchoolIn? said) => said?.Name ?? (said?.Urn is { } urn && bodies.SchoolByUrn.TryGetValue(urn.Trim(), out var school) ? bodies.Agencies[school].Name : null);

        static string? Line(AddressIn? address) => address?.Lines is { Count: > 0 } lines ? string.Join(", ", lines) : null;

        static When At(Instant at) => at.InZone(WorkingCalendar.London) is var local ? new() { Day = TypedDate.Of(local.Date), Time = Clock.Format(local.TimeOfDay) } : null!;
    }

    /// <summary>What was sent, with what was changed in the form.</summary>
    /// <param name="was">As it was sent.</param>
    /// <param name="from">The same, said through the form.</param>
    /// <param name="to">As it stands in the form now.</param>
    public static ReportIn Onto(ReportIn was, ReportIn from, ReportIn to) => Merged(Node(was), Node(from), Node(to)).Deserialize(ReportJson.Default.ReportIn)!;

    private static JsonNode? Node(ReportIn said) => JsonSerializer.SerializeToNode(said, ReportJson.Default.ReportIn);

    private static JsonNode? Merged(JsonNode? was, JsonNode? from, JsonNode? to) => JsonNode.DeepEquals(from, to) ? was?.DeepClone() : (was, from, to) switch
    {
        (JsonObject, _, _) => Members((JsonObject)was, from as JsonObject ?? [], to as JsonObject ?? []),
        // Lines of an address are one line in the form: they are changed as one.
        (JsonArray, JsonArray, _) when from.AsArray().Any(f => f is JsonValue && !was.AsArray().Any(w => JsonNode.DeepEquals(w, f))) => to?.DeepClone(),
        (JsonArray, _, _) => List((JsonArray)was, from as JsonArray ?? [], to as JsonArray ?? []),
        _ => to?.DeepClone(),
    };

    private static JsonObject? Members(JsonObject was, JsonObject from, JsonObject to)
    {
        // The number of a house or a school is that of the one which is named no more.
        var members = was.Concat(to).Select(m => m.Key).Distinct().Select(name => KeyValuePair.Create(name, name is "uprn" or "urn" ? to[name]?.DeepClone() : Merged(was[name], from[name], to[name]))).Where(m => m.Value is not null).ToList();
        return members.Count == 0 ? null : new(members);
    }

    private static JsonArray? List(JsonArray was, JsonArray from, JsonArray to)
    {
        var (w, f, t) = (Named(was), Named(from), Named(to));
        var list = w.Concat(t).Select(n => n.Key).Distinct().SelectMany(name => (f[name].FirstOrDefault(), t[name].FirstOrDefault()) switch
        {
            var (before, now) when JsonNode.DeepEquals(before, now) => w[name].Select(n => n?.DeepClone()),
            (_, null) => [],
            var (before, now) => w[name].Skip(1).Select(n => n?.DeepClone()).Prepend(Merged(w[name].FirstOrDefault(), before, now)),
        }).ToArray();
        return list.Length == 0 ? null : new(list);

        // People by their key, relationships by whom they are to, words by themselves, addresses by their place in the list.
        static ILookup<string, JsonNode?> Named(JsonArray list) => list.Index().ToLookup(n => n.Item switch { JsonObject o => $"{o["key"] ?? o["to"] ?? n.Index}", var word => $"{word}" }, n => n.Item);
    }

    /// <summary>The form's next keys that nobody in the report has.</summary>
    private static Func<string> Free(ReportIn was)
    {
        var (taken, next) = (was.People!.Select(p => p!.Key).ToHashSet(), 0);
        return () =>
        {
            string key;
            do { key = $"p{++next}"; } while (taken.Contains(key));
            return key;
        };
    }

    [GeneratedRegex("^p[1-9][0-9]{0,3}$")]
    private static partial Regex OwnKey();
}
