using System.Runtime.InteropServices;
using NodaTime;

namespace Heed.Matching;

/// <summary>
/// The words of the rolls that are compared with one another: each value read once, however many people have it, and how many have it.
/// One writer at a time; readers need no lock once <see cref="Settle"/> was called.
/// </summary>
public sealed class Lexicon
{
    private readonly Dictionary<string, int[]>[] _read = [.. Enum.GetValues<Column>().Select(_ => new Dictionary<string, int[]>())];

    internal Vocabulary Names { get; } = new(isName: true);

    internal Vocabulary Streets { get; } = new(isName: false);

    internal Vocabulary Localities { get; } = new(isName: false);

    internal Vocabulary Postcodes { get; } = new(isName: false);

    internal Vocabulary Emails { get; } = new(isName: false);

    internal Vocabulary Occupations { get; } = new(isName: false);

    internal Vocabulary Others { get; } = new(isName: false);

    /// <summary>Dates as year × 10000 + month × 100 + day; 0 is none.</summary>
    internal List<int> Dates { get; } = [0];

    /// <summary>Other names of a person, two and two: given, family.</summary>
    internal List<int[]> Aliases { get; } = [[]];

    /// <summary>Dates of birth that were blank, and those that no calendar has.</summary>
    public int DatesBlank { get; private set; }

    public int DatesImpossible { get; private set; }

    private readonly Dictionary<int, int> _dates = [];

    /// <summary>One more than the highest number that stands for a value of this slot.</summary>
    internal int Size(Slot slot) => slot switch
    {
        Slot.Given or Slot.Family => Names.Count,
        Slot.Born => Dates.Count,
        Slot.Postcode => Postcodes.Count,
        Slot.Locality => Localities.Count,
        Slot.Email => Emails.Count,
        Slot.Occupation => Occupations.Count,
        _ => Others.Count,
    };

    internal void Read(Column column, ReadOnlySpan<char> written, Span<int> cells)
    {
        written = written.Trim();
        if (written.IsEmpty)
        {
            DatesBlank += column == Column.Born ? 1 : 0;
            return;
        }
        // What nearly everybody has of their own is understood each time; the rest once.
        switch (column)
        {
            case Column.Address:
                (cells[(int)Slot.House], cells[(int)Slot.Street]) = Place(written);
                return;
            case Column.Nhs:
                cells[(int)Slot.Nhs] = Nhs(written);
                return;
            case Column.Upn:
                cells[(int)Slot.Upn] = Number(Upn.TryParse(written.ToString(), out var upn, out _) ? upn.Value : null, written);
                return;
            case Column.Pnc:
                cells[(int)Slot.Pnc] = Number(PncId.TryParse(written.ToString(), out var pnc, out _) ? pnc.Value : null, written);
                return;
            case Column.Phone:
                cells[(int)Slot.Phone] = Phone(written);
                return;
        }
        var seen = _read[(int)column].GetAlternateLookup<ReadOnlySpan<char>>();
        if (!seen.TryGetValue(written, out var values))
        {
            values = Understand(column, written.ToString());
            seen[written] = values;
        }
        if (column == Column.Born && values[1] == 0)
        {
            DatesImpossible++;
        }
        for (var i = 0; i < values.Length; i += 2)
        {
            // A whole name says nothing where the parts are given by themselves.
            if (column != Column.FullName || cells[values[i]] == 0)
            {
                cells[values[i]] = values[i + 1];
            }
        }
    }

    /// <summary>Slot and value, two and two.</summary>
    private int[] Understand(Column column, string written)
    {
        switch (column)
        {
            case Column.Given:
                return [(int)Slot.Given, Names.Of(Matching.Names.FoldGiven(written), written)];
            case Column.Family:
                return [(int)Slot.Family, Names.Of(Matching.Names.FoldFamily(written), written)];
            case Column.FullName:
                var (given, family) = Whole(written);
                return [(int)Slot.Given, given, (int)Slot.Family, family];
            case Column.Aliases:
                var others = written.Split([';', '|'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Whole).SelectMany(name => new[] { name.Given, name.Family }).ToArray();
                Aliases.Add(others);
                return [(int)Slot.Aliases, Aliases.Count - 1];
            case Column.Born:
                return [(int)Slot.Born, Date(WrittenDate.Parse(written).Date)];
            case Column.Sex:
                return [(int)Slot.Sex, Matching.Names.Fold(written) switch { ['F', ..] => 1, ['M', ..] => 2, _ => 0 }];
            case Column.Locality:
                return [(int)Slot.Locality, Localities.Of(Plain(written), written)];
            case Column.Postcode:
                return [(int)Slot.Postcode, Postcodes.Of(Matching.Names.FoldPostcode(written), written)];
            case Column.Email:
                return written.Contains('@') || written.Length > 3 ? [(int)Slot.Email, Emails.Of(written.ToUpperInvariant(), written)] : [];
            case Column.Occupation:
                return [(int)Slot.Occupation, Occupations.Of(Plain(written), written)];
            default:
                return [(int)Slot.Other, Others.Of(Plain(written), written)];
        }
    }

    /// <summary>"Ella May Brannigan" and "BRANNIGAN, Ella May" are the same name.</summary>
    private (int Given, int Family) Whole(string written)
    {
        var (given, family) = written.Split(',', 2, StringSplitOptions.TrimEntries) is [{ Length: > 0 } last, { Length: > 0 } first] ? (first, last)
            : written.LastIndexOf(' ') is var space and > 0 ? (written[..space], written[(space + 1)..])
            : ("", written);
        return (Names.Of(Matching.Names.FoldGiven(given), given), Names.Of(Matching.Names.FoldFamily(family), family));
    }

    internal int Date(LocalDate? date)
    {
        if (date is not { } day)
        {
            return 0;
        }
        var packed = day.Year * 10000 + day.Month * 100 + day.Day;
        ref var id = ref CollectionsMarshal.GetValueRefOrAddDefault(_dates, packed, out var known);
        if (!known)
        {
            id = Dates.Count;
            Dates.Add(packed);
        }
        return id;
    }

    /// <summary>A number that passes its check is positive, one that fails it negative: the two never meet.</summary>
    private static int Number(string? valid, ReadOnlySpan<char> written) =>
        valid is not null ? (int)(Keys.Hash(valid) & int.MaxValue) | 1 : Compact(written) is { Length: > 0 } text ? (int)(Keys.Hash(text) & int.MaxValue) | int.MinValue : 0;

    /// <summary>An NHS number that passes its check is its first nine digits and one more.</summary>
    private static int Nhs(ReadOnlySpan<char> written)
    {
        int digits = 0, sum = 0, nine = 0, last = 0;
        var same = true;
        foreach (var letter in written)
        {
            if (letter is ' ' or '-' or '.' or '/')
            {
                continue;
            }
            if (!char.IsAsciiDigit(letter) || digits == 10)
            {
                return Number(null, written);
            }
            same &= digits == 0 || letter - '0' == last;
            last = letter - '0';
            if (++digits < 10)
            {
                (nine, sum) = (nine * 10 + last, sum + last * (12 - digits - 1));
            }
        }
        return digits == 10 && !same && (11 - sum % 11) % 11 == last ? 1 + nine : Number(null, written);
    }

    private static string Compact(ReadOnlySpan<char> written) => Written.Compact(written.ToString());

    /// <summary>The last nine digits: with and without +44 or 0.</summary>
    private static int Phone(ReadOnlySpan<char> written)
    {
        var (number, digits) = (0L, 0);
        foreach (var letter in written)
        {
            if (char.IsAsciiDigit(letter))
            {
                (number, digits) = ((number * 10 + letter - '0') % 1_000_000_000, digits + 1);
            }
        }
        return digits < 6 ? 0 : 1 + (int)number;
    }

    /// <summary>The numbers of an address in their order, as "Flat 3, 12A Larch Close" has 3 and 12A; and its other words.</summary>
    private (int House, int Street) Place(ReadOnlySpan<char> written)
    {
        Span<char> street = stackalloc char[Math.Min(written.Length, 200)];
        var (letters, house) = (0, 0UL);
        for (var at = 0; at < written.Length;)
        {
            var end = at;
            while (end < written.Length && written[end] is not (' ' or ',' or '.' or '-' or '/' or ';'))
            {
                end++;
            }
            var word = written[at..end];
            at = end + 1;
            if (word.IsEmpty)
            {
                continue;
            }
            if (char.IsAsciiDigit(word[0]))
            {
                foreach (var letter in word)
                {
                    house = Keys.Mix(house ^ char.ToUpperInvariant(letter));
                }
                house = Keys.Mix(house + 1);
                continue;
            }
            if (word.Equals("flat", StringComparison.OrdinalIgnoreCase) || word.Equals("apartment", StringComparison.OrdinalIgnoreCase) || word.Equals("unit", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }
            foreach (var letter in word)
            {
                if (char.IsLetterOrDigit(letter) && letters < street.Length)
                {
                    street[letters++] = char.ToUpperInvariant(letter);
                }
            }
        }
        return (house == 0 ? 0 : (int)(house & int.MaxValue) | 1, Streets.Of(street[..letters], ""));
    }

    private static string Plain(string written) => string.Concat(Words(written));

    private static IEnumerable<string> Words(string written) =>
        written.Split([' ', ',', '.', '-', '/', ';'], StringSplitOptions.RemoveEmptyEntries).Select(word => string.Concat(word.ToUpperInvariant().Where(char.IsLetterOrDigit))).Where(word => word.Length > 0);

    /// <summary>Counts who has what in these rolls, and decides whether a column of numbers is what it is said to be: where fewer than half pass their check, the check says nothing and all are numbers of some other kind.</summary>
    public void Settle(params ReadOnlySpan<Roll> rolls)
    {
        foreach (var slot in (Slot[])[Slot.Nhs, Slot.Upn, Slot.Pnc])
        {
            int valid = 0, invalid = 0;
            foreach (var roll in rolls)
            {
                for (var at = (int)slot; at < roll.Cells.Length; at += Roll.Stride)
                {
                    (valid, invalid) = (valid + (roll.Cells[at] > 0 ? 1 : 0), invalid + (roll.Cells[at] < 0 ? 1 : 0));
                }
            }
            if (invalid > 0 && valid >= invalid)
            {
                foreach (var roll in rolls)
                {
                    for (var at = (int)slot; at < roll.Cells.Length; at += Roll.Stride)
                    {
                        roll.Cells[at] = Math.Max(0, roll.Cells[at]);
                    }
                }
            }
        }
    }
}
