using System.Globalization;
using System.Text.RegularExpressions;
using Heed.Matching;
using Heed.Site.Notices;
using Heed.Site.People;
using Heed.Statute;
using NodaTime;
using NodaTime.Text;

namespace Heed.Site.Files;

/// <summary>One report of a file: the lines it is made of, what is wrong with them, and what is kept as written only. With something wrong it does not go in at all: half a report is a wrong report.</summary>
public sealed record FileReport(int[] Lines, ReportIn Said, IReadOnlyList<Explained> Wrong, IReadOnlyList<Explained> Notes);

/// <summary>
/// Makes reports of rows: a row is a person of an incident, or an incident with its children in columns. Rows of one reference and version are one report.
/// The same rows make the same report at any time, or sending them again would not be a replay.
/// </summary>
public static partial class FileReports
{
    private const int Children = 3;

    private static readonly string[] OfIncident =
        ["reference", "version", "supersedes", "supersession_reason", "kind", "sensitivity", "occurred", "known", "recorded", "summary", "grade", "place", "address", "locality", "postcode", "reporter", "team", "shift"];

    internal static readonly string[] OfPerson =
        ["number", "role", "given", "family", "full_name", "aliases", "born", "expected", "sex", "language", "nhs", "upn", "pnc", "home", "home_locality", "home_postcode", "school", "school_urn", "works_at", "works_at_urn", "phone", "own_words"];

    private static readonly string[] OfChild = ["number", "given", "family", "full_name", "born", "expected", "sex", "nhs", "upn", "school", "school_urn", "own_words"];

    private static readonly string[] Needed = ["reference", "kind", "occurred", "summary"];

    public static readonly IReadOnlyList<string> Fields = [.. OfIncident, .. OfPerson, .. Enumerable.Range(1, Children).SelectMany(n => OfChild.Select(f => $"child{n}_{f}"))];

    /// <summary>Where <see cref="Reading"/> says that something is wrong, in the words of the map.</summary>
    private static readonly Dictionary<string, string> Ours = new()
    {
        ["supersessionReason"] = "supersession_reason", ["occurredAt"] = "occurred", ["knownAt"] = "known", ["recordedAt"] = "recorded", ["risk.grade"] = "grade", ["place.description"] = "place", ["place.address.lines[0]"] = "address",
        ["place.address.locality"] = "locality", ["place.address.postcode"] = "postcode", ["reporter.name"] = "reporter", ["reporter.team"] = "team", ["reporter.shift"] = "shift", ["recordNumber"] = "number", ["roles"] = "role",
        ["givenNames"] = "given", ["familyName"] = "family", ["alsoKnownAs"] = "aliases", ["addresses[0].lines[0]"] = "home", ["addresses[0].locality"] = "home_locality", ["addresses[0].postcode"] = "home_postcode",
        ["school.name"] = "school", ["school.urn"] = "school_urn", ["worksAt.name"] = "works_at", ["worksAt.urn"] = "works_at_urn", ["ownWords"] = "own_words",
    };

    /// <summary>What a map must name for any of its reports to go in.</summary>
    public static string? Missing(ColumnMap map) => Needed.Except(map.Columns.Select(c => c.Ours)).ToList() switch
    {
        { Count: > 0 } missing => $"The map names no column for {string.Join(", ", missing)}: no report can do without",
        _ when !map.Columns.Any(c => OfPerson.Contains(c.Ours) || c.Ours.StartsWith("child", StringComparison.Ordinal)) => "The map names no column of a person: a report is about somebody",
        _ => null,
    };

    public static IEnumerable<FileReport> Of(string[] header, IEnumerable<(int Line, string[] Cells)> rows, ColumnMap map, int[][] at, Instant now) => rows
        .Select(row => new Row(row.Line, row.Cells, Cells(row.Cells, map, at)))
        // A row without a reference is by itself, and is explained by itself.
        .GroupBy(row => (Reference: row["reference"] ?? $"\0{row.Line}", Version: row["version"] ?? "1"))
        .Select(rows => Of([.. rows], header.Length, now));

    private static Dictionary<string, string> Cells(string[] cells, ColumnMap map, int[][] at) => map.Columns.Zip(at, (c, places) => (c.Ours, Value: Formula.Off(CsvFile.Value(cells, places)))).Where(c => c.Value.Length > 0).ToDictionary(c => c.Ours, c => c.Value);

    private static FileReport Of(Row[] rows, int width, Instant now)
    {
        var (first, wrong, notes) = (rows[0], new List<Explained>(), new List<Explained>());
        var said = new Dictionary<string, (string Value, int Line)>();
        var people = new List<(PersonIn Person, int Line, string Prefix)>();
        foreach (var row in rows)
        {
            if (CsvFile.TooWide(row.Cells, width) is { } wide)
            {
                wrong.Add(new(row.Line, "row", wide));
            }
            foreach (var field in OfIncident.Where(f => row[f] is not null))
            {
                if (!said.TryAdd(field, (row[field]!, row.Line)) && said[field].Value != row[field])
                {
                    wrong.Add(new(row.Line, field, $"Line {said[field].Line} says otherwise of the same incident"));
                }
            }
            if (rows.FirstOrDefault(r => r.Line < row.Line && r.Cells.SequenceEqual(row.Cells)) is { } same)
            {
                notes.Add(new(row.Line, "row", $"Line {same.Line} says the same, and is taken once"));
                continue;
            }
            foreach (var prefix in Enumerable.Range(1, Children).Select(n => $"child{n}_").Prepend(""))
            {
                if (Person(row, prefix, people.Count, notes) is { } person)
                {
                    people.Add((person, row.Line, prefix));
                }
            }
        }
        string? Said(string field) => said.TryGetValue(field, out var s) ? s.Value : null;
        int LineOf(string field) => said.TryGetValue(field, out var s) ? s.Line : first.Line;
        int? Number(string field)
        {
            if (Said(field) is not { } text)
            {
                return null;
            }
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return number;
            }
            wrong.Add(new(LineOf(field), field, "A whole number from 1"));
            return null;
        }
        (string? Time, string? Precision) Time(string field)
        {
            var (time, precision, why) = When(Said(field));
            if (why is not null)
            {
                wrong.Add(new(LineOf(field), field, why));
            }
            if (field != "occurred" && precision == OnThisDay)
            {
                notes.Add(new(LineOf(field), field, "A day without a time: left out"));
                return (null, null);
            }
            return (time, precision);
        }
        var (occurred, precision) = Time("occurred");
        var report = new ReportIn
        {
            Reference = Said("reference"), Version = Number("version"), Supersedes = Number("supersedes"), SupersessionReason = Said("supersession_reason"), Kind = KindOf(Said("kind")), Sensitivity = Word(Said("sensitivity")),
            OccurredAt = occurred, OccurredPrecision = precision, KnownAt = Time("known").Time, RecordedAt = Time("recorded").Time, Summary = Said("summary"),
            Place = Said("place") is null && Address(Said("address"), Said("locality"), Said("postcode")) is null ? null : new() { Description = Said("place"), Address = Address(Said("address"), Said("locality"), Said("postcode")) },
            Risk = Said("grade") is { } grade ? new() { Grade = Word(grade) } : null, People = [.. people.Select(p => p.Person)],
            Reporter = (Said("reporter") ?? Said("team") ?? Said("shift")) is null ? null : new() { Name = Said("reporter"), Team = Said("team"), Shift = Said("shift") },
        };
        var (understood, errors) = Reading.Read(report, now);
        foreach (var (path, whys) in errors)
        {
            var (line, field) = Where(path);
            // What could not be read at all has been said in better words.
            wrong.AddRange(whys.Where(_ => !wrong.Any(w => w.Field == field && w.Line == line)).Select(why => new Explained(line, field, why)).ToList());
        }
        notes.AddRange((understood?.Notes ?? []).Where(n => n.Field != "knownAt").Select(n => new Explained(Where(n.Field).Line, Where(n.Field).Field, n.Words)));
        return new([.. rows.Select(r => r.Line)], report, wrong, notes);

        (int Line, string Field) Where(string path)
        {
            if (OfOne().Match(path) is not { Success: true } match)
            {
                var field = Ours.GetValueOrDefault(path, path);
                return (LineOf(field), field);
            }
            var (person, line, prefix) = people[int.Parse(match.Groups["person"].ValueSpan, CultureInfo.InvariantCulture)];
            var name = match.Groups["field"].Value;
            return (line, prefix + (Listed().Match(name) is { Success: true } listed
                ? listed.Groups["list"].Value is "identifiers" ? person.Identifiers![int.Parse(listed.Groups["at"].ValueSpan, CultureInfo.InvariantCulture)]!.Type! : Ours.GetValueOrDefault(name) ?? Ours.GetValueOrDefault(listed.Groups["list"].Value, name)
                : Ours.GetValueOrDefault(name, name)));
        }
    }

    private static PersonIn? Person(Row row, string prefix, int at, List<Explained> notes)
    {
        string? Said(string field) => row[prefix + field];
        if (!(prefix.Length == 0 ? OfPerson : OfChild).Any(f => Said(f) is not null))
        {
            return null;
        }
        var (given, family) = RegisterFile.Name(Said("given"), Said("family"), Said("full_name"));
        var sex = RegisterFile.Sex(Said("sex"));
        if (sex == "?")
        {
            notes.Add(new(row.Line, prefix + "sex", RegisterFile.SexUnknown));
        }
        if (prefix.Length == 0 && Said("works_at") is not null && Said("works_at_urn") is null)
        {
            notes.Add(new(row.Line, "works_at", "A school is known by its URN alone: without it no notice there is held for the person whom it has named"));
        }
        var roles = List(Said("role")) ?? (prefix.Length > 0 ? [Said("expected") is null ? "child" : "unborn"] : null);
        IdentifierIn?[] numbers = [.. new[] { "nhs", "upn", "pnc" }.Where(t => Said(t) is not null).Select(t => new IdentifierIn { Type = t, Value = Said(t) })];
        var home = Address(Said("home"), Said("home_locality"), Said("home_postcode"));
        return new()
        {
            Key = $"p{at + 1}", RecordNumber = Said("number"), Roles = roles, GivenNames = given, FamilyName = family, AlsoKnownAs = List(Said("aliases")), Born = CsvFile.Day(Said("born")), Expected = CsvFile.Day(Said("expected")),
            Sex = sex is "?" ? null : sex, Language = Said("language"), Identifiers = numbers.Length == 0 ? null : numbers, Addresses = home is null ? null : [home],
            School = School(Said("school"), Said("school_urn")), WorksAt = prefix.Length > 0 ? null : School(Said("works_at"), Said("works_at_urn")), Phone = Said("phone"), OwnWords = Said("own_words"),
        };
    }

    private static SchoolIn? School(string? name, string? urn) => (name ?? urn) is null ? null : new() { Name = name, Urn = urn };

    private static string[]? List(string? written) => written?.Split([';', '|', '/'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static AddressIn? Address(string? lines, string? locality, string? postcode) =>
        (lines ?? locality ?? postcode) is null ? null : new() { Lines = lines is null ? null : [lines], Locality = locality, Postcode = postcode };

    /// <summary>"Domestic Abuse" is domestic-abuse.</summary>
    private static string? Word(string? written) => written is null ? null : Gaps().Replace(written.Trim().ToLowerInvariant(), "-");

    /// <summary>By its name or in the words of our own pages: "Missing child" is missing.</summary>
    private static string? KindOf(string? written) => Word(written) is { } word ? Reading.Kinds.FirstOrDefault(k => k == word) ?? Reading.Kinds.FirstOrDefault(k => Word(KindWords.Of(k)) == word) ?? word : null;

    public const string OnThisDay = "on this day, at a time that was not given";
    private const string NotATime = "Not a time: as 20/11/2026 22:40, 2026-11-20 22:40 or 2026-11-20T22:40:00Z";

    /// <summary>ISO 8601; or a day and a time as a spreadsheet writes them, by the clocks of this country.</summary>
    public static (string? Time, string? Precision, string? Why) When(string? written)
    {
        if (written is null || OffsetDateTimePattern.ExtendedIso.Parse(written).Success)
        {
            return (written, null, null);
        }
        if (Spreadsheet().Match(written) is not { Success: true } match)
        {
            return (null, null, NotATime);
        }
        var day = WrittenDate.Parse(CsvFile.Day(match.Groups["day"].Value));
        if (day.Date is not { } date)
        {
            return (null, null, $"Not a day: {day.Why}");
        }
        var time = LocalTime.Midnight;
        if (match.Groups["part"] is { Success: true } part)
        {
            var seconds = (long)decimal.Round(decimal.Parse(part.ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * 86_400);
            time = LocalTime.FromSecondsSinceMidnight((int)Math.Min(seconds, 86_399));
        }
        else if (match.Groups["hour"] is { Success: true } hour)
        {
            var (h, m, s) = (int.Parse(hour.ValueSpan, CultureInfo.InvariantCulture), int.Parse(match.Groups["minute"].ValueSpan, CultureInfo.InvariantCulture), match.Groups["second"] is { Success: true } second ? int.Parse(second.ValueSpan, CultureInfo.InvariantCulture) : 0);
            if (h > 23 || m > 59 || s > 59)
            {
                return (null, null, NotATime);
            }
            time = new(h, m, s);
        }
        var there = WorkingCalendar.London.MapLocal(date + time);
        return there.Count switch
        {
            0 => (null, null, "Never was: the clocks went forward over it"),
            var count => (InstantPattern.General.Format(there.First().ToInstant()), !match.Groups["time"].Success ? OnThisDay : count == 2 ? "the earlier of two: the clocks went back over it" : null, null),
        };
    }

    private sealed record Row(int Line, string[] Cells, Dictionary<string, string> Values)
    {
        public string? this[string field] => Values.GetValueOrDefault(field);
    }

    // Excel may write a midnight after the day of a column, before the time of the next one that is joined to it; and a time as a part of a day.
    [GeneratedRegex(@"^(?<day>[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4}|[1-5][0-9]{4})(?:[ T]00:00(?::00)?(?= ))?(?<time>[ T,]+(?<hour>[0-9]{1,2})[:.](?<minute>[0-9]{2})(?::(?<second>[0-9]{2}))?|[ ]?0?(?<part>\.[0-9]+))?$")]
    private static partial Regex Spreadsheet();

    [GeneratedRegex(@"^people\[(?<person>[0-9]+)\]\.?(?<field>.*)$")]
    private static partial Regex OfOne();

    [GeneratedRegex(@"^(?<list>[a-zA-Z]+)\[(?<at>[0-9]+)\]")]
    private static partial Regex Listed();

    [GeneratedRegex(@"[\s_-]+")]
    private static partial Regex Gaps();
}
