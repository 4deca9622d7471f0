using System.Net;

namespace Heed.Site.Tests.Administration;

/// <summary>A new version of a local limit holds from its day on, for clocks that begin then; a national one is nobody's to change.</summary>
public sealed class LimitTests(TestSite site) : IClassFixture<TestSite>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Task<HttpResponseMessage> Set(HttpClient client, string limit, string unit, int amount, int day, string source = "Procedures 9") => TestSite.Post(client, "/limits",
        ("Limit", limit), ("Words", "Somebody accepts it in time."), ("Unit", unit), ("Amount", $"{amount}"), ("Warn", "10"), ("Climb", "15"), ("From.Day", $"{day}"), ("From.Month", "11"), ("From.Year", "2026"), ("AgreedBy", "Partnership executive, November"), ("Source", source));

    [Fact]
    public async Task A_version_from_a_day_on_holds_for_clocks_that_begin_then_and_never_for_those_that_run()
    {
        await site.TimeIs(Cluster.Usual);
        await site.Received(TestSite.Report("LI/1"));
        const string clock = "select limit_version || ' ' || extract(epoch from due_at - anchor_at) / 60 || ' ' || extract(epoch from climb_every) / 60 from clock c join report r on r.id = c.report_id where c.limit_key = 'notice.acknowledge' and r.reference = $1 and c.agency_id = $2";
        var before = await site.Row<string>(clock, "LI/1", site.Agency("norton-stockton"));
        using var business = await site.SignedIn("ashworth");
        Assert.Contains("a day after today", await (await Set(business, "notice.acknowledge", "minutes", 45, 18)).Content.ReadAsStringAsync(Stop));
        Assert.Contains("Say where it stands written", await (await Set(business, "notice.acknowledge", "minutes", 45, 20, " ")).Content.ReadAsStringAsync(Stop));
        Assert.Equal(HttpStatusCode.Redirect, (await Set(business, "notice.acknowledge", "minutes", 45, 20)).StatusCode);
        Assert.Contains("waits already", await (await Set(business, "notice.acknowledge", "minutes", 30, 20)).Content.ReadAsStringAsync(Stop));
        await site.TimeIs(Cluster.Usual + NodaTime.Duration.FromDays(1));
        await site.Received(TestSite.Report("LI/2"));
        Assert.StartsWith("1 90", await site.Row<string>(clock, "LI/2", site.Agency("norton-stockton")));
        await site.TimeIs(Cluster.Usual + NodaTime.Duration.FromDays(2));
        await site.Received(TestSite.Report("LI/3"));
        Assert.StartsWith("2 45", await site.Row<string>(clock, "LI/3", site.Agency("norton-stockton")));
        Assert.Equal(before, await site.Row<string>(clock, "LI/1", site.Agency("norton-stockton")));
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task A_national_limit_is_refused_with_its_law_only_the_business_manager_sets_one_and_of_two_at_once_one_does()
    {
        await site.TimeIs(Cluster.Usual);
        using var business = await site.SignedIn("ashworth");
        var answer = WebUtility.HtmlDecode(await (await Set(business, "referral.decision", "hours", 4, 20)).Content.ReadAsStringAsync(Stop));
        Assert.Contains("Decision on a referral is a national limit (1 working day; ", answer);
        Assert.Contains("Working Together to Safeguard Children 2023", answer);
        Assert.Equal(HttpStatusCode.Redirect, (await Set(business, "referral.decision", "working-days", 1, 20)).StatusCode);
        using var khalid = await site.SignedIn("khalid");
        Assert.DoesNotContain("Set a limit", await khalid.GetStringAsync("/limits", Stop));
        await Assert.ThrowsAnyAsync<Exception>(() => site.Works.As(site.Who("khalid"), "A test", work => work.Do($"insert into local_limit (key, version, name, words, unit, amount, warn_minutes, climb_minutes, during, agreed_by, source) values ('mine', 1, 'x', 'x', 'hours', 1, 0, 1, daterange(null, null), 'x', 'x')")));
        using var other = await site.SignedIn("ashworth");
        var both = await Task.WhenAll(new[] { business, other }.Select(c => Set(c, "triage.red", "hours", 2, 25)));
        Assert.Equal(1, both.Count(a => a.StatusCode == HttpStatusCode.Redirect));
        Assert.Equal(2, await site.Row<long>("select count(*) from local_limit where key = 'triage.red'"));
    }

    [Fact]
    public async Task What_a_partnership_has_not_agreed_yet_is_said_and_its_first_version_may_hold_from_today()
    {
        await site.TimeIs(Cluster.Usual);
        await site.Administer("delete from local_limit where key = 'notification.local-authority'");
        using var business = await site.SignedIn("ashworth");
        Assert.Contains("No local limit is set, so that no clock runs: Police tell the council", WebUtility.HtmlDecode(await business.GetStringAsync("/administration", Stop)));
        await site.Received(TestSite.Report("LI/4"));
        Assert.Equal(0, await site.Row<long>("select count(*) from clock c join report r on r.id = c.report_id where r.reference = 'LI/4' and c.limit_key = 'notification.local-authority'"));
        Assert.Contains("Enter today, or a day after it", await (await Set(business, "notification.local-authority", "minutes", 45, 17)).Content.ReadAsStringAsync(Stop));
        Assert.Contains("Choose a limit of the list", await (await Set(business, "no.such-limit", "minutes", 45, 18)).Content.ReadAsStringAsync(Stop));
        using var other = await site.SignedIn("ashworth");
        var both = await Task.WhenAll(new[] { business, other }.Select(c => Set(c, "notification.local-authority", "minutes", 45, 18)));
        Assert.Equal(1, both.Count(a => a.StatusCode == HttpStatusCode.Redirect));
        Assert.DoesNotContain("Police tell the council", WebUtility.HtmlDecode(await business.GetStringAsync("/administration", Stop)));
        await site.Received(TestSite.Report("LI/5"));
        Assert.NotEqual(0, await site.Row<long>("select count(*) from clock c join report r on r.id = c.report_id where r.reference = 'LI/5' and c.limit_key = 'notification.local-authority' and c.limit_version = 1"));
    }

    [Fact]
    public async Task Every_limit_of_the_demonstration_is_national_or_one_that_a_partnership_may_set_by_that_name() =>
        Assert.All(await site.Rows<string>("select distinct key || '|' || name from local_limit"), line => Assert.True(line.Split('|') is [var key, var name]
            && (Heed.Site.Clocks.SetLimit.Own.TryGetValue(key, out var own) ? own == name : Heed.Statute.Law.TryFind(key, out var law) && law is not Heed.Statute.NoNationalLimit), line));
}
