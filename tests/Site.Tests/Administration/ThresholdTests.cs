using System.Net;
using Heed.Site.Access;
using Microsoft.Extensions.DependencyInjection;

namespace Heed.Site.Tests.Administration;

/// <summary>The levels against which a council decides are the partnership's to set, each from a day on.</summary>
public sealed class ThresholdTests(TestSite site) : IClassFixture<TestSite>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Task<HttpResponseMessage> Set(HttpClient client, string? key, string name, int day, bool ends = false, string words = "What it means.", int ordinal = 5) => TestSite.Post(client, "/administration/thresholds",
        [("Key", key ?? ""), ("Ordinal", $"{ordinal}"), ("Name", name), ("Words", words), ("From.Day", $"{day}"), ("From.Month", "11"), ("From.Year", "2026"), .. ends ? new[] { ("Ends", "true") } : []]);

    private Task<string[]> Standing() => site.Works.As(site.Who("ramsey"), "A test", async work => (await site.Services.GetRequiredService<Bodies>().For(work)).Thresholds.Select(t => $"{t.Key} {t.Version} {t.Name}").ToArray());

    [Fact]
    public async Task A_version_holds_from_its_day_on_for_a_program_that_has_run_since_and_an_end_ends_it()
    {
        await site.TimeIs(Cluster.Usual);
        using var business = await site.SignedIn("ashworth");
        Assert.Contains("Enter a day after today", await (await Set(business, "early-help", "Early help anew", 18)).Content.ReadAsStringAsync(Stop));
        Assert.Equal(HttpStatusCode.Redirect, (await Set(business, "early-help", "Early help anew", 20, ordinal: 2)).StatusCode);
        Assert.Contains("waits already", await (await Set(business, "early-help", "Once more", 20)).Content.ReadAsStringAsync(Stop));
        Assert.Equal(HttpStatusCode.Redirect, (await Set(business, "universal", "", 20, ends: true)).StatusCode);
        Assert.Contains("early-help 1 Level 2: early help", await Standing());
        // Nothing else changes until then: the day alone brings it.
        await site.TimeIs(Cluster.Usual + NodaTime.Duration.FromDays(2));
        var standing = await Standing();
        Assert.Contains("early-help 2 Early help anew", standing);
        Assert.DoesNotContain(standing, t => t.StartsWith("universal"));
        await site.TimeIs(Cluster.Usual);
        Assert.Contains("early-help 1 Level 2: early help", await Standing());
    }

    [Fact]
    public async Task A_new_level_may_stand_from_today_of_two_at_once_one_is_set_and_only_by_the_business_manager()
    {
        await site.TimeIs(Cluster.Usual);
        using var business = await site.SignedIn("ashworth");
        using var other = await site.SignedIn("ashworth");
        Assert.Contains("in up to 2,000 characters", await (await Set(business, null, "Level 5: care", 18, words: " ")).Content.ReadAsStringAsync(Stop));
        Assert.Contains("with letters or digits", await (await Set(business, null, "…", 18)).Content.ReadAsStringAsync(Stop));
        Assert.Contains("Choose a level that stands", await (await Set(business, "no-such-level", "x", 20)).Content.ReadAsStringAsync(Stop));
        var both = await Task.WhenAll(new[] { business, other }.Select(c => Set(c, null, "Level 5: care", 18)));
        Assert.Equal(1, both.Count(a => a.StatusCode == HttpStatusCode.Redirect));
        Assert.Contains("level-5-care 1 Level 5: care", await Standing());
        using var khalid = await site.SignedIn("khalid");
        Assert.DoesNotContain("Set a level", await khalid.GetStringAsync("/administration/thresholds", Stop));
        Assert.Equal(HttpStatusCode.Forbidden, (await TestSite.PostTo(khalid, "/search", "/administration/thresholds", ("Ordinal", "6"), ("Name", "Level 6"))).StatusCode);
        await Assert.ThrowsAnyAsync<Exception>(() => site.Works.As(site.Who("khalid"), "A test", work => work.Do($"insert into threshold (key, version, ordinal, name, words) values ('mine', 1, 1, 'x', 'x')")));
    }
}
