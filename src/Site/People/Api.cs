using System.ComponentModel;
using Heed.Plumbing;
using Heed.Site.Access;
using Microsoft.AspNetCore.Http.HttpResults;
using static Heed.Plumbing.Problems;

namespace Heed.Site.People;

public static class Api
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/searches", PostSearch).WithSummary("Search for a person by anything one knows; the search is recorded").Produces<Search.Result>();
        api.MapPost("/matches/{id:guid}/decision", PostMatch).WithSummary("Decide whether two people are one");
        api.MapPost("/links/{id:guid}/parting", PostParting).WithSummary("Undo a link: its record, and what one decision joined with it, goes back to be the person it was");
        api.MapGet("/mistakes", GetMistakes).WithSummary("What I read, or decided on, that was about two children shown as one");
        api.MapPost("/mistakes/{id:guid}/confirmation", PostMistake).WithSummary("Confirm that I know, and have put right what I did with it");
        api.MapGet("/people/{id:guid}", Get).WithSummary("A child as this agency may know them: who, with whom, what happened, what is owed, what is missing").Produces<Child>();
        api.MapGet("/people/{id:guid}/looks", GetLooks).WithSummary("Who looked at a child's records that this agency may know of, newest first");
    }

    /// <summary>Terms: part of a name, a date of birth that may be wrong, a postcode or its beginning, a number; in any order.</summary>
    /// <param name="Terms">Any of names, a date of birth or a year, a postcode or its beginning, a number. Kept with the search.</param>
    public sealed record SearchIn(string? Terms);

    /// <summary>Same: true where they are one person. Reason: what the decision goes by.</summary>
    /// <param name="Same">Whether the two records are of one person.</param>
    /// <param name="Reason">Up to 2,000 characters.</param>
    public sealed record MatchIn(bool? Same, string? Reason);

    /// <summary>Reason: why these are not one person. Up to 2,000 characters.</summary>
    /// <param name="Reason">Why they are not one person: up to 2,000 characters.</param>
    public sealed record PartingIn(string? Reason);

    [Permit("match.decide", purpose: "Deciding who is the same person")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostMatch(Guid id, MatchIn body, Work work) => Answer(await DecideMatch.Handle(new(id, body.Same, body.Reason), work));

    [Permit("match.decide", purpose: "Parting records that are not of one person")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostParting(Guid id, PartingIn body, Work work) => Answer(await Part.Handle(new(id, body.Reason), work));

    [Permit("child.read", purpose: "Learning that what one read was about another child")]
    private static async Task<Ok<List<Mistake.Line>>> GetMistakes(Work work) => TypedResults.Ok(await Mistake.Mine(work));

    [Permit("child.read", purpose: "Confirming that one knows what was about another child")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostMistake(Guid id, Work work) => Answer(await Mistake.Confirm(id, work));

    [Permit("person.search", purpose: "Searching for a person")]
    private static async Task<Results<Ok<Search.Result>, ProblemHttpResult>> PostSearch(SearchIn body, Work work) =>
        await Search.Handle(body.Terms, work) switch { ({ } result, _) => TypedResults.Ok(result), (_, var no) => no!.AsProblem() };

    [Permit("look.read", purpose: "Seeing who looked at a child's records")]
    private static async Task<Results<Ok<IReadOnlyList<Looks.Line>>, ProblemHttpResult>> GetLooks(Guid id, [Description("The id of the last one of the page before")] Guid? before, Work work) =>
        await Child.RecordsOf(id, work) is { Count: > 0 } records ? TypedResults.Ok(await Looks.Read(work, records, before: before)) : work.NotFound(id).AsProblem();

    [Permit("child.read", purpose: "Reading a child's record")]
    private static async Task<Results<Ok<Child>, ProblemHttpResult>> Get(Guid id, Work work) =>
        await Child.Read(id, work) is { } child ? TypedResults.Ok(child) : work.NotFound(id).AsProblem();
}
