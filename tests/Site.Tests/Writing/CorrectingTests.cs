using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Heed.Plumbing;
using Heed.Site.Notices;
using Heed.Site.Writing;

namespace Heed.Site.Tests.Writing;

/// <summary>What was sent is corrected in the form that it could have been written in, whoever sent it, and nothing of it is lost.</summary>
public sealed class CorrectingTests(TestSite site) : IClassFixture<TestSite>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>As a system sends it: with all that the officer's form does not ask for.</summary>
    private static string Rich(string reference) => TestSite.Report(reference, r =>
    {
        var (child, mother) = (r["people"]![0]!.AsObject(), r["people"]![1]!.AsObject());
        r["occurredUntil"] = "2026-11-18T11:50:10Z";
        r["place"]!["foundAt"] = JsonNode.Parse("""{ "lines": ["The park"], "locality": "Norton", "postcode": "TS20 2AC" }""");
        r["place"]!["address"]!["lines"] = new JsonArray("Flat 2", "3 Test Street");
        r["actions"] = new JsonArray("Suspect arrested");
        r["risk"] = JsonNode.Parse("""{ "instrument": "DASH", "version": "2009", "grade": "very-high", "answers": { "1": "yes", "2": "she would not say" }, "note": "Of 1: afraid" }""");
        child["alsoKnownAs"] = new JsonArray("Testa Other");
        child["language"] = "Polish";
        child["roles"] = new JsonArray("child", "victim");
        child["identifiers"] = JsonNode.Parse("""[{ "type": "nhs", "value": "999 000 0018" }]""");
        child["statements"] = JsonNode.Parse("""[{ "basis": "hearsay", "words": "She hides." }]""");
        child["addresses"] = JsonNode.Parse("""[{ "lines": ["Flat 2", "3 Test Street"], "locality": "Norton", "postcode": "TS20 2AB", "uprn": "100110", "sensitivity": "refuge" }, { "lines": ["1 Old Road"], "postcode": "TS20 2AD" }]""");
        child["relationships"] = JsonNode.Parse("""[{ "kind": "mother", "to": "mother", "parentalResponsibility": true }, { "kind": "carer", "to": "mother" }, { "kind": "great-aunt", "to": "aunt" }]""");
        mother["roles"] = new JsonArray("victim", "tenant");
        mother["email"] = "moira@example.org";
        r["people"]!.AsArray().Add(JsonNode.Parse("""{ "key": "aunt", "roles": ["informant"], "familyName": "Probe", "seen": true }"""));
        r["people"]!.AsArray().Add(JsonNode.Parse("""{ "roles": ["child"], "givenNames": "Keyless", "born": "someday", "recordNumber": "R-77" }"""));
    });

    private static async Task<string> Begun(HttpClient who, Guid report) => (await TestSite.PostTo(who, $"/reports/{report}", "/reports/drafts?handler=Correct", ("report", $"{report}"))).Headers.Location!.ToString().Replace("/what", "", StringComparison.Ordinal);

    private async Task<JsonObject> Content(Guid report) => JsonNode.Parse(await site.Row<string>("select content::text from report where id = $1", report))!.AsObject();

    /// <summary>Posts a page as it stands, with something changed: what a browser does.</summary>
    private static async Task<HttpResponseMessage> Change(HttpClient who, string page, params (string Name, string? Value)[] changes)
    {
        using var form = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await who.GetStringAsync(page, Stop));
        var fields = new List<(string Name, string Value)>();
        foreach (var field in form.QuerySelectorAll("main form[novalidate] [name]"))
        {
            if (field.LocalName == "button" || changes.Any(c => c.Name == field.GetAttribute("name")) || field.GetAttribute("name") == "__RequestVerificationToken" || (field.GetAttribute("type") is "radio" or "checkbox" && !field.HasAttribute("checked")))
            {
                continue;
            }
            fields.Add((field.GetAttribute("name")!, field.LocalName switch { "select" => field.QuerySelector("option[selected]")?.GetAttribute("value") ?? "", "textarea" => field.TextContent, _ => field.GetAttribute("value") ?? "" }));
        }
        return await TestSite.PostTo(who, page, page, [.. fields, .. changes.Where(c => c.Value is not null).Select(c => (c.Name, c.Value!))]);
    }

    private async Task<Guid> Sent(HttpClient who, string draft)
    {
        var answer = await TestSite.Post(who, $"{draft}/check");
        Assert.True(answer.StatusCode == HttpStatusCode.Redirect, await answer.Content.ReadAsStringAsync(Stop));
        return Guid.Parse(answer.Headers.Location!.ToString().Split('/', '?')[2]);
    }

    [Fact]
    public async Task A_twin_whom_the_officer_says_is_somebody_else_is_decided_about_by_itself()
    {
        var first = await site.Received(TestSite.Report("COR/twin", r => (r["people"]![0]!["givenNames"], r["people"]![0]!["recordNumber"]) = ("Testona", "TWIN-1")));
        await site.Settle();
        var was = await site.Row<Guid>("select c.id from contact c join notice n on n.id = c.notice_id where n.report_id = $1", first);
        using var desk = await site.SignedIn("okafor");
        var draft = await Begun(desk, first);
        await Change(desk, $"{draft}/what", ("What.Reason", "It was her twin"));
        Assert.Equal(HttpStatusCode.OK, (await Change(desk, $"{draft}/people/p1", ("do", "forget"))).StatusCode);
        await Change(desk, $"{draft}/people/p1", ("Person.GivenNames", "Borisa"));
        var second = await Sent(desk, draft);
        await site.Settle();
        var child = (await Content(second))["people"]!.AsArray().Single(p => (string?)p!["givenNames"] == "Borisa")!;
        Assert.Null(child["recordNumber"]);
        Assert.NotEqual("child", (string?)child["key"]);
        Assert.Equal(("cancelled", 1L), (await site.Row<string>("select state from clock where contact_id = $1 and limit_key = 'referral.decision'", was), await site.Row<long>("select count(*) from contact where notice_id = $1", await site.NoticeTo("norton-stockton", second))));
        Assert.Equal("Testona", await site.Row<string>("select string_agg(m.given, ' ') from mention m join source_record s on s.id = m.source_record_id where s.number = 'TWIN-1'"));
    }

    [Fact]
    public async Task Every_page_of_the_form_kept_as_it_is_changes_nothing_that_was_sent()
    {
        var first = await site.Received(Rich("COR/1"));
        using var desk = await site.SignedIn("okafor");
        var draft = await Begun(desk, first);
        Assert.Equal(HttpStatusCode.Redirect, (await Change(desk, $"{draft}/what", ("What.Reason", "The summary was wrong"), ("What.Summary", "Two neighbours reported shouting."))).StatusCode);
        foreach (var page in new[] { "risk", "grade", "people/p1", "people/p2", "people/p3", "people/p4", "children" })
        {
            await Change(desk, $"{draft}/{page}");
        }
        var second = await Sent(desk, draft);
        var (before, after) = (await Content(first), await Content(second));
        Assert.Equal("Two neighbours reported shouting.", (string?)after["summary"]);
        Assert.Equal((2, 1, "The summary was wrong"), ((int)after["version"]!, (int)after["supersedes"]!, (string?)after["supersessionReason"]));
        Assert.Contains("Chidi Okafor", (string?)after["reporter"]!["name"]);
        // The keyless one gets a key, so that it can be found again.
        Assert.Equal("p1", (string?)after["people"]![3]!["key"]);
        after["people"]![3]!.AsObject().Remove("key");
        foreach (var said in new[] { "summary", "version", "supersedes", "supersessionReason", "recordedAt", "reporter" })
        {
            before.Remove(said);
            after.Remove(said);
        }
        Assert.Equal(before.ToJsonString(), after.ToJsonString());
    }

    [Fact]
    public async Task What_is_changed_is_changed_there_and_nowhere_else()
    {
        var first = await site.Received(Rich("COR/2"));
        using var desk = await site.SignedIn("okafor");
        var draft = await Begun(desk, first);
        await Change(desk, $"{draft}/what", ("What.Reason", "Told wrongly"), ("What.Line", "4 Test Street"));
        // p2 is the child: the sender's keys are not in the addresses of pages.
        await Change(desk, $"{draft}/people/p2", ("Person.Home", "other"), ("Person.Line", "9 New Street"), ("Person.Postcode", "TS20 2AE"), ("Person.Locality", "Norton"), ("Person.School", "Some school"), ("Related-p3", "grandparent"));
        await Change(desk, $"{draft}/people/p3", ("Person.Roles", "carer"));
        await TestSite.PostTo(desk, $"{draft}/people/p4", $"{draft}/people/p4", ("Do", "remove"));
        var check = await desk.GetStringAsync($"{draft}/check", Stop);
        Assert.Contains("9 New Street", check);
        Assert.Contains("<del class=\"heed-words govuk-!-display-block\">Flat 2, 3 Test Street, Norton, TS20 2AB</del>", check);
        Assert.DoesNotContain("href=\"\"", check);
        var after = await Content(await Sent(desk, draft));
        var (child, mother) = (after["people"]![0]!, after["people"]![1]!);
        Assert.Equal("""{"lines":["4 Test Street"],"locality":"Norton","postcode":"TS20 2AB"}""", after["place"]!["address"]!.ToJsonString());
        Assert.Equal("The park", (string?)after["place"]!["foundAt"]!["lines"]![0]);
        // A refuge stays one whatever is mended in its address; the number of the house is not that of another.
        Assert.Equal("""[{"lines":["9 New Street"],"locality":"Norton","postcode":"TS20 2AE","sensitivity":"refuge"},{"lines":["1 Old Road"],"postcode":"TS20 2AD"}]""", child["addresses"]!.ToJsonString());
        Assert.Equal("""{"name":"Some school"}""", child["school"]!.ToJsonString());
        Assert.Equal("""[{"to":"mother","kind":"grandparent","parentalResponsibility":true},{"to":"mother","kind":"carer"}]""", child["relationships"]!.ToJsonString());
        Assert.Equal("""["child","victim"]""", child["roles"]!.ToJsonString());
        Assert.Equal("""["tenant","carer"]""", mother["roles"]!.ToJsonString());
        Assert.Equal(3, after["people"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_correction_says_why_goes_to_who_had_it_and_buys_no_time()
    {
        var first = await site.Received(Rich("COR/3"));
        using var desk = await site.SignedIn("okafor");
        var draft = await Begun(desk, first);
        await Change(desk, $"{draft}/what", ("What.Summary", "Otherwise."));
        var refused = await TestSite.Post(desk, $"{draft}/check");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains($"{draft}/what?check=true#What_Reason", await refused.Content.ReadAsStringAsync(Stop));
        await Change(desk, $"{draft}/what", ("What.Reason", "I misheard"));
        var second = await Sent(desk, draft);
        Assert.Equal(["correction"], (await site.Rows<string>("select distinct kind from notice where report_id = $1 and withheld_because is null", second)));
        Assert.Equal(0L, await site.Row<long>("select count(*) from contact c join notice n on n.id = c.notice_id where n.report_id = $1", second));
        var receipt = await desk.GetStringAsync($"/reports/{first}", Stop);
        Assert.Contains("Version 2 corrected this", receipt);
        Assert.DoesNotContain("Correct this report", receipt);
        Assert.Contains("I misheard", await desk.GetStringAsync($"/reports/{second}", Stop));
    }

    [Fact]
    public async Task Pressed_again_it_is_the_same_correction_and_whoever_comes_second_is_told_and_may_throw_theirs_away()
    {
        var first = await site.Received(TestSite.Report("COR/4"));
        using var one = await site.SignedIn("okafor");
        using var other = await site.SignedIn("thirlwell");
        var draft = await Begun(one, first);
        Assert.Equal(draft, await Begun(one, first));
        var late = await Begun(other, first);
        Assert.NotEqual(draft, late);
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"{draft}/what", Stop)).StatusCode);
        foreach (var (who, which) in new[] { (one, draft), (other, late) })
        {
            await Change(who, $"{which}/what", ("What.Reason", "Misheard"), ("What.Summary", $"As {which[^3..]} has it"));
        }
        var both = await Task.WhenAll(TestSite.Post(one, $"{draft}/check"), TestSite.Post(other, $"{late}/check"));
        var lost = Assert.Single(both, a => a.StatusCode != HttpStatusCode.Redirect);
        Assert.Equal(HttpStatusCode.Conflict, lost.StatusCode);
        Assert.Equal(1L, await site.Row<long>("select count(*) from report where reference = 'COR/4' and version = 2"));
        var (loser, left) = lost == both[0] ? (one, draft) : (other, late);
        Assert.Contains("Another correction of this version was sent meanwhile", await (await TestSite.Post(loser, $"{left}/check")).Content.ReadAsStringAsync(Stop));
        Assert.Equal($"/reports/{first}", (await TestSite.PostTo(loser, left, $"{left}?handler=ThrowAway")).Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.NotFound, (await loser.GetAsync($"{left}/what", Stop)).StatusCode);
        Assert.DoesNotContain(left, await loser.GetStringAsync("/reports/drafts", Stop));
        Assert.Equal("{}", await site.Row<string>("select typed::text from draft where id = $1 and thrown_away_at is not null", Guid.Parse(left.Split('/')[^1])));
    }

    [Fact]
    public async Task What_was_never_sent_cannot_be_thrown_away_by_the_page_or_round_it()
    {
        using var officer = await site.SignedIn("okafor");
        var draft = (await TestSite.Post(officer, "/reports/drafts")).Headers.Location!.ToString().Replace("/what", "", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await TestSite.PostTo(officer, $"{draft}/what", $"{draft}?handler=ThrowAway")).StatusCode);
        Assert.Equal("23514", await site.Says("okafor", "update draft set thrown_away_at = heed_now(), typed = '{}' where id = $1", Guid.Parse(draft.Split('/')[^1])));
    }

    [Fact]
    public async Task Only_its_own_agency_corrects_a_report_and_there_whoever_may_write_one()
    {
        var first = await site.Received(TestSite.Report("COR/5"));
        using var worker = await site.SignedIn("ramsey");
        Assert.Contains((await TestSite.PostTo(worker, "/search", "/reports/drafts?handler=Correct", ("report", $"{first}"))).StatusCode, new[] { HttpStatusCode.NotFound, HttpStatusCode.Forbidden });
        var own = await site.Received(TestSite.Report("COR/6"), "norton-stockton");
        using var officer = await site.SignedIn("okafor");
        Assert.Equal(HttpStatusCode.NotFound, (await TestSite.PostTo(officer, "/reports/drafts", "/reports/drafts?handler=Correct", ("report", $"{own}"))).StatusCode);
        Assert.Equal(0L, await site.Row<long>("select count(*) from draft where corrects_id in ($1, $2)", first, own));
    }

    [Theory]
    [InlineData("restricted")]
    [InlineData("sealed")]
    public async Task Who_did_not_write_a_report_reads_nothing_in_it_of_somebody_who_is_kept_from_them_and_begins_no_correction(string tier)
    {
        var first = await site.Received(TestSite.Report($"KEPT-{tier}", r =>
        {
            var child = r["people"]![0]!.AsObject();
            (child["givenNames"], child["familyName"], child["recordNumber"], child["ownWords"]) = ("Canaryname", $"Canary{tier}", $"KEPTIN-{tier}", "Canarywords");
            (child["addresses"]![0]!["lines"]![0], child["addresses"]![0]!["sensitivity"]) = ("1 Canaryrefuge", "refuge");
            (r["summary"], r["place"]!["description"], r["risk"]!["note"]) = ("Canarysummary", "Canaryplace", "Canarynote");
            child.Remove("school");
        }));
        await site.Settle();
        using var officer = await site.SignedIn("okafor");
        var his = await Begun(officer, first);
        await Change(officer, $"{his}/what", ("What.Reason", "Canaryreason"), ("What.Summary", "Canarysummary, corrected"));
        var second = await Sent(officer, his);
        await site.Settle();
        using var detective = await site.SignedIn("holroyd");
        var late = await Begun(detective, second);
        var record = await site.Row<Guid>("select source_record_id from mention where report_id = $1 and key = 'child'", second);
        await site.Administer($"update source_record set tier = '{tier}', tier_reason = 'A colleague''s family' where id = $1", record);

        using var desk = await site.SignedIn("thirlwell");
        Task<HttpResponseMessage> Corrects(HttpClient who) => TestSite.PostTo(who, "/reports/drafts", "/reports/drafts?handler=Correct", ("report", $"{second}"));
        foreach (var (who, page) in new[] { (desk, $"/reports/{second}"), (desk, $"/api/reports/{second}"), (desk, $"/desk/{second}"), (desk, $"/reports/{first}"), (detective, $"/reports/{second}"), (detective, $"/api/reports/{second}") })
        {
            var text = await who.GetStringAsync(page, Stop);
            Assert.True(!text.Contains("Canary", StringComparison.Ordinal), $"{tier}, {page}: {text}");
            Assert.DoesNotContain("Correct this report", text);
            Assert.Equal(tier == "restricted", text.Contains(page.StartsWith("/api", StringComparison.Ordinal) ? "\"restricted\":true" : page.StartsWith("/reports", StringComparison.Ordinal) ? "Decided for somebody restricted" : "Somebody restricted is named", StringComparison.Ordinal));
        }
        foreach (var who in new[] { desk, detective })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await Corrects(who)).StatusCode);
        }
        // Nor goes one on that was begun while the record was open.
        Assert.DoesNotContain($"KEPT-{tier}", await detective.GetStringAsync("/reports/drafts", Stop));
        foreach (var page in new[] { "what", "people/p1", "check" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await detective.GetAsync($"{late}/{page}", Stop)).StatusCode);
        }
        Assert.Equal(tier == "sealed", await site.Row<long>("select count(*) from alert where source_record_id = $1", record) > 0);

        // Whoever wrote it sees what they wrote, and corrects it; the system what it sent; and a reader reads.
        Assert.All(new[] { "Canaryname", "Canarysummary, corrected", "Canaryreason", "Correct this report" }, said => Assert.Contains(said, officer.GetStringAsync($"/reports/{second}", Stop).Result));
        Assert.Equal(HttpStatusCode.Redirect, (await Corrects(officer)).StatusCode);
        using var system = site.System("tees-valley-police");
        Assert.Contains("Canaryname", await system.GetStringAsync($"/api/reports/{first}", Stop));
        await site.Administer("insert into reader (source_record_id, practitioner_id, reason) values ($1, $2, 'Needs to know')", record, site.Practitioner("holroyd"));
        Assert.Contains("Canaryname", await detective.GetStringAsync($"/reports/{second}", Stop));
        Assert.Equal($"{late}/what", (await Corrects(detective)).Headers.Location!.ToString());
        Assert.Contains("Canaryrefuge", await detective.GetStringAsync($"{late}/check", Stop));
    }
}
