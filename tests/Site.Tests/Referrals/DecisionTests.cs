using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Heed.Plumbing;
using Heed.Site.Notices;
using Heed.Site.Referrals;
using NodaTime;
using Npgsql;

namespace Heed.Site.Tests.Referrals;

/// <summary>A decision about a child is made with the child's history in front of it, against a threshold, for a reason; and what follows from it.</summary>
public sealed class DecisionTests(TestSite site) : IClassFixture<TestSite>
{
    /// <summary>A report about a child who is like no other child of these tests, by the reference under which it was first heard of.</summary>
    private static string Of(string child, string reference, Action<JsonObject>? change = null) => TestSite.Report(reference, r =>
    {
        var number = int.Parse(string.Concat(child.Where(char.IsDigit)));
        r["people"]![0]!["givenNames"] = $"Child{(char)('A' + number)}{child[^1]}";
        r["people"]![0]!["familyName"] = $"Of{(char)('K' + number)}{child[^1]}";
        r["people"]![0]!["born"] = $"20{10 + number}-0{1 + number}-1{number}";
        r["people"]![0]!["addresses"]![0]!["lines"]![0] = $"{number} Test Street";
        change?.Invoke(r);
    });

    private async Task<(Guid Report, Guid Notice, Guid Contact)> Known(string reference, Action<JsonObject>? change = null, string council = "norton-stockton")
    {
        var report = await site.Received(Of(reference, reference, change));
        await site.Settle();
        var notice = await site.NoticeTo(council, report);
        return (report, notice, await site.Row<Guid>("select c.id from contact c join mention m on m.id = c.mention_id where c.notice_id = $1 order by m.ordinal limit 1", notice));
    }

    [Theory]
    [InlineData("threshold")]
    [InlineData("decision")]
    [InlineData("next")]
    [InlineData("reason")]
    [InlineData("parentsTold")]
    [InlineData("parentsNotToldBecause")]
    [InlineData("shown")]
    public async Task What_a_decision_lacks_is_named_and_nothing_is_chosen_for_anybody(string lacks)
    {
        var (_, _, contact) = await Known($"D/1/{lacks}");
        var no = await site.Decides("ramsey", contact, d => lacks switch
        {
            "threshold" => d with { Threshold = null },
            "decision" => d with { Decision = null },
            "next" => d with { Next = null },
            "reason" => d with { Reason = " " },
            "parentsTold" => d with { ParentsTold = null },
            "parentsNotToldBecause" => d with { ParentsTold = false },
            _ => d with { Shown = null },
        });
        Assert.Equal([lacks], no!.Errors.Keys);
        Assert.Equal(0, await site.Row<long>("select count(*) from contact where id = $1 and decision is not null", contact));
    }

    [Fact]
    public async Task A_showing_of_another_child_or_to_another_worker_is_none()
    {
        var (_, _, one) = await Known("D/2/a");
        var (_, _, other) = await Known("D/2/b");
        Guid? borrowed = null;
        await site.Decides("ramsey", other, d => { borrowed = d.Shown; return d with { Reason = "" }; });
        Assert.Equal(["shown"], (await site.Decides("ramsey", one, d => d with { Shown = borrowed }))!.Errors.Keys);
        Assert.Equal(["shown"], (await site.Decides("bielecki", other, d => d with { Shown = borrowed }))!.Errors.Keys);
    }

    [Fact]
    public async Task What_came_in_while_the_page_stood_open_is_read_first()
    {
        var (_, notice, contact) = await Known("D/3");
        var no = await site.Works.As(site.Who("ramsey"), "Deciding", async work =>
        {
            var bodies = site.Bodies;
            var shown = (await site.Works.As(site.Who("ramsey"), "Reading", w => Consider.Handle(notice, w, bodies)))!.Children.Single().Shown;
            await site.Received(Of("D/3", "D/3/later"));
            await site.Settle();
            return await Decide.Handle(new(contact, shown, "no-further-action", "universal", "Nothing new", true), work, bodies);
        });
        Assert.Equal(No.Conflict, no!.Kind);
        Assert.Contains("One more report about this child", no.Message);
        Assert.Null(await site.Decides("ramsey", contact));
    }

    [Fact]
    public async Task The_decision_names_what_stood_before_it_and_what_of_that_was_opened()
    {
        var (first, earlier, _) = await Known("D/4");
        await site.Received(Of("D/4", "D/4/2"));
        await site.Received(Of("D/4", "D/4/3"));
        await site.Settle();
        var contact = await site.Row<Guid>("select c.id from contact c join notice n on n.id = c.notice_id join report r on r.id = n.report_id where r.reference = 'D/4/3'");
        using var ramsey = await site.SignedIn("ramsey");
        await ramsey.GetAsync($"/notices/{earlier}", TestContext.Current.CancellationToken);
        Assert.Null(await site.Decides("ramsey", contact));
        Assert.Equal(2, await site.Row<int>("select cardinality(s.reports) from contact c join shown_history s on s.id = c.shown_id where c.id = $1", contact));
        Assert.True(await site.Row<bool>("select $2 = any (s.reports) from contact c join shown_history s on s.id = c.shown_id where c.id = $1", contact, first));
        Assert.Equal([earlier], await site.Row<Guid[]>("select opened from contact where id = $1", contact));
    }

    [Fact]
    public async Task A_referral_begins_one_assessment_in_an_episode_with_its_clock_from_when_the_council_received_it()
    {
        var (_, notice, contact) = await Known("D/5");
        Assert.Null(await site.Decides("ramsey", contact));
        var due = await site.Row<Instant>("select due_at from clock where contact_id = $1 and limit_key = 'assessment.complete'", contact);
        // 45 working days from Wednesday 18 November 2026: over Christmas, Boxing Day's substitute and New Year's Day.
        Assert.Equal(new LocalDate(2027, 1, 25), due.Minus(Duration.FromSeconds(1)).InZone(DateTimeZoneProviders.Tzdb["Europe/London"]).Date);
        await site.Received(Of("D/5", "D/5/again"));
        await site.Settle();
        var second = await site.Row<Guid>("select c.id from contact c join notice n on n.id = c.notice_id join report r on r.id = n.report_id where r.reference = 'D/5/again'");
        Assert.Null(await site.Decides("ramsey", second));
        Assert.Equal(2, await site.Row<long>("select count(*) from referral where contact_id in ($1, $2)", contact, second));
        var assessment = await site.Row<Guid>("select a.id from assessment a where a.contact_id in ($1, $2) order by began_at limit 1", contact, second);

        // The assessment team has it, and the notice that it began with; another council has neither.
        Assert.NotNull(await site.Works.As(site.Who("appiah"), "Assessing", work => OpenNotice.Handle(notice, work, site.Bodies)));
        using var khalid = await site.SignedIn("khalid");
        Assert.Contains("To be complete", await khalid.GetStringAsync($"/assessments/{assessment}", TestContext.Current.CancellationToken));
        using var sharma = await site.SignedIn("sharma");
        Assert.Equal(HttpStatusCode.NotFound, (await sharma.GetAsync($"/assessments/{assessment}", TestContext.Current.CancellationToken)).StatusCode);

        Assert.Equal(["words"], (await site.Works.As(site.Who("khalid"), "Authorising", work => Authorise.Handle(new(assessment, "child-in-need", ""), work)))!.Errors.Keys);
        Assert.Null(await site.Works.As(site.Who("khalid"), "Authorising", work => Authorise.Handle(new(assessment, "child-in-need", "A plan is needed."), work)));
        Assert.Equal("met", await site.Row<string>("select state from clock where contact_id = $1 and limit_key = 'assessment.complete'", contact));
        Assert.Equal(No.Conflict, (await site.Works.As(site.Who("khalid"), "Authorising", work => Authorise.Handle(new(assessment, "early-help", "Again."), work)))!.Kind);
    }

    [Fact]
    public async Task A_manager_closes_a_case_over_nothing_that_waits_and_its_worker_has_it_no_longer()
    {
        var contact = await Came("Aldous", "D/30");
        Assert.Null(await site.Decides("ramsey", contact));
        var assessment = await site.Row<Guid>("select id from assessment where contact_id = $1", contact);
        var record = await site.Row<Guid>("select m.source_record_id from mention m join contact c on c.mention_id = m.id where c.id = $1", contact);
        await site.Administer("insert into allocation (id, source_record_id, agency_id, practitioner_id, team_id, during) values (gen_random_uuid(), $1, $2, $3, $4, tstzrange(heed_now() - interval '1 day', null))", record, site.Agency("norton-stockton"), site.Practitioner("appiah"), site.Team("norton-stockton-assessment"));
        Task<Refusal?> Closes(string? reason, string? words = "He is safe with his aunt.", string who = "khalid") => site.Works.As(site.Who(who), "Closing", work => Close.Handle(new(assessment, reason, words), work));
        Assert.Equal(["reason", "words"], (await Closes("RC10", " "))!.Errors.Keys.Order());
        Assert.Equal("An assessment of this child is under way: it is authorised first (children in need census, rule 8867)", (await Closes("RC7"))!.Errors["reason"][0]);
        Assert.Null(await site.Works.As(site.Who("khalid"), "Authorising", work => Authorise.Handle(new(assessment, "no-further-action", "Nothing was found."), work)));
        Assert.Contains("not what the last assessment came to", (await Closes("RC9"))!.Errors["reason"][0]);
        // What has come in since and is not decided is not closed over.
        var second = await Came("Aldous", "D/30/again");
        Assert.Contains("nobody has decided", (await Closes("RC8"))!.Errors["reason"][0]);
        Assert.Null(await site.Decides("ramsey", second, d => d with { Decision = "open-case", Next = null }));
        // A social worker, another council, and nobody through the database's own door.
        using var worker = site.System("norton-stockton");
        Assert.Equal(HttpStatusCode.Forbidden, (await worker.PostAsJsonAsync($"/api/assessments/{assessment}/case-closing", new { reason = "RC8", words = "Over" })).StatusCode);
        Assert.Equal(No.NotFound, (await Closes("RC8", who: "sharma"))!.Kind);
        var episode = await site.Row<Guid>("select episode_id from assessment where id = $1", assessment);
        foreach (var who in new[] { "ramsey", "sharma", "pemberton" })
        {
            Assert.Equal("42501", await site.Says(who, $"select close_case($1, 'RC8', 'Over')", episode));
        }
        Assert.Equal("42501", await site.Says("khalid", "update episode set closed_at = heed_now(), closed_by = me(), closed_reason = 'RC8', closed_words = 'Over' where id = $1", episode));
        Assert.Equal("appiah", await Allocated());

        using var manager = await site.SignedIn("khalid");
        var page = $"/assessments/{assessment}";
        Assert.Contains("Why is the case closed?", await manager.GetStringAsync(page, TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.PostTo(manager, page, $"{page}?handler=Close", ("Reason", "RC8"), ("Words", "He is safe with his aunt."))).StatusCode);
        var closed = await manager.GetStringAsync(page, TestContext.Current.CancellationToken);
        Assert.Contains("He is safe with his aunt.", closed);
        Assert.DoesNotContain("Why is the case closed?", closed);
        Assert.Contains("He is safe with his aunt.", await manager.GetStringAsync($"/children/{await site.Row<Guid>("select person_id from link where source_record_id = $1 and undone_at is null", record)}", TestContext.Current.CancellationToken));
        Assert.Equal("", await Allocated());
        Assert.Equal(No.Conflict, (await Closes("RC8"))!.Kind);
        Assert.Equal("0", await site.Says("khalid", "update episode set closed_at = heed_now() - interval '1 day' where id = $1", episode));
        Assert.Equal(1, await site.Row<long>("select count(*) from change where on_table = 'episode' and row_id = $1 and after ->> 'closed_reason' = 'RC8'", episode));

        // The next referral opens another, with an assessment of its own.
        var third = await Came("Aldous", "D/30/later");
        using var front = await site.SignedIn("ramsey");
        Assert.Contains("He is safe with his aunt.", await front.GetStringAsync($"/notices/{await site.Row<Guid>("select notice_id from contact where id = $1", third)}/decide", TestContext.Current.CancellationToken));
        Assert.Equal(["decision"], (await site.Decides("ramsey", third, d => d with { Decision = "open-case", Next = null }))!.Errors.Keys);
        Assert.Null(await site.Decides("ramsey", third));
        Assert.Equal(1, await site.Row<long>("select count(*) from referral f join episode e on e.id = f.episode_id where f.contact_id = $1 and e.closed_at is null and e.id <> $2", third, episode));

        Task<string> Allocated() => site.Row<string>("select coalesce((select p.key from allocation a join practitioner p on p.id = a.practitioner_id where a.source_record_id = $1 and a.during @> heed_now()), '')", record);
    }

    [Fact]
    public async Task A_referral_that_comes_while_its_case_is_closed_waits_and_opens_another()
    {
        var first = await Came("Berwyn", "D/31");
        Assert.Null(await site.Decides("ramsey", first));
        var episode = await site.Row<Guid>("select episode_id from referral where contact_id = $1", first);
        var second = await Came("Berwyn", "D/31/again");
        await using var closing = await site.Databases.Owner.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await closing.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var close = new NpgsqlCommand($"select enter('00000000-0000-7000-8000-000000000001', 'Closing'); update episode set closed_at = heed_now(), closed_by = '{site.Practitioner("khalid")}', closed_reason = 'RC7', closed_words = 'Moved' where id = '{episode}'", closing);
        await close.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var deciding = site.Decides("ramsey", second);
        while (!deciding.IsCompleted && await site.Row<long>("select count(*) from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0") == 0)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
        Assert.False(deciding.IsCompleted);
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        Assert.Null(await deciding);
        Assert.Equal(1, await site.Row<long>("select count(*) from referral f join episode e on e.id = f.episode_id where f.contact_id = $1 and e.closed_at is null and e.id <> $2", second, episode));
    }

    /// <summary>The contact about one child of this name, alone in a report; the force has one record of them.</summary>
    private async Task<Guid> Came(string child, string reference)
    {
        var report = await site.Received(TestSite.Report(reference, r => r["people"] = new JsonArray(new JsonObject
        {
            ["key"] = "c", ["recordNumber"] = child, ["roles"] = new JsonArray("child"), ["givenNames"] = child, ["familyName"] = $"Of{child}", ["born"] = $"201{child.Length % 9}-0{1 + child[^1] % 9}-11",
            ["addresses"] = new JsonArray(new JsonObject { ["lines"] = new JsonArray($"{(int)child[^1]} Lone Row"), ["postcode"] = "TS20 2AB" }),
        })));
        await site.Settle();
        return await site.Row<Guid>("select c.id from contact c join notice n on n.id = c.notice_id where n.report_id = $1", report);
    }

    [Fact]
    public async Task Passed_to_another_council_each_child_has_one_contact_there_and_that_councils_clocks_run()
    {
        var (report, notice, _) = await Known("D/6", r => r["people"]!.AsArray().Add(JsonNode.Parse("""{ "key": "two", "roles": ["child"], "givenNames": "Testo", "familyName": "D6", "born": "2020-01-05" }""")));
        var contacts = await site.Rows<Guid>("select id from contact where notice_id = $1", notice);
        Assert.Equal(2, contacts.Count);
        foreach (var (contact, who) in contacts.Zip(["ramsey", "bielecki"]))
        {
            Assert.Equal(["council"], (await site.Decides(who, contact, d => d with { Decision = "another-council" }))!.Errors.Keys);
            Assert.Equal(["council"], (await site.Decides(who, contact, d => d with { Decision = "another-council", Council = site.Agency("norton-stockton") }))!.Errors.Keys);
            Assert.Null(await site.Decides(who, contact, d => d with { Decision = "another-council", Council = site.Agency("levenside") }));
        }
        var there = await site.Row<Guid>("select id from notice where report_id = $1 and to_agency = $2 and from_agency = $3", report, site.Agency("levenside"), site.Agency("norton-stockton"));
        Assert.Equal(2, await site.Row<long>("select count(*) from contact where notice_id = $1", there));
        Assert.Equal(["notice.acknowledge", "referral.decision", "referral.decision"], await site.Rows<string>("select limit_key from clock where notice_id = $1 order by 1", there));
        using var sharma = await site.SignedIn("sharma");
        Assert.Contains("Passed on by Norton and Stockton Council", await sharma.GetStringAsync($"/notices/{there}", TestContext.Current.CancellationToken));
        // Where the sender told that council itself, nothing is sent twice.
        var (both, _, first) = await Known("D/7", r => { r["people"]![0]!["addresses"]![0]!["postcode"] = "TS17 1AA"; }, "norton-stockton");
        Assert.Null(await site.Decides("ramsey", first, d => d with { Decision = "another-council", Council = site.Agency("levenside") }));
        Assert.Equal(2, await site.Row<long>("select count(*) from notice n join agency a on a.id = n.to_agency where n.report_id = $1 and a.kind = 'council'", both));
    }

    /// <summary>What whoever reported it reads on the receipt, and their system of the same.</summary>
    private async Task<(string Page, List<JsonElement> Outcomes)> Told(Guid report, string who = "thirlwell", string agency = "tees-valley-police")
    {
        using var desk = await site.SignedIn(who);
        using var system = site.System(agency);
        var receipt = await system.GetFromJsonAsync<JsonElement>($"/api/reports/{report}", TestContext.Current.CancellationToken);
        var page = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await desk.GetStringAsync($"/reports/{report}", TestContext.Current.CancellationToken)).QuerySelector("main")!.TextContent;
        return (string.Join(' ', page.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), [.. receipt.GetProperty("notices").EnumerateArray().SelectMany(n => n.GetProperty("outcomes").EnumerateArray())]);
    }

    [Fact]
    public async Task Whoever_reported_it_reads_what_they_are_to_be_told_besides_the_decision_and_nobody_else_of_their_agencys_outside_does()
    {
        var (report, _, contact) = await Known("D/17");
        Assert.Null(await site.Decides("ramsey", contact, d => d with { SenderTold = "Ring before you go back" }));
        var (page, outcomes) = await Told(report);
        Assert.Contains("For you: Ring before you go back", page);
        Assert.Equal("Ring before you go back", outcomes.Single().GetProperty("told").GetString());
        // The reason is the council's own.
        Assert.DoesNotContain("decided by a test", page, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("0", await site.Says("levenside/system", "select count(*) from outcomes_of($1)", report));
    }

    [Fact]
    public async Task What_is_decided_where_it_was_passed_on_to_is_told_to_whoever_reported_it_and_to_whoever_passed_it_on()
    {
        var (report, notice, contact) = await Known("D/16");
        Assert.Null(await site.Decides("ramsey", contact, d => d with { Decision = "another-council", Next = null, Council = site.Agency("levenside") }));
        var (page, outcomes) = await Told(report);
        Assert.Contains("Pass to another council: Levenside Council", page);
        Assert.Equal([("Norton and Stockton Council", "another-council"), ("Levenside Council", null)], outcomes.Select(o => (o.GetProperty("council").GetString(), o.TryGetProperty("decision", out var d) ? d.GetString() : null)));
        using var council = await site.SignedIn("ramsey");
        Assert.Contains("which has not decided yet", await council.GetStringAsync($"/notices/{notice}", TestContext.Current.CancellationToken));

        var there = await site.NoticeTo("levenside", report);
        var theirs = await site.Row<Guid>("select id from contact where notice_id = $1", there);
        Assert.Null(await site.Decides("sharma", theirs, d => d with { SenderTold = "We visit today" }));
        (page, outcomes) = await Told(report);
        Assert.Matches(@"Decided for \S+ \S+ by Levenside Council Accept", page);
        Assert.Contains("For you: We visit today", page);
        Assert.Equal(("Levenside Council", "referral", "We visit today"), (outcomes[1].GetProperty("council").GetString(), outcomes[1].GetProperty("decision").GetString(), outcomes[1].GetProperty("told").GetString()));
        Assert.Contains("which decided:", await council.GetStringAsync($"/notices/{notice}", TestContext.Current.CancellationToken));
        Assert.Equal("1", await site.Says("ramsey", "select count(*) from outcome_there($1)", contact));
        // Nobody asks it of a contact that is not theirs.
        Assert.Equal("0", await site.Says("sharma", "select count(*) from outcome_there($1)", contact));
        Assert.Equal("42501", await site.Says("sharma", "select count(*) from there((select c from contact c where id = $1), agency_id_of('levenside'))".Replace("agency_id_of('levenside')", $"'{site.Agency("levenside")}'::uuid"), theirs));
    }

    [Fact]
    public async Task What_is_passed_on_after_a_correction_is_what_the_correction_says()
    {
        string Version(int version) => Of("D/18", "D/18", r =>
        {
            if (version > 1)
            {
                (r["version"], r["supersedes"], r["supersessionReason"], r["summary"]) = (2, 1, "The officer had it wrong", "It was the other arm");
            }
        });
        var first = await site.Received(Version(1));
        await site.Settle();
        var contact = await site.Row<Guid>("select c.id from contact c join notice n on n.id = c.notice_id where n.report_id = $1", first);
        var second = await site.Received(Version(2));
        await site.Settle();
        Assert.Null(await site.Decides("ramsey", contact, d => d with { Decision = "another-council", Next = null, Council = site.Agency("levenside") }));
        var there = await site.NoticeTo("levenside", second);
        using var sharma = await site.SignedIn("sharma");
        Assert.Contains("It was the other arm", await sharma.GetStringAsync($"/notices/{there}", TestContext.Current.CancellationToken));
        Assert.Equal(0, await site.Row<long>("select count(*) from notice where report_id = $1 and to_agency = $2", first, site.Agency("levenside")));
        var theirs = await site.Row<Guid>("select c.id from contact c join mention m on m.id = c.mention_id where c.notice_id = $1 and m.report_id = $2", there, second);
        Assert.Null(await site.Decides("sharma", theirs));
        // On the receipt of either version.
        Assert.Equal(["another-council", "referral"], (await Told(second)).Outcomes.Select(o => o.GetProperty("decision").GetString()));
    }

    [Fact]
    public async Task What_came_from_another_council_is_not_passed_back_to_nobody()
    {
        var (report, _, contact) = await Known("D/12");
        Assert.Null(await site.Decides("ramsey", contact, d => d with { Decision = "another-council", Council = site.Agency("levenside") }));
        var there = await site.Row<Guid>("select c.id from contact c join notice n on n.id = c.notice_id where n.report_id = $1 and n.to_agency = $2", report, site.Agency("levenside"));
        var no = await site.Decides("sharma", there, d => d with { Decision = "another-council", Council = site.Agency("norton-stockton") });
        Assert.Equal((No.Conflict, "council"), (no!.Kind, Assert.Single(no.Errors.Keys)));
        Assert.Equal("running", await site.Row<string>("select state from clock where contact_id = $1 and limit_key = 'referral.decision'", there));
    }

    [Fact]
    public async Task Whoever_had_it_from_a_council_that_passed_it_on_has_its_correction_and_its_withdrawal_too()
    {
        string Version(int version, string postcode) => TestSite.Report("D/13", r =>
        {
            (r["people"]![0]!["familyName"], r["people"]![0]!["recordNumber"], r["summary"]) = ("D13", "D13", $"As version {version} says");
            (r["place"]!["address"]!["postcode"], r["people"]![0]!["addresses"]![0]!["postcode"]) = (postcode, postcode);
            r["people"]![0]!.AsObject().Remove("school");
            if (version > 1)
            {
                (r["version"], r["supersedes"], r["supersessionReason"]) = (version, version - 1, "The officer corrected it");
            }
        });
        var first = await site.Received(Version(1, "TS20 2AB"));
        await site.Settle();
        var contact = await site.Row<Guid>("select c.id from contact c join notice n on n.id = c.notice_id where n.report_id = $1", first);
        Assert.Null(await site.Decides("ramsey", contact, d => d with { Decision = "another-council", Council = site.Agency("levenside") }));
        var there = await site.Row<Guid>("select c.id from contact c join notice n on n.id = c.notice_id where n.report_id = $1 and n.to_agency = $2", first, site.Agency("levenside"));
        using var sharma = await site.SignedIn("sharma");

        var second = await site.Received(Version(2, "TS20 2AB"));
        await site.Settle();
        var correction = await site.Row<Guid>("select id from notice where report_id = $1 and to_agency = $2 and kind = 'correction'", second, site.Agency("levenside"));
        Assert.Contains("As version 2 says", await sharma.GetStringAsync($"/notices/{correction}", TestContext.Current.CancellationToken));
        Assert.Equal(["notice.acknowledge running"], await site.Rows<string>("select limit_key || ' ' || state from clock where notice_id = $1", correction));
        // What was owed runs on: the decision about the child, and no second acknowledging of what is corrected.
        Assert.Equal(["notice.acknowledge cancelled", "referral.decision running"], await site.Rows<string>("select k.limit_key || ' ' || k.state from clock k join contact c on c.notice_id = k.notice_id where c.id = $1 order by 1", there));

        var third = await site.Received(Version(3, "TS24 1AA"));
        await site.Settle();
        Assert.Equal(["levenside norton-stockton", "norton-stockton tees-valley-police"], await site.Rows<string>("select a.key || ' ' || f.key from notice n join agency a on a.id = n.to_agency join agency f on f.id = n.from_agency where n.report_id = $1 and n.kind = 'withdrawal' order by 1", third));
        Assert.Equal("cancelled", await site.Row<string>("select state from clock where contact_id = $1 and limit_key = 'referral.decision'", there));
        using var gone = await sharma.GetAsync($"/notices/{correction}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, gone.StatusCode);
        Assert.DoesNotContain("As version", await sharma.GetStringAsync(gone.Headers.Location, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Triage_counts_from_receipt_and_another_colour_buys_no_time()
    {
        var (_, notice, contact) = await Known("D/8");
        Task<Refusal?> Triaged(string who, string? colour) => site.Works.As(site.Who(who), "Triaging", work => Triage.Handle(new(notice, colour), work, site.Bodies));
        Assert.Equal(["colour"], (await Triaged("ramsey", "blue"))!.Errors.Keys);
        Assert.Equal(No.NotFound, (await Triaged("sharma", "red"))!.Kind);
        Assert.Null(await Triaged("ramsey", "green"));
        Assert.Null(await Triaged("ramsey", "red"));
        var sent = await site.Row<Instant>("select sent_at from notice where id = $1", notice);
        Assert.Equal(sent + Duration.FromHours(4), await site.Row<Instant>("select due_at from clock where notice_id = $1 and limit_key = 'triage.red' and state = 'running'", notice));
        Assert.Equal("cancelled Triaged red instead, by Nadine Ramsey", await site.Row<string>("select state || ' ' || cancelled_because from clock where notice_id = $1 and limit_key = 'triage.green'", notice));
        // Late already: it stays late under any colour.
        await site.TimeIs(sent + Duration.FromHours(5));
        await site.Settle();
        Assert.Null(await Triaged("ramsey", "green"));
        Assert.Equal("breached", await site.Row<string>("select state from clock where notice_id = $1 and limit_key = 'triage.red'", notice));
        Assert.Null(await site.Decides("ramsey", contact));
        Assert.Equal(["met", "met-late"], await site.Rows<string>("select state from clock where notice_id = $1 and limit_key in ('triage.red', 'triage.green') and state <> 'cancelled' order by 1", notice));
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task What_was_decided_stays_to_be_read_with_all_that_was_asked()
    {
        var (_, notice, contact) = await Known("D/5c");
        Assert.Null(await site.Decides("ramsey", contact, d => d with { Next = "strategy-discussion", ParentsTold = false, ParentsNotToldBecause = "It would warn him", SenderTold = "Ring before you go back" }));
        using var council = await site.SignedIn("ramsey");
        var level = await site.Row<string>("select name from threshold where key = 'child-in-need' limit 1");
        foreach (var page in new[] { $"/notices/{notice}", $"/notices/{notice}/decide" })
        {
            var words = await council.GetStringAsync(page);
            Assert.All([level, "Strategy discussion", "It would warn him", "Ring before you go back"], said => Assert.Contains(said, words));
        }
        Assert.Contains("Take it", await council.GetStringAsync($"/notices/{notice}"));
        await site.System("norton-stockton").PostAsync($"/api/notices/{notice}/acknowledgement", null, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("Take it", await council.GetStringAsync($"/notices/{notice}"));
    }

    [Fact]
    public async Task To_an_open_case_goes_only_what_has_one()
    {
        var (_, _, contact) = await Known("D/6c");
        var no = await site.Decides("ramsey", contact, d => d with { Decision = "open-case", Next = null });
        Assert.Equal(["decision"], no!.Errors.Keys);
        Assert.Contains("No case of this child is open here", no.Errors["decision"][0]);
        Assert.Equal(1, await site.Row<long>("select count(*) from clock where contact_id = $1 and state = 'running'", contact));
        Assert.Null(await site.Decides("ramsey", contact));
        var again = await site.Received(Of("D/6c", "D/14"));
        await site.Settle();
        var second = await site.Row<Guid>("select id from contact where notice_id = $1 limit 1", await site.NoticeTo("norton-stockton", again));
        Assert.Null(await site.Decides("ramsey", second, d => d with { Decision = "open-case", Next = null }));
    }

    [Fact]
    public async Task By_API_it_is_the_same_decision_from_the_same_showing()
    {
        var (_, notice, contact) = await Known("D/9");
        using var council = site.System("norton-stockton");
        var view = await council.GetFromJsonAsync<JsonElement>($"/api/notices/{notice}/decision", TestContext.Current.CancellationToken);
        var shown = view.GetProperty("children")[0].GetProperty("shown").GetGuid();
        // Whoever has no front door here is told by telephone: they are not to be chosen.
        Assert.DoesNotContain(Heed.Site.Access.Snapshot.Outside, view.GetProperty("councils").EnumerateArray().Select(c => c.GetProperty("id").GetGuid()));
        Assert.NotEmpty(view.GetProperty("councils").EnumerateArray());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await council.PostAsJsonAsync($"/api/contacts/{contact}/decision", new { decision = "early-help", reason = "x" }, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await council.PostAsJsonAsync($"/api/contacts/{contact}/decision", new { shown, decision = "early-help", threshold = "early-help", reason = "Help was offered", parentsTold = true }, TestContext.Current.CancellationToken)).StatusCode);
        using var other = site.System("levenside");
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/api/notices/{notice}/decision", TestContext.Current.CancellationToken)).StatusCode);
        using var school = site.System("norton-primary");
        Assert.Equal(HttpStatusCode.NotFound, (await school.GetAsync($"/api/notices/{notice}/decision", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Of_two_who_decide_on_one_contact_at_once_from_their_pages_one_is_told_by_whom_it_is_decided()
    {
        var (_, notice, contact) = await Known("D/11");
        var page = $"/notices/{notice}/decide";
        await site.Administer("update practitioner set can_sign_in = true where key = 'khalid'");
        var ready = new List<(HttpClient Client, FormUrlEncodedContent Form)>();
        foreach (var (who, decision) in new[] { ("ramsey", "early-help"), ("khalid", "no-further-action") })
        {
            var client = await site.SignedIn(who);
            var shown = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await client.GetStringAsync(page, TestContext.Current.CancellationToken));
            string Value(string name) => shown.QuerySelector($"main input[name='{name}']")!.GetAttribute("value")!;
            ready.Add((client, new([new("__RequestVerificationToken", Value("__RequestVerificationToken")), new("Contact", contact.ToString()), new($"Shown-{contact:N}", Value($"Shown-{contact:N}")), new($"Decision-{contact:N}", decision), new($"Threshold-{contact:N}", "early-help"),
                new($"Reason-{contact:N}", $"As {who} sees it"), new($"ParentsTold-{contact:N}", "yes")])));
        }
        var answers = await Task.WhenAll(ready.Select(r => r.Client.PostAsync(page, r.Form, TestContext.Current.CancellationToken)));
        Assert.Equal([HttpStatusCode.Redirect, HttpStatusCode.Conflict], answers.Select(a => a.StatusCode).Order());
        var told = await answers.Single(a => a.StatusCode == HttpStatusCode.Conflict).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("has been decided already", told);
        Assert.Contains(await site.Row<string>("select p.name from contact c join practitioner p on p.id = c.decided_by where c.id = $1", contact), new AngleSharp.Html.Parser.HtmlParser().ParseDocument(told).QuerySelector("main")!.TextContent);
        // What they had written is theirs still.
        Assert.Contains($"As {(answers[0].StatusCode == HttpStatusCode.Conflict ? "ramsey" : "khalid")} sees it", told);
        ready.ForEach(r => r.Client.Dispose());
    }
}
