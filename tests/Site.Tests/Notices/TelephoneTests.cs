using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Heed.Plumbing;
using Heed.Site.Notices;
using NodaTime;

namespace Heed.Site.Tests.Notices;

/// <summary>Whom Heed cannot tell: the receipt says who was not, and a person of the sender owes a telephone call.</summary>
public sealed class TelephoneTests(TestSite site) : IClassFixture<TestSite>
{
    private static string Living(string reference, string home, string? place = null, int version = 1) => TestSite.Report(reference, r =>
    {
        var child = r["people"]![0]!.AsObject();
        child.Remove("school");
        child["addresses"]![0]!["postcode"] = home;
        r["place"]!["address"]!["postcode"] = place ?? home;
        if (version > 1)
        {
            (r["version"], r["supersedes"], r["supersessionReason"]) = (version, version - 1, "The postcode was wrong");
        }
    });

    private Task<List<string>> Notices(Guid report) => site.Rows<string>("select a.key || case when n.by_hand then ' by hand' when n.withheld_because is null then '' else ' not told' end from notice n join agency a on a.id = n.to_agency where n.report_id = $1 order by 1", report);

    private Task<Guid> ByHand(Guid report) => site.Row<Guid>("select id from notice where report_id = $1 and by_hand", report);

    private Task<List<string>> Clocks(Guid report) => site.Rows<string>("select c.limit_key || ' ' || c.state from clock c where c.report_id = $1 and c.agency_id = $2 order by 1", report, site.Agency("tees-valley-police"));

    private Task<Refusal?> Told(Guid notice, string? whom, string who = "thirlwell") => site.Works.As(site.Who(who), "Telephoning", work => Telephone.Handle(new(notice, whom, null), work));

    private Task<IReadOnlyList<Worklist.Line>> Worklist(string who) => site.Works.As(site.Who(who), "Looking", work => Heed.Site.Notices.Worklist.Read(new(), work, new Heed.Site.Access.Bodies()));

    [Fact]
    public async Task A_child_who_lives_outside_the_partnership_is_on_the_senders_worklist_until_somebody_has_telephoned()
    {
        await site.TimeIs(Cluster.Usual);
        var answer = await site.Send(Living("T/1", "TS99 1AB"));
        var receipt = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        var (report, line) = (receipt.GetProperty("id").GetGuid(), Assert.Single(receipt.GetProperty("notices").EnumerateArray()));
        Assert.True(line.GetProperty("mustBeTelephoned").GetBoolean());
        Assert.Equal("TS99 lies outside this partnership, and no council was told: tell the council of TS99 by telephone", line.GetProperty("notSharedBecause").GetString());
        Assert.Contains(await Worklist("thirlwell"), l => l.ReportId == report && l.OwnReference == "T/1" && l.Words == "Telephone: A council outside this partnership");

        var notice = await ByHand(report);
        Assert.Equal("whom", (await Told(notice, " "))!.Field);
        Assert.Equal("whom", (await Told(notice, new string('x', 201)))!.Field);
        Assert.Equal(No.NotFound, (await Told(notice, "The duty worker", "ramsey"))!.Kind);
        await site.TimeIs(Cluster.Usual + Duration.FromMinutes(30));
        Assert.Null(await Told(notice, "The duty worker of that council, on its published number"));
        Assert.Equal(No.Conflict, (await Told(notice, "Again"))!.Kind);
        Assert.Equal(["notification.by-telephone met", "notification.local-authority met"], await Clocks(report));
        Assert.DoesNotContain(await Worklist("thirlwell"), l => l.ReportId == report);
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task Nobody_telephones_and_it_climbs_like_any_other_clock()
    {
        await site.TimeIs(Cluster.Usual);
        var report = await site.Received(Living("T/2", "TS99 1AB"));
        await site.TimeIs(Cluster.Usual + Duration.FromMinutes(61));
        await site.Settle();
        Assert.Equal("breached", await site.Row<string>("select state from clock where report_id = $1 and limit_key = 'notification.by-telephone'", report));
        Assert.Single(await site.Rows<Guid>("select e.told from clock_event e join clock c on c.id = e.clock_id where c.report_id = $1 and c.limit_key = 'notification.by-telephone' and e.what = 'breached' and e.told is not null", report));
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task Where_the_incident_was_in_the_partnership_its_council_is_told_and_the_other_telephoned() =>
        Assert.Equal(["norton-stockton", "outside by hand"], await Notices(await site.Received(Living("T/3", "TS99 1AB", "TS20 2AB"))));

    [Theory]
    [InlineData("update agency set has_heed = false where key = 'hartmoor'", "update agency set has_heed = true where key = 'hartmoor'", "They do not use Heed")]
    [InlineData("update team set function = 'closed' where key = 'hartmoor-front-door'", "update team set function = 'front-door' where key = 'hartmoor-front-door'", "They have no team in Heed that takes this")]
    [InlineData("update agreement set during = tstzrange(null, now() - interval '100 years') where key = 'police-to-council'", "update agreement set during = tstzrange(null, null) where key = 'police-to-council'", "No sharing agreement in force covers this")]
    public async Task A_council_that_cannot_be_told_here_is_telephoned(string fault, string mended, string why)
    {
        await site.TimeIs(Cluster.Usual);
        await site.Administer(fault);
        try
        {
            var report = await site.Received(Living($"T/4/{why[5]}", "TS24 1AA"));
            Assert.Equal(["hartmoor by hand"], await Notices(report));
            Assert.Equal(why, await site.Row<string>("select withheld_because from notice where report_id = $1", report));
            Assert.Equal(["notification.by-telephone running", "notification.local-authority running"], await Clocks(report));
        }
        finally
        {
            await site.Administer(mended);
        }
    }

    [Fact]
    public async Task A_correction_cancels_a_call_that_nobody_owes_any_more_and_owes_one_to_whoever_was_called_by_mistake()
    {
        await site.TimeIs(Cluster.Usual);
        var first = await site.Received(Living("T/5", "TS99 1AB"));
        var second = await site.Received(Living("T/5", "TS20 2AB", version: 2));
        await site.Settle();
        Assert.Equal(["notification.by-telephone cancelled", "notification.local-authority cancelled"], await Clocks(first));
        Assert.Equal(["norton-stockton"], await Notices(second));

        var wrong = await site.Received(Living("T/6", "TS99 1AB"));
        Assert.Null(await Told(await ByHand(wrong), "The duty worker there"));
        var right = await site.Received(Living("T/6", "TS20 2AB", version: 2));
        Assert.Equal(["norton-stockton", "outside by hand"], await Notices(right));
        Assert.Equal("withdrawal", await site.Row<string>("select kind from notice where report_id = $1 and by_hand", right));
    }

    [Fact]
    public async Task What_was_promised_of_the_first_version_is_kept_by_telephoning_of_the_second()
    {
        await site.TimeIs(Cluster.Usual);
        var first = await site.Received(Living("T/7", "TS99 1AB"));
        var second = await site.Received(Living("T/7", "TS98 1AB", version: 2));
        await site.Settle();
        Assert.Equal(["notification.by-telephone cancelled", "notification.local-authority running"], await Clocks(first));
        Assert.Null(await Told(await ByHand(second), "The duty worker there"));
        Assert.Equal(["notification.by-telephone cancelled", "notification.local-authority met"], await Clocks(first));
    }

    [Fact]
    public async Task The_receipt_says_in_red_who_was_not_told_and_takes_the_call_there()
    {
        await site.TimeIs(Cluster.Usual);
        var report = await site.Received(Living("T/8", "TS99 1AB"));
        using var desk = await site.SignedIn("thirlwell");
        var document = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await desk.GetStringAsync($"/reports/{report}", TestContext.Current.CancellationToken));
        Assert.Contains("A council outside this partnership was NOT told", document.QuerySelector(".govuk-warning-text")!.TextContent);
        var form = document.QuerySelector("main form")!.QuerySelectorAll("input[type=hidden]").Select(i => KeyValuePair.Create(i.GetAttribute("name")!, i.GetAttribute("value")!)).ToList();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await desk.PostAsync($"/reports/{report}", new FormUrlEncodedContent(form), TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await desk.PostAsync($"/reports/{report}", new FormUrlEncodedContent([.. form, new("Whom", "Their duty worker")]), TestContext.Current.CancellationToken)).StatusCode);
        Assert.Contains("Denise Thirlwell told Their duty worker", (await desk.GetStringAsync($"/reports/{report}", TestContext.Current.CancellationToken)).ReplaceLineEndings(" "));
        Assert.Contains("Telephone: not told yet", await (await site.SignedIn("thirlwell")).GetStringAsync("/reports", TestContext.Current.CancellationToken));
    }

    /// <summary>The paragraph under the warning of whoever was not told.</summary>
    private async Task<string> Ring(Guid report)
    {
        using var desk = await site.SignedIn("thirlwell");
        return new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await desk.GetStringAsync($"/reports/{report}", TestContext.Current.CancellationToken)).QuerySelector(".govuk-warning-text + p")!.TextContent;
    }

    [Fact]
    public async Task The_receipt_says_which_number_to_ring_at_this_hour_or_who_keeps_it()
    {
        await site.TimeIs(Cluster.Usual);
        Assert.Contains("outside this partnership: each publishes its own", await Ring(await site.Received(Living("T/10", "TS99 1AB"))));
        await site.Administer("update agency set has_heed = false where key = 'hartmoor'");
        try
        {
            var report = await site.Received(Living("T/11", "TS24 1AA"));
            string Number(string team) => site.Row<string>("select name || ' ' || telephone from team where key = $1", team).Result;
            Assert.Equal($"Ring {Number("hartmoor-front-door")}", string.Join(' ', (await Ring(report)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
            // By night whoever answers for the front door.
            await site.TimeIs(Cluster.Usual + Duration.FromHours(9));
            Assert.Contains(await site.Row<string>("select telephone from team where key = 'hartmoor-edt'"), await Ring(report));
            await site.Administer("update team set telephone = null where key = 'hartmoor-edt'");
            var none = await Ring(report);
            Assert.Contains("Heed has been given no number for Hartmoor Borough Council", none);
            Assert.Contains(await site.Row<string>("select telephone from team where key = 'tvscp-business'"), none);
        }
        finally
        {
            await site.Administer("update agency set has_heed = true where key = 'hartmoor'");
            await site.TimeIs(Cluster.Usual);
        }
    }

    [Fact]
    public async Task Of_a_school_where_somebody_named_works_no_number_of_its_own_is_given()
    {
        await site.TimeIs(Cluster.Usual);
        var named = await site.Row<Guid>("select named_person from school_arrangement where school_id = $1", site.Agency("norton-primary"));
        await site.Administer("update school_arrangement set named_person = null where school_id = $1", site.Agency("norton-primary"));
        var ring = await Ring(await site.Received(TestSite.Report("T/12", r => r["people"]![1]!["worksAt"] = JsonNode.Parse("""{ "name": "Norton Primary School", "urn": "111555" }"""))));
        await site.Administer("update school_arrangement set named_person = $2 where school_id = $1", site.Agency("norton-primary"), named);
        Assert.Contains("Not at the school's own number", ring);
        Assert.DoesNotContain(await site.Row<string>("select telephone from team where key = 'norton-primary-safeguarding'"), ring);
        Assert.Contains(await site.Row<string>("select telephone from team where key = 'norton-stockton-front-door'"), ring);
    }

    [Fact]
    public async Task An_agencys_system_says_by_API_whom_it_telephoned()
    {
        var report = await site.Received(Living("T/9", "TS99 1AB"));
        var notice = await ByHand(report);
        Assert.Equal(HttpStatusCode.NotFound, (await site.System("norton-stockton").PostAsJsonAsync($"/api/notices/{notice}/telling", new { whom = "x" }, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await site.System("tees-valley-police").PostAsJsonAsync($"/api/notices/{notice}/telling", new { whom = "Their duty worker" }, TestContext.Current.CancellationToken)).StatusCode);
    }
}
