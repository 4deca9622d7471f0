using System.Globalization;
using Heed.Matching;

namespace Heed.Linking;

/// <summary>
/// What was linked, held against the truth: a file whose first column is a row of the right, the second the row of the left who it is (blank for nobody), and each further
/// column a group that it belongs to, or several with + between them: what went wrong on the way, where the name comes from.
/// </summary>
public sealed class Truth
{
    /// <summary>Where the curve is looked at: each band reaches from one to the next.</summary>
    private static readonly double[] Bands = [0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 1.0000001];

    private readonly List<(string Column, string Group, int Known, int Found, int Wrong)> _groups = [];
    private readonly List<(double Given, double True, int Pairs)> _curve = [];
    private readonly (int Links, int Right, int Known, int AtHigh) _all;

    private Truth(string file, Ids left, Ids right, Linkage.Result result)
    {
        Dictionary<string, int> rowOfLeft = new(left.Count), rowOfRight = new(right.Count);
        for (var row = 0; row < left.Count; row++)
        {
            rowOfLeft[left[row]] = row;
        }
        for (var row = 0; row < right.Count; row++)
        {
            rowOfRight[right[row]] = row;
        }
        // -1: nobody; -2: the file does not say.
        var whom = Enumerable.Repeat(-2, right.Count).ToArray();
        var linked = result.Links.ToLookup(link => link.B, link => link.A);
        var groups = new SortedDictionary<(int Column, string Group), (int Known, int Found, int Wrong)>();
        using var csv = new Csv(file);
        if (csv.Header.Length < 2)
        {
            throw new BadInput($"{Path.GetFileName(file)}: a truth has the right's id in its first column and the left's in its second");
        }
        while (csv.Next())
        {
            if (!rowOfRight.TryGetValue(csv[0].ToString(), out var row))
            {
                throw csv.Wrong($"column \"{csv.Header[0]}\" has an id that the right has not");
            }
            if (!csv[1].IsEmpty && !rowOfLeft.ContainsKey(csv[1].ToString()))
            {
                throw csv.Wrong($"column \"{csv.Header[1]}\" has an id that the left has not");
            }
            whom[row] = csv[1].IsEmpty ? -1 : rowOfLeft[csv[1].ToString()];
            var (found, wrong) = (linked[row].Count(a => a == whom[row]), linked[row].Count(a => a != whom[row]));
            for (var column = 2; column < csv.Header.Length; column++)
            {
                foreach (var group in csv[column].ToString().Split('+', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                {
                    var before = groups.GetValueOrDefault((column, group));
                    groups[(column, group)] = (before.Known + (whom[row] >= 0 ? 1 : 0), before.Found + found, before.Wrong + wrong);
                }
            }
        }
        _groups.AddRange(groups.Select(group => (csv.Header[group.Key.Column], group.Key.Group, group.Value.Known, group.Value.Found, group.Value.Wrong)));
        var (count, right_, atHigh) = (0, 0, 0);
        foreach (var pair in result.Told.Where(pair => whom[pair.B] > -2).OrderByDescending(pair => pair.Probability))
        {
            (count, right_) = (count + 1, right_ + (whom[pair.B] == pair.A ? 1 : 0));
            atHigh = right_ >= 0.9999 * count ? right_ : atHigh;
        }
        _all = (result.Links.Count(link => whom[link.B] > -2), result.Links.Count(link => whom[link.B] == link.A), whom.Count(a => a >= 0), atHigh);
        for (var band = 0; band + 1 < Bands.Length; band++)
        {
            var pairs = result.Told.Where(pair => whom[pair.B] > -2 && pair.Probability >= Bands[band] && pair.Probability < Bands[band + 1]).ToList();
            if (pairs.Count > 0)
            {
                _curve.Add((pairs.Average(pair => pair.Probability), pairs.Count(pair => whom[pair.B] == pair.A) / (double)pairs.Count, pairs.Count));
            }
        }
    }

    public static Truth Of(string file, Ids left, Ids right, Linkage.Result result) => new(file, left, right, result);

    /// <summary>All together, the pairs of each probability, and each group by itself.</summary>
    public void Print(TextWriter to)
    {
        var (links, right, known, atHigh) = _all;
        void Line(FormattableString line) => to.WriteLine(line.ToString(CultureInfo.InvariantCulture));
        Line($"precision {(double)right / links:0.00000}  recall {(double)right / known:0.0000}  F1 {2.0 * right / (links + known):0.0000}  recall at precision 0.9999 {(double)atHigh / known:0.0000}  ({links:N0} links, {known:N0} matches)");
        Line($"{"given",8} {"true",8} {"pairs",9}");
        foreach (var (given, truly, pairs) in _curve)
        {
            Line($"{given,8:0.0000} {truly,8:0.0000} {pairs,9:N0}");
        }
        foreach (var column in _groups.GroupBy(group => group.Column))
        {
            Line($"{column.Key,-24} {"matches",9} {"recall",7} {"wrong",6}");
            foreach (var group in column.OrderBy(group => group.Known == 0 ? 1 : (double)group.Found / group.Known))
            {
                Line($"  {group.Group,-22} {group.Known,9:N0} {(group.Known == 0 ? 0 : (double)group.Found / group.Known),7:0.0000} {group.Wrong,6:N0}");
            }
        }
    }

    /// <summary>The curve as SVG: along, the probability that pairs were given; up, the share of them that are true. The straight line is what would be best.</summary>
    public void Draw(TextWriter to)
    {
        static string At(double x, double y) => string.Create(CultureInfo.InvariantCulture, $"{40 + 400 * x:0.0},{420 - 400 * y:0.0}");
        to.WriteLine("""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 460 460" font-family="sans-serif" font-size="12" role="img" aria-label="Of the pairs that were given each probability, the share that are one person">""");
        to.WriteLine("""<rect width="460" height="460" fill="#fff"/>""");
        for (var tenth = 0; tenth <= 10; tenth += 2)
        {
            var at = tenth / 10.0;
            to.WriteLine($"""<polyline points="{At(at, 0)} {At(at, 1)}" stroke="#ddd"/><polyline points="{At(0, at)} {At(1, at)}" stroke="#ddd"/>""");
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""<text x="{40 + 400 * at:0}" y="436" text-anchor="middle">{at:0.0}</text><text x="34" y="{424 - 400 * at:0}" text-anchor="end">{at:0.0}</text>"""));
        }
        to.WriteLine($"""<polyline points="{At(0, 0)} {At(1, 1)}" stroke="#505a5f" stroke-dasharray="4"/>""");
        to.WriteLine($"""<polyline points="{string.Join(' ', _curve.Select(point => At(point.Given, point.True)))}" fill="none" stroke="#1d70b8" stroke-width="2"/>""");
        foreach (var (given, truly, pairs) in _curve)
        {
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""<circle cx="{40 + 400 * given:0.0}" cy="{420 - 400 * truly:0.0}" r="4" fill="#1d70b8"><title>{pairs} pairs given {given:0.000} on average: {truly:0.000} of them true</title></circle>"""));
        }
        to.WriteLine("""<text x="240" y="454" text-anchor="middle">the probability that was given</text><text x="12" y="220" text-anchor="middle" transform="rotate(-90 12 220)">of these, true</text>""");
        to.WriteLine("</svg>");
    }
}
