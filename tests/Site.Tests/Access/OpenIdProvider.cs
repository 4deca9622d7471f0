using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using AngleSharp.Html.Parser;
using Heed.Site.Access;
using Heed.Site.Tests.Exchange;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Heed.Site.Tests.Access;

/// <summary>An agency's own sign-in, a real one, and a program that is no demonstration.</summary>
public sealed class OpenIdProvider : IAsyncDisposable
{
    private readonly HttpClient _control = new();
    private Process _node = null!;

    public WebApplication? App { get; private set; }

    public Uri Heed { get; private set; } = null!;

    public Guid Id { get; private init; } = Guid.CreateVersion7();

    public string Issuer { get; private set; } = "";

    public SignInSettings Settings => App!.Services.GetRequiredService<SignInSettings>();

    /// <param name="agency">Whose it is, by the key of the seed; "Duty" in it gives a social worker's post in this team.</param>
    public static async Task<OpenIdProvider> Start(TestSite site, string agency = "norton-stockton", string domain = "norton.example.gov.uk", string team = "norton-stockton-front-door", string role = "social-worker")
    {
        var made = new OpenIdProvider();
        (made.App, made.Heed) = await site.Run(background: false, demo: false);
        made.Settings.AllowPrivateAddresses = true;
        made._node = Receiver.Node("Access/provider.mjs", new Uri(made.Heed, Providers.Path + made.Id).ToString());
        made.Issuer = (await made._node.StandardOutput.ReadLineAsync())!;
        await site.Administer("insert into provider (id, agency_id, name, issuer, client_id, secret, asks_acr, made_by) values ($1, $2, 'Own sign-in', $3, 'heed', $4, 'urn:example:mfa', $1)", made.Id, site.Agency(agency), made.Issuer, made.App!.Services.GetRequiredService<Providers>().Protect("a-secret-of-heed"));
        await site.Administer("insert into provider_domain (domain, provider_id) values ($1, $2)", domain, made.Id);
        await site.Administer("insert into group_post (provider_id, agency_id, group_name, team_id, role) values ($1, $2, 'Duty', $3, $4)", made.Id, site.Agency(agency), site.Team(team), role);
        return made;
    }

    /// <summary>A provider alone, for a program that knows it already.</summary>
    public static OpenIdProvider Beside(Uri heed, Guid id, int port) => new() { Heed = heed, Id = id, _node = Receiver.Node("Access/provider.mjs", new Uri(heed, Providers.Path + id).ToString(), $"{port}") };

    public async Task Ready() => Issuer = (await _node.StandardOutput.ReadLineAsync())!;

    public async Task Has(string subject, object? person) => (await _control.PostAsync($"{Issuer}/people", JsonContent.Create(new Dictionary<string, object?> { [subject] = person }))).EnsureSuccessStatusCode();

    public Task Has(string subject, string name = "Wilma Kerr", string? email = null, params string[] groups) => Has(subject, new { name, email = email ?? $"{subject}@norton.example.gov.uk", email_verified = true, groups });

    /// <summary>From now on its ID tokens are wrong in one thing, by its name in provider.mjs; empty: good again.</summary>
    public async Task Forges(string what) => (await _control.PostAsync($"{Issuer}/forge", new StringContent(what))).EnsureSuccessStatusCode();

    /// <summary>Somebody's browser: keeps cookies, and follows nothing by itself.</summary>
    public static HttpClient Browser() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = true });

    /// <summary>Where the browser ends when it signs in as this subject, or stands before it opens <paramref name="until"/>.</summary>
    public async Task<(Uri Where, HttpResponseMessage Page)> SignIn(HttpClient browser, string subject, string email = "anybody@norton.example.gov.uk", string start = "/sign-in", string? until = null)
    {
        var page = await browser.GetStringAsync(new Uri(Heed, start));
        var form = new HtmlParser().ParseDocument(page).QuerySelectorAll("main form").Last();
        var fields = form.QuerySelectorAll("input").ToDictionary(i => i.GetAttribute("name")!, i => i.GetAttribute("value") ?? "");
        fields["Email"] = email;
        var at = new Uri(Heed, form.GetAttribute("action") is { Length: > 0 } action ? action : start);
        return await Follow(browser, at, await browser.PostAsync(at, new FormUrlEncodedContent(fields)), subject, until);
    }

    public static async Task<(Uri Where, HttpResponseMessage Page)> Follow(HttpClient browser, Uri at, HttpResponseMessage answer, string subject, string? until = null)
    {
        for (var steps = 0; steps < 12; steps++)
        {
            if ((answer.Headers.Location ?? Onward(answer)) is { } to)
            {
                at = new Uri(at, to);
                if (at.AbsolutePath == until)
                {
                    return (at, answer);
                }
                answer = await browser.GetAsync(at);
            }
            else if (at.AbsolutePath.StartsWith("/interaction/") && answer.StatusCode == HttpStatusCode.OK)
            {
                answer = await browser.PostAsync(at, new FormUrlEncodedContent([new("login", subject)]));
            }
            else
            {
                return (at, answer);
            }
        }
        throw new InvalidOperationException($"Round and round, at last at {at}");
    }

    /// <summary>Where a page that stands between leads by itself.</summary>
    public static Uri? Onward(HttpResponseMessage answer) => answer.Headers.TryGetValues("Refresh", out var said) ? new(said.Single()["0; url=".Length..]) : null;

    public void Stop()
    {
        if (!_node.HasExited)
        {
            _node.Kill();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Stop();
        _node.Dispose();
        _control.Dispose();
        if (App is not null)
        {
            await App.DisposeAsync();
        }
    }
}
