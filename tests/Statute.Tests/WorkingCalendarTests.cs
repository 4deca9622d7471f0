using CsCheck;
using NodaTime;
using static Heed.Statute.Tests.Times;

namespace Heed.Statute.Tests;

public class WorkingCalendarTests
{
    private static readonly Gen<LocalDate> Days =
        Gen.Int[0, Period.DaysBetween(new LocalDate(1996, 1, 1), new LocalDate(2029, 1, 1))].Select(days => new LocalDate(1996, 1, 1).PlusDays(days));

    [Theory]
    [InlineData(2016, "01-01 03-25 03-28 05-02 05-30 08-29 12-26 12-27")]
    [InlineData(2017, "01-02 04-14 04-17 05-01 05-29 08-28 12-25 12-26")]
    [InlineData(2018, "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26")]
    [InlineData(2019, "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26")]
    [InlineData(2020, "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28")]
    [InlineData(2021, "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28")]
    [InlineData(2022, "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27")]
    [InlineData(2023, "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26")]
    [InlineData(2024, "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26")]
    [InlineData(2025, "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26")]
    [InlineData(2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28")]
    [InlineData(2027, "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28")]
    public void The_bank_holidays_of_each_year_are_those_that_were_published(int year, string days) =>
        Assert.Equal(
            days.Split(' ').Select(day => new LocalDate(year, int.Parse(day[..2]), int.Parse(day[3..]))),
            Calendar.BankHolidays(year));

    [Fact]
    public void Days_that_were_moved_are_worked_again_and_jubilees_are_not()
    {
        Assert.True(Calendar.IsWorkingDay(new(1995, 5, 1)));
        Assert.False(Calendar.IsWorkingDay(new(1995, 5, 8)));
        Assert.False(Calendar.IsWorkingDay(new(2002, 6, 3)));
        Assert.False(Calendar.IsWorkingDay(new(2011, 4, 29)));
        Assert.True(Calendar.IsWorkingDay(new(2012, 5, 28)));
        Assert.True(Calendar.IsWorkingDay(new(2020, 5, 4)));
        Assert.True(Calendar.IsWorkingDay(new(2022, 5, 30)));
        Assert.False(Calendar.IsWorkingDay(new(2022, 9, 19)));
    }

    [Fact]
    public void Every_year_has_its_eight_days_and_never_one_at_a_weekend() =>
        Assert.All(Enumerable.Range(1995, 36), year =>
        {
            var days = Calendar.BankHolidays(year).ToList();
            Assert.InRange(days.Count, 8, 10);
            Assert.DoesNotContain(days, day => day.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday);
        });

    [Fact]
    public void A_newly_proclaimed_day_is_data()
    {
        var proclaimed = new WorkingCalendar(alsoClosed: [new(2028, 7, 3)], openAfterAll: [new(2028, 5, 29)]);
        Assert.False(proclaimed.IsWorkingDay(new(2028, 7, 3)));
        Assert.True(proclaimed.IsWorkingDay(new(2028, 5, 29)));
        Assert.True(Calendar.IsWorkingDay(new(2028, 7, 3)));
    }

    [Fact]
    public void Beyond_what_it_knows_the_calendar_says_so_instead_of_guessing()
    {
        var untilNewYear = new WorkingCalendar(new LocalDate(2026, 12, 31));
        Assert.True(untilNewYear.IsWorkingDay(new(2026, 12, 31)));
        Assert.Equal(new LocalDate(2027, 1, 1), Assert.Throws<CalendarRunsOut>(() => untilNewYear.IsWorkingDay(new(2027, 1, 1))).Day);
        Assert.Throws<CalendarRunsOut>(() => untilNewYear.IsWorkingDay(new(1994, 12, 31)));
        Assert.Throws<CalendarRunsOut>(() => untilNewYear.AddWorkingDays(new(2026, 12, 30), 2));
        Assert.Throws<CalendarRunsOut>(() => Conference.Initial.DueAt(London(2026, 12, 18), untilNewYear));
        Assert.Contains("2027-01-01", Assert.Throws<CalendarRunsOut>(() => untilNewYear.IsBankHoliday(new(2027, 1, 1))).Message);
    }

    [Fact]
    public void On_a_summer_night_the_London_date_is_already_tomorrows()
    {
        var halfPastMidnight = Instant.FromUtc(2026, 7, 3, 23, 30);
        Assert.Equal(new LocalDate(2026, 7, 4), WorkingCalendar.DateIn(halfPastMidnight));
        Assert.Equal(new LocalDate(2026, 12, 3), WorkingCalendar.DateIn(Instant.FromUtc(2026, 12, 3, 23, 30)));
    }

    [Fact]
    public void A_day_ends_at_London_midnight_in_winter_in_summer_and_when_the_clocks_change()
    {
        Assert.Equal(Instant.FromUtc(2026, 1, 16, 0, 0), WorkingCalendar.EndOf(new(2026, 1, 15)));
        Assert.Equal(Instant.FromUtc(2026, 7, 15, 23, 0), WorkingCalendar.EndOf(new(2026, 7, 15)));
        Assert.Equal(Duration.FromHours(23), WorkingCalendar.EndOf(new(2026, 3, 29)) - WorkingCalendar.StartOf(new(2026, 3, 29)));
        Assert.Equal(Duration.FromHours(25), WorkingCalendar.EndOf(new(2026, 10, 25)) - WorkingCalendar.StartOf(new(2026, 10, 25)));
    }

    [Fact]
    public void Counting_steps_over_Christmas_and_its_substitutes()
    {
        Assert.Equal(new LocalDate(2026, 12, 29), Calendar.AddWorkingDays(new(2026, 12, 24), 1));
        Assert.Equal(new LocalDate(2027, 12, 29), Calendar.AddWorkingDays(new(2027, 12, 24), 1));
        Assert.Equal(new LocalDate(2026, 12, 24), Calendar.AddWorkingDays(new(2026, 12, 29), -1));
    }

    [Fact]
    public void Added_working_days_never_land_on_a_day_that_is_not_worked() =>
        Gen.Select(Days, Gen.Int[1, 120]).Sample((day, n) => Calendar.IsWorkingDay(Calendar.AddWorkingDays(day, n)));

    [Fact]
    public void A_later_start_or_a_longer_limit_never_ends_earlier() =>
        Gen.Select(Days, Gen.Int[0, 30], Gen.Int[1, 60], Gen.Int[0, 20]).Sample((day, later, n, more) =>
            Calendar.AddWorkingDays(day, n) <= Calendar.AddWorkingDays(day.PlusDays(later), n)
            && Calendar.AddWorkingDays(day, n).PlusDays(more) <= Calendar.AddWorkingDays(day, n + more));

    [Fact]
    public void Counting_what_was_added_gives_it_back() =>
        Gen.Select(Days, Gen.Int[1, 120]).Sample((day, n) =>
            Calendar.WorkingDaysBetween(day, Calendar.AddWorkingDays(day, n)) == n
            && Calendar.WorkingDaysBetween(Calendar.AddWorkingDays(day, n), day) == -n);

    [Fact]
    public void Adding_in_two_steps_is_adding_at_once() =>
        Gen.Select(Days, Gen.Int[1, 40], Gen.Int[1, 40]).Sample((day, first, second) =>
            Calendar.AddWorkingDays(Calendar.AddWorkingDays(day, first), second) == Calendar.AddWorkingDays(day, first + second));
}
