using System.Buffers;
using NodaTime;
using NodaTime.Text;

namespace Heed.Site.Notices;

/// <summary>What there is to say of a report, by field: errors, for which it is turned away, and notes on what is kept as written only. Never a value itself.</summary>
internal sealed class Remarks(Instant now)
{
    private static readonly SearchValues<char> Unstorable = SearchValues.Create('\0');
    private static readonly HashSet<string> Sensitivities = ["refuge", "confidential-placement", "confidential"];

    private readonly Dictionary<string, List<string>> _errors = [];
    private readonly List<Note> _notes = [];

    public Instant Now => now;

    public IReadOnlyDictionary<string, string[]> Errors => _errors.ToDictionary(e => e.Key, e => e.Value.ToArray());

    public IReadOnlyList<Note> Notes => _notes;

    public void Wrong(string field, string why) => (_errors.TryGetValue(field, out var list) ? list : _errors[field] = []).Add(why);

    public void Note(string field, string words) => _notes.Add(new(field, words));

    /// <summary>The text, or null where there is none but white space; wrong where it is longer than so many characters, or no database can hold it.</summary>
    public string? Text(string field, string? text, int most)
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

    /// <summary>A text without which the report is turned away.</summary>
    public string? Needed(string field, string? text, int most, string why)
    {
        var read = Text(field, text, most);
        if (read is null)
        {
            Wrong(field, why);
        }
        return read;
    }

    public void OneOf(string field, string? value, IEnumerable<string> these)
    {
        if (value is null || !these.Contains(value))
        {
            Wrong(field, $"{(string.IsNullOrWhiteSpace(value) ? "Not said" : "Not known here")}: it must be one of {string.Join(", ", these)}");
        }
    }

    /// <summary>A time that has been, five minutes of another clock's error allowed.</summary>
    public Instant? Time(string field, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
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

    public void Address(string at, AddressIn? address)
    {
        foreach (var (i, line) in (address?.Lines ?? []).Index())
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
        if (address?.Sensitivity is { } sensitivity)
        {
            OneOf($"{at}.sensitivity", sensitivity, Sensitivities);
        }
    }
}
