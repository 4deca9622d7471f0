using Heed.Plumbing;
using Heed.Site.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Heed.Site.People;

public static class Api
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/searches", PostSearch).WithSummary("Search for a person by anything one knows; the search is recorded").Produces<Search.Result>();
        api.MapGet("/people/{id:guid}", Get).WithSummary("A child as this agency may know them: who, with whom, what happened, what is owed, what is missing").Produces<Child>();
    }

    /// <summary>Terms: part of a name, a date of birth that may be wrong, a postcode or its beginning, a number; in any order.</summary>
    public sealed record SearchIn(string? Terms);

    [Permit("person.search", purpose: "Searching for a person")]
    private static async Task<Results<Ok<Search.Result>, ProblemHttpResult>> PostSearch(SearchIn body, Work work, Bodies bodies) =>
        await Search.Handle(body.Terms, work, bodies) switch { ({ } result, _) => TypedResults.Ok(result), (_, var no) => no!.AsProblem() };

    [Permit("child.read", purpose: "Reading a child's record")]
    private static async Task<Results<Ok<Child>, ProblemHttpResult>> Get(Guid id, Work work, Bodies bodies) =>
        await Child.Read(id, work, bodies) is { } child ? TypedResults.Ok(child) : work.NotFound(id).AsProblem();
}
