using System.Collections.Concurrent;

namespace Heed.Matching;

/// <summary>
/// Who of one roll is who: clusters rather than pairs. Two clusters join where all that is known between their members speaks for it on average (average linkage over
/// log odds), the surest first; one wrong pair does not chain two families together. Two valid numbers of one kind, or two mothers, keep two clusters apart whatever else agrees.
/// </summary>
public static class Clusters
{
    private const int MostSharing = 60;

    /// <summary>So many records of one person on average.</summary>
    private const double Several = 1.5;

    /// <summary>Below these odds a pair is no reason to look at two people together; beyond them none says more.</summary>
    private const double Look = -3, Most = 12;

    /// <param name="Of">For each row its cluster, the lowest row in it.</param>
    /// <param name="Apart">Pairs that all else would have joined, and what keeps them apart.</param>
    public sealed record Result(int[] Of, IReadOnlyList<(int A, int B, string Why)> Apart, int Joined, Model Model);

    public static Result Of(Roll roll)
    {
        var rarity = new Rarity(roll.Lexicon, roll);
        if (roll.Count < 2)
        {
            return new([.. Enumerable.Range(0, roll.Count)], [], 0, new Model { Rarity = rarity });
        }
        var pairs = Linkage.Pairs(roll, roll, apart: false, MostSharing);
        var (learning, share) = Linkage.Learn(roll, roll, apart: false, pairs, rarity);
        var result = Of(roll, learning.Model(share), pairs);
        // Where many are there more than twice, who is one by way of a third teaches how badly one person's records can agree.
        return roll.Count <= Linkage.Few && roll.Count >= Several * (roll.Count - result.Joined) ? Of(roll, learning.Model(share, result.Of), pairs) : result;
    }

    private static Result Of(Roll roll, Model model, IPairs pairs)
    {
        var of = Enumerable.Range(0, roll.Count).ToArray();
        var scored = Linkage.Judge(pairs.Compare(model), apart: false, model, roll.Count, roll.Count).Where(s => s.Odds > Look).ToList();

        var parents = Enumerable.Range(0, roll.Count).ToArray();
        foreach (var (pair, _) in scored)
        {
            Unite(parents, pair.A, pair.B);
        }
        var families = scored.GroupBy(s => Root(parents, s.Pair.A)).Select(group => group.ToList()).ToList();
        var apart = new ConcurrentBag<(int, int, string)>();
        Parallel.ForEach(families, () => new Levels(roll.Lexicon), (family, _, compare) =>
        {
            Join(roll, model, compare, family, of, apart);
            return compare;
        }, _ => { });
        return new(of, [.. apart.Distinct().Order()], roll.Count - of.Distinct().Count(), model);
    }

    /// <summary>Joins the people of one group whom pairs hold together, and writes down who became one.</summary>
    private static void Join(Roll roll, Model model, Levels compare, List<(Scored Pair, double Odds)> family, int[] of, ConcurrentBag<(int, int, string)> apart)
    {
        var people = family.SelectMany(s => new[] { s.Pair.A, s.Pair.B }).Distinct().Order().ToList();
        var place = people.Select((row, at) => (row, at)).ToDictionary(p => p.row, p => p.at);
        var members = people.Select(row => new List<int> { row }).ToList();
        var stamp = new int[people.Count];
        var queue = new PriorityQueue<(int A, int B, int StampA, int StampB), double>();
        foreach (var (pair, odds) in family)
        {
            queue.Enqueue((place[pair.A], place[pair.B], 0, 0), -Math.Min(odds, Most));
        }
        var neighbours = people.Select(_ => new HashSet<int>()).ToList();
        foreach (var (pair, _) in family)
        {
            neighbours[place[pair.A]].Add(place[pair.B]);
            neighbours[place[pair.B]].Add(place[pair.A]);
        }
        while (queue.TryDequeue(out var next, out var against) && against < 0)
        {
            var (a, b, stampA, stampB) = next;
            if (stamp[a] != stampA || stamp[b] != stampB)
            {
                continue;
            }
            if (members[a].SelectMany(x => members[b].Select(y => Contradiction(roll, compare, x, y))).FirstOrDefault(why => why is not null) is { } why)
            {
                apart.Add((members[a][0], members[b][0], why));
                continue;
            }
            members[a].AddRange(members[b]);
            members[b].Clear();
            (stamp[a], stamp[b]) = (stamp[a] + 1, -1);
            neighbours[a].UnionWith(neighbours[b]);
            neighbours[a].ExceptWith([a, b]);
            foreach (var c in neighbours[a])
            {
                neighbours[c].Remove(b);
                neighbours[c].Add(a);
                queue.Enqueue((a, c, stamp[a], stamp[c]), -Between(roll, model, compare, members[a], members[c]));
            }
        }
        foreach (var cluster in members)
        {
            foreach (var row in cluster)
            {
                of[row] = cluster.Min();
            }
        }
    }

    /// <summary>
    /// log2 odds that two clusters are one person: of each trait the mean over all pairs between them that say anything of it. A blank is no vote: who has a telephone here and an address there
    /// is held against both.
    /// </summary>
    private static double Between(Roll roll, Model model, Levels compare, List<int> these, List<int> those)
    {
        Span<Level> levels = stackalloc Level[Levels.Traits];
        Span<Likelihoods> sums = stackalloc Likelihoods[Levels.Traits];
        Span<int> counts = stackalloc int[Levels.Traits];
        foreach (var x in these)
        {
            foreach (var y in those)
            {
                var (a, b) = (Math.Min(x, y), Math.Max(x, y));
                compare.Fill(roll[a], roll[b], levels, roll.Kin(a), roll.Kin(b));
                for (var trait = 0; trait < Levels.Traits; trait++)
                {
                    if (levels[trait] != Level.Blank)
                    {
                        sums[trait] += model.Likelihoods(trait, levels).Add(model.Rarity.Of(trait, roll[a], roll[b], levels, roll.Kin(a)));
                        counts[trait]++;
                    }
                }
            }
        }
        var all = default(Likelihoods);
        for (var trait = 0; trait < Levels.Traits; trait++)
        {
            all += counts[trait] == 0 ? default : sums[trait] / counts[trait];
        }
        return model.Odds(all);
    }

    /// <summary>What two have that one person has not, in words; nothing where nothing speaks against it.</summary>
    private static string? Contradiction(Roll roll, Levels compare, int a, int b)
    {
        ReadOnlySpan<int> one = roll[a], other = roll[b];
        return Two(Slot.Nhs, one, other) ? "each has a valid NHS number of its own"
            : Two(Slot.Upn, one, other) ? "each has a valid UPN of its own"
            : Two(Slot.Pnc, one, other) ? "each has a valid PNC id of its own"
            : compare.AreTwo(roll.Mother(a), roll.Mother(b)) ? "each has a mother of its own"
            : null;

        static bool Two(Slot slot, ReadOnlySpan<int> a, ReadOnlySpan<int> b) => a[(int)slot] > 0 && b[(int)slot] > 0 && a[(int)slot] != b[(int)slot];
    }

    private static int Root(int[] parents, int row)
    {
        while (parents[row] != row)
        {
            parents[row] = parents[parents[row]];
            row = parents[row];
        }
        return row;
    }

    private static void Unite(int[] parents, int a, int b) => (parents[Math.Max(Root(parents, a), Root(parents, b))]) = Math.Min(Root(parents, a), Root(parents, b));
}
