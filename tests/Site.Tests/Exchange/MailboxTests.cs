using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Heed.Site.Access;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Heed.Site.Tests.Exchange;

public sealed class MailboxTests(TestSite site) : IClassFixture<TestSite>
{
    private const string Council = "norton-stockton";
    private const string Force = "tees-valley-police";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async Task<JsonElement> Claim(string agency = Council, int most = 100, int seconds = 60)
    {
        var answer = await site.System(agency).PostAsJsonAsync("/api/mailbox/claims", new { most, leaseSeconds = seconds }, Stop);
        return await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(Stop);
    }

    private async Task<HttpStatusCode> Acknowledge(Guid item, Guid lease, string agency = Council) =>
        (await site.System(agency).PostAsJsonAsync($"/api/mailbox/items/{item}/acknowledgement", new { lease }, Stop)).StatusCode;

    private static Guid Id(JsonElement of, string name) => of.GetProperty(name).GetGuid();

    /// <summary>An empty mailbox to begin with: these tests share a database.</summary>
    private async Task Emptied()
    {
        await site.TimeIs(Cluster.Usual);
        await site.Administer("update mailbox_item set state = 'acknowledged', acknowledged_at = now() where state <> 'acknowledged'");
    }

    [Fact]
    public async Task A_notice_is_in_the_mailbox_with_its_report_and_delivered_once_it_is_collected()
    {
        await Emptied();
        var report = await site.Received(TestSite.Report("M/1"));
        var claimed = await Claim();
        var item = Assert.Single(claimed.GetProperty("items").EnumerateArray());
        Assert.Equal(("notice", await site.NoticeTo(Council, report)), (item.GetProperty("kind").GetString(), Id(item, "subject")));
        Assert.True(await site.Row<bool>("select delivered_at is not null and opened_at is null from notice where id = $1", Id(item, "subject")));
        Assert.Equal(HttpStatusCode.NoContent, await Acknowledge(Id(item, "id"), Id(claimed, "lease")));
        Assert.Equal(HttpStatusCode.NoContent, await Acknowledge(Id(item, "id"), Id(claimed, "lease")));
        Assert.Equal(HttpStatusCode.Conflict, await Acknowledge(Id(item, "id"), Guid.NewGuid()));
        Assert.Equal(0, (await Claim()).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Another_agencys_item_and_lease_are_not_found()
    {
        await Emptied();
        await site.Received(TestSite.Report("M/2"));
        var claimed = await Claim();
        var item = Id(claimed.GetProperty("items")[0], "id");
        Assert.Equal(HttpStatusCode.NotFound, await Acknowledge(item, Id(claimed, "lease"), "hartmoor"));
        Assert.Equal(HttpStatusCode.NotFound, (await site.System("hartmoor").PostAsJsonAsync($"/api/mailbox/claims/{Id(claimed, "lease")}/renewal", new { }, Stop)).StatusCode);
        Assert.Equal(0, (await Claim("hartmoor")).GetProperty("items").GetArrayLength());
        Assert.DoesNotContain(item.ToString(), await site.System("hartmoor").GetStringAsync("/api/mailbox", Stop));
        Assert.Contains(item.ToString(), await site.System(Council).GetStringAsync("/api/mailbox", Stop));
    }

    [Fact]
    public async Task Of_many_who_claim_at_once_no_two_are_given_the_same_item()
    {
        await Emptied();
        for (var i = 0; i < 24; i++)
        {
            await site.Received(TestSite.Report($"M/3/{i}"));
        }
        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Claim(most: 3)));
        // Whoever comes upon what another is just taking may have fewer than they asked for; the rest is there for the next.
        var items = claims.Append(await Claim(most: 24)).SelectMany(c => c.GetProperty("items").EnumerateArray().Select(i => Id(i, "id"))).ToList();
        Assert.Equal(24, items.Count);
        Assert.Equal(24, items.Distinct().Count());
    }

    [Fact]
    public async Task When_a_lease_runs_out_who_claims_next_has_the_item_and_who_had_it_may_not_acknowledge_it()
    {
        await Emptied();
        await site.Received(TestSite.Report("M/4"));
        var first = await Claim(seconds: 60);
        var item = Id(first.GetProperty("items")[0], "id");
        Assert.Equal(0, (await Claim()).GetProperty("items").GetArrayLength());
        await site.TimeIs(Cluster.Usual + Duration.FromSeconds(50));
        Assert.True((await site.System(Council).PostAsJsonAsync($"/api/mailbox/claims/{Id(first, "lease")}/renewal", new { leaseSeconds = 60 }, Stop)).IsSuccessStatusCode);
        await site.TimeIs(Cluster.Usual + Duration.FromSeconds(100));
        Assert.Equal(0, (await Claim()).GetProperty("items").GetArrayLength());
        await site.TimeIs(Cluster.Usual + Duration.FromSeconds(120));
        var second = await Claim();
        Assert.Equal(item, Id(Assert.Single(second.GetProperty("items").EnumerateArray()), "id"));
        Assert.Equal(HttpStatusCode.Conflict, await Acknowledge(item, Id(first, "lease")));
        Assert.Equal(HttpStatusCode.NoContent, await Acknowledge(item, Id(second, "lease")));
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task A_lease_that_is_nobodys_holds_nothing_longer()
    {
        await Emptied();
        await site.Received(TestSite.Report("M/11"));
        var claimed = await Claim(seconds: 60);
        Assert.Equal(HttpStatusCode.NotFound, (await site.System(Council).PostAsJsonAsync($"/api/mailbox/claims/{Guid.CreateVersion7()}/renewal", new { leaseSeconds = 3600 }, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await site.System(Council).PostAsJsonAsync($"/api/mailbox/claims/{Id(claimed, "lease")}/renewal", new { leaseSeconds = 3601 }, Stop)).StatusCode);
        Assert.Equal(Cluster.Usual + Duration.FromSeconds(60), await site.Row<Instant>("select leased_until from mailbox_item where id = $1", Id(claimed.GetProperty("items")[0], "id")), new Within(Duration.FromSeconds(30)));
    }

    /// <summary>The site's time goes on while a test runs.</summary>
    private sealed class Within(Duration some) : IEqualityComparer<Instant>
    {
        public bool Equals(Instant one, Instant other) => one - other is var apart && apart < some && apart > -some;

        public int GetHashCode(Instant of) => 0;
    }

    [Fact]
    public async Task Whose_lease_ran_out_may_still_acknowledge_what_nobody_has_claimed_since()
    {
        await Emptied();
        await site.Received(TestSite.Report("M/8"));
        var first = await Claim(seconds: 60);
        var item = Id(first.GetProperty("items")[0], "id");
        await site.TimeIs(Cluster.Usual + Duration.FromMinutes(5));
        Assert.Contains("\"waiting\",\"items\":1", await site.System(Council).GetStringAsync("/api/mailbox", Stop));
        Assert.Equal(HttpStatusCode.NotFound, (await site.System(Council).PostAsJsonAsync($"/api/mailbox/claims/{Id(first, "lease")}/renewal", new { }, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, await Acknowledge(item, Id(first, "lease")));
        Assert.Equal(0, (await Claim()).GetProperty("items").GetArrayLength());
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task Urgent_comes_first_and_then_the_oldest()
    {
        await Emptied();
        var plain = await site.Received(TestSite.Report("M/5/a"));
        var urgent = await site.Received(TestSite.Report("M/5/b", r => r["risk"]!["grade"] = "high"));
        Assert.Equal([urgent, plain], (await Claim()).GetProperty("items").EnumerateArray().Select(i => Id(i, "report")));
    }

    [Fact]
    public async Task What_was_decided_on_a_report_is_in_its_senders_mailbox()
    {
        await Emptied();
        var report = await site.Received(TestSite.Report("M/6"));
        await site.Settle();
        Assert.Null(await site.Decides("ramsey", await site.Row<Guid>("select c.id from contact c join notice n on n.id = c.notice_id where n.report_id = $1", report)));
        var item = Assert.Single((await Claim(Force)).GetProperty("items").EnumerateArray());
        Assert.Equal(("outcome", report), (item.GetProperty("kind").GetString(), Id(item, "report")));
    }

    [Theory]
    [InlineData(0, 60, "most")]
    [InlineData(101, 60, "most")]
    [InlineData(1, 9, "leaseSeconds")]
    [InlineData(1, 3601, "leaseSeconds")]
    public async Task A_claim_out_of_bounds_is_refused_by_name(int most, int seconds, string field)
    {
        var answer = await site.System(Council).PostAsJsonAsync("/api/mailbox/claims", new { most, leaseSeconds = seconds }, Stop);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.True((await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("errors").TryGetProperty(field, out _));
    }

    [Fact]
    public async Task A_receipt_is_verified_with_nothing_but_the_published_keys()
    {
        await Emptied();
        var sent = await site.Send(TestSite.Report("M/7"));
        var id = (await sent.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetGuid();
        foreach (var answer in new[] { sent, await site.System(Force).GetAsync($"/api/reports/{id}", Stop) })
        {
            var body = await answer.Content.ReadAsByteArrayAsync(Stop);
            var signature = answer.Headers.GetValues("Heed-Receipt-Signature").Single();
            Assert.True(await Verified(signature, body));
            body[^3] ^= 1;
            Assert.False(await Verified(signature, body));
        }
        Assert.Equal(HttpStatusCode.Created, sent.StatusCode);
        Assert.Equal($"/api/reports/{id}", sent.Headers.Location!.ToString());
    }

    [Fact]
    public async Task A_receipt_of_an_older_key_is_verified_after_a_newer_one_signs()
    {
        await Emptied();
        var before = await site.Send(TestSite.Report("M/9"));
        using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var at = made.ExportParameters(false).Q;
        await site.Administer("insert into signing_key (id, agency_id, x, y, private, made_at) values ('newer', $1, $2, $3, $4, '2030-01-01')", Guid.Parse("00000000-0000-7000-8000-000000000000"), at.X!, at.Y!, site.Services.GetRequiredService<Secrets>().Signing.Protect(made.ExportPkcs8PrivateKey()));
        var (app, address) = await site.Run(background: false);
        await using var restarted = app;
        using var police = new HttpClient { BaseAddress = address, DefaultRequestHeaders = { Authorization = site.System(Force).DefaultRequestHeaders.Authorization } };
        var after = await police.PostAsync("/api/reports", new StringContent(TestSite.Report("M/10"), Encoding.UTF8, "application/json"), Stop);
        var (older, newer) = (before.Headers.GetValues("Heed-Receipt-Signature").Single(), after.Headers.GetValues("Heed-Receipt-Signature").Single());
        Assert.Contains("\"newer\"", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(newer.Split('.')[0])));
        Assert.DoesNotContain("\"newer\"", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(older.Split('.')[0])));
        Assert.True(await Verified(older, await before.Content.ReadAsByteArrayAsync(Stop)));
        Assert.True(await Verified(newer, await after.Content.ReadAsByteArrayAsync(Stop)));
    }

    private async Task<bool> Verified(string jws, byte[] body)
    {
        var parts = jws.Split('.');
        var head = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0])).RootElement;
        var keys = await site.Nobody().GetFromJsonAsync<JsonElement>("/api/keys", Stop);
        var key = keys.GetProperty("keys").EnumerateArray().Single(k => k.GetProperty("kid").GetString() == head.GetProperty("kid").GetString());
        using var verify = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new() { X = Base64Url.DecodeFromChars(key.GetProperty("x").GetString()), Y = Base64Url.DecodeFromChars(key.GetProperty("y").GetString()) },
        });
        return verify.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{Base64Url.EncodeToString(body)}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256);
    }
}
