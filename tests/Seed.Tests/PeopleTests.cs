using NodaTime;

namespace Heed.Seed.Tests;

public class PeopleTests
{
    private static readonly Partnership Made = Tests.Made.Sunday;
    private static readonly LocalDate Today = Days.Of(Tests.Made.Moments["a Sunday evening"]);
    private static readonly Dictionary<string, Person> People = Made.People.ToDictionary(person => person.Key);

    [Fact]
    public void Nobody_is_tied_to_nobody()
    {
        Assert.All(Made.People.SelectMany(person => person.Ties), tie => Assert.True(People.ContainsKey(tie.To), tie.To));
        Assert.All(Made.People, person => Assert.Contains(person.Key, Made.Households.Single(household => household.Key == person.Household).Members));
        Assert.All(Made.Households.SelectMany(household => household.Members), member => Assert.True(People.ContainsKey(member)));
        Assert.All(Made.Records, record => Assert.True(People.ContainsKey(record.Person)));
        Assert.All(Made.Allocations, one => Assert.True(People.ContainsKey(one.Person)));
        Assert.All(Made.People.Select(person => person.School).OfType<string>(), school => Assert.Contains(Made.Agencies, agency => agency.Key == school));
    }

    [Fact]
    public void Every_number_that_somebody_truly_has_has_the_right_check_digit()
    {
        Assert.All(Made.People.Select(person => person.Nhs).OfType<string>(), nhs => Assert.True(IsNhs(nhs), nhs));
        Assert.All(Made.People.Select(person => person.Upn).OfType<string>(), upn => Assert.Equal(Identifiers.UpnLetter(upn[1..]), upn[0]));
        Assert.All(Made.People.Select(person => person.Pnc).OfType<string>(), pnc => Assert.Equal(Identifiers.PncLetter(int.Parse(pnc[..4]), int.Parse(pnc[5..12])), pnc[12]));
    }

    [Fact]
    public void The_arithmetic_agrees_with_numbers_that_others_published()
    {
        Assert.True(IsNhs("9990000018") && IsNhs("9434765919"));
        Assert.Equal('T', Identifiers.PncLetter(2011, 45_127));
        Assert.Equal('H', Identifiers.UpnLetter("801200001001")); // H801200001001 is the DfE's own example
    }

    [Fact]
    public void Numbers_belong_to_one_person()
    {
        foreach (var numbers in new[] { Made.People.Select(person => person.Nhs).Append(Records.OldNhs), Made.People.Select(person => person.Upn), Made.Records.Select(record => $"{record.Agency} {record.Number}") })
        {
            var all = numbers.OfType<string>().ToList();
            Assert.Equal(all.Count, all.Distinct().Count());
        }
    }

    [Fact]
    public void A_few_records_hold_numbers_that_cannot_be()
    {
        var many = Generator.Make(Tests.Made.Moments["a Sunday evening"], children: 4000).Records.Select(record => record.Nhs).OfType<string>().ToList();
        Assert.InRange(many.Count(nhs => !IsNhs(nhs)), 1, many.Count / 40);
    }

    [Fact]
    public void Children_go_to_a_school_for_their_age()
    {
        Assert.All(Made.People.Where(person => person.School is not null), person => Assert.True(person.Born < Today.PlusYears(-4)));
        Assert.Contains(Made.Agencies, agency => agency is { Key: "norton-primary", Code: "111555", Name: "Norton Primary School" });
    }

    [Fact]
    public void The_family_of_the_sample_is_known_and_its_report_is_not()
    {
        Assert.Equal(("Ella Mae", "Hart", "9990000018", new LocalDate(2019, 3, 14)), (People["ella-hart"].Given, People["ella-hart"].Family, People["ella-hart"].Nhs, People["ella-hart"].Born));
        Assert.Equal(new("14 Larch Close", "Norton", "TS20 2QX"), Made.Households.Single(household => household.Key == "hart").Address);
        Assert.Equal(new LocalDate(1994, 8, 2), People["dana-hart"].Born);
        Assert.Equal(("2011/0045127T", new LocalDate(1991, 11, 30)), (People["kyle-brannigan"].Pnc, People["kyle-brannigan"].Born));
        Assert.All(Tests.Made.Moments.Keys, moment => Assert.All(Tests.Made.On(moment).Week, sent => Assert.DoesNotContain("0041873", sent.Json)));
    }

    [Theory, InlineData("ella-hart"), InlineData("zaynab-hussain")]
    public void Three_agencies_spell_one_child_in_three_ways(string child) =>
        Assert.Equal(3, Made.Records.Where(record => record.Person == child).Select(record => $"{record.Given} {record.Family}").Distinct().Count());

    [Fact]
    public void Every_special_case_is_there()
    {
        Assert.All(SpecialFamilies.UnbornChild, key => Assert.True(People[key] is { Born: null, Sex: "U" } unborn && unborn.Expected > Today && unborn.Ties.Any(tie => tie.Kind == "mother")));
        foreach (var twins in new[] { SpecialFamilies.SameSexTwins, SpecialFamilies.SameInitialTwins })
        {
            var (one, other) = (People[twins[0]], People[twins[1]]);
            Assert.Equal((one.Sex, one.Born, one.Family), (other.Sex, other.Born, other.Family));
            Assert.Contains(new Tie("twin", other.Key), one.Ties);
        }
        Assert.Equal(People[SpecialFamilies.SameInitialTwins[0]].Given[0], People[SpecialFamilies.SameInitialTwins[1]].Given[0]);

        var same = SpecialFamilies.SameNameSameBirthday.Select(key => People[key]).ToList();
        Assert.Single(same.Select(person => (person.Given, person.Family, person.Born)).Distinct());
        Assert.Equal(2, same.Select(person => person.Nhs).Distinct().Count());

        Assert.NotEmpty(People[SpecialFamilies.Alias].AlsoKnownAs);
        Assert.Contains(Made.Records, record => record.Person == SpecialFamilies.Alias && record.Family == "Stobbs");
        Assert.All(SpecialFamilies.InRefuge, key => Assert.True(Made.Households.Single(household => household.Key == People[key].Household).Address.Confidential));

        var restricted = Assert.Single(Made.Records, record => record.Tier == "restricted");
        Assert.Equal(SpecialFamilies.Restricted, restricted.Person);
        Assert.All(restricted.Readers!, reader => Assert.Contains(Made.Practitioners, who => who.Key == reader));
        Assert.DoesNotContain("bielecki", restricted.Readers!);

        var barrier = Assert.Single(Made.Barriers);
        var sealedOne = Assert.Single(Made.Records, record => record.Tier == "sealed");
        Assert.Equal((sealedOne.Agency, sealedOne.Number), (barrier.AgencyA, barrier.NumberA));
        Assert.Contains(Made.Records, record => record.Agency == barrier.AgencyB && record.Number == barrier.NumberB && record.Person == sealedOne.Person && record.Nhs != sealedOne.Nhs);

        Assert.Contains(Made.People, person => person.Ties.Any(tie => tie.Kind == "grandparent"));
        Assert.Contains(Made.People, person => person.Ties.Any(tie => tie.Kind == "step-parent"));
        Assert.Contains(Made.People, person => person.Ties.Any(tie => tie.Kind == "sibling" && People[tie.To].Family != person.Family));
        Assert.True(Made.Households.Select(household => household.Language).Distinct().Count() >= 6);
    }

    /// <summary>Written apart from the generator's arithmetic, as NHS Digital describes it.</summary>
    private static bool IsNhs(string number) =>
        number.Length == 10 && (11 - number.Take(9).Select((digit, i) => (digit - '0') * (10 - i)).Sum() % 11) is var check && (check == 11 ? 0 : check) == number[9] - '0';
}
