using System.ComponentModel;
using Heed.Plumbing;
using Heed.Site.Access;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Heed.Site.Timeliness;

public static class Api
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/timeliness", Get).WithSummary("How long tellings took, from the incident: median, nine in ten, longest, still unsent, and the three counts of in time")
            .WithDescription($"by: {string.Join(", ", Figures.Dimensions)}. days: {string.Join(", ", Figures.Periods)}. Hours. Your own force's or council's flows, or the partnership's; nothing about anybody.").Produces<IReadOnlyList<Figures.Line>>().ProducesValidationProblem(422);
        api.MapGet("/timeliness/findings", GetFindings).WithSummary("What is wrong with how it is told, with the evidence and how sure that is").Produces<IReadOnlyList<FindingOut>>();
    }

    /// <param name="Said">What was counted, in words.</param>
    /// <param name="FalseShare">Of findings as sure as this at most this share is false.</param>
    /// <param name="FirstCase">The report or the incident, by its number here.</param>
    /// <param name="Pattern">DailyBatch, WeeklyBatch, MondayHeap, LowGradedTail, LateAsARule, Flood or LateAfterAll.</param>
    /// <param name="Force">Who tells.</param>
    /// <param name="Council">Who is told.</param>
    /// <param name="Method">How it was tested and what that assumes.</param>
    /// <param name="N">How many tellings were looked at.</param>
    /// <param name="Units">How many days, weeks or weekends that is.</param>
    /// <param name="Hits">In how many of them it was so.</param>
    /// <param name="P">How likely that would be in a flow where one unit in three is like this by chance.</param>
    /// <param name="From">Of the time that was looked at.</param>
    /// <param name="Until">The end of the time that was looked at.</param>
    /// <param name="FirstOccurredAt">When the first case happened.</param>
    /// <param name="LastCase">The newest report or incident that it rests on.</param>
    /// <param name="LastOccurredAt">When the last case happened.</param>
    /// <param name="AsAt">Until then what has not arrived has waited; what has arrived, been claimed or been decided since is counted too.</param>
    public sealed record FindingOut(string Pattern, string Force, string Council, string Said, string Method, int N, int Units, int Hits, double P, double FalseShare, Instant From, Instant Until, Guid FirstCase, Instant FirstOccurredAt, Guid LastCase, Instant LastOccurredAt, Instant AsAt);

    [Permit("timeliness.read", purpose: "Seeing how long it took to tell")]
    private static async Task<Results<Ok<IReadOnlyList<Figures.Line>>, ProblemHttpResult>> Get(Work work, Bodies bodies, [Description("What the flows are told apart by")] string by = "flow", [Description("How many days back")] int days = 91, CancellationToken stop = default) =>
        !Figures.Dimensions.Contains(by) ? work.Refuse("by", $"One of {string.Join(", ", Figures.Dimensions)}").AsProblem()
        : !Figures.Periods.Contains(days) ? work.Refuse("days", $"One of {string.Join(", ", Figures.Periods)}").AsProblem()
        : TypedResults.Ok(await Figures.Read(by, days, Figures.Limit(await bodies.For(work), work.Now), work, stop));

    [Permit("timeliness.read", purpose: "Seeing how long it took to tell")]
    private static async Task<Ok<IReadOnlyList<FindingOut>>> GetFindings(Work work, Bodies bodies, KeptFindings kept, CancellationToken stop)
    {
        var names = (await bodies.For(work)).Agencies;
        var found = await kept.Findings(work, stop);
        return TypedResults.Ok<IReadOnlyList<FindingOut>>([.. found.Findings.Select(f => new FindingOut(f.Count.Pattern.ToString(), names[f.Flow.Force].Name, names[f.Flow.Council].Name, FindingWords.Says(f.Count), FindingWords.Method, f.Count.N, f.Count.Units, f.Count.Hits, f.Count.P, f.Q,
            f.Count.From, f.Count.Until, f.Count.First.Id, f.Count.First.Occurred, f.Count.Last.Id, f.Count.Last.Occurred, found.AsAt))]);
    }
}
