using NodaTime;

namespace Heed.Statute.Tests;

internal static class Times
{
    public static readonly WorkingCalendar Calendar = new();

    public static Instant London(int year, int month, int day, int hour = 0, int minute = 0) =>
        new LocalDateTime(year, month, day, hour, minute).InZoneStrictly(WorkingCalendar.London).ToInstant();

    public static LocalDateTime InLondon(Instant instant) => instant.InZone(WorkingCalendar.London).LocalDateTime;

    /// <summary>The midnight that ends the day, told apart from the code under test.</summary>
    public static LocalDateTime MidnightAfter(int year, int month, int day) => new LocalDate(year, month, day).PlusDays(1).AtMidnight();

    public static LocalDateTime Due(this TimedLimit limit, Instant anchor) => InLondon(limit.DueAt(anchor, Calendar));
}
