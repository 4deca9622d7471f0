using System.Net;
using Heed.Site.Administration;
using NodaTime;

namespace Heed.Site.Tests.Administration;

/// <summary>A sharing agreement is drafted by one and published by another, says in words what changes, and holds for what is sent from its day on.</summary>
public sealed class AgreementTests(TestSite site) : IClassFixture<TestSite>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly Agreements.Terms Schools = new("Police to schools", "police", "school", ["domestic-abuse"], "school", "Domestic Abuse Act 2021 s.49A", "Support");

    [Fact]
    public void What_changes_is_said_of_who_is_told_in_words()
    {
        Assert.Equal(["Schools would be told more by police: also of missing child, neglect."], Agreements.Changes(Schools, Schools with { ReportKinds = ["domestic-abuse", "missing", "neglect"] }));
        Assert.Equal(["Schools would be told less by police: no longer of domestic abuse. Such a report is held back, and its receipt says that no agreement covers it."], Agreements.Changes(Schools, null));
        Assert.Contains("Schools would be shown more of each", Agreements.Changes(Schools, Schools with { Discloses = "all" })[0]);
        Assert.Equal(["The lawful basis would be “B” in place of “Domestic Abuse Act 2021 s.49A”."], Agreements.Changes(Schools, Schools with { Basis = "B" }));
        Assert.Equal(["Nobody would be told more or less: only the dates, or who agreed it, change."], Agreements.Changes(Schools, Schools));
        Assert.Equal(["Schools would be told more by police: of domestic abuse.", "Schools would be shown only that a child may be a victim, and when."], Agreements.Changes(null, Schools));
    }

    private static Task<HttpResponseMessage> Draft(HttpClient client, string key, (int Day, int Month) from, params (string, string)[] more) => TestSite.Post(client, $"/administration/agreements/{key}",
        [("Name", "Schools: abuse and neglect"), ("Told", "domestic-abuse"), ("Told", "neglect"), ("Discloses", "all"), ("Basis", "Children Act 2004 s.10"), ("Purpose", "Supporting the child"), ("StartsOn.Day", $"{from.Day}"), ("StartsOn.Month", $"{from.Month}"), ("StartsOn.Year", "2026"), ("AgreedBy", "All safeguarding partners"), ("Reason", "Agreed in November"), .. more]);

    [Fact]
    public async Task A_draft_holds_for_nobody_until_somebody_else_publishes_it_and_every_program_has_it_then()
    {
        await site.TimeIs(Cluster.Usual);
        const string page = "/administration/agreements/school-to-council";
        using var business = await site.SignedIn("ashworth");
        Assert.Contains("cannot be agreed afterwards", await (await Draft(business, "school-to-council", (1, 11))).Content.ReadAsStringAsync(Stop));
        Assert.Contains("A school is not shown the whole report", await (await School(business, "all", "domestic-abuse")).Content.ReadAsStringAsync(Stop));
        Assert.Contains("worded for domestic abuse", await (await School(business, "school", "neglect")).Content.ReadAsStringAsync(Stop));
        Assert.Equal(HttpStatusCode.Redirect, (await Draft(business, "school-to-council", (18, 11))).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await Draft(business, "school-to-council", (18, 11))).StatusCode);
        var draft = await site.Row<Guid>("select id from agreement_draft where key = 'school-to-council' and outcome is null");
        // Whoever drafted it does not publish it, by the page or round it.
        var own = await TestSite.PostTo(business, page, $"{page}?handler=Publish&draft={draft}");
        Assert.Contains("agreed by two", await own.Content.ReadAsStringAsync(Stop));
        Assert.Equal("own", await site.Works.As(site.Who("ashworth"), "A test", work => work.One<string>($"select publish_agreement({draft})")));
        Assert.Equal("not-found", await site.Works.As(site.Who("whelan"), "A test", work => work.One<string>($"select publish_agreement({draft})")));
        await Assert.ThrowsAnyAsync<Exception>(() => site.Works.As(site.Who("khalid"), "A test", work => work.Do($"insert into agreement (key, version, name, from_kind, to_kind, discloses, basis, purpose, during, agreed_by) values ('mine', 1, 'x', 'police', 'school', 'all', 'x', 'x', tstzrange(null, null), 'x')")));
        Assert.Equal(1, await Standing());
        using var khalid = await site.SignedIn("khalid");
        Assert.Contains("Councils would be told less by schools: no longer of anti-social behaviour", await khalid.GetStringAsync(page, Stop));
        Assert.Equal(HttpStatusCode.Forbidden, (await Draft(khalid, "school-to-council", (19, 11))).StatusCode);
        var again = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => TestSite.PostTo(khalid, "/administration/people", $"{page}?handler=Publish&draft={draft}")));
        Assert.Equal([HttpStatusCode.Redirect, HttpStatusCode.Conflict], again.Select(a => a.StatusCode).Order());
        Assert.Equal(2, await Standing());
        Assert.Equal(1, await site.Row<long>("select count(*) from agreement where key = 'school-to-council' and during @> heed_now()"));
        Assert.Contains("Miriam Ashworth drafted it; Rubina Khalid published it", await khalid.GetStringAsync(page, Stop));
    }

    private static Task<HttpResponseMessage> School(HttpClient client, string discloses, string told) => TestSite.Post(client, "/administration/agreements/police-to-school",
        ("Name", "x"), ("Told", told), ("Discloses", discloses), ("Basis", "x"), ("Purpose", "x"), ("StartsOn.Day", "18"), ("StartsOn.Month", "11"), ("StartsOn.Year", "2026"), ("AgreedBy", "x"), ("Reason", "x"));

    private Task<int> Standing() => site.Works.As(site.Who("khalid"), "A test", async work => (await site.Bodies.For(work)).AgreementFor("school", "council", "domestic-abuse", work.Now)!.Version);

    [Fact]
    public async Task An_agreement_that_is_ended_by_two_covers_nothing_after_its_day()
    {
        await site.TimeIs(Cluster.Usual);
        using var business = await site.SignedIn("ashworth");
        Assert.Equal(HttpStatusCode.Redirect, (await Draft(business, "health-to-council", (20, 11), ("Ends", "true"))).StatusCode);
        var draft = await site.Row<Guid>("select id from agreement_draft where key = 'health-to-council' and outcome is null");
        Assert.Equal("done", await site.Works.As(site.Who("khalid"), "A test", work => work.One<string>($"select publish_agreement({draft})")));
        Assert.True(await site.Works.As(site.Who("khalid"), "A test", async work => (await site.Bodies.For(work)).AgreementFor("health", "council", "neglect", Instant.FromUtc(2026, 11, 19, 23, 59)) is not null));
        Assert.True(await site.Works.As(site.Who("khalid"), "A test", async work => (await site.Bodies.For(work)).AgreementFor("health", "council", "neglect", Instant.FromUtc(2026, 11, 20, 0, 0)) is null));
        Assert.Contains("and nothing follows it: Health to children", WebUtility.HtmlDecode(await business.GetStringAsync("/administration", Stop)));
    }
}
