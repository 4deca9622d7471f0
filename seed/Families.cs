using NodaTime;

namespace Heed.Seed;

/// <summary>A household as a caller finds it: its children, the woman who cares for them, and the man in the story, who may live elsewhere.</summary>
public sealed record Family(Household Household, IReadOnlyList<Person> Children, Person? Woman, string WomanIs, Person? Man, string ManIs)
{
    public bool ManLivesThere => Man?.Household == Household.Key;

    public static int Age(Person child, LocalDate on) => child.Born is { } born && born < on ? Period.Between(born, on, PeriodUnits.Years).Years : 0;

    public string Whereabouts(LocalDate on, Dice dice)
    {
        var born = Children.Where(child => child.Born is { } day && day <= on).ToList();
        return (born.Count, born.Count > 0 ? born.Min(child => Age(child, on)) : 0) switch
        {
            (0, _) => "She is pregnant; no other children.",
            (1, 0) => dice.Pick(["Baby asleep in the next room.", "Baby in mother's arms throughout.", "Baby in a bouncer in the same room."]),
            (1, _) => dice.Pick(["Child upstairs, awake.", "Child in the same room.", "Child asleep, did not wake.", "Child on the stairs and saw it.", "Child at a relative's tonight."]),
            (2, _) => dice.Pick(["Both children upstairs, awake.", "Both children in the living room.", "Both children asleep.", "The younger one was crying, the elder comforted them.", "Both children heard it."]),
            _ => dice.Pick(["All the children upstairs, two of them awake.", "The children were together in one bedroom.", "The eldest had taken the others to the bedroom.", "All of the children were at home and heard it."]),
        };
    }
}

/// <summary>Reads the families out of a partnership, whoever made it.</summary>
public sealed class Families
{
    private readonly Dictionary<string, Person> _people;

    public Families(IReadOnlyList<Household> households, IReadOnlyList<Person> people, LocalDate today)
    {
        _people = people.ToDictionary(person => person.Key);
        Addresses = households.ToDictionary(household => household.Key, household => household.Address);
        var all = new List<Family>();
        foreach (var household in households)
        {
            var members = household.Members.Select(key => _people[key]).ToList();
            var children = members.Where(member => member.IsChildOn(today)).ToList();
            if (children.Count > 0)
            {
                all.Add(Read(household, members, children));
            }
        }
        All = all;
    }

    public IReadOnlyList<Family> All { get; }

    public IReadOnlyDictionary<string, Address> Addresses { get; }

    public Person this[string key] => _people[key];

    public Family Of(string household) => All.First(family => family.Household.Key == household);

    private Family Read(Household household, List<Person> members, List<Person> children)
    {
        Person? Tied(string kind) => children.SelectMany(child => child.Ties).Where(tie => tie.Kind == kind).Select(tie => _people[tie.To]).FirstOrDefault(person => !children.Contains(person));
        var woman = members.FirstOrDefault(member => !children.Contains(member) && member.Sex == "F") ?? Tied("mother");
        var womanIs = woman is not null && children.Any(child => child.Ties.Contains(new Tie("grandparent", woman.Key))) ? "grandmother" : "mother";
        var stepParent = Tied("step-parent");
        var father = Tied("father");
        var (man, manIs) = (stepParent, father) switch
        {
            ({ } step, _) when step.Household == household.Key => (step, "step-father"),
            (_, { } own) when own.Household == household.Key => (own, "father"),
            (_, { } own) => (own, "former partner"),
            _ => (null, "a man she would not name"),
        };
        return new(household, children, woman, womanIs, man, manIs);
    }
}
