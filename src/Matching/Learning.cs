using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Heed.Matching;

/// <summary>Two people who have a key in common, and by which kinds of key they were found.</summary>
internal readonly record struct Found(int A, int B, uint By);

/// <summary>
/// Learns a <see cref="Model"/> from the people themselves, none of whom anybody has reviewed: what chance does from pairs drawn at random, what one person does by
/// expectation and maximisation (Dempster, Laird and Rubin 1977; Winkler 1988) over the pairs that share a key. How a trait agrees in one person is learnt only
/// from pairs that were found without it.
/// </summary>
internal sealed class Learning
{
    private const int MostRounds = 40, Row = Levels.Kinds, Table = Row * Row;

    /// <summary>What is believed before anything was seen, worth this many pairs.</summary>
    private const double Belief = 8;

    /// <summary>log2 of how often at most one person's given name, or birth, is written down as wholly another.</summary>
    private const double MostOften = -2.5;

    /// <summary>So many possible pairs that those of one person are lost among them.</summary>
    internal const long Many = 1_000_000_000;

    /// <summary>Nothing that one person's records may do is rarer than this, however seldom it was seen.</summary>
    private const double Possible = 0.0005;

    /// <summary>To each pair of twins at least so many of brothers and sisters (in England and Wales one birth in 65 is of twins).</summary>
    private const double FewTwins = 4;

    /// <summary>Rounds end when the number of matches moves by less than this share.</summary>
    private const double Settled = 0.0005;

    private readonly Roll _left;
    private readonly Roll _right;
    private readonly bool _apart;
    private readonly bool _everything;

    /// <summary>Whether brothers and sisters of different ages would have been found.</summary>
    private readonly bool _households;
    private readonly Rarity _rarity;
    private readonly Compared[] _found;
    private readonly Kind[] _foundKinds;
    private readonly Kind[] _random;
    private readonly (double One, double House, double Twins, double Chance)[] _shares;
    private readonly Rivals _rivals;

    /// <param name="pairs">Pairs with a key in common: all those of people who were drawn at random.</param>
    /// <param name="everything">The pairs are all that there are: they serve as the random ones too.</param>
    /// <param name="apart">The two rolls are not one.</param>
    public Learning(Roll left, Roll right, bool apart, IReadOnlyList<Found> pairs, bool everything, int random, Rarity rarity)
    {
        (_left, _right, _apart, _everything, _rarity) = (left, right, apart, everything, rarity);
        (_found, _foundKinds) = Compare(pairs);
        _households = everything || pairs.Any(pair => Keys.MayBeHousehold(pair.By));
        _random = everything ? [] : Compare(Random(random)).Kinds;
        _shares = new (double, double, double, double)[_found.Length];
        _rivals = new(apart, left.Count, right.Count);
    }

    /// <param name="share">The share of all pairs with a key in common that these are.</param>
    /// <param name="of">Where people were gathered already, for each row its cluster: two of one cluster are one person, also where they have little in common themselves.</param>
    public Model Model(double share, int[]? of = null)
    {
        var possible = _apart ? (double)_left.Count * _right.Count : _left.Count * (_left.Count - 1.0) / 2;
        var model = new Model { Rarity = _rarity };
        Begin(model, possible);
        double before = 0, now = 1;
        for (var round = 0; round < MostRounds && (round < 8 || Math.Abs(now - before) > Settled * now); round++)
        {
            (before, now) = (now, Improve(model, possible, share, of));
        }
        return model;
    }

    private void Begin(Model model, double possible)
    {
        var people = Math.Min(_left.Count, _right.Count);
        model.Prior[0] = Math.Log2(0.5 * people / possible);
        model.Prior[1] = model.Prior[2] = Math.Log2(0.05 * people / possible);
        for (var trait = 0; trait < Levels.Traits; trait++)
        {
            for (var at = 0; at < Table; at++)
            {
                model.Same[trait * Table + at] = Math.Log2(Believed(trait, at % Row));
                // An e-mail address is one person's until the file shows otherwise: how often it is met twice says how often people are.
                model.Chance[trait * Table + at] = Math.Log2(ByChance(at % Row, _rarity.Collision[trait]));
            }
        }
    }

    /// <summary>How often one person's two records agree so far, where nothing is known of the files.</summary>
    private static double Believed(int trait, int level) => (Level)level switch
    {
        Level.Blank => 0,
        Level.Same => 0.85,
        Level.Differ => (Trait)trait is Trait.Address or Trait.Postcode or Trait.Locality ? 0.06 : 0.02,
        Level.Slip => 0.04,
        Level.Form => 0.02,
        Level.Part => 0.015,
        _ => 0.008,
    };

    private static double ByChance(int level, double collision) => (Level)level switch
    {
        Level.Same => Math.Clamp(collision, 1e-6, 0.9),
        Level.Differ => 0.9,
        Level.Alike => 0.03,
        _ => 0.004,
    };

    /// <summary>One round; answers how many matches are expected now.</summary>
    private double Improve(Model model, double possible, double share, int[]? of)
    {
        var (same, chance) = (new double[Levels.Traits * Table], new double[Levels.Traits * Table]);
        Expect(_foundKinds, model);
        Expect(_random, model);
        Parallel.ForEach(Partitioner.Create(0, Math.Max(1, _found.Length)), range =>
        {
            for (var i = range.Item1; i < Math.Min(range.Item2, _found.Length); i++)
            {
                ref var pair = ref _found[i];
                _shares[i] = of is not null && of[pair.A] == of[pair.B] ? (1, 0, 0, 0)
                    : model.Shares(_foundKinds[pair.Kind].Likelihoods.Add(pair.Rarity), _rivals.Weight(pair.A, pair.B, _shares[i].One));
            }
        });
        // In their order, so that the sums are the same on any machine.
        double ones = 0, houses = 0, twins = 0;
        for (var i = 0; i < _found.Length; i++)
        {
            var (one, house, twin, byChance) = _shares[i];
            var kind = _foundKinds[_found[i].Kind];
            kind.One += one;
            kind.Random += byChance;
            (ones, houses, twins) = (ones + one, houses + house, twins + twin);
        }
        _rivals.Learn(_found, _shares);
        foreach (var kind in _foundKinds)
        {
            for (var trait = 0; trait < Levels.Traits; trait++)
            {
                if (kind.Levels[trait] == Level.Blank)
                {
                    continue;
                }
                var at = Matching.Model.At(trait, kind.Levels);
                if (_everything)
                {
                    same[at] += kind.One;
                    chance[at] += kind.Count - kind.One;
                }
                else if (Keys.MayTeach(kind.By, (Trait)trait))
                {
                    same[at] += kind.One;
                    // By chance, too little is met at random of what follows an agreement.
                    chance[at] += Matching.Model.After[trait] >= 0 ? kind.Random : 0;
                }
            }
        }
        foreach (var kind in _random)
        {
            var one = model.Shares(kind.Likelihoods.Add(kind.Rarity.Over(kind.Count)), 1).One;
            for (var trait = 0; trait < Levels.Traits; trait++)
            {
                if (kind.Levels[trait] != Level.Blank)
                {
                    chance[Matching.Model.At(trait, kind.Levels)] += kind.Count * (1 - one);
                }
            }
        }
        // Among very many pairs, how often two have the same value by chance is better counted in all the values than in some pairs.
        if (possible > Many)
        {
            for (var trait = 0; trait < Levels.Traits; trait++)
            {
                if (Matching.Model.After[trait] < 0 && _rarity.Collision[trait] > 0)
                {
                    var row = chance.AsSpan(trait * Table, Row);
                    var all = 0.0;
                    foreach (var count in row)
                    {
                        all += count;
                    }
                    row[(int)Level.Same] = all * _rarity.Collision[trait];
                }
            }
        }
        model.Prior[0] = Math.Log2(Math.Max(ones, 0.5) / share / possible);
        model.Prior[1] = Math.Log2(Math.Max(houses, 0.01) / share / possible);
        // Who are alike in all but the given name are no twins where hardly anybody has brothers and sisters.
        model.Prior[2] = Math.Log2(Math.Max(_households ? Math.Min(twins, houses / FewTwins) : twins, 0.01) / share / possible);
        Maximise(model, same, chance);
        return ones;
    }

    private static void Expect(Kind[] kinds, Model model)
    {
        foreach (var kind in kinds)
        {
            kind.Likelihoods = model.Likelihoods(kind.Levels);
            (kind.One, kind.Random) = (0, 0);
        }
    }

    private static void Maximise(Model model, double[] same, double[] chance)
    {
        var whole = new double[Row];
        for (var trait = 0; trait < Levels.Traits; trait++)
        {
            whole.AsSpan().Clear();
            for (var at = 0; at < Table; at++)
            {
                whole[at % Row] += same[trait * Table + at];
            }
            var (all, believed) = (whole.Sum(), Enumerable.Range(1, Row - 1).Sum(level => Believed(trait, level)));
            for (var first = trait * Table; first < (trait + 1) * Table; first += Row)
            {
                double taught = 0, met = 0;
                for (var level = 1; level < Row; level++)
                {
                    (taught, met) = (taught + same[first + level], met + chance[first + level]);
                }
                for (var level = 1; level < Row; level++)
                {
                    // Where little was seen after this level, what was seen after any; where little was seen at all, what is believed.
                    var expected = (whole[level] + Belief * Believed(trait, level) / believed) / (all + Belief);
                    model.Met[first + level] = same[first + level] + chance[first + level] > 0.5;
                    model.Same[first + level] = Math.Log2(Math.Max(Possible, (same[first + level] + Belief * expected) / (taught + Belief)));
                    if (level == (int)Level.Differ && trait is (int)Trait.Given or (int)Trait.Born)
                    {
                        // Where few are on a list twice, brothers and sisters must not be learnt as what one person looks like.
                        model.Same[first + level] = Math.Min(model.Same[first + level], MostOften);
                    }
                    model.Chance[first + level] = Math.Log2((chance[first + level] + 0.3) / (met + 0.3 * (Row - 1)));
                }
            }
        }
    }

    private List<Found> Random(int howMany)
    {
        var pairs = new List<Found>(howMany);
        for (ulong i = 0; pairs.Count < howMany; i++)
        {
            var (a, b) = ((int)(Keys.Mix(i * 2 + 1) % (ulong)_left.Count), (int)(Keys.Mix(i * 2 + 2) % (ulong)_right.Count));
            if (_apart || a != b)
            {
                pairs.Add(new(a, b, 0));
            }
        }
        return pairs;
    }

    /// <summary>Compares pairs, and gathers those that agree in the same way and were found by the same keys.</summary>
    private (Compared[] Pairs, Kind[] Kinds) Compare(IReadOnlyList<Found> pairs)
    {
        var compared = new Compared[pairs.Count];
        var patterns = new (ulong, uint)[pairs.Count];
        Parallel.ForEach(Partitioner.Create(0, Math.Max(1, pairs.Count)), () => new Levels(_left.Lexicon), (range, _, compare) =>
        {
            Span<Level> levels = stackalloc Level[Levels.Traits];
            for (var i = range.Item1; i < Math.Min(range.Item2, pairs.Count); i++)
            {
                var pair = pairs[i];
                compare.Fill(_left[pair.A], _right[pair.B], levels, _left.Kin(pair.A), _right.Kin(pair.B));
                compared[i] = new(pair.A, pair.B, 0, _rarity.Of(_left[pair.A], _right[pair.B], levels, _left.Kin(pair.A)));
                patterns[i] = (Kind.Pattern(levels), pair.By);
            }
            return compare;
        }, _ => { });
        var (of, kinds) = (new Dictionary<(ulong, uint), int>(), new List<Kind>());
        for (var i = 0; i < patterns.Length; i++)
        {
            ref var at = ref CollectionsMarshal.GetValueRefOrAddDefault(of, patterns[i], out var known);
            if (!known)
            {
                at = kinds.Count;
                kinds.Add(new(patterns[i].Item1, patterns[i].Item2));
            }
            compared[i] = compared[i] with { Kind = at };
            kinds[at].Count++;
            kinds[at].Rarity = kinds[at].Rarity.And(compared[i].Rarity);
        }
        return (compared, [.. kinds]);
    }

    internal readonly record struct Compared(int A, int B, int Kind, Rare Rarity);

    /// <summary>Pairs that agree in the same way.</summary>
    private sealed class Kind(ulong pattern, uint by)
    {
        public Level[] Levels { get; } = [.. Enumerable.Range(0, Matching.Levels.Traits).Select(trait => (Level)(pattern >> trait * 4 & 15))];

        public uint By => by;

        public int Count { get; set; }

        public Rare Rarity { get; set; }

        public Likelihoods Likelihoods { get; set; }

        public double One { get; set; }

        public double Random { get; set; }

        public static ulong Pattern(ReadOnlySpan<Level> levels)
        {
            var pattern = 0UL;
            for (var trait = 0; trait < levels.Length; trait++)
            {
                pattern |= (ulong)levels[trait] << trait * 4;
            }
            return pattern;
        }
    }
}

/// <summary>
/// Somebody else of the household explains a pair well only where the person themselves is elsewhere: matched already with another, or on no roll at all.
/// Without this, an error in a given name and a twin look alike.
/// </summary>
internal sealed class Rivals(bool apart, int left, int right)
{
    private readonly (float First, float Second)[] _ofA = new (float, float)[left];
    private readonly (float First, float Second)[] _ofB = apart ? new (float, float)[right] : [];
    private double _matched;

    /// <summary>How far a pair may be two people of one household.</summary>
    /// <param name="own">How probably the pair was one person when it was last asked.</param>
    public double Weight(int a, int b, double own)
    {
        var rival = Math.Max(Other(_ofA[a], own), Other(apart ? _ofB[b] : _ofA[b], own));
        return rival + (1 - rival) * (1 - _matched);
    }

    public void Learn(Learning.Compared[] pairs, (double One, double House, double Twins, double Chance)[] shares)
    {
        Array.Clear(_ofA);
        Array.Clear(_ofB);
        for (var i = 0; i < pairs.Length; i++)
        {
            Note(pairs[i].A, pairs[i].B, (float)shares[i].One);
        }
        Settle();
    }

    public void Note(int a, int b, float one)
    {
        Take(ref _ofA[a], one);
        Take(ref apart ? ref _ofB[b] : ref _ofA[b], one);
    }

    /// <summary>After all were noted: the share of people, among those whom anybody resembles, who have a match.</summary>
    public void Settle()
    {
        var (people, matched) = (0, 0.0);
        foreach (var (first, _) in apart ? _ofB : _ofA)
        {
            (people, matched) = (people + (first > 0 ? 1 : 0), matched + first);
        }
        _matched = people == 0 ? 0 : Math.Min(matched / people, 0.999);
    }

    private static float Other((float First, float Second) best, double own) => (float)own >= best.First ? best.Second : best.First;

    private static void Take(ref (float First, float Second) best, float one) =>
        best = one > best.First ? (one, best.First) : one > best.Second ? (best.First, one) : best;
}
