using CsCheck;
using NodaTime;
using static Heed.Statute.Tests.Times;

namespace Heed.Statute.Tests;

public class HowLongTests
{
    private static readonly Instant Now = London(2026, 11, 22, 14, 5);

    [Theory]
    [InlineData(0, "due now")]
    [InlineData(25, "25 minutes left")]
    [InlineData(1, "1 minute left")]
    [InlineData(119, "119 minutes left")]
    [InlineData(120, "2 hours left")]
    [InlineData(180, "3 hours left")]
    [InlineData(205, "3 hours 25 minutes left")]
    [InlineData(1440, "1 day left")]
    [InlineData(3130, "2 days 4 hours left")]
    [InlineData(-25, "25 minutes late")]
    [InlineData(-61, "61 minutes late")]
    [InlineData(-3120, "2 days 4 hours late")]
    public void What_is_left_is_said_in_minutes_then_hours_then_days(int minutes, string words) =>
        Assert.Equal(words, HowLong.Left(Now, Now + Duration.FromMinutes(minutes)));

    [Fact]
    public void Seconds_are_never_counted_in_anyones_favour()
    {
        Assert.Equal("less than a minute left", HowLong.Left(Now, Now + Duration.FromSeconds(59)));
        Assert.Equal("1 minute left", HowLong.Left(Now, Now + Duration.FromSeconds(119)));
        Assert.Equal("less than a minute late", HowLong.Left(Now, Now - Duration.FromSeconds(1)));
    }

    [Fact]
    public void The_end_of_today_is_midnight_tonight_until_the_last_two_hours()
    {
        var tonight = WorkingCalendar.EndOf(new(2026, 11, 22));
        Assert.Equal("due by midnight tonight", HowLong.Left(Now, tonight));
        Assert.Equal("25 minutes left", HowLong.Left(London(2026, 11, 22, 23, 35), tonight));
        Assert.Equal("1 day 9 hours left", HowLong.Left(Now, WorkingCalendar.EndOf(new(2026, 11, 23))));
    }

    [Fact]
    public void A_part_of_nothing_is_not_said() =>
        Gen.Long[1, 400_000].Sample(seconds => !HowLong.Of(Duration.FromSeconds(seconds)).Contains(" 0 "));

    [Fact]
    public void Days_are_named_as_people_name_them()
    {
        Assert.Equal("today at 14:05", HowLong.When(Now, Now));
        Assert.Equal("yesterday at 23:10", HowLong.When(London(2026, 11, 21, 23, 10), Now));
        Assert.Equal("tomorrow at 08:50", HowLong.When(London(2026, 11, 23, 8, 50), Now));
        Assert.Equal("Friday 20 November at 22:40", HowLong.When(London(2026, 11, 20, 22, 40), Now));
        Assert.Equal("Friday 1 January 2027 at 09:00", HowLong.When(London(2027, 1, 1, 9), Now));
    }

    [Fact]
    public void Half_past_midnight_of_a_summer_night_is_today_though_UTC_says_yesterday() =>
        Assert.Equal("today at 00:30", HowLong.When(Instant.FromUtc(2026, 7, 3, 23, 30), London(2026, 7, 4, 9)));

    [Fact]
    public void The_hour_that_comes_twice_says_which_it_is()
    {
        var now = London(2026, 10, 25, 9);
        Assert.Equal("today at 01:30 BST", HowLong.When(Instant.FromUtc(2026, 10, 25, 0, 30), now));
        Assert.Equal("today at 01:30 GMT", HowLong.When(Instant.FromUtc(2026, 10, 25, 1, 30), now));
        Assert.Equal("today at 02:00", HowLong.When(Instant.FromUtc(2026, 10, 25, 2, 0), now));
    }

    [Fact]
    public void A_due_midnight_is_named_after_the_day_it_ends()
    {
        Assert.Equal("by midnight tonight", HowLong.By(WorkingCalendar.EndOf(new(2026, 11, 22)), Now));
        Assert.Equal("by midnight at the end of tomorrow", HowLong.By(WorkingCalendar.EndOf(new(2026, 11, 23)), Now));
        Assert.Equal("by midnight at the end of Friday 4 December", HowLong.By(WorkingCalendar.EndOf(new(2026, 12, 4)), Now));
        Assert.Equal("by 18:00 today", HowLong.By(London(2026, 11, 22, 18), Now));
        Assert.Equal("by 08:50 on Wednesday 25 November", HowLong.By(London(2026, 11, 25, 8, 50), Now));
    }
}
