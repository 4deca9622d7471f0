using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AngleSharp.Html.Parser;
using Heed.Site.People;
using Heed.Site.Writing;
using Microsoft.Extensions.DependencyInjection;

namespace Heed.Site.Tests.Access;

/// <summary>What a tier hides of somebody on the pages of others: their family, their house, who else holds something of them.</summary>
public sealed class TierTests(TestSite site) : IClassFixture<TestSite>
{
    /// <summary>The force's own report about brother and sister, whom it has since restricted, sealed; and the council that was told of both.</summary>
    [Theory]
    [InlineData("open", true)]
    [InlineData("restricted", false)]
    [InlineData("sealed", false)]
    public async Task A_relative_is_drawn_and_listed_as_their_tier_says(string tier, bool named)
    {
        var family = $"Kin{tier}";
        var report = await site.Received(TestSite.Report($"KIN-{tier}", r =>
        {
            r["people"]![0]!.AsObject().Remove("school");
            (r["people"]![0]!["familyName"], r["people"]![1]!["familyName"], r["people"]![0]!["recordNumber"], r["people"]![1]!["recordNumber"]) = (family, family, $"{family}-1", $"{family}-2");
            r["people"]![0]!["relationships"]!.AsArray().Add(new JsonObject { ["kind"] = "sibling", ["to"] = "brother" });
            r["people"]!.AsArray().Add(JsonNode.Parse($$"""{ "key": "brother", "roles": ["child"], "givenNames": "Canarybrother", "familyName": "{{family}}", "born": "2011-01-09", "sex": "M", "recordNumber": "{{family}}-3", "relationships": [{ "kind": "mother", "to": "mother" }] }"""));
        }));
        await site.Settle();
        var brother = await site.Row<Guid>("select source_record_id from mention where report_id = $1 and key = 'brother'", report);
        await site.Administer($"update source_record set tier = '{tier}', tier_reason = {(tier == "open" ? "null" : "'Canaryreason'")} where id = $1", brother);
        await site.Administer("insert into reader (source_record_id, practitioner_id, reason) values ($1, $2, 'Needs to know')", brother, site.Practitioner("holroyd"));
        var person = await site.Row<Guid>("select l.person_id from mention m join link l on l.source_record_id = m.source_record_id and l.undone_at is null where m.report_id = $1 and m.key = 'child'", report);
        foreach (var who in new[] { "ramsey", "khalid", "thirlwell", "holroyd" })
        {
            using var client = await site.SignedIn(who);
            using var answer = await client.GetAsync($"/children/{person}", TestContext.Current.CancellationToken);
            var page = new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            if (who == "holroyd" && answer.StatusCode == HttpStatusCode.NotFound)
            {
                continue;
            }
            var part = page.QuerySelector("#family")!.TextContent;
            Assert.Contains("Moira", part);
            Assert.True(part.Contains("Canarybrother", StringComparison.Ordinal) == (named || who == "holroyd"), $"{who}, {tier}: {part}");
            Assert.Equal(tier == "restricted" && who != "holroyd", part.Contains("Restricted: held by Tees Valley Police. Ask: ", StringComparison.Ordinal));
            // As many symbols as may be known of, and a gap for the father whom nobody named.
            Assert.Equal(3 + (tier == "sealed" && who != "holroyd" ? 0 : 1), page.QuerySelectorAll("#family .heed-family__symbol").Length);
            Assert.Equal(page.QuerySelectorAll("#family .heed-family__symbol").Length - 1, page.QuerySelectorAll("#family tbody tr").Length);
            Assert.DoesNotContain(named ? "nothing" : brother.ToString(), page.DocumentElement.OuterHtml);
        }
        using var system = site.System("norton-stockton");
        Assert.Equal(named, (await system.GetStringAsync($"/api/people/{person}", TestContext.Current.CancellationToken)).Contains("Canarybrother", StringComparison.Ordinal));
    }

    /// <summary>A brother stands between a child and two people who are open to everybody here: without him there is no way from her to them, from either end of the tie.</summary>
    [Theory]
    [InlineData("open", true, true)]
    [InlineData("open", false, true)]
    [InlineData("restricted", true, false)]
    [InlineData("restricted", false, false)]
    [InlineData("sealed", true, false)]
    [InlineData("sealed", false, false)]
    public async Task No_step_is_taken_over_a_tie_of_which_an_end_may_not_be_seen(string tier, bool saidOfHer, bool drawn)
    {
        var family = $"Step{tier}{(saidOfHer ? "hers" : "his")}";
        static JsonNode Someone(string key, string given, string family, string number, string role, string born) =>
            JsonNode.Parse($$"""{ "key": "{{key}}", "roles": ["{{role}}"], "givenNames": "{{given}}", "familyName": "{{family}}", "born": "{{born}}", "recordNumber": "{{number}}", "relationships": [] }""")!;
        var report = await site.Received(TestSite.Report($"STEP-{family}", r =>
        {
            var (her, his) = (Someone("child", "Linnet", family, $"{family}-1", "child", "2015-06-07"), Someone("brother", "Canarybrother", family, $"{family}-2", "child", "2011-01-09"));
            var (from, to) = saidOfHer ? (her, "brother") : (his, "child");
            from["relationships"]!.AsArray().Add(new JsonObject { ["kind"] = "sibling", ["to"] = to });
            // Her mother stands beside her: there is a drawing, and what has no line to it would float in it.
            her["relationships"]!.AsArray().Add(new JsonObject { ["kind"] = "mother", ["to"] = "mother" });
            r["people"] = new JsonArray(her, his, Someone("mother", "Avocet", family, $"{family}-5", "carer", "1988-08-09"));
        }));
        await site.Received(TestSite.Report($"STEP-{family}-b", r =>
        {
            var (his, far, farther) = (Someone("brother", "Canarybrother", family, $"{family}-2", "child", "2011-01-09"), Someone("far", "Canaryfar", $"Far{family}", $"{family}-3", "carer", "1960-02-03"), Someone("farther", "Otherbird", $"Farther{family}", $"{family}-4", "other", "1958-04-05"));
            foreach (var to in new[] { "far", "farther" })
            {
                his["relationships"]!.AsArray().Add(new JsonObject { ["kind"] = "grandparent", ["to"] = to });
            }
            far["relationships"]!.AsArray().Add(new JsonObject { ["kind"] = "partner", ["to"] = "farther" });
            r["people"] = new JsonArray(his, far, farther);
        }));
        await site.Settle();
        await site.Administer($"update source_record set tier = '{tier}', tier_reason = {(tier == "open" ? "null" : "'Canaryreason'")} where number = $1", $"{family}-2");
        var person = await site.Row<Guid>("select l.person_id from mention m join link l on l.source_record_id = m.source_record_id and l.undone_at is null where m.report_id = $1 and m.key = 'child'", report);
        foreach (var who in new[] { "ramsey", "khalid", "thirlwell" })
        {
            using var client = await site.SignedIn(who);
            var page = new HtmlParser().ParseDocument(await client.GetStringAsync($"/children/{person}", TestContext.Current.CancellationToken));
            var part = page.QuerySelector("#family")!.TextContent;
            Assert.Contains("Avocet", part);
            Assert.True(part.Contains("Canaryfar", StringComparison.Ordinal) == drawn && part.Contains("Otherbird", StringComparison.Ordinal) == drawn, $"{who}, {tier}: {part}");
        }
    }

    /// <summary>What two agencies say of one child: the police and, restricted or sealed since, the hospital.</summary>
    [Theory]
    [InlineData("open", true)]
    [InlineData("restricted", true)]
    [InlineData("sealed", false)]
    public async Task Who_else_holds_something_is_said_on_every_page_of_a_child_unless_it_is_sealed(string tier, bool said)
    {
        const string Hospital = "Tees University Hospitals";
        string Of(string reference) => TestSite.Report(reference, r =>
        {
            var child = r["people"]![0]!.AsObject();
            (child["familyName"], child["identifiers"]) = ($"Elsewhere{tier}", new JsonArray(new JsonObject { ["type"] = "nhs", ["value"] = tier switch { "open" => "4000000179", "restricted" => "4000000187", _ => "4000000195" } }));
            child.Remove("school");
        });
        var report = await site.Received(Of($"ELSE-{tier}"));
        var theirs = await site.Received(Of($"ELSE-{tier}-b"), "tees-university-hospitals");
        await site.Settle();
        var person = await site.Row<Guid>("select l.person_id from mention m join link l on l.source_record_id = m.source_record_id and l.undone_at is null where m.report_id = $1 and m.key = 'child'", report);
        var record = await site.Row<Guid>("select source_record_id from mention where report_id = $1 and key = 'child'", theirs);
        Assert.Equal(person, await site.Row<Guid>("select person_id from link where source_record_id = $1 and undone_at is null", record));
        await site.Administer($"update source_record set tier = '{tier}', tier_reason = {(tier == "open" ? "null" : "'Canaryreason'")} where id = $1", record);
        using var police = await site.SignedIn("thirlwell");
        using var system = site.System("tees-valley-police");
        foreach (var (client, door) in new[] { (police, $"/children/{person}"), (system, $"/api/people/{person}") })
        {
            var text = await client.GetStringAsync(door, TestContext.Current.CancellationToken);
            Assert.True(text.Contains(Hospital, StringComparison.Ordinal) == said, $"{tier}, {door}");
            Assert.DoesNotContain("Canaryreason", text);
        }
    }

    /// <summary>Whoever sends for an agency need not be who may read what it keeps from most of its own.</summary>
    [Theory]
    [InlineData("restricted")]
    [InlineData("sealed")]
    public async Task What_is_said_of_somebody_whom_an_agency_keeps_from_its_own_sender_is_written_down_and_answered_as_of_anybody(string tier)
    {
        string Said(int version) => TestSite.Report($"KEPT-{tier}", r =>
        {
            var child = r["people"]![0]!;
            (child["familyName"], child["recordNumber"], child["statements"]) = ($"Kept{tier}", $"KEPT-{tier}", new JsonArray(new JsonObject { ["basis"] = "fact", ["words"] = $"A bruise, version {version}" }));
            if (version > 1)
            {
                (r["version"], r["supersedes"], r["supersessionReason"], r["summary"], child["key"]) = (version, version - 1, "The officer corrected it", "A bruise on the arm", "other-key");
                r["people"]![0]!["relationships"] = new JsonArray(new JsonObject { ["kind"] = "mother", ["to"] = "mother" });
            }
        });
        var first = await site.Received(Said(1));
        await site.Settle();
        var record = await site.Row<Guid>("select source_record_id from mention where report_id = $1 and key = 'child'", first);
        await site.Administer($"update source_record set tier = '{tier}', tier_reason = 'A colleague''s family' where id = $1", record);
        Assert.Equal("0", await site.Says("tees-valley-police/system", "select count(*) from mention where source_record_id = $1", record));

        var second = await site.Received(Said(2));
        Assert.Equal((record, $"A bruise, version 2"), (await site.Row<Guid>("select source_record_id from mention where report_id = $1 and key = 'other-key'", second), await site.Row<string>("select s.words from statement s join mention m on m.id = s.mention_id where m.report_id = $1", second)));
        // The council's decision runs on as it ran: a correction buys no time.
        Assert.Equal(["correction"], await site.Rows<string>("select kind from notice where report_id = $1 and to_agency = $2", second, site.Agency("norton-stockton")));
        Assert.Equal(1, await site.Row<long>("select count(*) from contact c join mention m on m.id = c.mention_id where m.source_record_id = $1", record));
        await site.Settle();

        var (kept, wrong) = await site.Services.GetRequiredService<Register>().Keep(new("register.csv", Encoding.UTF8.GetBytes($"number,forename,surname,dob,house,town,postcode,school\nKEPT-{tier},Testa,Kept{tier},2018-02-03,3 Test Street,Norton,TS20 2AB,111555\nKEPT-{tier}-2,Otto,Open{tier},2012-08-09,4 Test Street,Norton,TS20 2AB,111555\n"), "tees-valley-police",
            "id=number,given=forename,family=surname,born=dob,address=house,locality=town,postcode=postcode,school=school"));
        Assert.Null(wrong);
        Assert.Equal(2, kept!.File.Rows.Count);
        Assert.Equal(["3 test street", "4 test street"], await site.Rows<string>("select r.address from residence r join mention m on m.id = r.mention_id where m.import_id = $1 order by 1", kept.Import));
        Assert.Equal((2, 0), (await site.Row<long>("select count(*) from attendance a join mention m on m.id = a.mention_id where m.import_id = $1", kept.Import), int.Parse(await site.Says("tees-valley-police/system", "select count(*) from mention where source_record_id = $1", record))));

        // With the mention and not after it, and in nobody else's name.
        var mention = await site.Row<Guid>("select id from mention where report_id = $1 and key = 'other-key'", second);
        Assert.Equal("42501", await site.Says("tees-valley-police/system", "insert into statement (mention_id, ordinal, basis, words) values ($1, 7, 'opinion', 'Added later')", mention));
        Assert.Equal("0", await site.Says("norton-stockton/system", "select count(*) from said_by_mine($1)", second));
    }

    [Theory]
    [InlineData("restricted")]
    [InlineData("sealed")]
    public async Task What_is_written_of_a_child_and_of_somebody_kept_is_not_read_in_the_childs_history_nor_is_the_other_counted_on_the_desk(string tier)
    {
        var report = await site.Received(TestSite.Report($"HK-{tier}", r =>
        {
            (r["summary"], r["people"]![0]!["familyName"]) = ("Canarysummary", $"Openhk{tier}");
            r["people"]!.AsArray().Add(JsonNode.Parse($$"""{ "key": "kept", "roles": ["child"], "givenNames": "Sealda", "familyName": "Kepthk{{tier}}", "born": "2015-01-05" }"""));
        }));
        await site.Settle();
        var person = await site.Row<Guid>("select l.person_id from mention m join link l on l.source_record_id = m.source_record_id and l.undone_at is null where m.report_id = $1 and m.key = 'child'", report);
        Task<string> Summary(string who) => site.Says(who, "select string_agg(coalesce(summary, 'kept'), ' ') from history_of($1)", person);
        async Task<int> People() => (await site.Works.As(site.Who("thirlwell"), "A test", work => Desk.Read(new(), work))).Single(l => l.Id == report).People;
        Assert.Equal(("Canarysummary", 3), (await Summary("thirlwell"), await People()));
        await site.Administer($"update source_record set tier = '{tier}', tier_reason = 'A colleague''s family' where id = (select source_record_id from mention where report_id = $1 and key = 'kept')", report);
        Assert.Equal(("kept", 2), (await Summary("thirlwell"), await People()));
        // What the council was shown it was shown.
        Assert.Equal("Canarysummary", await Summary("khalid"));
    }

    [Theory]
    [InlineData("open", "open", HttpStatusCode.OK)]
    [InlineData("restricted", "restricted", HttpStatusCode.NotFound)]
    [InlineData("sealed", "restricted", HttpStatusCode.NotFound)]
    public async Task What_an_agency_says_by_number_of_somebody_whom_it_keeps_from_its_front_door_is_not_the_front_doors(string tier, string becomes, HttpStatusCode there)
    {
        string Said(int no) => TestSite.Report($"OWN-{tier}-{no}", r => (r["people"]![0]!["familyName"], r["people"]![0]!["recordNumber"]) = ($"Own{tier}", $"OWN-{tier}"));
        var first = await site.Received(Said(1), "norton-stockton");
        await site.Settle();
        await site.Administer($"update source_record set tier = '{tier}', tier_reason = {(tier == "open" ? "null" : "'A parent works here'")} where id = (select source_record_id from mention where report_id = $1 and key = 'child')", first);
        var second = await site.Received(Said(2), "norton-stockton");
        await site.Settle();
        var notice = await site.NoticeTo("norton-stockton", second);
        Assert.Equal(becomes, await site.Row<string>("select tier from notice where id = $1", notice));
        using var ramsey = await site.SignedIn("ramsey");
        using var answer = await ramsey.GetAsync($"/notices/{notice}", TestContext.Current.CancellationToken);
        Assert.Equal(there, answer.StatusCode);
    }

    /// <summary>Whom the council's own register says to live where a child of a report lives.</summary>
    [Theory]
    [InlineData("open", true)]
    [InlineData("restricted", false)]
    [InlineData("sealed", false)]
    public async Task Who_else_lives_there_is_said_of_open_records_only(string tier, bool said)
    {
        var (house, number) = ($"5 {tier} Matebird Row", $"MATE-{tier}");
        var register = site.Services.GetRequiredService<Register>();
        var (kept, wrong) = await register.Keep(new("mates.csv", Encoding.UTF8.GetBytes($"number,forename,surname,dob,house,town,postcode\n{number},Canarymate,Roost{tier},2012-08-09,{house},Norton,TS20 2AB\n"), "norton-stockton", "id=number,given=forename,family=surname,born=dob,address=house,locality=town,postcode=postcode"));
        Assert.Null(wrong);
        await register.Resolve(kept!.Import);
        await site.Administer($"update source_record set tier = '{tier}', tier_reason = {(tier == "open" ? "null" : "'Canaryreason'")} where number = $1", number);
        var report = await site.Received(TestSite.Report($"MATE-{tier}", r =>
        {
            var child = r["people"]![0]!.AsObject();
            (child["givenNames"], child["familyName"]) = ("Wren", $"Lodger{tier}");
            child["addresses"]![0]!["lines"]![0] = house;
            child.Remove("school");
        }));
        await site.Settle();
        var notice = await site.NoticeTo("norton-stockton", report);
        var person = await site.Row<Guid>("select l.person_id from mention m join link l on l.source_record_id = m.source_record_id and l.undone_at is null where m.report_id = $1 and m.key = 'child'", report);
        foreach (var who in new[] { "ramsey", "khalid" })
        {
            using var client = await site.SignedIn(who);
            foreach (var door in new[] { $"/children/{person}", $"/notices/{notice}/decide" })
            {
                Assert.True((await client.GetStringAsync(door, TestContext.Current.CancellationToken)).Contains("Canarymate", StringComparison.Ordinal) == said, $"{who}, {tier}, {door}");
            }
        }
        // The child is known to the police as well; what the council's register says of an address is not.
        Assert.Equal("0", await site.Says("thirlwell", "select count(*) from same_address($1)", person));
    }

    [Fact]
    public async Task A_history_is_for_who_may_see_the_child_and_without_the_notices_that_are_a_managers()
    {
        string Of(string reference) => TestSite.Report(reference, r =>
        {
            (r["people"]![0]!["familyName"], r["people"]![0]!["recordNumber"]) = ("Historied", "HIST-1");
            r["people"]![0]!.AsObject().Remove("school");
        });
        var first = await site.Received(Of("HIST/1"));
        var second = await site.Received(Of("HIST/2"));
        await site.Settle();
        var person = await site.Row<Guid>("select l.person_id from mention m join link l on l.source_record_id = m.source_record_id and l.undone_at is null where m.report_id = $1 and m.key = 'child'", first);
        await site.Administer("update notice set tier = 'restricted' where id = $1", await site.NoticeTo("norton-stockton", second));
        Task<string> History(string who) => site.Says(who, "select string_agg(reference, ' ' order by reference) from history_of($1)", person);
        Assert.Equal(("HIST/1", "HIST/1 HIST/2"), (await History("ramsey"), await History("khalid")));
        // Of the same council, and nothing of this child is his team's.
        Assert.Equal("", await History("appiah"));
    }
}
