using Heed.Plumbing;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Heed.Site.Audit;

public static class Api
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/chain/heads", GetHeads).WithSummary("How far every agency's chain goes, signed: keep them, and a chain that was cut or written anew does not fit them");
    }

    /// <param name="Head">A JWS (RFC 7515) whose payload names agency, place, hash and time.</param>
    public sealed record HeadLine(string Head);

    [Permit("chain.read", purpose: "Keeping how far the chains go")]
    private static async Task<Ok<List<HeadLine>>> GetHeads(Work work) =>
        TypedResults.Ok(await work.Ask<HeadLine>($"select distinct on (agency_id) jws as head from chain_head order by agency_id, no desc").ToListAsync());
}
