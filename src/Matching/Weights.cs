using System.Collections.Frozen;
using System.Globalization;

namespace Heed.Matching;

/// <summary>
/// Weighs what agrees and what does not, with parameters learnt once (weights-1.txt, from an invented register) and never changed: another set is another version. The rules that can be
/// read aloud stand above it: it never links what they call near or different, it sends to a person what they would link and it finds doubtful, and it shows a person what they would miss.
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
        [(Trait.Given, Field.GivenName), (Trait.Family, Field.FamilyName), (Trait.Born, Field.Born), (Trait.Sex, Field.Sex), (Trait.Nhs, Field.NhsNumber), (Trait.Upn, Field.Upn), (Trait.Pnc, Field.PncId), (Trait.Postcode, Field.Postcode), (Trait.Address, Field.Address)];

    private static readonly FirstRules Rules = new();

    private readonly Model _model = new();
    private readonly FrozenDictionary<string, float> _given;
    private readonly FrozenDictionary<string, float> _family;
    private readonly float _rarestGiven;
    private readonly float _rarestFamily;

    public Weights()
    {
        using var file = new StreamReader(typeof(Weights).Assembly.GetManifestResourceStream("Heed.Matching.weights-1.txt")!);
        Dictionary<string, float> given = [], family = [];
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
                default:
                    (words[0] == "given" ? given : family)[words[1]] = (float)Number(2);
                    break;
            }
        }
        (_rarestGiven, _rarestFamily) = (given["-"], family["-"]);
        (_given, _family) = (given.ToFrozenDictionary(), family.ToFrozenDictionary());
    }

    public string Version => "weights/1";

    public Comparison Compare(Description a, Description b)
    {
        var ruled = Rules.Compare(a, b);
        var weighed = Weigh(a, b);
        var (verdict, reason) = (ruled.Verdict, weighed.Probability) switch
        {
            (Verdict.Same, < Doubtful) => (Verdict.Near, $"{ruled.Reason}, which many people share"),
            (Verdict.Different, >= WorthALook) when weighed.Enough => (Verdict.Near, "much that is rare agrees, though no single rule says so"),
            _ => (ruled.Verdict, ruled.Reason),
        };
        var fields = ruled.Fields.Select(line => line with { Weight = weighed.Of.TryGetValue(line.Field, out var weight) ? Math.Round(weight, 2) : null }).ToList();
        fields.Add(new(Field.Beforehand, Agreement.Blank, null, null) { Weight = Math.Round(_model.Prior[0], 2) });
        fields.Add(new(Field.Household, Agreement.Blank, null, null) { Weight = Math.Round(weighed.Household, 2) });
        return new(verdict, reason, fields, Version) { Probability = weighed.Probability };
    }

    private (double Probability, double Household, Dictionary<Field, double> Of, bool Enough) Weigh(Description a, Description b)
    {
        var lexicon = new Lexicon();
        // Two people have few words: a large memory for them would cost more than all the rest.
        var compare = new Levels(lexicon, bits: 6, first: true);
        Span<Level> levels = stackalloc Level[Levels.Traits];
        Span<Level> best = stackalloc Level[Levels.Traits];
        var most = double.NegativeInfinity;
        foreach (var one in Rows(a, lexicon))
        {
            foreach (var other in Rows(b, lexicon))
            {
                compare.Fill(one, other, levels);
                var likelihoods = _model.Likelihoods(levels);
                if (likelihoods.One - likelihoods.Chance > most)
                {
                    most = likelihoods.One - likelihoods.Chance;
                    levels.CopyTo(best);
                }
            }
        }
        var (given, family) = (Bits(_given, _rarestGiven, Names.FoldGiven(a.Given), best[(int)Trait.Given]), Bits(_family, _rarestFamily, Names.FoldFamily(a.Family), best[(int)Trait.Family]));
        var of = _model.Likelihoods(best).Add(new(given + family, given, 0));
        var weights = new Dictionary<Field, double>();
        foreach (var (trait, field) in Shown)
        {
            if (best[(int)trait] != Level.Blank)
            {
                var at = Model.At((int)trait, best);
                weights[field] = _model.Same[at] - _model.Chance[at] - (trait == Trait.Given ? given : trait == Trait.Family ? family : 0);
            }
        }
        var odds = _model.Odds(of, Alone);
        var household = odds - (_model.Prior[0] + of.One - of.Chance);
        var enough = best[(int)Trait.Given] is not (Level.Blank or Level.Differ) && best[(int)Trait.Born] is not (Level.Blank or Level.Differ);
        return (1 / (1 + double.Exp2(-odds)), household, weights, enough);
    }

    private static float Bits(FrozenDictionary<string, float> names, float rarest, string name, Level level) => level == Level.Same ? names.GetValueOrDefault(name, rarest) : 0;

    /// <summary>One row for each address that somebody has had.</summary>
    private static List<int[]> Rows(Description d, Lexicon lexicon)
    {
        var rows = new List<int[]>();
        foreach (var (postcode, line) in Enumerable.Range(0, Math.Max(1, Math.Max(d.Postcodes.Count, d.AddressLines.Count))).Select(at => (d.Postcodes.ElementAtOrDefault(at) ?? d.Postcodes.LastOrDefault(), d.AddressLines.ElementAtOrDefault(at) ?? d.AddressLines.LastOrDefault())))
        {
            var row = new int[Roll.Stride];
            lexicon.Read(Column.Given, d.Given, row);
            lexicon.Read(Column.Family, d.Family, row);
            lexicon.Read(Column.Aliases, string.Join(';', d.AlsoKnownAs), row);
            lexicon.Read(Column.Sex, d.Sex, row);
            lexicon.Read(Column.Postcode, postcode, row);
            lexicon.Read(Column.Address, line, row);
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
    private static readonly IMatcher[] All = [new FirstRules(), new Weights()];

    /// <summary>What decides now.</summary>
    public static IMatcher Current => All[^1];

    public static IMatcher? Of(string version) => All.FirstOrDefault(rules => rules.Version == version);
}
