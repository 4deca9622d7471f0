namespace Heed.Matching;

/// <summary>log2 likelihoods of a pair: as one person, as two of a household, as twins and by chance.</summary>
internal readonly record struct Likelihoods(double One, double House, double Twins, double Chance)
{
    public Likelihoods Add(Rare rarity) => new(One, House + rarity.OfPerson, Twins + rarity.OfPerson - rarity.OfBirth, Chance + rarity.OfAll);
}

/// <summary>log2 by which agreeing on these values is commoner by chance than agreeing is in general: over all traits, over those that a household does not share, and of the birth alone.</summary>
internal readonly record struct Rare(float OfAll, float OfPerson, float OfBirth)
{
    public Rare And(Rare other) => new(OfAll + other.OfAll, OfPerson + other.OfPerson, OfBirth + other.OfBirth);

    public Rare Over(int count) => new(OfAll / count, OfPerson / count, OfBirth / count);
}

/// <summary>
/// What two people's agreements are worth (Fellegi and Sunter 1969), for four ways in which a pair can come about: one person; two of one household;
/// twins; two whom chance brought together. The last three differ: brothers and sisters share name, address and telephone as one person does, twins the birthday too,
/// and a model that knows only "the same" and "by chance" takes them for one. docs/matching.md has the method and its sources.
/// </summary>
public sealed class Model
{
    /// <summary>What is judged after what: an address agrees or not once one knows whether the postcode does; so the same thing is not counted twice.</summary>
    internal static readonly int[] After = Of(Trait.Sex, Trait.Given, Trait.Address, Trait.Postcode, Trait.Locality, Trait.Postcode);

    /// <summary>What a household has together.</summary>
    internal static readonly bool[] Household = [.. Enum.GetValues<Trait>().Select(trait => trait is Trait.Family or Trait.Postcode or Trait.Address or Trait.Locality or Trait.Phone)];

    private const int Row = Levels.Kinds, Table = Row * Row;

    /// <summary>log2 of how often one of a household is written down with another's number: mothers and babies, twins.</summary>
    private const double AnothersNumber = -8;

    internal Model()
        : this(new double[Levels.Traits * Table], new double[Levels.Traits * Table], new double[3])
    {
    }

    private Model(double[] same, double[] chance, double[] prior) => (Same, Chance, Prior) = (same, chance, prior);

    /// <summary>log2 of how often a level is met in one person, and by chance: by trait, level of what comes before, level.</summary>
    internal double[] Same { get; }

    internal double[] Chance { get; }

    /// <summary>log2 of how many of all possible pairs are one person, two of one household, twins.</summary>
    internal double[] Prior { get; }

    /// <summary>Which of these were ever met, in one person or by chance.</summary>
    internal bool[] Met { get; } = new bool[Levels.Traits * Table];

    internal Rarity Rarity { get; init; } = null!;

    /// <summary>The same agreements among pairs of which another share is one person.</summary>
    internal Model Expecting(double share) => new(Same, Chance, [Math.Log2(share), Prior[1], Prior[2]]) { Rarity = Rarity };

    internal static int At(Trait trait, Level before, Level level) => (int)trait * Table + (int)before * Row + (int)level;

    internal static int At(int trait, ReadOnlySpan<Level> levels) => trait * Table + (After[trait] < 0 ? 0 : (int)levels[After[trait]] * Row) + (int)levels[trait];

    /// <summary>As ordinary values would have it: rarity comes on top.</summary>
    internal Likelihoods Likelihoods(ReadOnlySpan<Level> levels)
    {
        double one = 0, house = 0, chance = 0, born = 0;
        for (var trait = 0; trait < Levels.Traits; trait++)
        {
            if (levels[trait] == Level.Blank)
            {
                continue;
            }
            var at = At(trait, levels);
            one += Same[at];
            chance += Chance[at];
            house += Household[trait] ? Same[at] : trait is (int)Trait.Nhs or (int)Trait.Upn or (int)Trait.Pnc && levels[trait] == Level.Same ? Math.Max(AnothersNumber, Chance[at]) : Chance[at];
            born = trait == (int)Trait.Born ? Same[at] - Chance[at] : born;
        }
        return new(one, house, house + born, chance);
    }

    /// <summary>log2 odds that a pair is one person.</summary>
    /// <param name="others">How far it may be two of one household: 1 unless more is known.</param>
    internal double Odds(Likelihoods of, double others = 1) =>
        of.One + Prior[0] - Math.Log2(others * (double.Exp2(of.House + Prior[1]) + double.Exp2(of.Twins + Prior[2])) + double.Exp2(of.Chance));

    internal (double One, double House, double Twins, double Chance) Shares(Likelihoods of, double others)
    {
        var (one, house, twins, chance) = (double.Exp2(of.One + Prior[0]), others * double.Exp2(of.House + Prior[1]), others * double.Exp2(of.Twins + Prior[2]), double.Exp2(of.Chance));
        var all = one + house + twins + chance;
        return all == 0 ? (0, 0, 0, 1) : (one / all, house / all, twins / all, chance / all);
    }

    /// <summary>What was learnt, as text: for each trait and level how often it is met in one person and by chance, and its weight.</summary>
    public void Print(TextWriter to)
    {
        to.WriteLine($"of all pairs 2^{Prior[0]:0.0} are one person, 2^{Prior[1]:0.0} of one household, 2^{Prior[2]:0.0} twins");
        for (var trait = 0; trait < Levels.Traits; trait++)
        {
            foreach (var before in After[trait] < 0 ? [Level.Blank] : Enum.GetValues<Level>())
            {
                var at = trait * Table + (int)before * Row;
                if (!Met[at..(at + Row)].Any(met => met))
                {
                    continue;
                }
                to.WriteLine($"{(Trait)trait,-10} {(After[trait] < 0 ? "" : before),-8} " + string.Join("  ", Enumerable.Range(1, Row - 1).Select(level => (Level: (Level)level, At: trait * Table + (int)before * Row + level))
                    .Where(l => Met[l.At]).Select(l => $"{l.Level} {double.Exp2(Same[l.At]):0.000}/{double.Exp2(Chance[l.At]):0.0e0}={Same[l.At] - Chance[l.At]:0.0}")));
            }
        }
    }

    /// <summary>All that was learnt, for <see cref="Weights"/> to read: whole names apart, which its pairs do not need.</summary>
    public void Write(TextWriter to, Lexicon lexicon)
    {
        to.WriteLine(FormattableString.Invariant($"prior {Prior[0]:0.000} {Prior[1]:0.000} {Prior[2]:0.000}"));
        foreach (var trait in Enum.GetValues<Trait>())
        {
            // The generator gives NHS numbers only: another number that passes its check is taken to be as good.
            var like = trait is Trait.Upn or Trait.Pnc ? Trait.Nhs : trait;
            foreach (var before in After[(int)trait] < 0 ? [Level.Blank] : Enum.GetValues<Level>())
            {
                foreach (var level in Enum.GetValues<Level>().Where(level => Met[At(like, before, level)]))
                {
                    to.WriteLine(FormattableString.Invariant($"level {trait} {before} {level} {Same[At(like, before, level)]:0.000} {Chance[At(like, before, level)]:0.000}"));
                }
            }
        }
        Rarity.Write(to, "given", Trait.Given, lexicon);
        Rarity.Write(to, "family", Trait.Family, lexicon);
    }

    private static int[] Of(params Trait[] pairs)
    {
        var after = Enumerable.Repeat(-1, Levels.Traits).ToArray();
        for (var i = 0; i < pairs.Length; i += 2)
        {
            after[(int)pairs[i]] = (int)pairs[i + 1];
        }
        return after;
    }
}

/// <summary>How rare a value is against the ordinary one of its trait: agreeing on Smith says less than agreeing on Brannigan.</summary>
internal sealed class Rarity
{
    private static readonly (Trait Trait, Slot Slot)[] Counted =
        [(Trait.Given, Slot.Given), (Trait.Family, Slot.Family), (Trait.Born, Slot.Born), (Trait.Postcode, Slot.Postcode), (Trait.Locality, Slot.Locality), (Trait.Email, Slot.Email), (Trait.Occupation, Slot.Occupation), (Trait.Other, Slot.Other)];

    /// <summary>What independence would make of a whole name counts for this much of a person beside those who were counted.</summary>
    private const double Independent = 0.1;

    private const int Many = 100_000;

    private readonly float[][] _bits = new float[Levels.Traits][];
    private readonly float[] _rarest = new float[Levels.Traits];

    /// <summary>How many have each whole name, by its hash; two names may share a place, which makes both commoner.</summary>
    private readonly ushort[] _wholeNames;
    private readonly double _wholeKnown;
    private readonly double _together = 1;

    /// <param name="rolls">Two that may share people, or one.</param>
    public Rarity(Lexicon lexicon, params ReadOnlySpan<Roll> rolls)
    {
        foreach (var (trait, slot) in Counted)
        {
            var counts = new int[lexicon.Size(slot)];
            foreach (var roll in rolls)
            {
                for (var at = (int)slot; at < roll.Cells.Length; at += Roll.Stride)
                {
                    counts[roll.Cells[at]]++;
                }
            }
            counts[0] = 0;
            var known = counts.Sum(count => (double)count);
            var together = counts.Sum(count => (double)count * (count - 1));
            var bits = new float[counts.Length];
            if (together > 0)
            {
                Collision[(int)trait] = together / known / Math.Max(1, known - 1);
                for (var id = 1; id < bits.Length; id++)
                {
                    // One of the two who agree is not evidence of how common it is.
                    bits[id] = (float)Math.Log2(Math.Max(0.5, counts[id] - 0.5) / known / Collision[(int)trait]);
                }
            }
            (_bits[(int)trait], _rarest[(int)trait]) = (bits, together > 0 ? (float)Math.Log2(0.5 / known / Collision[(int)trait]) : 0);
        }
        // Given and family name are not drawn apart: a Marcia is a Grant, and an Agnieszka a Nowak, more often than chance has it.
        var size = 1024;
        foreach (var roll in rolls)
        {
            while (size < roll.Count * 8L && size < 1 << 28)
            {
                size *= 2;
            }
        }
        _wholeNames = new ushort[size];
        foreach (var roll in rolls)
        {
            for (var row = 0; row < roll.Count; row++)
            {
                if (Whole(roll[row]) is var at and >= 0)
                {
                    _wholeKnown++;
                    _together += 2 * _wholeNames[at];
                    _wholeNames[at] = (ushort)Math.Min(_wholeNames[at] + 1, ushort.MaxValue);
                }
            }
        }
        if (rolls.Length == 1 && rolls[0].Count < Many)
        {
            // Those who are on it several times would make their own names common.
            _wholeNames.AsSpan().Clear();
            return;
        }
        var apart = Collision[(int)Trait.Given] * Collision[(int)Trait.Family];
        _together = apart == 0 || _wholeKnown < 2 ? 1 : Math.Max(1, _together / _wholeKnown / (_wholeKnown - 1) / apart);
    }

    /// <summary>The bits of each name that is not rare, and "-" for all others.</summary>
    public void Write(TextWriter to, string what, Trait trait, Lexicon lexicon)
    {
        var bits = _bits[(int)trait];
        var rarest = bits.Where((_, id) => id > 0).Min();
        to.WriteLine(FormattableString.Invariant($"{what} - {rarest:0.0}"));
        foreach (var (name, value) in bits.Select((value, id) => (lexicon.Names[id], value)).Where(name => name.value > rarest + 5).OrderBy(name => name.Item1, StringComparer.Ordinal))
        {
            to.WriteLine(FormattableString.Invariant($"{what} {name} {value:0.0}"));
        }
    }

    /// <summary>A value that nobody had when the counting was done is as rare as any.</summary>
    private float Bits(Trait trait, int id) => _bits[(int)trait] is var bits && id < bits.Length ? bits[id] : _rarest[(int)trait];

    private int Whole(ReadOnlySpan<int> person) => person[(int)Slot.Given] is 0 || person[(int)Slot.Family] is 0 ? -1
        : (int)(Keys.Mix((ulong)person[(int)Slot.Given] << 32 | (uint)person[(int)Slot.Family]) & (ulong)(_wholeNames.Length - 1));

    /// <summary>How often two people picked at random have the same value; 0 for a trait whose rarity is not counted.</summary>
    public double[] Collision { get; } = new double[Levels.Traits];

    public Rare Of(ReadOnlySpan<int> person, ReadOnlySpan<int> other, ReadOnlySpan<Level> levels)
    {
        float all = 0, own = 0, birth = 0;
        foreach (var (trait, slot) in Counted)
        {
            // What follows from something that agrees already is as rare as that, and was counted there.
            if (levels[(int)trait] == Level.Same && (Model.After[(int)trait] is var before && (before < 0 || levels[before] != Level.Same)))
            {
                var bits = Bits(trait, person[(int)slot]);
                all += bits;
                own += Model.Household[(int)trait] ? 0 : bits;
                birth = trait == Trait.Born ? bits : birth;
            }
            else if (trait is Trait.Given or Trait.Family && levels[(int)trait] is Level.Form or Level.Part)
            {
                // Another form of a common name is common too.
                var bits = Math.Max(Bits(trait, person[(int)slot]), Bits(trait, other[(int)slot]));
                all += bits;
                own += trait == Trait.Given ? bits : 0;
            }
        }
        if (levels[(int)Trait.Given] == Level.Same && levels[(int)Trait.Family] == Level.Same)
        {
            // log2 by which the whole name is commoner than its parts make it: those who have it, beyond the two who are compared, and what is expected (gamma and Poisson).
            var (given, family) = (Bits(Trait.Given, person[(int)Slot.Given]), Bits(Trait.Family, person[(int)Slot.Family]));
            var expected = _wholeKnown * double.Exp2(given + family) * Collision[(int)Trait.Given] * Collision[(int)Trait.Family];
            var likely = expected * _together;
            var others = Math.Max(0, _wholeNames[Whole(person)] - 2);
            var lift = (float)Math.Max(0, Math.Log2((others + Independent) / (1 + Independent / likely) / expected));
            all += lift;
            own += lift;
        }
        return new(all, own, birth);
    }
}
