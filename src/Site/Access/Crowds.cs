using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace Heed.Site.Access;

/// <summary>What is taken in at once of one sender.</summary>
public sealed class CrowdSettings
{
    /// <summary>Reports of one system that are being taken at one moment. More at once are not taken sooner: they only keep the processors from whoever must act on them.</summary>
    public int AtOnce { get; set; } = 4 * Environment.ProcessorCount;

    /// <summary>Reports that wait behind those, first come first taken; whoever comes after them is asked to come again.</summary>
    public int Waiting { get; set; } = 2_000;
}

/// <summary>Many who come at once keep nobody else out, and nobody beside them waits for them.</summary>
public static class Crowds
{
    public const string Reports = "reports";

    public static void Limit(RateLimiterOptions limits)
    {
        limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limits.OnRejected = (rejected, _) =>
        {
            var signingIn = rejected.HttpContext.Request.Path.StartsWithSegments("/sign-in");
            rejected.HttpContext.Response.Headers.RetryAfter = signingIn ? "60" : "2";
            rejected.HttpContext.RequestServices.GetRequiredService<ILogger<CrowdSettings>>().LogWarning("Too many {What}: asked to come again", signingIn ? "came to sign in from one address in a minute" : "reports of one system wait to be taken");
            return default;
        };
        // Nobody's password is asked for here; but each of these has somebody's provider asked. In the demonstration there is none.
        limits.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http =>
            http.RequestServices.GetRequiredService<Demonstration>().IsOn || !(http.Request.Path.StartsWithSegments("/sign-in") && HttpMethods.IsPost(http.Request.Method) || http.Request.Path.StartsWithSegments("/sign-in/via"))
                ? RateLimitPartition.GetNoLimiter("")
                : RateLimitPartition.GetFixedWindowLimiter($"{http.Connection.RemoteIpAddress}", _ => new() { PermitLimit = http.RequestServices.GetRequiredService<SignInSettings>().MostAMinute, Window = TimeSpan.FromMinutes(1) }));
        // By the key as it was sent, good or not: who they are is asked only once it is their turn.
        limits.AddPolicy(Reports, http => RateLimitPartition.GetConcurrencyLimiter(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{http.Request.Headers.Authorization}"))), _ =>
        {
            var settings = http.RequestServices.GetRequiredService<CrowdSettings>();
            return new() { PermitLimit = settings.AtOnce, QueueLimit = settings.Waiting };
        }));
    }
}
