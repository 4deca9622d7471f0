using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;

namespace Heed.Site.Access;

/// <summary>
/// Whether Heed is reached over TLS: its own, where the address that it listens on is https, or that of proxies whom whoever runs it has named (Proxy__Addresses__0 and on: an address or a network each).
/// What a proxy says of a request is believed of those alone; where none is named, nobody's X-Forwarded header is read (ASVS 5.0, 4.1.3).
/// </summary>
public sealed class Encryption
{
    private readonly ForwardedHeadersOptions _proxies = new() { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };

    /// <exception cref="FormatException">A proxy is neither an address nor a network.</exception>
    public Encryption(string address, IConfiguration configuration)
    {
        _proxies.KnownProxies.Clear();
        _proxies.KnownIPNetworks.Clear();
        var named = configuration.GetSection("Proxy:Addresses").Get<string[]>() ?? [];
        foreach (var one in named)
        {
            _proxies.KnownIPNetworks.Add(one.Contains('/') ? System.Net.IPNetwork.Parse(one) : new(IPAddress.Parse(one), IPAddress.Parse(one).GetAddressBytes().Length * 8));
        }
        IsOn = named.Length > 0 || address.Split(';').All(a => a.StartsWith("https:", StringComparison.OrdinalIgnoreCase));
        IsInTheOpen = !IsOn && address.Split(';').Select(BindingAddress.Parse).Any(a => a.Host != "localhost" && !(IPAddress.TryParse(a.Host, out var host) && IPAddress.IsLoopback(host)));
    }

    public bool IsOn { get; }

    /// <summary>Other machines would reach it, and whoever listens between would read along.</summary>
    public bool IsInTheOpen { get; }

    public CookieSecurePolicy Cookies => IsOn ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;

    /// <summary>A cookie's name: with the mark by which a browser takes it over TLS and from this very host only. A browser takes no such cookie without TLS.</summary>
    public string Cookie(string name) => IsOn ? $"__Host-{name}" : name;

    public void Use(WebApplication app)
    {
        if (_proxies.KnownIPNetworks.Count > 0)
        {
            app.UseForwardedHeaders(_proxies);
        }
        if (IsOn)
        {
            app.Use(Insist);
        }
    }

    /// <summary>Nothing is answered in the open: a browser is sent to https; a system is refused, so that it is noticed that its key was sent so (ASVS 5.0, 4.1.2).</summary>
    private static Task Insist(HttpContext http, RequestDelegate next)
    {
        var (asked, path) = (http.Request, http.Request.Path);
        if (asked.IsHttps || path == "/alive" || path == "/healthz")
        {
            return next(http);
        }
        return path.StartsWithSegments("/api") || !HttpMethods.IsGet(asked.Method)
            ? Results.Problem("Heed is reached over https only. A key that was sent without it has been sent in the open: replace it.", statusCode: 403, title: "Not encrypted").ExecuteAsync(http)
            : Results.Redirect($"https://{asked.Host.Host}{asked.PathBase}{path}{asked.QueryString}", permanent: true).ExecuteAsync(http);
    }
}
