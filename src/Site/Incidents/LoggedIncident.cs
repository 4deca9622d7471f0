using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Heed.Plumbing;
using Heed.Site.People;
using NodaTime;
using NodaTime.Text;

namespace Heed.Site.Incidents;

/// <summary>One row of a force's log as it is understood. Child: null where the log does not say. People: the force's own record numbers, each with its role.</summary>
public sealed partial record LoggedIncident(
    int Line, string Reference, string Kind, Instant OccurredAt, Instant? AttendedAt, Instant? RecordedAt, Instant? ToldAt, string? Grade, bool? Child, bool? Pregnant, string? Team, string? Shift,
    string? Address, string? Postcode, string? SchoolUrn, IReadOnlyList<(string Role, string Number)> People)
{
    /// <summary>As the API has them; a heading may be spaced and spelt with any capitals.</summary>
    public static readonly IReadOnlyList<string> Fields =
        ["reference", "kind", "occurredAt", "attendedAt", "recordedAt", "toldAt", "grade", "childPresent", "pregnant", "team", "shift", "address", "postcode", "schoolUrn", "suspectNumber", "victimNumber"];

    private static readonly string[] Needed = ["reference", "kind", "occurredAt"];

    private static readonly Dictionary<string, string> ByHeading = Fields.ToDictionary(f => f.ToLowerInvariant());

    /// <summary>The same row is the same, whatever file it comes in.</summary>
    public byte[] Hash() => SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001f', new object?[] { Kind, OccurredAt, AttendedAt, RecordedAt, ToldAt, Grade, Child, Pregnant, Team, Shift, Address, Postcode, SchoolUrn, string.Join('|', People) })));

    /// <summary>
    /// Good rows, and of every other the line, the field and the rule, never the value. A row goes without what it can do without: only one that has no reference, kind or time is not kept at all,
    /// for an incident that is left out here is silent for ever.
    /// </summary>
    public static (List<LoggedIncident> Good, List<Explained> Wrong, List<string> Notes, string? No) Read(string[] header, IEnumerable<(int Line, string[] Cells)> rows, Instant now)
    {
        var places = header.Select((h, i) => (Field: ByHeading.GetValueOrDefault(Rest().Replace(h.ToLowerInvariant(), "")), Place: i)).ToLookup(h => h.Field, h => h.Place);
        if (Needed.Where(f => !places.Contains(f)).ToList() is { Count: > 0 } missing)
        {
            return ([], [], [], $"No column is headed {string.Join(" or ", missing)}: no incident can do without. The columns are {string.Join(", ", Fields)}");
        }
        if (Fields.FirstOrDefault(f => places[f].Count() > 1) is { } twice)
        {
            return ([], [], [], $"Two columns are headed {twice}");
        }
        var notes = places[null].Select(place => $"Column {place + 1} is none that a list of incidents has, and is left out").ToList();
        var (good, wrong, seen) = (new List<LoggedIncident>(), new List<Explained>(), new Dictionary<string, LoggedIncident>(StringComparer.Ordinal));
        foreach (var (line, cells) in rows)
        {
            if (One(line, field => places[field].FirstOrDefault(-1) is var at and >= 0 && at < cells.Length && cells[at].Trim() is { Length: > 0 } said ? Files.Formula.Off(said) : null, cells, header.Length, now, wrong) is not { } read)
            {
                continue;
            }
            if (seen.TryGetValue(read.Reference, out var before))
            {
                if (!before.Hash().AsSpan().SequenceEqual(read.Hash()))
                {
                    wrong.Add(new(line, "reference", $"Line {before.Line} says otherwise of the same incident, and was taken"));
                }
                continue;
            }
            seen[read.Reference] = read;
            good.Add(read);
        }
        return (good, wrong, notes, null);
    }

    private static LoggedIncident? One(int line, Func<string, string?> said, string[] cells, int width, Instant now, List<Explained> wrong)
    {
        var bad = wrong.Count;
        void Wrong(string field, string why) => wrong.Add(new(line, field, why));
        if (CsvFile.TooWide(cells, width) is { } wide)
        {
            Wrong("row", wide);
            return null;
        }
        foreach (var field in Needed.Where(f => said(f) is null))
        {
            Wrong(field, "Is empty: no incident can do without");
        }
        string? Text(string field, int most)
        {
            if (said(field).Fits(most))
            {
                return said(field);
            }
            Wrong(field, $"At most {most} characters, and none of them U+0000");
            return null;
        }
        Instant? Time(string field)
        {
            var (time, _, why) = Files.FileReports.When(said(field));
            if (why is null && time is null)
            {
                return null;
            }
            var at = why is null ? OffsetDateTimePattern.ExtendedIso.Parse(time!).Value.ToInstant() : default;
            if ((why ?? (at > now + Duration.FromMinutes(10) ? "Lies in the future" : null)) is { } no)
            {
                Wrong(field, no);
                return null;
            }
            return at;
        }
        bool? Yes(string field)
        {
            switch (said(field)?.ToLowerInvariant())
            {
                case null or "unknown" or "not known": return null;
                case "yes" or "y" or "true" or "1": return true;
                case "no" or "n" or "false" or "0": return false;
                default:
                    Wrong(field, "yes, no or unknown: left out");
                    return null;
            }
        }
        var (reference, kind, occurred) = (Text("reference", 100), Text("kind", 100), Time("occurredAt"));
        if (wrong.Count > bad)
        {
            return null;
        }
        Instant? Optional(string field)
        {
            var before = wrong.Count;
            var at = Time(field);
            if (wrong.Count > before)
            {
                wrong[^1] = wrong[^1] with { Why = $"{wrong[^1].Why}: left out" };
            }
            return at;
        }
        var grade = said("grade")?.ToLowerInvariant();
        if (grade is not (null or "standard" or "medium" or "high"))
        {
            Wrong("grade", "standard, medium or high: left out");
            grade = null;
        }
        return new(line, reference!, Gaps().Replace(kind!.ToLowerInvariant(), "-"), occurred!.Value, Optional("attendedAt"), Optional("recordedAt"), Optional("toldAt"), grade, Yes("childPresent"), Yes("pregnant"), Text("team", 200), Text("shift", 200),
            Text("address", 300), Text("postcode", 20)?.ToUpperInvariant().Replace(" ", ""), Text("schoolUrn", 20),
            [.. new[] { ("suspect", "suspectNumber"), ("victim", "victimNumber") }.SelectMany(r => (Text(r.Item2, 300) ?? "").Split([';', '|'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(n => (r.Item1, n)))]);
    }

    [GeneratedRegex("[^a-z0-9]")]
    private static partial Regex Rest();

    [GeneratedRegex(@"[\s_-]+")]
    private static partial Regex Gaps();
}
