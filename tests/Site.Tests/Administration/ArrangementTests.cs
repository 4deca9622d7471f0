using System.Net;
using System.Net.Http.Json;

namespace Heed.Site.Tests.Administration;

/// <summary>What a school has arranged is set by its lead, or by the partnership's business manager.</summary>
public sealed class ArrangementTests(TestSite site) : IClassFixture<TestSite>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Page(string school = "norton-primary") => $"/administration/schools/{site.Agency(school)}";

    private Task<HttpResponseMessage> Set(HttpClient client, string named, string reads = "true", string agreed = "Governors, 3 November", string school = "norton-primary") =>
        TestSite.Post(client, Page(school), ("Named", named), ("ReadsOnWorkingDays", reads), ("Agreed", agreed));

    private Task<Guid?> HeldFor(Guid report) => site.Row<Guid?>("select held_for from notice where report_id = $1 and to_agency = $2", report, site.Agency("norton-primary"));

    private static string Report(string reference) => TestSite.Report(reference, r => r["people"]![1]!["worksAt"] = new System.Text.Json.Nodes.JsonObject { ["urn"] = "111555" });

    [Fact]
    public async Task Its_lead_names_who_has_a_held_notice_first_and_the_next_one_is_held_for_them()
    {
        using var lead = await site.SignedIn("norton-primary-lead");
        Assert.Contains(Page(), await lead.GetStringAsync("/administration/schools", Stop));
        Assert.Contains("/administration/schools", await lead.GetStringAsync("/administration", Stop));
        Assert.Equal(HttpStatusCode.Redirect, (await Set(lead, $"{site.Practitioner("norton-primary-lead")}")).StatusCode);
        Assert.Equal(site.Practitioner("norton-primary-lead"), await HeldFor(await site.Received(Report("ARR/1"))));
        // What it was stands in the change log, with who changed it.
        Assert.Equal(site.Practitioner("norton-primary-deputy"), await site.Row<Guid>("select (before ->> 'named_person')::uuid from change where on_table = 'school_arrangement' and actor = $1 order by id desc limit 1", site.Practitioner("norton-primary-lead")));
        Assert.Equal(HttpStatusCode.Redirect, (await Set(lead, "")).StatusCode);
        var report = await site.Received(Report("ARR/2"));
        Assert.True(await site.Row<bool>("select by_hand from notice where report_id = $1 and to_agency = $2", report, site.Agency("norton-primary")));
        using var business = await site.SignedIn("ashworth");
        Assert.Equal(HttpStatusCode.NoContent, (await business.PostAsJsonAsync("/api/administration/schools", new { school = site.Agency("norton-primary"), named = site.Practitioner("norton-primary-deputy"), readsOnWorkingDays = false, agreed = "Partnership executive" }, Stop)).StatusCode);
        Assert.Equal("Partnership executive", await site.Row<string>("select agreed from school_arrangement where school_id = $1 and not reads_on_working_days", site.Agency("norton-primary")));
    }

    [Fact]
    public async Task Each_field_that_is_wrong_says_why_and_nobody_sets_another_schools()
    {
        using var lead = await site.SignedIn("norton-primary-lead");
        foreach (var (answer, why) in new[]
        {
            (await Set(lead, $"{site.Practitioner("ramsey")}"), "has a post at the school"), (await Set(lead, "", reads: ""), "working days without school"), (await Set(lead, "", agreed: " "), "with whom or by what"),
        })
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            Assert.Contains(why, new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync(Stop)).QuerySelector(".govuk-error-summary")!.TextContent);
        }
        var other = await site.Row<string>("select key from agency where kind = 'school' and key <> 'norton-primary' limit 1");
        Assert.Equal(HttpStatusCode.NotFound, (await lead.GetAsync(Page(other), Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await TestSite.PostTo(lead, Page(), Page(other), ("Named", ""), ("ReadsOnWorkingDays", "true"), ("Agreed", "Mine now"))).StatusCode);
        Assert.Equal("42501", await site.Says("norton-primary-lead", "insert into school_arrangement (school_id, agreed) values ($1, 'x')", site.Agency("norton-stockton")));
        Assert.Equal("0", await site.Says("norton-primary-lead", "update school_arrangement set agreed = 'x' where school_id = $1", site.Agency(other)));
        // A council's manager sees to the council alone, and a social worker to nobody.
        using var khalid = await site.SignedIn("khalid");
        Assert.Equal(HttpStatusCode.NotFound, (await khalid.GetAsync(Page(), Stop)).StatusCode);
        using var ramsey = await site.SignedIn("ramsey");
        Assert.Equal(HttpStatusCode.Forbidden, (await ramsey.GetAsync("/administration/schools", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await TestSite.PostTo(ramsey, "/search", Page(), ("Named", ""))).StatusCode);
    }
}
