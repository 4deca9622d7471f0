using Heed.Matching;
using NodaTime;

namespace Heed.Site.People;

/// <summary>Somebody as they were described: in one mention, or in all of a record.</summary>
/// <param name="Mention">The one that is resolved; of a record that was found, its latest.</param>
/// <param name="Words">The mentions whose words stand in it, their own and those of their family: who may not see each of them sees no comparison.</param>
public sealed record Told(Guid Mention, Guid Record, Description Description, Guid[] Words)
{
    /// <summary>
    /// What a mention m says: its second address and those that follow, and by name the mother, brothers and sisters to whom its report relates it. A tab stands between the parts of one.
    /// What may be known of an address to nobody else stands only where all of the mention is kept so.
    /// </summary>
    internal const string Said = """
        m.id as mention, m.source_record_id as id, m.given, m.family, m.also_known_as, m.former_names, m.born, m.expected, m.sex, m.nhs, m.upn, m.pnc, m.postcode, m.address, k.mother, k.siblings, k.kin,
        array(select concat(r.postcode, E'\t', r.address) from residence r where r.mention_id = m.id and r.ordinal > 1 and (r.sensitivity is null or m.address_sensitivity is not null) order by r.ordinal) as elsewhere
        """;

    internal const string Kin = """
        left join lateral (
            select (array_agg(concat_ws(' ', x.given, x.family) order by x.id) filter (where r.kind = 'mother'))[1] as mother,
                   array_agg(concat(x.given, E'\t', x.family, E'\t', x.born) order by x.id) filter (where r.kind <> 'mother') as siblings, array_agg(x.id) as kin
              from relationship r join mention x on x.id = r.to_mention_id where r.mention_id = m.id and r.kind in ('mother', 'sibling', 'half-sibling', 'brother', 'sister', 'twin')) k on true
        """;

    /// <param name="Record">For whom it was found; none for a mention that was asked for.</param>
    internal sealed record Row(
        Guid? Record, string? Tier, Guid? PersonId, Guid Mention, Guid Id, string? Given, string? Family, string[] AlsoKnownAs, string[] FormerNames, LocalDate? Born, LocalDate? Expected, string? Sex, string? Nhs, string? Upn, string? Pnc, string? Postcode, string? Address,
        string? Mother, string[]? Siblings, Guid[]? Kin, string[] Elsewhere)
    {
        public bool IsNamed => Names.FoldGiven(Given).Length > 0 && Names.FoldFamily(Family).Length > 0;

        public string Name => $"{Given} {Family}";

        public IEnumerable<Home> Homes() => Elsewhere.Select(there => there.Split('\t')).Select(there => new Home(there[0], there[1])).Prepend(new(Postcode ?? "", Address ?? "")).Where(home => home.Postcode.Length + home.Address.Length > 0);

        public IEnumerable<Sibling> Named() => (Siblings ?? []).Select(sibling => sibling.Split('\t')).Select(s => new Sibling(s[0], s[1], WrittenDate.Parse(s[2]).Date));
    }

    internal readonly record struct Home(string Postcode, string Address);

    /// <summary>All that the mentions of one record say, the latest first. What there is one of is as it was said last; names, addresses, brothers and sisters are gathered. A mention that adds nothing leaves no words.</summary>
    internal static Told Of(IEnumerable<Row> mentions)
    {
        var (rows, words) = (mentions.ToList(), new HashSet<Guid>());
        var named = rows.Find(row => row.IsNamed) ?? rows[0];
        words.Add(named.Mention);
        var description = new Description
        {
            Given = named.Given,
            Family = named.Family,
            AlsoKnownAs = All<string, string>(row => [.. row.AlsoKnownAs, .. row.FormerNames, .. row.IsNamed ? new[] { row.Name } : []], Names.Fold, Names.Fold(named.Name)),
            Born = Last(row => row.Born),
            Expected = Last(row => row.Expected),
            Sex = Last(row => row.Sex),
            Identifiers = [.. new[] { ("nhs", Last(row => row.Nhs)), ("upn", Last(row => row.Upn)), ("pnc", Last(row => row.Pnc)) }.Where(i => i.Item2 is not null).Select(i => new Identifier(i.Item1, i.Item2!))],
            MotherName = Last(row => string.IsNullOrWhiteSpace(row.Mother) ? null : row.Mother),
            Siblings = All(row => row.Named(), sibling => (Names.Fold(sibling.Given), sibling.Born)),
        };
        var homes = All(row => row.Homes(), home => (Names.FoldPostcode(home.Postcode), Names.FoldPostcode(home.Address)));
        words.UnionWith(rows.Where(row => words.Contains(row.Mention)).SelectMany(row => row.Kin ?? []).ToList());
        return new(rows[0].Mention, rows[0].Id, description with { Postcodes = [.. homes.Select(home => home.Postcode)], AddressLines = [.. homes.Select(home => home.Address)] }, [.. words]);

        T? Last<T>(Func<Row, T?> what)
        {
            if (rows.Find(row => what(row) is not null) is not { } last)
            {
                return default;
            }
            words.Add(last.Mention);
            return what(last);
        }

        List<T> All<T, TKey>(Func<Row, IEnumerable<T>> what, Func<T, TKey> same, params IEnumerable<TKey> already)
        {
            var (all, met) = (new List<T>(), new HashSet<TKey>(already));
            foreach (var (row, value) in rows.SelectMany(row => what(row).Select(value => (row, value))).Where(each => met.Add(same(each.value))))
            {
                all.Add(value);
                words.Add(row.Mention);
            }
            return all;
        }
    }
}
