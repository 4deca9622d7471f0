using Heed.Plumbing;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Heed.Site.Clocks;

public static class Api
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/clocks/{id:guid}", Get).WithSummary("A clock: what it counts from, when it is due, how it stands").Produces<Clock>();
        api.MapPost("/clocks/{id:guid}/reason", PostReason).WithSummary("Say why something was late, and who agreed");
    }

    [Permit("clock.read", purpose: "Seeing a clock")]
    private static async Task<Results<Ok<Clock>, ProblemHttpResult>> Get(Guid id, Work work) =>
        await work.All<Clock>().AsNoTracking().FirstOrDefaultAsync(c => c.Id == id) is { } clock ? TypedResults.Ok(clock) : work.NotFound(id).AsProblem();

    [Permit("clock.explain", purpose: "Saying why something was late")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostReason(Guid id, ReasonIn body, Work work) =>
        await Explain.Handle(new(id, body.Reason, body.AgreedBy), work) is { } no ? no.AsProblem() : TypedResults.NoContent();

    public sealed record ReasonIn(string? Reason, Guid? AgreedBy);
}
