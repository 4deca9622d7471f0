using NodaTime;

namespace Heed.Matching.Tests;

/// <summary>FEBRL 4: 5,000 invented people, and the same 5,000 with the mistakes that entry makes. No number is used, only names, births and postcodes.</summary>
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
