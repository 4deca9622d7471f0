using NodaTime;

namespace Heed.Matching.Tests;

/// <summary>
/// FEBRL 4: 5,000 invented people, and the same 5,000 with the mistakes that entry makes; by the rules no number is used, only names, births and postcodes. fake_1000: 251 people, many there several times.
/// Each also with columns left out and cells left blank, as other files have them.
/// </summary>
public class RealDataTests(ITestOutputHelper output)
{
    private static readonly FirstRules Rules = new();

    [Fact]
    public void Every_link_made_alone_between_the_two_halves_of_FEBRL_4_is_right()
    {
        var folder = Data();
        Assert.SkipWhen(folder is null, "shared/data/matching is not beside this tree");
        var (originals, copies) = (Read(Path.Combine(folder!, "febrl4a.csv")), Read(Path.Combine(folder!, "febrl4b.csv")));
        var byKey = originals
            .SelectMany(row => Names.BlockingKeys(row.Description).Select(key => (key, row)))
            .ToLookup(pair => pair.key, pair => pair.row);

        var (compared, reachable, same, sameRight, near, nearRight) = (0, 0, 0, 0, 0, 0);
        foreach (var copy in copies)
        {
            var candidates = Names.BlockingKeys(copy.Description).SelectMany(key => byKey[key]).Distinct().ToList();
            compared += candidates.Count;
            reachable += candidates.Any(original => original.Person == copy.Person) ? 1 : 0;
            foreach (var original in candidates)
            {
                var right = original.Person == copy.Person ? 1 : 0;
                switch (Rules.Compare(original.Description, copy.Description).Verdict)
                {
                    case Verdict.Same:
                        (same, sameRight) = (same + 1, sameRight + right);
                        break;
                    case Verdict.Near:
                        (near, nearRight) = (near + 1, nearRight + right);
                        break;
                    default:
                        break;
                }
            }
        }

        var people = (double)copies.Count;
        output.WriteLine($"{copies.Count} people; {compared / people:0.0} compared for each; reachable by a key {reachable / people:P1}");
        output.WriteLine($"same: {same}, right {sameRight} (precision {(double)sameRight / same:P2}, recall {sameRight / people:P1})");
        output.WriteLine($"near: {near}, right {nearRight} (precision {(double)nearRight / near:P2}); same or near recall {(sameRight + nearRight) / people:P1}");
        Assert.Equal(same, sameRight);
        Assert.InRange(sameRight / people, 0.41, 1);
        Assert.InRange((sameRight + nearRight) / people, 0.74, 1);
    }

    private const string Febrl = "given=given_name,family=surname,address=street_number+address_1+address_2,locality=suburb,postcode=postcode,born=date_of_birth";
    private const string Fake = "given=first_name,family=surname,born=dob,locality=city";

    /// <summary>The F1 that was reached without what one thing alone as a key gave: 0.69 for a third blank, 0.48 for addresses.</summary>
    [Theory]
    [InlineData(Febrl, 0, 1, 0.9996)]
    [InlineData(Febrl, 33, 0.995, 0.85)]
    [InlineData("address=street_number+address_1+address_2,locality=suburb,postcode=postcode", 0, 0.995, 0.95)]
    public void FEBRL_4_is_linked_whatever_columns_it_has(string map, int blank, double precision, double f1)
    {
        var folder = Data();
        Assert.SkipWhen(folder is null, "shared/data/matching is not beside this tree");
        var read = Blanked($"id=rec_id,{map}", blank, Path.Combine(folder!, "febrl4a.csv"), Path.Combine(folder!, "febrl4b.csv"));
        read[0].Roll.Lexicon.Settle(read[0].Roll, read[1].Roll);
        var links = Linkage.Of(read[0].Roll, read[1].Roll).Links;
        var right = links.Count(link => read[0].Ids[link.A].Split('-')[1] == read[1].Ids[link.B].Split('-')[1]);
        output.WriteLine($"{links.Count} links, {right} right: F1 {2.0 * right / (links.Count + read[1].Ids.Count):0.0000}");
        Assert.InRange((double)right / links.Count, precision, 1);
        Assert.InRange(2.0 * right / (links.Count + read[1].Ids.Count), f1, 1);
    }

    /// <summary>Without gathering trait by trait, and learning from who was gathered: 0.85 without e-mail, 0.61 for a third blank, nobody by e-mail alone.</summary>
    [Theory]
    [InlineData(Fake + ",email=email", 0, 0.97)]
    [InlineData(Fake, 0, 0.9)]
    [InlineData(Fake + ",email=email", 33, 0.75)]
    [InlineData("email=email", 0, 0.45)]
    public void Fake_1000_is_gathered_whatever_columns_it_has(string map, int blank, double f1)
    {
        var folder = Data();
        Assert.SkipWhen(folder is null, "shared/data/matching is not beside this tree");
        var file = Path.Combine(folder!, "fake_1000.csv");
        var read = Blanked($"id=unique_id,{map}", blank, file)[0];
        var truth = File.ReadLines(file).Skip(1).Select(line => line.Split(',')).ToDictionary(cells => cells[0], cells => cells[^1]);
        read.Roll.Lexicon.Settle(read.Roll);
        var reached = F1(Clusters.Of(read.Roll).Of, [.. Enumerable.Range(0, read.Ids.Count).Select(row => truth[read.Ids[row]])]);
        output.WriteLine($"F1 {reached:0.0000}");
        Assert.InRange(reached, f1, 1);
    }

    /// <summary>Of all pairs.</summary>
    internal static double F1(int[] of, string[] truth)
    {
        static double Pairs<T>(IEnumerable<T> groups) => groups.GroupBy(group => group).Sum(group => group.Count() * (group.Count() - 1.0));
        return 2 * Pairs(of.Zip(truth)) / (Pairs(of) + Pairs(truth));
    }

    /// <summary>The files with so many of a hundred cells left blank, ids apart.</summary>
    private static Linking.Read[] Blanked(string map, int blank, params string[] files)
    {
        var copies = Directory.CreateTempSubdirectory("heed-blanked-").FullName;
        var made = files.Select((file, at) =>
        {
            var dice = new Seed.Dice((ulong)at + 1);
            var copy = Path.Combine(copies, $"{at}.csv");
            File.WriteAllLines(copy, File.ReadLines(file).Select((line, row) => row == 0 ? line : string.Join(',', line.Split(',').Select((cell, column) => column > 0 && dice.Percent(blank) ? "" : cell))));
            return copy;
        }).ToArray();
        var read = Linking.Read.Files(Linking.Read.Map(map), TextWriter.Null, made);
        Directory.Delete(copies, recursive: true);
        return read;
    }

    private static List<(string Person, Description Description)> Read(string file) =>
        [
            .. File.ReadLines(file).Skip(1).Select(line => line.Split(',', StringSplitOptions.TrimEntries)).Where(cells => cells.Length > 9).Select(cells => (
                cells[0].Split('-')[1],
                new Description
                {
                    Given = cells[1], Family = cells[2], Born = WrittenDate.Parse(cells[9]).Date,
                    Postcodes = cells[7].Length > 0 ? [cells[7]] : [], AddressLines = [$"{cells[3]} {cells[4]}"],
                })),
        ];

    private static string? Data()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var data = Path.Combine(folder, "shared", "data", "matching");
            if (Directory.Exists(data))
            {
                return data;
            }
        }
        return null;
    }
}
