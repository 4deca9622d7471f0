using NodaTime;

namespace Heed.Seed;

/// <summary>The postcode areas of three councils that do not exist, and addresses in them.</summary>
public static class Places
{
    public const string Norton = "norton-stockton", Levenside = "levenside", Hartmoor = "hartmoor";

    public static readonly IReadOnlyList<string> Councils = [Norton, Levenside, Hartmoor];

    /// <summary>The longest beginning wins: TS21 is Hartmoor's, but for its sector 1.</summary>
    public static readonly IReadOnlyList<Area> Areas =
    [
        new("TS18", Norton), new("TS20", Norton), new("TS23", Norton), new("TS21 1", Norton),
        new("TS16", Levenside), new("TS17", Levenside), new("TS19", Levenside), new("TS22", Levenside),
        new("TS21", Hartmoor), new("TS24", Hartmoor), new("TS25", Hartmoor), new("TS26", Hartmoor), new("TS27", Hartmoor),
    ];

    private static readonly (string Beginning, string Locality, int Weight)[] Localities =
    [
        ("TS18", "Stockton", 14), ("TS20", "Norton", 13), ("TS23", "Haverton", 10), ("TS21 1", "Carlton Green", 4),
        ("TS16", "Leven Bridge", 8), ("TS17", "Thornaby Mills", 12), ("TS19", "Bishopsgarth", 10), ("TS22", "Wolviston Moor", 5),
        ("TS21", "Sedge End", 4), ("TS24", "Headland", 9), ("TS25", "Seaton Hart", 10), ("TS26", "Hartmoor", 9), ("TS27", "Elwick", 5),
    ];

    private static readonly int Total = Localities.Sum(locality => locality.Weight);

    private static readonly string[] Streets =
        [.. "Larch Beech Rowan Alder Hawthorn Cedar Maple Bramble Meadow Church Mill Station Windmill Priory Abbey Durham Whitby Raby Kielder Coniston Grasmere Ullswater Dunelm Ropery Quarry Victoria Albert Hume Lorne Tennyson Byron Marlowe Junction Ferry Wharf Lancaster Spitfire Ragpath Redhill Ingleby"
            .Split(' ').SelectMany(name => new[] { "Close", "Road", "Street", "Avenue", "Crescent", "Grove", "Terrace" }.Select(kind => $"{name} {kind}"))];

    public static string CouncilOf(string postcode) => Areas.Where(area => postcode.StartsWith(area.Postcode, StringComparison.Ordinal)).MaxBy(area => area.Postcode.Length)!.Council;

    public static Address Any(Dice dice, int number)
    {
        var at = dice.Below(Total);
        var place = Localities[0];
        foreach (var one in Localities)
        {
            if ((at -= one.Weight) < 0)
            {
                place = one;
                break;
            }
        }
        return In(place.Beginning, place.Locality, dice, number);
    }

    public static Address In(string council, Dice dice, int number)
    {
        var place = dice.Pick(Localities.Where(one => CouncilOf(one.Beginning) == council).ToList());
        return In(place.Beginning, place.Locality, dice, number);
    }

    private static Address In(string beginning, string locality, Dice dice, int number)
    {
        var street = dice.Below(Streets.Length);
        // a street is long: four codes to it, the same for everybody who lives in that part
        var part = dice.Below(4);
        var sector = beginning.Contains(' ') ? beginning : $"{beginning} {(beginning == "TS21" ? 2 + street % 3 : 1 + street % 5)}";
        const string letters = "ABDEFGHJLNPQRSTUWXYZ";
        var code = (street * 4 + part) % 400;
        var postcode = sector + letters[code / 20] + letters[code % 20];
        var house = part * 40 + dice.Between(1, 40);
        var line = dice.Percent(9) ? $"Flat {dice.Between(1, 12)}, {house} {Streets[street]}" : $"{house} {Streets[street]}";
        return new(line, locality, postcode, dice.Percent(45) ? $"1000997{number % 100_000:00000}" : null);
    }
}
