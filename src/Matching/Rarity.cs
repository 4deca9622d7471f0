namespace Heed.Matching;

/// <summary>How rare a value is against the ordinary one of its trait: agreeing on Smith says less than agreeing on Brannigan.</summary>
internal sealed class Rarity
{
    /// <summary>Telephone numbers and e-mail addresses are not counted: that one stands there often says that its owner does.</summary>
    private static readonly (Trait Trait, Slot Slot)[] Counted =
        [(Trait.Given, Slot.Given), (Trait.Family, Slot.Family), (Trait.Born, Slot.Born), (Trait.Postcode, Slot.Postcode), (Trait.Locality, Slot.Locality), (Trait.Occupation, Slot.Occupation), (Trait.Other, Slot.Other)];

    /// <summary>For each trait its slot, or -1 where no values of it are counted.</summary>
    private static readonly int[] Slots = [.. Enum.GetValues<Trait>().Select(trait => Counted.Where(counted => counted.Trait == trait).Select(counted => (int)counted.Slot).FirstOrDefault(-1))];

    private const int Many = 100_000;

    /// <summary>How rare each given name of a mother is.</summary>
    private float[] _mothers = [];

    private readonly Lexicon _lexicon;
    private readonly float[][] _bits = new float[Levels.Traits][];
    private readonly float[] _rarest = new float[Levels.Traits];

    /// <summary>For each given name how rare its sound is, and the share of people who have one that sounds so; for each family name too.</summary>
    private readonly (float Bits, double Share)[][] _sounds;

    private readonly Together _names;
    private readonly Together _soundsTogether;

    /// <summary>The sound of a given name and the ten years of a birth: names come and go.</summary>
    private readonly Together _times;

    /// <summary>Of those whose birth is known, the share who were born in each ten years.</summary>
    private readonly double[] _born = new double[1000];

    /// <param name="rolls">Two that may share people, or one.</param>
    public Rarity(Lexicon lexicon, params Roll[] rolls)
    {
        (_lexicon, _sounds) = (lexicon, new (float, double)[2][]);
        Parallel.ForEach(Counted, of =>
        {
            var (trait, slot) = of;
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
            if (trait == Trait.Born)
            {
                for (var id = 1; id < counts.Length; id++)
                {
                    _born[Years(id)] += counts[id] / known;
                }
            }
            if (together > 0)
            {
                Collision[(int)trait] = together / known / Math.Max(1, known - 1);
                for (var id = 1; id < bits.Length; id++)
                {
                    // One of the two who agree is not evidence of how common it is.
                    bits[id] = (float)Math.Log2(Math.Max(0.5, counts[id] - 0.5) / known / Collision[(int)trait]);
                }
            }
            if (trait is Trait.Given or Trait.Family)
            {
                _sounds[(int)trait] = Sounds(counts, known, trait);
            }
            (_bits[(int)trait], _rarest[(int)trait]) = (bits, together > 0 ? (float)Math.Log2(0.5 / known / Collision[(int)trait]) : 0);
        });
        // Those who are on one small roll several times would make their own names common.
        var counted = rolls.Length == 1 && rolls[0].Count < Many ? [] : rolls;
        var apart = Collision[(int)Trait.Given] * Collision[(int)Trait.Family];
        CountMothers(rolls);
        Together? names = null, sounds = null, times = null;
        Parallel.Invoke(
            () => names = new(counted, apart, Slot.Given, Slot.Family, 4, (given, family) => (ulong)given << 32 | (uint)family),
            () => sounds = new(counted, apart, Slot.Given, Slot.Family, 2, Sound),
            () => times = new(counted, 0, Slot.Given, Slot.Born, 1, (given, born) => (ulong)lexicon.Names.Word(given).First << 32 | (uint)Years(born)));
        (_names, _soundsTogether, _times) = (names!, sounds!, times!);
    }

    private int Years(int born) => _lexicon.Dates[born] / 100_000;

    private ulong Sound(int given, int family) => (ulong)_lexicon.Names.Word(given).First << 32 | _lexicon.Names.Word(family).Last;

    /// <summary>Their names are a generation older than the children's, and those of many children are met the oftener.</summary>
    private void CountMothers(Roll[] rolls)
    {
        var counts = new double[_lexicon.Names.Count];
        foreach (var roll in rolls.Where(roll => roll.HasKin))
        {
            for (var row = 0; row < roll.Count; row++)
            {
                counts[roll.Mother(row).Given]++;
            }
        }
        counts[0] = 0;
        var (known, together) = (counts.Sum(), counts.Sum(count => count * Math.Max(0, count - 1)));
        if (together > 0)
        {
            var collision = together / known / Math.Max(1, known - 1);
            _mothers = [.. counts.Select((count, id) => id == 0 ? 0 : (float)Math.Log2(Math.Max(0.5, count - 0.5) / known / collision))];
        }
    }

    /// <summary>A mother of the same given name, and where that is not said already by their own, of the same family name.</summary>
    private Rare OfMother(Kin kin, ReadOnlySpan<Level> levels)
    {
        if (levels[(int)Trait.Mother] is not (Level.Same or Level.Part))
        {
            return default;
        }
        var (given, family) = _lexicon.Wholes[kin.Mother];
        return new((given < _mothers.Length ? _mothers[given] : 0) + (levels[(int)Trait.Mother] == Level.Same && levels[(int)Trait.Family] != Level.Same ? Bits(Trait.Family, family) : 0), 0, 0);
    }

    /// <summary>How rare the sound of each name is, so that by chance the mean worth of two who sound alike is one.</summary>
    private (float Bits, double Share)[] Sounds(int[] counts, double known, Trait trait)
    {
        var (of, totals) = (new Seen(), new List<double>());
        for (var id = 1; id < counts.Length; id++)
        {
            ref var at = ref of.At(Code(trait, id), out var met);
            if (!met)
            {
                at = totals.Count;
                totals.Add(0);
            }
            totals[at] += counts[id];
        }
        double alike = 0, each = 0;
        for (var id = 1; id < counts.Length; id++)
        {
            var total = totals[of.At(Code(trait, id), out _)];
            if (total > counts[id])
            {
                (alike, each) = (alike + counts[id] * (total - counts[id]), each + counts[id] * (total - counts[id]) / total);
            }
        }
        var sounds = new (float, double)[counts.Length];
        for (var id = 1; id < counts.Length && each > 0; id++)
        {
            var share = Math.Max(1, totals[of.At(Code(trait, id), out _)]) / known;
            sounds[id] = ((float)Math.Log2(share * known * each / alike), share);
        }
        return sounds;
    }

    /// <summary>The bits of each name that is not rare, and "-" for all others.</summary>
    public void Write(TextWriter to, string what, Trait trait, Lexicon lexicon)
    {
        var bits = trait == Trait.Mother ? _mothers : _bits[(int)trait];
        var rarest = bits.Where((_, id) => id > 0).Min();
        to.WriteLine(FormattableString.Invariant($"{what} - {rarest:0.0}"));
        foreach (var (name, value) in bits.Select((value, id) => (lexicon.Names[id], value)).Where(name => name.value > rarest + 5).OrderBy(name => name.Item1, StringComparer.Ordinal))
        {
            to.WriteLine(FormattableString.Invariant($"{what} {name} {value:0.0}"));
        }
    }

    /// <summary>A value that nobody had when the counting was done is as rare as any.</summary>
    internal float Bits(Trait trait, int id) => _bits[(int)trait] is var bits && id < bits.Length ? bits[id] : _rarest[(int)trait];

    /// <summary>How often two people picked at random have the same value; 0 for a trait whose rarity is not counted.</summary>
    public double[] Collision { get; } = new double[Levels.Traits];

    /// <param name="kin">Of the one or the other: what agrees is the same of both.</param>
    public Rare Of(ReadOnlySpan<int> person, ReadOnlySpan<int> other, ReadOnlySpan<Level> levels, Kin kin = default)
    {
        var all = OfMother(kin, levels);
        foreach (var (trait, _) in Counted)
        {
            all = all.And(Of((int)trait, person, other, levels));
        }
        return all;
    }

    /// <summary>What one trait adds; of the given name also how far it goes with the family name and with the years of the birth.</summary>
    public Rare Of(int trait, ReadOnlySpan<int> person, ReadOnlySpan<int> other, ReadOnlySpan<Level> levels, Kin kin = default)
    {
        if (trait == (int)Trait.Mother)
        {
            return OfMother(kin, levels);
        }
        var (slot, level) = (Slots[trait], levels[trait]);
        if (slot < 0)
        {
            return default;
        }
        var bits = level switch
        {
            Level.Same => OfSame((Trait)trait, person, levels),
            Level.Form or Level.Part when trait is (int)Trait.Given or (int)Trait.Family => Form((Trait)trait, (Slot)slot, level, person, other),
            _ => 0,
        };
        if (trait != (int)Trait.Given)
        {
            return new(bits, Model.Household[trait] ? 0 : bits, trait == (int)Trait.Born ? bits : 0);
        }
        bits += Math.Max(0, Together(person, other, levels));
        if (level is Level.Same or Level.Form or Level.Part && levels[(int)Trait.Born] is not (Level.Blank or Level.Differ))
        {
            bits += OfTimes(person);
        }
        return new(bits, bits, 0);
    }

    /// <summary>Of a value that both have. What follows from something that agrees already is as rare as that, and was counted there.</summary>
    internal float OfSame(Trait trait, ReadOnlySpan<int> person, ReadOnlySpan<Level> levels) =>
        levels[(int)trait] == Level.Same && Slots[(int)trait] is var slot and >= 0 && (Model.After[(int)trait] is var before && (before < 0 || levels[before] != Level.Same)) ? Bits(trait, person[slot]) : 0;

    /// <summary>How far the given name goes with the years of the birth.</summary>
    internal float OfTimes(ReadOnlySpan<int> person) => (person[(int)Slot.Given], person[(int)Slot.Born], _sounds[(int)Trait.Given]) is var (name, born, sounds) && name < sounds.Length
        ? _times.Lift(name, born, sounds[name].Share * _born[Years(born)])
        : 0;

    /// <summary>The least that <see cref="Form"/> can be, and 0 at most.</summary>
    /// <param name="byAlias">It may be another name than their own that agrees.</param>
    internal float LeastOfForm(Trait trait, int a, int b, bool byAlias)
    {
        var sounds = _sounds[(int)trait];
        var (ofA, ofB) = (a < sounds.Length ? sounds[a].Bits : 0, b < sounds.Length ? sounds[b].Bits : 0);
        var least = Math.Min(Math.Max(ofA, ofB), Math.Max(Bits(trait, a), Bits(trait, b)));
        return Math.Min(0, byAlias ? Math.Min(least, Math.Min(ofA, ofB)) : least);
    }

    /// <summary>The least that agreeing on a mother can count for rarity.</summary>
    internal float RarestMother => Math.Min(0, _mothers.DefaultIfEmpty().Min()) + Math.Min(0, Math.Min(_rarest[(int)Trait.Family], _bits[(int)Trait.Family].DefaultIfEmpty().Min()));

    /// <summary>Another form of a common name is common too: as common as all that sounds like it, and as the commoner of two that do not.</summary>
    private float Form(Trait trait, Slot slot, Level level, ReadOnlySpan<int> person, ReadOnlySpan<int> other)
    {
        var (a, b, sounds) = (person[(int)slot], other[(int)slot], _sounds[(int)trait]);
        if (a < sounds.Length && b < sounds.Length && Code(trait, a) == Code(trait, b))
        {
            return Math.Max(sounds[a].Bits, sounds[b].Bits);
        }
        if (level == Level.Part)
        {
            return Math.Max(a < sounds.Length ? sounds[a].Bits : 0, b < sounds.Length ? sounds[b].Bits : 0);
        }
        // A name that somebody also goes by is as rare as it is, whatever their own.
        return b < sounds.Length && Goes(person, trait, b) ? sounds[b].Bits
            : a < sounds.Length && Goes(other, trait, a) ? sounds[a].Bits
            : Math.Max(Bits(trait, a), Bits(trait, b));
    }

    private uint Code(Trait trait, int id) => trait == Trait.Given ? _lexicon.Names.Word(id).First : _lexicon.Names.Word(id).Last;

    private bool Goes(ReadOnlySpan<int> person, Trait trait, int by)
    {
        var aliases = _lexicon.Aliases[person[(int)Slot.Aliases]];
        for (var i = (int)trait; i < aliases.Length; i += 2)
        {
            if (Code(trait, aliases[i]) == Code(trait, by))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>log2 by which given and family name together are commoner than each by itself makes it: a Marcia is a Grant, and an Agnieszka a Nowak, more often than chance has it.</summary>
    private float Together(ReadOnlySpan<int> person, ReadOnlySpan<int> other, ReadOnlySpan<Level> levels)
    {
        var (given, family) = (person[(int)Slot.Given], person[(int)Slot.Family]);
        var sounds = _sounds[(int)Trait.Given].Length;
        switch (levels[(int)Trait.Given], levels[(int)Trait.Family])
        {
            case (Level.Same, Level.Same):
                return Math.Max(0, _names.Lift(given, family, double.Exp2(Bits(Trait.Given, given) + Bits(Trait.Family, family)) * Collision[(int)Trait.Given] * Collision[(int)Trait.Family]));
            case (Level.Same or Level.Form or Level.Part, Level.Same or Level.Form) when Math.Max(Math.Max(given, family), Math.Max(other[(int)Slot.Given], other[(int)Slot.Family])) < sounds:
                var one = Lift(given, family);
                return (other[(int)Slot.Given], other[(int)Slot.Family]) is var (its, theirs) && Sound(its, theirs) == Sound(given, family) ? one : Math.Max(one, Lift(its, theirs));
            default:
                return 0;
        }

        float Lift(int given, int family) => _soundsTogether.Lift(given, family, _sounds[(int)Trait.Given][given].Share * _sounds[(int)Trait.Family][family].Share);
    }
}

/// <summary>How many people have two things together.</summary>
internal sealed class Together
{
    /// <summary>What independence would make of the two counts for this much of a person beside those who were counted.</summary>
    private const double Independent = 0.1;

    /// <summary>By hash; two may share a place, which makes both commoner.</summary>
    private readonly int[] _counts;
    private readonly Func<int, int, ulong> _of;
    private readonly double _known;
    private readonly double _together = 1;

    /// <param name="apart">How often two people would agree on both by chance, were the two independent.</param>
    /// <param name="places">For each person; the fewer different there are, the fewer suffice.</param>
    public Together(IReadOnlyList<Roll> rolls, double apart, Slot first, Slot second, int places, Func<int, int, ulong> of)
    {
        (_of, var size) = (of, 1024);
        foreach (var roll in rolls)
        {
            while (size < roll.Count * (long)places && size < 1 << 28)
            {
                size *= 2;
            }
        }
        _counts = new int[size];
        foreach (var roll in rolls)
        {
            for (var row = 0; row < roll.Count; row++)
            {
                var (one, other) = (roll[row][(int)first], roll[row][(int)second]);
                if (one != 0 && other != 0)
                {
                    ref var count = ref _counts[At(one, other)];
                    _known++;
                    _together += 2.0 * count;
                    count++;
                }
            }
        }
        _together = apart == 0 || _known < 2 ? 1 : Math.Max(1, _together / _known / (_known - 1) / apart);
    }

    /// <summary>log2 by which the two are commoner together than apart: those who have both, beyond the two who are compared, and what is expected (gamma and Poisson).</summary>
    /// <param name="share">Of all people, if the two were independent.</param>
    public float Lift(int one, int other, double share)
    {
        var expected = Math.Max(_known * share, 1e-12);
        return _known == 0 ? 0 : (float)Math.Log2((Math.Max(0, _counts[At(one, other)] - 2) + Independent) / (1 + Independent / (expected * _together)) / expected);
    }

    private int At(int one, int other) => (int)(Keys.Mix(_of(one, other)) & (ulong)(_counts.Length - 1));
}
