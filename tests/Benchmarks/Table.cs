using System.Globalization;

namespace Heed.Benchmarks;

/// <summary>What was measured, what was aimed at, and what bounds it.</summary>
internal sealed class Table
{
    private readonly List<(string What, string Figure, string Aim, string Note)> _lines = [];

    public void Add(string what, string figure, string aim = "", bool? met = null, string note = "")
    {
        _lines.Add((what, figure, aim + met switch { true => " (met)", false => " (MISSED)", null => "" }, note));
        Console.WriteLine($"  {what}: {figure} {_lines[^1].Aim} {note}");
    }

    public void Print()
    {
        Console.WriteLine();
        foreach (var (what, figure, aim, note) in _lines)
        {
            Console.WriteLine($"{what,-58} {figure,-34} {aim,-26} {note}".TrimEnd());
        }
    }

    public static string Ms(double milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.0} ms");

    /// <summary>The value below which this share lies, of values in any order.</summary>
    public static double Quantile(IReadOnlyCollection<double> values, double share)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? double.NaN : sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))];
    }
}
