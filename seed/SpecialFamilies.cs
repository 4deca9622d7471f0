using NodaTime;

namespace Heed.Seed;

/// <summary>Families by name: each is here because systems get it wrong. The keys are stable; tests and the guided tour use them.</summary>
public static class SpecialFamilies
{
    public static readonly string[] UnbornChild = ["unborn-rudd"], SameSexTwins = ["ruby-dalton", "esme-dalton"], SameInitialTwins = ["kacper-pawlak", "kamil-pawlak"],
        SameNameSameBirthday = ["amelia-smith-norton", "amelia-smith-hartmoor"], ThreeSpellings = ["ella-hart", "zaynab-hussain"], RepeatHousehold = ["alfie-whitlock", "skye-whitlock"], InRefuge = ["noor-akhtar", "sami-akhtar"];

    public const string Alias = "tyler-brook", Adopted = "grace-adopted", Restricted = "isaac-bielecki", AdoptedOldNumber = "NS-100077", AdoptedNewNumber = "LV-204410";

    public static void Add(Households town, LocalDate today)
    {
        Harts(town);
        Whitlocks(town, today);
        Rudds(town, today);
        Twins(town, today);
        SameNames(town, today);
        Hussains(town, today);
        Refuge(town, today);
        AdoptedChild(town, today);
        StaffMember(town, today);
        AnotherName(town, today);
    }

    /// <summary>The family of the sample report. Ella is spelled in three ways by three agencies.</summary>
    private static void Harts(Households town) =>
        town.Add("hart", new("14 Larch Close", "Norton", "TS20 2QX"), "English",
            new Person("ella-hart", "Ella Mae", "Hart", ["Ella Brannigan"], new(2019, 3, 14), null, "F", "9990000018", town.UpnFor(new LocalDate(2019, 3, 14), "norton-primary", Places.Norton), null, "hart", "norton-primary",
                [new("mother", "dana-hart"), new("father", "kyle-brannigan")]),
            new Person("dana-hart", "Dana", "Hart", [], new(1994, 8, 2), null, "F", town.NextNhs(), null, null, "hart", null, [new("partner", "kyle-brannigan")]),
            new Person("kyle-brannigan", "Kyle", "Brannigan", [], new(1991, 11, 30), null, "M", town.NextNhs(), null, "2011/0045127T", "hart", null, [new("partner", "dana-hart")]));

    /// <summary>Four reports in four weeks, each of them "standard", and a fifth: nobody has yet looked at all of them together.</summary>
    private static void Whitlocks(Households town, LocalDate today)
    {
        LocalDate alfie = today.PlusDays(-365 * 9 - 40), skye = today.PlusDays(-365 * 4 - 210);
        town.Add("whitlock", new("27 Kielder Road", "Norton", "TS20 1HB"), "English",
            Child(town, "alfie-whitlock", "Alfie", "Whitlock", alfie, "M", "whitlock", "norton-primary", Places.Norton, new("mother", "stacey-whitlock"), new("sibling", "skye-whitlock"), new("step-parent", "carl-dobson")),
            Child(town, "skye-whitlock", "Skye", "Dobson", skye, "F", "whitlock", null, Places.Norton, new("mother", "stacey-whitlock"), new("father", "carl-dobson"), new("sibling", "alfie-whitlock")),
            Adult(town, "stacey-whitlock", "Stacey", "Whitlock", today.PlusDays(-365 * 31), "F", "whitlock", null, new Tie("partner", "carl-dobson")),
            Adult(town, "carl-dobson", "Carl", "Dobson", today.PlusDays(-365 * 36 - 99), "M", "whitlock", Identifiers.Pnc(2009, 118_226), new Tie("partner", "stacey-whitlock")));
    }

    /// <summary>A child who is not born yet; the mother is sixteen and a child herself.</summary>
    private static void Rudds(Households town, LocalDate today)
    {
        town.Add("rudd", new("Flat 3, 88 Station Road", "Thornaby Mills", "TS17 2LJ"), "English",
            new Person("unborn-rudd", "", "Rudd", [], null, today.PlusDays(68), "U", null, null, null, "rudd", null, [new("mother", "keira-rudd"), new("father", "corey-proud")]),
            Child(town, "keira-rudd", "Keira", "Rudd", today.PlusDays(-365 * 16 - 200), "F", "rudd", "teesbank-sixth-form", Places.Levenside, new("mother", "toni-rudd"), new("partner", "corey-proud")),
            Adult(town, "toni-rudd", "Toni", "Rudd", today.PlusDays(-365 * 38 - 20), "F", "rudd", null));
        town.Add("proud", new("9 Lorne Terrace", "Haverton", "TS23 4DE"), "English",
            Adult(town, "corey-proud", "Corey", "Proud", today.PlusDays(-365 * 22 - 11), "M", "proud", Identifiers.Pnc(2022, 30_417), new Tie("partner", "keira-rudd")));
    }

    private static void Twins(Households town, LocalDate today)
    {
        var girls = today.PlusDays(-365 * 7 - 77);
        town.Add("dalton", new("5 Priory Grove", "Stockton", "TS18 3FN"), "English",
            Child(town, "ruby-dalton", "Ruby", "Dalton", girls, "F", "dalton", "tilery-beck", Places.Norton, new("mother", "jade-dalton"), new("twin", "esme-dalton")),
            Child(town, "esme-dalton", "Esme", "Dalton", girls, "F", "dalton", "tilery-beck", Places.Norton, new("mother", "jade-dalton"), new("twin", "ruby-dalton")),
            Adult(town, "jade-dalton", "Jade", "Dalton", today.PlusDays(-365 * 29 - 3), "F", "dalton", null));
        var boys = today.PlusDays(-365 * 12 - 130);
        town.Add("pawlak", new("61 Ferry Road", "Headland", "TS24 3GW"), "Polish",
            Child(town, "kacper-pawlak", "Kacper", "Pawlak", boys, "M", "pawlak", "hartmoor-academy", Places.Hartmoor, new("mother", "ewelina-pawlak"), new("father", "marcin-pawlak"), new("twin", "kamil-pawlak")),
            Child(town, "kamil-pawlak", "Kamil", "Pawlak", boys, "M", "pawlak", "hartmoor-academy", Places.Hartmoor, new("mother", "ewelina-pawlak"), new("father", "marcin-pawlak"), new("twin", "kacper-pawlak")),
            Adult(town, "ewelina-pawlak", "Ewelina", "Pawlak", today.PlusDays(-365 * 37 - 8), "F", "pawlak", null, new Tie("partner", "marcin-pawlak")),
            Adult(town, "marcin-pawlak", "Marcin", "Pawlak", today.PlusDays(-365 * 40 - 45), "M", "pawlak", null, new Tie("partner", "ewelina-pawlak")));
    }

    /// <summary>Two girls, one name, one birthday, eight miles apart. They have never met.</summary>
    private static void SameNames(Households town, LocalDate today)
    {
        var born = today.PlusDays(-365 * 6 - 150);
        town.Add("smith-norton", new("112 Hume Street", "Haverton", "TS23 1BX"), "English",
            Child(town, "amelia-smith-norton", "Amelia", "Smith", born, "F", "smith-norton", "st-oswin", Places.Norton, new Tie("mother", "gemma-smith")),
            Adult(town, "gemma-smith", "Gemma", "Smith", today.PlusDays(-365 * 33), "F", "smith-norton", null));
        town.Add("smith-hartmoor", new("8 Ropery Terrace", "Seaton Hart", "TS25 2PL"), "English",
            Child(town, "amelia-smith-hartmoor", "Amelia", "Smith", born, "F", "smith-hartmoor", "seaton-road", Places.Hartmoor, new("mother", "laura-smith"), new("father", "gary-smith")),
            Adult(town, "laura-smith", "Laura", "Smith", today.PlusDays(-365 * 35 - 60), "F", "smith-hartmoor", null, new Tie("partner", "gary-smith")),
            Adult(town, "gary-smith", "Gary", "Smith", today.PlusDays(-365 * 36 - 14), "M", "smith-hartmoor", null, new Tie("partner", "laura-smith")));
    }

    private static void Hussains(Households town, LocalDate today) =>
        town.Add("hussain", new("33 Byron Street", "Bishopsgarth", "TS19 2RT"), "Urdu",
            Child(town, "zaynab-hussain", "Zaynab", "Hussain", today.PlusDays(-365 * 8 - 320), "F", "hussain", "preston-lane", Places.Levenside, new("mother", "shazia-bibi"), new("father", "tariq-hussain")),
            Adult(town, "shazia-bibi", "Shazia", "Bibi", today.PlusDays(-365 * 34 - 5), "F", "hussain", null, new Tie("partner", "tariq-hussain")),
            Adult(town, "tariq-hussain", "Tariq", "Hussain", today.PlusDays(-365 * 39 - 250), "M", "hussain", null, new Tie("partner", "shazia-bibi")));

    /// <summary>Where they live now must not reach whom they left.</summary>
    private static void Refuge(Households town, LocalDate today)
    {
        town.Add("refuge", new("The Old Vicarage, 2 Abbey Road", "Leven Bridge", "TS16 4WB", null, Confidential: true), "Urdu",
            Child(town, "noor-akhtar", "Noor", "Mahmood", today.PlusDays(-365 * 10 - 66), "F", "refuge", "leven-meadows", Places.Levenside, new("mother", "saima-akhtar"), new("father", "nadeem-mahmood"), new("sibling", "sami-akhtar")),
            Child(town, "sami-akhtar", "Sami", "Mahmood", today.PlusDays(-365 * 3 - 12), "M", "refuge", null, Places.Levenside, new("mother", "saima-akhtar"), new("father", "nadeem-mahmood"), new("sibling", "noor-akhtar")),
            Adult(town, "saima-akhtar", "Saima", "Akhtar", today.PlusDays(-365 * 32 - 101), "F", "refuge", null, new Tie("former-partner", "nadeem-mahmood")));
        town.Add("mahmood", new("70 Tennyson Avenue", "Hartmoor", "TS26 4QE"), "Urdu",
            Adult(town, "nadeem-mahmood", "Nadeem", "Mahmood", today.PlusDays(-365 * 38 - 33), "M", "mahmood", Identifiers.Pnc(2014, 77_310), new Tie("former-partner", "saima-akhtar")));
    }

    /// <summary>Her birth record is sealed at one council; her new one is an ordinary record at another. See the barrier in <see cref="Records"/>.</summary>
    private static void AdoptedChild(Households town, LocalDate today) =>
        town.Add("hale", new("18 Windmill Lane", "Wolviston Moor", "TS22 3AY"), "English",
            Child(town, "grace-adopted", "Grace", "Lowther", today.PlusDays(-365 * 5 - 240), "F", "hale", "bishop-aldwin", Places.Levenside, new("mother", "helen-lowther"), new("father", "simon-lowther")),
            Adult(town, "helen-lowther", "Helen", "Lowther", today.PlusDays(-365 * 42 - 9), "F", "hale", null, new Tie("partner", "simon-lowther")),
            Adult(town, "simon-lowther", "Simon", "Lowther", today.PlusDays(-365 * 44 - 70), "M", "hale", null, new Tie("partner", "helen-lowther")));

    /// <summary>His father works at the front door of the council that holds his record.</summary>
    private static void StaffMember(Households town, LocalDate today) =>
        town.Add("bielecki", new("40 Ullswater Crescent", "Stockton", "TS18 5HX"), "Polish",
            Child(town, "isaac-bielecki", "Isaac", "Bielecki", today.PlusDays(-365 * 13 - 300), "M", "bielecki", "roseworth-park", Places.Norton, new("mother", "paige-turnbull"), new("father", "marek-bielecki")),
            Adult(town, "paige-turnbull", "Paige", "Turnbull", today.PlusDays(-365 * 37 - 80), "F", "bielecki", null, new Tie("partner", "marek-bielecki")),
            Adult(town, "marek-bielecki", "Marek", "Bielecki", today.PlusDays(-365 * 41 - 2), "M", "bielecki", null, new Tie("partner", "paige-turnbull")));

    private static void AnotherName(Households town, LocalDate today) =>
        town.Add("brook", new("6 Quarry Road", "Elwick", "TS27 3CU"), "English",
            Child(town, "tyler-brook", "Tyler", "Brook", today.PlusDays(-365 * 15 - 170), "M", "brook", "hartmoor-academy", Places.Hartmoor, new("mother", "leanne-brook"), new("father", "shaun-stobbs")) with { AlsoKnownAs = ["Ty Stobbs", "TJ"] },
            Adult(town, "leanne-brook", "Leanne", "Brook", today.PlusDays(-365 * 39 - 150), "F", "brook", null, new Tie("former-partner", "shaun-stobbs")),
            Adult(town, "shaun-stobbs", "Shaun", "Stobbs", today.PlusDays(-365 * 41 - 19), "M", "brook", Identifiers.Pnc(2003, 55_801), new Tie("former-partner", "leanne-brook")));

    private static Person Child(Households town, string key, string given, string family, LocalDate born, string sex, string household, string? school, string council, params Tie[] ties) =>
        new(key, given, family, [], born, null, sex, town.NextNhs(), town.UpnFor(born, school, council), null, household, school, ties);

    private static Person Adult(Households town, string key, string given, string family, LocalDate born, string sex, string household, string? pnc, params Tie[] ties) =>
        new(key, given, family, [], born, null, sex, town.NextNhs(), null, pnc, household, null, ties);
}
