using System.Runtime.CompilerServices;

namespace Heed.Matching;

/// <summary>log2 likelihoods of a pair: as one person, as two of a household, as twins and by chance.</summary>
internal readonly record struct Likelihoods(double One, double House, double Twins, double Chance)
{
    public static Likelihoods operator +(Likelihoods a, Likelihoods b) => new(a.One + b.One, a.House + b.House, a.Twins + b.Twins, a.Chance + b.Chance);

    public static Likelihoods operator /(Likelihoods sum, int count) => new(sum.One / count, sum.House / count, sum.Twins / count, sum.Chance / count);

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
    /// <summary>What is judged after what: an address agrees or not once one knows whether the postcode does, a mother whether the family name does; so the same thing is not counted twice.</summary>
    internal static readonly int[] After = Of(Trait.Sex, Trait.Given, Trait.Address, Trait.Postcode, Trait.Locality, Trait.Postcode, Trait.Mother, Trait.Family);

    /// <summary>What a household has together.</summary>
    internal static readonly bool[] Household = [.. Enum.GetValues<Trait>().Select(trait => trait is Trait.Family or Trait.Postcode or Trait.Address or Trait.Locality or Trait.Phone or Trait.Mother or Trait.Siblings)];

    private const int Row = Levels.Kinds, Table = Row * Row;

    /// <summary>log2 of how often one of a household is written down with another's number: mothers and babies, twins.</summary>
    private const double AnothersNumber = -8;

    /// <summary>log2 of how often one of a household is among the brothers and sisters of the other, where anybody is named.</summary>
    private const double NamedAmongThem = -1;

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
        double one = 0, house = 0, twins = 0, chance = 0;
        for (var trait = 0; trait < Levels.Traits; trait++)
        {
            if (levels[trait] != Level.Blank)
            {
                var of = Likelihoods(trait, levels);
                (one, house, twins, chance) = (one + of.One, house + of.House, twins + of.Twins, chance + of.Chance);
            }
        }
        return new(one, house, twins, chance);
    }

    /// <summary>What one trait that is not blank adds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Likelihoods Likelihoods(int trait, ReadOnlySpan<Level> levels)
    {
        var at = At(trait, levels);
        var (same, chance) = (Same[at], Chance[at]);
        if (trait == (int)Trait.Siblings && levels[trait] == Level.Swapped)
        {
            // Nobody is their own brother: it speaks for one of a household, and never for one person.
            return new(same, NamedAmongThem, NamedAmongThem, Math.Max(same, chance));
        }
        var house = Household[trait] ? same : trait is (int)Trait.Nhs or (int)Trait.Upn or (int)Trait.Pnc && levels[trait] == Level.Same ? Math.Max(AnothersNumber, chance) : chance;
        return new(same, house, trait == (int)Trait.Born ? same : house, chance);
    }

    /// <summary>2 to the power of x, to twelve places: faster than the power that the runtime would take.</summary>
    internal static double Exp2(double x)
    {
        if (x is < -1000 or > 1000)
        {
            return x < 0 ? 0 : double.Exp2(x);
        }
        var whole = Math.Floor(x + 0.5);
        var rest = (x - whole) * 0.6931471805599453;
        // e to the power of the rest, which is under 0.35, after Taylor.
        var sum = 1 + rest * (1 + rest / 2 * (1 + rest * (1.0 / 3) * (1 + rest * (1.0 / 4) * (1 + rest * (1.0 / 5) * (1 + rest * (1.0 / 6) * (1 + rest * (1.0 / 7) * (1 + rest * (1.0 / 8) * (1 + rest * (1.0 / 9) * (1 + rest * (1.0 / 10))))))))));
        return sum * BitConverter.Int64BitsToDouble((long)whole + 1023 << 52);
    }

    /// <summary>log2 odds that a pair is one person.</summary>
    /// <param name="others">How far it may be two of one household: 1 unless more is known.</param>
    internal double Odds(Likelihoods of, double others = 1) =>
        of.One + Prior[0] - Math.Log2(others * (Exp2(of.House + Prior[1]) + Exp2(of.Twins + Prior[2])) + Exp2(of.Chance));

    internal (double One, double House, double Twins, double Chance) Shares(Likelihoods of, double others)
    {
        var (one, house, twins, chance) = (Exp2(of.One + Prior[0]), others * Exp2(of.House + Prior[1]), others * Exp2(of.Twins + Prior[2]), Exp2(of.Chance));
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
        Rarity.Write(to, "mother", Trait.Mother, lexicon);
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
