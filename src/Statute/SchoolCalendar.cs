using NodaTime;

namespace Heed.Statute;

/// <summary>
/// One school's days: its terms (each half a period of its own), less the days it keeps for its staff.
/// Neighbouring schools differ, so a school whose days nobody has entered has no calendar rather than a likely one.
/// </summary>
public sealed class SchoolCalendar
{
    private readonly WorkingCalendar _calendar;
    private readonly IReadOnlyList<DateInterval> _terms;
    private readonly HashSet<LocalDate> _insetDays;

    public SchoolCalendar(
        string school, WorkingCalendar calendar, IEnumerable<DateInterval> terms, IEnumerable<LocalDate> insetDays,
        LocalTime dayStarts, LocalDate knownFrom, LocalDate knownThrough)
    {
        (School, _calendar, DayStarts, KnownFrom, KnownThrough) = (school, calendar, dayStarts, knownFrom, knownThrough);
        _terms = [.. terms];
        _insetDays = [.. insetDays];
    }

    public string School { get; }

    public LocalTime DayStarts { get; }

    public LocalDate KnownFrom { get; }

    public LocalDate KnownThrough { get; }

    public bool IsSchoolDay(LocalDate day) =>
        day >= KnownFrom && day <= KnownThrough
            ? _terms.Any(term => term.Contains(day)) && !_insetDays.Contains(day) && _calendar.IsWorkingDay(day)
            : throw new CalendarRunsOut($"The days of {School}", day, KnownFrom, KnownThrough);

    /// <summary>When the next school day starts: today's start if that is still to come.</summary>
    public Instant NextSchoolDay(Instant after) => Next(after, IsSchoolDay);

    /// <summary>The same for a school where somebody reads on every working day, holidays and inset days too.</summary>
    public Instant NextWorkingDay(Instant after) => Next(after, _calendar.IsWorkingDay);

    private Instant Next(Instant after, Func<LocalDate, bool> counts)
    {
        for (var day = WorkingCalendar.DateIn(after); ; day = day.PlusDays(1))
        {
            var starts = WorkingCalendar.London.AtLeniently(day + DayStarts).ToInstant();
            if (counts(day) && starts > after)
            {
                return starts;
            }
        }
    }
}
