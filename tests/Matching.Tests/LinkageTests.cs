using Heed.Seed;

namespace Heed.Matching.Tests;

/// <summary>An invented register and reports about its people: where names are not enough each hard case has its own figure, and none is learnt from the truth.</summary>
public class LinkageTests(ITestOutputHelper output)
{
    private static readonly Column[] Columns = [Column.Given, Column.Family, Column.Aliases, Column.Born, Column.Sex, Column.Address, Column.Locality, Column.Postcode, Column.Nhs];

    private static Roll Roll(Lexicon lexicon, IEnumerable<Entry> entries, Column[]? without = null)
    {
        var roll = new Roll(lexicon);
        foreach (var e in entries)
        {
            string?[] values = [e.Given, e.Family, e.Aliases, e.Born, e.Sex, e.Address, e.Locality, e.Postcode, e.Nhs];
            roll.Add(Columns, [.. values.Select((value, at) => without?.Contains(Columns[at]) == true ? null : value)]);
        }
        return roll;
    }

    [Fact]
    public void Each_hard_case_is_found_as_often_as_was_promised_and_no_twin_is_taken_for_the_other()
    {
        var registers = new Registers(3, 30_000);
        var (register, reports) = (registers.Register().ToList(), registers.Reports(6_000).ToList());
        var lexicon = new Lexicon();
        var (left, right) = (Roll(lexicon, register), Roll(lexicon, reports.Select(report => report.Said)));
        lexicon.Settle(left, right);
        var result = Linkage.Of(left, right);
        var links = result.Links.ToDictionary(link => link.B, link => register[link.A].Id);
        var open = result.Told.Where(pair => pair.Probability is > 0.2 and < 0.8).ToList();
        var truly = open.Count(pair => register[pair.A].Id == reports[pair.B].Truth) / (double)open.Count;
        output.WriteLine($"{open.Count} open pairs, {open.Average(pair => pair.Probability):0.00} on average, {truly:0.00} of them true");
        Assert.Equal(open.Average(pair => pair.Probability), truly, 0.1);
        var known = reports.Select((report, at) => (report, at)).Where(r => r.report.Truth is not null).ToList();
        var found = known.Where(r => links.GetValueOrDefault(r.at) == r.report.Truth).Select(r => r.at).ToHashSet();
        var wrong = links.Count - found.Count;
        output.WriteLine($"{links.Count} links, {wrong} wrong; recall {(double)found.Count / known.Count:P2}");
        Assert.InRange(wrong, 0, links.Count / 200);
        Assert.InRange((double)found.Count / known.Count, 0.98, 1);
        foreach (var (error, least) in new (string, double)[] { ("moved", 0.9), ("name changed", 0.85), ("birth slip", 0.9), ("another family name", 0.93), ("superseded number", 0.9), ("names swapped", 0.93), ("1 January", 0.85), ("given spelt otherwise", 0.93) })
        {
            var with = known.Where(r => r.report.Errors.Contains(error)).ToList();
            var recall = with.Count(r => found.Contains(r.at)) / (double)with.Count;
            output.WriteLine($"{error}: {with.Count}, recall {recall:P1}");
            Assert.True(recall >= least, $"{error}: {recall:P1} of {with.Count}");
        }
        Assert.DoesNotContain(known, r => r.report.Twin && links.TryGetValue(r.at, out var whom) && whom != r.report.Truth && whom.Split('-')[0] == r.report.Truth!.Split('-')[0]);
    }

    [Fact]
    public void Two_of_whom_one_letter_is_known_are_not_one()
    {
        var lexicon = new Lexicon();
        var roll = new Roll(lexicon);
        foreach (var (name, born) in new (string?, string)[] { ("X", ""), ("X", "0001-01-01"), ("Rowan", "2019-02-29"), ("Ella Hart", "29/02/2020"), ("ella hart", "2020-02-29") })
        {
            roll.Add([Column.FullName, Column.Born], [name, born]);
        }
        lexicon.Settle(roll);
        var one = Clusters.Of(roll).Of;
        Assert.NotEqual(one[0], one[1]);
        Assert.Equal(one[3], one[4]);
    }

    [Fact]
    public void People_of_whom_nothing_is_known_are_linked_to_nobody()
    {
        var lexicon = new Lexicon();
        var register = new Registers(4, 500).Register().ToList();
        var left = Roll(lexicon, register);
        for (var i = 0; i < 50; i++)
        {
            left.Add([Column.Given, Column.Family], ["Baby", "Unknown"]);
        }
        var right = new Roll(lexicon);
        for (var i = 0; i < 50; i++)
        {
            right.Add([Column.Given, Column.Family, Column.Born], [null, i % 2 == 0 ? "UNKNOWN" : null, ""]);
        }
        lexicon.Settle(left, right);
        Assert.Empty(Linkage.Of(left, right).Links);
        Assert.Empty(Linkage.Of(new Roll(lexicon), right).Links);
    }

    [Theory]
    [InlineData(Column.Nhs, "9990000018", "9990000026", "each has a valid NHS number of its own")]
    [InlineData(Column.Upn, "K808201000001", "Z808201000002", "each has a valid UPN of its own")]
    [InlineData(Column.Pnc, "11/45127T", "12/45127H", "each has a valid PNC id of its own")]
    [InlineData(Column.Mother, "Dana Hart", "Farah Hart", "each has a mother of its own")]
    public void Two_numbers_or_two_mothers_keep_apart_what_all_else_would_join(Column column, string hers, string another, string why)
    {
        var lexicon = new Lexicon();
        var register = new Registers(5, 900).Register().ToList();
        var roll = Roll(lexicon, register);
        Column[] columns = [Column.Given, Column.Family, Column.Born, Column.Sex, Column.Address, Column.Postcode, column];
        string?[] Ella(string its) => ["Ella", "Brannigan", "2019-03-14", "F", "14 Larch Close", "TS20 2QX", its];
        var (one, other, same) = (roll.Add(columns, Ella(hers)), roll.Add(columns, Ella(another)), roll.Add(columns, Ella(hers)));
        lexicon.Settle(roll);
        var result = Clusters.Of(roll);
        Assert.Equal(result.Of[one], result.Of[same]);
        Assert.NotEqual(result.Of[one], result.Of[other]);
        Assert.Contains(result.Apart, pair => new[] { pair.A, pair.B }.Contains(other) && pair.Why == why);
    }

    [Fact]
    public void A_mother_whose_family_name_changed_is_one_mother()
    {
        var lexicon = new Lexicon();
        var roll = Roll(lexicon, new Registers(5, 900).Register());
        Column[] columns = [Column.Given, Column.Family, Column.Born, Column.Sex, Column.Address, Column.Postcode, Column.Mother];
        string?[] Ella(string mother) => ["Ella", "Brannigan", "2019-03-14", "F", "14 Larch Close", "TS20 2QX", mother];
        var (one, other, third) = (roll.Add(columns, Ella("Dana Hart")), roll.Add(columns, Ella("BRANNIGAN, Dana")), roll.Add(columns, Ella("")));
        lexicon.Settle(roll);
        var of = Clusters.Of(roll).Of;
        Assert.Equal((of[one], of[one]), (of[other], of[third]));
    }

    [Fact]
    public void Whoever_is_added_is_found_at_once_and_whoever_is_removed_is_not()
    {
        var lexicon = new Lexicon();
        var registers = new Registers(6, 3_000);
        var (left, right) = (Roll(lexicon, registers.Register()), Roll(lexicon, registers.Reports(600).Select(report => report.Said)));
        lexicon.Settle(left, right);
        var known = new KnownPeople(left, Linkage.Of(left, right).Model);
        Column[] columns = [Column.Given, Column.Family, Column.Born, Column.Postcode];
        string?[] ella = ["Ella", "Brannigan", "2019-03-14", "TS20 2QX"];
        Assert.DoesNotContain(known.Find(columns, ella), found => found.Probability > 0.9);
        var row = known.Add(columns, ella);
        Assert.Equal(row, known.Find(columns, ["Ela", "Branigan", "2019-03-14", "ts202qx"])[0].Row);
        known.Remove(row);
        Assert.DoesNotContain(known.Find(columns, ella), found => found.Row == row);
        Assert.Empty(known.Find(columns, [null, "", null, ""]));
        var again = known.Add(columns, ella);
        known.Rebuild();
        Assert.Equal((0, again), (known.AddedSince, Assert.Single(known.Find(columns, ella), found => found.Probability > 0.9).Row));
    }

    [Fact]
    public async Task Whoever_asks_while_somebody_changes_finds_them_once_as_they_were_or_as_they_are()
    {
        var lexicon = new Lexicon();
        var registers = new Registers(6, 3_000);
        var (left, right) = (Roll(lexicon, registers.Register()), Roll(lexicon, registers.Reports(600).Select(report => report.Said)));
        lexicon.Settle(left, right);
        var known = new KnownPeople(left, Linkage.Of(left, right).Model);
        Column[] columns = [Column.Given, Column.Family, Column.Born, Column.Postcode, Column.Address];
        var row = known.Add(columns, ["Ella", "Brannigan", "2019-03-14", "TS20 2QX", "1 Larch Close"]);
        var others = Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            for (var asked = 0; asked < 1_000; asked++)
            {
                Assert.Single(known.Find(columns, ["Ella", "Brannigan", "2019-03-14", "TS20 2QX", ""]), candidate => candidate.Probability > 0.9);
            }
        })));
        for (var move = 2; !others.IsCompleted; move++)
        {
            // New words while others compare: those that they know must stay where they are.
            row = known.Add(columns, ["Ella", "Brannigan", "2019-03-14", "TS20 2QX", $"{move} {(char)('A' + move % 26)}{(char)('A' + move / 26 % 26)}ch Close"], instead: row);
            if (move % 20 == 0)
            {
                known.Rebuild();
                Assert.Equal(0, known.AddedSince);
            }
        }
        await others;
        Assert.Equal(row, Assert.Single(known.Find(columns, ["Ella", "Brannigan", "2019-03-14", "TS20 2QX", ""]), candidate => candidate.Probability > 0.9).Row);
    }

    /// <summary>Some six reports about each of 400 people, and nothing else.</summary>
    [Theory]
    [InlineData(0.97)]
    [InlineData(0.9, Column.Nhs, Column.Address, Column.Locality, Column.Postcode)]
    [InlineData(0.87, Column.Born, Column.Nhs)]
    public void Whoever_is_there_often_is_gathered(double f1, params Column[] without)
    {
        var reports = new Registers(9, 400).Reports(2_400).Where(report => report.Truth is not null).ToList();
        var roll = Roll(new Lexicon(), reports.Select(report => report.Said), without);
        roll.Lexicon.Settle(roll);
        var reached = RealDataTests.F1(Clusters.Of(roll).Of, [.. reports.Select(report => report.Truth!)]);
        output.WriteLine($"F1 {reached:0.0000}");
        Assert.InRange(reached, f1, 1);
    }

    [Fact]
    public void Telephone_and_e_mail_alone_find_who_wrote_them_with_a_slip()
    {
        var (roll, truth, dice) = (new Roll(new Lexicon()), new List<string>(), new Dice(4));
        for (var person = 0; person < 2_000; person++)
        {
            string Digits(int many) => string.Concat(Enumerable.Range(0, many).Select(_ => dice.Below(10)));
            var (phone, email) = ("07" + Digits(9), $"{Digits(3)}.{person}@post.example");
            for (var record = 0; record < 2; record++)
            {
                roll.Add([Column.Phone, Column.Email], [dice.Percent(30) ? $"{phone[..5]}{Digits(1)}{phone[6..]}" : phone, dice.Percent(30) ? "" : dice.Percent(30) ? email.Replace("post", "new") : email]);
                truth.Add($"{person}");
            }
        }
        roll.Lexicon.Settle(roll);
        Assert.InRange(RealDataTests.F1(Clusters.Of(roll).Of, [.. truth]), 0.95, 1);
    }

    [Theory]
    [InlineData("Thomas Clifford", "THOMAS", "CLIFFORD")]
    [InlineData("Clifford, Thomas", "THOMAS", "CLIFFORD")]
    [InlineData("Sir Thomas Clifford", "THOMAS", "CLIFFORD")]
    [InlineData("Thomas Clifford, 1st Baron Clifford of Chudleigh", "THOMAS", "CLIFFORD")]
    [InlineData("Thomas Clifford Jr.", "THOMAS", "CLIFFORD")]
    [InlineData("Prince, Anna", "ANNA", "PRINCE")]
    [InlineData("Lady Clifford", "", "CLIFFORD")]
    [InlineData("Earl Clifford", "EARL", "CLIFFORD")]
    [InlineData("Clifford", "", "CLIFFORD")]
    public void A_whole_name_is_taken_apart_and_its_honours_left_out(string written, string given, string family)
    {
        var roll = new Roll(new Lexicon());
        var row = roll[roll.Add([Column.FullName], [written])];
        Assert.Equal((given, family), (roll.Lexicon.Names[row[(int)Slot.Given]], roll.Lexicon.Names[row[(int)Slot.Family]]));
    }

    [Theory]
    [InlineData("Yusuf", "Khan", "Khan", "Yusuf", true)]
    [InlineData("Yusuf", "Khan", "Kahn", "Yusuf", true)]
    [InlineData("Yusuf", "Khatoon", "Khan", "Yusuf", false)]
    [InlineData("Amad", "Mahmood", "Mahmoud", "Afad", false)]
    public void Names_that_changed_places_are_one_the_same_and_one_alike_at_least(string given, string family, string itsGiven, string itsFamily, bool swapped)
    {
        var roll = new Roll(new Lexicon());
        var (one, other) = (roll.Add([Column.Given, Column.Family], [given, family]), roll.Add([Column.Given, Column.Family], [itsGiven, itsFamily]));
        var levels = new Level[Levels.Traits];
        new Levels(roll.Lexicon).Fill(roll[one], roll[other], levels);
        Assert.Equal(swapped, levels[(int)Trait.Given] == Level.Swapped);
    }

    [Theory]
    [InlineData("2012-01-01", "2011-11-04", Level.Near)]
    [InlineData("2011-12-28", "2012-01-07", Level.Near)]
    [InlineData("2014-10-03", "2023-06-28", Level.Differ)]
    [InlineData("2012-03-04", "2011-03-04", Level.Slip)]
    public void A_year_that_was_guessed_is_near_and_a_brothers_is_not(string born, string other, Level level)
    {
        var roll = new Roll(new Lexicon());
        var levels = new Level[Levels.Traits];
        new Levels(roll.Lexicon).Fill(roll[roll.Add([Column.Born], [born])], roll[roll.Add([Column.Born], [other])], levels);
        Assert.Equal(level, levels[(int)Trait.Born]);
    }

    [Fact]
    public void People_long_dead_have_births()
    {
        var roll = new Roll(new Lexicon());
        var row = roll.Add([Column.Born], ["1630-08-01"]);
        Assert.Equal(16300801, roll.Lexicon.Dates[roll[row][(int)Slot.Born]]);
    }

    /// <summary>log2 by which it is commoner by chance that two of these names agree so than in general.</summary>
    private static float Commoner(Roll roll, int one, int other, Level given, Level family)
    {
        var levels = new Level[Levels.Traits];
        (levels[(int)Trait.Given], levels[(int)Trait.Family]) = (given, family);
        return new Rarity(roll.Lexicon, roll, new Roll(roll.Lexicon)).Of(roll[one], roll[other], levels).OfAll;
    }

    [Fact]
    public void Another_form_of_a_name_is_as_common_as_all_that_sounds_like_it_and_an_alias_as_itself()
    {
        var roll = new Roll(new Lexicon());
        Column[] columns = [Column.Given, Column.Family, Column.Aliases];
        for (var i = 0; i < 3_000; i++)
        {
            roll.Add(columns, [$"{(char)('A' + i % 26)}ra", i % 10 == 0 ? "Gurewski" : $"{(char)('B' + i % 19)}a{(char)('B' + i / 19 % 19)}o{(char)('B' + i / 361 % 19)}", null]);
        }
        var (rare, sounding) = (roll.Add(columns, [null, "Gorewski", null]), roll.Add(columns, [null, "Jurewski", null]));
        var (other, again) = (roll.Add(columns, [null, "Vukobrat", null]), roll.Add(columns, [null, "Vuccobrat", null]));
        var (also, called) = (roll.Add(columns, [null, "Gurewski", "Ara Vukobrat"]), roll.Add(columns, [null, "Vukobrat", null]));
        var common = Commoner(roll, rare, sounding, Level.Blank, Level.Form);
        Assert.True(common > Commoner(roll, other, again, Level.Blank, Level.Form) + 4);
        Assert.True(common > Commoner(roll, also, called, Level.Blank, Level.Form) + 4);
    }

    [Fact]
    public void What_is_told_of_a_link_run_is_what_the_truth_says()
    {
        var folder = Directory.CreateTempSubdirectory("heed-truth-").FullName;
        var registers = new Registers(8, 3_000);
        var (register, reports) = (registers.Register().ToList(), registers.Reports(500).ToList());
        string[] files = [Path.Combine(folder, "left.csv"), Path.Combine(folder, "right.csv"), Path.Combine(folder, "truth.csv")];
        File.WriteAllLines(files[0], ["id,given,family,born,postcode", .. register.Select(e => $"{e.Id},{e.Given},{e.Family},{e.Born},{e.Postcode}")]);
        File.WriteAllLines(files[1], ["id,given,family,born,postcode", .. reports.Select(r => $"{r.Said.Id},{r.Said.Given},{r.Said.Family},{r.Said.Born},{r.Said.Postcode}")]);
        File.WriteAllLines(files[2], ["report,person,errors", .. reports.Select(r => $"{r.Said.Id},{r.Truth},{string.Join('+', r.Errors)}")]);
        var read = Linking.Read.Files(Linking.Read.Map("id=id,given=given,family=family,born=born,postcode=postcode"), TextWriter.Null, files[0], files[1]);
        var result = Linkage.Of(read[0].Roll, read[1].Roll);
        var said = new StringWriter();
        var truth = Linking.Truth.Of(files[2], read[0].Ids, read[1].Ids, result);
        truth.Print(said);
        var (right, known) = (result.Links.Count(link => reports[link.B].Truth == register[link.A].Id), reports.Count(r => r.Truth is not null));
        Assert.Contains(FormattableString.Invariant($"precision {(double)right / result.Links.Count:0.00000}  recall {(double)right / known:0.0000}"), said.ToString());
        var moved = reports.Select((r, at) => (r, at)).Where(r => r.r.Errors.Contains("birth missing") && r.r.Truth is not null).ToList();
        Assert.Matches($@"birth missing +{moved.Count} +{(double)moved.Count(r => result.Links.Any(link => link.B == r.at && register[link.A].Id == r.r.Truth)) / moved.Count:0.0000}", said.ToString());
        using (var svg = new StringWriter())
        {
            truth.Draw(svg);
            System.Xml.Linq.XDocument.Parse(svg.ToString());
        }
        File.AppendAllText(files[2], "R0,,\n");
        Assert.Contains("row 501", Assert.Throws<Linking.BadInput>(() => Linking.Truth.Of(files[2], read[0].Ids, read[1].Ids, result)).Message);
        Directory.Delete(folder, recursive: true);
    }
}
