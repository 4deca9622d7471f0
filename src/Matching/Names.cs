using System.Globalization;
using System.Text;
using NodaTime;

namespace Heed.Matching;

/// <summary>Names as they are compared: without case, accents, spaces or punctuation.</summary>
public static class Names
{
    /// <summary>Written where a name is not known.</summary>
    private static readonly HashSet<string> NotKnown = ["UNKNOWN", "NOTKNOWN", "NK", "UNK", "NONE", "NOTSTATED", "TBC"];

    /// <summary>Written where a child has no name yet. As family names some of these are people's own.</summary>
    private static readonly HashSet<string> NotNamed =
    [
        "BABY", "BABYBOY", "BABYGIRL", "BOY", "GIRL", "INFANT", "MALE", "FEMALE", "CHILD",
        "UNBORN", "UNBORNBABY", "UNBORNCHILD", "TWIN", "TWINONE", "TWINTWO",
    ];

    /// <summary>Written where a mother is meant and not named.</summary>
    private static readonly HashSet<string> NotHers = ["MUM", "MUMMY", "MAM", "MOM", "MOTHER", "BIRTHMOTHER", "BIRTHMUM", "PARENT", "CARER", "NA"];

    /// <summary>Letters that no decomposition takes apart.</summary>
    private static readonly Dictionary<char, string> Apart = new()
    {
        ['Ø'] = "O", ['Ł'] = "L", ['Đ'] = "D", ['Ð'] = "D", ['Æ'] = "AE", ['Œ'] = "OE", ['Þ'] = "TH", ['ẞ'] = "SS", ['ß'] = "SS", ['ı'] = "I",
    };

    /// <summary>"Zoë  O'Neill-Łukasz" is "ZOEONEILLLUKASZ".</summary>
    public static string Fold(string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            return "";
        }
        if (Ascii.IsValid(name))
        {
            return string.Concat(name.Where(char.IsAsciiLetter)).ToUpperInvariant();
        }
        var folded = new StringBuilder(name.Length);
        foreach (var letter in name.Normalize(NormalizationForm.FormKD).ToUpperInvariant())
        {
            if (Apart.TryGetValue(letter, out var letters))
            {
                folded.Append(letters);
            }
            else if (char.IsLetter(letter) && CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.ModifierLetter)
            {
                folded.Append(letter);
            }
        }
        return folded.ToString();
    }

    /// <summary>Nothing where a placeholder stands for the name: two unknowns are not one person.</summary>
    public static string FoldFamily(string? name) => Fold(name) is var folded && NotKnown.Contains(folded) ? "" : folded;

    public static string FoldGiven(string? name) => FoldFamily(name) is var folded && NotNamed.Contains(folded) ? "" : folded;

    public static string FoldMother(string? name) => FoldGiven(name) is var folded && NotHers.Contains(folded) ? "" : folded;

    public static string FoldPostcode(string? postcode) =>
        string.Concat((postcode ?? "").ToUpperInvariant().Where(char.IsAsciiLetterOrDigit));

    /// <summary>Every word of every name, folded, each once: what a person is searched by.</summary>
    public static IReadOnlyList<string> Words(Description description) =>
        [.. PersonName.AllOf(description).SelectMany(n => new[] { n.Given, n.Family }).SelectMany(Words).Distinct(StringComparer.Ordinal)];

    public static IEnumerable<string> Words(string? names) =>
        (names ?? "").Split([' ', '-', '\u00A0', ','], StringSplitOptions.RemoveEmptyEntries).Select(Fold).Where(word => word.Length > 0);

    /// <summary>
    /// The strings under which a database finds whom to compare. Two descriptions that <see cref="FirstRules"/> calls the same
    /// or near share at least one; a rule added there without a key here finds nobody.
    /// </summary>
    public static IReadOnlyList<string> BlockingKeys(Description description)
    {
        var keys = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (type, value) in Numbers.Valid(description))
        {
            keys.Add($"{type}:{value}");
        }
        foreach (var name in PersonName.AllOf(description))
        {
            if (name.IsWhole)
            {
                // In either order, so that a given name entered as the family name is found.
                keys.Add(string.CompareOrdinal(name.FoldedFamily, name.FoldedGiven) <= 0
                    ? $"F:{name.FoldedFamily}|{name.FoldedGiven}"
                    : $"F:{name.FoldedGiven}|{name.FoldedFamily}");
            }
            if (description.Born is { } born)
            {
                Add(keys, born, name);
            }
        }
        if (description.Born is { } day)
        {
            keys.UnionWith(description.Postcodes.Select(FoldPostcode).Where(code => code.Length > 0).Select(code => $"D:{Date(day)}|{code}"));
        }
        if ((description.Born ?? description.Expected) is { } birth && FoldFamily(description.MotherName) is { Length: > 0 } mother)
        {
            // A birth may come long before its expected date and in another year.
            keys.Add(FormattableString.Invariant($"M:{mother}|{WrittenDate.Around(birth, Period.FromDays(-FirstRules.MostDaysEarly)).Year}"));
            keys.Add(FormattableString.Invariant($"M:{mother}|{WrittenDate.Around(birth, Period.FromDays(FirstRules.MostDaysEarly)).Year}"));
        }
        return [.. keys];
    }

    /// <summary>The same name, a short form or an initial of it, one part of it, or a slip of the pen.</summary>
    internal static bool Similar(string? a, string? b)
    {
        var (left, right) = (Fold(a), Fold(b));
        if (left.Length == 0 || right.Length == 0)
        {
            return false;
        }
        var (shorter, longer) = left.Length <= right.Length ? (left, right) : (right, left);
        return left == right
            || (shorter.Length is 1 or >= 3 && longer.StartsWith(shorter, StringComparison.Ordinal))
            || (shorter.Length >= 3 && longer.Length >= 4 && Slips(left, right) <= (shorter.Length >= 7 ? 2 : 1))
            || Parts(a).Intersect(Parts(b)).Any();
    }

    internal static string Start(string folded) => folded.Length <= 3 ? folded : folded[..3];

    private static void Add(SortedSet<string> keys, LocalDate born, PersonName name)
    {
        foreach (var part in new[] { name.FoldedFamily, name.FoldedGiven }.Where(part => part.Length > 0))
        {
            keys.Add($"D:{Date(born)}|{Start(part)}");
        }
        if (name.IsWhole)
        {
            // A slip in the year leaves month and day, a slip in month or day (or the two swapped) leaves the year.
            keys.Add(FormattableString.Invariant($"Y:{name.FoldedFamily}|{name.FoldedGiven[0]}|{born.Year:0000}"));
            keys.Add(FormattableString.Invariant($"A:{name.FoldedFamily}|{name.FoldedGiven[0]}|{born.Month:00}{born.Day:00}"));
        }
    }

    private static string Date(LocalDate date) => FormattableString.Invariant($"{date:uuuuMMdd}");

    private static IEnumerable<string> Parts(string? name) =>
        (name ?? "").Split([' ', '-'], StringSplitOptions.RemoveEmptyEntries).Select(Fold).Where(part => part.Length >= 3);

    /// <summary>Letters put in, left out, changed, or swapped with a neighbour.</summary>
    private static int Slips(string a, string b)
    {
        var counts = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    counts[i, j] = i + j;
                    continue;
                }
                var least = Math.Min(
                    Math.Min(counts[i - 1, j], counts[i, j - 1]) + 1,
                    counts[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    least = Math.Min(least, counts[i - 2, j - 2] + 1);
                }
                counts[i, j] = least;
            }
        }
        return counts[a.Length, b.Length];
    }
}

/// <summary>One name that a person goes by. An alias is whole names in one string, the family name last.</summary>
internal sealed record PersonName(string? Given, string? Family, bool Alias)
{
    public string FoldedGiven { get; } = Names.FoldGiven(Given);

    public string FoldedFamily { get; } = Names.FoldFamily(Family);

    public bool IsWhole => FoldedGiven.Length > 0 && FoldedFamily.Length > 0;

    public bool IsSameAs(PersonName other) => IsWhole && FoldedGiven == other.FoldedGiven && FoldedFamily == other.FoldedFamily;

    public bool HasSimilarGiven(PersonName other) =>
        FoldedGiven.Length > 0 && other.FoldedGiven.Length > 0 && Names.Similar(Given, other.Given);

    public bool HasSimilarFamily(PersonName other) =>
        FoldedFamily.Length > 0 && other.FoldedFamily.Length > 0 && Names.Similar(Family, other.Family);

    public bool IsSwapOf(PersonName other) => IsWhole && FoldedGiven == other.FoldedFamily && FoldedFamily == other.FoldedGiven;

    public static IReadOnlyList<PersonName> AllOf(Description description) =>
        [new(description.Given, description.Family, Alias: false), .. description.AlsoKnownAs.Select(Parse)];

    private static PersonName Parse(string alias)
    {
        var parts = alias.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length < 2 ? new(alias, null, Alias: true) : new(string.Join(' ', parts[..^1]), parts[^1], Alias: true);
    }
}

/// <summary>The numbers of a description that are one person's alone and pass their own check.</summary>
internal static class Numbers
{
    public const string Nhs = "N", Upn = "U", Pnc = "P";

    public static IEnumerable<(string Type, string Value)> Valid(Description description) =>
        description.Identifiers.Select(Read).Where(read => read.Value is not null).Select(read => (read.Type, read.Value!));

    public static (string Type, string? Value, string? Why) Read(Identifier identifier)
    {
        switch (identifier.Type.ToUpperInvariant())
        {
            case "NHS":
                return NhsNumber.TryParse(identifier.Value, out var nhs, out var notNhs) ? (Nhs, nhs.Value, null) : (Nhs, null, notNhs);
            case "UPN":
                return Matching.Upn.TryParse(identifier.Value, out var upn, out var notUpn) ? (Upn, upn.Value, null) : (Upn, null, notUpn);
            case "PNC":
                return PncId.TryParse(identifier.Value, out var pnc, out var notPnc) ? (Pnc, pnc.Value, null) : (Pnc, null, notPnc);
            default:
                return (identifier.Type, null, "not a number that is one person's alone");
        }
    }
}
