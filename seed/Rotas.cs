using NodaTime;

namespace Heed.Seed;

/// <summary>Who is on duty when, from five weeks before the day to more than four after it, and who on the rota is not there.</summary>
public static class Rotas
{
    public static (IReadOnlyList<Shift>, IReadOnlyList<Absence>) Make(LocalDate today, IReadOnlyList<SchoolYear> years)
    {
        var shifts = new List<Shift>();
        for (var day = today.PlusDays(-38); day <= today.PlusDays(30); day = day.PlusDays(1))
        {
            Police(day, shifts);
            Council(Places.Norton, ["ramsey", "bielecki"], "whelan", ["appiah", "dunning"], "farrar", "khalid", "prentice", ["oduya", "mallory"], day, shifts);
            Council(Places.Levenside, ["sharma", "kirton"], "delaney", ["mutasa", "frost"], "delaney", "lockwood", "hoyle", ["bradwell", "iqbal-z"], day, shifts);
            Council(Places.Hartmoor, ["neasham", "popa"], "greaves", ["lamont", "yau"], "greaves", "storey", "birtle", ["quayle", "forster"], day, shifts);
            OutOfHours("tees-edt", ["egan", "bello", "sturrock"], ["khalid", "lockwood"], ["oduya", "bradwell"], day, shifts);
            OutOfHours("hartmoor-edt", ["catterick", "rahim"], ["storey", "greaves"], ["quayle", "forster"], day, shifts);
            Hospital(day, shifts);
            if (Days.IsWorking(day))
            {
                shifts.Add(new("ashworth", "tvscp-business", 0, Days.At(day, 9), Days.At(day, 17)));
                shifts.AddRange(Bodies.Practitioners.Where(who => who.Role == "privacy-reviewer").Select(who => new Shift(who.Key, who.Team, 0, Days.At(day, 9), Days.At(day, 17))));
            }
            foreach (var year in years.Where(year => Schools.IsOpen(year, day)))
            {
                var from = Days.At(day, 7, 45);
                var until = Days.At(day, 16, 30);
                shifts.Add(new($"{year.School}-lead", $"{year.School}-safeguarding", 0, from, until));
                shifts.Add(new($"{year.School}-deputy", $"{year.School}-safeguarding", 1, from, until));
            }
        }
        return (shifts, Absences(today));
    }

    /// <summary>All of them stand on the rota on these days: nobody took them off it. A clock that climbs has to step over them.</summary>
    private static List<Absence> Absences(LocalDate today) =>
    [
        new("whelan", today.PlusDays(-1), today.PlusDays(3), "Annual leave"),
        new("bello", today.PlusDays(-2), today.PlusDays(1), "Sickness"),
        new("nawaz", today, today.PlusDays(4), "Interviewing course"),
        new("mallory", today.PlusDays(2), today.PlusDays(9), "Annual leave"),
        new("tilery-beck-lead", today.PlusDays(-30), today.PlusDays(60), "Maternity leave"),
        new("kirton", today.PlusDays(-12), today.PlusDays(-8), "Annual leave"),
        new("boyle", today.PlusDays(5), today.PlusDays(12), "Annual leave"),
    ];

    private static void Police(LocalDate day, List<Shift> shifts)
    {
        string[] stockton = ["okafor", "duggan", "metcalfe-t", "sandhu"], hartmoor = ["pickering", "boyle", "wanless", "haidari"], inspectors = ["corrigan", "asante", "lister"];
        var number = Number(day);
        Instant seven = Days.At(day, 7), nineteen = Days.At(day, 19), tomorrow = Days.At(day.PlusDays(1), 7);
        // two days, two nights, four off
        foreach (var (team, officers) in new[] { ("tvp-response-stockton", stockton), ("tvp-response-hartmoor", hartmoor) })
        {
            for (var k = 0; k < 4; k++)
            {
                switch ((number + 2 * k) % 8 / 2)
                {
                    case 0: shifts.Add(new(officers[k], team, 0, seven, nineteen)); break;
                    case 1: shifts.Add(new(officers[k], team, 0, nineteen, tomorrow)); break;
                    default: break;
                }
            }
        }
        var dayInspector = inspectors[(number / 2) % 3];
        var nightInspector = inspectors[(number / 2 + 2) % 3];
        var lead = Week(day, "hewitt", "tolliver");
        var detectiveInspector = Week(day, "rennison", "osman-f");
        foreach (var (team, rung) in new[] { ("tvp-duty-inspectors", 0), ("tvp-response-stockton", 1), ("tvp-response-hartmoor", 1), ("tvp-mash-desk", 1), ("tvp-custody", 1) })
        {
            shifts.Add(new(dayInspector, team, rung, seven, nineteen));
            shifts.Add(new(nightInspector, team, rung, nineteen, tomorrow));
        }
        shifts.Add(new(detectiveInspector, "tvp-detective-inspectors", 0, seven, tomorrow));
        shifts.Add(new(detectiveInspector, "tvp-child-abuse", 1, seven, tomorrow));
        shifts.Add(new(lead, "tvp-public-protection", 0, seven, tomorrow));
        shifts.Add(new(lead == "hewitt" ? "tolliver" : "hewitt", "tvp-public-protection", 1, seven, tomorrow));
        foreach (var team in new[] { "tvp-duty-inspectors", "tvp-detective-inspectors" })
        {
            shifts.Add(new(lead, team, 1, seven, tomorrow));
        }
        foreach (var team in new[] { "tvp-response-stockton", "tvp-response-hartmoor", "tvp-mash-desk", "tvp-child-abuse", "tvp-custody" })
        {
            shifts.Add(new(lead, team, 2, seven, tomorrow));
        }
        if (Days.IsWorking(day))
        {
            shifts.Add(new(Week(day, "thirlwell", "mcateer"), "tvp-mash-desk", 0, seven, Days.At(day, 15)));
            shifts.Add(new("banerjee", "tvp-mash-desk", 0, Days.At(day, 9), Days.At(day, 17)));
            shifts.Add(new(Week(day, "mcateer", "thirlwell"), "tvp-mash-desk", 0, Days.At(day, 14), Days.At(day, 22)));
            shifts.Add(new("holroyd", "tvp-child-abuse", 0, Days.At(day, 8), Days.At(day, 16)));
            shifts.Add(new("gilchrist", "tvp-child-abuse", 0, Days.At(day, 9), Days.At(day, 17)));
            shifts.Add(new("nawaz", "tvp-child-abuse", 0, Days.At(day, 12), Days.At(day, 20)));
            shifts.Add(new("cairns", "tvp-custody", 0, seven, nineteen));
        }
        else
        {
            shifts.Add(new(Week(day, "holroyd", "nawaz"), "tvp-child-abuse", 0, Days.At(day, 9), Days.At(day, 17)));
        }
    }

    private static void Council(string council, string[] door, string doorManager, string[] assessment, string assessmentManager, string service, string chair, string[] heads, LocalDate day, List<Shift> shifts)
    {
        Instant midnight = Days.At(day, 0), next = Days.At(day.PlusDays(1), 0);
        // both are on call all year: one first, week by week
        shifts.Add(new(Week(day, heads[0], heads[1]), $"{council}-heads", 0, midnight, next));
        shifts.Add(new(Week(day, heads[1], heads[0]), $"{council}-heads", 1, midnight, next));
        if (!Days.IsWorking(day))
        {
            return;
        }
        Instant opens = Days.At(day, 8, 30), closes = Days.At(day, 17), late = Days.At(day, 17, 30);
        shifts.AddRange(door.Select(worker => new Shift(worker, $"{council}-front-door", 0, opens, closes)));
        shifts.Add(new(doorManager, $"{council}-front-door", 1, opens, late));
        shifts.Add(new(service, $"{council}-front-door", 2, opens, late));
        shifts.AddRange(assessment.Select(worker => new Shift(worker, $"{council}-assessment", 0, opens, closes)));
        shifts.Add(new(assessmentManager, $"{council}-assessment", 1, opens, late));
        shifts.Add(new(service, $"{council}-assessment", 2, opens, late));
        shifts.Add(new(chair, $"{council}-conference", 0, opens, closes));
        shifts.Add(new(service, $"{council}-conference", 1, opens, late));
    }

    private static void OutOfHours(string team, string[] workers, string[] managers, string[] heads, LocalDate day, List<Shift> shifts)
    {
        var number = Number(day);
        var tomorrow = day.PlusDays(1);
        var morning = Days.At(tomorrow, Days.IsWorking(tomorrow) ? 9 : 8, Days.IsWorking(tomorrow) ? 0 : 30);
        void On(int shift, Instant from, Instant until)
        {
            shifts.Add(new(workers[(number * 2 + shift) % workers.Length], team, 0, from, until));
            shifts.Add(new(Week(day, managers[0], managers[1]), team, 1, from, until));
            shifts.Add(new(Week(day, heads[0], heads[1]), team, 2, from, until));
        }
        if (Days.IsWorking(day))
        {
            On(1, Days.At(day, 16, 30), morning);
        }
        else
        {
            On(0, Days.At(day, 8, 30), Days.At(day, 20, 30));
            On(1, Days.At(day, 20, 30), morning);
        }
    }

    private static void Hospital(LocalDate day, List<Shift> shifts)
    {
        string[] nurses = ["santos", "roddam", "varghese"];
        var number = Number(day) / 2;
        Instant half = Days.At(day, 7, 30), evening = Days.At(day, 19, 30), tomorrow = Days.At(day.PlusDays(1), 7, 30);
        shifts.Add(new(nurses[number % 3], "tuh-emergency", 0, half, evening));
        shifts.Add(new(nurses[(number + 2) % 3], "tuh-emergency", 0, evening, tomorrow));
        shifts.Add(new(Week(day, "heaton", "lindqvist"), "tuh-named", 0, half, tomorrow));
        shifts.Add(new(Week(day, "heaton", "lindqvist"), "tuh-emergency", 1, half, tomorrow));
        shifts.Add(new(Week(day, "lindqvist", "heaton"), "tuh-named", 1, half, tomorrow));
        if (Days.IsWorking(day))
        {
            shifts.Add(new("mensah", "tuh-safeguarding", 0, Days.At(day, 8), Days.At(day, 16)));
            shifts.Add(new("whitfield", "tuh-safeguarding", 0, Days.At(day, 10), Days.At(day, 18)));
            shifts.Add(new("heaton", "tuh-safeguarding", 1, Days.At(day, 8), Days.At(day, 18)));
        }
    }

    private static int Number(LocalDate day) => Period.DaysBetween(new LocalDate(2024, 1, 1), day);

    private static string Week(LocalDate day, string even, string odd) => Number(day) / 7 % 2 == 0 ? even : odd;
}

/// <summary>Reads a rota: who answers for a team at an instant.</summary>
public sealed class Duty(IReadOnlyList<Team> teams, IReadOnlyList<Shift> shifts, IReadOnlyList<Absence> absences)
{
    private readonly Dictionary<string, Team> _teams = teams.ToDictionary(team => team.Key);
    private readonly ILookup<string, Shift> _shifts = shifts.ToLookup(shift => shift.Team);

    public IEnumerable<string> On(string team, int rung, Instant at) =>
        _shifts[team].Where(shift => shift.Rung == rung && shift.From <= at && at < shift.Until && !IsAway(shift.Practitioner, at)).Select(shift => shift.Practitioner);

    /// <summary>Somebody at this rung or further up, in the team, else in the team that covers it, else in the one above.</summary>
    public string? Somebody(string team, int rung, Instant at, int which = 0)
    {
        for (var height = rung; height <= 2; height++)
        {
            var there = On(team, height, at).ToList();
            if (there.Count > 0)
            {
                return there[which % there.Count];
            }
        }
        return (_teams[team].CoveredBy is { } covering ? Somebody(covering, rung, at, which) : null)
            ?? (_teams[team].Above is { } above ? Somebody(above, 0, at, which) : null);
    }

    public bool IsAway(string practitioner, Instant at)
    {
        var day = Days.Of(at);
        return absences.Any(absence => absence.Practitioner == practitioner && absence.From <= day && day <= absence.Until);
    }
}
