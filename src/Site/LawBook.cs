using System.Text.RegularExpressions;
using Heed.Statute;

/// <summary>Writes LAW.md: every limit from the values the clocks use, with where each is used and which test proves it.</summary>
internal static partial class LawBook
{
    public static async Task<int> Run(string[] args)
    {
        var root = args.FirstOrDefault() ?? Directory.GetCurrentDirectory();
        await File.WriteAllTextAsync(Path.Combine(root, "LAW.md"), Text(root));
        Console.WriteLine($"LAW.md: {Law.All.Count} limits");
        return 0;
    }

    /// <param name="root">The project's folder: its sources are read for where each limit is used and proved.</param>
    public static string Text(string root)
    {
        var sources = Directory.EnumerateFiles(Path.Combine(root, "src"), "*.cs", SearchOption.AllDirectories).Where(f => !f.Contains("/obj/") && !f.Contains("/Statute/"))
            .ToDictionary(f => Path.GetRelativePath(root, f), File.ReadAllText);
        var tests = Directory.EnumerateFiles(Path.Combine(root, "tests"), "*.cs", SearchOption.AllDirectories).Where(f => !f.Contains("/obj/")).SelectMany(f => Proof().Matches(File.ReadAllText(f)).SelectMany(m =>
            Key().Matches(m.Groups["proofs"].Value).Select(k => (Key: k.Groups[1].Value, Test: m.Groups["test"].Value)))).ToLookup(p => p.Key, p => p.Test);
        var fields = Law.Subjects.SelectMany(s => s.Limits).ToDictionary(l => l.Key, FieldOf);
        return RuleBook.Markdown(key => (
            [.. sources.Where(s => s.Value.Contains($"\"{key}\"") || Regex.IsMatch(s.Value, $@"\b{Regex.Escape(fields[key])}\b")).Select(s => s.Key).Order(StringComparer.Ordinal)],
            [.. tests[key].Distinct().Order(StringComparer.Ordinal)]));
    }

    private static string FieldOf(Limit limit) => typeof(Limit).Assembly.GetExportedTypes().SelectMany(t => t.GetFields().Where(f => f.IsStatic && ReferenceEquals(f.GetValue(null), limit)).Select(f => $"{t.Name}.{f.Name}")).Single();

    [GeneratedRegex(@"(?<proofs>(?:^[ \t]*\[[^\n]*\][ \t]*\n)+)[ \t]*public (?:async )?(?:void|Task) (?<test>\w+)", RegexOptions.Multiline)]
    private static partial Regex Proof();

    [GeneratedRegex(@"Proves\(""([^""]+)""\)")]
    private static partial Regex Key();
}
