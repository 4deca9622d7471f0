using NodaTime;

namespace Heed.Seed;

/// <summary>What each agency holds about whom, and how wrong it is: slips, alphabets, swapped days and months, "1 January", last year's address, numbers nobody asked for.</summary>
public sealed class Records(int seed, IReadOnlyList<Household> households, IReadOnlyList<Person> people)
{
    private const int WhoHoldsIt = 2, TheirRecord = 3;

    private readonly Dictionary<string, Household> _households = households.ToDictionary(household => household.Key);
    private readonly List<Record> _all = [];
    private int _number;

    public static readonly IReadOnlyList<Barrier> Barriers =
    [
        new(Places.Norton, SpecialFamilies.AdoptedOldNumber, Places.Levenside, SpecialFamilies.AdoptedNewNumber, "Adopted: birth and new identity may never be linked"),
    ];

    public IReadOnlyList<Record> Make(LocalDate today)
    {
        Special();
        var told = _all.Select(record => (record.Agency, record.Person)).ToHashSet();
        var members = households.ToDictionary(household => household.Key, _ => new List<Person>());
        foreach (var person in people)
        {
            members[person.Household].Add(person);
        }
        for (var i = 0; i < households.Count; i++)
        {
            var household = households[i];
            var dice = Dice.For(seed, WhoHoldsIt, i);
            var council = Places.CouncilOf(household.Address.Postcode);
            var knownToCouncil = dice.Percent(35);
            var knownToHospital = dice.Percent(25);
            foreach (var person in members[household.Key])
            {
                var isChild = person.IsChildOn(today);
                if (knownToCouncil && !told.Contains((council, person.Key)))
                {
                    Hold(council, person, household.Address, nhs: 60, upn: 50);
                }
                if (person.School is { } school && !told.Contains((school, person.Key)))
                {
                    Hold(school, person, household.Address, nhs: 0, upn: 100);
                }
                if (knownToHospital && (isChild || person.Sex == "F") && !told.Contains((Bodies.Hospital, person.Key)))
                {
                    Hold(Bodies.Hospital, person, household.Address, nhs: 96, upn: 0);
                }
                if (!isChild && !told.Contains((Bodies.Police, person.Key)) && (person.Pnc is not null || dice.Percent(6)))
                {
                    Hold(Bodies.Police, person, household.Address, nhs: 0, upn: 0);
                    // one force, two systems: some people stand in it twice
                    if (dice.OneIn(15))
                    {
                        Hold(Bodies.Police, person, household.Address, nhs: 0, upn: 0);
                    }
                }
            }
        }
        return _all;
    }

    /// <summary>A name, a date and an address as they come out after one more pair of ears and hands.</summary>
    public static (string Given, string Family, LocalDate? Born, bool Moved) Heard(Person person, Dice dice)
    {
        string given = person.Given, family = person.Family;
        var born = person.Born;
        if (given.Contains(' ') && dice.Percent(60))
        {
            given = given.Split(' ')[0];
        }
        if (dice.Percent(30))
        {
            given = Names.OtherSpelling(given, dice) ?? given;
        }
        if (dice.Percent(30))
        {
            family = Names.OtherSpelling(family, dice) ?? family;
        }
        if (dice.Percent(10))
        {
            given = Names.ShortFor(given) ?? given;
        }
        if (dice.Percent(60))
        {
            (given, family) = (Names.Plain(given), Names.Plain(family));
        }
        if (dice.Percent(4))
        {
            given = Names.Mistyped(given, dice);
        }
        if (dice.Percent(3))
        {
            family = Names.Mistyped(family, dice);
        }
        if (born is { } day)
        {
            born = dice.Below(1000) switch
            {
                < 15 when day.Day <= 12 => new LocalDate(day.Year, day.Day, day.Month),
                < 27 => new LocalDate(day.Year, 1, 1),
                < 33 => day.PlusYears(-1),
                < 40 => null,
                _ => day,
            };
        }
        return (given, family, born, dice.Percent(8));
    }

    private void Hold(string agency, Person person, Address address, int nhs, int upn)
    {
        var dice = Dice.For(seed, TheirRecord, _number);
        var (given, family, born, moved) = Heard(person, dice);
        var number = NumberAt(agency, _number++);
        if (moved)
        {
            address = Places.Any(dice, _number) with { Uprn = null };
        }
        if (person.AlsoKnownAs is [var alias, ..] && alias.Split(' ') is [var first, .., var last] && dice.Percent(30))
        {
            (given, family) = (first, last);
        }
        var nhsNumber = dice.Percent(nhs) ? person.Nhs : null;
        if (nhsNumber is not null && dice.OneIn(120))
        {
            nhsNumber = Identifiers.Mistyped(nhsNumber, dice);
        }
        _all.Add(new(agency, number, person.Key, given, family, dice.Percent(50) ? person.AlsoKnownAs : [], born, person.Expected, dice.OneIn(150) ? "U" : person.Sex, nhsNumber,
            dice.Percent(upn) ? person.Upn : null, agency == Bodies.Police ? person.Pnc : null, address, person.School));
    }

    private static string NumberAt(string agency, int n) => agency switch
    {
        Bodies.Police => $"TVN{1_200_000 + n * 3}",
        Bodies.Hospital => $"H{640_000 + n * 7:0000000}",
        Places.Norton => $"NS-{110_000 + n}",
        Places.Levenside => $"LV-{210_000 + n}",
        Places.Hartmoor => $"HB-{310_000 + n}",
        _ => $"A{1000 + n:000000}",
    };

    /// <summary>The records that have a story. What is not written here is filled in by the dice like anyone's.</summary>
    private void Special()
    {
        var by = people.Where(person => !(person.Key[0] == 'h' && char.IsAsciiDigit(person.Key[1]))).ToDictionary(person => person.Key);

        var ella = by["ella-hart"];
        Say(Places.Norton, "NS-104233", ella, nhs: ella.Nhs);
        Say("norton-primary", "A000871", ella, given: "Ella-Mae", family: "Heart", upn: ella.Upn);
        Say(Bodies.Hospital, "H0640412", ella, given: "Ela", family: "Hart-Brannigan", nhs: ella.Nhs);
        Say(Places.Norton, "NS-104234", by["dana-hart"]);
        Say(Places.Norton, "NS-104235", by["kyle-brannigan"]);
        Say(Bodies.Police, "TVN1104512", by["kyle-brannigan"], pnc: "2011/0045127T");
        Say(Bodies.Police, "TVN1107790", by["dana-hart"], given: "Danna");
        Say(Bodies.Hospital, "H0640413", by["dana-hart"], nhs: by["dana-hart"].Nhs);

        var zaynab = by["zaynab-hussain"];
        Say(Places.Levenside, "LV-203318", zaynab, family: "Hussein", nhs: null);
        Say("preston-lane", "A000655", zaynab, given: "Zainab", family: "Husain", upn: zaynab.Upn);
        Say(Bodies.Hospital, "H0631190", zaynab, given: "Zeinab", nhs: zaynab.Nhs);

        foreach (var (key, number) in new[] { ("alfie-whitlock", "NS-101900"), ("skye-whitlock", "NS-101901"), ("stacey-whitlock", "NS-101902") })
        {
            Say(Places.Norton, number, by[key], nhs: by[key].Nhs);
        }
        Say(Bodies.Police, "TVN1099321", by["carl-dobson"], pnc: by["carl-dobson"].Pnc);
        Say("norton-primary", "A000902", by["alfie-whitlock"], upn: by["alfie-whitlock"].Upn);

        Say(Places.Levenside, "LV-205001", by["unborn-rudd"]);
        Say(Places.Levenside, "LV-205002", by["keira-rudd"], nhs: by["keira-rudd"].Nhs);
        Say(Bodies.Hospital, "H0652004", by["keira-rudd"], nhs: by["keira-rudd"].Nhs);

        foreach (var (key, agency, number) in new[] { ("ruby-dalton", Places.Norton, "NS-104501"), ("esme-dalton", Places.Norton, "NS-104502"), ("kacper-pawlak", Places.Hartmoor, "HB-304610"), ("kamil-pawlak", Places.Hartmoor, "HB-304611") })
        {
            Say(agency, number, by[key], nhs: by[key].Nhs);
        }
        // the hospital wrote down an initial: either twin
        Say(Bodies.Hospital, "H0633001", by["kacper-pawlak"], given: "K", nhs: null);

        Say(Places.Norton, "NS-103311", by["amelia-smith-norton"]);
        Say(Places.Hartmoor, "HB-303311", by["amelia-smith-hartmoor"]);
        Say(Bodies.Hospital, "H0638800", by["amelia-smith-norton"], nhs: by["amelia-smith-norton"].Nhs);

        var refuge = _households["refuge"].Address;
        var left = new Address("70 Tennyson Avenue", "Hartmoor", "TS26 4QE");
        foreach (var (key, number) in new[] { ("noor-akhtar", "LV-206110"), ("sami-akhtar", "LV-206111"), ("saima-akhtar", "LV-206112") })
        {
            Say(Places.Levenside, number, by[key], nhs: by[key].Nhs, address: refuge);
            Say(Bodies.Hospital, "H06499" + number[^2..], by[key], nhs: by[key].Nhs, address: left);
        }
        Say("leven-meadows", "A000733", by["noor-akhtar"], given: "Nour", family: "Akhtar", upn: by["noor-akhtar"].Upn, address: refuge);
        Say(Bodies.Police, "TVN1122871", by["saima-akhtar"], address: left);
        Say(Bodies.Police, "TVN1122870", by["nadeem-mahmood"], pnc: by["nadeem-mahmood"].Pnc);

        var grace = by[SpecialFamilies.Adopted];
        _all.Add(new(Places.Norton, SpecialFamilies.AdoptedOldNumber, grace.Key, "Kayleigh", "Elstob", [], grace.Born, null, "F", OldNhs, null, null, new("51 Victoria Street", "Stockton", "TS18 1GD"), null,
            "sealed", "Adopted: birth identity", ["mallory", "prentice"]));
        Say(Places.Levenside, SpecialFamilies.AdoptedNewNumber, grace, nhs: grace.Nhs);
        Say("bishop-aldwin", "A000512", grace, upn: grace.Upn);

        var isaac = by[SpecialFamilies.Restricted];
        Say(Places.Norton, "NS-102750", isaac, nhs: isaac.Nhs);
        _all[^1] = _all[^1] with { Tier = "restricted", TierReason = "A parent works at the front door of this council", Readers = ["farrar", "khalid", "oduya"] };
        Say("roseworth-park", "A000388", isaac, upn: isaac.Upn);

        var tyler = by[SpecialFamilies.Alias];
        Say(Places.Hartmoor, "HB-300640", tyler, nhs: tyler.Nhs);
        Say(Bodies.Police, "TVN1133008", tyler, given: "Ty", family: "Stobbs");
        Say("hartmoor-academy", "A000240", tyler, upn: tyler.Upn);
    }

    /// <summary>The number that Grace had before the adoption; nobody else has it.</summary>
    public static readonly string OldNhs = Enumerable.Range(0, 20).Select(i => 999_999_990L - i).Select(nine => (nine, check: Identifiers.NhsCheck(nine))).First(pair => pair.check < 10) is var found ? $"{found.nine}{found.check}" : "";

    private void Say(string agency, string number, Person person, string? given = null, string? family = null, string? nhs = null, string? upn = null, string? pnc = null, Address? address = null) =>
        _all.Add(new(agency, number, person.Key, given ?? person.Given, family ?? person.Family, given is null ? person.AlsoKnownAs : [], person.Born, person.Expected, person.Sex, nhs, upn, pnc,
            address ?? _households[person.Household].Address, person.School));
}
