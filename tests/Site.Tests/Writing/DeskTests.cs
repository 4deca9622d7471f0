using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Heed.Site.Tests.Writing;

public sealed class DeskTests(TestSite site) : IClassFixture<TestSite>
{
    [Fact]
    public async Task The_desks_grade_stands_beside_the_officers_and_nothing_waited_for_it()
    {
        var report = await site.Received(TestSite.Report("D/1"));
        using var desk = await site.SignedIn("thirlwell");
        Assert.Contains("D/1", await desk.GetStringAsync("/desk?state=ungraded&kind=domestic-abuse"));
        Assert.DoesNotContain("D/1", await desk.GetStringAsync($"/desk?page-number={int.MaxValue}"));
        var page = $"/desk/{report}";
        Assert.Contains("went out when the report came in", await desk.GetStringAsync(page));
        var refused = await TestSite.PostTo(desk, page, $"{page}?handler=Grade", ("Grade", "high"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("it stands beside the officer&#x27;s grade", await refused.Content.ReadAsStringAsync());
        var graded = await TestSite.PostTo(desk, page, $"{page}?handler=Grade", ("Grade", "high"), ("Reason", "Third in a month"));
        Assert.Equal(HttpStatusCode.Redirect, graded.StatusCode);
        Assert.Contains("Third in a month", await desk.GetStringAsync(page));
        // Whoever decides must know it: the council that is shown the officer's grade is shown the desk's.
        using var council = await site.SignedIn("ramsey");
        var notice = await site.NoticeTo("norton-stockton", report);
        Assert.Contains("Third in a month", await council.GetStringAsync($"/notices/{notice}"));
        Assert.Contains("Third in a month", await council.GetStringAsync($"/notices/{notice}/decide"));
        Assert.Contains("Third in a month", await desk.GetStringAsync($"/reports/{report}"));
        Assert.Equal("medium", await site.Row<string>("select content #>> '{risk,grade}' from report where id = $1", report));
        Assert.Equal("high", await site.Row<string>("select grade from grading where report_id = $1", report));
    }

    [Fact]
    public async Task What_the_desk_finds_high_stands_first_wherever_it_still_waits_and_a_lower_grade_takes_nothing_back()
    {
        // The second gives no grade at all: the council is shown the desk's all the same.
        var (earlier, report) = (await site.Received(TestSite.Report("DH/1")), await site.Received(TestSite.Report("DH/2", r => r.Remove("risk"))));
        var (council, school) = (await site.NoticeTo("norton-stockton", report), await site.NoticeTo("norton-primary", report));
        using var police = site.System("tees-valley-police");
        Assert.Equal(HttpStatusCode.NoContent, (await police.PostAsJsonAsync($"/api/reports/{report}/grading", new { grade = "medium", reason = "A neighbour called before" })).StatusCode);
        Assert.Equal((false, false, false), await Urgent(council));
        Assert.Equal(HttpStatusCode.NoContent, (await police.PostAsJsonAsync($"/api/reports/{report}/grading", new { grade = "high", reason = "He has a weapon" })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await police.PostAsJsonAsync($"/api/reports/{report}/grading", new { grade = "standard", reason = "Mistyped" })).StatusCode);
        Assert.Equal(((true, true, true), (false, false, false)), (await Urgent(council), await Urgent(school)));
        using var ramsey = await site.SignedIn("ramsey");
        Assert.Contains("He has a weapon", await ramsey.GetStringAsync($"/notices/{council}"));
        Assert.Contains("He has a weapon", await ramsey.GetStringAsync($"/notices/{council}/decide"));
        Assert.Equal("0", await site.Says("lockwood", $"select count(*) from grading where report_id = $1", report));
        // Somebody has accepted this one: what nobody has stays before it.
        using var system = site.System("norton-stockton");
        var accepted = await site.NoticeTo("norton-stockton", earlier);
        Assert.True((await system.PostAsync($"/api/notices/{accepted}/acknowledgement", null)).IsSuccessStatusCode);
        await police.PostAsJsonAsync($"/api/reports/{earlier}/grading", new { grade = "high", reason = "A second call" });
        Assert.Equal((true, false), (await site.Row<bool>("select urgent from notice where id = $1", accepted), await site.Row<bool>("select bool_or(urgent) from clock where notice_id = $1", accepted)));
    }

    [Fact]
    public async Task What_the_desk_found_high_is_high_in_its_correction_too_and_the_version_that_stands_is_the_one_to_grade()
    {
        string Version(string reference, int version, Action<JsonObject>? change = null) => TestSite.Report(reference, r =>
        {
            (r["version"], r["supersedes"], r["supersessionReason"], r["summary"]) = (version, version - 1, "The officer corrected it", "One child at home, asleep.");
            change?.Invoke(r);
        });
        using var police = site.System("tees-valley-police");
        async Task<HttpResponseMessage> Grade(Guid report, string grade, string why) => await police.PostAsJsonAsync($"/api/reports/{report}/grading", new { grade, reason = why });

        var first = await site.Received(TestSite.Report("DC/1"));
        await Grade(first, "high", "He has a weapon");
        var second = await site.Received(Version("DC/1", 2));
        var (council, school) = (await site.NoticeTo("norton-stockton", second), await site.NoticeTo("norton-primary", second));
        Assert.Equal(((true, true, true), (false, false, false)), (await Urgent(council), await Urgent(school)));
        using var ramsey = await site.SignedIn("ramsey");
        using var desk = await site.SignedIn("thirlwell");
        foreach (var page in new[] { await ramsey.GetStringAsync($"/notices/{council}"), await ramsey.GetStringAsync($"/notices/{council}/decide"), await desk.GetStringAsync($"/reports/{second}") })
        {
            Assert.Contains("desk graded version 1, which this corrects, high", WebUtility.HtmlDecode(page));
            Assert.Contains("He has a weapon", page);
        }
        Assert.Contains("Desk&#x27;s grade of version 1", await desk.GetStringAsync($"/desk/{second}"));
        // It stands among what the desk has not graded yet, for what it says now nobody there has read.
        Assert.Contains("DC/1", await desk.GetStringAsync("/desk?state=ungraded"));
        var late = await Grade(first, "standard", "Too late");
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        Assert.Contains("Version 2 has taken the place of this one", await late.Content.ReadAsStringAsync());

        // The last grade counts, and what the desk took back is not brought up again.
        var other = await site.Received(TestSite.Report("DC/2"));
        await Grade(other, "high", "Somebody else");
        await Grade(other, "standard", "It was a mistake");
        Assert.Equal((false, false, false), await Urgent(await site.NoticeTo("norton-stockton", await site.Received(Version("DC/2", 2)))));

        // Whoever is told by the correction first is told that it is urgent, and not what was said of a version that they were never told.
        var third = await site.Received(Version("DC/1", 3, r => (r["place"]!["address"]!["postcode"], r["people"]![0]!["addresses"]![0]!["postcode"]) = ("TS17 1AA", "TS17 1AA")));
        var there = await site.NoticeTo("levenside", third);
        Assert.Equal((true, true, true), await Urgent(there));
        using var levenside = site.System("levenside");
        Assert.DoesNotContain("weapon", await levenside.GetStringAsync($"/api/notices/{there}"));
        Assert.Equal("42501", await site.Says("thirlwell", "select make_urgent($1)", third));
    }

    [Fact]
    public async Task A_grade_that_comes_while_the_report_is_corrected_waits_and_is_told_which_version_stands()
    {
        var first = await site.Received(TestSite.Report("DR/1"));
        using var police = site.System("tees-valley-police");
        Task<HttpResponseMessage>? grading = null;
        await site.Works.As(site.Who("thirlwell"), "A test", async work =>
        {
            var corrected = JsonSerializer.Deserialize(TestSite.Report("DR/1", r => (r["version"], r["supersedes"], r["supersessionReason"]) = (2, 1, "The officer corrected it")), Heed.Site.Notices.ReportJson.Default.ReportIn)!;
            Assert.Null((await Heed.Site.Notices.Send.Handle(corrected, work, site.Bodies)).Item2);
            grading = police.PostAsJsonAsync($"/api/reports/{first}/grading", new { grade = "high", reason = "He has a weapon" });
            while (!grading.IsCompleted && await site.Row<long>("select count(*) from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0") == 0)
            {
                await Task.Yield();
            }
            Assert.False(grading.IsCompleted);
            return true;
        });
        Assert.Equal(HttpStatusCode.Conflict, (await grading!).StatusCode);
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
        Assert.Equal([$"DQ/{Heed.Site.Writing.Desk.PageSize}"], Links(second));
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

    [Fact]
    public async Task A_draft_a_grading_and_a_search_are_written_in_ones_own_name_about_ones_own_forces_reports_and_never_altered()
    {
        var report = await site.Received(TestSite.Report("D/4"));
        var other = await site.Received(TestSite.Report("D/5"));
        await site.Settle();
        var mention = await site.Row<Guid>("select id from mention where report_id = $1 and key = 'mother'", report);
        using var police = site.System("tees-valley-police");
        await police.PostAsJsonAsync($"/api/reports/{report}/grading", new { grade = "standard", reason = "No earlier incident" });
        await police.PostAsJsonAsync($"/api/reports/{report}/searches", new { searched = new[] { new { person = "mother", system = "PND", found = false } } });
        using var officer = await site.SignedIn("okafor");
        await TestSite.Post(officer, "/reports/drafts");
        var allowed = new List<string>();
        foreach (var (who, answer, sql) in new[]
        {
            ("thirlwell", "1", "select count(*) from grading where report_id = $1"), ("khalid", "1", "select count(*) from grading where report_id = $1"), ("lockwood", "0", "select count(*) from grading where report_id = $1"), ("cairns", "0", "select count(*) from grading where report_id = $1"),
            ("khalid", "1", "select count(*) from searched where report_id = $1"), ("lockwood", "0", "select count(*) from searched where report_id = $1"),
            ("thirlwell", "1", "insert into grading (id, report_id, grade, reason) values (gen_random_uuid(), $1, 'high', 'x')"),
            ("thirlwell", "42501", "insert into grading (id, report_id, grade, reason, by) select gen_random_uuid(), $1, 'high', 'x', id from practitioner where key = 'banerjee'"),
            ("thirlwell", "42501", "insert into grading (id, report_id, grade, reason, agency_id) select gen_random_uuid(), $1, 'high', 'x', id from agency where key = 'levenside'"),
            ("khalid", "42501", "insert into grading (id, report_id, grade, reason) values (gen_random_uuid(), $1, 'high', 'x')"),
            ("thirlwell", "23514", "insert into grading (id, report_id, grade, reason) values (gen_random_uuid(), $1, 'low', 'x')"),
            ("thirlwell", "23502", "insert into grading (id, report_id, grade) values (gen_random_uuid(), $1, 'high')"),
            ("thirlwell", "42501", "update grading set reason = 'x'"), ("thirlwell", "42501", "delete from grading"),
            ("thirlwell", "1", "insert into searched (id, mention_id, report_id, system, found) values (gen_random_uuid(), $2, $1, 'PND', false)"),
            ("thirlwell", "42501", "insert into searched (id, mention_id, report_id, system, found, by) select gen_random_uuid(), $2, $1, 'PND', false, id from practitioner where key = 'banerjee'"),
            ("thirlwell", "42501", "insert into searched (id, mention_id, report_id, system, found) values (gen_random_uuid(), $2, $3, 'PND', false)"),
            ("khalid", "42501", "insert into searched (id, mention_id, report_id, system, found) values (gen_random_uuid(), $2, $1, 'PND', false)"),
            ("thirlwell", "23514", "insert into searched (id, mention_id, report_id, system, found) values (gen_random_uuid(), $2, $1, 'PND', true)"),
            ("thirlwell", "42501", "update searched set found = false"), ("thirlwell", "42501", "delete from searched"),
            ("thirlwell", "42501", "insert into searchable (id, agency_id, name, ordinal) values (gen_random_uuid(), my_agency(), 'x', 1)"),
            ("thirlwell", "0", "select count(*) from draft"), ("thirlwell", "0", "update draft set updated_at = heed_now()"),
            ("thirlwell", "1", "insert into draft (id, reference) values (gen_random_uuid(), 'x')"),
            ("thirlwell", "42501", "insert into draft (id, reference, owner_id) select gen_random_uuid(), 'x', id from practitioner where key = 'banerjee'"),
            ("thirlwell", "42501", "insert into draft (id, reference, agency_id) select gen_random_uuid(), 'x', id from agency where key = 'levenside'"),
            ("okafor", "23505", "insert into draft (id, reference) select gen_random_uuid(), reference from draft"),
            ("okafor", "42501", "update draft set reference = 'x'"), ("okafor", "42501", "update draft set owner_id = me()"), ("okafor", "42501", "delete from draft"),
            // What was sent says which report it is, and keeps nothing of what was typed.
            ("okafor", "23514", "update draft set sent_at = heed_now()"), ("okafor", "23514", "update draft set report_id = $1, sent_at = heed_now(), typed = '{\"What\": {}}'"),
        })
        {
            if (await site.Says(who, $"{sql}", [.. new object[] { report, mention, other }.Take(Regex.Matches(sql, @"\$\d").Select(m => m.Value[1] - '0').DefaultIfEmpty().Max())]) is var said && said != answer)
            {
                allowed.Add($"{who}: {sql}: {said}");
            }
        }
        Assert.True(allowed.Count == 0, string.Join(Environment.NewLine, allowed));
    }

    [Theory]
    [InlineData("high", "", "reason")]
    [InlineData("high", "\0", "reason")]
    [InlineData("high", "2001", "reason")]
    [InlineData("low", "Why not", "grade")]
    public async Task A_grading_that_lacks_something_is_refused(string grade, string reason, string field)
    {
        var report = await site.Received(TestSite.Report($"D/6/{grade}{reason.Length}{field[0]}"));
        var no = await site.Works.As(site.Who("thirlwell"), "Grading", work => Heed.Site.Writing.Grade.Handle(new(report, grade, reason == "2001" ? new string('x', 2_001) : reason), work));
        Assert.Equal(field, no!.Field);
    }

    [Theory]
    [InlineData("person", "nobody", "PND", false, null)]
    [InlineData("system", "child", "Memory", false, null)]
    [InlineData("found", "child", "PND", null, "Something")]
    [InlineData("words", "child", "PND", true, " ")]
    [InlineData("words", "child", "PND", false, "\0")]
    [InlineData("words", "child", "PND", false, "2001")]
    public async Task A_search_that_lacks_something_is_refused(string field, string person, string system, bool? found, string? words)
    {
        var report = await site.Received(TestSite.Report($"D/7/{field}{words?.Length}"));
        var no = await site.Works.As(site.Who("thirlwell"), "Searching", work => Heed.Site.Writing.Searches.Handle(new(report, [new(person, system, found, words == "2001" ? new string('x', 2_001) : words)]), work));
        Assert.Equal([$"searched[0].{field}"], no!.Errors.Keys);
        no = await site.Works.As(site.Who("thirlwell"), "Searching", work => Heed.Site.Writing.Searches.Handle(new(report, [.. Enumerable.Repeat(new Heed.Site.Writing.Searches.One("child", "PND", false, null), 501)]), work));
        Assert.Equal(["searched"], no!.Errors.Keys);
    }

    /// <summary>The notice, its mailbox item, and the clock for accepting it.</summary>
    private async Task<(bool, bool, bool)> Urgent(Guid notice) => (await site.Row<bool>("select urgent from notice where id = $1", notice), await site.Row<bool>("select urgent from mailbox_item where subject_id = $1", notice),
        await site.Row<bool>("select coalesce(bool_or(urgent), false) from clock where notice_id = $1 and limit_key = 'notice.acknowledge'", notice));
}
