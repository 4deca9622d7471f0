using System.Collections.Concurrent;
using System.Numerics;

namespace Heed.Matching;

/// <summary>Two rows that may be one person. Weight: log2 of the likelihood against chance. Probability: that they are one person, all candidates considered.</summary>
public readonly record struct Scored(int A, int B, double Weight, double Probability);

/// <summary>Links one roll to another: who of the right is whom of the left.</summary>
public static class Linkage
{
    /// <summary>Up to so many possible pairs, all of them are compared.</summary>
    private const long Everyone = 2_000_000;

    private const int MostSharing = 120, Learnt = 100_000;

    /// <summary>Up to so many people on the larger roll, one thing alone is a key.</summary>
    internal const int Few = 50_000;

    /// <summary>Where this share of the people who have a match have only one, a side holds nobody twice.</summary>
    private const double Single = 0.99;

    /// <summary>From here on a link needs no second look when the rest is compared.</summary>
    private const double Sure = 0.99;

    /// <summary>So many times as probable as the next best.</summary>
    private const double Clearly = 4;

    /// <summary>log2 odds below which a pair is forgotten.</summary>
    internal const double Least = -12;

    /// <summary>Somebody may always be on no roll.</summary>
    private const double Nobody = 0.05;

    /// <param name="Told">Every pair that was thought of, with the probability it came to: those that are linked and those that are not.</param>
    public sealed record Result(IReadOnlyList<Scored> Links, IReadOnlyList<Scored> Told, double Threshold, bool LeftIsSingle, bool RightIsSingle, double Expected, Model Model);

    public static Result Of(Roll left, Roll right)
    {
        var rarity = new Rarity(left.Lexicon, left, right);
        if (left.Count == 0 || right.Count == 0)
        {
            return new([], [], 1, true, true, 0, new Model { Rarity = rarity });
        }
        var pairs = Pairs(left, right, apart: true, MostSharing);
        var (learning, share) = Learn(left, right, apart: true, pairs, rarity);
        var model = learning.Model(share);
        var compared = pairs.Compare(model);
        var scored = Judge(compared, apart: true, model, left.Count, right.Count);
        var (leftSingle, rightSingle) = (IsSingle(scored, s => s.B), IsSingle(scored, s => s.A));
        var told = Compete(scored, leftSingle, rightSingle);
        if (leftSingle != rightSingle)
        {
            // Whoever may have one match only has it nowhere else: nobody at all is as likely as the share of people who have none.
            var people = leftSingle ? right.Count : left.Count;
            for (var round = 0; round < 5; round++)
            {
                told = Compete(scored, leftSingle, rightSingle, Math.Max(Nobody, 1 - told.Sum(s => s.Probability) / people));
            }
        }
        if (leftSingle && rightSingle)
        {
            told = Remaining(left, right, model, told);
        }
        var (threshold, expected) = Threshold(told);
        return new([.. Clear(told, leftSingle, rightSingle).Where(s => s.Probability >= threshold).OrderBy(s => s.A).ThenBy(s => s.B)], told, threshold, leftSingle, rightSingle, expected, model);
    }

    /// <summary>
    /// Where neither side holds anybody twice, those of whom the match is sure are out of the way: whoever remains is compared with everyone who remains, and how many
    /// of these are one person is estimated again. In a small rest a match is likelier than among all.
    /// </summary>
    private static List<Scored> Remaining(Roll left, Roll right, Model model, List<Scored> told)
    {
        var sure = told.Where(s => s.Probability > Sure).ToList();
        var (these, those) = (Except(left.Count, sure.Select(s => s.A)), Except(right.Count, sure.Select(s => s.B)));
        var possible = (double)these.Count * those.Count;
        if (possible is 0 or > 4 * Everyone)
        {
            return told;
        }
        var compared = new Listed(left, right, [.. these.SelectMany(a => those.Select(b => new Found(a, b, 0)))], everything: true).Compare(model);
        var expected = told.Sum(s => s.Probability) - sure.Sum(s => s.Probability);
        List<Scored> rest = [];
        for (var round = 0; round < 20; round++)
        {
            rest = Compete(Judge(compared, apart: true, model.Expecting(Math.Max(expected, 0.1) / possible), left.Count, right.Count), true, true);
            expected = rest.Sum(s => s.Probability);
        }
        return [.. sure, .. rest];

        static List<int> Except(int count, IEnumerable<int> gone)
        {
            var left = Enumerable.Repeat(true, count).ToArray();
            foreach (var row in gone)
            {
                left[row] = false;
            }
            return [.. Enumerable.Range(0, count).Where(row => left[row])];
        }
    }

    /// <summary>Whom to compare.</summary>
    internal static IPairs Pairs(Roll left, Roll right, bool apart, int mostSharing) =>
        (long)left.Count * right.Count <= Everyone ? new Listed(left, right, All(left.Count, right.Count, apart), everything: true)
        : apart ? new Listed(left, right, Between(left, right, mostSharing), everything: false)
        : new Within(left, mostSharing);

    /// <summary>Learns from some of them; says which share they are.</summary>
    internal static (Learning, double Share) Learn(Roll left, Roll right, bool apart, IPairs pairs, Rarity rarity)
    {
        var share = pairs.Everything ? 1 : Math.Min(1, (double)(Math.Max(left.Count, right.Count) <= Few ? 3 * Learnt : Learnt) / Math.Max(1, pairs.Count));
        return (new Learning(left, right, apart, pairs.Of(share), pairs.Everything, (long)left.Count * right.Count > Learning.Many ? 300_000 : 1_000_000, rarity), share);
    }

    private static List<Found> All(int left, int right, bool apart)
    {
        var pairs = new List<Found>();
        for (var b = 0; b < right; b++)
        {
            for (var a = 0; a < (apart ? left : b); a++)
            {
                pairs.Add(new(a, b, 0));
            }
        }
        return pairs;
    }

    /// <summary>One of each roll who share a key that not too many of the larger have. The smaller lies in postings and the larger streams past it once.</summary>
    private static List<Found> Between(Roll left, Roll right, int most)
    {
        var (few, many) = left.Count < right.Count ? (left, right) : (right, left);
        var alone = many.Count <= Few;
        var postings = new Postings(few, alone);
        var sharing = new int[postings.Count];
        var met = Parts(many.Count, () => new ulong[Keys.Most], (ulong[] keys, int row, List<(int First, int Row, byte Kind)> part) =>
        {
            Span<byte> kinds = stackalloc byte[Keys.Most];
            for (var any = postings.Any(keys.AsSpan(0, Keys.Of(many[row], many.Lexicon, keys, kinds, alone))); any != 0; any &= any - 1)
            {
                var i = BitOperations.TrailingZeroCount(any);
                if (postings.First(keys[i]) is var first and >= 0)
                {
                    Interlocked.Increment(ref sharing[first]);
                    part.Add((first, row, kinds[i]));
                }
            }
        });
        return Parts(met.Count, () => new Gathered(few.Count), (Gathered gathered, int i, List<Found> part) =>
        {
            // Whoever stands in several places that follow one another is looked at once, in the first.
            var row = met[i].Row;
            if (i > 0 && met[i - 1].Row == row)
            {
                return;
            }
            gathered.Begin();
            for (; i < met.Count && met[i].Row == row; i++)
            {
                if (sharing[met[i].First] <= Keys.MostSharing(met[i].Kind, most))
                {
                    foreach (var other in postings.From(met[i].First))
                    {
                        gathered.Add(postings.Row(other), met[i].Kind);
                    }
                }
            }
            foreach (var (other, by) in gathered.Found)
            {
                part.Add(ReferenceEquals(few, left) ? new(other, row, by) : new(row, other, by));
            }
        });
    }

    /// <summary>How surely each pair is one person, once it is known which of them have others that fit better.</summary>
    internal static List<(Scored Pair, double Odds)> Judge(List<Compared> compared, bool apart, Model model, int left, int right)
    {
        var own = new double[compared.Count];
        Rivals? before = null;
        for (var round = 0; round < 2; round++)
        {
            var rivals = new Rivals(apart, left, right);
            Parallel.ForEach(Partitioner.Create(0, Math.Max(1, own.Length)), range =>
            {
                for (var i = range.Item1; i < Math.Min(range.Item2, own.Length); i++)
                {
                    own[i] = model.Shares(compared[i].Of, before?.Weight(compared[i].A, compared[i].B, own[i]) ?? 1).One;
                }
            });
            for (var i = 0; i < own.Length; i++)
            {
                rivals.Note(compared[i].A, compared[i].B, (float)own[i]);
            }
            rivals.Settle();
            before = rivals;
        }
        var scored = new List<(Scored, double)>();
        for (var i = 0; i < own.Length; i++)
        {
            var (a, b, of) = compared[i];
            if (model.Odds(of, before!.Weight(a, b, own[i])) is var odds and > Least)
            {
                scored.Add((new(a, b, of.One - of.Chance, 1 / (1 + double.Exp2(-odds))), odds));
            }
        }
        return scored;
    }

    /// <summary>Does something for each of so many, on all cores, and gives what comes of it in their order.</summary>
    internal static List<T> Parts<TState, T>(int count, Func<TState> begin, Action<TState, int, List<T>> each)
    {
        var parts = new ConcurrentDictionary<int, List<T>>();
        Parallel.ForEach(Partitioner.Create(0, Math.Max(1, count), Math.Max(1, count / 64)), begin, (range, _, state) =>
        {
            var part = new List<T>();
            for (var i = range.Item1; i < Math.Min(range.Item2, count); i++)
            {
                each(state, i, part);
            }
            parts[range.Item1] = part;
            return state;
        }, _ => { });
        var all = new List<T>(parts.Sum(part => part.Value.Count));
        foreach (var (_, part) in parts.OrderBy(part => part.Key))
        {
            all.AddRange(part);
        }
        return all;
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
    private static List<Scored> Compete(List<(Scored Pair, double Odds)> scored, bool leftSingle, bool rightSingle, double nobody = 1)
    {
        var odds = new double[scored.Count];
        var (ofA, ofB) = (new double[scored.Count == 0 ? 0 : scored.Max(s => s.Pair.A) + 1], new double[scored.Count == 0 ? 0 : scored.Max(s => s.Pair.B) + 1]);
        for (var i = 0; i < odds.Length; i++)
        {
            odds[i] = Model.Exp2(Math.Min(scored[i].Odds, 500));
            ofA[scored[i].Pair.A] += odds[i];
            ofB[scored[i].Pair.B] += odds[i];
        }
        var told = new List<Scored>(odds.Length);
        for (var i = 0; i < odds.Length; i++)
        {
            var (a, b) = (scored[i].Pair.A, scored[i].Pair.B);
            var against = nobody + (leftSingle ? Math.Max(0, ofB[b] - odds[i]) : 0) + (rightSingle ? Math.Max(0, ofA[a] - odds[i]) : 0);
            told.Add(scored[i].Pair with { Probability = odds[i] / (odds[i] + against) });
        }
        return told;
    }

    /// <summary>Of two who fit nearly as well, as twins do where no given name was said, neither is linked: to be right half the time is to be wrong about a child.</summary>
    private static IEnumerable<Scored> Clear(List<Scored> told, bool leftSingle, bool rightSingle)
    {
        var (ofA, ofB) = (new Dictionary<int, (double First, double Second)>(), new Dictionary<int, (double First, double Second)>());
        foreach (var s in told)
        {
            Note(ofA, s.A, s.Probability);
            Note(ofB, s.B, s.Probability);
        }
        return told.Where(s => (!leftSingle || s.Probability >= Clearly * Other(ofB[s.B], s)) && (!rightSingle || s.Probability >= Clearly * Other(ofA[s.A], s)));

        static double Other((double First, double Second) best, Scored own) => own.Probability >= best.First ? best.Second : best.First;

        static void Note(Dictionary<int, (double First, double Second)> best, int of, double probability)
        {
            var (first, second) = best.GetValueOrDefault(of);
            best[of] = probability > first ? (probability, first) : (first, Math.Max(second, probability));
        }
    }

    /// <summary>The probability from which on linking gives the highest F1 that the probabilities themselves lead one to expect; and how many matches they expect.</summary>
    private static (double Threshold, double Expected) Threshold(List<Scored> scored)
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
