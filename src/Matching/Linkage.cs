using System.Collections.Concurrent;

namespace Heed.Matching;

/// <summary>Two rows that may be one person. Weight: log2 against chance. Probability: that they are one person, all candidates considered.</summary>
public readonly record struct Scored(int A, int B, double Weight, double Probability);

/// <summary>Links one roll to another: who of the right is whom of the left.</summary>
public static class Linkage
{
    /// <summary>Up to so many possible pairs, all of them are compared.</summary>
    internal const long All = 4_000_000;

    private const int MostSharing = 120, Random = 1_000_000, Learnt = 150_000;

    /// <summary>Where this share of the people who have a match have only one, a side holds nobody twice.</summary>
    private const double Single = 0.99;

    public sealed record Result(IReadOnlyList<Scored> Links, double Threshold, bool LeftIsSingle, bool RightIsSingle, double Expected, Model Model);

    public static Result Of(Roll left, Roll right)
    {
        var rarity = new Rarity(left.Lexicon, left, right);
        if (left.Count == 0 || right.Count == 0)
        {
            return new([], 1, true, true, 0, new Model { Rarity = rarity });
        }
        var everything = (long)left.Count * right.Count <= All;
        var postings = everything ? null : new Postings(left, MostSharing);
        var pairs = everything ? Everyone(left, right) : Candidates(left, postings!, right, 0, right.Count);
        var (sample, share) = everything ? (pairs, 1.0) : Some(pairs, right.Count);
        var model = new Learning(left, right, apart: true).From(sample, share, Random, everything, rarity);
        var scored = Score(left, right, model, pairs);
        var (leftSingle, rightSingle) = (IsSingle(scored, s => s.B), IsSingle(scored, s => s.A));
        var told = Compete(scored, model, leftSingle, rightSingle);
        var (threshold, expected) = Threshold(told);
        return new([.. told.Where(s => s.Probability >= threshold).OrderBy(s => s.A).ThenBy(s => s.B)], threshold, leftSingle, rightSingle, expected, model);
    }

    private static List<Found> Everyone(Roll left, Roll right)
    {
        var pairs = new List<Found>(left.Count * right.Count);
        for (var b = 0; b < right.Count; b++)
        {
            for (var a = 0; a < left.Count; a++)
            {
                pairs.Add(new(a, b, 0));
            }
        }
        return pairs;
    }

    internal static List<Found> Candidates(Roll left, Postings postings, Roll right, int from, int to)
    {
        var parts = new ConcurrentDictionary<int, List<Found>>();
        Parallel.ForEach(Partitioner.Create(from, to), () => new Finder(left, postings), (range, _, finder) =>
        {
            var part = new List<Found>();
            for (var b = range.Item1; b < range.Item2; b++)
            {
                foreach (var (a, by) in finder.For(right[b]))
                {
                    part.Add(new(a, b, by));
                }
            }
            parts[range.Item1] = part;
            return finder;
        }, _ => { });
        return [.. parts.OrderBy(part => part.Key).SelectMany(part => part.Value.OrderBy(f => f.B).ThenBy(f => f.A))];
    }

    /// <summary>All the pairs of some of the right's people, enough to learn from.</summary>
    private static (List<Found>, double Share) Some(List<Found> pairs, int people)
    {
        var share = Math.Min(1, (double)Learnt / pairs.Count);
        return share == 1 ? (pairs, 1) : (pairs.Where(pair => Keys.Mix((ulong)pair.B) < share * ulong.MaxValue).ToList(), share);
    }

    internal static List<(Scored Pair, double Odds)> Score(Roll left, Roll right, Model model, List<Found> pairs)
    {
        var parts = new ConcurrentDictionary<int, List<(Scored, double)>>();
        Parallel.ForEach(Partitioner.Create(0, Math.Max(1, pairs.Count)), () => new Levels(left.Lexicon), (range, _, compare) =>
        {
            Span<Level> levels = stackalloc Level[Levels.Traits];
            Span<float> rarities = stackalloc float[Levels.Traits];
            var part = new List<(Scored, double)>();
            for (var i = range.Item1; i < Math.Min(range.Item2, pairs.Count); i++)
            {
                var a = left[pairs[i].A];
                var b = right[pairs[i].B];
                compare.Fill(a, b, levels);
                model.Rarity.Fill(a, b, levels, rarities);
                var (one, house, twins, chance) = model.Likelihoods(levels, rarities);
                var odds = model.Odds(one, house, twins, chance);
                if (odds > -10)
                {
                    part.Add((new(pairs[i].A, pairs[i].B, one - chance, 1 / (1 + double.Exp2(-odds))), odds));
                }
            }
            parts[range.Item1] = part;
            return compare;
        }, _ => { });
        return [.. parts.OrderBy(part => part.Key).SelectMany(part => part.Value)];
    }

    /// <summary>Whether the other side of what this names holds nobody twice, as far as the links themselves tell.</summary>
    private static bool IsSingle(List<(Scored Pair, double Odds)> scored, Func<Scored, int> whose)
    {
        var matches = scored.Where(s => s.Pair.Probability > 0.9).GroupBy(s => whose(s.Pair)).Select(group => group.Count()).ToList();
        return matches.Count > 0 && matches.Count(count => count == 1) >= Single * matches.Count;
    }

    /// <summary>
    /// Where a side holds nobody twice, candidates for one person compete: each is as probable as its odds beside the odds of all of them and of nobody.
    /// </summary>
    private static List<Scored> Compete(List<(Scored Pair, double Odds)> scored, Model model, bool leftSingle, bool rightSingle)
    {
        var odds = scored.Select(s => double.Exp2(Math.Min(s.Odds, 500))).ToArray();
        var (ofA, ofB) = (new Dictionary<int, double>(), new Dictionary<int, double>());
        for (var i = 0; i < odds.Length; i++)
        {
            ofA[scored[i].Pair.A] = ofA.GetValueOrDefault(scored[i].Pair.A) + odds[i];
            ofB[scored[i].Pair.B] = ofB.GetValueOrDefault(scored[i].Pair.B) + odds[i];
        }
        var told = new List<Scored>(odds.Length);
        for (var i = 0; i < odds.Length; i++)
        {
            var (a, b) = (scored[i].Pair.A, scored[i].Pair.B);
            var against = 1 + (leftSingle ? Math.Max(0, ofB[b] - odds[i]) : 0) + (rightSingle ? Math.Max(0, ofA[a] - odds[i]) : 0);
            told.Add(scored[i].Pair with { Probability = odds[i] / (odds[i] + against) });
        }
        return told;
    }

    /// <summary>The probability from which on linking gives the highest F1 that the probabilities themselves lead one to expect; and how many matches they expect.</summary>
    internal static (double Threshold, double Expected) Threshold(IReadOnlyCollection<Scored> scored)
    {
        var sorted = scored.Select(s => s.Probability).OrderDescending().ToList();
        var expected = sorted.Sum();
        double best = 0, at = 0.5, right = 0;
        for (var i = 0; i < sorted.Count; i++)
        {
            right += sorted[i];
            if (2 * right / (i + 1 + expected) is var f1 && f1 > best)
            {
                (best, at) = (f1, sorted[i]);
            }
        }
        return (at, expected);
    }
}
