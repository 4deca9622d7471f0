using System.Net;
using System.Text;
using System.Text.Json.Nodes;
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
}
