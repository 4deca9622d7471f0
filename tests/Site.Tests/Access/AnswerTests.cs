using System.Collections.Concurrent;
using System.Net;
using Heed.Site.Access;
using Heed.Site.Files;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Heed.Site.Tests.Access;

/// <summary>What stands on every answer whoever asks, and what is turned away before anything is read.</summary>
public sealed class AnswerTests(TestSite site) : IClassFixture<TestSite>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string Header(HttpResponseMessage answer, string name) =>
        (answer.Headers.TryGetValues(name, out var values) || answer.Content.Headers.TryGetValues(name, out values)) ? string.Join(", ", values) : "";

    [Fact]
    public async Task A_page_a_file_an_API_and_a_failure_all_tell_the_browser_what_it_may_do_with_them()
    {
        using var ramsey = await site.SignedIn("ramsey");
        using var police = site.System("tees-valley-police");
        // More than any request may have: refused before it is sent.
        police.DefaultRequestHeaders.ExpectContinue = true;
        var answers = new List<HttpResponseMessage> { await police.PostAsync("/api/files", new ByteArrayContent(new byte[FileBody.MostBytes + 5 * 1024 * 1024]) { Headers = { ContentType = new("text/csv") } }, Stop) };
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answers[0].StatusCode);
        foreach (var path in new[] { "/", "/sign-in", "/nothing", "/limits", "/assets/heed.css", "/assets/live.js", "/assets/icon.svg", "/api/nothing", "/api/keys", "/api-reference", "/openapi/v1.json", "/alive", "/healthz" })
        {
            answers.Add(await ramsey.GetAsync(path, Stop));
        }
        foreach (var answer in answers)
        {
            var what = $"{answer.RequestMessage!.RequestUri!.AbsolutePath} {(int)answer.StatusCode}";
            foreach (var rule in new[] { "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'", "form-action 'self'", "default-src 'self'" })
            {
                Assert.True(Header(answer, "Content-Security-Policy").Contains(rule), $"{what}: {rule}");
            }
            Assert.True(Header(answer, "X-Content-Type-Options") == "nosniff", what);
            Assert.True(Header(answer, "Referrer-Policy") == "same-origin", what);
            Assert.True(Header(answer, "Cross-Origin-Opener-Policy") == "same-origin", what);
            Assert.True(Header(answer, "Cross-Origin-Resource-Policy") == "same-origin", what);
            Assert.True(Header(answer, "Permissions-Policy").Contains("geolocation=()"), what);
            Assert.True(Header(answer, "Access-Control-Allow-Origin") == "", what);
            Assert.True(Header(answer, "Server") == "", what);
            Assert.True(Header(answer, "Cache-Control").Contains("no-store") != (what.StartsWith("/assets") && answer.IsSuccessStatusCode), what);
            var type = Header(answer, "Content-Type");
            Assert.True((type != "" || (await answer.Content.ReadAsByteArrayAsync(Stop)).Length == 0) && (!(type.StartsWith("text/") || type.Contains("+xml")) || type.Contains("charset=utf-8")), $"{what}: {type}");
        }
    }

    [Fact]
    public async Task Behind_a_named_proxy_nothing_is_answered_in_the_open_and_cookies_stay_with_TLS_and_this_host()
    {
        var (app, at) = await site.Run(background: false, demo: true, settings: KeyValuePair.Create<string, string?>("Proxy:Addresses:0", "127.0.0.1"));
        await using var _ = app;
        using var encrypted = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = at, DefaultRequestHeaders = { { "X-Forwarded-Proto", "https" }, { "Host", "heed.example" } } };
        var page = await encrypted.GetAsync("/sign-in", Stop);
        Assert.Equal("max-age=31536000; includeSubDomains", Header(page, "Strict-Transport-Security"));
        var form = Assert.Single(page.Headers.GetValues("Set-Cookie"));
        var token = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await page.Content.ReadAsStringAsync(Stop)).QuerySelector("main input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        encrypted.DefaultRequestHeaders.Add("Cookie", form.Split(';')[0]);
        var inside = await encrypted.PostAsync("/sign-in", new FormUrlEncodedContent([new("Practitioner", site.Practitioner("ramsey").ToString()), new("__RequestVerificationToken", token)]), Stop);
        var session = Assert.Single(inside.Headers.GetValues("Set-Cookie"), c => c.StartsWith("__Host-heed="));
        foreach (var cookie in new[] { form, session })
        {
            Assert.StartsWith("__Host-", cookie);
            foreach (var rule in new[] { "path=/;", "secure", "samesite=", "httponly" })
            {
                Assert.Contains(rule, cookie, StringComparison.OrdinalIgnoreCase);
            }
            Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
        }
        using var open = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = at, DefaultRequestHeaders = { { "Host", "heed.example" }, { "Authorization", site.System("tees-valley-police").DefaultRequestHeaders.Authorization!.ToString() } } };
        var sent = await open.GetAsync("/clocks?x=1", Stop);
        Assert.Equal((HttpStatusCode.MovedPermanently, "https://heed.example/clocks?x=1"), (sent.StatusCode, sent.Headers.Location!.ToString()));
        Assert.Equal(HttpStatusCode.Forbidden, (await open.GetAsync("/api/reports", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await open.GetAsync("/alive", Stop)).StatusCode);
    }

    [Fact]
    public async Task Where_no_proxy_is_named_nobody_says_of_themselves_that_they_came_encrypted()
    {
        using var liar = new HttpClient { BaseAddress = site.Address, DefaultRequestHeaders = { { "X-Forwarded-Proto", "https" }, { "X-Forwarded-For", "192.0.2.1" } } };
        Assert.Equal("", Header(await liar.GetAsync("/sign-in", Stop), "Strict-Transport-Security"));
    }

    [Theory]
    [InlineData("http://127.0.0.1:5080", false)]
    [InlineData("http://localhost:5080", false)]
    [InlineData("https://0.0.0.0:5081", false)]
    [InlineData("http://0.0.0.0:5080", true)]
    [InlineData("http://*:5080", true)]
    [InlineData("https://*:5081;http://*:5080", true)]
    public void Where_others_would_read_along_is_known_before_anything_is_answered(string address, bool open) =>
        Assert.Equal(open, new Encryption(address, new Microsoft.Extensions.Configuration.ConfigurationManager()).IsInTheOpen);

    [Fact]
    public async Task Another_sites_page_has_a_signed_in_browser_change_nothing_by_API()
    {
        async Task<HttpStatusCode> Ask(string name, string value)
        {
            using var ramsey = await site.SignedIn("ramsey");
            ramsey.DefaultRequestHeaders.Add(name, value);
            return (await ramsey.PostAsync($"/api/notices/{Guid.NewGuid()}/acknowledgement", null, Stop)).StatusCode;
        }
        Assert.Equal(HttpStatusCode.Forbidden, await Ask("Sec-Fetch-Site", "cross-site"));
        Assert.Equal(HttpStatusCode.Forbidden, await Ask("Sec-Fetch-Site", "same-site"));
        Assert.Equal(HttpStatusCode.Forbidden, await Ask("Origin", "https://elsewhere.example"));
        Assert.Equal(HttpStatusCode.Forbidden, await Ask("Origin", "null"));
        Assert.Equal(HttpStatusCode.NotFound, await Ask("Sec-Fetch-Site", "same-origin"));
        Assert.Equal(HttpStatusCode.NotFound, await Ask("Origin", site.Address.GetLeftPart(UriPartial.Authority)));
        // And a form without its token is no form of ours.
        using var other = await site.SignedIn("ramsey");
        Assert.Equal(HttpStatusCode.BadRequest, (await other.PostAsync("/sign-out", new FormUrlEncodedContent([]), Stop)).StatusCode);
    }

    [Theory]
    [InlineData("https://elsewhere.example/")]
    [InlineData("//elsewhere.example/")]
    [InlineData("/\\elsewhere.example/")]
    public async Task Nobody_is_led_to_another_site_by_a_link_to_sign_in(string then)
    {
        using var ramsey = await site.SignedIn("ramsey");
        var answer = await TestSite.Post(ramsey, "/sign-in", ("Practitioner", site.Practitioner("ramsey").ToString()), ("Then", then));
        Assert.Equal("/", answer.Headers.Location!.ToString());
    }

    [Fact]
    public async Task Whoever_is_turned_away_stands_in_the_log_by_number_and_permit_and_with_no_word_of_theirs()
    {
        var (app, at) = await site.Run(background: false, logs: "Warning");
        await using var _ = app;
        var log = new Heard();
        app.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        using var council = new HttpClient { BaseAddress = at, DefaultRequestHeaders = { Authorization = site.System("norton-stockton").DefaultRequestHeaders.Authorization } };
        Assert.Equal(HttpStatusCode.Forbidden, (await council.PostAsync($"/api/emergency-access/{Guid.NewGuid()}/end?x=Canaryquery", null, Stop)).StatusCode);
        Assert.Contains(log.Lines, l => l.EndsWith(" was turned away: emergency.open"));
        using var stranger = new HttpClient { BaseAddress = at, DefaultRequestHeaders = { Authorization = new("Bearer", "heed_Canarykey") } };
        await stranger.GetAsync("/api/reports?x=Canaryquery", Stop);
        Assert.Contains("nobody known was turned away: report.read", log.Lines);
        var id = Guid.NewGuid();
        await council.GetAsync($"/api/notices/{id}", Stop);
        Assert.Contains(log.Lines, l => l.Contains($"asked for {id}, which is not there or not theirs"));
        // And whoever sends what no check lets through, or no rule.
        using var police = new HttpClient { BaseAddress = at, DefaultRequestHeaders = { Authorization = site.System("tees-valley-police").DefaultRequestHeaders.Authorization } };
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await police.PostAsync("/api/reports", new StringContent(TestSite.Report("LOG/1", r => r["kind"] = "Canarykind"), System.Text.Encoding.UTF8, "application/json"), Stop)).StatusCode);
        Assert.Contains(log.Lines, l => l.EndsWith(" was refused by a rule or a check (Sending a report about a child)"));
        Assert.Equal(HttpStatusCode.BadRequest, (await stranger.PostAsync("/sign-out", new FormUrlEncodedContent([new("x", "Canaryfield")]), Stop)).StatusCode);
        Assert.Contains(log.Lines, l => l.StartsWith("Antiforgery token validation failed"));
        Assert.DoesNotContain(log.Lines, l => l.Contains("Canary"));
    }

    [Fact]
    public async Task Too_many_who_come_to_sign_in_from_one_address_wait_and_the_pages_do_not()
    {
        var (app, at) = await site.Run(background: false, demo: false);
        await using var _ = app;
        app.Services.GetRequiredService<SignInSettings>().MostAMinute = 3;
        using var somebody = new HttpClient { BaseAddress = at };
        // A minute may end in between: then it counts anew, once.
        var answers = new List<HttpResponseMessage>();
        for (var times = 0; times < 8; times++)
        {
            answers.Add(await somebody.PostAsync("/sign-in?handler=Via", new FormUrlEncodedContent([]), Stop));
        }
        var no = Assert.IsType<HttpResponseMessage>(answers.FirstOrDefault(a => a.StatusCode == HttpStatusCode.TooManyRequests));
        Assert.Equal(TimeSpan.FromMinutes(1), no.Headers.RetryAfter!.Delta);
        Assert.Equal(HttpStatusCode.OK, (await somebody.GetAsync("/sign-in", Stop)).StatusCode);
    }

    [Fact]
    public async Task A_script_that_reads_as_a_person_is_held_back_and_told_why_while_another_reads_on()
    {
        await using var own = await OpenIdProvider.Start(site);
        own.Settings.MostPagesAMinute = 8;
        await own.Has("fast", "Fast Reader", groups: ["Duty"]);
        await own.Has("slow", "Slow Reader", groups: ["Duty"]);
        using var fast = OpenIdProvider.Browser();
        using var slow = OpenIdProvider.Browser();
        await own.SignIn(fast, "fast");
        await own.SignIn(slow, "slow");
        // A minute may end in between: then it counts anew, once.
        HttpResponseMessage? no = null;
        for (var times = 0; times < 20 && no is null; times++)
        {
            var answer = await fast.GetAsync(new Uri(own.Heed, "/clocks"), Stop);
            no = answer.StatusCode == HttpStatusCode.TooManyRequests ? answer : null;
        }
        Assert.Equal(TimeSpan.FromMinutes(1), no?.Headers.RetryAfter?.Delta);
        Assert.Contains("Heed lets no script go through what it holds", await no!.Content.ReadAsStringAsync(Stop));
        Assert.Equal(HttpStatusCode.OK, (await slow.GetAsync(new Uri(own.Heed, "/clocks"), Stop)).StatusCode);
    }

    [Theory]
    [InlineData("TRACE", "/")]
    [InlineData("TRACE", "/api/reports")]
    [InlineData("GET", "/assets/")]
    [InlineData("GET", "/.git/HEAD")]
    [InlineData("GET", "/assets/../appsettings.json")]
    [InlineData("GET", "/Heed.Site.dll")]
    public async Task No_method_and_no_path_shows_what_the_program_is_made_of(string method, string path)
    {
        using var stranger = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = site.Address };
        using var asked = new HttpRequestMessage(new(method), path) { Headers = { { "X-Canary", "Canaryheader" } } };
        var answer = await stranger.SendAsync(asked, Stop);
        Assert.True((int)answer.StatusCode is >= 400 and < 500, $"{answer.StatusCode}");
        Assert.DoesNotContain("Canaryheader", await answer.Content.ReadAsStringAsync(Stop));
    }

    private sealed class Heard : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
