using System.Globalization;
using NodaTime;

namespace Heed.Seed;

/// <summary>A person as a register or a report has them. Born as 1971-06-24; blank where nothing is known. Key: who they truly are.</summary>
public sealed record Entry(string Id, string Key, string Given, string Family, string Aliases, string Born, string Sex, string Address, string Locality, string Postcode, string Nhs)
{
    /// <summary>A whole name, or what is written instead of one.</summary>
    public string Mother { get; init; } = "";

    /// <summary>With semicolons between them: "Tom Hart 2019-03-14; Mia".</summary>
    public string Siblings { get; init; } = "";

    /// <summary>Where somebody on the register lived before.</summary>
    public string FormerAddress { get; init; } = "";

    public string FormerPostcode { get; init; } = "";
}

/// <summary>
/// What a report says of somebody, and the truth: their number on the register, or none where they are not on it. Errors: what went wrong on the way, by name. Origin: the
/// heritage of their name. Twin: they have one on the register.
/// </summary>
public sealed record Reported(Entry Said, string? Truth, IReadOnlyList<string> Errors, string Origin, bool Twin)
{
    /// <summary>Where they lived when it was made, if not where the register has them.</summary>
    public (string Address, string Postcode)? Elsewhere { get; init; }
}

/// <summary>
/// A register of England and Wales of any size, household by household, and reports about its people with the errors that ears, forms and time make. Each household and each
/// report has dice of its own: what stands in one depends on the seed and its number only. The numbers begin with 90 to 97: the NHS issues none of these.
/// </summary>
public sealed class Registers(int seed, int people)
{
    private const int WhoLivesThere = 21, WhatIsSaid = 22, WhereIsThat = 23, HowTheRegisterHasIt = 24, WhoIsKin = 25, WhatIsSaidOfKin = 26, WhereTheyWere = 27;

    /// <summary>Of a hundred reports this many are about people whom the register does not have.</summary>
    private const int Unknown = 15;

    private static readonly LocalDate Today = new(2026, 6, 1);

    private static readonly string[] Areas = "B BA BB BD BH BL BN BR BS CA CB CF CH CM CO CR CT CV CW DA DE DH DL DN DT DY E EC EN EX FY GL GU HA HD HG HP HR HU HX IG IP KT L LA LD LE LL LN LS LU M ME MK N NE NG NN NP NR NW OL OX PE PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TF TN TQ TR TS TW UB W WA WD WF WN WR WS WV YO".Split(' ');
    private static readonly string[] Towns = "Ashby Barford Calder Denham Eastbrook Farley Gorton Halford Ingleby Kirkton Langdale Marston Norwell Oakham Penrose Radley Selworth Thornby Upton Walden Yardley".Split(' ');
    private static readonly string[] Streets = "Larch Beech Rowan Alder Hawthorn Cedar Maple Bramble Meadow Church Mill Station Windmill Priory Abbey Durham Whitby Raby Kielder Coniston Grasmere Ullswater Quarry Victoria Albert Tennyson Byron Marlowe Junction Ferry Wharf Lancaster Redhill Park High Manor School Queens Kings London York Chester Stanley Clifton Orchard Spring Vicarage Grange Hill Lime Poplar Elm Ash Oak Willow Sycamore Chestnut Laurel Holly Ivy Primrose Bluebell Foxglove Heather Fern Kestrel Falcon Swallow Robin Wren Nelson Wellington Trafalgar Waterloo Alma Balaclava Milton Shelley Keats Dickens Hardy Austen Bronte Ruskin Morris Turner Constable".Split(' ');
    private static readonly string[] Kinds = ["Close", "Road", "Street", "Avenue", "Crescent", "Grove", "Terrace", "Lane", "Drive", "Way", "Court", "Gardens", "Place", "Walk"];

    private static readonly Dictionary<(string, string, bool), LongTail> Givens = [];
    private static readonly Dictionary<string, LongTail> FamilyNames = [];

    private readonly int _postcodes = Math.Max(40, people / 45);

    static Registers()
    {
        foreach (var heritage in Names.All)
        {
            FamilyNames[heritage.Key] = LongTail.Families(heritage);
            foreach (var sex in (string[])["F", "M"])
            {
                (Givens[(heritage.Key, sex, true)], Givens[(heritage.Key, sex, false)]) = (LongTail.Givens(heritage, sex, true), LongTail.Givens(heritage, sex, false));
            }
        }
    }

    /// <summary>As many people as were asked for, or the few more that complete the last household.</summary>
    /// <param name="reports">Made before: of half of those who lived elsewhere then, the register has that address as a former one. Others have one that nobody reports.</param>
    public IEnumerable<Entry> Register(IEnumerable<Reported>? reports = null)
    {
        var (left, count) = (new Dictionary<string, (string Address, string Postcode)>(), 0);
        foreach (var report in reports ?? [])
        {
            if (report is { Truth: { } person, Elsewhere: { } there })
            {
                left[person] = there;
            }
        }
        for (var number = 0; count < people; number++)
        {
            var household = Household(number);
            foreach (var person in household.People)
            {
                count++;
                var (entry, dice) = (OnRegister(person, Dice.For(seed, HowTheRegisterHasIt, count)), Dice.For(seed, WhoIsKin, count));
                entry = entry with { Mother = MotherOnRegister(person, household, dice), Siblings = SiblingsOnRegister(person, household.People, dice) };
                var where = Dice.For(seed, WhereTheyWere, count);
                if (left.TryGetValue(person.Id, out var there) && where.Percent(50))
                {
                    entry = entry with { FormerAddress = there.Address, FormerPostcode = there.Postcode };
                }
                else if (where.Percent(25))
                {
                    var place = At(where);
                    entry = entry with { FormerAddress = place.Line, FormerPostcode = place.Postcode };
                }
                yield return entry;
            }
        }
    }

    public IEnumerable<Reported> Reports(int reports)
    {
        var households = Households();
        for (var i = 0; i < reports; i++)
        {
            var dice = Dice.For(seed, WhatIsSaid, i);
            var known = !dice.Percent(Unknown);
            // Whoever is not on the register lives in one of the households that come after it.
            var household = Household(known ? dice.Below(households) : households + dice.Below(households));
            var children = household.People.Where(person => person.Child).ToList();
            var person = children.Count > 0 && dice.Percent(80) ? dice.Pick(children) : dice.Pick(household.People);
            var errors = new List<string>();
            var said = Said(person, household, $"R{i + 1}", dice, errors, out var place);
            // Of their family with dice of their own, and no errors by name: what is above stays what it was before families were said.
            var kin = Dice.For(seed, WhatIsSaidOfKin, i);
            said = said with { Mother = MotherSaid(person, household, kin), Siblings = SiblingsSaid(person, household.People, kin) };
            yield return new(said, known ? person.Id : null, errors, household.Heritage, known && household.People.Any(other => other != person && other.Child && other.Born == person.Born))
            {
                Elsewhere = place == person.Place ? null : (place.Line, place.Postcode),
            };
        }
    }

    private int Households()
    {
        var (count, number) = (0, 0);
        for (; count < people; number++)
        {
            count += Household(number).People.Count;
        }
        return number;
    }

    private sealed record Soul(string Id, string Given, string Family, string? Former, LocalDate Born, string Sex, Place Place, string Nhs, bool Child);

    private readonly record struct Place(string Line, string Locality, string Postcode);

    private (IReadOnlyList<Soul> People, string Heritage) Household(int number)
    {
        var dice = Dice.For(seed, WhoLivesThere, number);
        var adults = dice.Percent(62) ? 2 : 1;
        var children = dice.Below(100) switch { < 26 => 0, < 52 => 1, < 81 => 2, < 93 => 3, _ => 4 };
        var heritage = Names.Any(dice);
        var place = At(dice);
        var stem = FamilyNames[heritage.Key].Draw(dice);
        var people = new List<Soul>();
        var elder = Today.PlusDays(-365 * dice.Between(20, 62) - dice.Below(365));
        for (var i = 0; i < adults; i++)
        {
            var sex = i == 0 ? "F" : "M";
            var own = i == 0 && (heritage.KeepsOwn || dice.Percent(45));
            var family = own ? FamilyNames[heritage.Key].Draw(dice) : stem;
            var former = i == 0 && !own && dice.Percent(60) ? Names.Family(FamilyNames[heritage.Key].Draw(dice), sex) : null;
            people.Add(Soul(people.Count, Given(heritage, sex, false, dice), Names.Family(family, sex), former, i == 0 ? elder : elder.PlusDays(dice.Between(-2600, 1500)), sex, false));
        }
        var youngest = LocalDate.Max(elder.PlusYears(17), Today.PlusDays(-6570));
        var born = youngest.PlusDays(dice.Below(Math.Max(1, Math.Min(2500, Period.DaysBetween(youngest, Today)))));
        var mixed = dice.Percent(14);
        for (var i = 0; i < children && born <= Today; i++)
        {
            var sex = dice.Percent(51) ? "M" : "F";
            var given = Given(heritage, sex, true, dice);
            var twin = i > 0 && people[^1].Child && people[^1].Born == born;
            // No two children of a family have one name; parents of twins like names that begin alike.
            var alike = twin && dice.Percent(35);
            for (var attempt = 0; attempt < 40 && (people.Exists(other => other.Child && First(other.Given) == First(given)) || (alike && attempt < 12 && given[0] != people[^1].Given[0])); attempt++)
            {
                given = Given(heritage, sex, true, dice);
            }
            if (sex == "M" && adults == 2 && !people.Exists(other => other.Child && First(other.Given) == First(people[1].Given)) && dice.OneIn(40))
            {
                given = people[1].Given;
            }
            var family = Names.Family(mixed && dice.Percent(50) ? FamilyNames[heritage.Key].Draw(dice) : adults == 1 && dice.Percent(60) ? people[0].Family : stem, sex);
            people.Add(Soul(people.Count, given, family, dice.OneIn(25) ? Names.Family(FamilyNames[heritage.Key].Draw(dice), sex) : null, born, sex, true));
            if (!dice.OneIn(45))
            {
                born = born.PlusDays(dice.Between(340, 1500));
            }
        }
        return (people, heritage.Key);

        Soul Soul(int place_, string given, string family, string? former, LocalDate day, string sex, bool child) => new($"P{number}-{place_}", given, family, former, day, sex, place, Number(number * 8L + place_), child);
    }

    private static string First(string given) => given.Split(' ')[0];

    private static string Given(Heritage heritage, string sex, bool child, Dice dice)
    {
        var given = Givens[(heritage.Key, sex, child)].Draw(dice);
        return heritage.Key is "british" or "caribbean" or "traveller" && !given.Contains(' ') && dice.Percent(child ? 24 : 12) ? $"{given} {Givens[(heritage.Key, sex, child)].Draw(dice)}" : given;
    }

    private Place At(Dice dice)
    {
        var code = dice.Below(_postcodes);
        var there = Dice.For(seed, WhereIsThat, code);
        const string letters = "ABDEFGHJLNPQRSTUWXYZ";
        var (area, district) = (there.Pick(Areas), there.Between(1, 22));
        var postcode = $"{area}{district} {there.Below(10)}{letters[there.Below(20)]}{letters[there.Below(20)]}";
        var street = $"{there.Pick(Streets)}{(there.Percent(30) ? $" {there.Pick(Streets)}" : "")} {there.Pick(Kinds)}";
        var house = dice.Between(1, 60);
        return new(dice.Percent(9) ? $"Flat {dice.Between(1, 12)}, {house} {street}" : $"{house} {street}", $"{Towns[(area[0] * 31 + district) % Towns.Length]} {area}", postcode);
    }

    /// <summary>The nth number that has a check digit; different for different n.</summary>
    private static string Number(long n)
    {
        for (var nine = 900_000_000L + n * 7919 % 79_999_987; ; nine = 900_000_000L + (nine + 80_000_000 - 900_000_000L) % 99_000_000)
        {
            if (Identifiers.NhsCheck(nine) is var check and < 10)
            {
                return (nine * 10 + check).ToString(CultureInfo.InvariantCulture);
            }
        }
    }

    private static Entry OnRegister(Soul soul, Dice dice)
    {
        var (given, family, born) = (soul.Given, soul.Family, Written(soul.Born));
        if (dice.OneIn(80))
        {
            family = Names.Mistyped(family, dice);
        }
        if (dice.OneIn(80))
        {
            given = Names.Mistyped(given, dice);
        }
        born = dice.Below(1000) switch { < 6 => $"{soul.Born.Year:0000}-01-01", < 12 => Slip(soul.Born, dice), < 20 => "", _ => born };
        return new(soul.Id, soul.Id, Names.Plain(given), Names.Plain(family), soul.Former is null ? "" : Names.Plain($"{soul.Given} {soul.Former}"), born, soul.Sex,
            dice.OneIn(40) ? "" : soul.Place.Line, soul.Place.Locality, dice.OneIn(60) ? "" : soul.Place.Postcode, dice.Percent(94) ? soul.Nhs : "");
    }

    private Entry Said(Soul soul, (IReadOnlyList<Soul> People, string Heritage) household, string id, Dice dice, List<string> errors, out Place place)
    {
        bool Goes(int perThousand, string error)
        {
            if (dice.Below(1000) >= perThousand)
            {
                return false;
            }
            errors.Add(error);
            return true;
        }
        var (given, family) = (soul.Given, soul.Family);
        if (given.Contains(' ') && Goes(450, "middle name dropped"))
        {
            given = given[..given.IndexOf(' ')];
        }
        var first = First(given);
        given = Names.ShortFor(first) is { } called && Goes(250, "short name") ? called
            : Names.OtherSpelling(first, dice) is { } spelt && Goes(300, "given spelt otherwise") ? spelt
            : Goes(45, "given mistyped") ? Names.Mistyped(given, dice)
            : Goes(12, "initial only") ? given[..1]
            : Goes(6, "given missing") ? ""
            : given;
        family = soul.Former is not null && Goes(350, "another family name") ? soul.Former
            : soul.Child && Goes(30, "name changed") ? Names.Family(FamilyNames[household.Heritage].Draw(dice), soul.Sex)
            : Names.OtherSpelling(family, dice) is { } variant && Goes(300, "family spelt otherwise") ? variant
            : Goes(45, "family mistyped") ? Names.Mistyped(family, dice)
            : Goes(15, "double family name") ? $"{family}-{household.People[0].Family}"
            : Goes(6, "family missing") ? ""
            : family;
        if (given.Length > 1 && family.Length > 0 && Goes(12, "names swapped"))
        {
            (given, family) = (family, given);
        }
        var born = Goes(55, "birth missing") ? ""
            : Goes(25, "1 January") ? $"{soul.Born.Year + (dice.OneIn(3) ? dice.Between(-1, 1) : 0):0000}-01-01"
            : soul.Born.Day <= 12 && soul.Born.Day != soul.Born.Month && Goes(30, "day and month swapped") ? Written(new(soul.Born.Year, soul.Born.Day, soul.Born.Month))
            : Goes(30, "birth slip") ? Slip(soul.Born, dice)
            : Written(soul.Born);
        place = Goes(120, "moved") ? At(dice) : soul.Place;
        var line = Goes(100, "address missing") ? "" : Goes(40, "address mistyped") ? Names.Mistyped(place.Line, dice) : place.Line;
        var postcode = Goes(130, "postcode missing") ? "" : Goes(20, "postcode mistyped") ? place.Postcode[..^1] + (char)('A' + dice.Below(26)) : place.Postcode;
        var nhs = !dice.Percent(40) ? ""
            : household.People.Count > 1 && Goes(4, "another's number") ? household.People.First(other => other != soul).Nhs
            : Goes(8, "superseded number") ? Number(soul.Born.DayOfYear * 211_003L + 350_000_000)
            : soul.Nhs;
        return new(id, soul.Id, Names.Plain(given), Names.Plain(family), "", born, Goes(50, "sex missing") ? "" : Goes(4, "sex wrong") ? soul.Sex == "F" ? "M" : "F" : soul.Sex, line, line.Length + postcode.Length == 0 ? "" : place.Locality, postcode, nhs);
    }

    /// <summary>Of 100 children 88 have one on the register; of 100 of these 15 have her by her former name, if she has one, and 2 have somebody else.</summary>
    private static string MotherOnRegister(Soul soul, (IReadOnlyList<Soul> People, string Heritage) household, Dice dice)
    {
        var mother = household.People[0];
        if (!soul.Child || !dice.Percent(88))
        {
            return "";
        }
        var (given, family) = dice.Percent(2) ? Another(household, dice) : (mother.Given, mother.Former is not null && dice.Percent(15) ? mother.Former : mother.Family);
        return Names.Plain(dice.Below(100) switch { < 3 => Names.Mistyped($"{given} {family}", dice), < 5 => "Unknown", _ => $"{given} {family}" });
    }

    /// <summary>45 of 100 reports name her, in the words of who was there: short, by another of her names, as "Mum"; of 100 of these 4 name somebody else.</summary>
    private static string MotherSaid(Soul soul, (IReadOnlyList<Soul> People, string Heritage) household, Dice dice)
    {
        var mother = household.People[0];
        if (!soul.Child || !dice.Percent(45))
        {
            return "";
        }
        if (dice.Percent(4))
        {
            return Another(household, dice) is var (hers, name) ? Names.Plain($"{hers} {name}") : "";
        }
        var first = First(mother.Given);
        var given = Names.ShortFor(first) is { } called && dice.Percent(25) ? called : Names.OtherSpelling(first, dice) is { } spelt && dice.Percent(25) ? spelt : dice.Percent(5) ? Names.Mistyped(first, dice) : first;
        var family = mother.Former is not null && dice.Percent(25) ? mother.Former : dice.Percent(4) ? Names.Family(FamilyNames[household.Heritage].Draw(dice), "F") : dice.Percent(5) ? Names.Mistyped(mother.Family, dice) : mother.Family;
        return Names.Plain(dice.Below(100) switch { < 7 => given, < 10 => "Mum", < 11 => "Unknown", _ => $"{given} {family}" });
    }

    /// <summary>A father's new partner, a grandmother, an aunt.</summary>
    private static (string Given, string Family) Another((IReadOnlyList<Soul> People, string Heritage) household, Dice dice) =>
        (Givens[(household.Heritage, "F", false)].Draw(dice), Names.Family(FamilyNames[household.Heritage].Draw(dice), "F"));

    /// <summary>Of 70 in 100 children, with nearly all births.</summary>
    private static string SiblingsOnRegister(Soul soul, IReadOnlyList<Soul> people, Dice dice) =>
        Siblings(soul, people, dice, 70, other => dice.Percent(95) ? $"{(dice.Percent(50) ? First(other.Given) : other.Given)} {other.Family}{(dice.Percent(90) ? $" {Written(other.Born)}" : "")}" : null);

    /// <summary>In 30 of 100 reports, four in five of them, half without a birth.</summary>
    private static string SiblingsSaid(Soul soul, IReadOnlyList<Soul> people, Dice dice) => Siblings(soul, people, dice, 30, other =>
    {
        var given = Names.ShortFor(First(other.Given)) is { } called && dice.Percent(25) ? called : dice.Percent(5) ? Names.Mistyped(First(other.Given), dice) : First(other.Given);
        return !dice.Percent(80) ? null : $"{given}{(dice.Percent(60) ? $" {other.Family}" : "")}{(dice.Percent(50) ? $" {(dice.Percent(5) ? Slip(other.Born, dice) : Written(other.Born))}" : "")}";
    });

    private static string Siblings(Soul soul, IReadOnlyList<Soul> people, Dice dice, int often, Func<Soul, string?> told) =>
        soul.Child && dice.Percent(often) ? Names.Plain(string.Join("; ", people.Where(other => other.Child && other != soul).Select(told).Where(name => name is not null))) : "";

    private static string Slip(LocalDate day, Dice dice) => Written(dice.Below(3) switch
    {
        0 => day.PlusDays(dice.OneIn(2) ? 10 : dice.Between(1, 9)),
        1 => day.PlusMonths(dice.Between(1, 6)),
        _ => day.PlusYears(dice.OneIn(2) ? 1 : -1),
    });

    private static string Written(LocalDate day) => day.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);
}
