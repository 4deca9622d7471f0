using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Heed.Plumbing;
using Microsoft.AspNetCore.RateLimiting;

namespace Heed.Site.Access;

/// <summary>What is taken in at once of one sender.</summary>
public sealed class CrowdSettings
{
    /// <summary>
    /// Reports of one system that are being taken at one moment: six for each processor. More come in no faster, and each statement of a page waits behind all of them.
    /// Never more than two in three of a program's connections to the database (60), so that the pages, and other systems, find one free.
    /// </summary>
    public int AtOnce { get; set; } = Math.Min(6 * Environment.ProcessorCount, 40);

    /// <summary>Reports that wait behind those, first come first taken; whoever comes after them is asked to come again. What is urgent waits behind what is urgent only.</summary>
    public int Waiting { get; set; } = 2_000;

    /// <summary>Reports of all systems that are taken at one moment while a person waits for a page, or a system for the receipt of what is urgent.</summary>
    public int BesidePeople { get; set; } = Math.Max(1, Environment.ProcessorCount / 2);
}

/// <summary>Many who come at once keep nobody else out, and nobody beside them waits for them.</summary>
public static class Crowds
{
    public const string Reports = "reports";

    private static readonly object Urgent = new();

    /// <summary>This report waits in the line of what is urgent.</summary>
    public static void Hurry(HttpContext http) => http.Items[Urgent] = true;

    public static bool Hurries(HttpContext http) => http.Items.ContainsKey(Urgent);

    public static bool IsReport(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName == Reports;

    public static void Limit(RateLimiterOptions limits)
    {
        limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limits.OnRejected = async (rejected, _) =>
        {
            var http = rejected.HttpContext;
            var report = IsReport(http);
            http.Response.Headers.RetryAfter = report ? "2" : "60";
            http.RequestServices.GetRequiredService<ILogger<CrowdSettings>>().LogWarning("Too many requests of {Whom}", report ? "a system whose reports wait already" : Door.SessionOf(http.User) is { } session ? $"session {session} in a minute" : "one address that comes to sign in, in a minute");
            if (report)
            {
                await Results.Problem(statusCode: StatusCodes.Status429TooManyRequests, title: "Not now: send it again", detail: $"{http.RequestServices.GetRequiredService<CrowdSettings>().Waiting:N0} reports of this system are waiting already").ExecuteAsync(http);
            }
        };
        // Nobody's password is asked for here; but whoever comes to sign in has somebody's provider asked. Whoever is signed in reads at the pace of a person. In the demonstration neither is limited.
        limits.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http =>
        {
            var (path, settings) = (http.Request.Path, http.RequestServices.GetRequiredService<SignInSettings>());
            return http.RequestServices.GetRequiredService<Demonstration>().IsOn || path.StartsWithSegments("/problem") ? RateLimitPartition.GetNoLimiter("")
                : path.StartsWithSegments("/sign-in") && HttpMethods.IsPost(http.Request.Method) || path.StartsWithSegments("/sign-in/via") ? Window($"{http.Connection.RemoteIpAddress}", settings.MostAMinute)
                : Door.SessionOf(http.User) is { } session ? Window($"{session}", settings.MostPagesAMinute) : RateLimitPartition.GetNoLimiter("");
        });
        // By the key as it was sent, good or not: whose it is is asked only once it is its turn.
        limits.AddPolicy(Reports, http => RateLimitPartition.GetConcurrencyLimiter((Hurries(http), Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{http.Request.Headers.Authorization}")))), _ =>
        {
            var settings = http.RequestServices.GetRequiredService<CrowdSettings>();
            return new() { PermitLimit = settings.AtOnce, QueueLimit = settings.Waiting };
        }));

        static RateLimitPartition<string> Window(string whose, int most) => RateLimitPartition.GetFixedWindowLimiter(whose, _ => new() { PermitLimit = most, Window = TimeSpan.FromMinutes(1) });
    }
}
