using System.ComponentModel;
using Heed.Plumbing;
using Heed.Site.Access;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using static Heed.Plumbing.Problems;

namespace Heed.Site.Notices;

public static class Api
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/reports", Post).WithSummary("Send a report about a child")
            .WithDescription("The answer is a receipt. The same agency, reference and version with the same content is the same report, however often and by however many it is sent (200); with other content it is refused (409). A correction is a new version that names the one it supersedes. What is urgent (graded high, a missing child, a physical injury) does not wait behind what else its system has sent.")
            .Accepts<ReportIn>("application/json").Produces<Receipt>(201).Produces<Receipt>(200).ProducesValidationProblem(400).ProducesValidationProblem(422).ProducesProblem(409).ProducesProblem(413).ProducesProblem(415).RequireRateLimiting(Crowds.Reports);
        api.MapGet("/reports/{id:guid}", Get).WithSummary("A report's receipt as it stands: who has it, who opened and who acknowledged it").Produces<Receipt>();
        api.MapPost("/notices/{id:guid}/telling", PostTelling).WithSummary("Say that somebody whom Heed could not tell was told by telephone, and who it was");
        api.MapGet("/reports", List).WithSummary("The reports this agency sent, newest first").Produces<IReadOnlyList<Sent.Line>>();
        api.MapGet("/worklist", GetWorklist).WithSummary("What this agency must do, soonest first").Produces<IReadOnlyList<Worklist.Line>>();
        api.MapGet("/notices/{id:guid}", GetNotice).WithSummary("A notice to this agency: what it is shown, and why. Reading it is recorded as opening it").Produces<OpenNotice.View>();
        api.MapPost("/notices/{id:guid}/acknowledgement", PostAcknowledgement).WithSummary("Accept responsibility for a notice");
        api.MapPost("/notices/{id:guid}/release", PostRelease).WithSummary("Release a notice that is held for you, because somebody in it works at your school, to its safeguarding leads");
        api.MapPost("/notices/{id:guid}/taking", PostTaking).WithSummary("Take a notice as one's own");
        api.MapPost("/notices/{id:guid}/handing-on", PostHandingOn).WithSummary("Hand a notice on to another team or person, with the reason");
    }

    [Permit("report.send", purpose: "Sending a report about a child")]
    private static async Task<Results<Created<Receipt>, Ok<Receipt>, ProblemHttpResult>> Post(ReportBody body, Work work, Bodies bodies, CancellationToken stop)
    {
        if (body.Problem is { } problem)
        {
            // What can be read is read, so that the sender hears of everything at once; what was taken out is not said to be missing too.
            var errors = new Dictionary<string, string[]>(problem.Errors);
            foreach (var (field, why) in body.Said is { } rest ? Reading.Read(rest, work.Now).Errors : new Dictionary<string, string[]>())
            {
                errors.TryAdd(field, why);
            }
            work.Refuse(errors);
            return TypedResults.Problem(new HttpValidationProblemDetails(errors) { Status = problem.Status, Title = problem.Title });
        }
        return await Send.Handle(body.Said!, work, bodies, stop) switch
        {
            ({ First: true } answer, _) => TypedResults.Created($"/api/reports/{answer.Receipt.Id}", answer.Receipt),
            ({ } answer, _) => TypedResults.Ok(answer.Receipt),
            (_, var no) => no!.AsProblem(),
        };
    }

    [Permit("report.read", purpose: "Following what became of a report")]
    private static async Task<Results<Ok<Receipt>, ProblemHttpResult>> Get(Guid id, Work work, Bodies bodies) =>
        await Receipt.Of(id, work, bodies) is { } receipt ? TypedResults.Ok(receipt) : work.NotFound(id).AsProblem();

    [Permit("report.send", purpose: "Telling by telephone whom Heed cannot tell")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostTelling(Guid id, TellingIn body, Work work) => Answer(await Telephone.Handle(new(id, body.Whom, body.Words), work));

    [Permit("report.read", purpose: "Following what became of reports")]
    private static async Task<Ok<IReadOnlyList<Sent.Line>>> List(Work work, [Description("From 1")] int? page) => TypedResults.Ok(await Sent.Read(work, page ?? 1));

    [Permit("worklist.read", purpose: "Seeing what is to be done")]
    private static async Task<Ok<IReadOnlyList<Worklist.Line>>> GetWorklist(Work work, Bodies bodies, [Description("team, me or agency; agency where absent")] string? view, [Description("late, unopened or undecided")] string? state, [Description("Of report: domestic-abuse, missing …")] string? kind, [Description("From 1")] int? page) =>
        TypedResults.Ok(await Worklist.Read(new(view ?? "agency", state ?? "", kind ?? "", page ?? 1), work, bodies));

    [Permit("notice.read", purpose: "Reading a notice about a child")]
    private static async Task<Results<Ok<OpenNotice.View>, ProblemHttpResult>> GetNotice(Guid id, Work work, Bodies bodies) =>
        await OpenNotice.Handle(id, work, bodies) is { } view ? TypedResults.Ok(view) : work.NotFound(id).AsProblem();

    [Permit("notice.acknowledge", purpose: "Accepting responsibility for a notice")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostAcknowledgement(Guid id, Work work) => Answer(await Acknowledge.Handle(new(id), work));

    [Permit("notice.acknowledge", purpose: "Releasing a held notice")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostRelease(Guid id, Work work) => Answer(await Release.Handle(new(id), work));

    [Permit("notice.take", purpose: "Taking a notice")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostTaking(Guid id, Work work) => Answer(await Take.Handle(new(id), work));

    [Permit("notice.take", purpose: "Handing a notice on")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostHandingOn(Guid id, HandingOnIn body, Work work, Bodies bodies) =>
        Answer(await HandOn.Handle(new(id, body.Team, body.Practitioner, body.Words), work, bodies));

    /// <param name="Whom">Whom you told: their name, their post and the number you rang. Up to 200 characters.</param>
    /// <param name="Words">What was said. Up to 2,000 characters.</param>
    public sealed record TellingIn(string? Whom, string? Words);

    /// <param name="Team">Of one's own agency.</param>
    /// <param name="Practitioner">Null: to the team.</param>
    /// <param name="Words">Why: the next person's first line. Up to 2,000 characters.</param>
    public sealed record HandingOnIn(Guid Team, Guid? Practitioner, string? Words);
}

/// <summary>The body of a report, read whole before the database is asked for anything: a slow sender holds nothing up.</summary>
public sealed record ReportBody(ReportIn? Said, ReportBody.Wrong? Problem)
{
    public sealed record Wrong(int Status, string Title, IReadOnlyDictionary<string, string[]> Errors)
    {
        public Wrong(int status, string title, string field, string why) : this(status, title, new Dictionary<string, string[]> { [field] = [why] })
        {
        }
    }

    public static async ValueTask<ReportBody> BindAsync(HttpContext http)
    {
        var kind = http.Request.GetTypedHeaders().ContentType;
        if (kind?.MediaType != "application/json" || (kind.Charset.HasValue && !kind.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)))
        {
            return new(null, new(415, "Not JSON", "Content-Type", "Send application/json in UTF-8"));
        }
        using var whole = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0)
        {
            if (whole.Length + read > Parsing.MostBytes)
            {
                return new(null, new(413, "Too large", "$", $"A report has at most {Parsing.MostBytes / 1024} KiB"));
            }
            whole.Write(buffer, 0, read);
        }
        var bytes = whole.GetBuffer().AsSpan(0, (int)whole.Length);
        return Parsing.Of(bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes) switch
        {
            (var said, { Count: > 0 } errors) => new(said, new(400, "Not a report", errors)),
            (var said, _) => new(said, null),
        };
    }
}
