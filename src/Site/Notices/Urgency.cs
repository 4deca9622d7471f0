using System.Text.Json;
using Heed.Site.Access;

namespace Heed.Site.Notices;

/// <summary>What must be heard before what came sooner: by the sender's grade, or by what it is about.</summary>
public static class Urgency
{
    public const string Grade = "high";

    public static readonly IReadOnlyList<string> Kinds = ["missing", "physical-injury"];

    private const int MostBytes = 64 * 1024;

    /// <summary>A child who is missing now does not wait behind the week's reports that her own force has just sent.</summary>
    public static async Task Sort(HttpContext http, RequestDelegate next)
    {
        if (Crowds.IsReport(http) && await IsSaid(http.Request))
        {
            Crowds.Hurry(http);
        }
        await next(http);
    }

    /// <summary>Whether a report that is still on its way in says that it is urgent. What cannot be read says nothing, and is told what is wrong with it in its turn; nor is a very large one read before that.</summary>
    private static async Task<bool> IsSaid(HttpRequest request)
    {
        if (request.ContentLength is not <= MostBytes)
        {
            return false;
        }
        request.EnableBuffering(MostBytes);
        try
        {
            using var said = await JsonDocument.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
            return said.RootElement is { ValueKind: JsonValueKind.Object } report
                && (Is(report, "kind", Kinds) || (report.TryGetProperty("risk", out var risk) && risk.ValueKind == JsonValueKind.Object && Is(risk, "grade", [Grade])));
        }
        // The second is half a character in the name of a member.
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return false;
        }
        finally
        {
            request.Body.Position = 0;
        }

        static bool Is(JsonElement of, string member, IReadOnlyList<string> any) => of.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String && any.Any(value.ValueEquals);
    }
}
