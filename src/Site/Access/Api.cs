using System.ComponentModel;
using Heed.Plumbing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Heed.Site.Access;

public static class Api
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/looks", GetLooks).WithSummary("Who of this agency looked at what, and who of others at what this agency holds, newest first");

    [Permit("look.read", purpose: "Seeing who looked at what")]
    private static async Task<Ok<IReadOnlyList<Looks.Line>>> GetLooks([Description("own: of this agency's people; others: of other agencies' at what this one holds; both where absent")] string? whose, [Description("The id of the last one of the page before")] Guid? before, Work work) => TypedResults.Ok(await Looks.Read(work, whose: whose, before: before));
}
