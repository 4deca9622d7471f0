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
        var links = Linkage.Of(left, right).Links.ToDictionary(link => link.B, link => register[link.A].Id);
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
        var asking = new CountdownEvent(2);
        var over = false;
        var others = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            var asked = 0;
            for (asking.Signal(); !Volatile.Read(ref over); asked++)
            {
                var found = known.Find(columns, ["Ella", "Brannigan", "2019-03-14", "TS20 2QX", ""]).Where(candidate => candidate.Probability > 0.9).ToList();
                Assert.Single(found);
            }
            return asked;
        })).ToList();
        asking.Wait();
        for (var move = 2; move < 4_000; move++)
        {
            // New words and new aliases while others compare: the words they know must stay where they are.
            row = known.Add(columns, ["Ella", "Brannigan", "2019-03-14", "TS20 2QX", $"{move} {(char)('A' + move % 26)}{(char)('A' + move / 26 % 26)}ch Close"], instead: row);
        }
        Volatile.Write(ref over, true);
        Assert.All(await Task.WhenAll(others), asked => Assert.True(asked > 100, $"asked {asked} times"));
        Assert.Equal(row, Assert.Single(known.Find(columns, ["Ella", "Brannigan", "2019-03-14", "TS20 2QX", ""]), candidate => candidate.Probability > 0.9).Row);
    }
}
