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
    public async Task What_was_searched_is_shown_to_the_force_and_to_whoever_may_see_the_person()
    {
        var report = await site.Received(TestSite.Report("D/2"));
        await site.Settle();
        using var desk = await site.SignedIn("thirlwell");
        var mention = await site.Row<Guid>("select id from mention where report_id = $1 and key = 'mother'", report);
        var page = $"/desk/{report}";
        var refused = await TestSite.PostTo(desk, page, $"{page}?handler=Search", ($"{mention:N}-0", "found"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("Say what was found", await refused.Content.ReadAsStringAsync());
        await TestSite.PostTo(desk, page, $"{page}?handler=Search", ($"{mention:N}-0", "found"), ($"{mention:N}-0-words", "Two earlier callouts"), ($"{mention:N}-1", "nothing"));
        Assert.Equal(2L, await site.Row<long>("select count(*) from searched where report_id = $1", report));
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
