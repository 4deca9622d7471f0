using NodaTime;

namespace Heed.Seed;

/// <summary>The people of the partnership, as they truly are, household by household. Each household has dice of its own: four hundred children are the first four hundred of a hundred thousand.</summary>
public sealed class Households(LocalDate today, int seed)
{
    private const int WhoLivesThere = 1;

    private int _numbers;
    private int _pupils;

    public List<Household> All { get; } = [];
    public List<Person> People { get; } = [];
    public int Children { get; private set; }

    public void Fill(int children)
    {
        for (var i = 1; Children < children; i++)
        {
            Ordinary(i);
        }
    }

    public string? NextNhs()
    {
        for (var attempt = 0; attempt < 20; attempt++)
        {
            if (Identifiers.Nhs(_numbers++) is { } number)
            {
                return number;
            }
        }
        return null;
    }

    public string? UpnFor(LocalDate? born, string? school, string council)
    {
        if (school is null || born is not { } day)
        {
            return null;
        }
        var at = Schools.ByKey(school);
        return Identifiers.Upn(970 + Places.Councils.ToList().IndexOf(council) + 1, at.Number, day.Year + 5, _pupils++);
    }

    /// <summary>Adds people who live at one address.</summary>
    public void Add(string key, Address address, string language, params IReadOnlyList<Person> members)
    {
        All.Add(new(key, address, members.Select(member => member.Key).ToList(), language));
        People.AddRange(members);
        Children += members.Count(member => member.IsChildOn(today));
    }

    private void Ordinary(int number)
    {
        var dice = Dice.For(seed, WhoLivesThere, number);
        var key = $"h{number:00000}";
        var heritage = Names.Any(dice);
        var shape = dice.Below(100);
        var address = Places.Any(dice, number);
        var council = Places.CouncilOf(address.Postcode);
        var stem = dice.Pick(heritage.Families);

        var births = Births(dice);
        var oldest = births[0];
        var motherBorn = oldest.PlusDays(-365 * dice.Between(17, 37) - dice.Below(365));
        var motherFamily = heritage.KeepsOwn || shape is >= 45 and < 88 || dice.Percent(20) ? dice.Pick(heritage.WomensFamilies ?? heritage.Families) : stem;
        var (mother, father, partner, grandmother) = ($"{key}-mother", $"{key}-father", $"{key}-partner", $"{key}-grandmother");

        // 45 two parents, 25 the mother alone, 15 a step-family, 9 grandparents, 6 the father alone
        var together = shape < 45;
        var step = shape is >= 70 and < 85;
        var withGrandmother = shape is >= 85 and < 94;
        var fatherAlone = shape >= 94;
        var children = new List<Person>();
        for (var i = 0; i < births.Count; i++)
        {
            var sex = dice.Percent(51) ? "M" : "F";
            var halfSibling = step && i == births.Count - 1 && i > 0;
            var given = heritage.Child(sex, dice);
            for (var attempt = 0; attempt < 6 && children.Any(child => child.Given == given); attempt++)
            {
                given = heritage.Child(sex, dice);
            }
            var family = Names.Family(halfSibling ? dice.Pick(heritage.Families) : heritage.KeepsOwn || together || fatherAlone || dice.Percent(55) ? stem : motherFamily, sex);
            if (heritage.Key == "british" && dice.Percent(18) && !given.Contains(' '))
            {
                given += " " + heritage.Child(sex, dice);
            }
            var school = Schools.For(births[i], today, council, dice);
            var ties = new List<Tie> { new("mother", mother), new("father", halfSibling ? partner : father) };
            if (step && !halfSibling)
            {
                ties.Add(new("step-parent", partner));
            }
            if (withGrandmother)
            {
                ties.Add(new("grandparent", grandmother));
            }
            for (var j = 0; j < births.Count; j++)
            {
                if (j != i)
                {
                    ties.Add(new(births[j] == births[i] ? "twin" : "sibling", $"{key}-c{j + 1}"));
                }
            }
            children.Add(new($"{key}-c{i + 1}", given, family, dice.OneIn(25) ? [$"{given} {Names.Family(motherFamily, sex)}"] : [], births[i], null, sex,
                NextNhs(), UpnFor(births[i], school, council), null, key, school, ties));
        }

        var elsewhere = $"{key}-b";
        var motherTies = new List<Tie> { new(together ? "partner" : "former-partner", father) };
        if (step)
        {
            motherTies.Add(new("partner", partner));
        }
        if (withGrandmother)
        {
            motherTies.Add(new("mother", grandmother));
        }
        var hers = Adult(mother, heritage, motherFamily, "F", motherBorn, withGrandmother || fatherAlone ? elsewhere : key, motherTies, dice);
        var his = Adult(father, heritage, stem, "M", motherBorn.PlusDays(dice.Between(-2600, 900)), together || fatherAlone ? key : $"{key}-f",
            [new(together ? "partner" : "former-partner", mother)], dice);

        var members = new List<Person>(children);
        var others = new List<Person>();
        (hers.Household == key ? members : others).Add(hers);
        (his.Household == key ? members : others).Add(his);
        if (step)
        {
            var nextHeritage = dice.Percent(85) ? heritage : Names.Any(dice);
            var name = children.Count > 1 ? children[^1].Family : dice.Pick(nextHeritage.Families);
            members.Add(Adult(partner, nextHeritage, name, "M", motherBorn.PlusDays(dice.Between(-3000, 1500)), key, [new("partner", mother)], dice));
        }
        if (withGrandmother)
        {
            members.Add(Adult(grandmother, heritage, motherFamily, "F", motherBorn.PlusDays(-365 * dice.Between(18, 30)), key, [], dice));
        }
        Add(key, address, dice.Percent(75) || heritage.Language == "English" ? heritage.Language : "English", members);
        foreach (var person in others)
        {
            Add(person.Household, Places.Any(dice, number + 50_000), heritage.Language, person);
        }
    }

    private Person Adult(string key, Heritage heritage, string family, string sex, LocalDate born, string household, List<Tie> ties, Dice dice)
    {
        var given = heritage.Adult(sex, dice);
        var alias = dice.OneIn(sex == "F" ? 9 : 20) ? new[] { $"{given} {Names.Family(dice.Pick(heritage.Families), sex)}" } : [];
        var pnc = dice.Percent(sex == "M" ? 18 : 7) ? Identifiers.Pnc(born.Year + dice.Between(14, 24) is var year && year < today.Year ? year : today.Year - 1, dice.Between(1000, 499_999)) : null;
        return new(key, given, Names.Family(family, sex), alias, born, null, sex, NextNhs(), null, pnc, household, null, ties);
    }

    private List<LocalDate> Births(Dice dice)
    {
        var wanted = dice.Below(100) switch { < 30 => 1, < 68 => 2, < 89 => 3, _ => 4 };
        var born = today.PlusDays(-dice.Below(6574));
        var births = new List<LocalDate> { born };
        while (births.Count < wanted)
        {
            if (!dice.OneIn(40))
            {
                born = born.PlusDays(dice.Between(350, 1500));
            }
            if (born > today)
            {
                break;
            }
            births.Add(born);
        }
        return births;
    }
}
