using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
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
        (Settings.AllowPrivateAddresses, Settings.Smtp, Settings.TimeoutSeconds) = (true, null, 20);
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
            await site.TimeIs(Cluster.Usual + Duration.FromDays(day * 2) + Duration.FromMinutes(1));
            // With the last one comes the task that it has become.
            Assert.Equal(day < 9 ? 1 : 2, await Webhooks.Round(Stop));
        }
        Assert.Equal(0, await Webhooks.Round(Stop));
        var told = receiver.All.Where(g => g.Body.Contains("mailbox.notice")).Select(g => g.Headers["webhook-id"]).ToList();
        // Nothing else was asked for: the redirect is not followed.
        Assert.Equal((10, 11), (told.Count, receiver.All.Count));
        Assert.Single(told.Distinct());
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
    public void Which_addresses_are_public(string address, bool isPublic) => Assert.Equal(isPublic, Heed.Plumbing.Outward.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://example.org/hook")]
    [InlineData("ftp://example.org/hook")]
    [InlineData("https://user:secret@example.org/")]
    [InlineData("https://example.org/#part")]
    [InlineData("/hook")]
    [InlineData("not an address")]
    [InlineData(null)]
    public async Task A_webhook_goes_to_https_only(string? url)
    {
        await Clean();
        Settings.AllowPrivateAddresses = false;
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await site.System(Council).PostAsJsonAsync("/api/webhooks", new { url }, Stop)).StatusCode);
    }

    [Theory]
    [InlineData("Front door <frontdoor@council.example>")]
    [InlineData("frontdoor@council.example, somebody@council.example")]
    [InlineData("frontdoor")]
    [InlineData(" ")]
    [InlineData(null)]
    public async Task A_team_has_one_address_and_nothing_beside_it(string? address)
    {
        await Clean();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await site.System(Council).PutAsJsonAsync($"/api/teams/{site.Team("norton-stockton-front-door")}/address", new { address }, Stop)).StatusCode);
        Assert.Equal(0, await site.Row<long>("select count(*) from team_address"));
    }

    [Fact]
    public async Task A_team_is_told_once_by_e_mail_that_something_waits_and_never_what_and_a_refused_one_is_a_task()
    {
        await Clean();
        var mail = site.Services.GetRequiredService<Mail>();
        Assert.Equal(0, await mail.Round(Stop));
        await using var smtp = await SmtpServer.Start(site);
        await Addressed("frontdoor@council.example");
        await site.Received(TestSite.Report("P/9"));
        await site.Received(TestSite.Report("P/10"));
        Assert.Equal(1, await mail.Round(Stop));
        var (to, text) = await smtp.Next();
        Assert.Equal("frontdoor@council.example", to);
        Assert.Contains("https://heed.example.org/", text);
        SaysNobody(text);

        await site.Received(TestSite.Report("P/11"));
        Assert.Equal(0, await mail.Round(Stop));
        await site.Received(TestSite.Report("P/12", r => r["risk"]!["grade"] = "high"));
        Assert.Equal(1, await mail.Round(Stop));

        await Addressed("refused@council.example");
        await site.TimeIs(Cluster.Usual + Duration.FromMinutes(11));
        var report = await site.Received(TestSite.Report("P/13"));
        Assert.Equal(1, await mail.Round(Stop));
        Assert.Equal(["norton-stockton mail running", "tees-valley-police mail running"], await Tasks(report));
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task A_mail_server_that_does_not_encrypt_is_sent_nothing_where_it_must()
    {
        await Clean();
        await using var smtp = await SmtpServer.Start(site);
        Settings.Smtp!.Encrypted = true;
        await Addressed("frontdoor@council.example");
        var report = await site.Received(TestSite.Report("P/open"));
        Assert.Equal(1, await site.Services.GetRequiredService<Mail>().Round(Stop));
        Assert.Equal("owed NotSupportedException", await site.Row<string>("select o.state || ' ' || o.fault from mail_owed o join mailbox_item i on i.id = o.item_id where i.report_id = $1", report));
    }

    [Fact]
    public async Task A_mail_server_that_says_nothing_is_given_up_and_tried_again()
    {
        await Clean();
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        (Settings.Smtp, Settings.TimeoutSeconds) = (new() { Host = "127.0.0.1", Port = ((IPEndPoint)silent.LocalEndpoint).Port, From = "heed@example.org", Encrypted = false }, 1);
        await Addressed("frontdoor@council.example");
        var report = await site.Received(TestSite.Report("P/14"));
        var mail = site.Services.GetRequiredService<Mail>();
        var first = mail.Round(Stop);
        using var connected = await silent.AcceptTcpClientAsync(Stop);
        // One is on its way to this team: another may wait.
        await site.Received(TestSite.Report("P/14b"));
        Assert.Equal(0, await mail.Round(Stop));
        Assert.NotEqual(0, await first);
        Assert.Equal("owed", await site.Row<string>("select o.state from mail_owed o join mailbox_item i on i.id = o.item_id where i.report_id = $1", report));
        Assert.Empty(await Tasks(report));
    }

    [Fact]
    public async Task An_endpoint_that_never_answers_is_given_up_and_one_that_answers_without_end_is_cut_off()
    {
        await Clean();
        Settings.TimeoutSeconds = 1;
        await using var hangs = await Receiver.Start(http => Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        var written = 0L;
        var done = new TaskCompletionSource();
        await using var floods = await Receiver.Start(async http =>
        {
            try
            {
                for (; written < 64 << 20; written += 1 << 16)
                {
                    await http.Response.Body.WriteAsync(new byte[1 << 16], http.RequestAborted);
                }
            }
            catch (Exception cut) when (cut is OperationCanceledException or IOException)
            {
                // As it should be.
            }
            done.SetResult();
        });
        var (silent, _) = await Endpoint(hangs.Url);
        var (endless, _) = await Endpoint(floods.Url);
        await site.Received(TestSite.Report("P/15"));
        Assert.Equal(2, await Webhooks.Round(Stop));
        Assert.Equal("no answer in time", await Fault(silent));
        Assert.Equal("delivered", await site.Row<string>("select state from webhook_delivery where endpoint_id = $1", endless));
        await done.Task;
        Assert.InRange(written, 0, 32 << 20);
    }

    private Task<string> Fault(Guid endpoint) => site.Row<string>("select fault from webhook_delivery where endpoint_id = $1", endpoint);

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_no_endpoint_of_an_agency()
    {
        await Clean();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var self = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        await using var receiver = await Receiver.Start(certificate: self);
        var (id, _) = await Endpoint(receiver.Url.Replace("127.0.0.1", "localhost"));
        await site.Received(TestSite.Report("P/16"));
        Assert.Equal(1, await Webhooks.Round(Stop));
        Assert.Equal("AuthenticationException", await Fault(id));
        Assert.Empty(receiver.All);
    }

    [Fact]
    public async Task A_later_try_has_its_own_time_and_the_same_id_and_a_replaced_secret_signs_for_a_day_more()
    {
        await Clean();
        var answers = 500;
        await using var receiver = await Receiver.Start(http =>
        {
            http.Response.StatusCode = answers;
            return Task.CompletedTask;
        });
        var (id, _) = await Endpoint(receiver.Url);
        await site.System(Council).PostAsync($"/api/webhooks/{id}/secrets", null, Stop);
        await site.Received(TestSite.Report("P/17"));
        await Webhooks.Round(Stop);
        answers = 204;
        await site.TimeIs(Cluster.Usual + Duration.FromMinutes(1));
        await Webhooks.Round(Stop);
        var (first, second) = (receiver.All.First(), receiver.All.Last());
        Assert.Equal(first.Headers["webhook-id"], second.Headers["webhook-id"]);
        Assert.True(int.Parse(second.Headers["webhook-timestamp"]) > int.Parse(first.Headers["webhook-timestamp"]));
        Assert.Equal(2, second.Headers["webhook-signature"].Split(' ').Length);
        await site.TimeIs(Cluster.Usual + Duration.FromHours(25));
        await site.Received(TestSite.Report("P/18"));
        await Webhooks.Round(Stop);
        Assert.Single(receiver.All.Last().Headers["webhook-signature"].Split(' '));
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task Of_several_programs_each_webhook_and_e_mail_is_ones()
    {
        await Clean();
        await using var smtp = await SmtpServer.Start(site);
        var (app, _) = await site.Run(background: false);
        await using var other = app;
        var there = other.Services.GetRequiredService<ExchangeSettings>();
        (there.Smtp, there.AllowPrivateAddresses) = (Settings.Smtp, true);
        await using var receiver = await Receiver.Start(_ => Task.Delay(20));
        await Endpoint(receiver.Url);
        await Addressed("frontdoor@council.example");
        for (var i = 0; i < 12; i++)
        {
            await site.Received(TestSite.Report($"P/19/{i}"));
        }
        IServiceProvider[] both = [site.Services, other.Services];
        var tried = await Task.WhenAll(both.Select(s => s.GetRequiredService<Webhooks>().Round(Stop)));
        Assert.Equal((12, 12, 12), (tried.Sum(), receiver.All.Count, receiver.All.Select(g => g.Headers["webhook-id"]).Distinct().Count()));
        Assert.Equal(1, (await Task.WhenAll(both.Select(s => s.GetRequiredService<Mail>().Round(Stop)))).Sum());
        await smtp.Next();
    }

    [Fact]
    public async Task Of_several_programs_each_task_and_each_claim_is_ones()
    {
        await Clean();
        var (app, address) = await site.Run(background: false);
        await using var other = app;
        using var here = site.System(Council);
        using var there = new HttpClient { BaseAddress = address, DefaultRequestHeaders = { Authorization = here.DefaultRequestHeaders.Authorization } };
        await here.PostAsJsonAsync("/api/mailbox/claims", new { }, Stop);
        for (var i = 0; i < 12; i++)
        {
            await site.Received(TestSite.Report($"P/24/{i}"));
        }
        await site.TimeIs(Cluster.Usual + Duration.FromMinutes(35));
        IServiceProvider[] both = [site.Services, other.Services];
        var minded = await Task.WhenAll(both.Concat(both).Select(s => s.GetRequiredService<Undelivered>().Round(Stop)));
        Assert.Equal(12, minded.Sum());
        Assert.Equal(24, await site.Row<long>("select count(*) from undelivered u join mailbox_item i on i.id = u.item_id join report r on r.id = i.report_id where r.reference like 'P/24/%' and i.agency_id = $1", site.Agency(Council)));

        await site.TimeIs(Cluster.Usual + Duration.FromMinutes(36));
        var claims = await Task.WhenAll(new[] { here, there, here, there }.Select(async system => await (await system.PostAsJsonAsync("/api/mailbox/claims", new { most = 100 }, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop)));
        var items = claims.SelectMany(c => c.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetGuid())).ToList();
        Assert.Equal(24, items.Count);
        Assert.Equal(24, items.Distinct().Count());
        await site.TimeIs(Cluster.Usual);
    }

    private async Task Addressed(string address) =>
        (await site.System(Council).PutAsJsonAsync($"/api/teams/{site.Team("norton-stockton-front-door")}/address", new { address }, Stop)).EnsureSuccessStatusCode();

    [Fact]
    public async Task Whose_task_it_is_may_settle_it_on_the_page_and_owes_nothing_more_for_that_item()
    {
        await Clean();
        await using var receiver = await Receiver.Start(http =>
        {
            http.Response.StatusCode = 410;
            return Task.CompletedTask;
        });
        await site.System(Council).PostAsJsonAsync("/api/mailbox/claims", new { }, Stop);
        await Endpoint(receiver.Url);
        var report = await site.Received(TestSite.Report("P/20"));
        await Webhooks.Round(Stop);
        var named = await site.Rows<string>("select p.key from clock c join practitioner p on p.id = c.practitioner_id where c.report_id = $1 and c.limit_key in ('exchange.undelivered', 'exchange.not-reached')", report);
        Assert.Equal(2, named.Count);
        Assert.All(named, who => Assert.True(site.Row<bool>("select bool_or('exchange.settle' = any (r.permits)) from post p join role r on r.key = p.role where p.practitioner_id = $1", site.Practitioner(who)).Result, who));

        using var desk = await site.SignedIn("thirlwell");
        var page = await desk.GetStringAsync("/exchange", Stop);
        Assert.Contains("Not reached by what you sent: Norton and Stockton Council", page);
        Assert.Contains($"href=\"tel:{(await site.Row<string>("select telephone from team where key = 'norton-stockton-front-door'")).Replace(" ", "")}\"", page);
        Assert.DoesNotContain("What your system collects", page);
        Assert.Contains("href=\"/exchange\"", await desk.GetStringAsync("/", Stop));
        var task = await site.Row<Guid>("select id from undelivered where notice_id = $1 and agency_id = $2", await site.NoticeTo(Council, report), site.Agency(Force));
        var refused = await TestSite.Post(desk, "/exchange", ("Task", task.ToString()), ($"Words-{task:N}", ""));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("whom you told, and how", await refused.Content.ReadAsStringAsync(Stop));
        foreach (var words in new[] { new string('x', 2001), "a\0b" })
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await site.System(Force).PostAsJsonAsync($"/api/mailbox/tasks/{task}/settlement", new { words }, Stop)).StatusCode);
        }
        Assert.Equal(HttpStatusCode.NotFound, (await site.System(Council).PostAsJsonAsync($"/api/mailbox/tasks/{task}/settlement", new { words = "Not theirs" }, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.Post(desk, "/exchange", ("Task", task.ToString()), ($"Words-{task:N}", "Telephoned the front door"))).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await site.System(Force).PostAsJsonAsync($"/api/mailbox/tasks/{task}/settlement", new { words = "Somebody else, at once" }, Stop)).StatusCode);
        Assert.Equal(["norton-stockton gone running", "tees-valley-police gone met"], await Tasks(report));

        // It is late at the council as well, by and by: the police have seen to it.
        await site.TimeIs(Cluster.Usual + Duration.FromMinutes(31));
        await site.Services.GetRequiredService<Undelivered>().Round(Stop);
        Assert.Equal(["norton-stockton gone running", "norton-stockton uncollected running", "tees-valley-police gone met"], await Tasks(report));
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task What_a_person_has_accepted_is_nobodys_to_telephone_about()
    {
        await Clean();
        await using var receiver = await Receiver.Start(http =>
        {
            http.Response.StatusCode = 410;
            return Task.CompletedTask;
        });
        await site.System(Council).PostAsJsonAsync("/api/mailbox/claims", new { }, Stop);
        var (waits, accepted) = (await site.Received(TestSite.Report("P/21")), await site.Received(TestSite.Report("P/22")));
        async Task Accept(Guid report) => (await site.System(Council).PostAsync($"/api/notices/{await site.NoticeTo(Council, report)}/acknowledgement", null, Stop)).EnsureSuccessStatusCode();
        await Accept(accepted);
        await site.TimeIs(Cluster.Usual + Duration.FromMinutes(31));
        await site.Services.GetRequiredService<Undelivered>().Round(Stop);
        Assert.Empty(await Tasks(accepted));
        Assert.Equal(2, (await Tasks(waits)).Count);
        await Accept(waits);
        await site.Settle();
        Assert.Equal(["norton-stockton uncollected met", "tees-valley-police uncollected met"], await Tasks(waits));

        await site.TimeIs(Cluster.Usual);
        await Endpoint(receiver.Url);
        var third = await site.Received(TestSite.Report("P/23"));
        await Accept(third);
        await Webhooks.Round(Stop);
        Assert.Equal(["norton-stockton gone running"], await Tasks(third));
    }

    [Fact]
    public async Task A_manager_says_on_the_page_where_the_agency_is_told_and_whoever_only_settles_does_not()
    {
        await Clean();
        await using var receiver = await Receiver.Start();
        using var manager = await site.SignedIn("khalid");
        async Task<string> Secret(HttpResponseMessage answer) => System.Text.RegularExpressions.Regex.Match(await answer.Content.ReadAsStringAsync(Stop), "whsec_[A-Za-z0-9+/=&#;x]+").Value;
        var refused = await TestSite.PostTo(manager, "/exchange", "/exchange?handler=Endpoint", ("Url", "not an address"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("value=\"not an address\"", await refused.Content.ReadAsStringAsync(Stop));
        var first = await Secret(await TestSite.PostTo(manager, "/exchange", "/exchange?handler=Endpoint", ("Url", receiver.Url)));
        Assert.NotEmpty(first);
        var page = await manager.GetStringAsync("/exchange", Stop);
        Assert.Contains(receiver.Url, page);
        Assert.DoesNotContain("whsec_", page);
        var id = await site.Row<Guid>("select id from webhook_endpoint where state = 'active' and agency_id = $1", site.Agency(Council));
        var second = await Secret(await TestSite.PostTo(manager, "/exchange", $"/exchange?handler=Secret&id={id}"));
        Assert.NotEmpty(second);
        Assert.NotEqual(first, second);
        var team = site.Team("norton-stockton-front-door").ToString();
        foreach (var (whose, address) in new[] { (team, "frontdoor"), ("", "frontdoor@council.example") })
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await TestSite.PostTo(manager, "/exchange", "/exchange?handler=Address", ("Team", whose), ("Address", address))).StatusCode);
        }
        Assert.Equal(HttpStatusCode.NotFound, (await TestSite.PostTo(manager, "/exchange", "/exchange?handler=Address", ("Team", site.Team("hartmoor-front-door").ToString()), ("Address", "frontdoor@council.example"))).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.PostTo(manager, "/exchange", "/exchange?handler=Address", ("Team", team), ("Address", "frontdoor@council.example"))).StatusCode);
        Assert.Contains("frontdoor@council.example", await manager.GetStringAsync("/exchange", Stop));
        using var desk = await site.SignedIn("thirlwell");
        foreach (var handler in new[] { "Endpoint", $"Secret&id={id}", $"Disable&id={id}", "Address" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await TestSite.PostTo(desk, "/search", $"/exchange?handler={handler}", ("Url", receiver.Url))).StatusCode);
        }
        await site.Administer("update practitioner set can_sign_in = true where key = 'greaves'");
        using var other = await site.SignedIn("greaves");
        Assert.Equal(HttpStatusCode.NotFound, (await TestSite.PostTo(other, "/exchange", $"/exchange?handler=Secret&id={id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await TestSite.PostTo(other, "/exchange", $"/exchange?handler=Disable&id={id}")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.PostTo(manager, "/exchange", $"/exchange?handler=Disable&id={id}")).StatusCode);
        Assert.Equal("disabled", await site.Row<string>("select state from webhook_endpoint where id = $1", id));
    }
}
