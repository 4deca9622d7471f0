using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Heed.Seed;
using NodaTime;

namespace Heed.Matching.Tests;

public class WeightsTests
{
    private static readonly Weights Rules = new();

    private static readonly Description Ella = new()
    {
        Given = "Ella Mae", Family = "Hart", AlsoKnownAs = ["Ella Brannigan"], Born = new(2019, 3, 14), Sex = "F",
        Identifiers = [new("nhs", "999 000 0018")], Postcodes = ["TS20 2QX"], AddressLines = ["14 Larch Close"],
    };

    private static double Probability(Description a, Description b) => Rules.Compare(a, b).Probability!.Value;

    [Fact]
    public void What_each_comparison_contributed_adds_up_to_the_probability()
    {
        foreach (var other in (Description[])[Ella, Ella with { Given = "Ella", Born = new(2019, 3, 15) }, Ella with { Given = "Noah", Sex = "M", Identifiers = [], AlsoKnownAs = [] }, new() { Given = "Ella" }])
        {
            var comparison = Rules.Compare(Ella, other);
            var odds = comparison.Fields.Sum(line => line.Weight ?? 0);
            Assert.Equal(comparison.Probability!.Value, 1 / (1 + double.Exp2(-odds)), 0.01);
        }
    }

    [Fact]
    public void What_is_blank_has_no_weight()
    {
        var comparison = Rules.Compare(Ella, new() { Given = "Ella", Family = "Hart" });
        Assert.Null(comparison[Field.Born].Weight);
        Assert.Null(comparison[Field.NhsNumber].Weight);
        Assert.NotNull(comparison[Field.FamilyName].Weight);
    }

    [Fact]
    public void Rare_names_say_more_than_common_ones()
    {
        static Description Of(string family) => new() { Given = "Olivia", Family = family, Born = new(2016, 3, 4), Sex = "F" };
        Assert.True(Rules.Compare(Of("Brzęczyszczykiewicz"), Of("Brzeczyszczykiewicz"))[Field.FamilyName].Weight > Rules.Compare(Of("Smith"), Of("Smith"))[Field.FamilyName].Weight + 3);
    }

    [Fact]
    public void Twins_and_brothers_are_not_one_however_much_of_their_household_agrees()
    {
        var twin = Ella with { Given = "Ella", AlsoKnownAs = [], Identifiers = [] };
        Assert.InRange(Probability(twin, twin with { Given = "Emily" }), 0, 0.2);
        Assert.InRange(Probability(twin, twin with { Given = "Noah", Sex = "M" }), 0, 0.02);
        Assert.InRange(Probability(twin, twin with { Given = "Amy", Born = new(2017, 3, 14) }), 0, 0.02);
        Assert.InRange(Probability(twin, twin), 0.99, 1);
    }

    [Fact]
    public void The_order_of_the_two_makes_no_difference() =>
        Gen.Select(BlockingTests.Descriptions, BlockingTests.Descriptions).Sample((a, b) =>
            Rules.Compare(a, b) is var there && Rules.Compare(b, a) is var back && there.Verdict == back.Verdict && there.Reason == back.Reason && Math.Abs(there.Probability!.Value - back.Probability!.Value) < 1e-9, iter: 5_000);

    [Fact]
    public void It_links_nothing_that_the_rules_would_not() =>
        Gen.Select(BlockingTests.Descriptions, BlockingTests.Descriptions).Sample((a, b) =>
            Rules.Compare(a, b).Verdict != Verdict.Same || new FirstRules().Compare(a, b).Verdict == Verdict.Same, iter: 5_000);

    [Fact]
    public void Blanks_link_nobody()
    {
        Assert.Equal(Verdict.Different, Rules.Compare(new(), new()).Verdict);
        Assert.InRange(Probability(new(), new()), 0, 1e-4);
        Assert.InRange(Probability(Ella, new()), 0, 1e-4);
    }

    /// <summary>
    /// How two values agree is code that every version shares, and weights/1 was learnt with it: whoever changes what stands here makes a new version, and keeps the old comparison for the old one.
    /// </summary>
    [Theory]
    [InlineData(Trait.Given, "Zoë", "zoe", Level.Same)]
    [InlineData(Trait.Given, "E", "Ella", Level.Initial)]
    [InlineData(Trait.Given, "X", "x", Level.Initial)]
    [InlineData(Trait.Given, "Katherine", "Kate", Level.Form)]
    [InlineData(Trait.Given, "Mohammed", "Muhammad", Level.Form)]
    [InlineData(Trait.Given, "Ella Mae", "Ella", Level.Part)]
    [InlineData(Trait.Given, "Ella Mae", "Mae", Level.Half)]
    [InlineData(Trait.Given, "Grace", "Grade", Level.Slip)]
    [InlineData(Trait.Given, "Marlon", "Marion", Level.Slip)]
    [InlineData(Trait.Given, "Connor", "Conrad", Level.Alike)]
    [InlineData(Trait.Given, "Ella", "Noah", Level.Differ)]
    [InlineData(Trait.Given, "Ella", "Unknown", Level.Blank)]
    [InlineData(Trait.Given, "Baby", "Ella", Level.Blank)]
    [InlineData(Trait.Family, "O'Neill", "Oneil", Level.Form)]
    [InlineData(Trait.Family, "Hart", "Hart-Brannigan", Level.Part)]
    [InlineData(Trait.Family, "Brannigan", "Hart-Brannigan", Level.Half)]
    [InlineData(Trait.Born, "2019-03-14", "2019-03-14", Level.Same)]
    [InlineData(Trait.Born, "2019-01-01", "2019-01-01", Level.Form)]
    [InlineData(Trait.Born, "2019-03-04", "2019-04-03", Level.Part)]
    [InlineData(Trait.Born, "2019-03-14", "2019-03-15", Level.Slip)]
    [InlineData(Trait.Born, "2019-03-14", "2019-03-41", Level.Blank)]
    [InlineData(Trait.Born, "2019-03-12", "2019-03-21", Level.Slip)]
    [InlineData(Trait.Born, "2019-01-01", "2019-07-23", Level.Initial)]
    [InlineData(Trait.Born, "2019-03-14", "2019-03-29", Level.Half)]
    [InlineData(Trait.Born, "2019-03-14", "2019-11-29", Level.Alike)]
    [InlineData(Trait.Born, "2019-03-14", "1984-11-29", Level.Differ)]
    [InlineData(Trait.Born, "2019-01-01", "2018-11-29", Level.Differ)]
    [InlineData(Trait.Sex, "F", "female", Level.Same)]
    [InlineData(Trait.Sex, "F", "M", Level.Differ)]
    [InlineData(Trait.Sex, "F", "not known", Level.Blank)]
    [InlineData(Trait.Postcode, "TS20 2QX", "ts202qx", Level.Same)]
    [InlineData(Trait.Postcode, "TS20 2QX", "TS20 2QY", Level.Slip)]
    [InlineData(Trait.Postcode, "TS20 2QX", "TS20 2RY", Level.Alike)]
    [InlineData(Trait.Postcode, "TS20 2QX", "B15 1AA", Level.Differ)]
    [InlineData(Trait.Address, "14 Larch Close", "14, Larch Close", Level.Same)]
    [InlineData(Trait.Address, "14 Larch Close", "14 Lerch Close", Level.Slip)]
    [InlineData(Trait.Address, "14 Larch Close", "Larch Close", Level.Part)]
    [InlineData(Trait.Address, "14 Larch Close", "16 Larch Close", Level.Alike)]
    [InlineData(Trait.Address, "14 Larch Close", "14 Beech Road", Level.Differ)]
    [InlineData(Trait.Nhs, "999 000 0018", "9990000018", Level.Same)]
    [InlineData(Trait.Nhs, "9990000018", "9990000026", Level.Slip)]
    public void A_level_is_what_it_was_when_the_weights_were_learnt(Trait trait, string a, string b, Level level)
    {
        var column = Enum.Parse<Column>(trait.ToString());
        var roll = new Roll(new Lexicon());
        var (one, other) = (roll.Add([column], [a]), roll.Add([column], [b]));
        var levels = new Level[Levels.Traits];
        new Levels(roll.Lexicon, first: true).Fill(roll[one], roll[other], levels);
        Assert.Equal(level, levels[(int)trait]);
        new Levels(roll.Lexicon, first: true).Fill(roll[other], roll[one], levels);
        Assert.Equal(level, levels[(int)trait]);
    }

    /// <summary>All that weights/1 said of some pairs before there was a weights/2: verdicts, reasons, every field and its weight; and the sum of the odds, which another machine may round otherwise.</summary>
    [Fact]
    public void The_first_weights_answer_to_the_letter_as_they_did()
    {
        static Description Of(Entry e, string mother) => new()
        {
            Given = e.Given, Family = e.Family, AlsoKnownAs = e.Aliases.Length == 0 ? [] : [e.Aliases], Born = WrittenDate.Parse(e.Born).Date, Sex = e.Sex, Identifiers = e.Nhs.Length == 0 ? [] : [new("nhs", e.Nhs)],
            Postcodes = e.Postcode.Length == 0 ? [] : [e.Postcode, "TS20 2QX"], AddressLines = e.Address.Length == 0 ? [] : [e.Address], MotherName = mother,
        };
        var registers = new Registers(12, 900);
        var (register, rules, said, odds) = (registers.Register().ToList(), Versions.Of("weights/1")!, new StringBuilder(), 0.0);
        foreach (var report in registers.Reports(400).Where(report => report.Truth is not null))
        {
            var at = register.FindIndex(e => e.Id == report.Truth);
            foreach (var (other, mother) in new[] { (at, "Dana Hart"), ((at + 1) % register.Count, "Dana Hart"), ((at * 7 + 3) % register.Count, "Farah Khan") })
            {
                var comparison = rules.Compare(Of(report.Said, "Dana Hart"), Of(register[other], mother));
                said.Append(FormattableString.Invariant($"{comparison.Verdict}|{comparison.Reason}"));
                foreach (var line in comparison.Fields.Where(line => line.Field != Field.Household))
                {
                    said.Append(FormattableString.Invariant($"|{line.Field},{line.Agreement},{line.A},{line.B},{line.Why},{line.Weight}"));
                }
                odds += Math.Log2(comparison.Probability!.Value / (1 - comparison.Probability.Value + 1e-9));
            }
        }
        Assert.Equal("5e23ef1004db1091", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(said.ToString())))[..16]);
        Assert.Equal(-13521.328, odds, 3);
    }

    /// <summary>A version decides the same for ever: these were its answers on the day it was made.</summary>
    [Theory]
    [MemberData(nameof(Decided))]
    public void Replayed_a_version_gives_the_answer_that_it_gave(string version, string given, string family, string born, Verdict verdict, double? probability)
    {
        var comparison = Versions.Of(version)!.Compare(Ella with { Identifiers = [] }, new() { Given = given, Family = family, Born = WrittenDate.Parse(born).Date, Postcodes = ["TS20 2QX"], Sex = "F" });
        Assert.Equal(verdict, comparison.Verdict);
        Assert.Equal(version, comparison.Version);
        if (probability is { } expected)
        {
            Assert.Equal(expected, comparison.Probability!.Value, 4);
        }
    }

    public static TheoryData<string, string, string, string, Verdict, double?> Decided => new()
    {
        { "first-rules/1", "Ella Mae", "Hart", "2019-03-14", Verdict.Same, null },
        { "first-rules/1", "Ella", "Hart", "2019-03-15", Verdict.Near, null },
        { "weights/1", "Ella Mae", "Hart", "2019-03-14", Verdict.Same, 0.9999 },
        { "weights/1", "Ella", "Hart", "2019-03-15", Verdict.Near, 0.9670 },
        { "weights/1", "Ella", "Brannigan", "", Verdict.Near, 0.7078 },
        { "weights/1", "Emily", "Hart", "2019-03-14", Verdict.Different, 0.1495 },
        { "weights/1", "Mae", "Hart", "2018-11-02", Verdict.Different, 0.0005 },
        { "weights/2", "Ella Mae", "Hart", "2019-03-14", Verdict.Same, 0.9998 },
        { "weights/2", "Ella", "Hart", "2019-03-15", Verdict.Near, 0.9621 },
        { "weights/2", "Ella", "Brannigan", "", Verdict.Near, 0.6926 },
        { "weights/2", "Emily", "Hart", "2019-03-14", Verdict.Different, 0.0752 },
        { "weights/2", "Mae", "Hart", "2018-11-02", Verdict.Different, 0.0045 },
    };
}
