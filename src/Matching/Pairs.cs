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

    public static void Add(List<Compared> to, Roll left, Roll right, int a, int b, Model model, Levels compare, double least)
    {
        Span<Level> levels = stackalloc Level[Levels.Traits];
        compare.Fill(left[a], right[b], levels, left.Kin(a), right.Kin(b));
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
        var least = Compared.Least(left, right, model);
        return Linkage.Parts(pairs.Count, () => new Levels(left.Lexicon), (Levels compare, int i, List<Compared> part) => Compared.Add(part, left, right, pairs[i].A, pairs[i].B, model, compare, least));
    }
}

/// <summary>Two of one roll who share a key that not too many have. Of twelve million there are more pairs than memory holds: each person's are found and done with.</summary>
internal sealed class Within : IPairs
{
    /// <summary>Of so many people the pairs are counted.</summary>
    private const double Counted = 50_000;

    private readonly Roll _roll;
    private readonly int _most;
    private readonly bool _few;
    private readonly Postings _postings;

    public Within(Roll roll, int most)
    {
        (_roll, _most, _few) = (roll, most, roll.Count <= Linkage.Few);
        _postings = new(roll, _few);
        var share = Math.Min(1, Counted / Math.Max(1, roll.Count));
        Count = Of(share).Count / share;
    }

    public bool Everything => false;

    public double Count { get; }

    public List<Found> Of(double share) => Linkage.Parts(_roll.Count, () => new Gathered(_roll.Count), (Gathered gathered, int row, List<Found> part) =>
    {
        if (Compared.IsOf(share, row))
        {
            Gather(row, gathered);
            foreach (var (other, by) in gathered.Found)
            {
                part.Add(new(other, row, by));
            }
        }
    });

    public List<Compared> Compare(Model model)
    {
        var least = Compared.Least(_roll, _roll, model);
        return Linkage.Parts(_roll.Count, () => (Gathered: new Gathered(_roll.Count), Levels: new Levels(_roll.Lexicon)), ((Gathered Gathered, Levels Levels) own, int row, List<Compared> part) =>
        {
            Gather(row, own.Gathered);
            foreach (var (other, _) in own.Gathered.Found)
            {
                Compared.Add(part, _roll, _roll, other, row, model, own.Levels, least);
            }
        });
    }

    private void Gather(int row, Gathered gathered)
    {
        Span<ulong> keys = stackalloc ulong[Keys.Most];
        Span<byte> kinds = stackalloc byte[Keys.Most];
        Span<int> firsts = stackalloc int[Keys.Most];
        gathered.Begin();
        var count = Keys.Of(_roll[row], _roll.Lexicon, keys, kinds, _few);
        _postings.Firsts(keys[..count], firsts);
        for (var i = count - 1; i >= 0; i--)
        {
            if (_postings.From(firsts[i]) is var sharing && sharing.Length <= Keys.MostSharing(kinds[i], _most))
            {
                gathered.Add(sharing, kinds[i], row);
            }
        }
    }
}
