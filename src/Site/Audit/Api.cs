using Heed.Plumbing;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using static Heed.Plumbing.Problems;

namespace Heed.Site.Audit;

public static class Api
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/chain/heads", GetHeads).WithSummary("How far every agency's chain goes, signed: keep them, and a chain that was cut or written anew does not fit them");
        api.MapPost("/purges", PostPurge).WithSummary("Ask that what is kept of who looked at a subject and changed it be destroyed");
        api.MapPost("/purges/{id:guid}/agreement", PostAgreement).WithSummary("Agree to it: somebody else than who asked. What is sealed of it is destroyed, and certified");
    }

    /// <summary>RetentionClass: by which its time is over. Words: why.</summary>
    public sealed record PurgeIn(Guid Subject, string? RetentionClass, string? Words);

    public sealed record PurgeOut(Guid Id);

    /// <summary>Head: a JWS (RFC 7515) whose payload names agency, place, hash and time.</summary>
    public sealed record HeadLine(string Head);

    [Permit("chain.read", purpose: "Keeping how far the chains go")]
    private static async Task<Ok<List<HeadLine>>> GetHeads(Work work) =>
        TypedResults.Ok(await work.Ask<HeadLine>($"select distinct on (agency_id) jws as head from chain_head order by agency_id, no desc").ToListAsync());

    [Permit("purge.ask", purpose: "Asking that what is kept no longer be destroyed")]
    private static async Task<Results<Ok<PurgeOut>, ProblemHttpResult>> PostPurge(PurgeIn body, Work work) =>
        await Purge.Ask(body.Subject, body.RetentionClass, body.Words, work) switch { ({ } id, _) => TypedResults.Ok(new PurgeOut(id)), (_, var no) => no!.AsProblem() };

    [Permit("purge.agree", purpose: "Agreeing that what is kept no longer be destroyed")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostAgreement(Guid id, Work work) => Answer(await Purge.Agree(id, work));
}
