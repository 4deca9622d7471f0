using NodaTime;

namespace Heed.Seed;

public sealed record School(string Key, string Name, string Urn, string Phase, string Council, string Locality, LocalTime Starts, int Number, string Lead, string Deputy);

/// <summary>Fifteen schools and the calendars of three councils, which do not agree.</summary>
public static class Schools
{
    public static readonly IReadOnlyList<School> All =
    [
        new("norton-primary", "Norton Primary School", "111555", "primary", Places.Norton, "Norton", new(8, 50), 2011, "Judith Farrow", "Sam Adeyemi"),
        new("tilery-beck", "Tilery Beck Primary School", "199102", "primary", Places.Norton, "Stockton", new(8, 45), 2012, "Rachel Oakes", "Naveed Aslam"),
        new("st-oswin", "St Oswin's Catholic Primary School", "199103", "primary", Places.Norton, "Haverton", new(8, 55), 3301, "Bernadette Quigley", "Tomasz Zielak"),
        new("roseworth-park", "Roseworth Park Academy", "199104", "secondary", Places.Norton, "Norton", new(8, 40), 4001, "Dominic Achebe", "Helen Stainsby"),
        new("norton-grange", "Norton Grange School", "199105", "special", Places.Norton, "Norton", new(9, 0), 7001, "Wendy Castle", "Imran Sadiq"),
        new("teesbank-sixth-form", "Teesbank Sixth Form College", "199106", "college", Places.Norton, "Stockton", new(9, 0), 8001, "Louise Harbron", "Gareth Pugh"),
        new("leven-meadows", "Leven Meadows Primary School", "199107", "primary", Places.Levenside, "Thornaby Mills", new(8, 50), 2021, "Parveen Chaudhry", "Jack Elliff"),
        new("preston-lane", "Preston Lane Primary School", "199108", "primary", Places.Levenside, "Bishopsgarth", new(8, 50), 2022, "Morag Sinclair", "Anita Deol"),
        new("bishop-aldwin", "Bishop Aldwin CE Primary School", "199109", "primary", Places.Levenside, "Wolviston Moor", new(8, 45), 3302, "Christine Lamb", "Peter Osei"),
        new("levenside-high", "Levenside High School", "199110", "secondary", Places.Levenside, "Leven Bridge", new(8, 35), 4002, "Yvonne Marr", "Stephen Bayat"),
        new("ashgrove-hall", "Ashgrove Hall School", "199111", "independent", Places.Levenside, "Leven Bridge", new(8, 30), 6001, "Philippa Wray", "Edmund Hale"),
        new("headland-primary", "Headland Primary School", "199112", "primary", Places.Hartmoor, "Headland", new(8, 50), 2031, "Karen Siddle", "Lucy Tran"),
        new("seaton-road", "Seaton Road Primary School", "199113", "primary", Places.Hartmoor, "Seaton Hart", new(8, 55), 2032, "Abdul Kader", "Jenny Rudd"),
        new("elwick-green", "Elwick Green Primary School", "199114", "primary", Places.Hartmoor, "Elwick", new(8, 45), 2033, "Fiona Tate", "Daniel Kowal"),
        new("hartmoor-academy", "Hartmoor Academy", "199115", "secondary", Places.Hartmoor, "Hartmoor", new(8, 30), 4003, "Sandra Moyo", "Ross Kitching"),
    ];

    private static readonly Dictionary<string, School> ByKeys = All.ToDictionary(school => school.Key);
    private static readonly Dictionary<(string, string), School[]> Of = All.GroupBy(school => (school.Council, school.Phase)).ToDictionary(group => group.Key, group => group.ToArray());

    public static School ByKey(string key) => ByKeys[key];

    /// <summary>Which school somebody of this age in this council goes to; none below reception, after leaving, and for the few taught at home.</summary>
    public static string? For(LocalDate born, LocalDate today, string council, Dice dice)
    {
        // reception begins in the September after the fourth birthday
        var thisYear = SchoolYearOf(today);
        var year = thisYear - SchoolYearOf(born) - 5;
        var other = dice.Below(100);
        return year switch
        {
            < 0 => null,
            _ when other < 2 => null,
            < 14 when other < 4 => "norton-grange",
            < 12 when other < 6 => "ashgrove-hall",
            < 7 => dice.Pick(Of[(council, "primary")]).Key,
            < 12 => dice.Pick(Of[(council, "secondary")]).Key,
            < 14 when other < 70 => "teesbank-sixth-form",
            _ => null,
        };
    }

    /// <summary>The year before, this one and the next, for every school.</summary>
    public static IEnumerable<SchoolYear> Years(LocalDate today) =>
        from year in new[] { SchoolYearOf(today) - 1, SchoolYearOf(today), SchoolYearOf(today) + 1 }
        from school in All
        select Year(school, year);

    public static bool IsOpen(SchoolYear year, LocalDate day) =>
        Days.IsWorking(day) && !year.InsetDays.Contains(day) && year.Terms.Any(term => term.Contains(day));

    private static int SchoolYearOf(LocalDate day) => day.Month >= 9 ? day.Year : day.Year - 1;

    private static SchoolYear Year(School school, int year)
    {
        var local = school.Council switch { Places.Norton => 0, Places.Levenside => 1, _ => 2 };
        var start = Monday(new(year, 9, 1)).PlusDays(local);
        var autumnBreak = Monday(new(year, 10, 20));
        var backInNovember = autumnBreak.PlusDays(local == 1 ? 14 : 7);
        var christmas = Monday(new(year, 12, 14)).PlusDays(local == 2 ? 3 : 4);
        var january = Monday(new(year + 1, 1, 2)).PlusDays(local == 0 ? 1 : 0);
        var february = Monday(new(year + 1, 2, 10)).PlusDays(local == 2 ? 7 : 0);
        var easter = Days.Easter(year + 1).PlusDays(local == 0 ? -13 : local == 1 ? -6 : -6);
        var whitsun = Monday(new(year + 1, 5, 25));
        var end = Monday(new(year + 1, 7, 15)).PlusDays(local == 1 ? 2 : 4);
        var independent = school.Phase == "independent";
        return new(school.Key, start, end, school.Starts,
            [
                new(start, autumnBreak.PlusDays(independent ? -10 : -3)), new(backInNovember, christmas.PlusDays(independent ? -3 : 0)),
                new(january, february.PlusDays(-3)), new(february.PlusDays(7), easter.PlusDays(-3)),
                new(easter.PlusDays(15), whitsun.PlusDays(-3)), new(whitsun.PlusDays(7), independent ? end.PlusDays(-9) : end),
            ],
            [start, backInNovember.PlusDays(school.Number % 2), january, february.PlusDays(7 + school.Number % 5), end]);
    }

    /// <summary>The first Monday on or after a day.</summary>
    private static LocalDate Monday(LocalDate day) => day.DayOfWeek is IsoDayOfWeek.Monday ? day : day.Next(IsoDayOfWeek.Monday);
}
