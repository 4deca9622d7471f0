using Heed.Plumbing;
using Heed.Site.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Heed.Site.Emergency;

/// <summary>A person opens, ends and reviews, by the cookie of their own sign-in: no agency's key has these permits. A key reads what was opened of what its agency holds.</summary>
public static class Api
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/emergency-access", Get).WithSummary("What was opened in an emergency by people of this agency, or of what it holds");
        api.MapPost("/emergency-access", Post).WithSummary("Open a child's records for one hour: a person's own sign-in, proved again within five minutes");
        api.MapPost("/emergency-access/{id:guid}/end", PostEnd).WithSummary("End one's own emergency access before its hour is over");
        api.MapPost("/emergency-access/{id:guid}/review", PostReview).WithSummary("Say whether it was justified: a privacy reviewer of the agency of whoever opened it, and never of their own");
    }

    /// <param name="Child">A person, or a search of this actor's of the last hour.</param>
    /// <param name="Hit">With a search: which of what it could not open, as Held gives it.</param>
    /// <param name="Why">danger, missing, unknown-child, treatment or other.</param>
    /// <param name="Words">What is happening and what you need to know: up to 2,000 characters, and the reviewer reads them.</param>
    public sealed record OpenIn(Guid Child, int? Hit, string? Why, string? Words);

    /// <param name="Person">Whose page is open now: GET /api/people/{id}.</param>
    public sealed record OpenOut(Guid Person);

    /// <param name="Justified">What the reviewer finds.</param>
    /// <param name="Words">Why: up to 2,000 characters. Whoever opened it reads them.</param>
    public sealed record ReviewIn(bool? Justified, string? Words);

    [Permit("emergency.read", purpose: "Seeing what was opened in an emergency")]
    private static async Task<Ok<IReadOnlyList<Opened.Line>>> Get(Work work) => TypedResults.Ok(await Opened.Read(work));

    [Permit("emergency.open", purpose: "Opening a child's records in an emergency")]
    private static async Task<Results<Ok<OpenOut>, ProblemHttpResult>> Post(OpenIn body, Work work, Bodies bodies) =>
        await Open.Handle(new(body.Child, body.Hit, body.Why, body.Words, await Sessions.Proved(Open.Purpose(body.Child, body.Hit), work)), work, bodies) switch { ({ } person, _) => TypedResults.Ok(new OpenOut(person)), (_, var no) => no!.AsProblem() };

    [Permit("emergency.open", purpose: "Ending emergency access")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostEnd(Guid id, Work work) => await End.Handle(id, work) is { } no ? no.AsProblem() : TypedResults.NoContent();

    [Permit("emergency.review", purpose: "Reviewing emergency access")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostReview(Guid id, ReviewIn body, Work work) =>
        await Review.Handle(new(id, body.Justified, body.Words), work) is { } no ? no.AsProblem() : TypedResults.NoContent();
}
