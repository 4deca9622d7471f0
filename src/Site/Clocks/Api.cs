using Heed.Plumbing;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using static Heed.Plumbing.Problems;

namespace Heed.Site.Clocks;

public static class Api
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/clocks/{id:guid}", Get).WithSummary("A clock: what it counts from, when it is due, how it stands").Produces<Clock>();
        api.MapPost("/clocks/{id:guid}/reason", PostReason).WithSummary("Say why something was late, and name the manager who is to agree");
        api.MapGet("/limits", GetLimits).WithSummary("The partnership's own limits, each version with the days on which it stands; national ones are in LAW.md");
        api.MapPost("/limits", PostLimit).WithSummary("A new version of a local limit from a day on: clocks that run keep theirs");
        api.MapPost("/clocks/{id:guid}/agreement", PostAgreement).WithSummary("Agree to the reason why something was late, or refuse it: the named manager's own act");
    }

    [Permit("clock.read", purpose: "Seeing a clock")]
    private static async Task<Results<Ok<Clock>, ProblemHttpResult>> Get(Guid id, Work work) =>
        await work.All<Clock>().AsNoTracking().FirstOrDefaultAsync(c => c.Id == id) is { } clock ? TypedResults.Ok(clock) : work.NotFound(id).AsProblem();

    [Permit("clock.explain", purpose: "Saying why something was late")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostReason(Guid id, ReasonIn body, Work work) =>
        Answer(await Explain.Handle(new(id, body.Reason, body.Manager), work));

    [Permit("clock.explain", purpose: "Agreeing to why something was late")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostAgreement(Guid id, AgreementIn body, Work work) =>
        Answer(await Agree.Handle(new(id, body.Agrees, body.Words), work));

    [Permit("limit.read", purpose: "Reading the local limits")]
    private static async Task<Ok<IReadOnlyList<SetLimit.Version>>> GetLimits(Work work) => TypedResults.Ok(await SetLimit.All(work));

    [Permit("partnership.manage", purpose: "Setting a local limit")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostLimit(SetLimit.Command body, Work work) => Answer(await SetLimit.Handle(body, work));

    /// <param name="Reason">Up to 4,000 characters.</param>
    /// <param name="Manager">Who is to agree: a manager of the same agency.</param>
    public sealed record ReasonIn(string? Reason, Guid? Manager);

    /// <param name="Words">Why not, where it is refused. Up to 4,000 characters.</param>
    /// <param name="Agrees">Whether this is why it was late.</param>
    public sealed record AgreementIn(bool? Agrees, string? Words);
}
