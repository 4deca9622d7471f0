using NodaTime;

namespace Heed.Seed.Tests;

public class FlowTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 18, 14, 0);

    [Fact]
    public void The_same_seed_makes_the_same_rows_and_another_makes_others()
    {
        Assert.Equal(Flows.Make(Habit.ByDesk, 20, 52, Now, 7), Flows.Make(Habit.ByDesk, 20, 52, Now, 7));
        Assert.NotEqual(Flows.Make(Habit.ByDesk, 20, 52, Now, 7), Flows.Make(Habit.ByDesk, 20, 52, Now, 8));
    }

    [Fact]
    public void Nothing_arrives_before_it_happened_or_after_now_and_a_year_has_about_what_was_asked_for()
    {
        foreach (var habit in Enum.GetValues<Habit>())
        {
            var rows = Flows.Make(habit, 20, 52, Now, 3).ToList();
            Assert.All(rows, r => Assert.True(r.Occurred <= Now && (r.Received is not { } at || (at >= r.Occurred && at <= Now))));
            Assert.InRange(rows.Count, 940, habit == Habit.Flood ? 1_900 : 1_200);
        }
    }
}
