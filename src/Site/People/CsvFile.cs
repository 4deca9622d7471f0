using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CsvHelper;
using CsvHelper.Configuration;
using NodaTime;

namespace Heed.Site.People;

/// <summary>
/// A file of rows as an agency exports it: commas, semicolons or tabs; UTF-8 or what Excel writes. A file that is broken is not read at all.
/// Line: where a row begins in the file. Whole: false where its last row ends early and without a line end, as in a file that was cut.
/// </summary>
public sealed partial record CsvFile(string[] Header, char Delimiter, IReadOnlyList<(int Line, string[] Cells)> Rows, IReadOnlyList<string> Notes, bool Whole)
{
    public static (CsvFile?, string? Wrong) Of(byte[] bytes)
    {
        var (text, note) = Decode(bytes);
        if (string.IsNullOrWhiteSpace(text))
        {
            return (null, "The file is empty");
        }
        var delimiter = DelimiterOf(text);
        using var csv = new CsvParser(new StringReader(text), new CsvConfiguration(CultureInfo.InvariantCulture) { Delimiter = $"{delimiter}", IgnoreBlankLines = false, TrimOptions = TrimOptions.Trim, BadDataFound = null });
        var next = 1;
        string[]? header = null;
        var rows = new List<(int, string[])>();
        var whole = true;
        while (csv.Read())
        {
            var raw = csv.RawRecord;
            var line = next;
            next += LineEnd().Count(raw);
            // A sheet that was once longer leaves rows of nothing but separators.
            if (csv.Record!.All(string.IsNullOrWhiteSpace))
            {
                continue;
            }
            if (QuoteIsBroken(raw, delimiter))
            {
                return (null, $"A quote is broken in the row that begins at line {line}: it does not close, or something stands after it. Nothing was imported");
            }
            if (header is null)
            {
                header = [.. csv.Record!.Select(h => h.Trim())];
                continue;
            }
            rows.Add((line, csv.Record!));
            whole = csv.Record!.Length >= header.Length || raw[^1] is '\r' or '\n';
        }
        return rows.Count == 0 ? (null, "The file holds a header and no rows") : (new(header!, delimiter, rows, note is null ? [] : [note], whole), null);
    }

    /// <summary>Why a row cannot be told apart into its cells.</summary>
    public static string? TooWide(string[] cells, int width) => cells.Length > width && cells.Skip(width).Any(c => !string.IsNullOrWhiteSpace(c))
        ? $"Has {cells.Length} cells where the header has {width}: a separator stands inside a value without quotes"
        : null;

    /// <summary>What stands in these places of a row, joined.</summary>
    public static string Value(string[] cells, int[] places) => string.Join(' ', places.Where(p => p < cells.Length).Select(p => cells[p].Trim()).Where(v => v.Length > 0));

    /// <summary>Excel adds a midnight to a day, and writes a day whose column has no date format as the number of days since the end of 1899.</summary>
    public static string? Day(string? written) => written switch
    {
        null => null,
        _ when SerialDay().IsMatch(written) => FirstSerial.PlusDays(int.Parse(written, CultureInfo.InvariantCulture)).ToString("uuuu-MM-dd", CultureInfo.InvariantCulture),
        _ => Midnight().Replace(written, ""),
    };

    /// <summary>The day before Excel's first: it believes in a 29 February 1900.</summary>
    public static readonly LocalDate FirstSerial = new(1899, 12, 30);

    private static (string Text, string? Note) Decode(byte[] bytes)
    {
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            return ((bytes[0] == 0xFF ? Encoding.Unicode : Encoding.BigEndianUnicode).GetString(bytes.AsSpan(2)), null);
        }
        try
        {
            return (new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes is [0xEF, 0xBB, 0xBF, ..] ? bytes.AsSpan(3) : bytes), null);
        }
        catch (DecoderFallbackException)
        {
            return (CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetString(bytes), "The file is not UTF-8: it was read as Windows-1252, as Excel writes it");
        }
    }

    /// <summary>A value that begins with a quote is in quotes from end to end, with inner ones doubled; in any other a quote is a letter like others. The parser guesses where this one will not.</summary>
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
                case '"' when after:
                    return true;
                case '"' when fresh:
                    (inside, fresh) = (true, false);
                    break;
                case '"':
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

    [GeneratedRegex("\r\n?|\n")]
    private static partial Regex LineEnd();

    [GeneratedRegex(@"[ T]00:00(:00)?$")]
    private static partial Regex Midnight();

    [GeneratedRegex("^[1-5][0-9]{4}$")]
    private static partial Regex SerialDay();
}
