using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Heed.Plumbing;
using Heed.Site.Notices;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Heed.Site.Tests.Access;

/// <summary>What each may see, asked of the database itself: whatever a page forgets, this refuses.</summary>
public sealed class PermissionTests(TestSite site) : IClassFixture<TestSite>
{
    private static readonly string[] People =
    [
        "person", "source_record", "reader", "mention", "statement", "residence", "relationship", "legal_status", "attendance", "allocation", "link", "possible_match", "alert",
        "report", "report_key", "notice", "telling", "handing_on", "contact", "episode", "referral", "clock", "clock_event", "import", "import_refusal",
    ];

    private static string Report(string reference, string family, string postcode = "TS20 2AB", bool school = false, Action<JsonObject>? change = null) => TestSite.Report(reference, r =>
    {
        var child = r["people"]![0]!.AsObject();
        child["familyName"] = family;
        child["statements"] = new JsonArray(new JsonObject { ["basis"] = "allegation", ["words"] = "Said to a neighbour" });
        child["addresses"]![0]!["postcode"] = postcode;
        r["people"]![1]!["familyName"] = family;
        r["place"]!["address"]!["postcode"] = postcode;
        if (!school)
        {
            child.Remove("school");
        }
        change?.Invoke(r);
    });

    /// <summary>How many rows of a table somebody sees that hang on one report.</summary>
    private Task<long> Sees(Identity who, string table, Guid report) => site.Works.As(who, "A test of who sees what", work => Count(work, table switch
    {
        "report" => "select count(*) from report where id = $1",
        "notice" or "mention" or "clock" => $"select count(*) from {table} where report_id = $1",
        "report_key" => "select count(*) from report_key where report_id = $1",
        "handing_on" => "select count(*) from handing_on where notice_id = any ($2)",
        "contact" => "select count(*) from contact where notice_id = any ($2)",
        "referral" => "select count(*) from referral where contact_id = any ($3)",
        "clock_event" => "select count(*) from clock_event where clock_id = any ($4)",
        "episode" or "source_record" => $"select count(*) from {table} where {(table == "source_record" ? "id" : "source_record_id")} = any ($5)",
        "person" => "select count(*) from person where id = any ($6)",
        "link" => "select count(*) from link where source_record_id = any ($5)",
        _ => $"select count(*) from {table} where mention_id = any ($7)",
    }, report));

    private async Task<long> Count(Work work, string sql, Guid report)
    {
        await using var batch = work.Batch();
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in new object[]
        {
            report, (await site.Rows<Guid>("select id from notice where report_id = $1", report)).ToArray(),
            (await site.Rows<Guid>("select c.id from contact c join notice n on n.id = c.notice_id where n.report_id = $1", report)).ToArray(),
            (await site.Rows<Guid>("select id from clock where report_id = $1", report)).ToArray(), (await site.Rows<Guid>("select source_record_id from mention where report_id = $1", report)).ToArray(),
            (await site.Rows<Guid>("select l.person_id from mention m join link l using (source_record_id) where report_id = $1", report)).ToArray(), (await site.Rows<Guid>("select id from mention where report_id = $1", report)).ToArray(),
        })
        {
            command.Parameters.Add(new() { Value = value });
        }
        // Every parameter is used, so that each statement can be asked with the same seven.
        command.CommandText += " and ($1::uuid, $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[]) is not null";
        batch.BatchCommands.Add(command);
        return (long)(await batch.ExecuteScalarAsync())!;
    }

    private static readonly string[] OfAReport = ["report", "notice", "mention", "clock", "report_key", "handing_on", "contact", "referral", "clock_event", "episode", "source_record", "person", "link", "statement", "residence", "relationship"];

    /// <summary>A report to Norton on which all has been done that can be.</summary>
    private async Task<Guid> Worked(string reference, string family)
    {
        await site.TimeIs(Cluster.Usual);
        var report = await site.Received(Report(reference, family, school: true));
        await site.Settle();
        var notice = await site.NoticeTo("norton-stockton", report);
        var contact = await site.Row<Guid>("select id from contact where notice_id = $1", notice);
        Assert.Null(await site.Works.As(site.Who("ramsey"), "Working", work => Acknowledge.Handle(new(notice), work)));
        Assert.Null(await site.Works.As(site.Who("ramsey"), "Working", async work => await HandOn.Handle(new(notice, site.Team("norton-stockton-front-door"), site.Practitioner("bielecki"), "Not for the sender's eyes"), work, new Heed.Site.Access.Bodies())));
        Assert.Null(await site.Decides("bielecki", contact));
        return report;
    }

    [Fact]
    public async Task Whoever_may_sees_all_of_it_so_that_what_others_do_not_see_proves_something()
    {
        var report = await Worked("W/1", "Wantage");
        foreach (var table in OfAReport.Except(["report", "report_key"]))
        {
            Assert.True(await Sees(site.Who("khalid"), table, report) > 0, $"A service manager of Norton sees no {table}");
        }
        Assert.True(await Sees(site.Who("thirlwell"), "report", report) > 0);
    }

    [Theory]
    [InlineData("sharma")] // Levenside's front door
    [InlineData("lockwood")] // Levenside's service manager
    [InlineData("levenside/system")]
    [InlineData("catterick")] // Hartmoor's emergency duty team
    [InlineData("hartmoor/system")]
    [InlineData("mensah")] // the hospital
    [InlineData("ashworth")] // the partnership
    [InlineData("templeton")] // the inspectorate
    [InlineData("tilery-beck-lead")] // another school
    public async Task Who_is_not_involved_sees_nothing_of_it_in_any_table(string who)
    {
        var report = await Worked($"W/2/{who}", $"Unseen{(char)('a' + who.Length)}{who[0]}");
        foreach (var table in OfAReport)
        {
            Assert.True(await Sees(site.Who(who), table, report) == 0, $"{who} sees {table}");
        }
    }

    [Fact]
    public async Task The_sender_sees_how_far_it_has_come_and_nothing_of_what_the_council_does_with_it()
    {
        var report = await Worked("W/3", "Sendersview");
        var receipt = JsonDocument.Parse(await site.System("tees-valley-police").GetStringAsync($"/api/reports/{report}", TestContext.Current.CancellationToken)).RootElement;
        Assert.Contains(receipt.GetProperty("notices").EnumerateArray(), n => n.GetProperty("acknowledgedBy").ValueKind == JsonValueKind.String);
        foreach (var who in new[] { "thirlwell", "tees-valley-police/system", "hewitt" })
        {
            foreach (var table in new[] { "contact", "referral", "episode", "handing_on" })
            {
                Assert.True(await Sees(site.Who(who), table, report) == 0, $"{who} sees {table}");
            }
            Assert.Equal(0, await site.Works.As(site.Who(who), "A test", work => work.One<long>($"select count(*) from clock where report_id = {report} and agency_id <> (select my_agency())")));
        }
        // What was decided for the child it reported, in the choice's words; not why.
        var decided = Assert.Single(receipt.GetProperty("notices").EnumerateArray().SelectMany(n => n.GetProperty("outcomes").EnumerateArray()));
        Assert.Equal(("referral", "child"), (decided.GetProperty("decision").GetString(), decided.GetProperty("key").GetString()));
        Assert.DoesNotContain("Accepted", receipt.ToString());
        Assert.Equal(0, await site.Works.As(site.Who("sharma"), "A test", work => work.One<long>($"select count(*) from outcomes_of({report})")));
        var notice = await site.NoticeTo("norton-stockton", report);
        Assert.Equal(HttpStatusCode.NotFound, (await site.System("tees-valley-police").GetAsync($"/api/notices/{notice}", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await site.System("tees-valley-police").PostAsync($"/api/notices/{notice}/taking", null, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task A_school_is_shown_its_pupil_and_nothing_of_the_adults_the_address_the_words_or_the_other_child()
    {
        await site.TimeIs(Cluster.Usual);
        var report = await site.Received(Report("W/4", "Canaryfamily", school: true, change: r => r["people"]!.AsArray().Add(JsonNode.Parse("""{ "key": "other", "roles": ["child"], "givenNames": "Othercanary", "born": "2012-01-01", "school": { "urn": "999999" } }"""))));
        await site.Settle();
        var notice = await site.NoticeTo("norton-primary", report);
        var text = await site.System("norton-primary").GetStringAsync($"/api/notices/{notice}", TestContext.Current.CancellationToken);
        Assert.Contains("Testa", text);
        foreach (var canary in new[] { "Moira", "3 Test Street", "TS20", "shouting", "I heard it", "Othercanary", "DASH", "1990-05-06", "Said to a neighbour", "PC 1" })
        {
            Assert.DoesNotContain(canary, text);
        }
        foreach (var table in new[] { "report", "report_key", "mention", "statement", "residence", "relationship", "contact" })
        {
            Assert.True(await Sees(site.Who("norton-primary-lead"), table, report) == 0, $"The school sees {table}");
        }
        Assert.Equal(1, await Sees(site.Who("norton-primary-lead"), "source_record", report));
        Assert.Equal(1, await Sees(site.Who("norton-primary-lead"), "notice", report));
        Assert.Equal(HttpStatusCode.NotFound, (await site.System("norton-primary").GetAsync($"/api/reports/{report}", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task A_restricted_notice_is_its_managers_and_whoever_they_give_it_to()
    {
        await site.TimeIs(Cluster.Usual);
        var report = await site.Received(Report("W/5", "Hushed", change: r => r["sensitivity"] = "restricted"));
        await site.Settle();
        var notice = await site.NoticeTo("norton-stockton", report);
        foreach (var table in OfAReport)
        {
            Assert.True(await Sees(site.Who("ramsey"), table, report) == 0 || table == "clock", $"ramsey sees {table}");
        }
        // The team whose clock runs is told that there is one, and to whom of its managers to speak.
        using var ramsey = await site.SignedIn("ramsey");
        var line = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await ramsey.GetStringAsync("/", TestContext.Current.CancellationToken)).QuerySelectorAll("main a").First(a => a.TextContent == "A restricted notice");
        var clock = await ramsey.GetStringAsync(line.GetAttribute("href"), TestContext.Current.CancellationToken);
        var manager = System.Text.RegularExpressions.Regex.Match(clock, "Speak to ([^,]+), Norton and Stockton Council").Groups[1].Value;
        Assert.Equal(1, await Sees(Identity.Of(await site.Row<Guid>("select id from practitioner where name = $1", manager)), "notice", report));
        Assert.DoesNotContain("Hushed", clock);
        Assert.Equal(1, await Sees(site.Who("khalid"), "notice", report));
        Assert.Null(await site.Works.As(site.Who("khalid"), "Giving it to one person", async work => await HandOn.Handle(new(notice, site.Team("norton-stockton-front-door"), site.Practitioner("ramsey"), "For you alone"), work, new Heed.Site.Access.Bodies())));
        Assert.Equal(1, await Sees(site.Who("ramsey"), "notice", report));
        Assert.NotEqual(0, await Sees(site.Who("ramsey"), "mention", report));
        Assert.Equal(0, await Sees(site.Who("bielecki"), "notice", report));
        Assert.Equal(0, await Sees(site.Who("bielecki"), "mention", report));
    }

    [Fact]
    public async Task What_is_sealed_is_exactly_like_what_is_not_there_and_its_owner_hears_of_the_knock()
    {
        await site.TimeIs(Cluster.Usual);
        var report = await site.Received(Report("W/6", "Sealedfamily"));
        await site.Settle();
        var record = await site.Row<Guid>("select source_record_id from mention where report_id = $1 and ordinal = 0", report);
        await site.Administer("update source_record set tier = 'sealed', tier_reason = 'A test' where id = $1", record);
        foreach (var path in new[] { "/api/notices/{0}", "/api/reports/{0}" })
        {
            var (there, nowhere) = (await Answer(path, record), await Answer(path, Guid.CreateVersion7()));
            Assert.Equal(nowhere, there);
        }
        Assert.Equal(2, await site.Row<long>("select count(*) from alert where source_record_id = $1 and agency_id = $2 and by = $3", record, site.Agency("tees-valley-police"), site.Practitioner("norton-stockton/system")));
        foreach (var who in new[] { "ramsey", "khalid", "thirlwell", "hewitt" })
        {
            Assert.Equal(0, await site.Works.As(site.Who(who), "A test", work => work.One<long>($"select count(*) from source_record where id = {record}")));
            Assert.Equal(0, await site.Works.As(site.Who(who), "A test", work => work.One<long>($"select count(*) from alert where source_record_id = {record}")));
            Assert.Equal(0, await site.Works.As(site.Who(who), "A test", work => work.One<long>($"select count(*) from mention where source_record_id = {record}")));
        }
        await site.Administer("insert into reader (source_record_id, practitioner_id, reason) values ($1, $2, 'Needs to know')", record, site.Practitioner("hewitt"));
        Assert.Equal(1, await site.Works.As(site.Who("hewitt"), "A test", work => work.One<long>($"select count(*) from source_record where id = {record}")));
        Assert.Equal(2, await site.Works.As(site.Who("hewitt"), "A test", work => work.One<long>($"select count(*) from alert where source_record_id = {record}")));

        async Task<string> Answer(string path, Guid id)
        {
            var answer = await site.System("norton-stockton").GetAsync(string.Format(path, id), TestContext.Current.CancellationToken);
            var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsObject();
            body.Remove("traceId");
            return $"{answer.StatusCode} {string.Join(",", answer.Headers.Where(h => h.Key is not "Date").Select(h => h.Key).Order())} {body.ToJsonString()}";
        }
    }

    [Fact]
    public async Task A_childs_page_which_asks_of_many_mentions_at_once_is_shown_those_that_the_policy_shows_and_no_other()
    {
        await site.TimeIs(Cluster.Usual);
        var reports = new List<Guid>
        {
            await Worked("A/S1", "Setwise"),
            await site.Received(Report("A/S2", "Setwise", school: true)),
            await site.Received(Report("A/S3", "Setwise"), "tees-university-hospitals"),
            await site.Received(Report("A/S4", "Setwise", change: r => r["sensitivity"] = "restricted")),
            await site.Received(Report("A/S5", "Setwise", postcode: "TS24 1AA")),
        };
        await site.Settle();
        await site.Administer("update source_record set tier = 'sealed', tier_reason = 'A test' where id = (select source_record_id from mention where report_id = $1 order by ordinal limit 1)", reports[2]);
        await site.Administer("update source_record set tier = 'restricted', tier_reason = 'A test' where id = (select source_record_id from mention where report_id = $1 order by ordinal limit 1)", reports[4]);
        var all = (await site.Rows<Guid>("select id from mention where report_id = any ($1)", reports.ToArray())).ToArray();
        var seen = new Dictionary<string, int>();
        foreach (var who in Cluster.Partnership.Practitioners.Select(p => p.Key))
        {
            if (await Ask(who, $"select id as \"Value\" from mention where id = any ({all}) order by id") is { } byPolicy)
            {
                Assert.Equal(byPolicy, (await Ask(who, $"select id as \"Value\" from seen({all}) order by id"))!);
                seen[who] = byPolicy.Count;
            }
        }
        Assert.Contains(0, seen.Values);
        Assert.True(seen.Values.Where(n => n < all.Length).Distinct().Count() > 2, $"Too much alike to prove anything: {string.Join(", ", seen)}");

        async Task<List<Guid>?> Ask(string who, FormattableString sql)
        {
            try
            {
                return await site.Works.As(site.Who(who), "A test of who sees what", work => work.Ask<Guid>(sql).ToListAsync());
            }
            catch (NobodyThere)
            {
                return null;
            }
        }
    }

    [Fact]
    public async Task Who_holds_more_is_named_with_whom_to_ask_and_what_is_sealed_is_not()
    {
        await site.TimeIs(Cluster.Usual);
        var police = await site.Received(Report("W/7a", "Elsewhere"));
        var hospital = await site.Received(Report("W/7b", "Elsewhere"), "tees-university-hospitals");
        await site.Settle();
        var person = await site.Row<Guid>("select l.person_id from mention m join link l using (source_record_id) where m.report_id = $1 and m.ordinal = 0", police);
        var record = await site.Row<Guid>("select source_record_id from mention where report_id = $1 and ordinal = 0", hospital);
        Assert.Equal(1, await site.Row<long>("select count(*) from link where person_id = $1 and source_record_id = $2", person, record));
        Assert.Equal(["Tees University Hospitals NHS Trust"], await Held("thirlwell"));
        // The comparison that made the link says the hospital's words: not for the police.
        var link = await site.Row<Guid>("select id from link where source_record_id = $1", record);
        Assert.Equal(0, await site.Works.As(site.Who("thirlwell"), "A test", work => work.One<long>($"select count(working({link}))")));
        await Assert.ThrowsAsync<PostgresException>(() => site.Works.As(site.Who("thirlwell"), "A test", work => work.Do($"select comparison from link where id = {link}")));
        await site.Administer("update source_record set tier = 'restricted', tier_reason = 'A test' where id = $1", record);
        Assert.Equal(["Tees University Hospitals NHS Trust"], await Held("thirlwell"));
        await site.Administer("update source_record set tier = 'sealed' where id = $1", record);
        Assert.Empty(await Held("thirlwell"));
        Assert.Empty(await Held("sharma"));

        Task<string[]> Held(string who) => site.Works.As(site.Who(who), "A test", work => work.One<string[]>($"select coalesce(array_agg(agency), array[]::text[]) from held_elsewhere({person})"));
    }

    [Fact]
    public async Task Without_a_name_and_a_purpose_nobody_reads_or_writes_a_row()
    {
        await Worked("W/8", "Nobodys");
        foreach (var login in new[] { "heed_app", "heed_worker" })
        {
            await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(site.Databases.Owner.ConnectionString) { Username = login, MaxPoolSize = 2 }.ConnectionString);
            foreach (var table in People.Concat(["change", "look", "api_key", "legal_hold", "case_transfer", "never_link", "blocking_key", "job"]))
            {
                if (login == "heed_worker")
                {
                    // The program itself reads all that its policies name; to write it must be somebody.
                    continue;
                }
                var seen = await Try(source, $"select count(*) from {table}");
                Assert.True(seen is "0" or "42704" or "22P02" or "42501", $"{login} reads {table} as nobody: {seen}");
            }
            Assert.NotEqual("1", await Try(source, "insert into look (id, at_what) values (gen_random_uuid(), 'x') returning 1"));
            Assert.NotEqual("1", await Try(source, "select set_config('app.purpose', '', false); insert into look (id, at_what) values (gen_random_uuid(), 'x') returning 1"));
            Assert.Equal("P0001", await Try(source, "select enter('00000000-0000-7000-8000-000000000001', '')"));
        }

        static async Task<string> Try(NpgsqlDataSource source, string sql)
        {
            try
            {
                await using var command = source.CreateCommand(sql);
                return (await command.ExecuteScalarAsync())?.ToString() ?? "";
            }
            catch (PostgresException refused)
            {
                return refused.SqlState;
            }
        }
    }

    [Theory]
    [InlineData("update clock set due_at = due_at + interval '1 day'")]
    [InlineData("update clock set anchor_at = heed_now()")]
    [InlineData("update notice set shown = '{}'")]
    [InlineData("update report set content = '{}'")]
    [InlineData("update mention set given = 'x'")]
    [InlineData("update role set permits = array['report.send']")]
    [InlineData("update post set during = tstzrange(null, null)")]
    [InlineData("update time_offset set ahead = '1 day'")]
    [InlineData("delete from notice")]
    [InlineData("delete from look")]
    [InlineData("delete from change")]
    [InlineData("update change set purpose = 'x'")]
    [InlineData("insert into change (actor, agency, purpose, on_table) values (me(), my_agency(), 'x', 'x')")]
    [InlineData("insert into api_key select * from api_key")]
    [InlineData("insert into link (id, source_record_id, person_id, rules, verdict, reason) select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), '', '', ''")]
    [InlineData("insert into reader select gen_random_uuid(), me(), heed_now(), 'x'")]
    [InlineData("truncate look")]
    [InlineData("alter table notice disable row level security")]
    [InlineData("set role heed_owner")]
    [InlineData("copy notice to program 'cat'")]
    public async Task The_pages_own_login_cannot(string sql) =>
        Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => site.Works.As(site.Who("khalid"), "A test", async work =>
        {
            await using var batch = work.Batch();
            batch.BatchCommands.Add(new(sql));
            return await batch.ExecuteNonQueryAsync();
        }))).SqlState);

    [Fact]
    public async Task An_emergency_duty_team_sees_what_came_to_the_front_doors_it_covers_and_to_no_other()
    {
        await site.TimeIs(Cluster.Usual);
        var levenside = await site.Received(Report("W/9a", "Nightly", "TS17 1AA"));
        var hartmoor = await site.Received(Report("W/9b", "Nightlyother", "TS24 1AA"));
        await site.Settle();
        var notice = await site.NoticeTo("levenside", levenside);
        Assert.NotNull(await site.Works.As(site.Who("egan"), "On duty at night", async work => await OpenNotice.Handle(notice, work, new Heed.Site.Access.Bodies())));
        Assert.Null(await site.Works.As(site.Who("egan"), "On duty at night", work => Acknowledge.Handle(new(notice), work)));
        Assert.Equal("met", await site.Row<string>("select state from clock where notice_id = $1 and limit_key = 'notice.acknowledge'", notice));
        Assert.Equal(0, await Sees(site.Who("egan"), "notice", hartmoor));
        Assert.Equal(1, await Sees(site.Who("catterick"), "notice", hartmoor));
        Assert.Equal(0, await Sees(site.Who("catterick"), "notice", levenside));
    }

    [Fact]
    public async Task A_leaver_and_a_revoked_key_are_out_at_once()
    {
        await site.Works.As(site.Who("birtle"), "Still here", work => Task.FromResult(work.Actor.Name));
        await site.Administer("update practitioner set during = tstzrange(null, heed_now()) where id = $1", site.Practitioner("birtle"));
        await Assert.ThrowsAsync<NobodyThere>(() => site.Works.As(site.Who("birtle"), "Gone", work => Task.FromResult(0)));
        await site.Administer("update post set during = tstzrange(null, heed_now()) where practitioner_id = $1", site.Practitioner("popa"));
        await Assert.ThrowsAsync<NobodyThere>(() => site.Works.As(site.Who("popa"), "Without a post", work => Task.FromResult(0)));

        using var hartmoor = site.System("hartmoor");
        Assert.Equal(HttpStatusCode.OK, (await hartmoor.GetAsync("/api/reports", TestContext.Current.CancellationToken)).StatusCode);
        await site.Administer("update api_key set during = tstzrange(null, heed_now()) where agency_id = $1", site.Agency("hartmoor"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await hartmoor.GetAsync("/api/reports", TestContext.Current.CancellationToken)).StatusCode);
        await site.Administer("update api_key set during = tstzrange(null, null) where agency_id = $1", site.Agency("hartmoor"));
    }

    [Fact]
    public async Task Who_has_no_permit_is_refused_at_the_door_of_page_API_and_live_page()
    {
        var report = await site.Received(Report("W/11", "Doorkept"));
        await site.Administer("update post set role = 'vetting-clerk' where practitioner_id = $1", site.Practitioner("hartmoor/system"));
        Assert.Equal(HttpStatusCode.Forbidden, (await site.Send(Report("W/12", "Doorkept"), "hartmoor")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await site.System("hartmoor").GetAsync($"/api/reports/{report}", TestContext.Current.CancellationToken)).StatusCode);
        await site.Administer("update post set role = 'system' where practitioner_id = $1", site.Practitioner("hartmoor/system"));
        Assert.Equal(0, await site.Row<long>("select count(*) from report where reference = 'W/12'"));
        using var clerk = await site.SignedIn("ashworth");
        foreach (var page in new[] { $"/notices/{report}", $"/children/{report}", $"/reports/{report}", $"/live/reports/{report}" })
        {
            Assert.True((await clerk.GetAsync(page, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken)).StatusCode == HttpStatusCode.Forbidden, page);
        }
        Assert.Equal(HttpStatusCode.Unauthorized, (await site.Nobody().GetAsync($"/live/reports/{report}", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task A_childs_page_that_was_opened_is_known_to_those_whose_records_it_showed()
    {
        await site.TimeIs(Cluster.Usual);
        var report = await site.Received(Report("W/13", "Looked"));
        await site.Settle();
        var person = await site.Row<Guid>("select l.person_id from mention m join link l using (source_record_id) where m.report_id = $1 and m.ordinal = 0", report);
        using var worker = await site.SignedIn("ramsey");
        Assert.Equal(HttpStatusCode.OK, (await worker.GetAsync($"/children/{person}", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(site.Agency("tees-valley-police"), (await site.Row<Guid[]>("select owners from look where subject_id = $1 and actor = $2", person, site.Practitioner("ramsey"))).Single());
    }

    [Fact]
    public async Task A_decision_needs_what_and_why_and_handing_on_needs_why_and_somebody_who_is_there()
    {
        var report = await site.Received(Report("W/14", "Undecided"));
        var notice = await site.NoticeTo("norton-stockton", report);
        var contact = await site.Row<Guid>("select id from contact where notice_id = $1", notice);
        foreach (var (path, body, field) in new[]
        {
            ($"contacts/{contact}/decision", """{ "reason": "Why", "threshold": "early-help", "parentsTold": true }""", "decision"),
            ($"contacts/{contact}/decision", """{ "decision": "forget-it", "reason": "Why", "threshold": "early-help", "parentsTold": true }""", "decision"),
            ($"contacts/{contact}/decision", """{ "decision": "early-help", "threshold": "early-help", "parentsTold": true }""", "reason"),
            ($"contacts/{contact}/decision", """{ "decision": "early-help", "reason": " ", "threshold": "early-help", "parentsTold": true }""", "reason"),
            ($"contacts/{contact}/decision", """{ "decision": "early-help", "reason": "Why", "threshold": "early-help", "parentsTold": false }""", "parentsNotToldBecause"),
            ($"notices/{notice}/handing-on", $$"""{ "team": "{{site.Team("norton-stockton-assessment")}}" }""", "words"),
            ($"notices/{notice}/handing-on", $$"""{ "team": "{{site.Team("norton-stockton-assessment")}}", "practitioner": "{{site.Practitioner("ramsey")}}", "words": "Hers" }""", "practitioner"),
        })
        {
            var answer = await site.System("norton-stockton").PostAsync($"/api/{path}", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
            Assert.Equal((HttpStatusCode.UnprocessableEntity, field), (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement.GetProperty("errors").EnumerateObject().Single().Name));
        }
        Assert.Equal(0, await site.Row<long>("select count(*) from contact where id = $1 and decision is not null", contact));
    }

    [Fact]
    public async Task Of_two_who_open_and_accept_one_notice_at_once_the_first_stays()
    {
        for (var round = 0; round < 8; round++)
        {
            var notice = await site.NoticeTo("norton-stockton", await site.Received(Report($"W/12/{round}", "Opened")));
            string[] two = ["ramsey", "bielecki"];
            Assert.All(await Task.WhenAll(two.Select(who => site.Works.As(site.Who(who), "Opening", async work => await OpenNotice.Handle(notice, work, new Heed.Site.Access.Bodies()) is null ? work.NotFound(notice) : null))), Assert.Null);
            Assert.All(await Task.WhenAll(two.Select(who => site.Works.As(site.Who(who), "Accepting", work => Acknowledge.Handle(new(notice), work)))), Assert.Null);
            // One change each, whoever it was: the second found it done.
            Assert.Equal(1, await site.Row<long>("select count(distinct after ->> 'opened_by') from change where row_id = $1", notice));
            Assert.Equal(1, await site.Row<long>("select count(distinct after ->> 'acknowledged_by') from change where row_id = $1", notice));
            // What it said stands in the notice alone: once that is withdrawn the log does not tell it.
            Assert.Equal(0, await site.Row<long>("select count(*) from change where row_id = $1 and (before ? 'shown' or after ? 'shown')", notice));
        }
    }

    [Fact]
    public async Task Of_two_who_hand_one_notice_on_at_once_it_leaves_the_team_once()
    {
        for (var round = 0; round < 8; round++)
        {
            var notice = await site.NoticeTo("norton-stockton", await site.Received(Report($"W/13/{round}", "Handed")));
            var handed = await Task.WhenAll(new[] { "ramsey", "khalid" }.Select(who => site.Works.As(site.Who(who), "Handing on", work => HandOn.Handle(new(notice, site.Team("norton-stockton-assessment"), null, "Known there"), work, new Heed.Site.Access.Bodies()))));
            Assert.All(handed, no => Assert.True(no?.Kind is null or No.Conflict or No.NotFound));
            // Whoever comes a moment later may hand it on from where it is then; from the front door it goes once.
            Assert.Equal(1, await site.Row<long>("select count(*) from handing_on where notice_id = $1 and from_team = $2", notice, site.Team("norton-stockton-front-door")));
        }
    }

    [Fact]
    public async Task Of_two_who_take_one_notice_or_decide_one_contact_at_once_one_is_told_that_the_other_was_first()
    {
        for (var round = 0; round < 8; round++)
        {
            var report = await site.Received(Report($"W/10/{round}", "Raced"));
            var notice = await site.NoticeTo("norton-stockton", report);
            var contact = await site.Row<Guid>("select id from contact where notice_id = $1", notice);
            string[] two = ["ramsey", "bielecki"];
            var taken = await Task.WhenAll(two.Select(who => site.Works.As(site.Who(who), "Taking", work => Take.Handle(new(notice), work))));
            Assert.Single(taken, no => no is null);
            Assert.Single(taken, no => no?.Kind == No.Conflict);
            var decided = await Task.WhenAll(two.Select(who => site.Decides(who, contact, d => who == "ramsey" ? d : d with { Decision = "early-help" })));
            Assert.Single(decided, no => no is null);
            Assert.Single(decided, no => no?.Kind == No.Conflict);
            Assert.Equal(1, await site.Row<long>("select count(*) from contact where id = $1 and (decision = 'referral') = exists (select 1 from referral where contact_id = $1)", contact));
        }
    }
}
