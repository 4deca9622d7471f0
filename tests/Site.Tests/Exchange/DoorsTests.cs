using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Heed.Plumbing;
using Heed.Site.Exchange;
using Heed.Site.Notices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Npgsql;

namespace Heed.Site.Tests.Exchange;

/// <summary>What is restricted, sealed, held or withdrawn, and what is another's, tried at every door of the exchange: receipt, mailbox, webhook, e-mail, page.</summary>
public sealed partial class DoorsTests(TestSite site) : IClassFixture<TestSite>
{
    private const string Council = "norton-stockton";
    private const string School = "norton-primary";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Nothing waits and nobody is told: these tests share a database.</summary>
    private async Task Clean()
    {
        await site.TimeIs(Cluster.Usual);
        await site.Settle();
        await Emptied();
        await site.Administer("delete from team_address");
        await site.Administer("delete from mailbox");
        await site.Administer("update webhook_endpoint set state = 'disabled', disabled_at = now(), disabled_because = 'a test' where state = 'active'");
    }

    private async Task Emptied()
    {
        foreach (var table in new[] { "webhook_delivery", "mail_owed", "undelivered", "mailbox_item" })
        {
            await site.Administer($"delete from {table}");
        }
    }

    private Task<JsonElement> Claim(string agency) => Json(site.System(agency).PostAsJsonAsync("/api/mailbox/claims", new { most = 100 }, Stop));

    private static async Task<JsonElement> Json(Task<HttpResponseMessage> asking) => await (await asking).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(Stop);

    private async Task<Receiver> Hooked(string agency)
    {
        site.Services.GetRequiredService<ExchangeSettings>().AllowPrivateAddresses = true;
        var receiver = await Receiver.Start();
        await Json(site.System(agency).PostAsJsonAsync("/api/webhooks", new { url = receiver.Url }, Stop));
        return receiver;
    }

    /// <summary>All that the exchange says of a report at each door, with what differs from report to report (ids, times, hashes) taken out.</summary>
    private async Task<string> AllThatIsSaid(string reference, Action<JsonObject> about, Receiver hook, SmtpServer smtp)
    {
        hook.All.Clear();
        var sent = await site.Send(TestSite.Report(reference, about));
        var report = (await sent.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetGuid();
        await site.Settle();
        await site.Services.GetRequiredService<Webhooks>().Round(Stop);
        await site.Services.GetRequiredService<Mail>().Round(Stop);
        // Recipients stand there in no order.
        var receipt = JsonNode.Parse(await site.System("tees-valley-police").GetStringAsync($"/api/reports/{report}", Stop))!;
        receipt["notices"] = new JsonArray([.. receipt["notices"]!.AsArray().OrderBy(n => (string)n!["to"]!).Select(n => n!.DeepClone())]);
        var said = new List<string>
        {
            string.Join("\n", hook.All.Select(g => g.Body)), (await smtp.Next()).Text, receipt.ToJsonString(),
            await site.System(Council).GetStringAsync("/api/mailbox?state=waiting", Stop), (await Claim(Council)).GetRawText(), await site.System(Council).GetStringAsync("/api/mailbox?state=leased", Stop),
        };
        await Emptied();
        return Varies().Replace(string.Join("\n", said).Replace(reference, "REF"), "*");
    }

    [GeneratedRegex(@"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{64}|\d{4}-\d\d-\d\dT[0-9:.]+Z|(?m)^(Date|Message-Id|X-.*): .*$")]
    private static partial Regex Varies();

    [Fact]
    public async Task What_the_exchange_says_of_a_sealed_or_restricted_child_is_what_it_says_of_any_other_and_names_nobody()
    {
        await Clean();
        await using var smtp = await SmtpServer.Start(site);
        await using var hook = await Hooked(Council);
        await site.System(Council).PutAsJsonAsync($"/api/teams/{site.Team("norton-stockton-front-door")}/address", new { address = "frontdoor@council.example" }, Stop);
        static Action<JsonObject> Child(string name, string number) => r => (r["people"]![0]!["givenNames"], r["people"]![0]!["identifiers"], r["risk"]!["grade"]) =
            (name, new JsonArray(new JsonObject { ["type"] = "nhs", ["value"] = number }), "high");
        // Somebody of this name and number is sealed at the council, somebody restricted.
        foreach (var (name, number, tier) in new[] { ("Sealdina", "9434765919", "sealed"), ("Restricta", "4010232137", "restricted") })
        {
            var known = await site.Received(TestSite.Report($"D/0/{name}", Child(name, number)));
            await site.Settle();
            await site.Administer($"update source_record set tier = '{tier}', tier_reason = 'A test' where id = (select source_record_id from mention where report_id = $1 and is_child)", known);
        }
        await site.Services.GetRequiredService<Webhooks>().Round(Stop);
        await site.Services.GetRequiredService<Mail>().Round(Stop);
        await smtp.Next();
        await Emptied();

        var any = await AllThatIsSaid("D/1", Child("Anybody", "9434765870"), hook, smtp);
        var shut = await AllThatIsSaid("D/2", Child("Sealdina", "9434765919"), hook, smtp);
        var hushed = await AllThatIsSaid("D/3", Child("Restricta", "4010232137"), hook, smtp);
        Assert.Contains("mailbox.notice", any);
        Assert.Equal(any.Replace("Anybody", "Sealdina"), shut);
        Assert.Equal(any.Replace("Anybody", "Restricta"), hushed);
        // The sender's receipt holds its own child's name; nothing else does.
        Assert.All(new[] { "Probe", "Moira", "2018", "TS20", "shouting" }, word => Assert.DoesNotContain(word, OutsideTheReceipt(shut)));
        Assert.DoesNotContain("Sealdina", OutsideTheReceipt(shut));

        static string OutsideTheReceipt(string said) => string.Join("\n", said.Split('\n').Where(line => !line.Contains("\"notices\"")));
    }

    [Fact]
    public async Task Of_a_held_notice_the_schools_system_and_its_e_mail_know_nothing_until_it_is_released()
    {
        await Clean();
        await using var hook = await Hooked(School);
        await site.Administer("insert into team_address (id, agency_id, address, set_by) values ($1, $2, 'lead@school.example', $3)", site.Team($"{School}-safeguarding"), site.Agency(School), site.Practitioner($"{School}-deputy"));
        var report = await site.Received(TestSite.Report("D/4", r => r["people"]!.AsArray().Add(JsonNode.Parse("""
            { "key": "him", "roles": ["suspect"], "givenNames": "Gavin", "familyName": "Caretaker", "worksAt": { "name": "Norton Primary School", "urn": "111555" } }
            """))));
        await site.Settle();
        var notice = await site.NoticeTo(School, report);
        Assert.Equal(0, await site.Services.GetRequiredService<Webhooks>().Round(Stop));
        Assert.Empty(hook.All);
        Assert.Equal(0, (await Claim(School)).GetProperty("items").GetArrayLength());
        Assert.Equal(0, await site.Row<long>("select count(*) from mail_owed o join mailbox_item i on i.id = o.item_id where i.report_id = $1 and i.agency_id = $2", report, site.Agency(School)));

        Assert.Null(await site.Works.As(site.Who($"{School}-deputy"), "Releasing", work => Release.Handle(new(notice), work)));
        Assert.Equal(1, await site.Services.GetRequiredService<Webhooks>().Round(Stop));
        Assert.Equal(notice, Assert.Single((await Claim(School)).GetProperty("items").EnumerateArray()).GetProperty("subject").GetGuid());
        Assert.Equal(1, await site.Row<long>("select count(*) from mail_owed o join mailbox_item i on i.id = o.item_id where i.report_id = $1 and i.agency_id = $2", report, site.Agency(School)));
    }

    [Fact]
    public async Task What_was_withdrawn_is_collected_no_more_nobody_is_told_of_it_and_nobody_telephones_about_it()
    {
        await Clean();
        await Claim("levenside");
        await Claim(Council);
        await using var hook = await Hooked(Council);
        var report = await site.Received(TestSite.Report("D/5"));
        var notice = await site.NoticeTo(Council, report);
        await site.TimeIs(Cluster.Usual + Duration.FromMinutes(31));
        await site.Services.GetRequiredService<Undelivered>().Round(Stop);
        Assert.Equal(2, await site.Row<long>("select count(*) from undelivered where notice_id = $1 and done_at is null", notice));
        // They moved: the address, and with it the report, was never this council's.
        await site.Received(TestSite.Report("D/5", r =>
        {
            (r["version"], r["supersedes"], r["supersessionReason"]) = (2, 1, "Not their address");
            r["place"]!["address"]!["postcode"] = Elsewhere;
            r["people"]![0]!["addresses"]![0]!["postcode"] = Elsewhere;
        }));
        await site.Settle();
        Assert.Equal("withdrawal", await site.Row<string>("select kind from notice where to_agency = $1 and supersedes_id = $2", site.Agency(Council), notice));
        Assert.Equal(["cancelled", "cancelled"], await site.Rows<string>("select state from clock where notice_id = $1 and limit_key like 'exchange.%'", notice));
        Assert.Equal(0, await site.Row<long>("select count(*) from undelivered where notice_id = $1 and done_at is null", notice));
        await site.Services.GetRequiredService<Webhooks>().Round(Stop);
        Assert.DoesNotContain(hook.All, got => got.Body.Contains(notice.ToString()));
        Assert.DoesNotContain((await Claim(Council)).GetProperty("items").EnumerateArray(), item => item.GetProperty("subject").GetGuid() == notice);
        await site.TimeIs(Cluster.Usual);
    }

    private const string Elsewhere = "TS17 1AA";

    [Theory]
    [InlineData("ramsey")]
    [InlineData("thirlwell")]
    [InlineData("norton-primary/system")]
    public async Task What_an_agency_exchanges_is_no_other_agencys_nor_a_single_workers(string who)
    {
        await Clean();
        await Claim(Council);
        await using var hook = await Hooked(Council);
        await site.Administer("insert into team_address (id, agency_id, address, set_by) values ($1, $2, 'a@council.example', $3) on conflict do nothing", site.Team("norton-stockton-front-door"), site.Agency(Council), site.Practitioner("whelan"));
        await site.Received(TestSite.Report($"D/6/{who}"));
        await site.TimeIs(Cluster.Usual + Duration.FromMinutes(31));
        await site.Services.GetRequiredService<Undelivered>().Round(Stop);
        await site.TimeIs(Cluster.Usual);
        var council = site.Agency(Council);
        foreach (var (table, of) in new[]
        {
            ("mailbox", "agency_id"), ("mailbox_item", "agency_id"), ("webhook_endpoint", "agency_id"), ("team_address", "agency_id"), ("undelivered", "agency_id"),
        })
        {
            Assert.NotEqual(0, await Sees("whelan", $"select count(*)::int from {table} where {of} = '{council}'"));
            Assert.Equal(0, await Sees(who, $"select count(*)::int from {table} where {of} = '{council}'"));
        }
        // By number, for whoever may not see an item sees no number of it; and what waits for a school's own system is the school's.
        var items = string.Join(", ", (await site.Row<Guid[]>("select array_agg(id) from mailbox_item where agency_id = $1", council)).Select(i => $"'{i}'"));
        foreach (var table in new[] { "webhook_delivery", "mail_owed" })
        {
            Assert.NotEqual(0, await Sees("whelan", $"select count(*)::int from {table} where item_id in ({items})"));
            Assert.Equal(0, await Sees(who, $"select count(*)::int from {table} where item_id in ({items})"));
        }
        var endpoint = await site.Row<Guid>("select endpoint_id from webhook_secret s join webhook_endpoint e on e.id = s.endpoint_id where e.agency_id = $1 limit 1", council);
        Assert.NotEqual(0, await Sees("whelan", $"select count(id)::int from webhook_secret where endpoint_id = '{endpoint}'"));
        Assert.Equal(0, await Sees(who, $"select count(id)::int from webhook_secret where endpoint_id = '{endpoint}'"));
    }

    private Task<int> Sees(string who, string sql) => site.Works.As(site.Who(who), "A test", work => work.One<int>(System.Runtime.CompilerServices.FormattableStringFactory.Create(sql)));

    [Theory]
    [InlineData("select length(secret) from webhook_secret")]
    [InlineData("select length(private) from signing_key")]
    [InlineData("select count(*) from signing_key")]
    [InlineData("select follow_arrival(gen_random_uuid())")]
    [InlineData("insert into mailbox_item (id, agency_id, kind, subject_id, notice_id, report_id, urgent) select gen_random_uuid(), my_agency(), 'notice', id, id, report_id, true from notice limit 1")]
    [InlineData("insert into undelivered (id, item_id, agency_id, recipient, notice_id, why) select gen_random_uuid(), id, agency_id, agency_id, notice_id, 'mail' from mailbox_item limit 1")]
    [InlineData("update mailbox_item set minded_at = now()")]
    [InlineData("update mailbox_item set since = now()")]
    [InlineData("update webhook_endpoint set url = 'https://elsewhere.example/'")]
    [InlineData("update webhook_delivery set state = 'delivered'")]
    [InlineData("update webhook_secret set secret = '\\x00'")]
    [InlineData("update mail_owed set state = 'sent'")]
    [InlineData("update team_address set agency_id = my_agency()")]
    [InlineData("update undelivered set item_id = item_id")]
    public async Task The_pages_may_not(string sql)
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(() => site.Works.As(site.Who("whelan"), "A test", work => work.Do(System.Runtime.CompilerServices.FormattableStringFactory.Create(sql))));
        Assert.Equal("42501", refused.SqlState);
    }

    [Fact]
    public async Task Another_agencys_endpoint_secret_address_and_task_are_not_found()
    {
        await Clean();
        await using var hook = await Hooked(Council);
        var id = await site.Row<Guid>("select id from webhook_endpoint where agency_id = $1 and state = 'active' limit 1", site.Agency(Council));
        var other = site.System("hartmoor");
        Assert.Equal(HttpStatusCode.NotFound, (await other.PostAsync($"/api/webhooks/{id}/secrets", null, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await other.PostAsync($"/api/webhooks/{id}/disabling", null, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await other.PutAsJsonAsync($"/api/teams/{site.Team("norton-stockton-front-door")}/address", new { address = "mine@hartmoor.example" }, Stop)).StatusCode);
        Assert.DoesNotContain(id.ToString(), await other.GetStringAsync("/api/webhooks", Stop));
        Assert.Contains(id.ToString(), await site.System(Council).GetStringAsync("/api/webhooks", Stop));
        Assert.DoesNotContain("secret\"", await site.System(Council).GetStringAsync("/api/webhooks", Stop));
        Assert.Equal("active", await site.Row<string>("select state from webhook_endpoint where id = $1", id));
        for (var i = await site.Row<long>("select count(*) from webhook_endpoint where agency_id = $1 and state = 'active'", site.Agency(Council)); i < 10; i++)
        {
            await Json(site.System(Council).PostAsJsonAsync("/api/webhooks", new { url = hook.Url }, Stop));
        }
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await site.System(Council).PostAsJsonAsync("/api/webhooks", new { url = hook.Url }, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await site.System(Council).PostAsync($"/api/webhooks/{id}/disabling", null, Stop)).StatusCode);
        await Json(site.System(Council).PostAsJsonAsync("/api/webhooks", new { url = hook.Url }, Stop));
    }
}
