using System.Globalization;
using NodaTime;

namespace Heed.Statute;

/// <summary>Times in the words that a tired officer reads once.</summary>
public static class HowLong
{
    /// <summary>"25 minutes left", "due by midnight tonight", "2 days 4 hours late". Rounds against the reader: never more left than there is.</summary>
    public static string Left(Instant now, Instant due)
    {
        if (due == now)
        {
            return "due now";
        }
        if (due < now)
        {
            return $"{Of(now - due)} late";
        }
        return due - now >= Duration.FromHours(2) && due == WorkingCalendar.EndOf(WorkingCalendar.DateIn(now))
            ? "due by midnight tonight"
            : $"{Of(due - now)} left";
    }

    /// <summary>Minutes under two hours, then hours and minutes, then days and hours.</summary>
    public static string Of(Duration time)
    {
        var minutes = (long)Math.Floor(time.TotalMinutes);
        return minutes switch
        {
            < 1 => "less than a minute",
            < 120 => Count(minutes, "minute"),
            < 24 * 60 => Both(Count(minutes / 60, "hour"), minutes % 60, "minute"),
            _ => Both(Count(minutes / 1440, "day"), minutes % 1440 / 60, "hour"),
        };
    }

    /// <summary>"today at 14:05", "yesterday at 23:10", "Friday 20 November at 22:40": London, and the year where it is another.</summary>
    public static string When(Instant instant, Instant now) => $"{Day(WorkingCalendar.DateIn(instant), now)} at {Time(instant)}";

    /// <summary>
    /// "by 14:05 today", "by midnight at the end of Friday 20 November". A midnight is named after the day it ends:
    /// "Saturday at 00:00" is read as Saturday night.
    /// </summary>
    public static string By(Instant due, Instant now)
    {
        var ended = WorkingCalendar.DateIn(due - Duration.Epsilon);
        if (due != WorkingCalendar.EndOf(ended))
        {
            var date = WorkingCalendar.DateIn(due);
            var day = Day(date, now);
            return $"by {Time(due)} {(char.IsUpper(day[0]) ? "on " : "")}{day}";
        }
        return ended == WorkingCalendar.DateIn(now) ? "by midnight tonight" : $"by midnight at the end of {Day(ended, now)}";
    }

    private static string Day(LocalDate day, Instant now)
    {
        var today = WorkingCalendar.DateIn(now);
        return Period.DaysBetween(today, day) switch
        {
            0 => "today",
            -1 => "yesterday",
            1 => "tomorrow",
            _ => day.ToString(day.Year == today.Year ? "dddd d MMMM" : "dddd d MMMM uuuu", CultureInfo.InvariantCulture),
        };
    }

    private static string Time(Instant instant)
    {
        var there = instant.InZone(WorkingCalendar.London);
        var time = there.TimeOfDay.ToString("HH:mm", CultureInfo.InvariantCulture);

        // The hour that the clocks go back comes twice.
        return WorkingCalendar.London.MapLocal(there.LocalDateTime).Count == 2 ? $"{time} {there.GetZoneInterval().Name}" : time;
    }

    private static string Both(string first, long rest, string unit) => rest == 0 ? first : $"{first} {Count(rest, unit)}";

    private static string Count(long number, string unit) =>
        number == 1 ? $"1 {unit}" : string.Create(CultureInfo.InvariantCulture, $"{number} {unit}s");
}
