using System.Net;
using System.Net.Http.Json;

namespace Heed.Site.Tests.Writing;

public sealed class DeskTests(TestSite site) : IClassFixture<TestSite>
{
    [Fact]
    public async Task The_desks_grade_stands_beside_the_officers_and_nothing_waited_for_it()
    {
        var report = await site.Received(TestSite.Report("D/1"));
        using var desk = await site.SignedIn("thirlwell");
        Assert.Contains("D/1", await desk.GetStringAsync("/desk"));
        var page = $"/desk/{report}";
        Assert.Contains("went out when the report came in", await desk.GetStringAsync(page));
        var refused = await TestSite.PostTo(desk, page, $"{page}?handler=Grade", ("Grade", "high"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("it stands beside the officer&#x27;s grade", await refused.Content.ReadAsStringAsync());
        var graded = await TestSite.PostTo(desk, page, $"{page}?handler=Grade", ("Grade", "high"), ("Reason", "Third in a month"));
        Assert.Equal(HttpStatusCode.Redirect, graded.StatusCode);
        Assert.Contains("Third in a month", await desk.GetStringAsync(page));
        Assert.Equal("medium", await site.Row<string>("select content #>> '{risk,grade}' from report where id = $1", report));
        Assert.Equal("high", await site.Row<string>("select grade from grading where report_id = $1", report));
    }

    [Fact]
    public async Task The_queue_has_pages_that_keep_the_filter_and_begins_with_what_waited_longest()
    {
        for (var i = 0; i <= Heed.Site.Writing.Desk.PageSize; i++)
        {
            await site.Received(TestSite.Report($"DQ/{i}", r => r["kind"] = "neglect"));
        }
        using var desk = await site.SignedIn("thirlwell");
        async Task<AngleSharp.Dom.IElement> Main(string path) => new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await desk.GetStringAsync(path)).QuerySelector("main")!;
        string[] Links(AngleSharp.Dom.IElement main) => [.. main.QuerySelectorAll("table tbody a").Select(a => a.TextContent)];
        var first = await Main("/desk?state=ungraded&kind=neglect");
        Assert.Equal(Heed.Site.Writing.Desk.PageSize, Links(first).Length);
        Assert.Equal("DQ/0", Links(first)[0]);
        // The first thing that the keyboard comes to on the page is the first thing to do.
        Assert.Contains("DQ/0", first.QuerySelectorAll("a, button, select, input:not([type=hidden])")[0].TextContent);
        var next = first.QuerySelector("a[rel=next]")!.GetAttribute("href")!;
        var second = await Main(next);
        Assert.Equal(["DQ/30"], Links(second));
        Assert.Equal("/desk?state=ungraded&kind=neglect", second.QuerySelector("a[rel=prev]")!.GetAttribute("href"));
        Assert.Null(second.QuerySelector("a[rel=next]"));
        using var police = site.System("tees-valley-police");
        await police.PostAsJsonAsync($"/api/reports/{await site.Row<Guid>("select id from report where reference = 'DQ/0'")}/grading", new { grade = "standard", reason = "Nothing earlier" });
        Assert.DoesNotContain("DQ/0", Links(await Main("/desk?state=ungraded&kind=neglect")));
        Assert.Equal("DQ/0", Links(await Main("/desk?kind=neglect&page-number=2"))[^1]);
        Assert.Contains("Nothing fits this filter", (await Main("/desk?kind=custody&state=ungraded")).TextContent);
        await police.PostAsJsonAsync($"/api/reports/{await site.Row<Guid>("select id from report where reference = 'DQ/1'")}/searches", new { searched = new[] { new { person = "child", system = "PND", found = false }, new { person = "mother", system = "PND", found = false } } });
        Assert.DoesNotContain("DQ/1", Links(await Main("/desk?kind=neglect&state=unsearched")));
    }

    [Fact]
    public async Task What_was_searched_is_shown_to_the_force_and_to_whoever_may_see_the_person()
    {
        var report = await site.Received(TestSite.Report("D/2"));
        await site.Settle();
        using var desk = await site.SignedIn("thirlwell");
        var mention = await site.Row<Guid>("select id from mention where report_id = $1 and key = 'mother'", report);
        var page = $"/desk/{report}";
        // Ticked as holding nothing and said to hold something: refused, and what was typed is still there to be put right.
        var refused = await TestSite.PostTo(desk, page, $"{page}?handler=Search", ($"nothing-{mention:N}", "0"), ($"words-{mention:N}-0", "Two earlier callouts"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        var again = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await refused.Content.ReadAsStringAsync());
        Assert.Contains("not both", again.QuerySelector($"#nothing-{mention:N}-error")!.TextContent);
        Assert.Equal("Two earlier callouts", again.QuerySelector($"details[open] textarea[name=words-{mention:N}-0]")!.TextContent.Trim());
        Assert.Equal("0", again.QuerySelector("main input[type=checkbox][checked]")!.GetAttribute("value"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await TestSite.PostTo(desk, page, $"{page}?handler=Search")).StatusCode);
        await TestSite.PostTo(desk, page, $"{page}?handler=Search", ($"words-{mention:N}-0", "Two earlier callouts"), ($"nothing-{mention:N}", "1"));
        Assert.Equal(["Niche True", "PNC False"], await site.Rows<string>("select system || ' ' || case when found then 'True' else 'False' end from searched where report_id = $1 order by 1", report));
        Assert.Contains("Two earlier callouts", await desk.GetStringAsync($"/reports/{report}"));
        using var council = await site.SignedIn("ramsey");
        var notice = await council.GetStringAsync($"/notices/{await site.NoticeTo("norton-stockton", report)}");
        Assert.Contains("What the police searched", notice);
        Assert.Contains("Nothing found", notice);
        // A school reads its notice and no mention: not what was searched either.
        var school = await site.Row<Guid>("select p.id from practitioner p join notice n on n.to_agency = p.agency_id join agency a on a.id = n.to_agency where n.report_id = $1 and a.kind = 'school' and not p.is_system limit 1", report);
        Assert.Equal(0, await site.Works.As(Heed.Plumbing.Identity.Of(school), "Reading what was searched", work => work.One<int>($"select count(*)::int from searched")));
    }

    [Fact]
    public async Task By_API_the_same_rules_hold_and_another_agencys_report_is_not_found()
    {
        var report = await site.Received(TestSite.Report("D/3"));
        using var police = site.System("tees-valley-police");
        Assert.Equal(HttpStatusCode.NoContent, (await police.PostAsJsonAsync($"/api/reports/{report}/grading", new { grade = "standard", reason = "No earlier incident" })).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await police.PostAsJsonAsync($"/api/reports/{report}/grading", new { grade = "low", reason = "x" })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await police.PostAsJsonAsync($"/api/reports/{report}/searches", new { searched = new[] { new { person = "child", system = "PND", found = false } } })).StatusCode);
        var wrong = await police.PostAsJsonAsync($"/api/reports/{report}/searches", new { searched = new[] { new { person = "nobody", system = "Memory", found = false } } });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        var text = await wrong.Content.ReadAsStringAsync();
        Assert.Contains("searched[0].person", text);
        Assert.Contains("searched[0].system", text);
        using var council = site.System("norton-stockton");
        Assert.Equal(HttpStatusCode.NotFound, (await council.PostAsJsonAsync($"/api/reports/{report}/grading", new { grade = "high", reason = "Ours" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await council.PostAsJsonAsync($"/api/reports/{report}/searches", new { searched = new[] { new { person = "child", system = "PND", found = false } } })).StatusCode);
        using var officer = await site.SignedIn("okafor");
        Assert.Equal(HttpStatusCode.Forbidden, (await officer.PostAsJsonAsync($"/api/reports/{report}/grading", new { grade = "high", reason = "Mine" })).StatusCode);
    }
}
