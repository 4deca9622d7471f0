using System.Reflection;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Heed.Plumbing;

/// <summary>
/// Where everybody comes in, by page or by API: who they are, whether their posts permit it, one transaction around what they do, committed before anything is answered.
/// No attribute, no entry.
/// </summary>
public sealed class Door(Databases databases) : IEndpointFilter, IAsyncPageFilter
{
    /// <summary>The one claim in the cookie: the number of a session, which the database knows or does not.</summary>
    public const string Session = "session";

    /// <summary>The API's side: a bearer key.</summary>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var endpoint = http.GetEndpoint()!;
        if (endpoint.Metadata.GetMetadata<OpenToAllAttribute>() is not null)
        {
            return await next(context);
        }
        var permit = endpoint.Metadata.GetMetadata<PermitAttribute>() ?? throw new InvalidOperationException("An endpoint without a permit");
        if (Who(http) is not { } who)
        {
            TurnedAway(http, permit);
            http.Response.Headers.WWWAuthenticate = "Bearer";
            return TypedResults.Problem("Send your agency's key as Authorization: Bearer.", statusCode: 401, title: "Nobody is signed in");
        }
        if (!HasKey(http) && IsAnotherSites(http.Request))
        {
            TurnedAway(http, permit);
            return TypedResults.Problem("Another site's page sent this. The API is asked with a key, or from Heed's own pages.", statusCode: 403, title: "Not permitted");
        }
        var work = http.RequestServices.GetRequired<Work>();
        if (!await work.Begin(databases.App, who, permit.Purpose, http.RequestAborted))
        {
            TurnedAway(http, permit);
            http.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
            return TypedResults.Problem("The key is not known, or not in force.", statusCode: 401, title: "Nobody is signed in");
        }
        if (!work.Actor.May(permit.Name))
        {
            TurnedAway(http, permit, work.Actor);
            return TypedResults.Problem($"This needs the permit {permit.Name}, which none of your posts gives.", statusCode: 403, title: "Not permitted");
        }
        var answer = await next(context);
        await Finish(work, http.RequestServices);
        return answer;
    }

    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    /// <summary>The pages' side: a signed-in practitioner. What the page shows was loaded before the commit; nothing is read while it is written out.</summary>
    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var http = context.HttpContext;
        var page = context.ActionDescriptor.HandlerTypeInfo;
        if (context.HandlerMethod is null)
        {
            context.Result = new StatusCodeResult(StatusCodes.Status405MethodNotAllowed);
            return;
        }
        if (page.GetCustomAttribute<OpenToAllAttribute>() is not null)
        {
            await next();
            return;
        }
        var permit = context.HandlerMethod.MethodInfo.GetCustomAttribute<PermitAttribute>() ?? page.GetCustomAttribute<PermitAttribute>() ?? throw new InvalidOperationException("A page without a permit");
        var work = http.RequestServices.GetRequired<Work>();
        if (Who(http) is not { } who || !await work.Begin(databases.App, who, permit.Purpose, http.RequestAborted))
        {
            context.Result = new RedirectResult($"/sign-in?then={Uri.EscapeDataString(http.Request.Path + http.Request.QueryString)}");
            return;
        }
        if (!work.Actor.May(permit.Name))
        {
            TurnedAway(http, permit, work.Actor);
            context.Result = new StatusCodeResult(StatusCodes.Status403Forbidden);
            return;
        }
        var done = await next();
        if (done.Exception is null)
        {
            await Finish(work, http.RequestServices);
        }
    }

    private async Task Finish(Work work, IServiceProvider services)
    {
        await work.Commit();
        if (work.SoughtInVain is { } id)
        {
            Log(services).LogWarning("{Who} asked for {Id}, which is not there or not theirs ({Purpose})", work.Actor.Id, id, work.Purpose);
            // On its own, after the refusal: the answer and the time it takes are the same whether or not a sealed record was there.
            await services.GetRequired<Works>().As(Identity.Of(work.Actor.Id), work.Purpose, knocking => knocking.Do($"select knock({id})"));
        }
        else if (work.Refused)
        {
            // Whoever tries what the rules and the checks refuse is seen to try (ASVS 5.0, 16.3.3): by number, and no word of what they sent.
            Log(services).LogWarning("{Who} was refused by a rule or a check ({Purpose})", work.Actor.Id, work.Purpose);
        }
    }

    /// <summary>Who was refused what, by number and permit: nobody's name, and no word of what they asked for (ASVS 5.0, 16.3.2).</summary>
    public static void TurnedAway(HttpContext http, PermitAttribute permit, Actor? who = null) =>
        Log(http.RequestServices).LogWarning("{Who} was turned away: {Permit}", who?.Id.ToString() ?? (SessionOf(http.User) is { } session ? $"session {session}" : "nobody known"), permit.Name);

    private static ILogger Log(IServiceProvider services) => services.GetRequired<ILogger<Door>>();

    /// <summary>
    /// Whether a page of another site has a signed-in browser change something: a browser says whose page asks (Fetch Metadata; an older one its Origin), a program neither. Pages hold a token against it
    /// besides; the API would have the cookie alone (ASVS 5.0, 3.5.1).
    /// </summary>
    private static bool IsAnotherSites(HttpRequest asked) =>
        !HttpMethods.IsGet(asked.Method) && !HttpMethods.IsHead(asked.Method) && (asked.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site
            ? site is not ("same-origin" or "none")
            : asked.Headers.Origin.ToString() is { Length: > 0 } origin && (!Uri.TryCreate(origin, UriKind.Absolute, out var from) || from.Authority != asked.Host.Value));

    private static bool HasKey(HttpContext http) => http.Request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase);

    public static Guid? SessionOf(ClaimsPrincipal who) => Guid.TryParse(who.FindFirstValue(Session), out var session) ? session : null;

    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <param name="byItself">A page asks, and nobody who touched it.</param>
    public static Identity? Who(HttpContext http, bool byItself = false)
    {
        if (HasKey(http))
        {
            return Identity.Of(Hash(http.Request.Headers.Authorization.ToString()[7..].Trim()));
        }
        return SessionOf(http.User) is { } session ? byItself ? Identity.OfPage(session) : Identity.OfSession(session) : null;
    }
}

/// <summary>A refusal as the API says it: errors by field, and the rule it rests on.</summary>
public static class Problems
{
    public static ProblemHttpResult AsProblem(this Refusal no) => TypedResults.Problem(new HttpValidationProblemDetails(no.Errors.ToDictionary())
    {
        Status = no.Kind switch { No.Rule => 422, No.Conflict => 409, No.NotFound => 404, No.TooOften => 429, _ => 422 },
        Title = no.Kind switch { No.Rule => "Refused by a rule", No.Conflict => "In conflict with what stands already", No.NotFound => "Not found", No.TooOften => "Too often", _ => "Refused" },
        Detail = no.Because is { } law ? $"{no.Message} ({law})" : no.Message,
    });

    /// <summary>What the API answers to a deed that has nothing to tell: done (204), or why not.</summary>
    public static Results<NoContent, ProblemHttpResult> Answer(Refusal? no) => no is null ? TypedResults.NoContent() : no.AsProblem();

    /// <summary>A refusal as a page says it: the page again, each message at its field, and the status that says why.</summary>
    /// <param name="suffix">Of the fields' names, where one page holds the same form several times.</param>
    public static PageResult Refused(this PageModel page, Refusal no, string suffix = "", string? about = null)
    {
        foreach (var (field, messages) in no.Errors)
        {
            page.ModelState.AddModelError(char.ToUpperInvariant(field[0]) + field[1..] + suffix, about is null ? messages[0] : $"{about}: {messages[0]}");
        }
        page.Response.StatusCode = no.Kind switch { No.Conflict => 409, No.TooOften => 429, _ => 422 };
        return page.Page();
    }

    /// <summary>
    /// Loads the page once more after a refusal; false where there is no such page for this actor. In work of its own, for what was refused saves nothing, and that somebody was shown something must be saved:
    /// else whoever asks for what is sure to be refused reads without a trace.
    /// </summary>
    public static async Task<bool> ShowAgain(this PageModel page, Refusal no, Func<Work, Task<bool>> show)
    {
        var services = page.HttpContext.RequestServices;
        return no.Kind != No.NotFound && await services.GetRequired<Works>().After(services.GetRequired<Work>(), show);
    }

    internal static T GetRequired<T>(this IServiceProvider services) where T : class => (T)services.GetService(typeof(T))!;

    /// <summary>What must be asked again: the database is away, or a commit's outcome is unknown. EF Core wraps the one that says so in one that does not.</summary>
    public static bool AskAgain(Exception failed) => (failed.InnerException is { } inner && AskAgain(inner)) || failed is OutcomeUnknown or NpgsqlException { IsTransient: true } or TimeoutException || failed is PostgresException { SqlState: "57P01" or "57P02" or "57P03" or "40001" or "40P01" };
}
