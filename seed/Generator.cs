using System.Globalization;
using NodaTime;

namespace Heed.Seed;

/// <summary>
/// A partnership that does not exist, made the same way every time. Its bodies, people, records and rotas depend on the London date of now, the seed and the number of children;
/// its week is told back from now, to the minute.
/// </summary>
public static class Generator
{
    private const int WhoseCase = 5, WhatComes = 6;

    public static Partnership Make(Instant now, int seed = 1, int children = 400)
    {
        var today = Days.Of(now);
        var town = new Households(today, seed);
        SpecialFamilies.Add(town, today);
        town.Fill(children);
        var records = new Records(seed, town.All, town.People).Make(today);
        var years = Schools.Years(today).ToList();
        var (shifts, absences) = Rotas.Make(today, years);
        var allocations = Allocations(today, seed, town.People, records).ToList();
        var families = new Families(town.All, town.People, today);
        var week = new Week(Instant.FromUnixTimeSeconds(now.ToUnixTimeSeconds() / 60 * 60), seed, families, new ReportWriter(families, ByHolder(records)), new Duty(Bodies.Teams, shifts, absences), years, allocations).Make();
        return new("Tees Valley", Bodies.Agencies, Bodies.Teams, Bodies.Practitioners, shifts, absences, years, Places.Areas, town.All, town.People, records, Records.Barriers, allocations, week);
    }

    /// <summary>Any number of police reports about the households of a partnership, one every so often from an instant on; each is made when it is asked for, and nothing was done about any.</summary>
    public static IEnumerable<Sent> Stream(Partnership partnership, int reports, Instant from, int seed = 1, Duration? every = null)
    {
        var today = Days.Of(from);
        var families = new Families(partnership.Households, partnership.People, today);
        var usable = families.All.Where(family => family.Woman is not null).ToList();
        var writer = new ReportWriter(families, ByHolder(partnership.Records));
        var dice = Dice.For(seed, WhatComes);
        var gap = every ?? Duration.FromSeconds(20);
        for (var i = 0; i < reports; i++)
        {
            var received = from + gap * i;
            var (story, family, child) = Fitting(usable, today, dice);
            var occurred = received - Duration.FromMinutes(dice.Between(30, 150));
            var reference = string.Create(CultureInfo.InvariantCulture, $"TV/{today.Year}/{1_000_000 + i:0000000}");
            var (json, mentions) = writer.Write(new(Bodies.Police, reference, story, family, child, occurred, occurred + Duration.FromMinutes(dice.Between(9, 25)), "PC 2214 Okafor", "Response, Stockton", "nights"), dice);
            yield return new(Bodies.Police, received, json, [], null, mentions);
        }
    }

    private static (Story, Family, Person) Fitting(List<Family> families, LocalDate today, Dice dice)
    {
        while (true)
        {
            var story = dice.Percent(60) ? Stories.Police[dice.Below(17)] : dice.Pick(Stories.Police);
            for (var attempt = 0; attempt < 20; attempt++)
            {
                var family = dice.Pick(families);
                var child = dice.Pick(family.Children);
                if (story.Fits(family, child, today))
                {
                    return (story, family, child);
                }
            }
        }
    }

    private static ILookup<(string, string), Record> ByHolder(IReadOnlyList<Record> records) => records.Where(record => record.Tier != "sealed").ToLookup(record => (record.Agency, record.Person));

    /// <summary>A fifth of the children whom a council knows have a worker now. The Whitlocks have none.</summary>
    private static IEnumerable<Allocation> Allocations(LocalDate today, int seed, IReadOnlyList<Person> people, IReadOnlyList<Record> records)
    {
        var households = people.ToDictionary(person => person.Key, person => person);
        var dice = new Dictionary<(string, string), (bool Open, string Worker, Instant From)>();
        var told = new HashSet<(string, string)>();
        var number = 0;
        foreach (var record in records.Where(record => record.Tier == "open" && Places.Councils.Contains(record.Agency)))
        {
            var person = households[record.Person];
            if (!person.IsChildOn(today) || person.Household is "whitlock" or "hart" || !told.Add((record.Agency, person.Key)))
            {
                continue;
            }
            // brothers and sisters have one worker
            if (!dice.TryGetValue((record.Agency, person.Household), out var family))
            {
                var own = Dice.For(seed, WhoseCase, number++);
                var workers = Bodies.Practitioners.Where(one => one.Team == $"{record.Agency}-assessment" && one.Role == "social-worker").ToList();
                family = (person.Household is "refuge" or "rudd" || own.Percent(20), own.Pick(workers).Key, Days.At(today.PlusDays(-own.Between(6, 240)), own.Between(9, 16), own.Below(60)));
                dice[(record.Agency, person.Household)] = family;
            }
            if (family.Open)
            {
                yield return new(person.Key, record.Agency, family.Worker, $"{record.Agency}-assessment", family.From);
            }
        }
    }
}
