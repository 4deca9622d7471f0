using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Heed.Site.Exchange;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Heed.Site.Tests.Exchange;

/// <summary>What did not arrive is a named person's on both sides, until somebody has seen to it.</summary>
public sealed class UndeliveredTests(TestSite on) : PushTests(on)
{
    [Fact]
    public async Task An_endpoint_that_is_gone_is_disabled_and_a_named_person_of_each_side_has_the_task_until_it_is_collected_after_all()
    {
        await Clean();
        await using var receiver = await Receiver.Answering(410);
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
    public async Task Whose_task_it_is_may_settle_it_on_the_page_and_owes_nothing_more_for_that_item()
    {
        await Clean();
        await using var receiver = await Receiver.Answering(410);
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
        await using var receiver = await Receiver.Answering(410);
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
}
