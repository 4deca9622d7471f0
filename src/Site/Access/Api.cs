using Heed.Plumbing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Heed.Site.Access;

public static class Api
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/looks", GetLooks).WithSummary("Who of this agency looked at what, and who of others at what this agency holds, newest first. whose: own or others; before: the id of the last one of the page before");

    [Permit("look.read", purpose: "Seeing who looked at what")]
    private static async Task<Ok<IReadOnlyList<Looks.Line>>> GetLooks(string? whose, Guid? before, Work work) => TypedResults.Ok(await Looks.Read(work, whose: whose, before: before));
}
