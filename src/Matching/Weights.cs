using System.Collections.Frozen;
using System.Globalization;

namespace Heed.Matching;

/// <summary>
/// Weighs what agrees and what does not, with parameters learnt once (weights-1.txt, weights-2.txt, each from an invented register) and never changed: another set is another version. The rules that
/// can be read aloud stand above it: it never links what they call near or different, it sends to a person what they would link and it finds doubtful, and it shows a person what they would miss.
/// The second knows mothers, brothers and sisters, and that somebody lived elsewhere before.
/// </summary>
public sealed class Weights : IMatcher
{
    /// <summary>Below this probability a rule's link is for somebody to look at; from the other on, what no rule sees.</summary>
    private const double Doubtful = 0.9, WorthALook = 0.5;

    /// <summary>
    /// Two who are asked about alone have no rivals to be held against, so that a brother or a twin must be thought of oftener than among all pairs: sixteen times.
    /// </summary>
    private const double Alone = 16;

    private static readonly (Trait Trait, Field Field)[] Shown =
    [
        (Trait.Given, Field.GivenName), (Trait.Family, Field.FamilyName), (Trait.Born, Field.Born), (Trait.Sex, Field.Sex), (Trait.Nhs, Field.NhsNumber), (Trait.Upn, Field.Upn), (Trait.Pnc, Field.PncId), (Trait.Postcode, Field.Postcode),
        (Trait.Address, Field.Address), (Trait.Mother, Field.MotherName), (Trait.Siblings, Field.Siblings),
    ];

    private static readonly FirstRules Rules = new();

    private readonly Model _model = new();

    /// <summary>log2 by which an address that one had before is met the more seldom than the present one: it speaks the less for one person.</summary>
    private readonly double _former;

    /// <summary>How rare names are: of given names, family names and mothers' given names.</summary>
    private readonly FrozenDictionary<string, float> _given, _family, _mother;
    private readonly bool _first;

    public Weights(int version = 2)
    {
        (Version, _first) = ($"weights/{version}", version == 1);
        using var file = new StreamReader(typeof(Weights).Assembly.GetManifestResourceStream($"Heed.Matching.weights-{version}.txt")!);
        Dictionary<string, float> given = [], family = [], mother = [];
        while (file.ReadLine()?.Split(' ') is { } words)
        {
            double Number(int at) => double.Parse(words[at], CultureInfo.InvariantCulture);
            switch (words[0])
            {
                case "prior":
                    (_model.Prior[0], _model.Prior[1], _model.Prior[2]) = (Number(1), Number(2), Number(3));
                    break;
                case "level":
                    var at = Model.At(Enum.Parse<Trait>(words[1]), Enum.Parse<Level>(words[2]), Enum.Parse<Level>(words[3]));
                    (_model.Same[at], _model.Chance[at]) = (Number(4), Number(5));
                    break;
                case "former":
                    _former = Number(1);
                    break;
                default:
                    (words[0] == "given" ? given : words[0] == "family" ? family : mother)[words[1]] = (float)Number(2);
                    break;
            }
        }
        (_given, _family, _mother) = (given.ToFrozenDictionary(), family.ToFrozenDictionary(), mother.ToFrozenDictionary());
    }

    public string Version { get; }

    public Comparison Compare(Description a, Description b)
    {
        var ruled = Rules.Compare(a, b);
        var weighed = Weigh(a, b);
        var (verdict, reason) = (ruled.Verdict, weighed.Probability) switch
        {
            (Verdict.Same, < Doubtful) => (Verdict.Near, weighed.Levels[(int)Trait.Siblings] == Level.Swapped ? $"{ruled.Reason}, but one is named as the other's brother or sister" : $"{ruled.Reason}, which many people share"),
            (Verdict.Different, >= WorthALook) when weighed.Enough => (Verdict.Near, "much that is rare agrees, though no single rule says so"),
            _ => (ruled.Verdict, ruled.Reason),
        };
        var lines = _first ? ruled.Fields : [.. ruled.Fields.Select(line => Seen(line, weighed)), Siblings(a, b, weighed.Levels[(int)Trait.Siblings])];
        var fields = lines.Select(line => line with { Weight = weighed.Of.TryGetValue(line.Field, out var weight) ? Math.Round(weight, 2) : null }).ToList();
        fields.Add(new(Field.Beforehand, Agreement.Blank, null, null) { Weight = Math.Round(_model.Prior[0], 2) });
        fields.Add(new(Field.Household, Agreement.Blank, null, null) { Weight = Math.Round(weighed.Household, 2) });
        return new(verdict, reason, fields, Version) { Probability = weighed.Probability };
    }

    /// <summary>What the weights see better than the rules: "Mum" is nobody's name, a mother may have had another one, and an address may be one of before.</summary>
    private static FieldComparison Seen(FieldComparison line, Weighed weighed) => (line.Field, weighed.Levels[(int)Trait.Mother]) switch
    {
        (Field.MotherName, Level.Blank) => line with { Agreement = Agreement.Blank, Why = null },
        (Field.MotherName, Level.Same) => line with { Agreement = Agreement.Agree, Why = null },
        (Field.MotherName, Level.Differ) => line with { Agreement = Agreement.Differ, Why = null },
        (Field.MotherName, Level.Part) => line with { Agreement = Agreement.Near, Why = "the same given name; a family name changes" },
        (Field.MotherName, _) => line with { Agreement = Agreement.Near, Why = "similar" },
        (Field.Postcode, _) when weighed.Former && weighed.Levels[(int)Trait.Postcode] == Level.Same => line with { Agreement = Agreement.Near, Why = Before },
        (Field.Address, _) when weighed.Former && weighed.Levels[(int)Trait.Address] == Level.Same => line with { Agreement = Agreement.Near, Why = Before },
        _ => line,
    };

    private const string Before = "where one of them lived before";

    private static FieldComparison Siblings(Description a, Description b, Level level)
    {
        var (agreement, why) = level switch
        {
            Level.Blank => (Agreement.Blank, (string?)null),
            Level.Same => (Agreement.Agree, null),
            Level.Form => (Agreement.Near, "by given name"),
            Level.Swapped => (Agreement.Differ, "one is named as the other's brother or sister"),
            _ => (Agreement.Differ, null),
        };
        return new(Field.Siblings, agreement, Written(a), Written(b), why);

        static string? Written(Description d) => d.Siblings.Count == 0 ? null : string.Join("; ", d.Siblings.Select(s => $"{s.Given} {s.Family}".Trim() + (s.Born is { } born ? FormattableString.Invariant($", born {born:d MMMM uuuu}") : "")));
    }

    /// <param name="Levels">How each trait agrees, at the addresses that fit best.</param>
    /// <param name="Former">At least one of these addresses is not the present one.</param>
    /// <param name="Enough">Whether name and birth are among what agrees.</param>
    private sealed record Weighed(double Probability, double Household, Dictionary<Field, double> Of, Level[] Levels, bool Former, bool Enough);

    private Weighed Weigh(Description a, Description b)
    {
        var lexicon = new Lexicon();
        // Two people have few words: a large memory for them would cost more than all the rest.
        var compare = new Levels(lexicon, bits: 6, first: _first);
        var (kin, theirs) = (KinOf(a, lexicon), KinOf(b, lexicon));
        Span<Level> levels = stackalloc Level[Levels.Traits];
        var (best, most, before) = (new Level[Levels.Traits], double.NegativeInfinity, 0.0);
        var (rows, others) = (Rows(a, lexicon), Rows(b, lexicon));
        for (var i = 0; i < rows.Count; i++)
        {
            for (var j = 0; j < others.Count; j++)
            {
                compare.Fill(rows[i], others[j], levels, kin, theirs);
                var likelihoods = _model.Likelihoods(levels);
                var former = i + j > 0 && (levels[(int)Trait.Postcode], levels[(int)Trait.Address]) is not (Level.Blank or Level.Differ, Level.Blank or Level.Differ) ? _former : 0;
                if (likelihoods.One - likelihoods.Chance + former > most)
                {
                    (most, before) = (likelihoods.One - likelihoods.Chance + former, former);
                    levels.CopyTo(best);
                }
            }
        }
        var (given, family) = (Bits(_given, Names.FoldGiven(a.Given), best[(int)Trait.Given] == Level.Same), Bits(_family, Names.FoldFamily(a.Family), best[(int)Trait.Family] == Level.Same));
        var (hers, her) = lexicon.Wholes[kin.Mother];
        var mother = Bits(_mother, lexicon.Names[hers], best[(int)Trait.Mother] is Level.Same or Level.Part) + Bits(_family, lexicon.Names[her], best[(int)Trait.Mother] == Level.Same && best[(int)Trait.Family] != Level.Same);
        var of = _model.Likelihoods(best).Add(new(given + family + mother - (float)before, given, 0));
        var weights = new Dictionary<Field, double>();
        foreach (var (trait, field) in Shown)
        {
            if (best[(int)trait] != Level.Blank)
            {
                var own = _model.Likelihoods((int)trait, best);
                weights[field] = own.One - own.Chance - trait switch { Trait.Given => given, Trait.Family => family, Trait.Mother => mother, _ => 0 };
            }
        }
        if (before < 0)
        {
            weights[best[(int)Trait.Postcode] is Level.Blank or Level.Differ ? Field.Address : Field.Postcode] += before;
        }
        var odds = _model.Odds(of, Alone);
        if (best[(int)Trait.Siblings] == Level.Swapped)
        {
            // What it takes away it takes by way of the household: it is said where it comes from.
            var (own, named) = (weights[Field.Siblings], _model.Likelihoods((int)Trait.Siblings, best));
            weights[Field.Siblings] = odds - _model.Odds(new(of.One - named.One, of.House - named.House, of.Twins - named.Twins, of.Chance - named.Chance), Alone);
            of = of with { One = of.One + weights[Field.Siblings] - own };
        }
        var household = odds - (_model.Prior[0] + of.One - of.Chance);
        var enough = best[(int)Trait.Given] is not (Level.Blank or Level.Differ) && best[(int)Trait.Born] is not (Level.Blank or Level.Differ);
        return new(1 / (1 + double.Exp2(-odds)), household, weights, best, before < 0, enough);
    }

    /// <summary>Of a name that is not in the list, what its rarest have.</summary>
    private static float Bits(FrozenDictionary<string, float> names, string name, bool agree) => agree ? names.TryGetValue(name, out var bits) ? bits : names["-"] : 0;

    private Kin KinOf(Description d, Lexicon lexicon) => _first ? default : lexicon.Read(Column.Mother, d.MotherName, default(Kin)) with { Siblings = lexicon.All(d.Siblings) };

    /// <summary>One row for each address that somebody has had, the present one first.</summary>
    private List<int[]> Rows(Description d, Lexicon lexicon)
    {
        // The first weights took the last of the shorter list for all that it lacks.
        string? At(IReadOnlyList<string> of, int at) => of.ElementAtOrDefault(at) ?? (_first ? of.LastOrDefault() : null);
        var rows = new List<int[]>();
        for (var at = 0; at < Math.Max(1, Math.Max(d.Postcodes.Count, d.AddressLines.Count)); at++)
        {
            var row = new int[Roll.Stride];
            lexicon.Read(Column.Given, d.Given, row);
            lexicon.Read(Column.Family, d.Family, row);
            lexicon.Read(Column.Aliases, string.Join(';', d.AlsoKnownAs), row);
            lexicon.Read(Column.Sex, d.Sex, row);
            lexicon.Read(Column.Postcode, At(d.Postcodes, at), row);
            lexicon.Read(Column.Address, At(d.AddressLines, at), row);
            row[(int)Slot.Born] = lexicon.Date(d.Born);
            foreach (var (type, value) in Numbers.Valid(d))
            {
                lexicon.Read(type == Numbers.Nhs ? Column.Nhs : type == Numbers.Upn ? Column.Upn : Column.Pnc, value, row);
            }
            rows.Add(row);
        }
        return rows;
    }
}

/// <summary>Every version of the rules that ever decided, by the name that stands with each decision.</summary>
public static class Versions
{
    private static readonly IMatcher[] All = [new FirstRules(), new Weights(1), new Weights()];

    /// <summary>What decides now.</summary>
    public static IMatcher Current => All[^1];

    public static IMatcher? Of(string version) => All.FirstOrDefault(rules => rules.Version == version);
}
