namespace Heed.Matching;

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

    /// <summary>log2 of how often a level is met in one person, and by chance: by trait, level of what comes before, level.</summary>
    internal double[] Same { get; } = new double[Levels.Traits * Table];

    internal double[] Chance { get; } = new double[Levels.Traits * Table];

    /// <summary>log2 of how many of all possible pairs are one person, of one household, twins.</summary>
    internal double[] Prior { get; } = new double[3];

    internal Rarity Rarity { get; init; } = null!;

    internal static int At(int trait, ReadOnlySpan<Level> levels) => trait * Table + (After[trait] < 0 ? 0 : (int)levels[After[trait]] * Row) + (int)levels[trait];

    /// <summary>log2 likelihoods of a pair as one person, as two of a household, as twins and by chance.</summary>
    internal (double One, double House, double Twins, double Chance) Likelihoods(ReadOnlySpan<Level> levels, ReadOnlySpan<float> rarity)
    {
        double one = 0, house = 0, chance = 0, born = 0;
        for (var trait = 0; trait < Levels.Traits; trait++)
        {
            if (levels[trait] == Level.Blank)
            {
                continue;
            }
            var at = At(trait, levels);
            double same = Same[at], random = Chance[at] + rarity[trait];
            one += same;
            chance += random;
            house += Household[trait] ? same : random;
            born = trait == (int)Trait.Born ? same - random : born;
        }
        return (one, house, house + born, chance);
    }

    /// <summary>How surely they are one person: log2 of the likelihood against chance, and the probability among all four ways. Nothing else is known of the two.</summary>
    internal (double Weight, double Probability) Score(ReadOnlySpan<Level> levels, ReadOnlySpan<float> rarity)
    {
        var (one, house, twins, chance) = Likelihoods(levels, rarity);
        return (one - chance, 1 / (1 + double.Exp2(-Odds(one, house, twins, chance))));
    }

    internal double Odds(double one, double house, double twins, double chance) =>
        one + Prior[0] - Math.Log2(double.Exp2(house + Prior[1]) + double.Exp2(twins + Prior[2]) + double.Exp2(chance));

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
    private static readonly (Trait Trait, Slot Slot)[] Rare =
        [(Trait.Given, Slot.Given), (Trait.Family, Slot.Family), (Trait.Born, Slot.Born), (Trait.Postcode, Slot.Postcode), (Trait.Locality, Slot.Locality), (Trait.Email, Slot.Email), (Trait.Occupation, Slot.Occupation), (Trait.Other, Slot.Other)];

    private readonly float[][] _bits = new float[Levels.Traits][];

    /// <summary>How often two people picked at random have the same value; 0 for a trait whose rarity is not counted.</summary>
    public double[] Collision { get; } = new double[Levels.Traits];

    public Rarity(Lexicon lexicon, params ReadOnlySpan<Roll> rolls)
    {
        foreach (var (trait, slot) in Rare)
        {
            var counts = new int[lexicon.Size(slot)];
            var known = 0L;
            foreach (var roll in rolls)
            {
                for (var at = (int)slot; at < roll.Cells.Length; at += Roll.Stride)
                {
                    counts[roll.Cells[at]]++;
                    known += roll.Cells[at] == 0 ? 0 : 1;
                }
            }
            counts[0] = 0;
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
            _bits[(int)trait] = bits;
        }
    }

    /// <summary>log2 by which each trait's agreement is commoner than the ordinary agreement of its kind.</summary>
    public void Fill(ReadOnlySpan<int> a, ReadOnlySpan<int> b, ReadOnlySpan<Level> levels, Span<float> into)
    {
        into.Clear();
        foreach (var (trait, slot) in Rare)
        {
            var (level, before) = (levels[(int)trait], Model.After[(int)trait]);
            if (level == Level.Same || (trait == Trait.Born && level == Level.Form))
            {
                // What follows from something that agrees already is as rare as that, and was counted there.
                into[(int)trait] = before >= 0 && levels[before] == Level.Same ? 0 : _bits[(int)trait][a[(int)slot]];
            }
        }
    }
}
