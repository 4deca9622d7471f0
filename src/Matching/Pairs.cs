namespace Heed.Matching;

/// <summary>Whom to compare: held, or found anew each time that they are asked for.</summary>
internal interface IPairs
{
    /// <summary>That nobody was left out.</summary>
    bool Everything { get; }

    /// <summary>How many; of very many, about how many.</summary>
    double Count { get; }

    /// <summary>All the pairs of a share of those who come second.</summary>
    List<Found> Of(double share);

    /// <summary>Likelihoods of all pairs; those that could not be one person even in a rest of a few are left out, and among very many those that are forgotten anyway.</summary>
    List<Compared> Compare(Model model);
}

internal readonly record struct Compared(int A, int B, Likelihoods Of)
{
    /// <summary>log2 of the likelihood against chance below which a pair is left out.</summary>
    public static double Least(Roll left, Roll right, Model model) => (long)left.Count * right.Count > Learning.Many ? Math.Max(0, Linkage.Least - 1 - model.Prior[0]) : 0;

    /// <summary>Whether a pair may come to more than the least, before its names are compared.</summary>
    /// <param name="levels">Filled roughly.</param>
    public static bool May(Roll left, Roll right, int a, int b, Bound bound, Levels compare, double least, Span<Level> levels)
    {
        compare.FillRoughly(left[a], right[b], levels, left.Kin(a), right.Kin(b));
        return bound.May(least, left[a], right[b], levels);
    }

    /// <param name="levels">Filled roughly.</param>
    public static void Add(List<Compared> to, Roll left, Roll right, int a, int b, Model model, Levels compare, double least, Span<Level> levels)
    {
        compare.FillClosely(left[a], right[b], levels);
        var of = model.Likelihoods(levels).Add(model.Rarity.Of(left[a], right[b], levels, left.Kin(a)));
        if (of.One - of.Chance > least)
        {
            to.Add(new(a, b, of));
        }
    }

    /// <summary>Whether all of this person's pairs are of a share.</summary>
    public static bool IsOf(double share, int b) => share >= 1 || Keys.Mix((ulong)b) < share * ulong.MaxValue;
}

internal sealed class Listed(Roll left, Roll right, List<Found> pairs, bool everything) : IPairs
{
    public bool Everything => everything;

    public double Count => pairs.Count;

    public List<Found> Of(double share) => share >= 1 ? pairs : pairs.Where(pair => Compared.IsOf(share, pair.B)).ToList();

    public List<Compared> Compare(Model model)
    {
        var (least, bound) = (Compared.Least(left, right, model), new Bound(model, left.Lexicon));
        return Linkage.Parts(pairs.Count, () => new Levels(left.Lexicon), (Levels compare, int i, List<Compared> part) =>
        {
            Span<Level> levels = stackalloc Level[Levels.Traits];
            if (Compared.May(left, right, pairs[i].A, pairs[i].B, bound, compare, least, levels))
            {
                Compared.Add(part, left, right, pairs[i].A, pairs[i].B, model, compare, least, levels);
            }
        });
    }
}

/// <summary>
/// Two of one roll who share a key that not too many have. Of twelve million there are more pairs than memory should hold: those who share a key are looked at one key after another, as they lie in
/// memory, and only the pairs that may come to something are kept.
/// </summary>
internal sealed class Within : IPairs
{
    /// <summary>Of so many people the pairs are counted.</summary>
    private const double Counted = 50_000;

    /// <summary>So many people come second at once: what may come to something is held for these alone.</summary>
    private const int AtOnce = 2_000_000;

    private const int Ranges = 64;

    private readonly Roll _roll;
    private readonly int _most;
    private readonly Postings _postings;

    /// <summary>The pairs of a share of the people.</summary>
    private readonly double _share;
    private readonly List<Found> _some;

    public Within(Roll roll, int most)
    {
        (_roll, _most, _postings) = (roll, most, new(roll, roll.Count <= Linkage.Few));
        _share = Math.Min(1, Counted / Math.Max(1, roll.Count));
        _some = Find(_share);
        Count = _some.Count / _share;
    }

    public bool Everything => false;

    public double Count { get; }

    public List<Found> Of(double share) => share <= _share ? [.. _some.Where(pair => Compared.IsOf(share, pair.B))] : Find(share);

    public List<Compared> Compare(Model model)
    {
        var (least, bound) = (Compared.Least(_roll, _roll, model), new Bound(model, _roll.Lexicon));
        var rounds = 1 + _roll.Count / AtOnce;
        var all = new List<Compared>();
        for (var round = 0; round < rounds; round++)
        {
            if (rounds > 1)
            {
                // What the reading and the round before left behind is given back before as much again is taken.
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
            }
            all.AddRange(Compare(model, bound, least, (int)((long)round * _roll.Count / rounds), (int)((round + 1L) * _roll.Count / rounds)));
        }
        return all;
    }

    /// <summary>The pairs of those who come second between two rows.</summary>
    private List<Compared> Compare(Model model, Bound bound, double least, int from, int to)
    {
        var may = Linkage.Parts(_postings.Parts, () => (Levels: new Levels(_roll.Lexicon), Rows: new int[_most]), ((Levels Levels, int[] Rows) own, int part, List<ulong> into) => _postings.Each(part, people =>
        {
            if (!Finds(people))
            {
                return;
            }
            var rows = own.Rows.AsSpan(0, people.Length);
            for (var i = 0; i < rows.Length; i++)
            {
                rows[i] = _postings.Row(people[i]);
            }
            if (_postings.Kind(people[0]) != _postings.Kind(people[^1]))
            {
                rows.Sort();
            }
            if (rows[^1] < from || rows[0] >= to)
            {
                return;
            }
            _roll.Touch(rows);
            Span<Level> levels = stackalloc Level[Levels.Traits];
            for (var i = 1; i < rows.Length; i++)
            {
                for (var j = 0; j < i && rows[i] >= from && rows[i] < to; j++)
                {
                    if (rows[i] != rows[j] && Compared.May(_roll, _roll, rows[j], rows[i], bound, own.Levels, least, levels))
                    {
                        into.Add((ulong)rows[i] << 32 | (uint)rows[j]);
                    }
                }
            }
        }));
        // Who was found by several keys stands there several times, and is compared once.
        var ends = new int[Ranges + 1];
        foreach (var pair in may)
        {
            ends[Range(pair) + 1]++;
        }
        for (var range = 0; range < Ranges; range++)
        {
            ends[range + 1] += ends[range];
        }
        var (sorted, next) = (new ulong[may.Count], ends.ToArray());
        foreach (var pair in may)
        {
            sorted[next[Range(pair)]++] = pair;
        }
        return Linkage.Parts(Ranges, () => new Levels(_roll.Lexicon), (Levels compare, int range, List<Compared> part) =>
        {
            var pairs = sorted.AsSpan(ends[range]..ends[range + 1]);
            pairs.Sort();
            Span<Level> levels = stackalloc Level[Levels.Traits];
            for (var i = 0; i < pairs.Length; i++)
            {
                if (i == 0 || pairs[i] != pairs[i - 1])
                {
                    var (a, b) = ((int)(uint)pairs[i], (int)(pairs[i] >> 32));
                    compare.FillRoughly(_roll[a], _roll[b], levels, _roll.Kin(a), _roll.Kin(b));
                    Compared.Add(part, _roll, _roll, a, b, model, compare, least, levels);
                }
            }
        });

        int Range(ulong pair) => (int)(((long)(pair >> 32) - from) * Ranges / (to - from));
    }

    private bool Finds(ReadOnlySpan<ulong> people) => people.Length > 1 && people.Length <= Keys.MostSharing(_postings.Kind(people[0]), _most);

    private List<Found> Find(double share)
    {
        var pairs = Linkage.Parts(_postings.Parts, () => 0, (int _, int part, List<Found> into) => _postings.Each(part, people =>
        {
            if (!Finds(people))
            {
                return;
            }
            foreach (var one in people)
            {
                if (Compared.IsOf(share, _postings.Row(one)))
                {
                    foreach (var other in people)
                    {
                        if (_postings.Row(other) < _postings.Row(one))
                        {
                            into.Add(new(_postings.Row(other), _postings.Row(one), 1u << _postings.Kind(one)));
                        }
                    }
                }
            }
        })).ToArray();
        Array.Sort(Array.ConvertAll(pairs, pair => (ulong)pair.B << 32 | (uint)pair.A), pairs);
        var found = new List<Found>();
        foreach (var pair in pairs)
        {
            if (found.Count > 0 && found[^1] is var last && (last.A, last.B) == (pair.A, pair.B))
            {
                found[^1] = last with { By = last.By | pair.By };
                continue;
            }
            found.Add(pair);
        }
        return found;
    }
}
