using System.Net;

namespace Heed.Site.Tests.Administration;

/// <summary>Bodies over time: added, renamed, followed by another; known at once to every program.</summary>
public sealed class AgencyTests(TestSite site) : IClassFixture<TestSite>
{
    private const string Page = "/administration/agencies";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_agency_is_added_renamed_and_followed_and_what_it_was_called_is_kept()
    {
        await site.TimeIs(Cluster.Usual);
        using var business = await site.SignedIn("ashworth");
        (string, string)[] form = [("Name", "Whinmoor Council"), ("Kind", "council"), ("Nation", "England"), ("Code", "E06000994"), ("From.Day", "1"), ("From.Month", "11"), ("From.Year", "2026"), ("Team", "Front door"), ("HasHeed", "true")];
        Assert.Contains("England or Wales", await (await TestSite.Post(business, Page, [.. form.Where(f => f.Item1 != "Nation")])).Content.ReadAsStringAsync(Stop));
        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.Post(business, Page, form)).StatusCode);
        Assert.Contains("is there already", await (await TestSite.Post(business, Page, form)).Content.ReadAsStringAsync(Stop));
        var id = await site.Row<Guid>("select id from agency where name = 'Whinmoor Council'");
        // Every program has it in its next piece of work, with the team that notices reach.
        Assert.Equal("Front door", await site.Works.As(site.Who("khalid"), "A test", async work => (await site.Bodies.For(work)).TeamOf(id, "front-door")?.Name));
        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.PostTo(business, Page, $"{Page}?handler=Rename", ("Agency", $"{id}"), ("NewName", "Whinmoor and Ashby Council"))).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await TestSite.PostTo(business, Page, $"{Page}?handler=Rename", ("Agency", $"{id}"), ("NewName", "Ashby Council"))).StatusCode);
        Assert.Contains("Called Whinmoor Council, until 17 November 2026", await business.GetStringAsync(Page, Stop));
        (string, string)[] next = [("Agency", $"{id}"), ("How", "merged"), ("Follower", site.Agency("norton-stockton").ToString()), ("On.Day", "1"), ("On.Month", "12"), ("On.Year", "2026")];
        Assert.Contains("of the same kind", await (await TestSite.PostTo(business, Page, $"{Page}?handler=Follow", [.. next.Where(n => n.Item1 != "Follower"), ("Follower", site.Agency("tees-valley-police").ToString())])).Content.ReadAsStringAsync(Stop));
        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.PostTo(business, Page, $"{Page}?handler=Follow", next)).StatusCode);
        Assert.Equal("[2026-11-01,2026-12-01)", await site.Row<string>("select during::text from agency where id = $1", id));
        Assert.Contains("Merged into Norton and Stockton Council on 1 December 2026", await business.GetStringAsync(Page, Stop));
    }

    [Fact]
    public async Task Nobody_but_the_business_manager_changes_the_agencies()
    {
        using var khalid = await site.SignedIn("khalid");
        Assert.Equal(HttpStatusCode.Forbidden, (await khalid.GetAsync(Page, Stop)).StatusCode);
        await Assert.ThrowsAnyAsync<Exception>(() => site.Works.As(site.Who("khalid"), "A test", work => work.Do($"insert into agency (id, key, name, kind, nation) values (gen_random_uuid(), 'mine', 'Mine', 'council', 'England')")));
        Assert.Equal(0, await site.Works.As(site.Who("khalid"), "A test", work => work.Do($"update agency set name = 'Mine' where id = {site.Agency("norton-stockton")}")));
    }
}
