using System.Text.Json.Nodes;
using Heed.Plumbing;
using Heed.Site.Notices;
using Npgsql;

namespace Heed.Site.Tests.Access;

/// <summary>Where involvement begins and where it ends, asked of the database itself: each condition of a policy or of a function that borrows its owner's rights.</summary>
public sealed class InvolvementTests(TestSite site) : IClassFixture<TestSite>
{
    private static string Report(string reference, string family, Action<JsonObject>? change = null, string postcode = "TS20 2AB", string? number = null) => TestSite.Report(reference, r =>
    {
        var child = r["people"]![0]!.AsObject();
        child.Remove("school");
        (child["familyName"], child["recordNumber"], child["addresses"]![0]!["postcode"], r["place"]!["address"]!["postcode"]) = (family, number, postcode, postcode);
        r["people"]!.AsArray().RemoveAt(1);
        child.Remove("relationships");
        change?.Invoke(r);
    });

    private static void AtNortonPrimary(JsonObject report) => report["people"]![0]!["school"] = new JsonObject { ["urn"] = "111555" };

    private async Task<Guid> Settled(string json, string agency = "tees-valley-police")
    {
        var report = await site.Received(json, agency);
        await site.Settle();
        return report;
    }

    private Task<Guid> Record(Guid report) => site.Row<Guid>("select source_record_id from mention where report_id = $1 and ordinal = 0", report);

    private Task<Guid> Person(Guid report) => site.Row<Guid>("select l.person_id from mention m join link l on l.source_record_id = m.source_record_id and l.undone_at is null where m.report_id = $1 and m.ordinal = 0", report);

    private Task Allocate(Guid record, string who, string team, string agency, string until = "null") => site.Administer(
        $"insert into allocation (id, source_record_id, agency_id, practitioner_id, team_id, during) values (gen_random_uuid(), $1, $2, $3, $4, tstzrange(heed_now() - interval '9 days', {until}))", record, site.Agency(agency), site.Practitioner(who), site.Team(team));

    private Task<Refusal?> HandOver(Guid notice, string from, string team, string? to = null) =>
        site.Works.As(site.Who(from), "Handing on", work => HandOn.Handle(new(notice, site.Team(team), to is null ? null : site.Practitioner(to), "A test"), work, new Heed.Site.Access.Bodies()));

    [Fact]
    public async Task A_post_that_has_ended_gives_nothing_whatever_others_go_on_giving()
    {
        await site.Administer("insert into post (practitioner_id, team_id, role, during) values ($1, $2, 'system', tstzrange(null, heed_now()))", site.Practitioner("lamont"), site.Team("tees-edt"));
        var (permits, teams, agencies) = await site.Works.As(site.Who("lamont"), "A test", work => Task.FromResult((work.Actor.Permits, work.Actor.Teams, work.Actor.Agencies)));
        Assert.DoesNotContain("register.import", permits);
        Assert.Equal([site.Team("hartmoor-assessment")], teams);
        Assert.Equal([site.Agency("hartmoor")], agencies);
    }

    [Fact]
    public async Task Who_has_no_reach_sees_nobody_whatever_their_team_was_given()
    {
        var report = await Settled(Report("I/1", "Reachless"));
        await site.Administer("insert into post (practitioner_id, team_id, role) values ($1, $2, 'inspector')", site.Practitioner("templeton"), site.Team("norton-stockton-front-door"));
        await Allocate(await Record(report), "templeton", "norton-stockton-front-door", "norton-stockton");
        foreach (var table in new[] { "notice", "mention", "source_record", "person", "link", "contact", "clock", "clock_event", "residence" })
        {
            Assert.Equal("0", await site.Says("templeton", $"select count(*) from {table}"));
        }
        Assert.Equal("0", await site.Says("templeton", "select count(*) from same_address($1)", await Person(report)));
    }

    [Fact]
    public async Task The_change_log_and_the_looks_are_for_the_managers_of_those_whose_they_are()
    {
        var report = await Settled(Report("I/2", "Logged"));
        var notice = await site.NoticeTo("norton-stockton", report);
        await site.Works.As(site.Who("ramsey"), "A test", async work => await OpenNotice.Handle(notice, work, new Heed.Site.Access.Bodies()));
        Assert.Null(await site.Works.As(site.Who("ramsey"), "Taking", work => Take.Handle(new(notice), work)));
        var clock = await site.Row<Guid>("select id from clock where notice_id = $1 and limit_key = 'notice.acknowledge'", notice);
        foreach (var (row, table) in new[] { (notice, "notice"), (clock, "clock") })
        {
            Assert.NotEqual("0", await site.Says("khalid", "select count(*) from change where row_id = $1 and on_table = $2", row, table));
            foreach (var other in new[] { "ramsey", "thirlwell", "lockwood" })
            {
                Assert.Equal("0", await site.Says(other, "select count(*) from change where row_id = $1", row));
            }
        }
        // The sender may know that what it sent was looked at; nobody else's managers may. Whoever looked sees what they looked at themselves.
        Assert.Equal(("1", "1", "0", "1"), (await Looks("khalid"), await Looks("thirlwell"), await Looks("lockwood"), await Looks("ramsey")));

        Task<string> Looks(string who) => site.Says(who, "select count(*) from look where subject_id = $1", notice);
    }

    [Fact]
    public async Task Nobody_writes_in_anothers_name()
    {
        var report = await Settled(Report("I/3", "Written"));
        var notice = await site.NoticeTo("norton-stockton", report);
        var allowed = new List<string>();
        foreach (var sql in new[]
        {
            "insert into look (id, at_what, actor) values (gen_random_uuid(), 'x', gen_random_uuid())",
            "insert into look (id, at_what, agency_id) select gen_random_uuid(), 'x', id from agency where key = 'levenside'",
            "insert into job (id, kind, subject_id, state) values (gen_random_uuid(), 'x', gen_random_uuid(), 'done')",
            "insert into source_record (id, agency_id) select gen_random_uuid(), id from agency where key = 'levenside'",
            "insert into mention (id, agency_id) select gen_random_uuid(), id from agency where key = 'levenside'",
            "insert into import (id, agency_id) select gen_random_uuid(), id from agency where key = 'levenside'",
            "insert into import_refusal (import_id) values (gen_random_uuid())",
            "insert into statement (mention_id) select id from mention where agency_id <> my_agency() limit 1",
            "insert into residence (mention_id) select id from mention where agency_id <> my_agency() limit 1",
            "insert into attendance (mention_id) values (gen_random_uuid())",
            "insert into report (id, agency_id) select gen_random_uuid(), id from agency where key = 'levenside'",
            "insert into report_key (agency_id) select id from agency where key = 'levenside'",
            "insert into notice (id, from_agency) select gen_random_uuid(), id from agency where key = 'levenside'",
            "insert into contact (id, notice_id, agency_id) select gen_random_uuid(), id, to_agency from notice where from_agency <> my_agency() limit 1",
            "insert into episode (id, agency_id) select gen_random_uuid(), id from agency where key = 'levenside'",
            "insert into referral (id, agency_id) select gen_random_uuid(), id from agency where key = 'levenside'",
            "insert into clock (id, agency_id) select gen_random_uuid(), id from agency where key = 'levenside'",
            "insert into clock_event (clock_id, actor) select id, gen_random_uuid() from clock limit 1",
            "insert into clock_event (clock_id) values (gen_random_uuid())",
            "insert into handing_on (id, notice_id, by) select gen_random_uuid(), id, gen_random_uuid() from notice where to_agency = my_agency() limit 1",
        })
        {
            await Must("42501", "khalid", sql);
        }
        await Must("42501", "lockwood", "insert into handing_on (id, notice_id) values (gen_random_uuid(), $1)", notice);
        // Without a purpose not even in one's own.
        await Must("P0001", "khalid", "insert into look (id, at_what) select gen_random_uuid(), 'x' || s.c from (select set_config('app.purpose', '', true) as c offset 0) s");
        // Who was told of another agency's late clock sees it, and changes nothing of it.
        await site.Administer("update clock set told = array[$2] where notice_id = $1", notice, site.Practitioner("mensah"));
        await Must("3", "mensah", "select count(*) from clock where notice_id = $1", notice);
        // Nor changes what is not theirs to work on. Without a condition the rows need not be seen to be changed.
        foreach (var (who, sql) in new[]
        {
            ("mensah", "update notice set delivered_at = heed_now()"), ("thirlwell", "update notice set delivered_at = heed_now()"), ("mensah", "update contact set parents_told = true"), ("thirlwell", "update contact set parents_told = true"),
            ("prentice", "update contact set parents_told = true"), ("prentice", "update clock set late_reason = null"), ("mensah", "update clock set late_reason = null"), ("templeton", "update clock set late_reason = null"),
        })
        {
            await Must("0", who, sql);
        }
        await Must("42501", "mensah", "select hand_on($1, $2, $3, null, '')", notice, site.Team("norton-stockton-front-door"), site.Team("norton-stockton-assessment"));
        await Must("42501", "ramsey", "select hand_on($1, $2, $3, null, '')", notice, site.Team("norton-stockton-front-door"), site.Team("levenside-assessment"));
        Assert.True(allowed.Count == 0, string.Join(Environment.NewLine, allowed));

        async Task Must(string answer, string who, string sql, params object[] values)
        {
            if (await site.Says(who, sql, values) is var said && said != answer)
            {
                allowed.Add($"{who}: {sql}: {said}");
            }
        }
    }

    [Fact]
    public async Task A_decision_not_to_tell_is_not_told_either()
    {
        var told = await Settled(Report("I/4a", "Untold", AtNortonPrimary, number: "UNTOLD"));
        var not = await Settled(Report("I/4b", "Untold", r => { AtNortonPrimary(r); r["kind"] = "neglect"; }, number: "UNTOLD"));
        var alone = await Settled(Report("I/4c", "Untoldalone", r => { AtNortonPrimary(r); r["kind"] = "neglect"; }));
        Assert.Equal(2, await site.Row<long>("select count(*) from notice where report_id in ($1, $2) and to_agency = $3 and withheld_because is not null", not, alone, site.Agency("norton-primary")));
        // The same child in a record of its own: known by the other, and that this one was not told is not known either.
        var apart = await Settled(Report("I/4d", "Untold", r => { AtNortonPrimary(r); r["kind"] = "neglect"; }));
        Assert.Equal(await Person(told), await Person(apart));
        foreach (var who in new[] { "norton-primary-lead", "norton-primary/system" })
        {
            Assert.Equal("0", await site.Says(who, "select count(*) from source_record where id = $1", await Record(apart)));
            Assert.Equal("1", await site.Says(who, "select count(*) from notice where report_id in ($1, $2, $3)", told, not, alone));
            Assert.Equal("0", await site.Says(who, "select count(*) from source_record where id = $1", await Record(alone)));
            Assert.Equal("0", await site.Says(who, "select count(*) from person where id = $1", await Person(alone)));
            Assert.Equal("1", await site.Says(who, "select count(*) from history_of($1)", await Person(told)));
            // And of what it was told, no word that it was not shown.
            Assert.Equal("0", await site.Says(who, "select count(coalesce(own_words, seen_alone::text)) from history_of($1)", await Person(told)));
        }
        Assert.Equal("3", await site.Says("ramsey", "select count(own_words) from history_of($1)", await Person(told)));
        Assert.Equal("3", await site.Says("ramsey", "select count(seen_alone) from history_of($1)", await Person(told)));
    }

    [Fact]
    public async Task What_is_handed_on_leaves_with_all_that_hangs_on_it_and_a_manager_of_who_covers_is_not_the_managers_of_those_covered()
    {
        await site.Administer("insert into post (practitioner_id, team_id, role) values ($1, $2, 'team-manager')", site.Practitioner("oduya"), site.Team("tees-edt"));
        var report = await Settled(Report("I/5", "Handed", postcode: "TS17 1AA"));
        var notice = await site.NoticeTo("levenside", report);
        Assert.Equal("1", await site.Says("oduya", "select count(*) from notice where id = $1", notice));
        Assert.Null(await HandOver(notice, "sharma", "levenside-heads"));
        foreach (var who in new[] { "sharma", "oduya", "egan" })
        {
            foreach (var table in new[] { "notice", "mention", "clock" })
            {
                Assert.True(await site.Says(who, $"select count(*) from {table} where report_id = $1", report) == "0", $"{who} sees {table}");
            }
            Assert.Equal("0", await site.Says(who, "select count(*) from source_record where id = $1", await Record(report)));
            Assert.Equal("0", await site.Says(who, "select count(*) from subject_of($1)", await site.Row<Guid>("select id from contact where notice_id = $1", notice)));
        }
        Assert.Equal("1", await site.Says("lockwood", "select count(*) from source_record where id = $1", await Record(report)));
    }

    [Fact]
    public async Task A_team_sees_whose_child_is_its_own_as_long_as_it_is_and_of_that_child_nothing_restricted()
    {
        var mine = await Settled(Report("I/6a", "Allocated", number: "ALLOC-1"));
        var other = await Settled(Report("I/6b", "Notallocated", number: "ALLOC-2"));
        Assert.Equal("0", await site.Says("appiah", "select count(*) from source_record where id = $1", await Record(mine)));
        await Allocate(await Record(mine), "dunning", "norton-stockton-assessment", "norton-stockton");
        await Allocate(await Record(other), "dunning", "norton-stockton-assessment", "norton-stockton", "heed_now() - interval '1 day'");
        Assert.Equal("1", await site.Says("appiah", "select count(*) from source_record where id = $1", await Record(mine)));
        Assert.Equal("1", await site.Says("appiah", "select count(*) from mention where report_id = $1", mine));
        Assert.Equal("0", await site.Says("appiah", "select count(*) from source_record where id = $1", await Record(other)));
        // Their agency was told; they were not: the history says what, and opens nothing.
        Assert.Equal("1 ", await site.Says("appiah", "select count(*) || ' ' || string_agg(coalesce(notice::text, ''), '') from history_of($1)", await Person(mine)));
        Assert.Equal("0", await site.Says("appiah", "select count(*) from history_of($1)", await Person(other)));
        Assert.Equal(("0", "0"), (await site.Says("lamont", "select count(*) from source_record where id = $1", await Record(mine)), await site.Says("prentice", "select count(*) from source_record where id = $1", await Record(mine))));
        // A restricted notice about the same child is its worker's, to whom the contact goes, and not the team's.
        var hushed = await Settled(Report("I/6c", "Allocated", r => r["sensitivity"] = "restricted", number: "ALLOC-1"));
        Assert.Equal("1", await site.Says("appiah", "select count(*) from history_of($1)", await Person(mine)));
        Assert.Equal("0", await site.Says("appiah", "select count(*) from mention where report_id = $1", hushed));
        Assert.Equal("2", await site.Says("dunning", "select count(*) from history_of($1)", await Person(mine)));
        Assert.Equal("2", await site.Says("khalid", "select count(*) from history_of($1)", await Person(mine)));
    }

    [Fact]
    public async Task A_custody_sergeant_sees_the_reports_he_wrote_and_of_a_child_of_his_what_his_force_does_not_restrict()
    {
        var theirs = await Settled(Report("I/7a", "Custody", number: "CUSTODY-1"));
        var hushed = await Settled(Report("I/7b", "Custody", r => r["sensitivity"] = "restricted", number: "CUSTODY-1"));
        Assert.Equal("0", await site.Says("cairns", "select count(*) from report"));
        Assert.Equal("0", await site.Says("cairns", "select count(*) from notice"));
        Assert.Equal("0", await site.Says("cairns", "select count(*) from clock"));
        var said = System.Text.Json.JsonSerializer.Deserialize<ReportIn>(Report("I/7c", "Owncustody"), System.Text.Json.JsonSerializerOptions.Web)!;
        Assert.NotNull((await site.Works.As(site.Who("cairns"), "Sending", work => Send.Handle(said, work, new Heed.Site.Access.Bodies()))).Item1);
        Assert.Equal("I/7c", await site.Says("cairns", "select string_agg(reference, ',') from report"));
        Assert.Equal("I/7c", await site.Says("cairns", "select string_agg(distinct shown ->> 'reference', ',') from notice"));
        await Allocate(await Record(theirs), "cairns", "tvp-custody", "tees-valley-police");
        Assert.Equal("1", await site.Says("cairns", "select count(*) from mention where report_id = $1", theirs));
        Assert.Equal("0", await site.Says("cairns", "select count(*) from mention where report_id = $1", hushed));
        Assert.Equal("1", await site.Says("cairns", "select count(*) from history_of($1)", await Person(theirs)));
        Assert.Equal("2", await site.Says("thirlwell", "select count(*) from history_of($1)", await Person(theirs)));
    }

    [Fact]
    public async Task Undoing_a_link_ends_what_came_by_it()
    {
        const string nhs = "4000000330";
        void Number(JsonObject r) => r["people"]![0]!["identifiers"] = new JsonArray(new JsonObject { ["type"] = "nhs", ["value"] = nhs });
        var police = await Settled(Report("I/8a", "Undoing", Number));
        var hospital = await Settled(Report("I/8b", "Undoing", r => { Number(r); r["people"]![0]!["ownWords"] = "Said at the hospital"; }), "tees-university-hospitals");
        var person = await Person(police);
        Assert.Equal(person, await Person(hospital));
        // Ramsey hands on what the hospital said, and sees that child's records still, for what the police said is hers.
        Assert.Null(await HandOver(await site.NoticeTo("norton-stockton", hospital), "ramsey", "norton-stockton-assessment"));
        Assert.Equal(("1", "1", "2"), (await Sees("ramsey", hospital), await Sees("appiah", police), await site.Says("ramsey", "select count(*) from history_of($1)", person)));
        Assert.Equal("1", await site.Says("thirlwell", "select count(*) from held_elsewhere($1)", person));
        Assert.Equal("0", await site.Says("lockwood", "select count(*) from held_elsewhere($1)", person));
        Assert.Equal("0", await site.Says("lockwood", "select count(*) from history_of($1)", person));
        // The side by side of two records is for who may see both: the hospital sees its own, and not what it was compared with.
        var link = await site.Row<Guid>("select id from link where source_record_id = $1", await Record(hospital));
        Assert.Equal(("0", "0", "1"), (await Working("mensah"), await Working("thirlwell"), await Working("ramsey")));

        await site.Administer("update link set undone_at = heed_now(), undone_by = me(), undone_reason = 'Two children' where source_record_id = $1", await Record(hospital));
        Assert.Equal(("0", "0", "1"), (await Sees("ramsey", hospital), await Sees("appiah", police), await site.Says("ramsey", "select count(*) from history_of($1)", person)));
        Assert.Equal("0", await site.Says("thirlwell", "select count(*) from held_elsewhere($1)", person));
        Assert.Equal(("0", "0"), (await site.Says("mensah", "select count(*) from person where id = $1", person), await site.Says("mensah", "select count(*) from history_of($1)", person)));

        Task<string> Sees(string who, Guid report) => site.Says(who, "select count(*) from source_record where id = $1", Record(report).Result);
        Task<string> Working(string who) => site.Says(who, "select count(working($1))", link);
    }

    [Fact]
    public async Task A_history_is_of_what_ones_own_agencies_were_told_or_said_and_never_of_what_is_sealed()
    {
        var norton = await Settled(Report("I/9a", "Historic", number: "HISTORIC"));
        await Settled(Report("I/9b", "Historic", number: "HISTORIC", postcode: "TS17 1AA"));
        // What the hospital told another council about the same child is not this one's, though the child is.
        var hospital = await Settled(Report("I/9f", "Historic", postcode: "TS24 1AA"), "tees-university-hospitals");
        Assert.Equal(await Person(norton), await Person(hospital));
        Assert.Equal(("0", "1"), (await site.Says("khalid", "select count(*) from source_record where id = $1", await Record(hospital)), await site.Says("storey", "select count(*) from source_record where id = $1", await Record(hospital))));
        Assert.Equal("I/9a", await site.Says("khalid", "select string_agg(reference, ',') from history_of($1)", await Person(norton)));
        Assert.Equal("I/9b", await site.Says("lockwood", "select string_agg(reference, ',') from history_of($1)", await Person(norton)));
        Assert.Equal("2", await site.Says("thirlwell", "select count(*) from history_of($1)", await Person(norton)));
        // Two children of one report: each has its own history.
        var two = await Settled(Report("I/9c", "Twofold", r =>
        {
            AtNortonPrimary(r);
            r["people"]!.AsArray().Add(JsonNode.Parse("""{ "key": "b", "roles": ["child"], "givenNames": "Brother", "familyName": "Twofold", "born": "2012-01-01", "identifiers": [{ "type": "nhs", "value": "4000000349" }] }"""));
        }));
        var brother = await site.Row<Guid>("select l.person_id from mention m join link l using (source_record_id) where m.report_id = $1 and m.ordinal = 1", two);
        Assert.Equal("1", await site.Says("norton-primary-lead", "select count(*) from history_of($1)", await Person(two)));
        Assert.Equal("0", await site.Says("norton-primary-lead", "select count(*) from history_of($1)", brother));
        Assert.Equal("0", await site.Says("norton-primary-lead", "select count(*) from person where id = $1", brother));
        // The school is told of him too, another time: of that time only.
        await Settled(Report("I/9g", "Twofold", r => { AtNortonPrimary(r); (r["people"]![0]!["givenNames"], r["people"]![0]!["born"], r["people"]![0]!["identifiers"]) = ("Brother", "2012-01-01", new JsonArray(new JsonObject { ["type"] = "nhs", ["value"] = "4000000349" })); }));
        Assert.Equal("I/9g", await site.Says("norton-primary-lead", "select string_agg(reference, ',') from history_of($1)", brother));
        Assert.Equal("0", await site.Says("norton-primary-lead", "select count(*) from source_record where id = $1", await site.Row<Guid>("select source_record_id from mention where report_id = $1 and ordinal = 1", two)));

        // One of two records of a child is sealed: what it said is gone for all but its readers, and who comes for the child is at its door too.
        var open = await Settled(Report("I/9d", "Halfsealed", number: "HALF-1"));
        var shut = await Settled(Report("I/9e", "Halfsealed", number: "HALF-2"));
        Assert.Equal(await Person(open), await Person(shut));
        await site.Administer("update source_record set tier = 'sealed', tier_reason = 'A test' where id = $1", await Record(shut));
        await site.Administer("insert into reader (source_record_id, practitioner_id, reason) values ($1, $2, 'Needs to know')", await Record(shut), site.Practitioner("hewitt"));
        Assert.Equal(("1", "1", "2"), (await History("khalid"), await History("thirlwell"), await History("hewitt")));
        Assert.Equal(("0", "0", "1"), (await Readers("khalid"), await Readers("thirlwell"), await Readers("hewitt")));
        foreach (var (who, what, alerts) in new[] { ("khalid", await Person(open), 1L), ("khalid", await Record(open), 1L), ("hewitt", await Record(shut), 1L), ("thirlwell", await Record(shut), 2L) })
        {
            await site.Works.As(site.Who(who), "At the door", work => work.Do($"select knock({what})"));
            Assert.Equal(alerts, await site.Row<long>("select count(*) from alert where source_record_id in ($1, $2)", await Record(open), await Record(shut)));
        }
        await site.Administer("insert into alert (id, agency_id, what) values (gen_random_uuid(), $1, 'Of no record')", site.Agency("levenside"));
        Assert.Equal(("0", "1"), (await site.Says("khalid", "select count(*) from alert where what = 'Of no record'"), await site.Says("lockwood", "select count(*) from alert where what = 'Of no record'")));

        async Task<string> History(string who) => await site.Says(who, "select count(*) from history_of($1)", await Person(open));
        async Task<string> Readers(string who) => await site.Says(who, "select count(*) from reader where source_record_id = $1", await Record(shut));
    }

    [Fact]
    public async Task Who_else_lives_there_is_known_from_ones_own_agencys_open_records_and_from_no_hidden_address()
    {
        var child = await Settled(Report("I/10", "Housed", r => r["people"]![0]!["addresses"]![0]!["lines"] = new JsonArray("77 Household Way")));
        var hidden = await Settled(Report("I/11", "Refuge", r => (r["people"]![0]!["addresses"]![0]!["lines"], r["people"]![0]!["addresses"]![0]!["sensitivity"]) = (new JsonArray("78 Household Way"), "refuge")));
        var (person, refuge) = (await Person(child), await Person(hidden));
        // Where the hospital knows the child to live, and told another council of.
        Assert.Equal(person, await Person(await Settled(Report("I/14", "Housed", r => r["people"]![0]!["addresses"]![0]!["lines"] = new JsonArray("79 Household Way"), "TS17 1AA"), "tees-university-hospitals")));
        foreach (var (name, agency, house, tier, sensitivity) in new[]
        {
            ("Open", "norton-stockton", 77, "open", null), ("Restricted", "norton-stockton", 77, "restricted", null), ("Police", "tees-valley-police", 77, "open", null), ("Hidden", "norton-stockton", 77, "open", "confidential"), ("Neighbour", "norton-stockton", 78, "open", null),
            ("Elsewhere", "norton-stockton", 79, "open", (string?)null),
        })
        {
            await site.Administer("""
                with r as (insert into source_record (id, agency_id, tier, tier_reason) values (gen_random_uuid(), $1, $2, 'A test') returning id),
                     i as (insert into import (id, agency_id, file_name, file_hash, column_map, rows_read, rows_kept, rows_refused) values (gen_random_uuid(), $1, 'test', decode(md5($3), 'hex'), '{}', 1, 1, 0) returning id),
                     m as (insert into mention (id, source_record_id, agency_id, import_id, ordinal, is_child, given) select gen_random_uuid(), r.id, $1, i.id, 1, true, $3 from r, i returning id)
                insert into residence (mention_id, ordinal, address, postcode, during, sensitivity) select id, 1, $4 || ' household way', case $4 when '79' then 'TS171AA' else 'TS202AB' end, daterange(null, null), nullif($5, '') from m
                """, site.Agency(agency), tier, name, $"{house}", sensitivity ?? "");
        }
        Assert.Equal("Open", await site.Says("ramsey", "select string_agg(given, ',') from same_address($1)", person));
        Assert.Equal("", await site.Says("ramsey", "select string_agg(given, ',') from same_address($1)", refuge));
        Assert.Equal("", await site.Says("prentice", "select string_agg(given, ',') from same_address($1)", person));
        // The child's record restricted where it came from: that she was told of it does not open its address.
        await site.Administer("update source_record set tier = 'restricted', tier_reason = 'A test' where id = $1", await Record(child));
        Assert.Equal("", await site.Says("ramsey", "select string_agg(given, ',') from same_address($1)", person));

        // A register is its agency's managers', and a social worker sees of it whom she works with.
        var record = await site.Row<Guid>("select m.source_record_id from mention m where m.given = 'Neighbour'");
        Assert.Equal(("1", "0", "0"), (await site.Says("khalid", "select count(*) from source_record where id = $1", record), await site.Says("ramsey", "select count(*) from source_record where id = $1", record), await site.Says("lockwood", "select count(*) from source_record where id = $1", record)));
        await site.Administer("insert into import_refusal select id, 1, 'born', 'No such day' from import where agency_id = $1", site.Agency("norton-stockton"));
        foreach (var table in new[] { "import", "import_refusal" })
        {
            Assert.Equal((true, true, true), (await site.Says("khalid", $"select count(*) from {table}") == "5", await site.Says("ramsey", $"select count(*) from {table}") == "0", await site.Says("lockwood", $"select count(*) from {table}") == "0"));
        }
    }

    [Fact]
    public async Task A_near_match_is_for_who_may_see_both_and_a_clock_for_whose_it_is()
    {
        var police = await Settled(Report("I/12a", "Nearly"));
        var hospital = await Settled(Report("I/12b", "Nearly", r => r["people"]![0]!["born"] = "2018-03-02"), "tees-university-hospitals");
        Assert.Equal(("1", "0", "0"), (await Near("ramsey"), await Near("thirlwell"), await Near("mensah")));
        // A team that was not given it sees no clock of it; the episode of a child restricted elsewhere is that of those who were told.
        var clocks = "select count(*) from clock where report_id = $1 and agency_id = (select id from agency where key = 'norton-stockton')";
        Assert.Equal((true, "0", "0"), (await site.Says("ramsey", clocks, police) != "0", await site.Says("appiah", clocks, police), await site.Says("lockwood", clocks, police)));
        await site.Administer("update source_record set tier = 'restricted', tier_reason = 'A test' where id = $1", await Record(police));
        var contact = await site.Row<Guid>("select c.id from contact c join notice n on n.id = c.notice_id where n.report_id = $1", police);
        Assert.Null(await site.Decides("ramsey", contact));
        const string episodes = "select count(*) from episode where source_record_id = $1";
        // The assessment team has what was referred.
        Assert.Equal(("1", "1", "0"), (await site.Says("ramsey", episodes, await Record(police)), await site.Says("appiah", episodes, await Record(police)), await site.Says("lockwood", episodes, await Record(police))));
        Assert.Equal(("1", "1", "0"), (await site.Says("ramsey", "select count(*) from subject_of($1)", contact), await site.Says("appiah", "select count(*) from subject_of($1)", contact), await site.Says("sharma", "select count(*) from subject_of($1)", contact)));

        async Task<string> Near(string who) => await site.Says(who, "select count(*) from possible_match where $1 in (source_record_id, other_id) and $2 in (source_record_id, other_id)", await Record(police), await Record(hospital));
    }

    [Fact]
    public async Task Why_somebody_is_away_and_a_keys_hash_are_nobodys_to_read_and_a_key_that_changes_is_in_the_log()
    {
        Assert.NotEqual("0", await site.Says("ramsey", "select count(during) from absence"));
        Assert.Equal("42501", await site.Says("ramsey", "select why from absence limit 1"));
        Assert.Equal("42501", await site.Says("khalid", "select * from absence limit 1"));
        await site.Administer("update api_key set name = 'Renamed' where agency_id = $1", site.Agency("hartmoor"));
        Assert.Equal("Renamed", await site.Row<string>("select after ->> 'name' from change where on_table = 'api_key' and before ->> 'name' <> after ->> 'name'"));
        Assert.Equal(0, await site.Row<long>("select count(*) from change where on_table = 'api_key' and (before ? 'hash' or after ? 'hash')"));
    }

    [Fact]
    public async Task The_database_itself_refuses_rows_that_break_a_rule()
    {
        var report = await Settled(Report("I/13", "Constrained", AtNortonPrimary, number: "CONSTRAINED"));
        await Settled(Report("I/13/other", "Another"));
        var notice = await site.NoticeTo("norton-stockton", report);
        var contact = await site.Row<Guid>("select id from contact where notice_id = $1", notice);
        Assert.Null(await site.Decides("ramsey", contact));
        await Allocate(await Record(report), "appiah", "norton-stockton-assessment", "norton-stockton");
        var values = new object[] { report, notice, contact, await Record(report) };
        var allowed = new List<string>();
        foreach (var (code, sql) in new[]
        {
            ("23505", "insert into source_record (id, agency_id, number) select gen_random_uuid(), agency_id, number from source_record where id = $4"),
            ("23514", "update source_record set tier = 'restricted', tier_reason = null where id = $4"),
            ("23514", "insert into mention (id, source_record_id, agency_id, ordinal, is_child) select gen_random_uuid(), id, agency_id, 9, true from source_record where id = $4"),
            ("23P01", "insert into allocation select gen_random_uuid(), source_record_id, agency_id, practitioner_id, team_id, during from allocation where source_record_id = $4"),
            ("23514", "update link set undone_at = heed_now() where source_record_id = $4"),
            ("23505", "insert into link (id, source_record_id, person_id, rules, verdict, reason) select gen_random_uuid(), source_record_id, person_id, '', 'same', '' from link where source_record_id = $4"),
            ("23514", "insert into never_link (one, other, reason) select greatest($4, r), least($4, r), 'x' from gen_random_uuid() r"),
            ("23514", "insert into possible_match (id, source_record_id, other_id, rules, reason, comparison) values (gen_random_uuid(), $4, $4, '', '', '{}')"),
            ("23505", "insert into possible_match (id, source_record_id, other_id, rules, reason, comparison) select gen_random_uuid(), $4, o.id, '', '', '{}' from (select id from source_record where id <> $4 limit 1) o, generate_series(1, 2)"),
            ("23505", "insert into import (id, agency_id, file_name, file_hash, column_map, rows_read, rows_kept, rows_refused) select gen_random_uuid(), agency_id, 'twice', '', '{}', 0, 0, 0 from source_record, generate_series(1, 2) where id = $4"),
            ("23505", ", i as (insert into import (id, agency_id, file_name, file_hash, column_map, rows_read, rows_kept, rows_refused) select gen_random_uuid(), agency_id, 'once', '', '[]', 2, 2, 0 from source_record where id = $4 returning id, agency_id) insert into mention (id, source_record_id, agency_id, import_id, ordinal, is_child) select gen_random_uuid(), $4, i.agency_id, i.id, 1, true from i, generate_series(1, 2)"),
            ("23505", "insert into notice (id, report_id, kind, report_kind, from_agency, to_agency, to_team, why, mentions, shown, occurred_at, agreement_key, agreement_version) select gen_random_uuid(), report_id, kind, report_kind, from_agency, to_agency, to_team, why, mentions, shown, occurred_at, agreement_key, agreement_version from notice where id = $2"),
            ("23514", "update notice set shown = null where id = $2"),
            ("23514", "update notice set to_team = null where id = $2"),
            ("23514", "update notice set agreement_key = null where id = $2"),
            ("23503", "update notice set agreement_version = 99 where id = $2"),
            ("23505", "insert into contact (id, notice_id, mention_id, agency_id, team_id) select gen_random_uuid(), notice_id, mention_id, agency_id, team_id from contact where id = $3"),
            ("23514", "update contact set reason = null where id = $3"),
            ("23514", "update episode set closed_at = heed_now() where source_record_id = $4"),
            ("23505", "insert into episode (id, agency_id, source_record_id) select gen_random_uuid(), agency_id, source_record_id from episode where source_record_id = $4"),
            ("23505", "insert into referral (id, contact_id, episode_id, agency_id, source_code) select gen_random_uuid(), contact_id, episode_id, agency_id, '6' from referral where contact_id = $3"),
            ("23514", "update clock set state = 'breached', late_reason = 'x' where notice_id = $2 and limit_key = 'notice.acknowledge'"),
            ("23514", "update clock set late_reason = 'x', late_manager = stopped_by, late_said_by = me(), late_said_at = heed_now() where contact_id = $3"),
            ("23505", "insert into clock (id, limit_key, words, agency_id, team_id, report_id, notice_id, contact_id, anchor, anchor_at, warn_at, due_at, climb_every) select gen_random_uuid(), limit_key, words, agency_id, team_id, report_id, notice_id, contact_id, anchor, anchor_at, warn_at, due_at, climb_every from clock where contact_id = $3"),
            ("23505", "insert into clock_event (clock_id, ordinal, what, told) select c.id, n, 'climbed', me() from clock c, (values (100), (101)) x(n) where c.contact_id = $3"),
            ("23505", "insert into job (id, kind, subject_id) select gen_random_uuid(), kind, subject_id from job where subject_id = $1"),
            ("23505", "insert into report_key (agency_id, reference, version, hash, report_id) select agency_id, reference, version, hash, gen_random_uuid() from report_key where report_id = $1"),
        })
        {
            if (await Try(sql) is var refused && refused != code)
            {
                allowed.Add($"{sql}: {refused}");
            }
        }
        Assert.True(allowed.Count == 0, string.Join(Environment.NewLine, allowed));

        async Task<string> Try(string sql)
        {
            try
            {
                await site.Administer($"with given as (select $1::uuid, $2::uuid, $3::uuid, $4::uuid) {sql}", values);
                return "allowed";
            }
            catch (PostgresException refused)
            {
                return refused.SqlState;
            }
        }
    }
}
