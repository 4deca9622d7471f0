using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Heed.Plumbing;
using Heed.Site.Notices;

namespace Heed.Site.Tests.Notices;

public sealed class SendTests(TestSite site) : IClassFixture<TestSite>
{
    [Fact]
    public async Task A_report_is_answered_with_a_receipt_that_names_whom_it_went_to_and_why()
    {
        var answer = await site.Send(TestSite.Report("S/1"));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var receipt = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(["Norton and Stockton Council", "Norton Primary School"], receipt.GetProperty("notices").EnumerateArray().Select(n => n.GetProperty("to").GetString()!).Order());
        Assert.Equal(64, receipt.GetProperty("hash").GetString()!.Length);
    }

    [Fact]
    public async Task A_hundred_callers_with_the_same_report_make_one_report_and_the_same_receipt()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => site.Send(TestSite.Report("S/2"))));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Created);
        Assert.All(answers.Where(a => a.StatusCode != HttpStatusCode.Created), a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
        var ids = await Task.WhenAll(answers.Select(async a => (await a.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid()));
        Assert.Single(ids.Distinct());
        Assert.Equal(2, await site.Row<long>("select count(*) from notice where report_id = $1", ids[0]));
        Assert.Equal(99, await site.Row<int>("select replays from report_key where report_id = $1", ids[0]));
    }

    [Fact]
    public async Task A_notice_is_handed_on_by_a_social_worker_with_its_clocks_and_contacts_and_leaves_her_sight()
    {
        var receipt = await (await site.Send(TestSite.Report("S/3"))).Content.ReadFromJsonAsync<JsonElement>();
        var notice = await site.NoticeTo("norton-stockton", receipt.GetProperty("id").GetGuid());
        var bodies = (Heed.Site.Access.Bodies)site.Services.GetService(typeof(Heed.Site.Access.Bodies))!;
        Assert.Null(await site.Works.As(site.Who("ramsey"), "Handing on", work => HandOn.Handle(new(notice, site.Team("norton-stockton-assessment"), null, "Known to assessment"), work, bodies)));
        Assert.Equal(["norton-stockton-assessment"], await site.Rows<string>("select distinct t.key from clock c join team t on t.id = c.team_id where c.notice_id = $1 and c.state = 'running' and c.agency_id = (select to_agency from notice where id = $1)", notice));
        Assert.Equal("norton-stockton-assessment", await site.Row<string>("select t.key from contact c join team t on t.id = c.team_id where c.notice_id = $1", notice));
        Assert.Equal("Known to assessment", await site.Row<string>("select words from handing_on where notice_id = $1", notice));
        Assert.NotNull(await site.Works.As(site.Who("appiah"), "Taking", async work => await Take.Handle(new(notice), work) is { } no ? no.Message : "taken"));
        Assert.Equal(No.NotFound, (await site.Works.As(site.Who("ramsey"), "Handing on", work => HandOn.Handle(new(notice, site.Team("norton-stockton-front-door"), null, "Back"), work, bodies)))!.Kind);
        // A team of another council is refused by the rule, and by the database without it.
        Assert.Equal("team", (await site.Works.As(site.Who("appiah"), "Handing on", work => HandOn.Handle(new(notice, site.Team("levenside-assessment"), null, "Not ours"), work, bodies)))!.Field);
    }

    [Fact]
    public async Task Whoever_decides_reads_the_questions_that_were_answered_and_not_their_numbers()
    {
        var report = await site.Received(TestSite.Report("S/5", r => r["risk"]!["answers"] = JsonNode.Parse("""{ "18": "yes", "2": "no", "91": "yes" }""")));
        var notice = await site.NoticeTo("norton-stockton", report);
        var worker = await site.SignedIn("ramsey");
        foreach (var page in new[] { $"/notices/{notice}", $"/notices/{notice}/decide" })
        {
            var text = System.Text.RegularExpressions.Regex.Replace(System.Net.WebUtility.HtmlDecode(await worker.GetStringAsync(page)), @"<[^>]+>|\s+", " ");
            text = System.Text.RegularExpressions.Regex.Replace(text, " +", " ");
            Assert.Contains("Strangulation or choking question 18", text);
            Assert.Contains("18. Have they ever attempted to strangle, choke, suffocate or drown you? Yes", text);
            Assert.Contains("2. Are you very frightened? No", text);
            Assert.Contains("1. Has the current incident resulted in injury? (Please state what and whether this is the first injury) Not answered", text);
            // An answer to a question that the form has not is not lost.
            Assert.Contains("Question 91: Yes", text);
        }
    }

    [Fact]
    public async Task A_correction_is_of_the_same_unborn_child_and_stands_in_one_row_with_what_it_corrects()
    {
        var unborn = """{ "key": "unborn", "roles": ["child"], "expected": "2027-01-28", "relationships": [{ "kind": "mother", "to": "mother" }] }""";
        var first = await site.Received(TestSite.Report("S/4", r => r["people"]!.AsArray().Add(JsonNode.Parse(unborn))));
        var second = await site.Received(TestSite.Report("S/4", r =>
        {
            r["people"]!.AsArray().Add(JsonNode.Parse(unborn));
            (r["version"], r["supersedes"], r["supersessionReason"], r["risk"]!["grade"]) = (2, 1, "The grade was wrong", "high");
        }));
        Assert.Single(await site.Rows<Guid>("select distinct source_record_id from mention where key = 'unborn' and report_id in ($1, $2)", first, second));
        var lines = await site.Works.As(site.Who("ramsey"), "Looking", work => Worklist.Read(new(), work, (Heed.Site.Access.Bodies)site.Services.GetService(typeof(Heed.Site.Access.Bodies))!));
        var line = Assert.Single(lines, l => l.ReportId == first || l.ReportId == second);
        Assert.Equal(await site.NoticeTo("norton-stockton", second), line.Notice);
        Assert.Equal(2, line.Undecided);
        Assert.Equal(["Testa Probe", "Unborn child"], line.Children);
    }

    [Fact]
    public async Task Roles_ties_and_grades_stand_on_a_notice_in_the_words_of_the_pages()
    {
        var report = await site.Received(TestSite.Report("S/words", r => r["people"]![1]!["roles"] = new System.Text.Json.Nodes.JsonArray("carer", "household-member", "Lodger's friend")));
        using var worker = await site.SignedIn("ramsey");
        var page = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await worker.GetStringAsync($"/notices/{await site.NoticeTo("norton-stockton", report)}")).QuerySelector("main")!.TextContent;
        Assert.Contains("Parent or carer of a child, Lives in the household, Lodger's friend", page);
        Assert.Contains("Mother: Moira Probe", page);
        Assert.DoesNotContain("household-member", page);
    }

    /// <summary>Happened as exactly as it is known, known, recorded, received: on the receipt, at the desk, on the notice, at the decision and on the child's page.</summary>
    [Theory]
    [InlineData("some time that day", "2026-11-17T00:00:00Z", "2026-11-17T23:59:00Z", "17 November 2026, some time that day")]
    [InlineData(null, "2026-11-18T11:40:00Z", null, "today at 11:40")]
    [InlineData("over the weekend", "2026-11-14T00:00:00Z", "2026-11-15T20:00:00Z", "14 November 2026 at 00:00 to 15 November 2026 at 20:00, over the weekend")]
    public async Task The_four_times_stand_on_every_screen(string? precision, string at, string? until, string happened)
    {
        var report = await site.Received(TestSite.Report($"T4/{at}", r => (r["occurredAt"], r["occurredUntil"], r["occurredPrecision"], r["knownAt"], r["recordedAt"]) = (at, until, precision, "2026-11-18T12:10:00Z", "2026-11-18T12:20:00Z")));
        await site.Settle();
        var notice = await site.NoticeTo("norton-stockton", report);
        var person = await site.Row<Guid>("select l.person_id from link l join mention m on m.source_record_id = l.source_record_id where m.report_id = $1 and m.is_child and l.undone_at is null", report);
        foreach (var (who, path) in new[] { ("thirlwell", $"/reports/{report}"), ("thirlwell", $"/desk/{report}"), ("ramsey", $"/notices/{notice}"), ("ramsey", $"/notices/{notice}/decide"), ("ramsey", $"/children/{person}") })
        {
            using var client = await site.SignedIn(who);
            var text = System.Text.RegularExpressions.Regex.Replace(new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await client.GetStringAsync(path)).QuerySelector("main")!.TextContent, @"\s+", " ");
            foreach (var time in new[] { happened, "12:10", "12:20", "Received" })
            {
                Assert.Contains(time, text, StringComparison.OrdinalIgnoreCase);
            }
        }
        // A school is told when, and not what an officer wrote of it.
        using var school = await site.SignedIn("norton-primary-lead");
        var shown = await school.GetStringAsync($"/notices/{await site.NoticeTo("norton-primary", report)}");
        Assert.DoesNotContain("over the weekend", shown);
        Assert.Contains(precision == "over the weekend" ? "over a longer time" : happened, shown);
    }
}
