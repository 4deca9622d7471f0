using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Heed.Site.Exchange;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Heed.Site.Tests.Exchange;

/// <summary>What says that something waits: webhooks and e-mail, and what becomes of those that do not arrive.</summary>
public sealed class PushTests(TestSite site) : IClassFixture<TestSite>
{
    private const string Council = "norton-stockton";
    private const string Force = "tees-valley-police";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Webhooks Webhooks => site.Services.GetRequiredService<Webhooks>();

    private ExchangeSettings Settings => site.Services.GetRequiredService<ExchangeSettings>();

    /// <summary>Nothing owed and no endpoint: these tests share a database.</summary>
    private async Task Clean()
    {
        await site.TimeIs(Cluster.Usual);
        Settings.AllowPrivateAddresses = true;
        await site.Administer("update webhook_endpoint set state = 'disabled', disabled_at = now(), disabled_because = 'a test' where state = 'active'");
        await site.Administer("delete from mail_owed");
        await site.Administer("delete from team_address");
        await site.Administer("update mailbox_item set state = 'acknowledged', acknowledged_at = now() where state <> 'acknowledged'");
        await site.Administer("delete from mailbox");
        await site.Settle();
    }

    private async Task<(Guid Id, string Secret)> Endpoint(string url, string agency = Council)
    {
        var answer = await site.System(agency).PostAsJsonAsync("/api/webhooks", new { url }, Stop);
        var made = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(Stop);
        return (made.GetProperty("id").GetGuid(), made.GetProperty("secret").GetString()!);
    }

    private Task<List<string>> Tasks(Guid report) => site.Rows<string>("""
        select a.key || ' ' || u.why || ' ' || c.state || case when c.practitioner_id is null then ' nobody' else '' end from undelivered u join agency a on a.id = u.agency_id join mailbox_item i on i.id = u.item_id
          left join clock c on c.notice_id = u.notice_id and c.limit_key = u.limit_key and c.agency_id = u.agency_id where i.report_id = $1 and i.agency_id = $2 order by 1
        """, report, site.Agency(Council));

    private static void SaysNobody(string words)
    {
        foreach (var said in new[] { "Testa", "Moira", "Probe", "2018", "1990", "Test Street", "TS20", "shouting" })
        {
            Assert.DoesNotContain(said, words, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task The_reference_library_takes_a_webhook_for_genuine_before_and_after_its_secret_is_replaced()
    {
        await Clean();
        // The library compares with the clock of the machine.
        await site.Administer("update time_offset set ahead = '0'");
        await using var receiver = await Receiver.Start();
        var (id, secret) = await Endpoint(receiver.Url);
        var report = await site.Received(TestSite.Report("P/1", r => { r["occurredAt"] = "2026-01-05T10:00:00Z"; r["knownAt"] = "2026-01-05T11:00:00Z"; }));
        Assert.Equal(1, await Webhooks.Round(Stop));
        var got = receiver.All.Single();
        Assert.True(await Receiver.Genuine(secret, got));
        Assert.False(await Receiver.Genuine(secret, got with { Body = got.Body.Replace("notice", "Notice") }));
        Assert.False(await Receiver.Genuine("whsec_" + Convert.ToBase64String(new byte[32]), got));
        Assert.Contains(report.ToString(), got.Body);
        SaysNobody(got.Body);

        var rotated = await (await site.System(Council).PostAsync($"/api/webhooks/{id}/secrets", null, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop);
        await site.Received(TestSite.Report("P/2", r => { r["occurredAt"] = "2026-01-05T10:00:00Z"; r["knownAt"] = "2026-01-05T11:00:00Z"; }));
        await Webhooks.Round(Stop);
        Assert.True(await Receiver.Genuine(secret, receiver.All.Last()));
        Assert.True(await Receiver.Genuine(rotated.GetProperty("secret").GetString()!, receiver.All.Last()));
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task A_redirect_is_a_failure_and_the_same_id_comes_again_until_the_last_try_makes_it_a_task_of_both_sides()
    {
        await Clean();
        await using var receiver = await Receiver.Start(http =>
        {
            http.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        });
        await Endpoint(receiver.Url);
        var report = await site.Received(TestSite.Report("P/3"));
        for (var day = 0; day < 10; day++)
        {
            await site.TimeIs(Cluster.Usual + Duration.FromDays(day * 2));
            Assert.Equal(1, await Webhooks.Round(Stop));
        }
        Assert.Equal(0, await Webhooks.Round(Stop));
        Assert.Equal(10, receiver.All.Count);
        Assert.Single(receiver.All.Select(g => g.Headers["webhook-id"]).Distinct());
        Assert.Equal(["norton-stockton webhook running", "tees-valley-police webhook running"], (await Tasks(report)).Select(t => t.Replace(" nobody", "")));
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task An_endpoint_that_is_gone_is_disabled_and_a_named_person_of_each_side_has_the_task_until_it_is_collected_after_all()
    {
        await Clean();
        await using var receiver = await Receiver.Start(http =>
        {
            http.Response.StatusCode = 410;
            return Task.CompletedTask;
        });
        var (id, _) = await Endpoint(receiver.Url);
        var report = await site.Received(TestSite.Report("P/4"));
        await Webhooks.Round(Stop);
        Assert.Equal("disabled", await site.Row<string>("select state from webhook_endpoint where id = $1", id));
        Assert.Equal(["norton-stockton gone running", "tees-valley-police gone running"], await Tasks(report));
        Assert.Equal(HttpStatusCode.Forbidden, (await (await site.SignedIn("ramsey")).GetAsync("/exchange", Stop)).StatusCode);
        var page = await (await site.SignedIn("whelan")).GetStringAsync("/exchange", Stop);
        Assert.Contains("The address that your system gave has been switched off", page);
        Assert.Contains("E-mail is off", page);
        SaysNobody(page);

        var claimed = await (await site.System(Council).PostAsJsonAsync("/api/mailbox/claims", new { most = 100 }, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop);
        foreach (var item in claimed.GetProperty("items").EnumerateArray())
        {
            await site.System(Council).PostAsJsonAsync($"/api/mailbox/items/{item.GetProperty("id").GetGuid()}/acknowledgement", new { lease = claimed.GetProperty("lease").GetGuid() }, Stop);
        }
        await site.Settle();
        Assert.Equal(["norton-stockton gone met", "tees-valley-police gone met"], await Tasks(report));
    }

    [Fact]
    public async Task What_a_system_leaves_uncollected_past_the_local_limit_climbs_on_both_sides_and_a_person_settles_it_in_words()
    {
        await Clean();
        await site.System(Council).PostAsJsonAsync("/api/mailbox/claims", new { }, Stop);
        var report = await site.Received(TestSite.Report("P/5"));
        var minding = site.Services.GetRequiredService<Undelivered>();
        await site.TimeIs(Cluster.Usual + Duration.FromMinutes(29));
        await minding.Round(Stop);
        Assert.Empty(await Tasks(report));
        await site.TimeIs(Cluster.Usual + Duration.FromMinutes(31));
        await minding.Round(Stop);
        await minding.Round(Stop);
        Assert.Equal(["norton-stockton uncollected running", "tees-valley-police uncollected running"], await Tasks(report));
        await site.TimeIs(Cluster.Usual + Duration.FromMinutes(62));
        await site.Settle();
        Assert.Contains("norton-stockton uncollected breached", await Tasks(report));

        var task = await site.Row<Guid>("select u.id from undelivered u join mailbox_item i on i.id = u.item_id where i.report_id = $1 and u.agency_id = $2", report, site.Agency(Force));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await site.System(Force).PostAsJsonAsync($"/api/mailbox/tasks/{task}/settlement", new { words = " " }, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await site.System(Council).PostAsJsonAsync($"/api/mailbox/tasks/{task}/settlement", new { words = "Not mine" }, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await site.System(Force).PostAsJsonAsync($"/api/mailbox/tasks/{task}/settlement", new { words = "Telephoned their duty manager" }, Stop)).StatusCode);
        Assert.Contains("tees-valley-police uncollected met", await Tasks(report));
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task An_endpoint_that_hangs_holds_up_nobody_elses()
    {
        await Clean();
        var (hung, released) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var bad = await Receiver.Start(async _ =>
        {
            hung.TrySetResult();
            await released.Task;
        });
        var arrived = new TaskCompletionSource();
        await using var good = await Receiver.Start(_ =>
        {
            arrived.TrySetResult();
            return Task.CompletedTask;
        });
        await Endpoint(bad.Url);
        await site.Received(TestSite.Report("P/6"));
        var first = Webhooks.Round(Stop);
        await hung.Task;
        await Endpoint(good.Url);
        await site.Received(TestSite.Report("P/7"));
        var second = Webhooks.Round(Stop);
        await arrived.Task;
        Assert.False(first.IsCompleted);
        released.SetResult();
        await Task.WhenAll(first, second);
        Assert.Single(good.All);
    }

    [Fact]
    public async Task An_address_inside_is_refused_when_it_is_connected_to()
    {
        await Clean();
        await using var receiver = await Receiver.Start();
        var (id, _) = await Endpoint(receiver.Url.Replace("127.0.0.1", "localhost"));
        Settings.AllowPrivateAddresses = false;
        await site.Received(TestSite.Report("P/8"));
        Assert.Equal(1, await Webhooks.Round(Stop));
        Assert.Empty(receiver.All);
        Assert.Equal("address refused", await site.Row<string>("select fault from webhook_delivery where endpoint_id = $1", id));
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("2002:a00:1::", false)]
    public void Which_addresses_are_public(string address, bool isPublic) => Assert.Equal(isPublic, Outside.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://example.org/hook")]
    [InlineData("ftp://example.org/hook")]
    [InlineData("https://user:secret@example.org/")]
    [InlineData("not an address")]
    public async Task A_webhook_goes_to_https_only(string url)
    {
        await Clean();
        Settings.AllowPrivateAddresses = false;
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await site.System(Council).PostAsJsonAsync("/api/webhooks", new { url }, Stop)).StatusCode);
    }

    [Fact]
    public async Task A_team_is_told_once_by_e_mail_that_something_waits_and_never_what_and_a_refused_one_is_a_task()
    {
        await Clean();
        using var smtp = Receiver.Node("smtp.mjs");
        var port = int.Parse((await smtp.StandardOutput.ReadLineAsync(Stop))!);
        var mail = site.Services.GetRequiredService<Mail>();
        Assert.Equal(0, await mail.Round(Stop));
        (Settings.Smtp, Settings.Address) = (new() { Host = "127.0.0.1", Port = port, From = "heed@example.org", Encrypted = false }, "https://heed.example.org/");
        var team = await site.Row<Guid>("select id from team where key = 'norton-stockton-front-door'");
        async Task Address(string address) => (await site.System(Council).PutAsJsonAsync($"/api/teams/{team}/address", new { address }, Stop)).EnsureSuccessStatusCode();
        await Address("frontdoor@council.example");
        await site.Received(TestSite.Report("P/9"));
        await site.Received(TestSite.Report("P/10"));
        Assert.Equal(1, await mail.Round(Stop));
        var sent = JsonDocument.Parse((await smtp.StandardOutput.ReadLineAsync(Stop))!).RootElement;
        Assert.Equal("frontdoor@council.example", sent.GetProperty("to")[0].GetString());
        Assert.Contains("https://heed.example.org/", sent.GetProperty("text").GetString());
        SaysNobody(sent.GetProperty("text").GetString()!.Split("\r\n\r\n", 2)[1]);

        await site.Received(TestSite.Report("P/11"));
        Assert.Equal(0, await mail.Round(Stop));
        await site.Received(TestSite.Report("P/12", r => r["risk"]!["grade"] = "high"));
        Assert.Equal(1, await mail.Round(Stop));

        await Address("refused@council.example");
        await site.TimeIs(Cluster.Usual + Duration.FromMinutes(11));
        var report = await site.Received(TestSite.Report("P/13"));
        Assert.Equal(1, await mail.Round(Stop));
        Assert.Equal(["norton-stockton mail running", "tees-valley-police mail running"], await Tasks(report));
        Settings.Smtp = null;
        smtp.StandardInput.Close();
        await smtp.WaitForExitAsync(Stop);
        await site.TimeIs(Cluster.Usual);
    }
}
