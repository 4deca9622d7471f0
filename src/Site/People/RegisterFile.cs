using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CsvHelper;
using CsvHelper.Configuration;
using Heed.Matching;
using NodaTime;

namespace Heed.Site.People;

/// <summary>One person of a register, as understood. Line: where the row begins in the file.</summary>
public sealed record Registered(
    int Line, string? Number, string? Given, string? Family, string[] Aliases, LocalDate? Born, string? BornWritten, LocalDate? Expected, bool IsChild, string? Sex, string? Language,
    string? Nhs, string? Upn, string? Pnc, IReadOnlyList<(string Type, string Value)> Identifiers, string? Address, string? Locality, string? Postcode, string? School, string? Phone, string? Email);

/// <summary>Why a row was not kept, or a value only as it was written. Never the value.</summary>
public sealed record Explained(int Line, string Field, string Why);

/// <summary>
/// Reads a register as its agency exports it: commas, semicolons or tabs; UTF-8 or what Excel writes; dates in the order of this country. A file that is broken is not read at all;
/// a row is turned away only where nothing could be known by it; a value that cannot be understood is kept as it was written.
/// </summary>
public sealed partial class RegisterFile
{
    public static readonly IReadOnlyList<string> Fields =
        ["id", "given", "family", "full_name", "aliases", "born", "expected", "sex", "address", "locality", "postcode", "nhs", "upn", "pnc", "phone", "email", "school", "language", "other"];

    private static readonly Dictionary<string, int> Longest = new()
    {
        ["id"] = 100, ["given"] = 300, ["family"] = 300, ["full_name"] = 600, ["aliases"] = 3_000, ["born"] = 60, ["expected"] = 60, ["sex"] = 20, ["address"] = 1_000, ["locality"] = 200, ["postcode"] = 20,
        ["nhs"] = 100, ["upn"] = 100, ["pnc"] = 100, ["phone"] = 60, ["email"] = 300, ["school"] = 300, ["language"] = 100, ["other"] = 100,
    };

    private readonly Dictionary<string, int> _lineOf = [];

    public List<Registered> Rows { get; } = [];

    public List<Explained> Explained { get; } = [];

    /// <summary>What the reader should know of the file as a whole.</summary>
    public List<string> Notes { get; } = [];

    public int Read { get; private set; }

    public int Refused => Read - Rows.Count;

    public int DatesBlank { get; private set; }

    public int DatesImpossible { get; private set; }

    /// <summary>The rows, or what is wrong with the file or the map.</summary>
    public static (RegisterFile?, string? Wrong) Of(byte[] bytes, string map, LocalDate today)
    {
        var register = new RegisterFile();
        var (columns, wrong) = Mapped(map);
        if (columns is null)
        {
            return (null, wrong);
        }
        var text = register.Decode(bytes);
        if (string.IsNullOrWhiteSpace(text))
        {
            return (null, "The file is empty");
        }
        var delimiter = DelimiterOf(text);
        using var csv = new CsvParser(new StringReader(text), new CsvConfiguration(CultureInfo.InvariantCulture) { Delimiter = $"{delimiter}", IgnoreBlankLines = false, TrimOptions = TrimOptions.Trim, BadDataFound = null });
        var next = 1;
        int[][]? at = null;
        string[]? header = null;
        while (csv.Read())
        {
            var raw = csv.RawRecord;
            var line = next;
            next += raw.Count(c => c == '\n');
            if (string.IsNullOrWhiteSpace(raw))
            {
                continue;
            }
            if (QuoteIsBroken(raw, delimiter))
            {
                return (null, $"A quote is broken in the row that begins at line {line}: it does not close, or stands inside a value that is not in quotes. Nothing was imported");
            }
            if (header is null)
            {
                header = [.. csv.Record!.Select(h => h.Trim())];
                (at, wrong) = Find(columns, header);
                if (at is null)
                {
                    return (null, wrong);
                }
                continue;
            }
            register.Read++;
            register.Row(line, csv.Record!, header, columns, at!, today);
        }
        return register.Read == 0 ? (null, "The file holds a header and no rows") : (register, null);
    }

    /// <summary>"born=date_of_birth,address=street+town": ours = theirs, several of theirs joined.</summary>
    private static (IReadOnlyList<(string Ours, string Theirs)>?, string? Wrong) Mapped(string map)
    {
        var columns = new List<(string Ours, string Theirs)>();
        foreach (var pair in map.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (pair.Split('=', 2, StringSplitOptions.TrimEntries) is not [{ Length: > 0 } ours, { Length: > 0 } theirs])
            {
                return (null, $"\"{pair}\" in the map is not ours=theirs");
            }
            if (!Fields.Contains(ours))
            {
                return (null, $"The map names \"{ours}\", which is none of ours: {string.Join(", ", Fields)}");
            }
            if (columns.Any(c => c.Ours == ours))
            {
                return (null, $"The map names \"{ours}\" twice");
            }
            columns.Add((ours, theirs));
        }
        return columns.Count == 0 ? (null, "The map is empty: say which of the file's columns is which, as id=number,given=forename") : (columns, null);
    }

    private static (int[][]?, string? Wrong) Find(IReadOnlyList<(string Ours, string Theirs)> columns, string[] header)
    {
        var at = new List<int[]>();
        foreach (var (ours, theirs) in columns)
        {
            string[] names = header.Contains(theirs, StringComparer.OrdinalIgnoreCase) ? [theirs] : theirs.Split('+', StringSplitOptions.TrimEntries);
            var places = names.Select(n => Array.FindAll([.. Enumerable.Range(0, header.Length)], i => string.Equals(header[i], n, StringComparison.OrdinalIgnoreCase))).ToList();
            if (places.FindIndex(p => p.Length == 0) is var missing and >= 0)
            {
                return (null, $"The file has no column \"{names[missing]}\", which the map names for {ours}. It has: {string.Join(", ", header)}");
            }
            if (places.FindIndex(p => p.Length > 1) is var twice and >= 0)
            {
                return (null, $"The file has the column \"{names[twice]}\" more than once");
            }
            at.Add([.. places.Select(p => p[0])]);
        }
        return ([.. at], null);
    }

    private void Row(int line, string[] cells, string[] header, IReadOnlyList<(string Ours, string Theirs)> columns, int[][] at, LocalDate today)
    {
        if (cells.Length > header.Length && cells.Skip(header.Length).Any(c => !string.IsNullOrWhiteSpace(c)))
        {
            Explained.Add(new(line, "row", $"Has {cells.Length} cells where the header has {header.Length}: a separator stands inside a value without quotes"));
            return;
        }
        var values = new Dictionary<string, string>();
        foreach (var ((ours, _), places) in columns.Zip(at))
        {
            var value = string.Join(' ', places.Where(p => p < cells.Length).Select(p => cells[p].Trim()).Where(v => v.Length > 0));
            if (value.Contains('\0'))
            {
                Explained.Add(new(line, ours, "Holds the character U+0000, which no text can"));
                return;
            }
            if (value.Length > Longest[ours])
            {
                Explained.Add(new(line, ours, $"At most {Longest[ours]:N0} characters; this has {value.Length:N0}"));
                return;
            }
            if (value.Length > 0)
            {
                values[ours] = value;
            }
        }
        string? Value(string field) => values.GetValueOrDefault(field);
        if (!values.Keys.Intersect(["id", "given", "family", "full_name", "aliases", "nhs", "upn", "pnc", "other"]).Any())
        {
            Explained.Add(new(line, "row", "Has neither a name nor a number: nobody could be known by it"));
            return;
        }
        if (Value("id") is { } number && !_lineOf.TryAdd(number, line))
        {
            Explained.Add(new(line, "id", $"Line {_lineOf[number]} has this number already"));
            return;
        }
        var (given, family) = Name(Value("given"), Value("family"), Value("full_name"));
        var (born, expected) = Dates(line, values, columns.Any(c => c.Ours == "born"), today);
        var others = new List<(string, string)>();
        string? Known(string type, Func<string?, (bool, string, string?)> parse)
        {
            if (Value(type) is not { } written)
            {
                return null;
            }
            var (good, value, why) = parse(written);
            others.Add((type, written));
            if (!good)
            {
                Explained.Add(new(line, type, $"Kept as written and not used to link: {why}"));
            }
            return good ? value : null;
        }
        var nhs = Known("nhs", t => (NhsNumber.TryParse(t, out var v, out var why), v.Value ?? "", why));
        var upn = Known("upn", t => (Upn.TryParse(t, out var v, out var why), v.Value ?? "", why));
        var pnc = Known("pnc", t => (PncId.TryParse(t, out var v, out var why), v.Value ?? "", why));
        if (Value("other") is { } other)
        {
            others.Add((columns.First(c => c.Ours == "other").Theirs, other));
        }
        var sex = Value("sex")?.ToUpperInvariant() switch { null => null, "F" or "FEMALE" => "F", "M" or "MALE" => "M", "U" or "UNKNOWN" => "U", _ => "?" };
        if (sex == "?")
        {
            Explained.Add(new(line, "sex", "Not understood and left out: F, M or U"));
        }
        // Without a date nobody is taken for a child, but for whom a school has given a pupil's number.
        var child = expected is not null || (born is { } day ? day.PlusYears(18) > today : upn is not null);
        Rows.Add(new(line, Value("id"), given, family, [.. (Value("aliases") ?? "").Split([';', '|'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)], born, Value("born"), expected, child,
            sex is "?" ? null : sex, Value("language"), nhs, upn, pnc, others, Value("address"), Value("locality"), Value("postcode"), Value("school"), Value("phone"), Value("email")));
    }

    /// <summary>"Ella May Brannigan" and "BRANNIGAN, Ella May" are the same name.</summary>
    private static (string? Given, string? Family) Name(string? given, string? family, string? full) => (given ?? family, full) switch
    {
        (null, { } name) when name.Split(',', 2, StringSplitOptions.TrimEntries) is [{ Length: > 0 } last, { Length: > 0 } first] => (first, last),
        (null, { } name) when name.LastIndexOf(' ') is var space and > 0 => (name[..space].Trim(), name[(space + 1)..]),
        (null, { } name) => (null, name),
        _ => (given, family),
    };

    private (LocalDate? Born, LocalDate? Expected) Dates(int line, Dictionary<string, string> values, bool hasBorn, LocalDate today)
    {
        var expected = Parse("expected");
        if (expected.Outcome == DateOutcome.Impossible)
        {
            NotUnderstood("expected", expected.Why!);
        }
        var born = Parse("born");
        if (born.Date > today)
        {
            born = born with { Outcome = DateOutcome.Impossible, Date = null, Why = "lies in the future; an unborn child has an expected date" };
        }
        if (born.Outcome == DateOutcome.Impossible)
        {
            NotUnderstood("born", born.Why!);
        }
        else if (born.Outcome == DateOutcome.Blank && hasBorn && expected.Date is null)
        {
            DatesBlank++;
            Explained.Add(new(line, "born", "Blank"));
        }
        if (born.Date is { } b && expected.Date is { } e && b < e.PlusDays(-120))
        {
            NotUnderstood("expected", "lies too long after the date of birth");
            expected = expected with { Date = null };
        }
        return (born.Date, expected.Date);

        // Excel adds a midnight to a day.
        WrittenDate Parse(string field) => WrittenDate.Parse(values.TryGetValue(field, out var text) ? Midnight().Replace(text, "") : null);

        void NotUnderstood(string field, string why)
        {
            DatesImpossible++;
            Explained.Add(new(line, field, $"Kept as written and not understood: {why}"));
        }
    }

    private string Decode(byte[] bytes)
    {
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            return (bytes[0] == 0xFF ? Encoding.Unicode : Encoding.BigEndianUnicode).GetString(bytes.AsSpan(2));
        }
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes is [0xEF, 0xBB, 0xBF, ..] ? bytes.AsSpan(3) : bytes);
        }
        catch (DecoderFallbackException)
        {
            Notes.Add("The file is not UTF-8: it was read as Windows-1252, as Excel writes it");
            return CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetString(bytes);
        }
    }

    /// <summary>A value is in quotes from end to end, with inner ones doubled, or holds none. The parser guesses where this one will not.</summary>
    private static bool QuoteIsBroken(string row, char delimiter)
    {
        var (inside, fresh, after) = (false, true, false);
        foreach (var (letter, next) in row.Zip(row.Skip(1).Append('\n')))
        {
            switch (letter)
            {
                case '"' when inside && next == '"' && !after:
                    after = true; // the first of two: the second says nothing
                    break;
                case '"' when inside && after:
                    after = false;
                    break;
                case '"' when inside:
                    (inside, fresh, after) = (false, false, true);
                    break;
                case '"' when !fresh:
                    return true;
                case '"':
                    (inside, fresh) = (true, false);
                    break;
                case var _ when inside:
                    break;
                case '\r' or '\n':
                    (fresh, after) = (true, false);
                    break;
                case var _ when letter == delimiter:
                    (fresh, after) = (true, false);
                    break;
                case ' ':
                    break;
                case var _ when after:
                    return true; // something follows the closing quote
                default:
                    fresh = false;
                    break;
            }
        }
        return inside;
    }

    private static char DelimiterOf(string text)
    {
        var first = text.TrimStart('\r', '\n');
        var header = first[..(first.IndexOfAny(['\r', '\n']) is var end and >= 0 ? end : first.Length)];
        return new[] { ',', ';', '\t' }.MaxBy(d => header.Count(c => c == d));
    }

    [GeneratedRegex(@"[ T]00:00(:00)?$")]
    private static partial Regex Midnight();
}
