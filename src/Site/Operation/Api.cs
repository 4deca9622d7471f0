using Heed.Plumbing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Heed.Site.Operation;

public static class Api
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/operation/stuck", Get).WithSummary("Work of the program that failed at its last attempt: a task for each kind, with whose it is and by when");
        api.MapPost("/operation/stuck/{id:guid}/answer", Post).WithSummary("Try stuck work again, or leave it undone and say why");
    }

    /// <param name="Answer">again: what made it fail is mended. left: it stays undone.</param>
    /// <param name="Words">What was mended, or why it is left: up to 2,000 characters; name nobody.</param>
    public sealed record AnswerIn(string? Answer, string? Words);

    [Permit("operation.read", purpose: "Seeing what work is stuck")]
    private static async Task<Ok<IReadOnlyList<StuckWork.Line>>> Get(Work work) => TypedResults.Ok(await StuckWork.Open(work));

    [Permit("operation.settle", purpose: "Seeing to work that is stuck")]
    private static async Task<Results<NoContent, ProblemHttpResult>> Post(Guid id, AnswerIn body, Work work) => Problems.Answer(await StuckWork.Settle(id, body.Answer, body.Words, work));
}
