using NodaTime;

namespace Heed.Matching;

/// <summary>
/// The first matcher: rules that can be read aloud, no weights. It links by itself only on a number that is one person's
/// alone or on a whole name with a whole date of birth, and never because two things are both missing.
/// A rule that says near needs a key in <see cref="Names.BlockingKeys"/>.
/// </summary>
public sealed class FirstRules : IMatcher
{
    /// <summary>Two expected dates of one pregnancy, from two scans or from memory.</summary>
    internal const int ExpectedDatesApart = 28;

    /// <summary>A child can be born alive at 23 weeks of 40.</summary>
    internal const int MostDaysEarly = 17 * 7;

    private const int MostDaysLate = 21;

    public string Version => "first-rules/1";

    public Comparison Compare(Description a, Description b)
    {
        var pair = new Pair(a, b);
        var (verdict, reason) = Decide(pair);
        return new(verdict, reason, pair.Fields(), Version);
    }

    private static (Verdict Verdict, string Reason) Decide(Pair pair)
    {
        if (!pair.EnoughIsKnown)
        {
            return (Verdict.Different, "not enough is known");
        }
        if (pair.AgreedNumber is { } number)
        {
            return ByNumber(pair, number);
        }
        if (pair.OwnNamesAreSame && pair.Births == Births.Same)
        {
            return pair.ContradictedNumber is { } other ? (Verdict.Near, $"name and date of birth are the same, but each has a valid {other} of its own")
                : pair.SexContradicts ? (Verdict.Near, "name and date of birth are the same, but the sex is not")
                : (Verdict.Same, "name and date of birth are the same");
        }
        if (pair.ContradictedNumber is { } own && own != Pair.UpnName)
        {
            return (Verdict.Different, $"each has a valid {own} of its own");
        }
        if (pair.SexContradicts && !pair.Any((x, y) => x.IsSameAs(y)))
        {
            return (Verdict.Different, "the sex differs and so does the name");
        }
        return ByLikeness(pair);
    }

    private static (Verdict Verdict, string Reason) ByNumber(Pair pair, string number)
    {
        if (pair.ContradictedNumber is { } other)
        {
            return (Verdict.Near, $"{number} is the same, but each has a valid {other} of its own");
        }
        if (pair.Births == Births.Different)
        {
            return (Verdict.Near, $"{number} is the same, but the dates of birth are wholly different");
        }

        // Twins and mothers with their babies are given each other's numbers.
        return pair.GivenNamesAreApart
            ? (Verdict.Near, $"{number} is the same, but the given names are wholly different")
            : (Verdict.Same, $"{number} is the same");
    }

    private static (Verdict Verdict, string Reason) ByLikeness(Pair pair)
    {
        var bornTogether = pair.Births is Births.Same or Births.SameByDefault;
        if (pair.Any((x, y) => x.IsSameAs(y)))
        {
            var what = pair.OwnNamesAreSame ? "name" : "a name that one of them also goes by";
            switch (pair.Births)
            {
                case Births.Same:
                    return (Verdict.Near, $"{what} and date of birth are the same");
                case Births.SameByDefault:
                    return (Verdict.Near, $"{what} and date of birth are the same, but 1 January may stand for a year only");
                case Births.Slip:
                    return (Verdict.Near, $"{what} is the same, and the dates of birth differ by a slip");
                case Births.SameYear:
                    return (Verdict.Near, $"{what} is the same, and 1 January may stand for the year of the other date of birth");
                case Births.Blank when pair.SharePostcode:
                    return (Verdict.Near, $"{what} and postcode are the same, and a date of birth is missing");
                default:
                    break;
            }
        }
        if (bornTogether && pair.Any((x, y) => x.IsSwapOf(y)))
        {
            return (Verdict.Near, "date of birth is the same, and given and family name are swapped");
        }
        if (bornTogether && pair.Any((x, y) => x.HasSimilarGiven(y) && x.HasSimilarFamily(y) && StartsAlike(x, y)))
        {
            return (Verdict.Near, "date of birth is the same and the names are similar");
        }
        if (bornTogether && pair.SharePostcode && pair.Any((x, y) => x.HasSimilarGiven(y)))
        {
            return (Verdict.Near, "date of birth and postcode are the same and the given names are similar");
        }
        if (pair.Births is Births.Slip or Births.SameYear
            && pair.Any((x, y) => x.IsWhole && x.FoldedFamily == y.FoldedFamily && x.HasSimilarGiven(y) && x.FoldedGiven[0] == y.FoldedGiven[0]))
        {
            return (Verdict.Near, "family name is the same, given name is similar, and the dates of birth differ by a slip");
        }
        if (pair.MothersAreSame && IsOnePregnancy(pair.A, pair.B))
        {
            return (Verdict.Near, "mother's name is the same and the birth dates or expected dates fit");
        }
        return (Verdict.Different, bornTogether && pair.GivenNamesAreApart && pair.Any((x, y) => x.FoldedFamily.Length > 0 && x.FoldedFamily == y.FoldedFamily)
            ? "born on the same day with the same family name, but the given names are another: twins perhaps"
            : "too little is the same");
    }

    private static bool StartsAlike(PersonName x, PersonName y) =>
        Names.Start(x.FoldedGiven) == Names.Start(y.FoldedGiven) || Names.Start(x.FoldedFamily) == Names.Start(y.FoldedFamily);

    /// <summary>Two expected dates of one pregnancy, or one and the birth that it came to. False where both are born, or a date is missing.</summary>
    public static bool IsOnePregnancy(Description a, Description b) => (a.Born, a.Expected, b.Born, b.Expected) switch
    {
        (null, { } one, null, { } other) => Math.Abs(Period.DaysBetween(one, other)) <= ExpectedDatesApart,
        ({ } born, _, null, { } expected) => Fits(born, expected),
        (null, { } expected, { } born, _) => Fits(born, expected),
        _ => false,
    };

    private static bool Fits(LocalDate born, LocalDate expected) =>
        Period.DaysBetween(expected, born) is >= -MostDaysEarly and <= MostDaysLate;
}

/// <summary>Two descriptions and what can be said of them together, whichever comes first.</summary>
internal sealed class Pair
{
    public const string UpnName = "UPN";

    private static readonly (string Type, Field Field, string Name)[] NumberTypes =
        [(Numbers.Nhs, Field.NhsNumber, "NHS number"), (Numbers.Pnc, Field.PncId, "PNC id"), (Numbers.Upn, Field.Upn, UpnName)];

    private readonly IReadOnlyList<PersonName> _namesOfA;
    private readonly IReadOnlyList<PersonName> _namesOfB;

    public Pair(Description a, Description b)
    {
        (A, B) = (a, b);
        (_namesOfA, _namesOfB) = (PersonName.AllOf(a), PersonName.AllOf(b));
        Births = BirthDates.Compare(a.Born, b.Born);
        var numbers = NumberTypes.Select(number => (number.Name, Agreement: Agree(number.Type))).ToList();
        AgreedNumber = numbers.Where(number => number.Agreement == Agreement.Agree).Select(number => number.Name).FirstOrDefault();
        ContradictedNumber = numbers.Where(number => number.Agreement == Agreement.Differ).Select(number => number.Name).FirstOrDefault();
    }

    public Description A { get; }

    public Description B { get; }

    public Births Births { get; }

    public string? AgreedNumber { get; }

    public string? ContradictedNumber { get; }

    public bool EnoughIsKnown => IsKnown(A, _namesOfA) && IsKnown(B, _namesOfB);

    public bool OwnNamesAreSame => _namesOfA[0].IsSameAs(_namesOfB[0]);

    public bool GivenNamesAreApart =>
        _namesOfA.Any(name => name.FoldedGiven.Length > 0) && _namesOfB.Any(name => name.FoldedGiven.Length > 0)
        && !Any((x, y) => x.HasSimilarGiven(y) || x.IsSwapOf(y));

    public bool SharePostcode => Postcodes(A).Intersect(Postcodes(B)).Any();

    public bool MothersAreSame => Names.FoldFamily(A.MotherName) is { Length: > 0 } mother && mother == Names.FoldFamily(B.MotherName);

    public bool SexContradicts => (Sex(A), Sex(B)) is ('F', 'M') or ('M', 'F');

    public bool Any(Func<PersonName, PersonName, bool> holds) => _namesOfA.Any(x => _namesOfB.Any(y => holds(x, y)));

    public IReadOnlyList<FieldComparison> Fields()
    {
        var (nameOfA, nameOfB) = (_namesOfA[0], _namesOfB[0]);
        return
        [
            Line(Field.GivenName, A.Given, B.Given, nameOfA.FoldedGiven, nameOfB.FoldedGiven, nameOfA.HasSimilarGiven(nameOfB) ? "similar" : null),
            Line(Field.FamilyName, A.Family, B.Family, nameOfA.FoldedFamily, nameOfB.FoldedFamily, nameOfA.HasSimilarFamily(nameOfB) ? "similar" : null),
            AlsoKnownAs(),
            Born(),
            Expected(),
            new(Field.Sex, Sex(A) is null || Sex(B) is null ? Agreement.Blank : Sex(A) == Sex(B) ? Agreement.Agree : Agreement.Differ, A.Sex, B.Sex),
            .. NumberTypes.Select(number => NumberLine(number.Type, number.Field)),
            new(Field.Postcode, Shared(Postcodes(A), Postcodes(B)), Joined(A.Postcodes), Joined(B.Postcodes)),
            new(Field.Address, Shared(Address(A), Address(B)), Joined(A.AddressLines), Joined(B.AddressLines)),
            Line(Field.MotherName, A.MotherName, B.MotherName, Names.FoldFamily(A.MotherName), Names.FoldFamily(B.MotherName),
                Names.Similar(A.MotherName, B.MotherName) ? "similar" : null),
        ];
    }

    private static bool IsKnown(Description description, IReadOnlyList<PersonName> names) =>
        names.Any(name => name.FoldedGiven.Length > 0 || name.FoldedFamily.Length > 0)
        || Numbers.Valid(description).Any()
        || (description.Expected is not null && Names.FoldFamily(description.MotherName).Length > 0);

    private static char? Sex(Description description) => Names.Fold(description.Sex) switch
    {
        ['F', ..] => 'F',
        ['M', ..] => 'M',
        _ => null,
    };

    private static List<string> Postcodes(Description description) =>
        [.. description.Postcodes.Select(Names.FoldPostcode).Where(code => code.Length > 0)];

    private static List<string> Address(Description description) =>
        [.. description.AddressLines.Take(1).Select(line => string.Concat(line.ToUpperInvariant().Where(char.IsLetterOrDigit))).Where(line => line.Length > 0)];

    private static string? Joined(IReadOnlyList<string> parts) => parts.Count == 0 ? null : string.Join(", ", parts);

    private static Agreement Shared(IReadOnlyList<string> a, IReadOnlyList<string> b) =>
        a.Count == 0 || b.Count == 0 ? Agreement.Blank : a.Intersect(b).Any() ? Agreement.Agree : Agreement.Differ;

    private static FieldComparison Line(Field field, string? a, string? b, string foldedA, string foldedB, string? similar) => new(
        field,
        foldedA.Length == 0 || foldedB.Length == 0 ? Agreement.Blank
            : foldedA == foldedB ? Agreement.Agree
            : similar is not null ? Agreement.Near
            : Agreement.Differ,
        a, b, foldedA == foldedB ? null : similar);

    private FieldComparison AlsoKnownAs()
    {
        var alias = _namesOfA.Count > 1 || _namesOfB.Count > 1;
        var agreement = !alias ? Agreement.Blank
            : Any((x, y) => (x.Alias || y.Alias) && x.IsSameAs(y)) ? Agreement.Near
            : Agreement.Differ;
        return new(Field.AlsoKnownAs, agreement, Joined(A.AlsoKnownAs), Joined(B.AlsoKnownAs),
            agreement == Agreement.Near ? "one of them also goes by the other's name" : null);
    }

    private FieldComparison Born()
    {
        var (agreement, why) = Births switch
        {
            Births.Same => (Agreement.Agree, (string?)null),
            Births.SameByDefault => (Agreement.Near, "1 January may stand for a year only"),
            Births.Slip => (Agreement.Near, "a slip: day and month swapped, or one digit wrong"),
            Births.SameYear => (Agreement.Near, "1 January may stand for the other's year"),
            Births.Different => (Agreement.Differ, null),
            _ => (Agreement.Blank, null),
        };
        return new(Field.Born, agreement, Date(A.Born), Date(B.Born), why);
    }

    private FieldComparison Expected() => new(
        Field.Expected,
        (A.Expected, B.Expected) is not ({ } one, { } other) ? Agreement.Blank
            : one == other ? Agreement.Agree
            : Math.Abs(Period.DaysBetween(one, other)) <= FirstRules.ExpectedDatesApart ? Agreement.Near
            : Agreement.Differ,
        Date(A.Expected), Date(B.Expected));

    private FieldComparison NumberLine(string type, Field field)
    {
        var (a, b) = (Read(A, type), Read(B, type));
        var why = string.Join("; ", a.Concat(b).Where(read => read.Why is not null).Select(read => $"{read.Written}: {read.Why}").Distinct());
        return new(field, Agree(type), Joined([.. a.Select(read => read.Written)]), Joined([.. b.Select(read => read.Written)]), why.Length == 0 ? null : why);
    }

    private static List<(string Written, string? Why)> Read(Description description, string type) =>
        [.. description.Identifiers.Select(identifier => (identifier.Value, Read: Numbers.Read(identifier))).Where(each => each.Read.Type == type).Select(each => (each.Value, each.Read.Why))];

    private Agreement Agree(string type) => Shared(Valid(A, type), Valid(B, type));

    private static List<string> Valid(Description description, string type) =>
        [.. Numbers.Valid(description).Where(number => number.Type == type).Select(number => number.Value)];

    private static string? Date(LocalDate? date) => date is { } known ? FormattableString.Invariant($"{known:uuuu-MM-dd}") : null;
}
