using Heed.Plumbing;
using Heed.Site.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Heed.Site.People;

public static class Api
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/people/{id:guid}", Get).WithSummary("A child as this agency may know them: who, with whom, what happened, what is owed, what is missing").Produces<Child>();

    [Permit("child.read", purpose: "Reading a child's record")]
    private static async Task<Results<Ok<Child>, ProblemHttpResult>> Get(Guid id, Work work, Bodies bodies) =>
        await Child.Read(id, work, bodies) is { } child ? TypedResults.Ok(child) : work.NotFound(id).AsProblem();
}
