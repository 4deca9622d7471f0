using NodaTime;
using static Heed.Statute.Tests.Times;

namespace Heed.Statute.Tests;

public class LocalLimitTests
{
    private static LocalLimit Local(Unit unit, int amount, Warning? warning = null, LocalTime? close = null) => new(
        "notification.local-authority", "Police tell the council", "As agreed", 3, unit, amount, warning,
        new(2026, 1, 1), new(2026, 12, 31), "Tees Safeguarding Partnership, 4 December 2025", close);

    [Fact]
    public void Minutes_and_hours_are_elapsed_time()
    {
        Assert.Equal(new(2026, 11, 21, 0, 20), InLondon(Local(Unit.Minutes, 60).DueAt(London(2026, 11, 20, 23, 20), Calendar)));
        Assert.Equal(new(2026, 10, 25, 22, 0), InLondon(Local(Unit.Hours, 24).DueAt(London(2026, 10, 24, 23), Calendar)));
    }

    [Fact]
    public void Working_days_end_at_midnight_unless_an_earlier_office_close_was_agreed()
    {
        var friday = London(2026, 7, 3, 23, 30);
        Assert.Equal(MidnightAfter(2026, 7, 7), InLondon(Local(Unit.WorkingDays, 2).DueAt(friday, Calendar)));
        Assert.Equal(new(2026, 7, 7, 17, 0), InLondon(Local(Unit.WorkingDays, 2, close: new(17, 0)).DueAt(friday, Calendar)));
    }

    [Fact]
    public void A_warning_comes_so_long_before_the_end_or_at_a_share_of_the_time()
    {
        var anchor = London(2026, 11, 20, 10);
        Assert.Equal(London(2026, 11, 20, 18), Local(Unit.Hours, 12, Warning.Before(Duration.FromHours(4))).WarnAt(anchor, Calendar));
        Assert.Equal(London(2026, 11, 20, 19), Local(Unit.Hours, 12, Warning.After(0.75m)).WarnAt(anchor, Calendar));
        Assert.Equal(anchor, Local(Unit.Minutes, 60, Warning.Before(Duration.FromHours(4))).WarnAt(anchor, Calendar));
        Assert.Null(Local(Unit.Hours, 12).WarnAt(anchor, Calendar));
    }

    [Fact]
    public void A_version_is_in_force_through_its_last_day()
    {
        var limit = Local(Unit.Hours, 24);
        Assert.False(limit.InForceOn(new(2025, 12, 31)));
        Assert.True(limit.InForceOn(new(2026, 1, 1)));
        Assert.True(limit.InForceOn(new(2026, 12, 31)));
        Assert.False(limit.InForceOn(new(2027, 1, 1)));
    }

    [Fact]
    public void A_setting_without_time_or_a_warning_without_sense_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Local(Unit.Hours, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Warning.After(1m));
        Assert.Throws<ArgumentOutOfRangeException>(() => Warning.Before(Duration.Zero));
    }
}
