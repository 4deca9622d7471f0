using NodaTime;

namespace Heed.Seed;

/// <summary>London days: enough of a calendar to put people on duty and reports on believable nights.</summary>
public static class Days
{
    public static readonly DateTimeZone London = DateTimeZoneProviders.Tzdb["Europe/London"];

    public static LocalDate Of(Instant at) => at.InZone(London).Date;

    public static LocalTime TimeOf(Instant at) => at.InZone(London).TimeOfDay;

    public static Instant At(LocalDate day, LocalTime time) => day.At(time).InZoneLeniently(London).ToInstant();

    public static Instant At(LocalDate day, int hour, int minute = 0) => At(day, new LocalTime(hour, minute));

    public static bool IsWorking(LocalDate day) =>
        day.DayOfWeek is not (IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday) && !IsBankHoliday(day);

    public static LocalDate WorkingDayBefore(LocalDate day)
    {
        do
        {
            day = day.PlusDays(-1);
        }
        while (!IsWorking(day));
        return day;
    }

    /// <summary>From when a report may have come in so that its one working day is still running on this day.</summary>
    public static Instant OneWorkingDayRunsFrom(LocalDate today) => At(WorkingDayBefore(today), 0);

    /// <summary>England and Wales, without proclaimed one-offs.</summary>
    public static bool IsBankHoliday(LocalDate day)
    {
        var easter = Easter(day.Year);
        return day == easter.PlusDays(-2) || day == easter.PlusDays(1)
            || (day.DayOfWeek is IsoDayOfWeek.Monday && ((day.Month == 5 && (day.Day <= 7 || day.Day > 24)) || (day.Month == 8 && day.Day > 24)))
            || day == Substituted(new(day.Year, 1, 1))
            || IsChristmas(day);
    }

    /// <summary>Anonymous Gregorian computus.</summary>
    public static LocalDate Easter(int year)
    {
        int a = year % 19, b = year / 100, c = year % 100, d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
        int h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7, m = (a + 11 * h + 22 * l) / 451;
        var n = h + l - 7 * m + 114;
        return new(year, n / 31, n % 31 + 1);
    }

    private static LocalDate Substituted(LocalDate day) => day.DayOfWeek switch
    {
        IsoDayOfWeek.Saturday => day.PlusDays(2),
        IsoDayOfWeek.Sunday => day.PlusDays(1),
        _ => day,
    };

    private static bool IsChristmas(LocalDate day)
    {
        var christmas = new LocalDate(day.Year, 12, 25);
        return christmas.DayOfWeek switch
        {
            IsoDayOfWeek.Friday => day == christmas || day == christmas.PlusDays(3),
            IsoDayOfWeek.Saturday => day == christmas.PlusDays(2) || day == christmas.PlusDays(3),
            IsoDayOfWeek.Sunday => day == christmas.PlusDays(1) || day == christmas.PlusDays(2),
            _ => day == christmas || day == christmas.PlusDays(1),
        };
    }
}
