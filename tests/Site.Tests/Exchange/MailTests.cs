using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Heed.Site.Exchange;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Heed.Site.Tests.Exchange;

/// <summary>Where a team is told by e-mail that something waits, and never what.</summary>
public sealed class MailTests(TestSite on) : PushTests(on)
{
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
        Settings.Address = "";
        await site.Received(TestSite.Report("P/12", r => r["risk"]!["grade"] = "high"));
        Assert.Equal(1, await mail.Round(Stop));
        Assert.Contains("Sign in to see what it is.", (await smtp.Next()).Text);

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
}
