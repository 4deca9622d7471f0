using Heed.Seed;
using NodaTime;

namespace Heed.Matching.Tests;

/// <summary>What a mother, brothers and sisters and former addresses speak for and against; of two records, and of an invented register with its reports.</summary>
public class KinTests(ITestOutputHelper output)
{
    private static readonly Weights Rules = new();

    private static readonly Description Ella = new()
    {
        Given = "Ella", Family = "Hart", Born = new(2019, 3, 14), Sex = "F", Postcodes = ["TS20 2QX"], AddressLines = ["14 Larch Close"], MotherName = "Dana Hart",
        Siblings = [new("Thomas", "Hart", new(2016, 7, 2))],
    };

    private static double Odds(Description a, Description b) => Math.Log2(Rules.Compare(a, b).Probability!.Value / (1 - Rules.Compare(a, b).Probability!.Value));

    private static FieldComparison Line(Description a, Description b, Field field) => Rules.Compare(a, b)[field];

    private static Level Level(Trait trait, Column column, string one, string other)
    {
        var roll = new Roll(new Lexicon());
        var (a, b) = (roll.Add([column], [one]), roll.Add([column], [other]));
        Level[] there = new Level[Levels.Traits], back = new Level[Levels.Traits];
        new Levels(roll.Lexicon).Fill(roll[a], roll[b], there, roll.Kin(a), roll.Kin(b));
        new Levels(roll.Lexicon).Fill(roll[b], roll[a], back, roll.Kin(b), roll.Kin(a));
        Assert.Equal(there, back);
        return there[(int)trait];
    }

    [Theory]
    [InlineData("Dana Hart", "HART, Dana", Matching.Level.Same)]
    [InlineData("Mrs Dana Hart", "Dana Hart", Matching.Level.Same)]
    [InlineData("Dana Hart née Moor", "Dana Hart (Moor)", Matching.Level.Same)]
    [InlineData("Dana Hart", "Dana Moor", Matching.Level.Part)]
    [InlineData("Dana Hart", "Dana", Matching.Level.Part)]
    [InlineData("Katherine Hart", "Kate Hart", Matching.Level.Slip)]
    [InlineData("Katherine Hart", "Kate Moor", Matching.Level.Initial)]
    [InlineData("Dana Hart", "Dana Heart", Matching.Level.Form)]
    [InlineData("Dana Hart", "Farah Hart", Matching.Level.Differ)]
    [InlineData("Dana Hart", "Mrs Hart", Matching.Level.Half)]
    [InlineData("Dana Hart", "Mrs Moor", Matching.Level.Blank)]
    [InlineData("Dana Hart", "Mum", Matching.Level.Blank)]
    [InlineData("Mum", "Mum", Matching.Level.Blank)]
    [InlineData("Unknown", "unknown", Matching.Level.Blank)]
    [InlineData("Dana Hart", "", Matching.Level.Blank)]
    public void Of_a_mother_the_given_name_decides_and_what_is_no_name_says_nothing(string one, string other, Level level) => Assert.Equal(level, Level(Trait.Mother, Column.Mother, one, other));

    [Theory]
    [InlineData("Tom Hart 2016-07-02", "Thomas Hart (02/07/2016)", Matching.Level.Same)]
    [InlineData("Tom Hart 2016-07-02; Mia", "Mia Hart", Matching.Level.Form)]
    [InlineData("Thomas 2016-07-02", "Thomas 2016-07-03", Matching.Level.Form)]
    [InlineData("Tom", "Thomas", Matching.Level.Differ)]
    [InlineData("Tom 2016-07-02", "Tom 2011-10-09", Matching.Level.Differ)]
    [InlineData("Tom", "Unknown", Matching.Level.Blank)]
    [InlineData("Tom", "", Matching.Level.Blank)]
    [InlineData("baby", "baby", Matching.Level.Blank)]
    public void Brothers_and_sisters_are_the_same_by_name_and_birth(string one, string other, Level level) => Assert.Equal(level, Level(Trait.Siblings, Column.Siblings, one, other));

    [Fact]
    public void Blank_says_nothing_of_a_family()
    {
        foreach (var blank in (Description[])[Ella with { MotherName = null, Siblings = [] }, Ella with { MotherName = "Mum", Siblings = [new("Unknown")] }, Ella with { MotherName = " ", Siblings = [new(null, "Hart")] }])
        {
            Assert.Equal(Odds(blank, blank with { MotherName = null, Siblings = [] }), Odds(Ella, blank));
            Assert.Equal((Agreement.Blank, null), (Line(Ella, blank, Field.MotherName).Agreement, Line(Ella, blank, Field.MotherName).Weight));
            Assert.Equal((Agreement.Blank, null), (Line(Ella, blank, Field.Siblings).Agreement, Line(Ella, blank, Field.Siblings).Weight));
        }
    }

    [Fact]
    public void A_rare_mother_says_more_than_a_common_one()
    {
        double Of(string mother) => Line(Ella with { MotherName = mother }, Ella with { Family = "Okafor", MotherName = mother }, Field.MotherName).Weight!.Value;
        Assert.True(Of("Philomena Eastgate") > Of("Sarah Smith") + 3, $"{Of("Philomena Eastgate")} {Of("Sarah Smith")}");
        Assert.Equal("the same given name; a family name changes", Line(Ella, Ella with { MotherName = "Dana Moor" }, Field.MotherName).Why);
    }

    [Fact]
    public void A_mother_is_as_common_as_the_mothers_of_her_name_in_the_file()
    {
        var roll = new Roll(new Lexicon());
        for (var i = 0; i < 1_000; i++)
        {
            roll.Add([Column.Mother], [$"{(i % 2 == 0 ? "Sarah" : $"{(char)('A' + i % 26)}ra{(char)('a' + i / 26 % 26)}")} Hart"]);
        }
        var (rare, levels) = (roll.Add([Column.Mother], ["Philomena Hart"]), new Level[Levels.Traits]);
        levels[(int)Trait.Mother] = Matching.Level.Part;
        float Commoner(int row) => new Rarity(roll.Lexicon, roll).Of(roll[row], roll[row], levels, roll.Kin(row)).OfAll;
        Assert.True(Commoner(0) > Commoner(rare) + 5, $"{Commoner(0)} {Commoner(rare)}");
    }

    [Fact]
    public void Who_is_asked_about_is_known_by_their_mother_too()
    {
        var registers = new Registers(6, 3_000);
        var (lexicon, reports) = (new Lexicon(), registers.Reports(600).Select(report => report.Said).ToList());
        var rolls = new[] { registers.Register().ToList(), reports }.Select(entries =>
        {
            var roll = new Roll(lexicon);
            foreach (var e in entries)
            {
                roll.Add([Column.Given, Column.Family, Column.Born, Column.Postcode, Column.Mother], [e.Given, e.Family, e.Born, e.Postcode, e.Mother]);
            }
            return roll;
        }).ToList();
        var known = new KnownPeople(rolls[0], Linkage.Of(rolls[0], rolls[1]).Model);
        Column[] columns = [Column.Given, Column.Family, Column.Born, Column.Mother];
        var row = known.Add(columns, ["Ella", "Brannigan", "2019-03-14", "Philomena Hart"]);
        double Weight(string? mother) => known.Find(columns, ["Ella", "Brannigan", "2019-03-14", mother], 0).First(found => found.Row == row).Weight;
        Assert.True(Weight("Philomena Hart") > Weight(null) + 4);
        Assert.True(Weight("Farah Khan") < Weight(null) - 2);
    }

    [Fact]
    public void Who_is_named_as_the_others_sister_is_not_that_other_whatever_else_agrees()
    {
        var sister = Ella with { Given = "Emily", Siblings = [new("Ella", "Hart", Ella.Born)] };
        foreach (var other in (Description[])[sister, sister with { Given = "E" }, sister with { Born = new(2019, 3, 15), Siblings = [new("Ella")] }, Ella with { Given = null, Siblings = [new("Ella", null, Ella.Born)] }])
        {
            var without = other with { Siblings = [] };
            Assert.InRange(Odds(Ella, other), -40, Odds(Ella, without) - 5);
            var line = Line(other, Ella, Field.Siblings);
            Assert.Equal((Agreement.Differ, "one is named as the other's brother or sister"), (line.Agreement, line.Why));
            Assert.True(line.Weight < -5);
        }
        // Two names that are nearly one.
        Assert.Equal(Agreement.Differ, Line(Ella with { Given = "Lotta", Siblings = [new("Lotte", null, Ella.Born)] }, Ella with { Given = "Lotte", Siblings = [] }, Field.Siblings).Agreement);
        // Of two who share name and birth, a first name that both have names neither.
        var same = Rules.Compare(Ella with { Given = "Ella Mae", Siblings = [new("Ella", null, Ella.Born)] }, Ella with { Given = "Ella Mae", AlsoKnownAs = [], Siblings = [] });
        Assert.NotEqual(Agreement.Differ, same[Field.Siblings].Agreement);
    }

    [Fact]
    public void Who_stands_among_their_own_brothers_and_sisters_is_named_as_nobodys()
    {
        // A register that lists all children of the house beside each.
        var all = Ella with { Siblings = [new("Ella", "Hart", Ella.Born), new("Thomas", "Hart", new(2016, 7, 2))] };
        Assert.Equal(Agreement.Agree, Line(all, Ella, Field.Siblings).Agreement);
        Assert.Equal(Agreement.Agree, Line(all, all, Field.Siblings).Agreement);
    }

    [Fact]
    public void One_mother_and_the_same_brothers_make_no_sisters_one()
    {
        var (one, other) = (Ella with { MotherName = null, Siblings = [] }, Ella with { Given = "Emily", Born = new(2017, 8, 9), MotherName = null, Siblings = [] });
        var (hers, theirs) = (one with { MotherName = Ella.MotherName, Siblings = Ella.Siblings }, other with { MotherName = Ella.MotherName, Siblings = Ella.Siblings });
        Assert.InRange(Rules.Compare(hers, theirs).Probability!.Value, 0, 0.02);
        Assert.True(Odds(hers, theirs) < Odds(one, other) + 2, $"{Odds(hers, theirs)} {Odds(one, other)}");
    }

    [Fact]
    public void The_postcode_and_the_address_of_one_place_stay_together()
    {
        var moved = Ella with { Postcodes = ["OX1 1AA", "TS20 2QX"], AddressLines = ["", "14 Larch Close"] };
        Assert.Equal((Agreement.Near, "where one of them lived before"), (Line(moved, Ella, Field.Postcode).Agreement, Line(moved, Ella, Field.Postcode).Why));
        // Mill Road is in OX1, and the street in TS20 not known.
        var (known, there) = (Ella with { Postcodes = ["OX1 1AA", "TS20 2QX"], AddressLines = ["3 Mill Road"] }, Ella with { AddressLines = ["3 Mill Road"] });
        Assert.Equal((Agreement.Near, null), (Line(known, there, Field.Postcode).Agreement, Line(known, there, Field.Address).Weight));
        // Larch Close is not in OX1: that the present postcode agrees does not bring a former street with it.
        var comparison = Rules.Compare(moved, Ella with { Postcodes = ["OX1 1AA"], AddressLines = ["14 Larch Close"] });
        Assert.Null(comparison[Field.Address].Weight);
        Assert.True(comparison[Field.Postcode].Weight > 5);
    }

    [Fact]
    public void An_address_of_before_speaks_for_one_person_and_less_than_the_present_one()
    {
        var (now, moved) = (Ella with { Born = null, MotherName = null, Siblings = [] }, Ella with { Born = null, MotherName = null, Siblings = [], Postcodes = ["OX1 1AA"], AddressLines = ["3 Mill Road"] });
        var known = moved with { Postcodes = ["OX1 1AA", "TS20 2QX"], AddressLines = ["3 Mill Road", "14 Larch Close"] };
        Assert.True(Odds(now, moved) + 3 < Odds(now, known), "an address of before");
        Assert.True(Odds(now, known) < Odds(now, now), "the present one");
        Assert.True(Line(now, known, Field.Postcode).Weight + 3 < Line(now, now, Field.Postcode).Weight, "as much less as it is met more seldom");
        foreach (var pair in new[] { (now, known), (known, known with { Postcodes = [.. known.Postcodes.Reverse()], AddressLines = [.. known.AddressLines.Reverse()] }) })
        {
            var comparison = Rules.Compare(pair.Item1, pair.Item2);
            Assert.Equal(comparison.Probability!.Value, 1 / (1 + double.Exp2(-comparison.Fields.Sum(line => line.Weight ?? 0))), 0.01);
        }
    }

    [Fact]
    public void What_each_contributed_adds_up_with_a_family_too()
    {
        foreach (var other in (Description[])[Ella, Ella with { MotherName = "Dana Moor" }, Ella with { Given = "Emily", Siblings = [new("Ella", "Hart", Ella.Born)] }, Ella with { Siblings = [new("Mia")] }])
        {
            var comparison = Rules.Compare(Ella, other);
            Assert.Equal(Math.Log2(comparison.Probability!.Value / (1 - comparison.Probability.Value)), comparison.Fields.Sum(line => line.Weight ?? 0), 0.1);
            Assert.Equal(Enum.GetValues<Field>(), comparison.Fields.Select(line => line.Field).Order());
        }
    }

    private static readonly Column[] Columns = [Column.Given, Column.Family, Column.Aliases, Column.Born, Column.Sex, Column.Address, Column.Locality, Column.Postcode, Column.Nhs, Column.Mother, Column.Siblings];

    /// <summary>Whom each report is linked to.</summary>
    private static Dictionary<int, string> Linked(List<Entry> register, List<Reported> reports, int columns)
    {
        var lexicon = new Lexicon();
        Roll Of(IEnumerable<Entry> entries)
        {
            var roll = new Roll(lexicon);
            foreach (var e in entries)
            {
                string?[] values = [e.Given, e.Family, e.Aliases, e.Born, e.Sex, e.Address, e.Locality, e.Postcode, e.Nhs, e.Mother, e.Siblings];
                roll.Add(Columns.AsSpan(0, columns), values.AsSpan(0, columns));
            }
            return roll;
        }
        var (left, right) = (Of(register), Of(reports.Select(report => report.Said)));
        lexicon.Settle(left, right);
        return Linkage.Of(left, right).Links.ToDictionary(link => link.B, link => register[link.A].Id);
    }

    /// <summary>Two thirds of those who moved, and whose mother is named, of whom nothing else was enough.</summary>
    [Fact]
    public void Who_moved_is_found_by_their_mother()
    {
        var registers = new Registers(3, 60_000);
        var (register, reports) = (registers.Register().ToList(), registers.Reports(20_000).ToList());
        var moved = reports.Select((report, at) => (report, at)).Where(r => r.report is { Truth: not null, Elsewhere: not null, Said: { Mother.Length: > 0, Nhs.Length: 0 } }).ToList();
        var (without, with) = (Linked(register, reports, 9), Linked(register, reports, 11));
        int Missed(Dictionary<int, string> links) => moved.Count(r => links.GetValueOrDefault(r.at) != r.report.Truth);
        int Wrong(Dictionary<int, string> links) => links.Count(link => reports[link.Key].Truth != link.Value);
        output.WriteLine($"{moved.Count} moved, mother named, no number: missed {Missed(without)}, with mothers {Missed(with)}; wrong of all {Wrong(without)}, {Wrong(with)}");
        Assert.InRange(Missed(with), 0, Missed(without) * 0.6);
        Assert.InRange(Wrong(with), 0, Wrong(without));
        Assert.DoesNotContain(with, link => reports[link.Key] is { Twin: true, Truth: { } truth } && link.Value != truth && link.Value.Split('-')[0] == truth.Split('-')[0]);
    }

    /// <summary>Some six reports about each of 400 people, without numbers.</summary>
    [Fact]
    public void Whoever_is_there_often_is_gathered_by_their_family_too()
    {
        var reports = new Registers(9, 400).Reports(2_400).Where(report => report.Truth is not null).ToList();
        double F1(bool kin)
        {
            var roll = new Roll(new Lexicon());
            foreach (var e in reports.Select(report => report.Said))
            {
                roll.Add([Column.Given, Column.Family, Column.Born, Column.Sex, Column.Address, Column.Locality, Column.Postcode, Column.Siblings], [e.Given, e.Family, e.Born, e.Sex, e.Address, e.Locality, e.Postcode, kin ? e.Siblings : null]);
            }
            return RealDataTests.F1(Clusters.Of(roll).Of, [.. reports.Select(report => report.Truth!)]);
        }
        var (without, with) = (F1(false), F1(true));
        output.WriteLine($"F1 {without:0.0000}, with brothers and sisters {with:0.0000}");
        Assert.InRange(with, without + 0.001, 1);
    }

    /// <summary>Brothers and sisters of one house and one mother, twins among them, whose names begin with one letter.</summary>
    private static List<(Description One, Description Other)> Alike()
    {
        static Description Of(Entry e, string mother) => new() { Given = e.Given, Family = e.Family, Born = WrittenDate.Parse(e.Born).Date, Sex = e.Sex, Postcodes = [e.Postcode], AddressLines = [e.Address], MotherName = mother };
        return
        [
            .. new Registers(4, 60_000).Register().GroupBy(e => e.Id.Split('-')[0]).SelectMany(home => home.Where(e => e.Mother.Length > 0 && e.Born.Length > 0).SelectMany((one, at) => home.Where(e => e.Mother.Length > 0 && e.Born.Length > 0).Skip(at + 1)
                .Where(other => other.Given[0] == one.Given[0]).Select(other => (Of(one, "Dana Hart"), Of(other, "Dana Hart"))))),
        ];
    }

    [Fact]
    public void Brothers_and_sisters_with_the_same_first_letter_and_one_mother_stay_two()
    {
        var pairs = Alike();
        var judged = pairs.Select(pair => (pair, Comparison: Rules.Compare(pair.One, pair.Other), Without: Rules.Compare(pair.One with { MotherName = null }, pair.Other with { MotherName = null }))).ToList();
        output.WriteLine($"{pairs.Count} pairs: {judged.Count(j => j.Comparison.Verdict == Verdict.Near)} near ({judged.Count(j => j.Without.Verdict == Verdict.Near)} without their mother), highest {judged.Max(j => j.Comparison.Probability):0.000}");
        Assert.DoesNotContain(judged, j => j.Comparison.Verdict == Verdict.Same);
        Assert.InRange(judged.Count(j => j.Comparison.Probability > 0.5), 0, pairs.Count / 100);
        Assert.InRange(judged.Count(j => j.Comparison.Probability > 0.5), 0, judged.Count(j => j.Without.Probability > 0.5) + pairs.Count / 1000);
    }

    [Fact]
    public void Who_name_each_other_as_brother_or_sister_are_two_also_where_an_initial_is_all()
    {
        static Sibling As(Description d) => new(d.Given!.Split(' ')[0], d.Family, d.Born);
        var odds = Alike().Where(pair => pair.One.Given!.Split(' ')[0] != pair.Other.Given!.Split(' ')[0]).Select(pair => (One: pair.One with { Siblings = [As(pair.Other)] }, Other: pair.Other with { Given = pair.Other.Given![..1], Siblings = [As(pair.One)] })).ToList();
        var (with, without) = (odds.Select(pair => Rules.Compare(pair.One, pair.Other).Probability!.Value).ToList(), odds.Select(pair => Rules.Compare(pair.One with { Siblings = [] }, pair.Other with { Siblings = [] }).Probability!.Value).ToList());
        output.WriteLine($"{odds.Count} pairs: highest {with.Max():0.0000}, {with.Count(p => p > 0.2)} over 0.2; by the initial alone {without.Max():0.0000}, {without.Count(p => p > 0.2)}");
        Assert.InRange(with.Max(), 0, 0.2);
        Assert.InRange(without.Max(), 0.5, 1);
    }
}
