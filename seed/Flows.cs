using NodaTime;

namespace Heed.Seed;

/// <summary>How a force tells a council. The first four are honest: at once, at the end of the shift, by a desk from seven to ten, and with one bad fortnight. The others are what inspectors found, or what follows from it.</summary>
public enum Habit
{
    AtOnce, ByShift, ByDesk, BadFortnight,

    /// <summary>Everything once a day, at four.</summary>
    DailyBatch,

    /// <summary>What is not graded high on Friday afternoons: Bury.</summary>
    WeeklyBatch,

    /// <summary>Friday evening to Sunday on Monday morning.</summary>
    MondayHeap,

    /// <summary>What is graded standard or medium after days and weeks: Medway.</summary>
    LowGradedTail,

    /// <summary>Three days to four weeks: Wirral.</summary>
    UpToFourWeeks,

    /// <summary>Claimed at once, there days later, and poor: Slough.</summary>
    ClaimedAndLate,

    /// <summary>At once, and in the last quarter three times as much, of which little is taken further: West Sussex.</summary>
    Flood,
}

/// <summary>One incident on its way to a council, without anybody in it. Claimed: when the force says that it told. Further: whether the council took it further; null while it has not decided.</summary>
public sealed record Telling(Instant Occurred, Instant? Received, string Grade, string Kind, string Team, string Shift, string Channel, Instant? Claimed, bool? Further, int Content);

/// <summary>A year, or any other time, of one force's tellings to one council: nights, weekends, shifts, holidays and both changes of the clocks included. The same seed makes the same rows.</summary>
public static class Flows
{
    /// <summary>As inspectors' letters of 2015 and 2016 found them, and two beside them that are as they should be.</summary>
    public static readonly IReadOnlyList<(string Key, string Name, Habit Habit, double PerWeek)> Letter =
    [
        ("bury", "Bury, as inspected in 2015", Habit.WeeklyBatch, 14), ("medway", "Medway, as inspected in 2015", Habit.LowGradedTail, 16), ("wirral", "Wirral, as inspected in 2016", Habit.UpToFourWeeks, 15),
        ("slough", "Slough, as inspected in 2015", Habit.ClaimedAndLate, 13), ("west-sussex", "West Sussex, as inspected in 2015", Habit.Flood, 14), ("fairhaven", "Fairhaven, invented", Habit.ByShift, 14), ("stillwater", "Stillwater, invented", Habit.ByDesk, 4),
    ];

    private const int HowTold = 9;

    private static readonly int[] ByHour = [7, 6, 5, 3, 2, 1, 1, 2, 2, 3, 3, 3, 3, 3, 3, 4, 5, 5, 6, 7, 8, 9, 9, 8];

    public static IEnumerable<Telling> Make(Habit habit, double perWeek, int weeks, Instant now, int seed)
    {
        var dice = Dice.For(seed, HowTold);
        var today = Days.Of(now);
        var bad = today.PlusDays(-7 * (3 + dice.Below(Math.Max(1, weeks - 6))));
        for (var day = today.PlusDays(-7 * weeks); day <= today; day = day.PlusDays(1))
        {
            var flooded = habit == Habit.Flood && day > today.PlusDays(-7 * 13);
            var expected = perWeek / 7 * (day.DayOfWeek is IsoDayOfWeek.Friday or IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday ? 1.35 : 0.74) * (flooded ? 3 : 1) * (day is { Month: 12, Day: >= 24 } or { Month: 1, Day: 1 } ? 1.6 : 1);
            for (var left = Poisson(expected, dice); left > 0; left--)
            {
                var hour = Hour(dice);
                var occurred = Days.At(day, hour, dice.Below(60));
                if (occurred > now)
                {
                    continue;
                }
                var grade = dice.Below(10) switch { < 2 => "high", < 6 => "medium", _ => "standard" };
                var quiet = habit is Habit.BadFortnight && day >= bad && day < bad.PlusDays(14);
                var received = Received(habit, grade, day, hour, occurred, quiet, dice);
                var content = Math.Clamp((int)Math.Round((flooded ? 38 : habit == Habit.ClaimedAndLate ? 52 : 72) + 12 * Normal(dice)), 5, 100);
                var further = dice.Below(1000) < (flooded ? 110 : 340);
                yield return new(occurred, received <= now ? received : null, grade, dice.Below(10) switch { < 6 => "domestic-abuse", < 8 => "child-concern", _ => "missing" }, dice.Below(2) == 0 ? "Response, north" : "Response, south",
                    hour is >= 7 and < 15 ? "earlies" : hour is >= 15 and < 23 ? "lates" : "nights", dice.Below(4) == 0 ? "form" : "api",
                    dice.Percent(60) ? habit == Habit.ClaimedAndLate ? occurred + Duration.FromMinutes(dice.Between(40, 600)) : received : null, received + Duration.FromDays(3) <= now ? further : null, content);
            }
        }
    }

    private static Instant Received(Habit habit, string grade, LocalDate day, int hour, Instant occurred, bool bad, Dice dice)
    {
        if (grade == "high" && (habit is Habit.WeeklyBatch or Habit.LowGradedTail))
        {
            return occurred + Hours(2, 0.6, dice);
        }
        switch (habit)
        {
            case Habit.DailyBatch:
                return Days.At(hour < 15 ? day : day.PlusDays(1), 16, dice.Below(12));
            case Habit.WeeklyBatch:
                var friday = day.DayOfWeek == IsoDayOfWeek.Friday && hour < 14 ? day : day.Next(IsoDayOfWeek.Friday);
                return Days.At(friday, 15, dice.Below(50));
            case Habit.MondayHeap when day.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday || (day.DayOfWeek == IsoDayOfWeek.Friday && hour >= 17):
                return Days.At(day.Next(IsoDayOfWeek.Monday), 8, dice.Below(120) / 2);
            case Habit.LowGradedTail:
                return occurred + Hours(24 * 6, 0.7, dice);
            case Habit.UpToFourWeeks:
                return occurred + Duration.FromHours(dice.Between(72, 28 * 24));
            case Habit.ClaimedAndLate:
                return occurred + Hours(24 * 3, 0.6, dice);
            default:
                return Honest(habit, day, hour, occurred, dice) + (bad ? Duration.FromHours(dice.Between(30, 96)) : Duration.Zero);
        }
    }

    /// <summary>When the officer is done; one in twelve takes a day or more, and weekends and holidays go slower.</summary>
    private static Instant Honest(Habit habit, LocalDate day, int hour, Instant occurred, Dice dice)
    {
        if (dice.Below(12) == 0)
        {
            return occurred + Hours(22, 0.7, dice);
        }
        var slow = day.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday || day is { Month: 12, Day: >= 24 } or { Month: 1, Day: 1 } ? 1.6 : 1;
        var done = occurred + Hours(2.5 * slow, 0.5, dice);
        if (habit == Habit.ByShift)
        {
            var ends = hour is >= 7 and < 15 ? Days.At(day, 15, 0) : hour is >= 15 and < 23 ? Days.At(day, 23, 0) : Days.At(hour >= 23 ? day.PlusDays(1) : day, 7, 0);
            return Instant.Max(occurred + Duration.FromMinutes(25), ends + Duration.FromMinutes(dice.Between(-75, 60)));
        }
        if (habit == Habit.ByDesk)
        {
            var (there, local) = (Days.Of(done), done.InZone(DateTimeZoneProviders.Tzdb["Europe/London"]).Hour);
            return local is >= 7 and < 22 ? done : Days.At(local >= 22 ? there.PlusDays(1) : there, 7, 0) + Duration.FromMinutes(dice.Between(5, 150));
        }
        return done;
    }

    private static Duration Hours(double median, double spread, Dice dice) => Duration.FromMinutes(Math.Round(60 * median * Math.Exp(spread * Normal(dice))));

    private static int Hour(Dice dice)
    {
        var at = dice.Below(ByHour.Sum());
        for (var hour = 0; ; hour++)
        {
            at -= ByHour[hour];
            if (at < 0)
            {
                return hour;
            }
        }
    }

    private static int Poisson(double mean, Dice dice)
    {
        var (limit, product, count) = (Math.Exp(-Math.Min(mean, 500)), 1.0, -1);
        do
        {
            product *= Part(dice);
            count++;
        }
        while (product > limit);
        return count;
    }

    private static double Normal(Dice dice) => Math.Sqrt(-2 * Math.Log(Part(dice))) * Math.Cos(2 * Math.PI * Part(dice));

    private static double Part(Dice dice) => (1 + dice.Below(1_000_000)) / 1_000_001.0;
}
