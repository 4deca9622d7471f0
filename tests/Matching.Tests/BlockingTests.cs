using CsCheck;
using NodaTime;

namespace Heed.Matching.Tests;

/// <summary>What no key finds, no rule ever sees.</summary>
public class BlockingTests
{
    private static readonly FirstRules Rules = new();

    private static readonly Gen<string?> Given = OneOf<string?>(
        null, "", "Ella", "Ela", "Ella Mae", "Mae", "E", "Jack", "Jace", "Baby", "Hart", "Christopher", "Cristopher", "Mohammed", "Muhammad");

    private static readonly Gen<string?> Family = OneOf<string?>(null, "", "Hart", "Heart", "Hart-Brannigan", "Brannigan", "Ella", "Unknown", "Li", "Hartt");

    private static readonly Gen<LocalDate?> Born = OneOf<LocalDate?>(
        null, new(2019, 3, 12), new(2019, 12, 3), new(2019, 3, 21), new(2009, 3, 12), new(2091, 3, 12), new(2019, 1, 1), new(2019, 5, 12), new(2004, 8, 30));

    private static readonly Gen<LocalDate?> Expected = OneOf<LocalDate?>(null, null, new(2019, 1, 28), new(2018, 12, 31), new(2019, 3, 14));

    private static readonly Gen<Identifier[]> Identifiers = OneOf<Identifier[]>(
        [], [], [new("nhs", "9990000018")], [new("nhs", "999 000 0026")], [new("nhs", "9990000019")], [new("pnc", "11/45127T")],
        [new("pnc", "2011/0045127T"), new("nhs", "9990000018")], [new("upn", "K808201000001")], [new("custody", "1")]);

    internal static readonly Gen<Description> Descriptions =
        Gen.Select(Given, Family, Born, Identifiers, OneOf<string[]>([], ["Ella Brannigan"], ["Spider"], ["Jack Hart"]), Expected,
            Gen.Select(OneOf<string[]>([], ["TS20 2QX"], ["ts202qx", "OX1 1AA"]), OneOf<string?>(null, "F", "M", "U"), OneOf<string?>(null, "Dana Hart", "DANA  HART", "Unknown")),
            (given, family, born, identifiers, aliases, expected, rest) => new Description
            {
                Given = given, Family = family, Born = born, Identifiers = identifiers, AlsoKnownAs = aliases, Expected = expected,
                Postcodes = rest.Item1, Sex = rest.Item2, MotherName = rest.Item3,
            });

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(at => values[at]);

    [Fact]
    public void Whatever_is_called_the_same_or_near_shares_a_key() =>
        Gen.Select(Descriptions, Descriptions).Sample((a, b) =>
            Rules.Compare(a, b).Verdict == Verdict.Different || Names.BlockingKeys(a).Intersect(Names.BlockingKeys(b)).Any(), iter: 100_000);

    [Fact]
    public void The_order_of_the_two_makes_no_difference() =>
        Gen.Select(Descriptions, Descriptions).Sample((a, b) =>
            Rules.Compare(a, b) is var there && Rules.Compare(b, a) is var back && there.Verdict == back.Verdict && there.Reason == back.Reason, iter: 50_000);

    [Fact]
    public void A_record_is_never_different_from_itself_if_it_says_who_and_when() =>
        Descriptions.Sample(a =>
            Names.FoldGiven(a.Given).Length == 0 || Names.FoldFamily(a.Family).Length == 0 || a.Born is null
            || Rules.Compare(a, a).Verdict != Verdict.Different, iter: 50_000);

    [Fact]
    public void Two_valid_NHS_numbers_are_never_linked_by_the_rules_alone() =>
        Gen.Select(Descriptions, Descriptions).Sample((a, b) =>
            Rules.Compare(
                a with { Identifiers = [new("nhs", "9990000018")] },
                b with { Identifiers = [new("nhs", "9990000026")] }).Verdict != Verdict.Same, iter: 50_000);

    [Fact]
    public void Blanking_what_one_side_says_never_makes_a_link() =>
        Gen.Select(Descriptions, Descriptions).Sample((a, b) =>
            Rules.Compare(a, b with { Given = null, Family = null, AlsoKnownAs = [], Identifiers = [] }).Verdict != Verdict.Same, iter: 50_000);
}
