namespace Heed.Matching;

/// <summary>
/// The most that the weight of a pair can come to before its names are compared: which of them are the same is seen at once, another form of a name only by reading both. Most of those who share
/// a key have little else in common. It never lies below the weight, so that whoever is left out would have been.
/// </summary>
internal sealed class Bound
{
    private static readonly Trait[] Exact = [Trait.Born, Trait.Postcode, Trait.Address, Trait.Locality, Trait.Nhs, Trait.Upn, Trait.Pnc, Trait.Phone, Trait.Email, Trait.Occupation, Trait.Other, Trait.Siblings];
    private static readonly Level[] OfNames = [Level.Blank, Level.Differ, Level.Alike, Level.Half, Level.Slip, Level.Initial, Level.Part, Level.Form, Level.Same, Level.Swapped];

    /// <summary>What is added up as floats differs in the seventh place.</summary>
    private const double Inexact = 0.001;

    private readonly Lexicon _lexicon;
    private readonly Rarity _rarity;
    private readonly double[] _weights;

    /// <summary>What is judged after a name, by its own level: the best of them.</summary>
    private readonly double[] _sex, _mother;

    /// <summary>Of two names that are not the same, given and family: where rarity counts, and where it does not.</summary>
    private readonly double[] _form, _another;
    private readonly double _rarestMother;

    public Bound(Model model, Lexicon lexicon)
    {
        (_lexicon, _rarity, _rarestMother) = (lexicon, model.Rarity, model.Rarity.RarestMother);
        _weights = [.. model.Same.Zip(model.Chance, (same, chance) => same - chance)];
        var among = Model.At(Trait.Siblings, Level.Blank, Level.Swapped);
        _weights[among] = Math.Min(0, _weights[among]);
        foreach (var before in Enum.GetValues<Level>())
        {
            // What is filled roughly may be alike or not.
            ref var alike = ref _weights[Model.At(Trait.Address, before, Level.Alike)];
            alike = Math.Max(alike, Of(Trait.Address, Level.Differ, before));
        }
        (_sex, _mother) = (After(Trait.Sex), After(Trait.Mother));
        Trait[] names = [Trait.Given, Trait.Family];
        _form = [.. names.Select(trait => Math.Max(Of(trait, Level.Form), Of(trait, Level.Part)))];
        _another = [.. names.Select(trait => new[] { Level.Differ, Level.Alike, Level.Half, Level.Slip }.Max(level => Of(trait, level)))];

        double[] After(Trait trait) => [.. Enum.GetValues<Level>().Select(level => level == Level.Blank ? 0 : OfNames.Max(before => Of(trait, level, before)))];
    }

    /// <summary>Whether a pair may weigh more than so much.</summary>
    /// <param name="levels">Of all but the two names, filled roughly.</param>
    public bool May(double reach, ReadOnlySpan<int> a, ReadOnlySpan<int> b, ReadOnlySpan<Level> levels)
    {
        var most = Inexact + _sex[(int)levels[(int)Trait.Sex]];
        foreach (var trait in Exact)
        {
            if (levels[(int)trait] != Level.Blank)
            {
                most += _weights[Model.At((int)trait, levels)] - _rarity.OfSame(trait, a, levels);
            }
        }
        if (levels[(int)Trait.Mother] != Level.Blank)
        {
            most += _mother[(int)levels[(int)Trait.Mother]] - _rarestMother;
        }
        most += Math.Max(Of(Trait.Given, Level.Swapped), Name(Trait.Given, a, b) + Name(Trait.Family, a, b));
        return most > reach || (levels[(int)Trait.Born] is not (Level.Blank or Level.Differ) && most - Math.Min(0, _rarity.OfTimes(a)) > reach);
    }

    private double Of(Trait trait, Level level, Level before = Level.Blank) => _weights[Model.At(trait, before, level)];

    private double Name(Trait trait, ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        int one = a[(int)trait], other = b[(int)trait];
        var known = (a[(int)Slot.Aliases] | b[(int)Slot.Aliases]) != 0;
        if (!known && (one == 0 || other == 0))
        {
            return 0;
        }
        var initial = known || _lexicon.Names.Word(one).Length == 1 || _lexicon.Names.Word(other).Length == 1 ? Of(trait, Level.Initial) : double.NegativeInfinity;
        var same = one == other && one != 0 ? Math.Max(initial, Of(trait, Level.Same) - _rarity.Bits(trait, one)) : double.NegativeInfinity;
        if (!known && one == other)
        {
            return same;
        }
        // By an alias it may be another form, whatever their own names are.
        var most = Math.Max(Math.Max(same, initial), Math.Max(_another[(int)trait], _form[(int)trait] - _rarity.LeastOfForm(trait, one, other, known)));
        return known ? Math.Max(0, most) : most;
    }
}
