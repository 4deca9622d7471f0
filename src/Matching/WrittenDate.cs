using System.Text.RegularExpressions;
using NodaTime;

namespace Heed.Matching;

public enum DateOutcome
{
    Blank,
    Understood,
    Impossible,
}

/// <summary>A date as it was written and as it was understood. What was written is kept: 31/02/2019 still says something.</summary>
public sealed partial record WrittenDate(string? Text, DateOutcome Outcome, LocalDate? Date, string? Why)
{
    /// <summary>1 January is what a form fills in when only the year is known. It is a date of birth too, so it agrees weakly.</summary>
    public bool Default => Date is { } date && IsDefault(date);

    public static bool IsDefault(LocalDate date) => date is { Month: 1, Day: 1 };

    /// <summary>This long before or after; the calendar's own end where it has no such day, for 31/12/9999 is what a form fills in for "never".</summary>
    public static LocalDate Around(LocalDate date, Period by)
    {
        try
        {
            return date + by;
        }
        catch (Exception beyond) when (beyond is OverflowException or ArgumentOutOfRangeException)
        {
            return date;
        }
    }

    /// <summary>1971-06-24, 1971-6-24, 19710624 or 24/06/1971. The day stands before the month; American order is not guessed at.</summary>
    /// <param name="earliest">The first year that is one: for files of people long dead an earlier one.</param>
    public static WrittenDate Parse(string? text, int earliest = 1850)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return new(text, DateOutcome.Blank, null, null);
        }
        var match = YearFirst().Match(text) is { Success: true } yearFirst ? yearFirst : DayFirst().Match(text);
        if (!match.Success)
        {
            return Impossible(text, TwoDigitYear().IsMatch(text) ? "the year has two digits" : "not written as a date");
        }
        var (year, month, day) = (Number(match, "year"), Number(match, "month"), Number(match, "day"));
        if (year < earliest)
        {
            return Impossible(text, $"nobody alive was born in {year}");
        }
        if (month is < 1 or > 12)
        {
            return Impossible(text, $"there is no month {month}");
        }
        return day < 1 || day > CalendarSystem.Iso.GetDaysInMonth(year, month)
            ? Impossible(text, $"there is no day {day} in month {month} of {year}")
            : new(text, DateOutcome.Understood, new LocalDate(year, month, day), null);
    }

    private static WrittenDate Impossible(string text, string why) => new(text, DateOutcome.Impossible, null, why);

    private static int Number(Match match, string part) => int.Parse(match.Groups[part].ValueSpan);

    [GeneratedRegex(@"^\s*(?<year>[0-9]{4})(?:(?<month>[0-9]{2})(?<day>[0-9]{2})|(?<stroke>[-/. ])(?<month>[0-9]{1,2})\k<stroke>(?<day>[0-9]{1,2}))\s*$")]
    private static partial Regex YearFirst();

    [GeneratedRegex(@"^\s*(?<day>[0-9]{1,2})[-/. ](?<month>[0-9]{1,2})[-/. ](?<year>[0-9]{4})\s*$")]
    private static partial Regex DayFirst();

    [GeneratedRegex(@"^\s*[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ][0-9]{2}\s*$")]
    private static partial Regex TwoDigitYear();
}
