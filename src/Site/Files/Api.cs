using System.ComponentModel;
using Heed.Matching;
using Heed.Plumbing;
using Heed.Site.People;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Heed.Site.Files;

public static class Api
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/files", Post).WithSummary("Send a file of incidents: a row for each person of an incident, or for each incident")
            .WithDescription("Without a map the agency's last map that fits, or a guess from the headings. Rows of one reference are one report; good reports go in, each as by POST /api/reports, and the answer says of each that is not good where and why, and which columns were left out. The same file with the same map is the same import (200).")
            .Accepts<string>("text/csv").Produces<Answer>(201).Produces<Answer>(200).ProducesValidationProblem(422).ProducesProblem(413).ProducesProblem(415);
        api.MapGet("/files/{id:guid}", Get).WithSummary("How far a file of incidents has come").Produces<Answer>();
        api.MapGet("/files/{id:guid}/refused", GetRefused).WithSummary("The rows that did not go in, as they were written, with a column more: why").Produces(200, contentType: "text/csv");
    }

    /// <param name="Wrong">The first 200 faults: line, field and rule, never a value.</param>
    /// <param name="Import">How far it has come.</param>
    /// <param name="LeftOut">The headings of columns that the map names for nothing: what stands in them is in no report.</param>
    public sealed record Answer(Progress Import, IReadOnlyList<Explained> Wrong, IReadOnlyList<string> LeftOut);

    [Permit("report.import", purpose: "Sending a file of reports")]
    private static async Task<Results<Created<Answer>, Ok<Answer>, ProblemHttpResult>> Post(FileBody body, Work work, [Description("ours=theirs with commas between, several of theirs joined by +: reference=Ref,kind=Type,occurred=Date+Time")] string? map, CancellationToken stop)
    {
        if (body.Problem is { } problem)
        {
            work.Refuse("file", problem.Why);
            return TypedResults.Problem(problem.Why, statusCode: problem.Status, title: problem.Title);
        }
        var (file, no) = await IncomingFile.Handle("By API", body.Bytes!, work, stop);
        if (no is not null)
        {
            return no.AsProblem();
        }
        var (columns, wrong) = map is null ? ((await Columns.Offer((await IncomingFile.Of(file, work, stop))!.Header, work, stop)).Map, null) : ColumnMap.Of(map, FileReports.Fields);
        if (columns is null)
        {
            return work.Refuse("map", wrong!).AsProblem();
        }
        (var import, var first, no) = await SendFile.Begin(file, columns, work, stop);
        if (no is not null)
        {
            return no.AsProblem();
        }
        var answer = await Of((await Progress.Read(work, import, stop)).Single(), work, stop);
        return first ? TypedResults.Created($"/api/files/{import}", answer) : TypedResults.Ok(answer);
    }

    [Permit("report.import", purpose: "Following what became of a file of reports")]
    private static async Task<Results<Ok<Answer>, ProblemHttpResult>> Get(Guid id, Work work, CancellationToken stop) =>
        await Progress.Read(work, id, stop) is [var import] ? TypedResults.Ok(await Of(import, work, stop)) : work.NotFound(id).AsProblem();

    private static async Task<Answer> Of(Progress import, Work work, CancellationToken stop) => new(import, await Progress.Wrong(import.Id, work, stop), await Progress.LeftOut(import.Id, work, stop));

    [Permit("report.import", purpose: "Following what became of a file of reports")]
    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> GetRefused(Guid id, Work work, CancellationToken stop) =>
        await Progress.RefusedRows(id, work, stop) is { } rows ? TypedResults.File(rows, "text/csv; charset=utf-8", "not-sent.csv") : work.NotFound(id).AsProblem();
}

/// <summary>A file, read whole before the database is asked for anything: a slow sender holds nothing up.</summary>
public sealed record FileBody(byte[]? Bytes, FileBody.Wrong? Problem)
{
    public sealed record Wrong(int Status, string Title, string Why);

    public const int MostBytes = 36 * 1024 * 1024;

    public static readonly string TooLarge = $"A file has at most {MostBytes / 1024 / 1024} MiB";

    public static async ValueTask<FileBody> BindAsync(HttpContext http)
    {
        if (http.Request.GetTypedHeaders().ContentType?.MediaType != "text/csv")
        {
            return new(null, new(415, "Not CSV", "Send text/csv"));
        }
        var (bytes, problem) = await Whole(http);
        return new(bytes, problem);
    }

    public static async Task<(byte[]? Bytes, Wrong? Problem)> Whole(HttpContext http)
    {
        using var whole = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0)
        {
            if (whole.Length + read > MostBytes)
            {
                return (null, new(413, "Too large", TooLarge));
            }
            whole.Write(buffer, 0, read);
        }
        return (whole.ToArray(), null);
    }
}
