using NodaTime;

namespace Heed.Statute;

/// <summary>
/// London dates and the working days of England and Wales, whose bank holidays are the same.
/// Banking and Financial Dealings Act 1971, Sch.1; Christmas Day and Good Friday at common law.
/// </summary>
public sealed class WorkingCalendar
{
    public static readonly DateTimeZone London = DateTimeZoneProviders.Tzdb["Europe/London"];

    public static readonly LocalDate KnownFrom = new(1995, 1, 1);

    /// <summary>Extra days by royal proclamation (1971 Act, s.1(3)).</summary>
    private static readonly LocalDate[] Proclaimed =
    [
        new(1999, 12, 31), new(2002, 6, 3), new(2011, 4, 29), new(2012, 6, 5), new(2022, 6, 3), new(2022, 9, 19), new(2023, 5, 8),
    ];

    /// <summary>Days put off to another by royal proclamation (1971 Act, s.1(2)).</summary>
    private static readonly (LocalDate From, LocalDate To)[] Moved =
    [
        (new(1995, 5, 1), new(1995, 5, 8)),
        (new(2002, 5, 27), new(2002, 6, 4)),
        (new(2012, 5, 28), new(2012, 6, 4)),
        (new(2020, 5, 4), new(2020, 5, 8)),
        (new(2022, 5, 30), new(2022, 6, 2)),
    ];

    private readonly HashSet<LocalDate> _bankHolidays = [];

    /// <param name="knownThrough">The last day this calendar answers for. By then a proclamation may have changed it.</param>
    /// <param name="alsoClosed">Days proclaimed since this was written.</param>
    /// <param name="openAfterAll">Bank holidays that a proclamation has put off.</param>
    public WorkingCalendar(LocalDate? knownThrough = null, IEnumerable<LocalDate>? alsoClosed = null, IEnumerable<LocalDate>? openAfterAll = null)
    {
        KnownThrough = knownThrough ?? new LocalDate(2030, 12, 31);
        for (var year = KnownFrom.Year; year <= KnownThrough.Year; year++)
        {
            _bankHolidays.UnionWith(EveryYear(year));
        }
        _bankHolidays.ExceptWith(Moved.Select(day => day.From));
        _bankHolidays.UnionWith(Moved.Select(day => day.To));
        _bankHolidays.UnionWith(Proclaimed);
        _bankHolidays.ExceptWith(openAfterAll ?? []);
        _bankHolidays.UnionWith(alsoClosed ?? []);
    }

    public LocalDate KnownThrough { get; }

    /// <summary>The London date. The UTC date is yesterday for an hour each summer night.</summary>
    public static LocalDate DateIn(Instant instant) => instant.InZone(London).Date;

    /// <summary>The midnight in London that ends the day.</summary>
    public static Instant EndOf(LocalDate day) => London.AtStartOfDay(day.PlusDays(1)).ToInstant();

    public static Instant StartOf(LocalDate day) => London.AtStartOfDay(day).ToInstant();

    public bool IsWorkingDay(LocalDate day) =>
        day >= KnownFrom && day <= KnownThrough
            ? day.DayOfWeek is not (IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday) && !_bankHolidays.Contains(day)
            : throw new CalendarRunsOut("The bank holidays", day, KnownFrom, KnownThrough);

    public bool IsBankHoliday(LocalDate day) => !IsWorkingDay(day) && _bankHolidays.Contains(day);

    public IEnumerable<LocalDate> BankHolidays(int year) =>
        _bankHolidays.Where(day => day.Year == year && day <= KnownThrough).Order();

    /// <summary>The day itself is day 0, working or not; a negative number counts backwards.</summary>
    public LocalDate AddWorkingDays(LocalDate day, int days)
    {
        var step = Math.Sign(days);
        for (var left = Math.Abs(days); left > 0;)
        {
            day = day.PlusDays(step);
            if (IsWorkingDay(day))
            {
                left--;
            }
        }
        return day;
    }

    /// <summary>How many working days after <paramref name="from"/>, up to and with <paramref name="to"/>.</summary>
    public int WorkingDaysBetween(LocalDate from, LocalDate to)
    {
        if (to < from)
        {
            return -WorkingDaysBetween(to, from);
        }
        var count = 0;
        for (var day = from.PlusDays(1); day <= to; day = day.PlusDays(1))
        {
            count += IsWorkingDay(day) ? 1 : 0;
        }
        return count;
    }

    private static IEnumerable<LocalDate> EveryYear(int year)
    {
        var easter = Easter(year);
        yield return NextWeekday(new LocalDate(year, 1, 1));
        yield return easter.PlusDays(-2);
        yield return easter.PlusDays(1);
        yield return new LocalDate(year, 4, 30).Next(IsoDayOfWeek.Monday);
        yield return new LocalDate(year, 6, 1).Previous(IsoDayOfWeek.Monday);
        yield return new LocalDate(year, 9, 1).Previous(IsoDayOfWeek.Monday);
        yield return AtWeekend(new LocalDate(year, 12, 25)) ? new LocalDate(year, 12, 27) : new LocalDate(year, 12, 25);
        yield return AtWeekend(new LocalDate(year, 12, 26)) ? new LocalDate(year, 12, 28) : new LocalDate(year, 12, 26);
    }

    private static bool AtWeekend(LocalDate day) => day.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday;

    private static LocalDate NextWeekday(LocalDate day) => AtWeekend(day) ? day.Next(IsoDayOfWeek.Monday) : day;

    /// <summary>The anonymous Gregorian rule (Nature, 20 April 1876).</summary>
    private static LocalDate Easter(int year)
    {
        var golden = year % 19;
        var (century, inCentury) = (year / 100, year % 100);
        var epact = ((19 * golden) + century - (century / 4) - ((century - ((century + 8) / 25) + 1) / 3) + 15) % 30;
        var weekday = (32 + (2 * (century % 4)) + (2 * (inCentury / 4)) - epact - (inCentury % 4)) % 7;
        var late = (golden + (11 * epact) + (22 * weekday)) / 451;
        var day = epact + weekday - (7 * late) + 114;
        return new LocalDate(year, day / 31, (day % 31) + 1);
    }
}

/// <summary>Asked for a day that a calendar does not know. A guess would be a wrong date on a child's clock.</summary>
public sealed class CalendarRunsOut(string calendar, LocalDate day, LocalDate knownFrom, LocalDate knownThrough)
    : Exception(FormattableString.Invariant($"{calendar} are known from {knownFrom:uuuu-MM-dd} through {knownThrough:uuuu-MM-dd}; {day:uuuu-MM-dd} was asked for"))
{
    public LocalDate Day { get; } = day;

    public LocalDate KnownThrough { get; } = knownThrough;
}
