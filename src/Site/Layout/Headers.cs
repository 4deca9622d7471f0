using System.Text.Encodings.Web;
using Microsoft.Extensions.Localization;

namespace Heed.Site.Layout;

/// <summary>What stands on every answer, so that a browser does nothing with it that was not meant (ASVS 5.0, 3.4).</summary>
public static class Headers
{
    /// <summary>Written when the answer starts: a failure's too, from which all that was set before is taken away.</summary>
    public static Task Stand(HttpContext http, RequestDelegate next)
    {
        http.Response.OnStarting(() =>
        {
            var (headers, path) = (http.Response.Headers, http.Request.Path);
            headers.ContentSecurityPolicy = (path.StartsWithSegments("/api-reference")
                ? "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:"
                : "default-src 'self'") + "; frame-ancestors 'none'; form-action 'self'; base-uri 'none'; object-src 'none'";
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            headers["Cross-Origin-Opener-Policy"] = headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
            if (http.Request.IsHttps)
            {
                headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
            }
            if (http.Response.ContentType is { } type && (type.StartsWith("text/", StringComparison.Ordinal) || type.EndsWith("+xml", StringComparison.Ordinal)) && !type.Contains("charset", StringComparison.OrdinalIgnoreCase))
            {
                http.Response.ContentType = $"{type}; charset=utf-8";
            }
            if (path.StartsWithSegments("/assets"))
            {
                headers.CacheControl = "public, max-age=86400";
            }
            else
            {
                (headers.CacheControl, headers.Pragma) = ("no-cache, no-store", "no-cache");
            }
            return Task.CompletedTask;
        });
        return next(http);
    }

    /// <summary>
    /// Whoever sends a form and is led to their provider from there would be stopped: Chromium holds form-action against every redirect after a form. So a page stands between, which goes on by itself.
    /// </summary>
    public static async Task Onward(HttpContext http, RequestDelegate next)
    {
        await next(http);
        var answer = http.Response;
        if (!HttpMethods.IsPost(http.Request.Method) || answer is not { HasStarted: false, StatusCode: StatusCodes.Status302Found } || !Uri.TryCreate(answer.Headers.Location, UriKind.Absolute, out var to) || to.Scheme is not ("https" or "http"))
        {
            return;
        }
        var words = http.RequestServices.GetRequiredService<IStringLocalizer<PageWords>>();
        (answer.StatusCode, answer.ContentType) = (StatusCodes.Status200OK, "text/html");
        answer.Headers.Remove("Location");
        answer.Headers["Refresh"] = $"0; url={to.AbsoluteUri}";
        await answer.WriteAsync($"<!DOCTYPE html><html lang=\"en-GB\"><head><title>Heed</title></head><body><p><a href=\"{HtmlEncoder.Default.Encode(to.AbsoluteUri)}\">{HtmlEncoder.Default.Encode(words["Continue"])}</a></p></body></html>");
    }
}
