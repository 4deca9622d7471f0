using System.Reflection;

namespace Heed.Site.Tests.Architecture;

/// <summary>docs/asvs.md says of each requirement by what it is held: nothing is left out, and what it names is there.</summary>
public sealed class AsvsTests
{
    /// <summary>OWASP ASVS 5.0.0: how many of each section are of level 1 or 2. Those of level 3 stand after them.</summary>
    private static readonly Dictionary<string, int> Sections = new()
    {
        ["1.1"] = 2, ["1.2"] = 9, ["1.3"] = 11, ["1.4"] = 3, ["1.5"] = 2, ["2.1"] = 3, ["2.2"] = 3, ["2.3"] = 4, ["2.4"] = 1, ["3.2"] = 2, ["3.3"] = 4, ["3.4"] = 6, ["3.5"] = 5, ["3.7"] = 2,
        ["4.1"] = 3, ["4.2"] = 1, ["4.3"] = 2, ["4.4"] = 4, ["5.1"] = 1, ["5.2"] = 3, ["5.3"] = 2, ["5.4"] = 3, ["6.1"] = 3, ["6.2"] = 12, ["6.3"] = 4, ["6.4"] = 4, ["6.5"] = 5, ["6.6"] = 3, ["6.8"] = 4,
        ["7.1"] = 3, ["7.2"] = 4, ["7.3"] = 2, ["7.4"] = 5, ["7.5"] = 2, ["7.6"] = 2, ["8.1"] = 2, ["8.2"] = 3, ["8.3"] = 1, ["8.4"] = 1,
        ["13.1"] = 1, ["13.2"] = 5, ["13.3"] = 2, ["13.4"] = 5, ["14.1"] = 2, ["14.2"] = 4, ["14.3"] = 3, ["16.1"] = 1, ["16.2"] = 5, ["16.3"] = 4, ["16.4"] = 3, ["16.5"] = 3,
    };

    private static readonly string[] States = ["held", "partly", "not", "does not apply"];

    private static readonly string[][] Rows = [.. File.ReadLines(Path.Combine(SliceTests.Root, "docs/asvs.md")).Where(l => l.StartsWith("| ")).Select(l => l.Trim('|', ' ').Split(" | "))];

    private sealed record Line(string Number, string Level, string Asks, string State, string By);

    private static readonly Line[] Lines = [.. Rows.Where(r => r.Length == 5 && char.IsDigit(r[0][0])).Select(r => new Line(r[0], r[1], r[2], r[3], r[4]))];

    [Fact]
    public void Every_requirement_stands_there_once_in_few_words()
    {
        Assert.Equal(Sections.SelectMany(s => Enumerable.Range(1, s.Value).Select(n => $"{s.Key}.{n}")), Lines.Select(l => l.Number));
        Assert.All(Lines, l => Assert.True(l.Level is "1" or "2" && States.Contains(l.State) && l.Asks.Split(' ').Length <= 15 && l.By.Trim() != "", l.Number));
    }

    [Fact]
    public void Whatever_it_names_is_a_test_or_a_file_and_what_is_held_names_one()
    {
        var tests = typeof(AsvsTests).Assembly.GetTypes().SelectMany(t => t.GetMethods().Where(m => m.GetCustomAttribute<FactAttribute>() is { Skip: null }).Select(m => $"{t.Name}.{m.Name}")).ToHashSet();
        Assert.All(Lines, l =>
        {
            var named = l.By.Split('`').Where((_, at) => at % 2 == 1).ToList();
            Assert.All(named, n => Assert.True(tests.Contains(n) || n.Contains('/') && File.Exists(Path.Combine(SliceTests.Root, n)) || n == "LAW.md", $"{l.Number} names {n}, which is not there"));
            Assert.True(l.State != "held" || named.Count > 0 || l.By.StartsWith("Below, under "), $"{l.Number} is held by nothing");
        });
        var below = File.ReadAllText(Path.Combine(SliceTests.Root, "docs/asvs.md"));
        Assert.All(Lines.Where(l => l.By.StartsWith("Below, under ")), l => Assert.Contains($"\n**{l.By["Below, under ".Length..]}.** ", below));
    }

    /// <summary>1.4.2.</summary>
    [Theory]
    [InlineData("Site")]
    [InlineData("Plumbing")]
    [InlineData("Statute")]
    public void No_number_runs_over_in_what_the_site_is_made_of(string project) =>
        Assert.Equal("true", System.Xml.Linq.XDocument.Load(Path.Combine(SliceTests.Root, $"src/{project}/{project}.csproj")).Descendants("CheckForOverflowUnderflow").Single().Value);

    [Fact]
    public void The_counts_at_the_top_are_those_of_the_lines()
    {
        string[] Counts(IEnumerable<Line> of) => [.. States.Select(s => $"{of.Count(l => l.State == s)}"), $"{of.Count()}"];
        var told = Rows.Where(r => r.Length == 6 && r[0] != "chapter").ToDictionary(r => r[0].Split(' ')[0].TrimStart('V'), r => r[1..]);
        Assert.Equal(Counts(Lines), told["all"]);
        Assert.All(Lines.GroupBy(l => l.Number.Split('.')[0]), c => Assert.Equal(Counts(c), told[c.Key]));
        Assert.Equal(12, told.Count);
    }
}
