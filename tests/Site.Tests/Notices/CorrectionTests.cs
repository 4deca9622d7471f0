using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Heed.Site.Notices;
using NodaTime;

namespace Heed.Site.Tests.Notices;

public sealed class CorrectionTests(TestSite site) : IClassFixture<TestSite>
{
    private static string Version(string reference, int version, int? of, Action<JsonObject>? change = null) => TestSite.Report(reference, r =>
    {
        r["version"] = version;
        if (of is not null)
        {
            r["supersedes"] = of;
            r["supersessionReason"] = "The officer corrected it";
        }
        change?.Invoke(r);
    });

    private static void LivesIn(JsonObject report, string postcode)
    {
        report["place"]!["address"]!["postcode"] = postcode;
        report["people"]![0]!["addresses"]![0]!["postcode"] = postcode;
    }

    private Task<List<string>> Kinds(Guid report) => site.Rows<string>("select a.key || ' ' || n.kind from notice n join agency a on a.id = n.to_agency where n.report_id = $1 and n.withheld_because is null order by 1", report);

    [Fact]
    public async Task Who_had_it_gets_a_correction_who_is_new_the_whole_of_it_and_who_should_not_have_had_it_a_withdrawal()
    {
        var first = await site.Received(Version("C/1", 1, null));
        Assert.Equal(["norton-primary notice", "norton-stockton notice"], await Kinds(first));
        var second = await site.Received(Version("C/1", 2, 1, r => LivesIn(r, "TS17 1AA")));
        Assert.Equal(["levenside notice", "norton-primary correction", "norton-stockton withdrawal"], await Kinds(second));
        await site.Settle();

        // Norton is left with nothing but that it was withdrawn: not even who it was about.
        var shown = await site.Row<string>("select shown::text from notice where report_id = $1 and kind = 'withdrawal'", second);
        Assert.DoesNotContain("Probe", shown);
        Assert.DoesNotContain("shouting", shown);
        Assert.Equal(0, await site.Row<long>("select count(*) from clock c join notice n on n.id = c.notice_id where n.report_id = $1 and n.to_agency = $2 and c.agency_id = n.to_agency and c.state in ('running', 'warned', 'breached')", first, site.Agency("norton-stockton")));
        Assert.Equal(1, await site.Row<long>("select count(*) from clock where report_id = $1 and limit_key = 'referral.decision' and agency_id = $2 and state = 'running'", second, site.Agency("levenside")));
        // What the first one started and a correction does not touch was kept, every cancelled clock with its reason.
        Assert.Equal(0, await site.Row<long>("select count(*) from clock where state = 'cancelled' and cancelled_because is null"));

        // Back again: Norton is told anew, and in full.
        var third = await site.Received(Version("C/1", 3, 2));
        Assert.Equal(["levenside withdrawal", "norton-primary correction", "norton-stockton notice"], await Kinds(third));
    }

    [Fact]
    public async Task Who_was_told_by_mistake_finds_that_it_was_withdrawn_and_nothing_else_and_confirms_it()
    {
        await site.TimeIs(Cluster.Usual);
        var first = await site.Received(Version("C/9", 1, null, Named));
        var second = await site.Received(Version("C/9", 2, 1, r => { Named(r); r["summary"] = "Two children were at home."; }));
        await site.Settle();
        var (one, two) = (await site.NoticeTo("norton-stockton", first), await site.NoticeTo("norton-stockton", second));
        var person = await site.Row<Guid>("select l.person_id from mention m join link l using (source_record_id) where m.report_id = $1 and m.ordinal = 0", first);
        var contact = await site.Row<Guid>("select id from contact where notice_id = $1", one);
        using var worker = await site.SignedIn("ramsey");
        Assert.Contains("Mistaken", await worker.GetStringAsync($"/notices/{one}", TestContext.Current.CancellationToken));
        // What a council has decided meanwhile stays its own.
        Assert.Null(await site.Decides("ramsey", contact));
        // The agreement that they were told under has ended since.
        const string agreements = "update agreement set during = tstzrange(null, {0}) where from_kind = 'police' and to_kind = 'council'";
        var agreement = await site.Row<string>("select agreement_key || agreement_version from notice where id = $1", one);
        await site.Administer(string.Format(agreements, "heed_now()"));
        var third = await site.Received(Version("C/9", 3, 2, r => { Named(r); LivesIn(r, "TS17 1AA"); r["supersessionReason"] = "Canaryreason: they went to the aunt"; }));
        await site.Administer(string.Format(agreements, "null"));
        await site.Settle();
        var withdrawal = await site.Row<Guid>("select id from notice where report_id = $1 and to_agency = $2 and kind = 'withdrawal'", third, site.Agency("norton-stockton"));
        Assert.Equal(agreement, await site.Row<string>("select agreement_key || agreement_version from notice where id = $1", withdrawal));

        foreach (var gone in new[] { one, two })
        {
            var answer = await worker.GetAsync($"/notices/{gone}", TestContext.Current.CancellationToken);
            Assert.Equal((HttpStatusCode.Redirect, $"/notices/{withdrawal}"), (answer.StatusCode, answer.Headers.Location?.ToString()));
            // Whoever stood on the page where it is decided is told the same, and not that something failed.
            Assert.Contains("has withdrawn this", await worker.GetStringAsync($"/notices/{gone}/decide", TestContext.Current.CancellationToken));
            var api = await site.System("norton-stockton").GetFromJsonAsync<JsonElement>($"/api/notices/{gone}", TestContext.Current.CancellationToken);
            Assert.Equal("withdrawal", api.GetProperty("kind").GetString());
            Assert.DoesNotContain("Mistaken", api.ToString());
            // Why would tell more of the child than they were told by mistake.
            Assert.DoesNotContain("Canaryreason", api.ToString());
            Assert.Equal(HttpStatusCode.NotFound, (await site.System("norton-stockton").PostAsync($"/api/notices/{gone}/taking", null, TestContext.Current.CancellationToken)).StatusCode);
        }
        var page = await worker.GetStringAsync($"/notices/{withdrawal}", TestContext.Current.CancellationToken);
        Assert.Contains("Confirm that you have read this", page);
        Assert.DoesNotContain("Mistaken", page);
        Assert.DoesNotContain("Canaryreason", page);
        foreach (var who in new[] { "ramsey", "khalid", "norton-stockton/system" })
        {
            Assert.Equal(new long[] { 0, 0, 0, 0 }, await site.Works.As(site.Who(who), "A test", work => work.One<long[]>($"""
                array[(select count(*) from notice where report_id in ({first}, {second})), (select count(*) from mention where report_id in ({first}, {second})), (select count(*) from person where id = {person}), (select count(*) from history_of({person}))]
                """)));
        }
        Assert.Equal(new long[] { 1, 1, 1 }, await site.Works.As(site.Who("khalid"), "A test", work => work.One<long[]>($"array[(select count(*) from contact where id = {contact}), (select count(*) from referral where contact_id = {contact}), (select count(*) from episode e join referral r on r.episode_id = e.id where r.contact_id = {contact})]")));
        Assert.Equal(0, await site.Works.As(site.Who("ramsey"), "A test", work => work.One<long>($"select count(*) from contact where id = {contact}")));
        // Told of the same child rightly, another time: that, and of the withdrawn one still nothing.
        var other = await site.Received(TestSite.Report("C/12", Named));
        await site.Settle();
        Assert.Equal(new long[] { 1, 1, 0, 1 }, await site.Works.As(site.Who("khalid"), "A test", work => work.One<long[]>($"""
            array[(select count(*) from person where id = {person}), (select count(*) from mention where report_id = {other} and ordinal = 0), (select count(*) from mention where report_id in ({first}, {second})), (select count(*) from history_of({person}))]
            """)));
        Assert.DoesNotContain(await site.Row<Guid>("select source_record_id from mention where report_id = $1 and ordinal = 1", first), await site.Works.As(site.Who("khalid"), "A test", work => work.One<Guid[]>($"array(select id from source_record)")));
        // Withdrawn from the next one before it was decided: then it was nobody's there.
        await site.Received(Version("C/9", 4, 3, r => { Named(r); LivesIn(r, "TS17 1AA"); }));
        Assert.Equal(1, await site.Works.As(site.Who("lockwood"), "A test", work => work.One<long>($"select count(*) from contact c join mention m on m.id = c.mention_id where m.family = 'Mistaken'")));
        var fifth = await site.Received(Version("C/9", 5, 4, Named));
        Assert.Equal(0, await site.Works.As(site.Who("lockwood"), "A test", work => work.One<long>($"select count(*) from contact c where c.mention_id in (select id from mention where family = 'Mistaken') or c.notice_id in (select supersedes_id from notice where report_id = {fifth})")));
        Assert.Equal(1, await site.Row<long>("select count(*) from notice where report_id = $1 and kind = 'withdrawal' and to_agency = $2", fifth, site.Agency("levenside")));
        // The sender sees still whom it told what.
        Assert.Equal(2, await site.Works.As(site.Who("thirlwell"), "A test", work => work.One<long>($"select count(*) from notice where id in ({one}, {two})")));
        Assert.Equal(HttpStatusCode.NoContent, (await site.System("norton-stockton").PostAsync($"/api/notices/{withdrawal}/acknowledgement", null, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal("met", await site.Row<string>("select state from clock where notice_id = $1 and limit_key = 'notice.acknowledge'", withdrawal));

        static void Named(JsonObject r) => (r["people"]![0]!["recordNumber"], r["people"]![0]!["givenNames"], r["people"]![0]!["familyName"], r["people"]![0]!["born"]) = ("MISTAKEN", "Minna", "Mistaken", "2014-09-08");
    }

    [Fact]
    public async Task The_old_versions_receipt_names_the_new_one_which_shows_what_was_decided_before_it()
    {
        var first = await site.Received(Version("C/21", 1, null));
        var contact = await site.Row<Guid>("select c.id from contact c join notice n on n.id = c.notice_id where n.report_id = $1", first);
        Assert.Null(await site.Decides("ramsey", contact, d => d with { Decision = "early-help", Next = null }));
        var second = await site.Received(Version("C/21", 2, 1));
        var old = JsonDocument.Parse(await site.System("tees-valley-police").GetStringAsync($"/api/reports/{first}", TestContext.Current.CancellationToken)).RootElement;
        Assert.Equal((second, 2), (old.GetProperty("correctedBy").GetProperty("id").GetGuid(), old.GetProperty("correctedBy").GetProperty("version").GetInt32()));
        var now = await site.System("tees-valley-police").GetStringAsync($"/api/reports/{second}", TestContext.Current.CancellationToken);
        Assert.Contains("early-help", now);
        using var desk = await site.SignedIn("thirlwell");
        Assert.Contains($"/reports/{second}", await desk.GetStringAsync($"/reports/{first}", TestContext.Current.CancellationToken));
        Assert.Contains("Offer early help", await desk.GetStringAsync($"/reports/{second}", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_correction_goes_to_the_team_that_has_what_it_corrects()
    {
        var first = await site.Received(Version("C/22", 1, null));
        var notice = await site.NoticeTo("norton-stockton", first);
        Assert.Null(await site.Works.As(site.Who("ramsey"), "Handing on", work => HandOn.Handle(new(notice, site.Team("norton-stockton-assessment"), null, "Known to assessment"), work, new Heed.Site.Access.Bodies())));
        var second = await site.Received(Version("C/22", 2, 1));
        Assert.Equal(site.Team("norton-stockton-assessment"), await site.Row<Guid>("select to_team from notice where id = $1", await site.NoticeTo("norton-stockton", second)));
    }

    [Fact]
    public async Task A_correction_does_not_buy_time_for_a_decision_that_is_owed()
    {
        var first = await site.Received(Version("C/2", 1, null));
        var due = await site.Row<Instant>("select due_at from clock where report_id = $1 and limit_key = 'referral.decision'", first);
        await site.TimeIs(Cluster.Usual + Duration.FromHours(3));
        var second = await site.Received(Version("C/2", 2, 1, r => r["summary"] = "Two children were at home."));
        await site.Settle();
        Assert.Equal([due], await site.Rows<Instant>("select c.due_at from clock c where c.limit_key = 'referral.decision' and c.report_id in ($1, $2) and c.state = 'running'", first, second));
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task A_child_whom_only_the_correction_names_gets_a_contact_and_a_clock_of_its_own()
    {
        await site.Received(Version("C/3", 1, null));
        var second = await site.Received(Version("C/3", 2, 1, r => r["people"]!.AsArray().Add(JsonNode.Parse("""{ "key": "brother", "roles": ["child"], "givenNames": "Late", "familyName": "Probe", "born": "2020-01-01" }"""))));
        Assert.Equal(["brother"], await site.Rows<string>("select m.key from contact c join mention m on m.id = c.mention_id join notice n on n.id = c.notice_id where n.report_id = $1", second));
    }

    [Fact]
    public async Task A_correction_of_what_was_never_sent_or_was_corrected_already_is_refused_and_leaves_no_trace()
    {
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await site.Send(Version("C/4", 2, 1))).StatusCode);
        await site.Received(Version("C/4", 1, null));
        await site.Received(Version("C/4", 2, 1));
        Assert.Equal(HttpStatusCode.Conflict, (await site.Send(Version("C/4", 3, 1))).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await site.Send(Version("C/4", 3, null))).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await site.Send(Version("C/4", 3, 3))).StatusCode);
        Assert.Equal([1, 2], await site.Rows<int>("select version from report_key where reference = 'C/4' order by 1"));
    }

    [Fact]
    public async Task A_key_that_stands_for_another_child_in_the_correction_is_another_record()
    {
        var first = await site.Received(Version("C/13", 1, null));
        var second = await site.Received(Version("C/13", 2, 1, r => (r["people"]![0]!["givenNames"], r["people"]![0]!["familyName"], r["people"]![0]!["born"]) = ("Quite", "Another", "2011-11-11")));
        Assert.Equal(["child false", "mother true"], await site.Rows<string>("select a.key || ' ' || (a.source_record_id = b.source_record_id)::text from mention a join mention b on b.key = a.key and b.report_id = $2 where a.report_id = $1 order by 1", first, second));
    }

    [Fact]
    public async Task Of_two_corrections_of_one_version_at_once_one_stands_and_the_other_is_told_which()
    {
        await site.Received(Version("C/5", 1, null));
        var answers = await Task.WhenAll(Enumerable.Range(2, 12).Select(v => site.Send(Version("C/5", v, 1))));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Created);
        Assert.Equal(11, answers.Count(a => a.StatusCode == HttpStatusCode.Conflict));
        Assert.Equal(2, await site.Row<long>("select count(*) from report where reference = 'C/5'"));
    }

    [Fact]
    public async Task Versions_that_arrive_shuffled_and_five_times_over_end_as_if_they_had_come_in_order()
    {
        string[] versions = [Version("C/6", 1, null), Version("C/6", 2, 1, r => LivesIn(r, "TS17 1AA")), Version("C/6", 3, 2)];
        var shuffled = versions.SelectMany(v => Enumerable.Repeat(v, 5)).ToArray();
        new Random(6).Shuffle(shuffled);
        // Whoever is told "send that first" does so, and sends again.
        for (var round = 0; round < 4; round++)
        {
            foreach (var one in shuffled)
            {
                var answer = await site.Send(one);
                Assert.True(answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.OK or HttpStatusCode.UnprocessableEntity, $"{answer.StatusCode}");
            }
        }
        Assert.Equal([1, 2, 3], await site.Rows<int>("select version from report where reference = 'C/6' order by 1"));
        Assert.Equal(["levenside withdrawal", "norton-primary correction", "norton-stockton notice"], await Kinds(await site.Row<Guid>("select id from report where reference = 'C/6' and version = 3")));
    }

    [Fact]
    public async Task A_month_late_shuffled_and_five_times_over_it_ends_as_in_order_and_says_when_it_happened()
    {
        await site.TimeIs(Cluster.Usual);
        var happened = Cluster.Usual - Duration.FromDays(30);
        string[] Versions(string reference) =>
        [
            .. new (int Version, int? Of, Action<JsonObject> Change)[] { (1, null, _ => { }), (2, 1, r => LivesIn(r, "TS17 1AA")), (3, 2, r => r["summary"] = "Said again.") }.Select(v => Version(reference, v.Version, v.Of, r =>
            {
                (r["occurredAt"], r["knownAt"]) = ($"{happened}", $"{happened + Duration.FromHours(1)}");
                v.Change(r);
            })),
        ];
        foreach (var one in Versions("C/10"))
        {
            await site.Received(one);
        }
        var shuffled = Versions("C/11").SelectMany(v => Enumerable.Repeat(v, 5)).ToArray();
        new Random(11).Shuffle(shuffled);
        // Whoever is told "send that first" sends again, until all have been taken.
        for (var left = shuffled.ToList(); left.Count > 0;)
        {
            foreach (var one in left.ToArray())
            {
                if ((await site.Send(one)).IsSuccessStatusCode)
                {
                    left.Remove(one);
                }
            }
        }
        await site.Settle();
        Assert.Equal(await State("C/10"), await State("C/11"));
        Assert.Equal([4, 4, 4], await site.Rows<int>("select replays from report_key where reference = 'C/11'"));
        // Late in the open, and never later than it was: on the notice, on what is shown, and on the sender's own clock.
        foreach (var reference in new[] { "C/10", "C/11" })
        {
            Assert.Equal([happened], await site.Rows<Instant>("select distinct occurred_at from notice n join report r on r.id = n.report_id where r.reference = $1", reference));
            Assert.Equal((happened, "met-late"), (await site.Row<Instant>("select anchor_at from clock c join report r on r.id = c.report_id where r.reference = $1 and limit_key = 'notification.local-authority'", reference),
                await site.Row<string>("select c.state from clock c join report r on r.id = c.report_id where r.reference = $1 and limit_key = 'notification.local-authority'", reference)));
        }

        Task<List<string>> State(string reference) => site.Rows<string>("""
            select concat_ws(' ', r.version, a.key, n.kind, n.withdrawn_at is not null, n.mentions, n.shown - 'reference',
                   array(select c.limit_key || ' ' || c.state || ' ' || c.agency_id from clock c where c.notice_id = n.id order by 1), (select count(*) from contact c where c.notice_id = n.id),
                   array(select j.kind || ' ' || j.state from job j where j.subject_id = r.id order by 1), (select count(*) from mention m join link l on l.source_record_id = m.source_record_id where m.report_id = r.id))
              from report r join notice n on n.report_id = r.id join agency a on a.id = n.to_agency where r.reference = $1 order by 1
            """, reference);
    }

    [Theory]
    [InlineData("somebody else", "Rosalind", "Othersister", "2012-09-09", true)]
    [InlineData("somebody else without a birth", "Rosalind", "Othersister", null, true)]
    [InlineData("spelled otherwise", "Testah", "Proby", "2017-02-03", false)]
    [InlineData("another name and the same birth", "Rosalind", "Othersister", "2018-02-03", false)]
    [InlineData("a family name of its own", "Testa", "Othersister", "2016-02-03", false)]
    public async Task Where_the_child_was_the_mistake_the_right_one_is_to_be_decided_about_and_the_wrong_one_no_more(string how, string given, string family, string? born, bool another)
    {
        await site.TimeIs(Cluster.Usual);
        var reference = $"CW/{how}";
        var first = await site.Received(Version(reference, 1, null));
        await site.Settle();
        var was = await site.Row<Guid>("select c.id from contact c join notice n on n.id = c.notice_id where n.report_id = $1", first);
        await site.TimeIs(Cluster.Usual + Duration.FromMinutes(5));
        var second = await site.Received(Version(reference, 2, 1, r => (r["people"]![0]!["givenNames"], r["people"]![0]!["familyName"], r["people"]![0]!["born"]) = (given, family, born)));
        await site.Settle();
        var notice = await site.NoticeTo("norton-stockton", second);
        var contact = await site.Rows<Guid>("select id from contact where notice_id = $1", notice);
        Assert.Equal(another ? 1 : 0, contact.Count);
        Assert.Equal(another ? "cancelled The sender's correction names this child no more" : "running ", await site.Row<string>("select state || ' ' || coalesce(cancelled_because, '') from clock where contact_id = $1 and limit_key = 'referral.decision'", was));
        // What is decided is decided about the right one, by page and by system, and the sender is told of no other.
        using var council = site.System("norton-stockton");
        var about = Assert.Single((await council.GetFromJsonAsync<JsonElement>($"/api/notices/{notice}/decision", TestContext.Current.CancellationToken)).GetProperty("children").EnumerateArray());
        Assert.Equal(another ? contact[0] : was, about.GetProperty("contact").GetProperty("contactId").GetGuid());
        using var police = site.System("tees-valley-police");
        Assert.Single((await police.GetFromJsonAsync<JsonElement>($"/api/reports/{second}", TestContext.Current.CancellationToken)).GetProperty("notices").EnumerateArray().Single(n => n.GetProperty("to").GetString() == "Norton and Stockton Council").GetProperty("outcomes").EnumerateArray());
        if (another)
        {
            Assert.Equal("running", await site.Row<string>("select state from clock where contact_id = $1 and limit_key = 'referral.decision'", contact[0]));
            Assert.Equal("0", await site.Says("ramsey", "select count(*) from contact where id = $1", was));
        }
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task A_child_whom_the_correction_leaves_out_is_owed_no_decision_and_one_that_was_made_stands()
    {
        await site.TimeIs(Cluster.Usual);
        void Two(JsonObject r) => r["people"]!.AsArray().Add(JsonNode.Parse("""{ "key": "two", "roles": ["child"], "givenNames": "Testo", "familyName": "Probe", "born": "2020-01-05" }"""));
        void Three(JsonObject r) => r["people"]!.AsArray().Add(JsonNode.Parse("""{ "key": "three", "roles": ["child"], "givenNames": "Tristan", "familyName": "Probe", "born": "2012-01-05" }"""));
        var first = await site.Received(Version("CL/1", 1, null, r => { Two(r); Three(r); }));
        await site.Settle();
        Task<Guid> Contact(string key) => site.Row<Guid>("select c.id from contact c join mention m on m.id = c.mention_id where m.report_id = $1 and m.key = $2", first, key);
        Assert.Null(await site.Decides("ramsey", await Contact("three")));
        await site.Received(Version("CL/1", 2, 1, Two));
        var third = await site.Received(Version("CL/1", 3, 2));
        await site.Settle();
        async Task<(string, bool)> State(string key) => (await site.Row<string>("select state from clock where contact_id = $1 and limit_key = 'referral.decision'", await Contact(key)), await site.Row<bool>("select withdrawn_at is not null from contact where id = $1", await Contact(key)));
        Assert.Equal((("running", false), ("cancelled", true), ("met", false)), (await State("child"), await State("two"), await State("three")));
        Assert.Equal(0, await site.Row<long>("select count(*) from contact c join notice n on n.id = c.notice_id where n.report_id = $1", third));
    }

    [Fact]
    public async Task The_same_key_with_other_content_is_refused_however_it_is_spaced_the_same_content_is_the_same()
    {
        var first = await site.Received(TestSite.Report("C/7"));
        var spaced = JsonSerializer.Serialize(JsonNode.Parse(TestSite.Report("C/7")), new JsonSerializerOptions { WriteIndented = true });
        Assert.Equal(first, await site.Received(spaced));
        var sorted = new JsonObject(JsonNode.Parse(TestSite.Report("C/7"))!.AsObject().Reverse().Select(m => KeyValuePair.Create(m.Key, m.Value?.DeepClone())));
        Assert.Equal(first, await site.Received(sorted.ToJsonString()));
        Assert.Equal(first, await site.Received(TestSite.Report("C/7").Replace("Neighbour", "\\u004eeighbour")));
        var other = await site.Send(TestSite.Report("C/7", r => r["summary"] = "Something else."));
        Assert.Equal(HttpStatusCode.Conflict, other.StatusCode);
        Assert.Contains("reference", (await other.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").ToString());
    }

    [Fact]
    public async Task A_hundred_callers_with_one_key_and_two_contents_make_one_report_of_one_of_them()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => site.Send(TestSite.Report("C/8", r => r["summary"] = i % 2 == 0 ? "Even." : "Odd."))));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Created);
        Assert.Equal(49, answers.Count(a => a.StatusCode == HttpStatusCode.OK));
        Assert.Equal(50, answers.Count(a => a.StatusCode == HttpStatusCode.Conflict));
        Assert.Equal(1, await site.Row<long>("select count(*) from report where reference = 'C/8'"));
        Assert.Equal(2, await site.Row<long>("select count(*) from notice n join report r on r.id = n.report_id where r.reference = 'C/8'"));
    }
}
