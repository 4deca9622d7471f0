using NodaTime;
using static Heed.Statute.Tests.Times;

namespace Heed.Statute.Tests;

public class SchoolCalendarTests
{
    private static readonly SchoolCalendar Norton = new(
        "Norton Primary School", Calendar,
        [new(new(2026, 9, 2), new(2026, 10, 23)), new(new(2026, 11, 2), new(2026, 12, 18)), new(new(2027, 1, 4), new(2027, 7, 20))],
        [new(2026, 9, 2), new(2026, 11, 2)], new LocalTime(8, 50), new(2026, 9, 1), new(2027, 7, 20));

    [Fact, Proves("school.notification")]
    public void A_school_is_told_of_Friday_night_before_Monday_starts() =>
        Assert.Equal(new(2026, 11, 23, 8, 50), InLondon(Notification.School.DueAt(London(2026, 11, 20, 22, 58), Norton)));

    [Fact, Proves("school.notification")]
    public void A_school_is_told_of_the_small_hours_before_that_same_day_starts() =>
        Assert.Equal(new(2026, 11, 24, 8, 50), InLondon(Notification.School.DueAt(London(2026, 11, 24, 3), Norton)));

    [Fact]
    public void From_the_minute_the_day_starts_the_next_one_counts()
    {
        Assert.Equal(new(2026, 11, 24, 8, 50), InLondon(Norton.NextSchoolDay(London(2026, 11, 24, 8, 49))));
        Assert.Equal(new(2026, 11, 25, 8, 50), InLondon(Norton.NextSchoolDay(London(2026, 11, 24, 8, 50))));
    }

    [Fact]
    public void Half_term_its_clock_change_and_the_inset_day_after_it_are_stepped_over() =>
        Assert.Equal(new(2026, 11, 3, 8, 50), InLondon(Norton.NextSchoolDay(London(2026, 10, 23, 16))));

    [Fact]
    public void A_bank_holiday_in_term_is_no_school_day()
    {
        Assert.False(Norton.IsSchoolDay(new(2027, 5, 3)));
        Assert.Equal(new(2027, 5, 4, 8, 50), InLondon(Norton.NextSchoolDay(London(2027, 4, 30, 12))));
    }

    [Fact]
    public void Another_school_with_other_days_gives_another_time()
    {
        var sixthForm = new SchoolCalendar("A sixth form", Calendar, [new(new(2026, 10, 26), new(2026, 12, 18))], [], new(9, 15), new(2026, 10, 1), new(2026, 12, 31));
        Assert.Equal(new(2026, 10, 26, 9, 15), InLondon(sixthForm.NextSchoolDay(London(2026, 10, 23, 16))));
    }

    [Fact]
    public void After_the_last_day_entered_the_school_has_no_next_day_rather_than_a_likely_one()
    {
        Assert.Throws<CalendarRunsOut>(() => Norton.NextSchoolDay(London(2027, 7, 20, 9)));
        Assert.Contains("Norton", Assert.Throws<CalendarRunsOut>(() => Norton.IsSchoolDay(new(2026, 8, 31))).Message);
    }
}
