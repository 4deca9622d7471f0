using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Heed.Matching;
using Heed.Statute;
using NodaTime;
using NodaTime.Text;

namespace Heed.Site.Notices;

/// <summary>One value that was kept as written because it could not be understood. Never the value itself.</summary>
public sealed record Note(string Field, string Words);

/// <summary>A person of a report, as understood.</summary>
public sealed record Mentioned(short Ordinal, PersonIn Said, string[] Roles, bool IsChild, WrittenDate Born, LocalDate? Expected, string? Nhs, string? Upn, string? Pnc);

/// <summary>A report as understood: what was sent, its times, its people, and notes on what was kept as written only.</summary>
public sealed record Understood(
    ReportIn Said, string Reference, int Version, string Kind, bool Restricted, Instant Occurred, Instant? OccurredUntil, string Precision, Instant Known, Instant? Recorded,
    IReadOnlyList<Mentioned> People, IReadOnlyList<Note> Notes, string Canonical, byte[] Hash)
{
    public IEnumerable<Mentioned> Children => People.Where(p => p.IsChild);

    public bool Urgent => Said.Risk?.Grade is "high" || Kind is "missing" or "physical-injury";
}

/// <summary>
/// Reads a report: what is malformed is an error by field; what is merely wrong about a person (an impossible date of birth, a check digit)
/// is kept as written with a note, for a report about a child is never turned away over a birthday.
/// </summary>
public static class Reading
{
    public const int MostBytes = 256 * 1024;
    private const int MostPeople = 60;

    public static readonly IReadOnlySet<string> Kinds = new HashSet<string>
    {
        "domestic-abuse", "missing", "child-concern", "neglect", "physical-injury", "exploitation", "online-abuse", "anti-social-behaviour", "custody", "other",
    };

    private static readonly HashSet<string> ChildRoles = ["child", "unborn", "pupil"];
    private static readonly HashSet<string> Sensitivities = ["refuge", "confidential-placement", "confidential"];
    private static readonly HashSet<string> Bases = ["fact", "opinion", "allegation", "hearsay"];
    private static readonly HashSet<string> Categories = ["suspect", "convicted", "victim", "witness"];
    private static readonly SearchValues<char> Unstorable = SearchValues.Create('\0');

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 12, AllowDuplicateProperties = false };

    private static readonly Dictionary<string, string[]> None = [];

    /// <summary>
    /// The JSON as a report, and what is wrong with it as JSON (400): by the field's path, with the reason, never the value.
    /// What is unknown or of the wrong kind is left out of the report that comes with the errors, so that the rest can be read and all that is wrong is said at once.
    /// </summary>
    public static (ReportIn?, IReadOnlyDictionary<string, string[]> Errors) Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ReportJson.Default.ReportIn) is { } said ? (said, None) : (null, One("$", "The body is null; a report is a JSON object"));
        }
        catch (JsonException misfit) when (misfit.Message.Contains("could not be mapped", StringComparison.Ordinal) || misfit.Message.Contains("could not be converted", StringComparison.Ordinal))
        {
            try
            {
                var node = JsonNode.Parse(body, documentOptions: Strict);
                var errors = new Dictionary<string, string[]>();
                return Misfits(node, ReportJson.Default.ReportIn, "", errors) || errors.Count == 0 ? (null, One("$", OtherKind)) : (node.Deserialize(ReportJson.Default.ReportIn), errors);
            }
            catch (JsonException bad)
            {
                return (null, One(Path(bad), Why(bad)));
            }
            catch (InvalidOperationException)
            {
                return (null, NotUnicode());
            }
        }
        catch (JsonException bad)
        {
            return (null, One(Path(bad), Why(bad)));
        }
        catch (InvalidOperationException)
        {
            return (null, NotUnicode());
        }

        static Dictionary<string, string[]> One(string path, string why) => new() { [path] = [why] };
        static Dictionary<string, string[]> NotUnicode() => One("$", "A text holds half of a surrogate pair, which is not Unicode");
        static string Path(JsonException bad) => bad.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : "$";
    }

    /// <summary>Whether a value is of another kind than belongs there; within objects and lists, what is so or is not known is noted and taken out.</summary>
    private static bool Misfits(JsonNode? node, JsonTypeInfo wanted, string at, Dictionary<string, string[]> errors)
    {
        var type = Nullable.GetUnderlyingType(wanted.Type) ?? wanted.Type;
        switch (node, wanted.Kind)
        {
            case (null, _):
                return false;
            case (JsonObject o, JsonTypeInfoKind.Object):
                foreach (var (name, value) in o.ToList())
                {
                    var path = at.Length == 0 ? name : $"{at}.{name}";
                    if (wanted.Properties.FirstOrDefault(p => p.Name == name) is not { } known)
                    {
                        errors[path] = ["This member is not known here; see the OpenAPI document"];
                        o.Remove(name);
                    }
                    else if (Misfits(value, ReportJson.Default.GetTypeInfo(known.PropertyType)!, path, errors))
                    {
                        errors[path] = [OtherKind];
                        o.Remove(name);
                    }
                }
                return false;
            case (JsonObject o, JsonTypeInfoKind.Dictionary):
                foreach (var (name, _) in o.Where(m => Misfits(m.Value, ReportJson.Default.GetTypeInfo(wanted.ElementType!)!, at, errors)).ToList())
                {
                    errors[at] = [OtherKind];
                    o.Remove(name);
                }
                return false;
            case (JsonArray a, JsonTypeInfoKind.Enumerable):
                for (var i = 0; i < a.Count; i++)
                {
                    if (Misfits(a[i], ReportJson.Default.GetTypeInfo(wanted.ElementType!)!, $"{at}[{i}]", errors))
                    {
                        errors[$"{at}[{i}]"] = [OtherKind];
                        a[i] = null;
                    }
                }
                return false;
            case (JsonValue v, JsonTypeInfoKind.None):
                return v.GetValueKind() switch
                {
                    JsonValueKind.String => type != typeof(string),
                    JsonValueKind.True or JsonValueKind.False => type != typeof(bool),
                    JsonValueKind.Number => type != typeof(int) || !v.TryGetValue<int>(out _),
                    _ => true,
                };
            default:
                return true;
        }
    }

    private const string OtherKind = "Not of the kind that belongs here: a text, a number or a list";

    private static string Why(JsonException bad) => bad switch
    {
        _ when bad.InnerException is DecoderFallbackException || bad.Message.Contains("UTF-8", StringComparison.OrdinalIgnoreCase) => "The text is not UTF-8",
        _ when bad.Message.Contains("uplicate", StringComparison.Ordinal) => "This member stands twice",
        _ when bad.Message.Contains("depth of", StringComparison.OrdinalIgnoreCase) => "Nested too deeply: 12 levels at the most",
        _ when bad.Message.Contains("depth to be zero", StringComparison.Ordinal) || bad.Message.Contains("end of data", StringComparison.Ordinal) => $"Not JSON: it ends, at line {bad.LineNumber + 1}, byte {bad.BytePositionInLine + 1}, before it is complete",
        _ when bad.Message.Contains("any JSON tokens", StringComparison.Ordinal) => "The body is empty; a report is a JSON object",
        _ => $"Not JSON at line {bad.LineNumber + 1}, byte {bad.BytePositionInLine + 1}",
    };

    /// <summary>A report of its parts, or every error by field.</summary>
    public static (Understood?, IReadOnlyDictionary<string, string[]> Errors) Read(ReportIn said, Instant now)
    {
        var errors = new Dictionary<string, List<string>>();
        var notes = new List<Note>();
        void Wrong(string field, string why) => (errors.TryGetValue(field, out var list) ? list : errors[field] = []).Add(why);
        string? Text(string field, string? text, int most)
        {
            if (text is null)
            {
                return null;
            }
            if (text.Length > most)
            {
                Wrong(field, $"At most {most} characters; this has {text.Length}");
            }
            if (text.AsSpan().ContainsAny(Unstorable))
            {
                Wrong(field, "Holds the character U+0000, which no text can");
            }
            return string.IsNullOrWhiteSpace(text) ? null : text;
        }
        Instant? Time(string field, string? text, bool needed)
        {
            if (string.IsNullOrWhiteSpace(text))
            {
                if (needed)
                {
                    Wrong(field, "Needed: ISO 8601 with an offset, as 2026-11-20T22:40:00Z");
                }
                return null;
            }
            var read = OffsetDateTimePattern.ExtendedIso.Parse(text);
            if (!read.Success)
            {
                Wrong(field, "Not a time that exists, written as ISO 8601 with an offset: 2026-11-20T22:40:00Z");
                return null;
            }
            // The years at either end of the calendar have no instant once their offset is taken off.
            if (read.Value.Year is < 1900 or > 9000)
            {
                Wrong(field, read.Value.Year < 1900 ? "Lies before 1900" : "Lies in the future");
                return null;
            }
            var time = read.Value.ToInstant();
            if (time > now + Duration.FromMinutes(5))
            {
                Wrong(field, "Lies in the future");
            }
            return time;
        }
        var reference = Text("reference", said.Reference, 80)?.Trim();
        if (reference is null)
        {
            Wrong("reference", "Needed: the agency's own reference of the incident");
        }
        var version = said.Version ?? 1;
        if (version is < 1 or > 10_000)
        {
            Wrong("version", "A whole number from 1");
        }
        if (version > 1 && said.Supersedes is null)
        {
            Wrong("supersedes", "A version after the first names the version that it takes the place of");
        }
        if (said.Supersedes is { } old && (old < 1 || old >= version))
        {
            Wrong("supersedes", "An earlier version than this one");
        }
        if (said.Supersedes is not null && string.IsNullOrWhiteSpace(said.SupersessionReason))
        {
            Wrong("supersessionReason", "A correction says why");
        }
        Text("supersessionReason", said.SupersessionReason, 2_000);
        if (said.Kind is null || !Kinds.Contains(said.Kind))
        {
            Wrong("kind", $"One of {string.Join(", ", Kinds.Order())}");
        }
        if (said.Sensitivity is not (null or "open" or "restricted"))
        {
            Wrong("sensitivity", "open or restricted");
        }
        var occurred = Time("occurredAt", said.OccurredAt, needed: true);
        var until = Time("occurredUntil", said.OccurredUntil, needed: false);
        if (until < occurred)
        {
            Wrong("occurredUntil", "Lies before occurredAt");
        }
        var known = Time("knownAt", said.KnownAt, needed: false);
        if (known < occurred && until is null)
        {
            Wrong("knownAt", "Lies before occurredAt: nobody knew before it began");
        }
        if (known is null)
        {
            notes.Add(new("knownAt", "Not given: taken as known when it was received"));
        }
        var recorded = Time("recordedAt", said.RecordedAt, needed: false);
        Text("occurredPrecision", said.OccurredPrecision, 100);
        if (Text("summary", said.Summary, 20_000) is null)
        {
            Wrong("summary", "Needed: what happened, in the reporter's words");
        }
        Place(said.Place, "place");
        if (said.Risk is { } risk)
        {
            Text("risk.instrument", risk.Instrument, 40);
            Text("risk.version", risk.Version, 40);
            Text("risk.note", risk.Note, 5_000);
            if (risk.Grade is not (null or "standard" or "low" or "medium" or "high" or "very-high" or "not-graded"))
            {
                Wrong("risk.grade", "standard, low, medium, high, very-high or not-graded");
            }
            foreach (var (question, answer) in risk.Answers ?? new Dictionary<string, string?>())
            {
                Text("risk.answers", question, 100);
                Text("risk.answers", answer, 2_000);
            }
            if (risk.Answers?.Count > 200)
            {
                Wrong("risk.answers", "At most 200 answers");
            }
        }
        foreach (var (field, answer) in new[] { ("childrenPresent", said.ChildrenPresent), ("childInHousehold", said.ChildInHousehold) })
        {
            if (answer is not (null or "yes" or "no" or "not-known"))
            {
                Wrong(field, "yes, no or not-known");
            }
        }
        foreach (var (action, i) in (said.Actions ?? []).Select((a, i) => (a, i)).Take(100))
        {
            Text($"actions[{i}]", action, 2_000);
        }
        if (said.Actions?.Count > 100)
        {
            Wrong("actions", "At most 100 actions");
        }
        Text("reporter.name", said.Reporter?.Name, 200);
        Text("reporter.team", said.Reporter?.Team, 200);
        Text("reporter.shift", said.Reporter?.Shift, 40);

        var people = new List<Mentioned>();
        if (said.People is not { Count: > 0 })
        {
            Wrong("people", "Needed: at least one person");
        }
        else if (said.People.Count > MostPeople)
        {
            Wrong("people", $"At most {MostPeople} people in one report; this has {said.People.Count}");
        }
        else
        {
            var keys = said.People.Where(p => p?.Key is not null).Select(p => p!.Key!).ToHashSet();
            foreach (var twice in said.People.Where(p => p?.Key is not null).GroupBy(p => p!.Key).Where(g => g.Count() > 1))
            {
                Wrong("people", $"The key of person {said.People.ToList().IndexOf(twice.Last())} stands for two people");
            }
            for (short i = 0; i < said.People.Count; i++)
            {
                if (said.People[i] is not { } person)
                {
                    Wrong($"people[{i}]", "Null is not a person");
                    continue;
                }
                people.Add(Person(person, i, keys));
            }
        }
        if (errors.Count > 0 || occurred is null)
        {
            return (null, errors.ToDictionary(e => e.Key, e => e.Value.ToArray()));
        }
        var (canonical, hash) = Canonical(said);
        return (new(said, reference!, version, said.Kind!, said.Sensitivity == "restricted", occurred.Value, until, said.OccurredPrecision ?? (until is null ? "to the minute" : "between these times"),
            known ?? now, recorded, people, notes, canonical, hash), new Dictionary<string, string[]>());

        void Place(PlaceIn? place, string at)
        {
            Text($"{at}.description", place?.Description, 500);
            Address(place?.Address, $"{at}.address");
            Address(place?.FoundAt, $"{at}.foundAt");
        }

        void Address(AddressIn? address, string at)
        {
            foreach (var (line, i) in (address?.Lines ?? []).Select((l, i) => (l, i)))
            {
                Text($"{at}.lines[{i}]", line, 300);
            }
            if (address?.Lines?.Count > 8)
            {
                Wrong($"{at}.lines", "At most 8 lines");
            }
            Text($"{at}.locality", address?.Locality, 200);
            Text($"{at}.postcode", address?.Postcode, 20);
            Text($"{at}.uprn", address?.Uprn, 20);
            if (address?.Sensitivity is { } sensitivity && !Sensitivities.Contains(sensitivity))
            {
                Wrong($"{at}.sensitivity", $"One of {string.Join(", ", Sensitivities)}");
            }
        }

        Mentioned Person(PersonIn person, short i, HashSet<string> keys)
        {
            var at = $"people[{i}]";
            foreach (var (name, text, most) in new[]
            {
                ("key", person.Key, 100), ("recordNumber", person.RecordNumber, 100), ("givenNames", person.GivenNames, 300), ("familyName", person.FamilyName, 300), ("born", person.Born, 60), ("sex", person.Sex, 20),
                ("language", person.Language, 100), ("phone", person.Phone, 60), ("email", person.Email, 300), ("safeContact", person.SafeContact, 1_000), ("parentsTold", person.ParentsTold, 1_000),
                ("ownWords", person.OwnWords, 10_000), ("school.name", person.School?.Name, 300), ("school.urn", person.School?.Urn, 20), ("worksAt.name", person.WorksAt?.Name, 300), ("worksAt.urn", person.WorksAt?.Urn, 20),
            })
            {
                Text($"{at}.{name}", text, most);
            }
            foreach (var (names, what) in new[] { (person.AlsoKnownAs, "alsoKnownAs"), (person.FormerNames, "formerNames"), (person.Roles, "roles") })
            {
                if (names?.Count > 30)
                {
                    Wrong($"{at}.{what}", "At most 30");
                }
                foreach (var (name, j) in (names ?? []).Select((n, j) => (n, j)).Take(30))
                {
                    Text($"{at}.{what}[{j}]", name, 300);
                }
            }
            if (person.Sex is not (null or "" or "F" or "M" or "U"))
            {
                Wrong($"{at}.sex", "F, M or U (unknown)");
            }
            if (person.SubjectCategory is { } category && !Categories.Contains(category))
            {
                Wrong($"{at}.subjectCategory", $"One of {string.Join(", ", Categories)}");
            }
            if (person.Addresses?.Count > 20 || person.Identifiers?.Count > 20 || person.Relationships?.Count > 100 || person.Statements?.Count > 100)
            {
                Wrong(at, "At most 20 addresses, 20 identifiers, 100 relationships and 100 statements");
            }
            foreach (var (address, j) in (person.Addresses ?? []).Select((a, j) => (a, j)).Take(20))
            {
                Address(address, $"{at}.addresses[{j}]");
            }
            foreach (var (relationship, j) in (person.Relationships ?? []).Select((r, j) => (r, j)).Take(100))
            {
                if (Text($"{at}.relationships[{j}].kind", relationship?.Kind, 60) is null)
                {
                    Wrong($"{at}.relationships[{j}].kind", "Needed: mother, father, sibling, partner …");
                }
                if (relationship?.To is not { } to || !keys.Contains(to))
                {
                    Wrong($"{at}.relationships[{j}].to", "Names no person of this report by key");
                }
                else if (to == person.Key)
                {
                    Wrong($"{at}.relationships[{j}].to", "Nobody is related to themselves");
                }
            }
            foreach (var (statement, j) in (person.Statements ?? []).Select((s, j) => (s, j)).Take(100))
            {
                if (statement?.Basis is not { } basis || !Bases.Contains(basis))
                {
                    Wrong($"{at}.statements[{j}].basis", $"One of {string.Join(", ", Bases)}");
                }
                if (Text($"{at}.statements[{j}].words", statement?.Words, 10_000) is null)
                {
                    Wrong($"{at}.statements[{j}].words", "Needed");
                }
            }
            var born = WrittenDate.Parse(person.Born);
            if (born.Outcome == DateOutcome.Understood && born.Date > WorkingCalendar.DateIn(now))
            {
                born = born with { Outcome = DateOutcome.Impossible, Date = null, Why = "lies in the future; an unborn child has an expected date" };
            }
            if (born.Outcome == DateOutcome.Impossible)
            {
                notes.Add(new($"{at}.born", $"Kept as written and not understood: {born.Why}"));
            }
            LocalDate? expected = null;
            if (person.Expected is { } due)
            {
                Text($"{at}.expected", due, 60);
                var read = WrittenDate.Parse(due);
                expected = read.Date;
                if (expected is null)
                {
                    notes.Add(new($"{at}.expected", $"Kept as written and not understood: {read.Why ?? "it is blank"}"));
                }
            }
            // A child born eleven weeks early and one born three late are both real; beyond that one of the two dates is wrong, and both are kept as written.
            if (born.Date is { } b && expected is { } e && b < e.PlusDays(-120))
            {
                notes.Add(new($"{at}.expected", "Lies too long after the date of birth; kept as written only"));
                expected = null;
            }
            string? Number(string type, Func<string?, (bool, string, string?)> parse)
            {
                foreach (var (identifier, j) in (person.Identifiers ?? []).Select((n, j) => (n, j)).Where(n => string.Equals(n.n?.Type, type, StringComparison.OrdinalIgnoreCase)))
                {
                    var (good, value, why) = parse(identifier!.Value);
                    if (good)
                    {
                        return value;
                    }
                    notes.Add(new($"{at}.identifiers[{j}].value", $"Kept as written and not used to link: {why}"));
                }
                return null;
            }
            foreach (var (identifier, j) in (person.Identifiers ?? []).Select((n, j) => (n, j)).Take(20))
            {
                if (Text($"{at}.identifiers[{j}].type", identifier?.Type, 40) is null)
                {
                    Wrong($"{at}.identifiers[{j}].type", "Needed: nhs, upn, pnc or the agency's own word");
                }
                if (Text($"{at}.identifiers[{j}].value", identifier?.Value, 100) is null)
                {
                    Wrong($"{at}.identifiers[{j}].value", "Needed");
                }
            }
            var roles = (person.Roles ?? []).OfType<string>().Select(r => r.Trim().ToLowerInvariant()).Where(r => r.Length > 0).Distinct().ToArray();
            // Somebody of seventeen is a child whatever role the form gave them.
            var child = roles.Any(ChildRoles.Contains) || person.Expected is not null || (born.Date is { } day && day.PlusYears(18) > WorkingCalendar.DateIn(occurred ?? now));
            return new(i, person, roles, child, born, expected,
                Number("nhs", t => (NhsNumber.TryParse(t, out var v, out var why), v.Value ?? "", why)),
                Number("upn", t => (Upn.TryParse(t, out var v, out var why), v.Value ?? "", why)),
                Number("pnc", t => (PncId.TryParse(t, out var v, out var why), v.Value ?? "", why)));
        }
    }

    /// <summary>The same content has the same hash, however it was spaced and ordered: members sorted, nulls left out, no white space.</summary>
    private static (string, byte[]) Canonical(ReportIn said)
    {
        var sorted = Sorted(JsonSerializer.SerializeToNode(said, ReportJson.Default.ReportIn));
        var text = sorted!.ToJsonString();
        return (text, System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.Where(m => m.Value is not null).OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => KeyValuePair.Create(m.Key, Sorted(m.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
