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
            case Column.Address:
                return [(int)Slot.House, House(written), (int)Slot.Street, Streets.Of(Street(written), written)];
            case Column.Locality:
                return [(int)Slot.Locality, Localities.Of(Plain(written), written)];
            case Column.Postcode:
                return [(int)Slot.Postcode, Postcodes.Of(Matching.Names.FoldPostcode(written), written)];
            case Column.Nhs:
                return [(int)Slot.Nhs, Number(NhsNumber.TryParse(written, out var nhs, out _) ? nhs.Value : null, written)];
            case Column.Upn:
                return [(int)Slot.Upn, Number(Upn.TryParse(written, out var upn, out _) ? upn.Value : null, written)];
            case Column.Pnc:
                return [(int)Slot.Pnc, Number(PncId.TryParse(written, out var pnc, out _) ? pnc.Value : null, written)];
            case Column.Phone:
                // The last nine digits: with and without +44 or 0.
                return string.Concat(written.Where(char.IsAsciiDigit)) is { Length: >= 6 } digits ? [(int)Slot.Phone, 1 + int.Parse(digits[^Math.Min(9, digits.Length)..])] : [];
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
    private static int Number(string? valid, string written) => valid switch
    {
        { Length: 10 } when Written.IsDigits(valid) => 1 + int.Parse(valid.AsSpan(0, 9)),
        { } => (int)(Keys.Hash(valid) & int.MaxValue) | 1,
        null => Written.Compact(written) is { Length: > 0 } text ? (int)(Keys.Hash(text) & int.MaxValue) | int.MinValue : 0,
    };

    /// <summary>The numbers of an address in their order: "Flat 3, 12A Larch Close" has 3 and 12A.</summary>
    private static int House(string written)
    {
        var numbers = string.Join('/', Words(written).Where(word => char.IsAsciiDigit(word[0])));
        return numbers.Length == 0 ? 0 : (int)(Keys.Hash(numbers) & int.MaxValue) | 1;
    }

    private static string Street(string written) => string.Concat(Words(written).Where(word => !char.IsAsciiDigit(word[0]) && word is not ("FLAT" or "UNIT" or "APARTMENT" or "APT")));

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
