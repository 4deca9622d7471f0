using Heed.Statute;
using NodaTime;

namespace Heed.Site.Timeliness;

/// <summary>A finding in the words of whoever must answer for it: what it is, what was counted, how it was worked out, how sure that is.</summary>
public static class FindingWords
{
    public static string Of(Pattern pattern) => pattern switch
    {
        Pattern.DailyBatch => "Sent in batches, once a day", Pattern.WeeklyBatch => "Sent in batches, once a week", Pattern.MondayHeap => "The weekend's incidents arrive in a heap", Pattern.LowGradedTail => "Low grades wait",
        Pattern.LateAsARule => "Late as a rule", Pattern.Flood => "Flooded: more comes, and it says less", Pattern.LateAfterAll => "Claimed in time, entered late",
        _ => throw new ArgumentOutOfRangeException(nameof(pattern), pattern, "A pattern without words"),
    };

    public static string Says(Count c)
    {
        double Of(string name) => c.Says[name];
        string Long(string name) => HowLong.Of(Duration.FromHours(Of(name)));
        string Share(string name) => $"{Math.Round(100 * Of(name))} in 100";
        return c.Pattern switch
        {
            Pattern.DailyBatch => $"On {c.Hits} of {c.Units} days everything came in the same hour, from {(int)Of("minute") / 60:00}:{(int)Of("minute") % 60:00}; half of it had waited more than {Long("median")}.",
            Pattern.WeeklyBatch => $"In {c.Hits} of {c.Units} weeks at least four fifths came on {Day((int)Of("weekday"))}; half of it had waited more than {Long("median")}.",
            Pattern.MondayHeap => $"Of {c.Hits} of {c.Units} weekends everything from Friday evening to Saturday's end came on the next working day or later: half had waited more than {Long("weekend")}, against {Long("week")} for what happened from Monday to Thursday.",
            Pattern.LowGradedTail => $"In {c.Hits} of {c.Units} weeks half of what was graded standard or medium, or not at all, was late. Half of it waited more than {Long("low")}, half of what was graded high more than {Long("high")}. Late were {Of("lowLate"):0} of {Of("lows"):0} and {Of("highLate"):0} of {Of("highs"):0}.",
            Pattern.LateAsARule => $"In {c.Hits} of {c.Units} weeks half was late: {Of("late"):0} of {c.N}, half of all after more than {Long("median")}; the longest took {Long("longest")}.",
            Pattern.Flood => $"In {c.Hits} of the last {c.Units} weeks half as many again as usual came, and of them fewer were taken further and less was filled in. A week had {Of("usual"):0.0} and has {Of("now"):0.0}; taken further were {Share("furtherBefore")} and are {Share("furtherNow")}; filled in were {Of("contentBefore"):0} and are {Of("contentNow"):0} of a hundred.",
            Pattern.LateAfterAll => $"Of {Of("claimed"):0} that the force claims to have told within the limit {Of("late"):0} came here after it, in {c.Hits} of {c.Units} weeks at least half; half of those took more than {Long("median")}.",
            _ => throw new ArgumentOutOfRangeException(nameof(c), c.Pattern, "A pattern without words"),
        };
    }

    /// <summary>In how many findings as sure as this at most one is false. More than a thousand is not said: what is assumed is not as sure as that.</summary>
    public static string Certainty(double q) => q <= 0.001 ? "Of a thousand findings as sure as this at most one is false." : $"Of {Math.Floor(1 / q):N0} findings as sure as this at most one is false.";

    public const string Method = "A day, a week or a weekend counts once, however many incidents it holds, so that one bad fortnight counts as two. Each flow is tested exactly against one in which one week in three is like this by chance alone, which no honest flow is that was tried; it must be so in six of ten, and large enough to matter. Over all that was tested at most one finding in twenty is allowed to be false. Nothing is said of fewer than 30 incidents, 20 days or 8 weeks. It assumes that weeks have nothing to do with one another, and that the sender's log and clock are right. What has not arrived counts as waiting until now.";

    private static string Day(int weekday) => ((IsoDayOfWeek)weekday).ToString();
}
