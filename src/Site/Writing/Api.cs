using Heed.Plumbing;
using Microsoft.AspNetCore.Http.HttpResults;
using static Heed.Plumbing.Problems;

namespace Heed.Site.Writing;

public static class Api
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/reports/{id:guid}/grading", PostGrading).WithSummary("Record the desk's own grade of a report, beside the officer's, with its reason: high makes its notices urgent");
        api.MapPost("/reports/{id:guid}/searches", PostSearches).WithSummary("Record which systems were searched for the people of a report, and what was found");
    }

    [Permit("report.grade", purpose: "Grading a report at the desk")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostGrading(Guid id, GradingIn body, Work work) => Answer(await Grade.Handle(new(id, body.Grade, body.Reason), work));

    [Permit("search.record", purpose: "Recording what was searched")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostSearches(Guid id, SearchesIn body, Work work) => Answer(await Searches.Handle(new(id, body.Searched), work));

    /// <param name="Grade">standard, medium or high.</param>
    /// <param name="Reason">It stands beside the officer's grade. Up to 2,000 characters.</param>
    public sealed record GradingIn(string? Grade, string? Reason);

    /// <param name="Searched">What was searched for whom, and what was found; nothing found is said too.</param>
    public sealed record SearchesIn(IReadOnlyList<Searches.One>? Searched);
}
