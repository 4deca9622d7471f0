using System.Security.Cryptography;
using System.Text.Json;
using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Site.Files;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Heed.Site.Incidents;

public static class Api
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/incidents", Post).WithSummary("Send a force's own list of incidents, to be held against the reports that arrived")
            .WithDescription($"text/csv, or application/json as an array of flat objects. Columns: {string.Join(", ", LoggedIncident.Fields)}; the first, the second and the third are needed. Good rows are kept and the answer says of each other one where and why; a row without a readable reference, kind or time is not kept. The same row again is the same; one that says otherwise is the incident's next version. The same list again is 200.")
            .Accepts<string>("text/csv", "application/json").Produces<TakeList.Taken>(201).Produces<TakeList.Taken>(200).ProducesValidationProblem(422).ProducesProblem(413).ProducesProblem(415);
        api.MapGet("/incidents/lists/{id:guid}", GetList).WithSummary("What became of a list of incidents when it came in: what was kept, and what was wrong with which row").Produces<TakeList.Taken>();
        api.MapGet("/incidents/untold", GetUntold).WithSummary("Incidents that nobody was told of: a force sees its own, a council that there are some, whose, how old and of which grade").Produces<IReadOnlyList<Untold.Line>>();
        api.MapPost("/incidents/untold/{id:guid}/answer", PostAnswer).WithSummary("Say what an incident was that nobody was told of: child, no-child, dismissed or same-report").ProducesValidationProblem(422).ProducesProblem(409).ProducesProblem(404);
    }

    /// <param name="What">child, no-child, dismissed or same-report.</param>
    /// <param name="Report">For same-report: which.</param>
    /// <param name="Reason">Up to 2,000 characters; it holds for this incident alone.</param>
    public sealed record AnswerIn(string? What, string? Reason, Guid? Report);

    [Permit("incident.import", purpose: "Holding a force's log against its reports")]
    private static async Task<Results<Created<TakeList.Taken>, Ok<TakeList.Taken>, ProblemHttpResult>> Post(ListBody body, Work work, Bodies bodies, CancellationToken stop)
    {
        if (body.Problem is { } problem)
        {
            work.Refuse("file", problem.Why);
            return TypedResults.Problem(problem.Why, statusCode: problem.Status, title: problem.Title);
        }
        var (list, first, no) = body.Rows is null
            ? await TakeList.Handle("By API", "api", body.Bytes!, work, bodies, stop)
            : work.Actor.AgencyKind == "police" ? await TakeList.Handle("By API", "api", SHA256.HashData(body.Bytes!), body.Header!, body.Rows, [], work, bodies, stop) : (null, false, work.Refuse("file", TakeList.OnlyAForce));
        return no is not null ? no.AsProblem() : first ? TypedResults.Created($"/api/incidents/lists/{list!.Id}", list) : TypedResults.Ok(list);
    }

    [Permit("incident.import", purpose: "Following what became of a list of incidents")]
    private static async Task<Results<Ok<TakeList.Taken>, ProblemHttpResult>> GetList(Guid id, Work work, CancellationToken stop) =>
        await TakeList.Of(id, work, stop) is { } list ? TypedResults.Ok(list) : work.NotFound(id).AsProblem();

    [Permit("incident.read", purpose: "Seeing what nobody was told of")]
    private static async Task<Ok<IReadOnlyList<Untold.Line>>> GetUntold(Work work, CancellationToken stop)
    {
        await work.Look("incidents that nobody was told of", null);
        return TypedResults.Ok(await Untold.Read(work, stop));
    }

    [Permit("incident.settle", purpose: "Saying what an incident was that nobody was told of")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostAnswer(Guid id, AnswerIn body, Work work, Bodies bodies, CancellationToken stop) =>
        Problems.Answer(await Answer.Handle(new(id, body.What, body.Reason, body.Report), work, bodies, stop));
}

/// <summary>A list as CSV, or as JSON that says the same row by row; read whole before the database is asked for anything.</summary>
public sealed record ListBody(byte[]? Bytes, string[]? Header, IReadOnlyList<(int Line, string[] Cells)>? Rows, FileBody.Wrong? Problem)
{
    public static async ValueTask<ListBody> BindAsync(HttpContext http)
    {
        if (http.Request.GetTypedHeaders().ContentType?.MediaType != "application/json")
        {
            var csv = await FileBody.BindAsync(http);
            return new(csv.Bytes, null, null, csv.Problem is { Status: 415 } ? csv.Problem with { Title = "Neither CSV nor JSON", Why = "Send text/csv or application/json" } : csv.Problem);
        }
        var (bytes, problem) = await FileBody.Whole(http);
        return problem is not null ? new(null, null, null, problem) : Read(bytes!);
    }

    private static ListBody Read(byte[] bytes)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes, new() { MaxDepth = 3, AllowDuplicateProperties = false });
            var rows = json.RootElement.EnumerateArray().Select(row => row.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ValueKind switch { JsonValueKind.Null => "", JsonValueKind.Object or JsonValueKind.Array => throw new InvalidOperationException(), _ => p.Value.ToString() })).ToList();
            string[] header = [.. rows.SelectMany(r => r.Keys).Distinct(StringComparer.Ordinal)];
            return new(bytes, header, [.. rows.Select((row, i) => (i + 1, header.Select(h => row.GetValueOrDefault(h, "")).ToArray()))], null);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return new(null, null, null, new(422, "Not a list", "Send an array of flat objects, one for each incident"));
        }
    }
}
