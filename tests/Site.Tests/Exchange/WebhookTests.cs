using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Heed.Site.Exchange;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Heed.Site.Tests.Exchange;

/// <summary>Where an agency's system is told that something waits: the signature, the tries, the addresses that are refused, and who is held up by whom.</summary>
public sealed class WebhookTests(TestSite on) : PushTests(on)
{
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
    public async Task What_signs_lies_sealed()
    {
        var (id, secret) = await Endpoint("https://example.org/hook");
        Assert.DoesNotContain(Convert.ToHexString(Convert.FromBase64String(secret["whsec_".Length..])), await site.Row<string>("select upper(encode(secret, 'hex')) from webhook_secret where endpoint_id = $1", id));
        await site.Received(TestSite.Report("P/34"));
        using var key = ECDsa.Create();
        var lies = await site.Row<byte[]>("select private from signing_key order by made_at limit 1");
        Assert.ThrowsAny<CryptographicException>(() => key.ImportPkcs8PrivateKey(lies, out _));
        await site.Administer("update webhook_endpoint set state = 'disabled', disabled_at = heed_now(), disabled_because = 'A test' where id = $1", id);
    }

    [Fact]
    public async Task An_emergency_is_told_of_without_a_report_and_what_comes_after_it_too()
    {
        await Clean();
        await using var receiver = await Receiver.Start();
        await Endpoint(receiver.Url);
        await site.Administer("insert into mailbox_item (id, agency_id, kind, subject_id, urgent) values (gen_random_uuid(), $1, 'emergency', gen_random_uuid(), true)", site.Agency(Council));
        await site.Received(TestSite.Report("P/31"));
        Assert.Equal(2, await Webhooks.Round(Stop));
        Assert.Equal(["mailbox.emergency", "mailbox.notice"], receiver.All.Select(g => JsonDocument.Parse(g.Body).RootElement.GetProperty("type").GetString()));
        Assert.Contains("\"report\":null", receiver.All.First().Body);
    }

    [Fact]
    public async Task An_emergency_that_cannot_be_told_of_is_the_task_of_a_named_person_whose_record_it_is_and_of_nobody_else()
    {
        await Clean();
        await using var receiver = await Receiver.Answering(410);
        await Endpoint(receiver.Url);
        var item = Guid.NewGuid();
        await site.Administer("insert into mailbox_item (id, agency_id, kind, subject_id, urgent) values ($2, $1, 'emergency', gen_random_uuid(), true)", site.Agency(Council), item);
        await Webhooks.Round(Stop);
        const string tasks = "select a.key || ' ' || u.why || ' ' || c.state || ' ' || (c.practitioner_id is not null) from undelivered u join agency a on a.id = u.agency_id join clock c on c.id = u.clock_id where u.item_id = $1";
        Assert.Equal(["norton-stockton gone running true"], await site.Rows<string>(tasks, item));
        using var manager = await site.SignedIn("whelan");
        var page = await manager.GetStringAsync("/exchange", Stop);
        Assert.Contains("A record of yours that was opened in an emergency", page);
        Assert.Contains("Your system did not get what waits for you", await manager.GetStringAsync("/?View=agency", Stop));
        var task = await site.Row<Guid>("select id from undelivered where item_id = $1", item);
        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.Post(manager, "/exchange", ("Task", task.ToString()), ($"Words-{task:N}", "Read on the page"))).StatusCode);
        Assert.Equal(["norton-stockton gone met true"], await site.Rows<string>(tasks, item));
    }

    [Fact]
    public async Task An_emergency_that_nobody_collects_is_a_task_too_until_it_is_collected()
    {
        await Clean();
        using var system = site.System(Council);
        await system.PostAsJsonAsync("/api/mailbox/claims", new { }, Stop);
        var item = Guid.NewGuid();
        await site.Administer("insert into mailbox_item (id, agency_id, kind, subject_id, urgent) values ($2, $1, 'emergency', gen_random_uuid(), true)", site.Agency(Council), item);
        await site.TimeIs(Cluster.Usual + Duration.FromMinutes(31));
        await site.Services.GetRequiredService<Undelivered>().Round(Stop);
        Task<List<string>> Tasks() => site.Rows<string>("select u.why || ' ' || c.state from undelivered u join clock c on c.id = u.clock_id where u.item_id = $1", item);
        Assert.Equal(["uncollected running"], await Tasks());
        var claimed = await (await system.PostAsJsonAsync("/api/mailbox/claims", new { most = 100 }, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop);
        await system.PostAsJsonAsync($"/api/mailbox/items/{item}/acknowledgement", new { lease = claimed.GetProperty("lease").GetGuid() }, Stop);
        await site.Settle();
        Assert.Equal(["uncollected met"], await Tasks());
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task An_item_that_cannot_be_told_of_is_tried_again_later_holds_up_no_other_and_is_a_persons_task_in_the_end()
    {
        await Clean();
        await using var receiver = await Receiver.Start();
        await Endpoint(receiver.Url);
        var broken = await site.Received(TestSite.Report("P/32"));
        // A year that no program reads.
        await site.Administer("update mailbox_item set since = '20000-01-01Z' where report_id = $1 and agency_id = $2", broken, site.Agency(Council));
        var good = await site.Received(TestSite.Report("P/33"));
        Assert.Equal(2, await Webhooks.Round(Stop));
        Assert.Contains(good.ToString(), receiver.All.Single().Body);
        const string delivery = "select d.state || ' ' || d.attempts || ' ' || (d.fault is not null) || ' ' || (d.next_at > heed_now()) from webhook_delivery d join mailbox_item i on i.id = d.item_id where i.report_id = $1 and i.kind = 'notice'";
        Assert.Equal("ready 1 true true", await site.Row<string>(delivery, broken));
        for (var day = 1; day < 10; day++)
        {
            await site.TimeIs(Cluster.Usual + Duration.FromDays(day * 2) + Duration.FromMinutes(1));
            await Webhooks.Round(Stop);
        }
        Assert.StartsWith("failed 10 true", await site.Row<string>(delivery, broken));
        Assert.Equal(["norton-stockton webhook running", "tees-valley-police webhook running"], (await Tasks(broken)).Select(t => t.Replace(" nobody", "")));
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
}
