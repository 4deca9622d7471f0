using System.Net.Http.Json;
using System.Text.Json;
using Heed.Site.Exchange;
using Microsoft.Extensions.DependencyInjection;

namespace Heed.Site.Tests.Exchange;

/// <summary>What says that something waits: the ground of the tests of webhooks, of e-mail, and of what becomes of those that do not arrive.</summary>
public abstract class PushTests(TestSite site) : IClassFixture<TestSite>
{
    protected readonly TestSite site = site;

    protected const string Council = "norton-stockton";
    protected const string Force = "tees-valley-police";

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected Webhooks Webhooks => site.Services.GetRequiredService<Webhooks>();

    protected ExchangeSettings Settings => site.Services.GetRequiredService<ExchangeSettings>();

    /// <summary>Nothing owed and no endpoint: these tests share a database.</summary>
    protected async Task Clean()
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

    protected async Task<(Guid Id, string Secret)> Endpoint(string url, string agency = Council)
    {
        var answer = await site.System(agency).PostAsJsonAsync("/api/webhooks", new { url }, Stop);
        var made = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(Stop);
        return (made.GetProperty("id").GetGuid(), made.GetProperty("secret").GetString()!);
    }

    protected Task<List<string>> Tasks(Guid report) => site.Rows<string>("""
        select a.key || ' ' || u.why || ' ' || c.state || case when c.practitioner_id is null then ' nobody' else '' end from undelivered u join agency a on a.id = u.agency_id join mailbox_item i on i.id = u.item_id
          left join clock c on c.id = u.clock_id where i.report_id = $1 and i.agency_id = $2 order by 1
        """, report, site.Agency(Council));

    protected static void SaysNobody(string words)
    {
        foreach (var said in new[] { "Testa", "Moira", "Probe", "2018", "1990", "Test Street", "TS20", "shouting" })
        {
            Assert.DoesNotContain(said, words, StringComparison.OrdinalIgnoreCase);
        }
    }

    protected async Task Addressed(string address) =>
        (await site.System(Council).PutAsJsonAsync($"/api/teams/{site.Team("norton-stockton-front-door")}/address", new { address }, Stop)).EnsureSuccessStatusCode();
}
