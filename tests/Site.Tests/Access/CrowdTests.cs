using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Heed.Site.Access;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Heed.Site.Tests.Access;

public sealed class CrowdTests(TestSite site) : IClassFixture<TestSite>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_one_system_one_report_waits_its_turn_the_next_is_asked_to_come_again_and_another_system_is_heard_at_once()
    {
        var (app, at) = await site.Run(background: false, settings: [new("Crowds:AtOnce", "1"), new("Crowds:Waiting", "1")]);
        await using var _ = app;
        Task<HttpResponseMessage> Offer(string reference, string agency = "tees-valley-police", Action<JsonObject>? change = null)
        {
            var system = new HttpClient { BaseAddress = at, DefaultRequestHeaders = { Authorization = site.System(agency).DefaultRequestHeaders.Authorization } };
            return system.PostAsync("/api/reports", new StringContent(TestSite.Report(reference, change), Encoding.UTF8, "application/json"), Stop);
        }
        await using var held = await site.Databases.Owner.OpenConnectionAsync(Stop);
        await using var transaction = await held.BeginTransactionAsync(Stop);
        await using var hold = new NpgsqlCommand("insert into report_key (agency_id, reference, version, hash, report_id) values ($1, 'C/1', 1, '\\x00', gen_random_uuid())", held) { Parameters = { new() { Value = site.Agency("tees-valley-police") } } };
        await hold.ExecuteNonQueryAsync(Stop);
        var inHand = Offer("C/1");
        while (!inHand.IsCompleted && await site.Row<long>("select count(*) from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0") == 0)
        {
            await Task.Yield();
        }
        var behind = new[] { Offer("C/2"), Offer("C/3") };
        var turnedAway = await await Task.WhenAny(behind);
        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(2)), (turnedAway.StatusCode, turnedAway.Headers.RetryAfter?.Delta));
        Assert.Contains("waiting", await turnedAway.Content.ReadAsStringAsync(Stop));
        Assert.Equal(HttpStatusCode.Created, (await Offer("C/1", "tees-university-hospitals")).StatusCode);
        // What is urgent does not wait behind what its own force sent before: by its grade, or by its kind.
        Assert.Equal(HttpStatusCode.Created, (await Offer("C/4", change: r => r["risk"]!["grade"] = "high")).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await Offer("C/5", change: r => r["kind"] = "missing")).StatusCode);
        // What cannot be read hurries nobody, whatever it says, and is told so in its turn: now there is none for it.
        foreach (var wrong in new[] { """{ "kind": "missing", """, """["missing"]""", """{ "kind": 7, "risk": "high" }""", $$"""{ "kind": "domestic-abuse", "summary": "{{new string('x', 70_000)}}", "risk": { "grade": "high" } }""" })
        {
            using var police = new HttpClient { BaseAddress = at, DefaultRequestHeaders = { Authorization = site.System("tees-valley-police").DefaultRequestHeaders.Authorization } };
            Assert.Equal(HttpStatusCode.TooManyRequests, (await police.PostAsync("/api/reports", new StringContent(wrong, Encoding.UTF8, "application/json"), Stop)).StatusCode);
        }
        await transaction.RollbackAsync(Stop);
        await inHand;
        Assert.Single(await Task.WhenAll(behind), answer => answer.StatusCode == HttpStatusCode.Created);
    }

    [Fact]
    public async Task While_somebody_waits_for_a_page_one_report_goes_on_beside_and_the_next_goes_after_what_is_urgent_and_after_the_page()
    {
        var (app, at) = await site.Run(background: false, settings: [new("Crowds:BesidePeople", "1")]);
        await using var _ = app;
        var crowd = app.Services.GetRequiredService<PeopleFirst>();
        HttpClient Client() => new(new SocketsHttpHandler { AllowAutoRedirect = false, Expect100ContinueTimeout = Timeout.InfiniteTimeSpan }) { BaseAddress = at, DefaultRequestHeaders = { ExpectContinue = true } };
        using var police = Client();
        police.DefaultRequestHeaders.Authorization = site.System("tees-valley-police").DefaultRequestHeaders.Authorization;
        Task<HttpResponseMessage> Offer(string reference, Action<JsonObject>? change = null) => police.PostAsync("/api/reports", new StringContent(TestSite.Report(reference, change), Encoding.UTF8, "application/json"), Stop);
        using var ramsey = Client();
        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.Post(ramsey, "/sign-in", ("Practitioner", site.Practitioner("ramsey").ToString()))).StatusCode);
        var (form, report) = (new Slowly("x=", "application/x-www-form-urlencoded"), new Slowly(TestSite.Report("P/1"), "application/json"));
        // Whoever has not signed in holds nothing up.
        using (var stranger = Client())
        {
            var (slow, hold) = (new Slowly(TestSite.Report("P/2"), "application/json"), new Slowly("x=", "application/x-www-form-urlencoded"));
            var (nobodys, one) = (stranger.PostAsync("/", hold, Stop), police.PostAsync("/api/reports", slow, Stop));
            await hold.Asked;
            await slow.Asked;
            Assert.False(await Waits(Offer("P/3")), "A stranger holds up a report");
            hold.GoOn();
            slow.GoOn();
            Assert.Equal(HttpStatusCode.Created, (await one).StatusCode);
            Assert.NotEqual(HttpStatusCode.OK, (await nobodys).StatusCode);
        }
        var page = ramsey.PostAsync("/", form, Stop);
        await form.Asked;
        var beside = police.PostAsync("/api/reports", report, Stop);
        await report.Asked;
        var next = Offer("P/4");
        Assert.True(await Waits(next), "A second report went on beside a page");
        Assert.Equal(HttpStatusCode.Created, (await Offer("P/5", r => r["risk"]!["grade"] = "high")).StatusCode);
        Assert.False(next.IsCompleted, "What is not urgent went on with what is");
        form.GoOn();
        await page;
        Assert.Equal(HttpStatusCode.Created, (await next).StatusCode);
        Assert.False(beside.IsCompleted);
        report.GoOn();
        Assert.Equal(HttpStatusCode.Created, (await beside).StatusCode);
        Assert.Equal(0, crowd.Waiting);

        async Task<bool> Waits(Task<HttpResponseMessage> offered)
        {
            while (crowd.Waiting == 0 && !offered.IsCompleted)
            {
                await Task.Yield();
            }
            return !offered.IsCompleted;
        }
    }

    /// <summary>A body that comes only when it is let: that it is asked for shows how far the request has come.</summary>
    private sealed class Slowly : HttpContent
    {
        private readonly TaskCompletionSource _asked = new(), _go = new();
        private readonly string _body;

        public Slowly(string body, string type) => (_body, Headers.ContentType) = (body, new(type));

        public Task Asked => _asked.Task;

        public void GoOn() => _go.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            _asked.SetResult();
            await _go.Task;
            await stream.WriteAsync(Encoding.UTF8.GetBytes(_body), Stop);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
