using System.Runtime.InteropServices;

namespace Heed.Matching;

/// <summary>Two people who have a key in common, and by which kinds of key they were found.</summary>
internal readonly record struct Found(int A, int B, uint By);

/// <summary>
/// Learns a <see cref="Model"/> from the people themselves, none of whom anybody has reviewed: what chance does from pairs drawn at random, what one person does by
/// expectation and maximisation (Dempster, Laird and Rubin 1977; Winkler 1988) over the pairs that share a key. How a trait agrees in one person is learnt only
/// from pairs that were found without it.
/// </summary>
internal sealed class Learning(Roll left, Roll right, bool apart)
{
    private const int Rounds = 30, Row = Levels.Kinds, Table = Row * Row;

    /// <summary>What is believed before anything was seen, worth this many pairs.</summary>
    private const double Belief = 8;

    private readonly Pairs _found = new();
    private readonly Pairs _random = new();

    /// <param name="pairs">Pairs with a key in common, of people who were drawn at random.</param>
    /// <param name="share">The share of all such pairs that these are.</param>
    /// <param name="everything">The pairs are all that there are: they serve as the random ones too.</param>
    public Model From(IReadOnlyList<Found> pairs, double share, int random, bool everything, Rarity rarity)
    {
        var possible = apart ? (double)left.Count * right.Count : left.Count * (left.Count - 1.0) / 2;
        _found.Fill(left, right, rarity, pairs);
        if (!everything)
        {
            _random.Fill(left, right, rarity, Random(random));
        }
        var model = new Model { Rarity = rarity };
        Begin(model, possible);
        for (var round = 0; round < Rounds; round++)
        {
            Improve(model, possible, share, everything);
        }
        return model;
    }

    private List<Found> Random(int howMany)
    {
        var pairs = new List<Found>(howMany);
        for (ulong i = 0; pairs.Count < howMany; i++)
        {
            var (a, b) = ((int)(Keys.Mix(i * 2 + 1) % (ulong)left.Count), (int)(Keys.Mix(i * 2 + 2) % (ulong)right.Count));
            if (apart || a != b)
            {
                pairs.Add(new(a, b, 0));
            }
        }
        return pairs;
    }

    private void Begin(Model model, double possible)
    {
        var people = Math.Min(left.Count, right.Count);
        model.Prior[0] = Math.Log2(0.5 * people / possible);
        model.Prior[1] = model.Prior[2] = Math.Log2(0.05 * people / possible);
        for (var trait = 0; trait < Levels.Traits; trait++)
        {
            for (var before = 0; before < Row; before++)
            {
                for (var level = 0; level < Row; level++)
                {
                    var at = trait * Table + before * Row + level;
                    model.Same[at] = Math.Log2(Believed(trait, level, before));
                    model.Chance[at] = Math.Log2(ByChance(level, model.Rarity.Collision[trait]));
                }
            }
        }
    }

    /// <summary>How often one person's two records agree so far, where nothing is known of the files.</summary>
    private static double Believed(int trait, int level, int before) => (Level)level switch
    {
        Level.Blank => 1,
        Level.Same => 0.85,
        Level.Differ => (Trait)trait is Trait.Address or Trait.Postcode or Trait.Locality ? 0.08 : 0.03,
        Level.Slip => 0.04,
        Level.Form => 0.02,
        Level.Part => 0.015,
        _ => 0.008,
    };

    private static double ByChance(int level, double collision) => (Level)level switch
    {
        Level.Blank => 1,
        Level.Same => Math.Clamp(collision, 1e-6, 0.9),
        Level.Differ => 0.9,
        Level.Alike => 0.03,
        _ => 0.004,
    };

    private void Improve(Model model, double possible, double share, bool everything)
    {
        var (same, chance, chanceAfter) = (new double[Levels.Traits * Table], new double[Levels.Traits * Table], new double[Levels.Traits * Table]);
        var (ones, houses, twins) = (0.0, 0.0, 0.0);
        for (var i = 0; i < _found.Count; i++)
        {
            var levels = _found.Levels(i);
            var (one, house, twin, random) = Shares(model, levels, _found.Rarities(i));
            (ones, houses, twins) = (ones + one, houses + house, twins + twin);
            var by = _found.By(i);
            for (var trait = 0; trait < Levels.Traits; trait++)
            {
                if (levels[trait] != Level.Blank && (everything || Keys.MayTeach(by, (Trait)trait)))
                {
                    var at = Model.At(trait, levels);
                    same[at] += one;
                    (everything ? chance : chanceAfter)[at] += everything ? 1 - one : Model.After[trait] >= 0 ? random : 0;
                }
            }
        }
        for (var i = 0; i < _random.Count; i++)
        {
            var levels = _random.Levels(i);
            var (one, _, _, _) = Shares(model, levels, _random.Rarities(i));
            for (var trait = 0; trait < Levels.Traits; trait++)
            {
                if (levels[trait] != Level.Blank)
                {
                    chance[Model.At(trait, levels)] += 1 - one;
                }
            }
        }
        model.Prior[0] = Math.Log2(Math.Max(ones, 0.5) / share / possible);
        model.Prior[1] = Math.Log2(Math.Max(houses, 0.01) / share / possible);
        model.Prior[2] = Math.Log2(Math.Max(twins, 0.01) / share / possible);
        for (var trait = 0; trait < Levels.Traits; trait++)
        {
            var whole = new double[Row];
            for (var level = 1; level < Row; level++)
            {
                for (var before = 0; before < Row; before++)
                {
                    whole[level] += same[trait * Table + before * Row + level];
                }
            }
            var all = whole.Sum();
            var believed = 0.0;
            for (var level = 1; level < Row; level++)
            {
                believed += Believed(trait, level, 0);
            }
            for (var before = 0; before < Row; before++)
            {
                var first = trait * Table + before * Row;
                double taught = 0, met = 0;
                for (var level = 1; level < Row; level++)
                {
                    taught += same[first + level];
                    met += chance[first + level] + chanceAfter[first + level];
                }
                for (var level = 1; level < Row; level++)
                {
                    // Where little was seen after this level, what was seen after any; where little was seen at all, what is believed.
                    var expected = (whole[level] + Belief * Believed(trait, level, 0) / believed) / (all + Belief);
                    model.Same[first + level] = Math.Log2((same[first + level] + Belief * expected) / (taught + Belief));
                    model.Chance[first + level] = Math.Log2((chance[first + level] + chanceAfter[first + level] + 0.3) / (met + 0.3 * (Row - 1)));
                }
            }
        }
    }

    private static (double One, double House, double Twins, double Chance) Shares(Model model, ReadOnlySpan<Level> levels, ReadOnlySpan<float> rarity)
    {
        var (one, house, twins, chance) = model.Likelihoods(levels, rarity);
        var (o, h, t, c) = (double.Exp2(one + model.Prior[0]), double.Exp2(house + model.Prior[1]), double.Exp2(twins + model.Prior[2]), double.Exp2(chance));
        var all = o + h + t + c;
        return all == 0 ? (0, 0, 0, 1) : (o / all, h / all, t / all, c / all);
    }

    /// <summary>What was compared of many pairs.</summary>
    private sealed class Pairs
    {
        private Level[] _levels = [];
        private float[] _rarity = [];
        private uint[] _by = [];

        public int Count => _by.Length;

        public ReadOnlySpan<Level> Levels(int i) => _levels.AsSpan(i * Matching.Levels.Traits, Matching.Levels.Traits);

        public ReadOnlySpan<float> Rarities(int i) => _rarity.AsSpan(i * Matching.Levels.Traits, Matching.Levels.Traits);

        public uint By(int i) => _by[i];

        public void Fill(Roll left, Roll right, Rarity rarity, IReadOnlyList<Found> pairs)
        {
            (_levels, _rarity, _by) = (new Level[pairs.Count * Matching.Levels.Traits], new float[pairs.Count * Matching.Levels.Traits], new uint[pairs.Count]);
            Parallel.ForEach(System.Collections.Concurrent.Partitioner.Create(0, Math.Max(1, pairs.Count)), () => new Levels(left.Lexicon), (range, _, compare) =>
            {
                for (var i = range.Item1; i < Math.Min(range.Item2, pairs.Count); i++)
                {
                    var a = left[pairs[i].A];
                    var b = right[pairs[i].B];
                    var levels = _levels.AsSpan(i * Matching.Levels.Traits, Matching.Levels.Traits);
                    compare.Fill(a, b, levels);
                    rarity.Fill(a, b, levels, _rarity.AsSpan(i * Matching.Levels.Traits, Matching.Levels.Traits));
                    _by[i] = pairs[i].By;
                }
                return compare;
            }, _ => { });
        }
    }
}
