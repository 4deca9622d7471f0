using Heed.Matching;
using NodaTime;

namespace Heed.Site.People;

/// <summary>One person of a register, as understood. Line: where the row begins in the file.</summary>
public sealed record Registered(
    int Line, string? Number, string? Given, string? Family, string[] Aliases, LocalDate? Born, string? BornWritten, LocalDate? Expected, bool IsChild, string? Sex, string? Language,
    string? Nhs, string? Upn, string? Pnc, IReadOnlyList<(string Type, string Value)> Identifiers, string? Address, string? Locality, string? Postcode, string? School, string? Phone, string? Email);

/// <summary>Why a row was not kept, or a value only as it was written. Never the value.</summary>
/// <param name="Line">Of the file, the heading being line 1; of a list as JSON, the first incident is 1.</param>
/// <param name="Field">In the words of the map or the list; row: the whole row.</param>
/// <param name="Why">The rule; never the value.</param>
public sealed record Explained(int Line, string Field, string Why);

/// <summary>
/// Reads a register as its agency exports it: commas, semicolons or tabs; UTF-8 or what Excel writes; dates in the order of this country. A file that is broken is not read at all;
/// a row is turned away only where nothing could be known by it; a value that cannot be understood is kept as it was written.
/// </summary>
public sealed class RegisterFile
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
        var (columns, wrong) = ColumnMap.Of(map, Fields);
        if (columns is null)
        {
            return (null, wrong);
        }
        (var file, wrong) = CsvFile.Of(bytes);
        int[][]? at = null;
        if (file is null || ((at, wrong) = columns.In(file.Header)).at is null)
        {
            return (null, wrong);
        }
        var register = new RegisterFile { Read = file.Rows.Count };
        register.Notes.AddRange(file.Notes);
        foreach (var (line, cells) in file.Rows)
        {
            register.Row(line, cells, file.Header.Length, columns.Columns, at!, today);
        }
        return (register, null);
    }

    private void Row(int line, string[] cells, int width, IReadOnlyList<(string Ours, string Theirs)> columns, int[][] at, LocalDate today)
    {
        if (CsvFile.TooWide(cells, width) is { } wide)
        {
            Explained.Add(new(line, "row", wide));
            return;
        }
        var values = new Dictionary<string, string>();
        foreach (var ((ours, _), places) in columns.Zip(at))
        {
            var value = CsvFile.Value(cells, places);
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
        var sex = Sex(Value("sex"));
        if (sex == "?")
        {
            Explained.Add(new(line, "sex", SexUnknown));
        }
        // Without a date nobody is taken for a child, but for whom a school has given a pupil's number.
        var child = Value("expected") is not null || (born is { } day ? day.PlusYears(18) > today : upn is not null);
        Rows.Add(new(line, Value("id"), given, family, [.. (Value("aliases") ?? "").Split([';', '|'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)], born, Value("born") ?? (expected is null ? Value("expected") : null), expected, child,
            sex is "?" ? null : sex, Value("language"), nhs, upn, pnc, others, Value("address"), Value("locality"), Value("postcode"), Value("school"), Value("phone"), Value("email")));
    }

    internal const string SexUnknown = "Not understood and left out: F, M or U";

    internal static string? Sex(string? written) => written?.ToUpperInvariant() switch { null => null, "F" or "FEMALE" => "F", "M" or "MALE" => "M", "U" or "UNKNOWN" => "U", _ => "?" };

    /// <summary>"Ella May Brannigan" and "BRANNIGAN, Ella May" are the same name.</summary>
    internal static (string? Given, string? Family) Name(string? given, string? family, string? full) => (given ?? family, full) switch
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
        if (ExpectedDay.Wrong(expected.Date, born.Date, null, today) is { } why)
        {
            NotUnderstood("expected", why);
            expected = expected with { Date = null };
        }
        return (born.Date, expected.Date);

        WrittenDate Parse(string field) => WrittenDate.Parse(CsvFile.Day(values.GetValueOrDefault(field)));

        void NotUnderstood(string field, string why)
        {
            DatesImpossible++;
            Explained.Add(new(line, field, $"Kept as written and not understood: {why}"));
        }
    }
}
