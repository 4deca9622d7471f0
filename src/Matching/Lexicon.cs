using NodaTime;

namespace Heed.Matching;

/// <summary>
/// The words of the rolls that are compared with one another: each value read once, however many people have it, and how many have it.
/// One writer at a time; readers need no lock once <see cref="Settle"/> was called.
/// </summary>
public sealed class Lexicon
{
    private static readonly int[] Columns = [.. Enum.GetValues<Column>().Select(column => Enum.TryParse<Slot>(column.ToString(), out var slot) ? (int)slot : -1)];

    /// <summary>What stands before a whole name and is none, and what stands after one.</summary>
    private static readonly HashSet<string> Titles = ["MR", "MRS", "MS", "MISS", "MX", "DR", "PROF", "PROFESSOR", "SIR", "DAME", "LORD", "LADY", "REV", "REVD", "HON", "CAPT", "CAPTAIN", "MASTER"];
    private static readonly HashSet<string> Honours = ["JR", "JNR", "JUNIOR", "SR", "SNR", "SENIOR", "II", "III", "IV", "ESQ", "ESQUIRE", "BT", "BARONET", "BARON", "BARONESS", "EARL", "COUNTESS", "VISCOUNT", "VISCOUNTESS", "DUKE", "DUCHESS", "MARQUESS", "LORD", "LADY", "MP", "QC", "KC", "OBE", "MBE", "CBE", "KBE"];

    private static readonly string[] Formerly = [" née ", " nee ", " formerly ", "("];

    /// <summary>A file may be of people long dead.</summary>
    private const int Earliest = 1000;

    private readonly Seen[] _read = [.. Columns.Select(_ => new Seen())];

    /// <summary>Whole names, in the order in which they were met; the first is none.</summary>
    internal List<(int Given, int Family)> Wholes { get; } = [default];

    /// <summary>Brothers and sisters of somebody; the first are nobody's.</summary>
    internal List<(int Given, int Born)[]> Siblings { get; } = [[]];

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

    private readonly Seen _dates = new();

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
        ref var value = ref _read[(int)column].At(Seen.Hash(written), out var known);
        if (!known)
        {
            value = Understand(column, written.ToString());
        }
        if (column == Column.FullName)
        {
            // A whole name says nothing where the parts are given by themselves.
            var (given, family) = Wholes[value];
            cells[(int)Slot.Given] = cells[(int)Slot.Given] is 0 ? given : cells[(int)Slot.Given];
            cells[(int)Slot.Family] = cells[(int)Slot.Family] is 0 ? family : cells[(int)Slot.Family];
            return;
        }
        DatesImpossible += column == Column.Born && value == 0 ? 1 : 0;
        cells[Columns[(int)column]] = value;
    }

    /// <summary>Somebody's family, with what is written here of their mother, or of their brothers and sisters.</summary>
    internal Kin Read(Column column, ReadOnlySpan<char> written, Kin kin)
    {
        written = written.Trim();
        if (written.IsEmpty)
        {
            return kin;
        }
        ref var value = ref _read[(int)column].At(Seen.Hash(written), out var known);
        if (!known)
        {
            value = Understand(column, written.ToString());
        }
        return column == Column.Mother ? kin with { Mother = value } : kin with { Siblings = value };
    }

    /// <summary>What another's numbers of a family are here.</summary>
    /// <param name="here">What its numbers for each slot are.</param>
    internal Kin Take(Lexicon other, Kin kin, int[]?[] here)
    {
        var (names, born, (given, family)) = (here[(int)Slot.Given]!, here[(int)Slot.Born]!, other.Wholes[kin.Mother]);
        return new(Whole(names[given], names[family]), All(Array.ConvertAll(other.Siblings[kin.Siblings], sibling => (names[sibling.Given], born[sibling.Born]))));
    }

    internal int All((int Given, int Born)[] siblings)
    {
        if (siblings.Length == 0)
        {
            return 0;
        }
        Siblings.Add(siblings);
        return Siblings.Count - 1;
    }

    private int Whole(int given, int family)
    {
        if ((given | family) == 0)
        {
            return 0;
        }
        Wholes.Add((given, family));
        return Wholes.Count - 1;
    }

    /// <summary>The number that stands for what is written.</summary>
    private int Understand(Column column, string written)
    {
        switch (column)
        {
            case Column.Given:
                return Names.Of(Matching.Names.FoldGiven(written), written);
            case Column.Family:
                return Names.Of(Matching.Names.FoldFamily(written), written);
            case Column.FullName:
                var (given, family) = WholeName(WithoutHonours(written));
                return Whole(given, family);
            case Column.Mother:
                var (hers, name) = Named(written);
                return Whole(Names.Of(Matching.Names.FoldMother(hers), hers), Names.Of(Matching.Names.FoldFamily(name), name));
            case Column.Siblings:
                return All([.. written.Split([';', '|'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Sibling).Where(sibling => sibling.Given != 0)]);
            case Column.Aliases:
                Aliases.Add([.. written.Split([';', '|'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(WholeName).SelectMany(name => new[] { name.Given, name.Family })]);
                return Aliases.Count - 1;
            case Column.Born:
                return Date(WrittenDate.Parse(written, Earliest).Date);
            case Column.Sex:
                return Matching.Names.Fold(written) switch { ['F', ..] => 1, ['M', ..] => 2, _ => 0 };
            case Column.Locality:
                return Localities.Of(Plain(written), written);
            case Column.Postcode:
                return Postcodes.Of(Matching.Names.FoldPostcode(written), written);
            case Column.Email:
                return written.Contains('@') || written.Length > 3 ? Emails.Of(written.ToUpperInvariant(), written) : 0;
            case Column.Occupation:
                return Occupations.Of(Plain(written), written);
            default:
                return Others.Of(Plain(written), written);
        }
    }

    /// <summary>Takes in the words of another; answers for each slot what its numbers are here, or nothing where they stay.</summary>
    internal int[]?[] Take(Lexicon other)
    {
        var here = new int[]?[Roll.Stride];
        Parallel.Invoke(
            () =>
            {
                var names = Names.Take(other.Names);
                (here[(int)Slot.Given], here[(int)Slot.Family]) = (names, names);
                here[(int)Slot.Aliases] = [.. other.Aliases.Select((aliases, at) => at == 0 ? 0 : Aliases.Count - 1 + at)];
                Aliases.AddRange(other.Aliases.Skip(1).Select(aliases => Array.ConvertAll(aliases, name => names[name])));
            },
            () => here[(int)Slot.Born] = [.. other.Dates.Select(Date)],
            () => here[(int)Slot.Street] = Streets.Take(other.Streets),
            () => here[(int)Slot.Locality] = Localities.Take(other.Localities),
            () => here[(int)Slot.Postcode] = Postcodes.Take(other.Postcodes),
            () => here[(int)Slot.Email] = Emails.Take(other.Emails),
            () => here[(int)Slot.Occupation] = Occupations.Take(other.Occupations),
            () => here[(int)Slot.Other] = Others.Take(other.Others));
        (DatesBlank, DatesImpossible) = (DatesBlank + other.DatesBlank, DatesImpossible + other.DatesImpossible);
        return here;
    }

    private (int Given, int Family) WholeName(string written)
    {
        var (given, family) = Parted(written);
        return (Names.Of(Matching.Names.FoldGiven(given), given), Names.Of(Matching.Names.FoldFamily(family), family));
    }

    /// <summary>"Ella May Brannigan" and "BRANNIGAN, Ella May" are the same name.</summary>
    private static (string Given, string Family) Parted(string written) =>
        written.Split(',', 2, StringSplitOptions.TrimEntries) is [{ Length: > 0 } last, { Length: > 0 } first] ? (first, last)
        : written.LastIndexOf(' ') is var space and > 0 ? (written[..space], written[(space + 1)..])
        : ("", written);

    /// <summary>One of the family as they are spoken of: "Dana" is a given name, "Mrs Hart" a family name; "Dana Hart née Moor" is called Hart.</summary>
    private static (string Given, string Family) Named(string written)
    {
        var name = written.Split(Formerly, StringSplitOptions.TrimEntries)[0];
        return WithoutHonours(name) is var own && Parted(own) is var (given, family) && given.Length == 0 && own.Length == name.Length ? (family, "") : (given, family);
    }

    /// <summary>"Tom Hart 2019-03-14", "Tom (14/03/2019)" or "Tom".</summary>
    private (int Given, int Born) Sibling(string written)
    {
        var (name, born) = written.LastIndexOf(' ') is var space and > 0 && WrittenDate.Parse(written[(space + 1)..].Trim('(', ')', ','), Earliest) is { Date: { } day } ? (written[..space].TrimEnd(' ', ',', '('), Date(day)) : (written, 0);
        return (Given(Named(name).Given), born);
    }

    private int Given(string given) => Names.Of(Matching.Names.FoldGiven(given), given);

    internal int All(IEnumerable<Sibling> siblings) => All([.. siblings.Select(sibling => (Given: Given(sibling.Given ?? ""), Born: Date(sibling.Born))).Where(sibling => sibling.Given != 0)]);

    /// <summary>"Sir Thomas Clifford, 1st Baron" is Thomas Clifford. Aliases keep what stands there: the versions of <see cref="Weights"/> have always read them so.</summary>
    private static string WithoutHonours(string written)
    {
        if (written.Split(',', 2, StringSplitOptions.TrimEntries) is [{ Length: > 0 } name, { Length: > 0 } after] && after.Split(' ')[0] is var first && (char.IsAsciiDigit(first[0]) || Honours.Contains(Matching.Names.Fold(first))))
        {
            written = name;
        }
        var words = written.Split(' ', StringSplitOptions.RemoveEmptyEntries).AsSpan();
        while (words.Length > 1 && Titles.Contains(Matching.Names.Fold(words[0])))
        {
            words = words[1..];
        }
        while (words.Length > 2 && Honours.Contains(Matching.Names.Fold(words[^1])))
        {
            words = words[..^1];
        }
        return string.Join(' ', words!);
    }

    internal int Date(LocalDate? date) => date is { } day ? Date(day.Year * 10000 + day.Month * 100 + day.Day) : 0;

    private int Date(int packed)
    {
        if (packed == 0)
        {
            return 0;
        }
        ref var id = ref _dates.At((uint)packed, out var known);
        if (!known)
        {
            id = Dates.Count;
            Dates.Add(packed);
        }
        return id;
    }

    /// <summary>A number that passes its check is positive, one that fails it negative: the two never meet.</summary>
    private static int Number(string? valid, ReadOnlySpan<char> written) =>
        valid is not null ? (int)(Seen.Hash(valid) & int.MaxValue) | 1 : Compact(written) is { Length: > 0 } text ? (int)(Seen.Hash(text) & int.MaxValue) | int.MinValue : 0;

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

    /// <summary>Decides whether a column of numbers is what it is said to be: where fewer than half pass their check, the check says nothing and all are numbers of some other kind; else those that fail it say nothing.</summary>
    public void Settle(params Roll[] rolls) => Parallel.ForEach((Slot[])[Slot.Nhs, Slot.Upn, Slot.Pnc], slot =>
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
    });
}
