using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Heed.Plumbing;
using Heed.Site.Incidents;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Heed.Site.Tests.Incidents;

public sealed class IncidentTests(TestSite site) : IClassFixture<TestSite>
{
    private const string Header = "reference,kind,occurredAt,attendedAt,recordedAt,grade,childPresent,shift";

    private const string Wide = "reference,kind,occurredAt,grade,childPresent,pregnant,address,postcode,suspectNumber,victimNumber";

    private async Task<HttpResponseMessage> Post(string body, string type = "text/csv", string agency = "tees-valley-police")
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = new(type);
        return await site.System(agency).PostAsync("/api/incidents", content);
    }

    /// <summary>A list that must be taken, and all that follows from it.</summary>
    private async Task<JsonElement> Taken(string body, HttpStatusCode status = HttpStatusCode.Created, string type = "text/csv")
    {
        var answer = await Post(body, type);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{answer.StatusCode}: {text}");
        await site.Settle();
        return JsonDocument.Parse(text).RootElement;
    }

    private Task<List<string>> Standing(string under) => site.Rows<string>("select reference || ' ' || asks || ' ' || state from untold where reference like $1 order by 1", under + "%");

    private Task<Guid> Untold(string reference) => site.Row<Guid>("select id from untold where reference = $1", reference);

    private Task<Refusal?> Says(Guid untold, string? what, string? reason = "Rang the officer", Guid? report = null, string who = "thirlwell") =>
        site.Works.As(site.Who(who), "Saying what an incident was", work => Answer.Handle(new(untold, what, reason, report), work, site.Bodies));

    [Fact]
    public async Task A_forces_list_as_its_system_writes_it_is_held_against_what_arrived()
    {
        await site.TimeIs(Instant.FromUtc(2026, 11, 21, 12, 0));
        await site.Received(TestSite.Report("TV/2026/0041873", r => (r["occurredAt"], r["knownAt"]) = ("2026-11-20T22:40:00Z", "2026-11-20T22:40:00Z")));
        var answer = await Post($"""
            {Header}
            TV/2026/0041873,domestic-abuse,2026-11-20T22:40:00Z,2026-11-20T22:58:00Z,2026-11-20T23:41:00Z,medium,yes,nights
            TV/2026/0041902,domestic-abuse,2026-11-21T01:15:00Z,2026-11-21T01:32:00Z,2026-11-21T02:20:00Z,standard,yes,nights
            TV/2026/0041911,missing,2026-11-21T03:05:00Z,2026-11-21T03:05:00Z,2026-11-21T03:09:00Z,high,yes,nights
            TV/2026/0041940,burglary,2026-11-21T04:50:00Z,2026-11-21T05:40:00Z,2026-11-21T06:10:00Z,,no,nights

            """);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        await site.Settle();
        // What was made is there to be read, by the force's system and no other agency's.
        var list = await site.System("tees-valley-police").GetFromJsonAsync<JsonElement>(answer.Headers.Location);
        Assert.Equal(HttpStatusCode.NotFound, (await site.System("norton-stockton").GetAsync(answer.Headers.Location)).StatusCode);
        Assert.Equal((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid(), list.GetProperty("id").GetGuid());
        Assert.Equal((4, 4, 0, 0), (list.GetProperty("rowsRead").GetInt32(), list.GetProperty("kept").GetInt32(), list.GetProperty("again").GetInt32(), list.GetProperty("wrong").GetArrayLength()));
        Assert.Equal(["TV/2026/0041902 tell open", "TV/2026/0041911 tell open"], await Standing("TV/2026/00419"));
        Assert.Empty(await Standing("TV/2026/0041873"));
        var desk = await site.SignedIn("thirlwell");
        var page = await desk.GetStringAsync("/incidents");
        Assert.Contains("TV/2026/0041902", page);
        Assert.Contains("10 hours 45 minutes", page);
        Assert.Equal("incident.not-told running", await site.Row<string>("select limit_key || ' ' || state from clock where untold_id = $1", await Untold("TV/2026/0041902")));
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task A_council_learns_that_there_is_one_whose_how_old_and_of_which_grade_and_nothing_else()
    {
        await Taken($"{Wide}\nHUSH/1,domestic-abuse,2026-11-18T02:00:00Z,medium,yes,,7 Hush Lane,TS20 2AB,HUSHNOM,\n");
        using var council = site.System("norton-stockton");
        Assert.Equal(HttpStatusCode.Forbidden, (await council.GetAsync("/api/incidents/untold")).StatusCode);
        var whelan = await site.SignedIn("whelan");
        var page = await whelan.GetStringAsync("/incidents");
        Assert.Contains("Tees Valley Police", page);
        Assert.Contains("12 hours", page);
        Assert.Contains("medium", page);
        Assert.DoesNotContain("HUSH", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("abuse", page, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.NotFound, (await whelan.GetAsync($"/incidents/{await Untold("HUSH/1")}")).StatusCode);
        foreach (var (who, sees) in new[] { ("whelan", 1), ("greaves", 0), ("ramsey", 0), ("ashworth", 0) })
        {
            Assert.Equal((sees, 0, 0), await site.Works.As(site.Who(who), "A test of who sees what", async work =>
                (await work.One<int>($"select count(*)::int from untold_to_me() where occurred_at = '2026-11-18T02:00:00Z'"), await work.One<int>($"select count(*)::int from incident"), await work.One<int>($"select count(*)::int from untold"))));
        }
        Assert.Equal(HttpStatusCode.Forbidden, (await (await site.SignedIn("ramsey")).GetAsync("/incidents")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await site.SignedIn("okafor")).GetAsync("/incidents")).StatusCode);
        var school = await Post($"{Wide}\nHUSH/2,missing,2026-11-18T02:00:00Z,,yes,,,,,\n", agency: "norton-primary");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, school.StatusCode);
        Assert.Contains("Only a police force", await school.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_question_is_the_councils_to_know_only_once_its_time_has_run_out()
    {
        await Taken($"{Wide}\nASK/1,domestic-abuse,2026-11-18T03:00:00Z,standard,,,,TS20 2AB,,\n");
        Assert.Equal(["ASK/1 question open"], await Standing("ASK/"));
        Task<int> Seen() => site.Works.As(site.Who("whelan"), "A test of who sees what", work => work.One<int>($"select count(*)::int from untold_to_me() where occurred_at = '2026-11-18T03:00:00Z'"));
        Assert.Equal(0, await Seen());
        await site.TimeIs(Cluster.Usual + Duration.FromHours(5));
        await site.Settle();
        Assert.Equal(1, await Seen());
        Assert.Equal("incident.child-question breached", await site.Row<string>("select limit_key || ' ' || state from clock where untold_id = $1", await Untold("ASK/1")));
        Assert.Contains("An incident that nobody was told of", await (await site.SignedIn("thirlwell")).GetStringAsync("/?view=agency&state=late"));
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task Signs_of_a_child_are_a_question_and_only_the_forces_own_records_are_read_for_them()
    {
        // The force knows a child at 3 Test Street, and a mother by the number of her record; the council knows one at 9 Council Row.
        await site.Received(TestSite.Report("SIGN/0", r =>
        {
            (r["occurredAt"], r["knownAt"]) = ("2026-11-01T11:00:00Z", "2026-11-01T11:00:00Z");
            r["people"]![1]!["recordNumber"] = "NOM-MOTHER";
            r["people"]!.AsArray().Add(JsonNode.Parse("""{ "key": "expectant", "roles": ["victim"], "recordNumber": "NOM-EXPECTANT", "familyName": "Waiting", "givenNames": "Una" }"""));
            r["people"]!.AsArray().Add(JsonNode.Parse("""{ "key": "minder", "roles": ["suspect", "carer"], "recordNumber": "NOM-CARER", "familyName": "Minding", "givenNames": "Max" }"""));
            r["people"]!.AsArray().Add(JsonNode.Parse("""{ "key": "passer", "roles": ["suspect"], "recordNumber": "NOM-PASSER", "familyName": "Passing", "givenNames": "Pat" }"""));
            r["people"]!.AsArray().Add(JsonNode.Parse("""{ "key": "unborn", "roles": ["unborn"], "expected": "2027-02-01", "relationships": [{ "kind": "mother", "to": "expectant" }] }"""));
        }));
        await site.Settle();
        await site.Administer("""
            with i as (insert into import (id, agency_id, file_name, file_hash, column_map, rows_read, rows_kept, rows_refused) values (gen_random_uuid(), $1, 'x', 'sign', '{}', 1, 1, 0) returning id),
                 s as (insert into source_record (id, agency_id, number) values (gen_random_uuid(), $1, 'SIGN') returning id),
                 m as (insert into mention (id, source_record_id, agency_id, import_id, ordinal, is_child, given) select gen_random_uuid(), s.id, $1, i.id, 0, true, 'Known' from s, i returning id)
            insert into residence (mention_id, ordinal, address, postcode, during) select id, 1, '9 council row', 'TS202AB', daterange(null, null) from m
            """, site.Agency("norton-stockton"));
        await Taken($"""
            {Wide}
            SIGN/1,burglary,2026-11-17T20:00:00Z,,no,,"3 Test Street",TS20 2AB,,
            SIGN/2,public-order,2026-11-17T20:00:00Z,,no,,,,NOM-MOTHER,
            SIGN/3,assault,2026-11-17T20:00:00Z,,no,,,,,NOM-EXPECTANT
            SIGN/4,assault,2026-11-17T20:00:00Z,,no,yes,,,,
            SIGN/5,domestic-abuse,2026-11-17T20:00:00Z,,unknown,,,,,
            SIGN/6,burglary,2026-11-17T20:00:00Z,,no,,9 Council Row,TS20 2AB,,
            SIGN/7,burglary,2026-11-17T20:00:00Z,,,,,,,
            SIGN/8,assault,2026-11-17T20:00:00Z,,no,,,,NOM-CARER,
            SIGN/9,assault,2026-11-17T20:00:00Z,,no,,,,NOM-PASSER,

            """);
        Assert.Equal(["SIGN/1 child-lives-there", "SIGN/2 their-child", "SIGN/3 pregnancy", "SIGN/4 pregnancy", "SIGN/5 log-does-not-say", "SIGN/8 their-child"], await site.Rows<string>("select reference || ' ' || array_to_string(why, ', ') from untold where reference like 'SIGN/%' order by 1"));
        Assert.All(await Standing("SIGN/"), s => Assert.EndsWith("question open", s));
    }

    [Fact]
    public async Task Every_bad_row_is_explained_the_good_are_kept_and_the_same_row_again_is_the_same()
    {
        var first = await Taken($"""
            {Header}
            BAD/1,domestic-abuse,2026-11-18T01:00:00Z,,,medium,yes,nights
            ,domestic-abuse,2026-11-18T01:00:00Z,,,medium,yes,nights
            BAD/2,,2026-11-18T01:00:00Z,,,medium,yes,nights
            BAD/3,missing,the other day,,,medium,yes,nights
            BAD/4,missing,2027-11-18T01:00:00Z,,,medium,yes,nights
            BAD/5,missing,2026-11-18T01:00:00Z,some time,,severe,perhaps,nights
            BAD/1,domestic-abuse,2026-11-18T01:00:00Z,,,medium,yes,nights
            BAD/1,domestic-abuse,2026-11-18T01:00:00Z,,,high,yes,nights
            BAD/6,missing,2026-11-18T01:00:00Z,,,medium,yes,nights,and,more

            """);
        Assert.Equal((9, 2, 0), (first.GetProperty("rowsRead").GetInt32(), first.GetProperty("kept").GetInt32(), first.GetProperty("again").GetInt32()));
        var wrong = first.GetProperty("wrong").EnumerateArray().Select(w => $"{w.GetProperty("line")} {w.GetProperty("field")}: {w.GetProperty("why")}").ToList();
        Assert.Equal(["3 reference", "4 kind", "5 occurredAt", "6 occurredAt", "7 grade", "7 childPresent", "7 attendedAt", "9 reference", "10 row"], wrong.Select(w => w[..w.IndexOf(':')]).OrderBy(w => int.Parse(w.Split(' ')[0])).ThenBy(w => w.EndsWith("attendedAt") ? 1 : 0));
        Assert.DoesNotContain(wrong, w => w.Contains("severe") || w.Contains("perhaps") || w.Contains("the other day"));
        // A child is there by BAD/1; BAD/5 does not say in a way that can be read, and a missing child is a question.
        Assert.Equal(["BAD/1 tell open", "BAD/5 question open"], await Standing("BAD/"));
        // The same row in another file and in JSON is the same; one that says otherwise is the next version, and stands where the first did.
        var json = await Taken("""[{ "reference": "BAD/1", "kind": "domestic-abuse", "occurredAt": "2026-11-18T01:00:00Z", "grade": "medium", "childPresent": true, "shift": "nights" }, { "reference": "BAD/5", "kind": "missing", "occurredAt": "2026-11-18T01:00:00Z", "childPresent": "yes", "shift": "nights" }]""", type: "application/json");
        Assert.Equal((2, 1, 1), (json.GetProperty("rowsRead").GetInt32(), json.GetProperty("kept").GetInt32(), json.GetProperty("again").GetInt32()));
        Assert.Equal(["BAD/1 tell open", "BAD/5 tell open"], await Standing("BAD/"));
        Assert.Equal(["incident.child-question met", "incident.not-told running"], await site.Rows<string>("select limit_key || ' ' || state from clock where untold_id = $1 order by 1", await Untold("BAD/5")));
    }

    [Theory]
    [InlineData("text/csv", "", 422, "empty")]
    [InlineData("text/csv", "reference,kind\nX,y\n", 422, "occurredAt")]
    [InlineData("text/csv", "reference,kind,occurredAt\nX,y", 422, "cut")]
    [InlineData("application/json", "{}", 422, "flat objects")]
    [InlineData("application/json", "[{\"reference\":{}}]", 422, "flat objects")]
    [InlineData("application/json", "[", 422, "flat objects")]
    [InlineData("text/plain", "x", 415, "Unsupported Media Type")]
    public async Task What_is_no_list_is_refused_whole_and_says_why(string type, string body, int status, string why)
    {
        var answer = await Post(body, type);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(why, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_same_list_is_taken_once_however_many_send_it_at_once()
    {
        var list = $"{Header}\nTWICE/1,domestic-abuse,2026-11-18T01:00:00Z,,,medium,yes,nights\n";
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Post(list)));
        Assert.Equal(1, answers.Count(a => a.StatusCode == HttpStatusCode.Created));
        Assert.Equal(5, answers.Count(a => a.StatusCode == HttpStatusCode.OK));
        Assert.Equal(1, await site.Row<long>("select count(*) from incident where reference = 'TWICE/1'"));
    }

    [Fact]
    public async Task A_report_that_comes_closes_it_as_late_after_all_and_erases_neither_it_nor_its_clock()
    {
        await Taken($"{Header}\nLATE/1,domestic-abuse,2026-11-18T11:40:00Z,,,medium,yes,nights\nLATE/2,domestic-abuse,2026-11-18T11:40:00Z,,,medium,yes,nights\nLATE/3,domestic-abuse,2026-11-18T11:40:00Z,,,medium,yes,nights\n");
        Assert.Null(await Says(await Untold("LATE/2"), "dismissed", "A test of the log by its supplier"));
        await site.TimeIs(Cluster.Usual + Duration.FromHours(3));
        await site.Settle();
        // Written otherwise, and the same: another system's slashes.
        await site.Received(TestSite.Report("late-1"));
        await site.Received(TestSite.Report("LATE/2"));
        await site.Settle();
        Assert.Equal(["LATE/1 tell late-after-all", "LATE/2 tell late-after-all", "LATE/3 tell open"], await Standing("LATE/"));
        Assert.Equal("met-late", await site.Row<string>("select state from clock where untold_id = $1", await Untold("LATE/1")));
        Assert.Equal(1, await site.Row<long>("select count(*) from untold_answer where untold_id = $1 and what = 'dismissed'", await Untold("LATE/2")));
        Assert.Equal("certain: reference, written otherwise", await site.Row<string>("select x.certainty || ': ' || x.how from incident_report x join incident i on i.id = x.incident_id where i.reference = 'LATE/1'"));
        var page = await (await site.SignedIn("thirlwell")).GetStringAsync("/incidents");
        Assert.Contains("Told late after all", page);
        // For the figures the silence gave way to the telling, and the dismissed is told too: one row each that counts.
        Assert.Equal([true, true, false], await site.Rows<bool>("select bool_or(d.received_at is not null) from delay d left join incident i on i.id = d.incident_id left join report r on r.id = d.report_id where not d.left_out and plain(coalesce(i.reference, r.reference)) in ('LATE1', 'LATE2', 'LATE3') group by plain(coalesce(i.reference, r.reference)) order by plain(coalesce(i.reference, r.reference))"));
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task What_is_dismissed_has_a_reason_and_a_name_and_teaches_nothing_about_the_next()
    {
        await Taken($"{Header}\nFALSE/1,domestic-abuse,2026-11-18T09:00:00Z,,,medium,unknown,nights\n");
        var one = await Untold("FALSE/1");
        Assert.Equal("what", (await Says(one, null))!.Field);
        Assert.Equal("what", (await Says(one, "whatever"))!.Field);
        Assert.Equal("reason", (await Says(one, "no-child", " "))!.Field);
        Assert.Equal("report", (await Says(one, "same-report", report: Guid.NewGuid()))!.Field);
        Assert.Equal(No.NotFound, (await Says(one, "no-child", who: "whelan"))!.Kind);
        Assert.Null(await Says(one, "no-child", "Spoke to PC 2214: adults only, no child lives there"));
        Assert.Equal(No.Conflict, (await Says(one, "child"))!.Kind);
        Assert.Equal("met", await site.Row<string>("select state from clock where untold_id = $1", one));
        await Taken($"{Header}\nFALSE/2,domestic-abuse,2026-11-18T09:00:00Z,,,medium,unknown,nights\n");
        Assert.Equal(["FALSE/1 question no-child", "FALSE/2 question open"], await Standing("FALSE/"));
        var two = await Untold("FALSE/2");
        Assert.Null(await Says(two, "child", "A neighbour's child had run in"));
        Assert.Equal(["FALSE/2 tell open"], await Standing("FALSE/2"));
        Assert.Equal(["incident.child-question met", "incident.not-told running"], await site.Rows<string>("select limit_key || ' ' || state from clock where untold_id = $1 order by 1", two));
        var no = await Says(two, "no-child");
        Assert.Equal("Working Together to Safeguard Children 2018", no!.Because!.Instrument);
        // Of several who answer at once one does.
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Says(two, "dismissed", "Entered twice")));
        Assert.Equal(1, answers.Count(a => a is null));
        Assert.Equal(5, answers.Count(a => a?.Kind == No.Conflict));
        Assert.Equal(1, await site.Row<long>("select count(*) from untold_answer where untold_id = $1 and what = 'dismissed'", two));
        Assert.Contains("Denise Thirlwell", await (await site.SignedIn("thirlwell")).GetStringAsync($"/incidents/{two}"));
    }

    [Fact]
    public async Task An_answer_holds_for_what_was_known_and_a_new_sign_of_a_child_opens_the_incident_again_with_a_clock()
    {
        await Taken($"{Header}\nAGAIN/1,domestic-abuse,2026-11-18T09:00:00Z,,,medium,,nights\nAGAIN/2,domestic-abuse,2026-11-18T09:00:00Z,,,medium,yes,nights\n");
        var (one, two) = (await Untold("AGAIN/1"), await Untold("AGAIN/2"));
        Assert.Null(await Says(one, "no-child", "Adults only, as the officer says"));
        Assert.Null(await Says(two, "dismissed", "A test of the log"));
        // What says nothing new of a child changes nothing that a person said.
        await Taken($"{Header}\nAGAIN/1,domestic-abuse,2026-11-18T09:00:00Z,,,high,,nights\nAGAIN/2,domestic-abuse,2026-11-18T09:00:00Z,,,high,yes,nights\n");
        Assert.Equal(["AGAIN/1 question no-child", "AGAIN/2 tell dismissed"], await Standing("AGAIN/"));
        await Taken($"{Wide}\nAGAIN/1,domestic-abuse,2026-11-18T09:00:00Z,high,yes,,,,,\nAGAIN/2,domestic-abuse,2026-11-18T09:00:00Z,high,yes,yes,,,,\n");
        Assert.Equal(["AGAIN/1 tell open", "AGAIN/2 tell open"], await Standing("AGAIN/"));
        Assert.Equal(["incident.child-question met", "incident.not-told running"], await site.Rows<string>("select limit_key || ' ' || state from clock where untold_id = $1 order by 1", one));
        Assert.Equal(["incident.not-told met", "incident.not-told running"], await site.Rows<string>("select limit_key || ' ' || state from clock where untold_id = $1 order by 1", two));
        Assert.Equal(2, await site.Row<long>("select count(*) from delay d join incident i on i.id = d.incident_id where i.reference like 'AGAIN/%' and not d.left_out"));
        var desk = await site.SignedIn("thirlwell");
        var page = await desk.GetStringAsync($"/incidents/{one}");
        Assert.True(page.Contains("Adults only, as the officer says") && page.Contains("It is open again"));
        Assert.Null(await Says(one, "dismissed", "The child was next door, and has a report"));
        Assert.Equal(["AGAIN/1 tell dismissed"], await Standing("AGAIN/1"));
    }

    [Fact]
    public async Task Another_reference_is_the_same_incident_only_where_nothing_else_could_be()
    {
        string At(string reference, string street, string when) => TestSite.Report(reference, r =>
        {
            (r["occurredAt"], r["knownAt"]) = (when, when);
            r["people"]![0]!["addresses"]![0]!["lines"] = new JsonArray(street);
        });
        await site.Received(At("OTHER/A", "1 Alone Street", "2026-11-16T20:10:00Z"));
        await site.Received(At("OTHER/B", "1 Twice Street", "2026-11-16T20:10:00Z"));
        await site.Settle();
        await Taken($"""
            {Wide}
            STRONG/1,domestic-abuse,2026-11-16T20:00:00Z,,yes,,1 Alone Street,TS20 2AB,,
            STRONG/2,domestic-abuse,2026-11-16T19:40:00Z,,yes,,1 Twice Street,TS20 2AB,,
            STRONG/3,domestic-abuse,2026-11-16T20:40:00Z,,yes,,1 Twice Street,TS20 2AB,,

            """);
        Assert.Equal(["STRONG/2 tell open", "STRONG/3 tell open"], await Standing("STRONG/"));
        var three = await Untold("STRONG/3");
        var report = await site.Row<Guid>("select id from report where reference = 'OTHER/B'");
        Assert.Contains("OTHER/B", await (await site.SignedIn("thirlwell")).GetStringAsync($"/incidents/{three}"));
        Assert.Null(await Says(three, "same-report", "The second call: the officer wrote one report", report));
        Assert.Equal(["STRONG/2 tell open", "STRONG/3 tell same-report"], await Standing("STRONG/"));
    }

    [Fact]
    public async Task A_list_and_its_reports_that_come_at_once_leave_nothing_told_standing_as_untold()
    {
        const int Many = 24;
        var list = $"{Header}\n" + string.Concat(Enumerable.Range(0, Many + 4).Select(i => $"RACE/{i:00},domestic-abuse,2026-11-18T11:40:00Z,,,medium,yes,nights\n"));
        using var stop = new CancellationTokenSource();
        var jobs = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await site.Services.GetRequiredService<Jobs>().Round(default);
            }
        })).ToList();
        await Task.WhenAll(Enumerable.Range(0, Many).Select(i => site.Received(TestSite.Report($"RACE/{i:00}"))).Append(Task.Run(async () => { Assert.Equal(HttpStatusCode.Created, (await Post(list)).StatusCode); return Guid.Empty; })));
        await stop.CancelAsync();
        await Task.WhenAll(jobs);
        await site.Settle();
        Assert.Equal(["RACE/24", "RACE/25", "RACE/26", "RACE/27"], await site.Rows<string>("select reference from untold where reference like 'RACE/%' and state = 'open' order by 1"));
        Assert.Equal(4, await site.Row<long>("select count(*) from clock c join untold u on u.id = c.untold_id where u.reference like 'RACE/%' and c.state = 'running'"));
    }

    [Fact]
    public async Task A_report_that_comes_while_its_list_is_compared_waits_for_what_that_finds_and_closes_it()
    {
        Assert.Equal(HttpStatusCode.Created, (await Post($"{Header}\nWAIT/1,domestic-abuse,2026-11-18T11:40:00Z,,,medium,yes,nights\n")).StatusCode);
        var incident = await site.Row<Guid>("select id from incident where reference = 'WAIT/1'");
        var compare = site.Services.GetRequiredService<Compare>();
        var (compared, commit) = (new TaskCompletionSource(), new TaskCompletionSource());
        var list = site.Works.AsWorker("Holding a force's log against its reports", async work =>
        {
            await compare.Handle([incident], work, default);
            compared.SetResult();
            await commit.Task;
            return 0;
        });
        await compared.Task;
        var report = await site.Received(TestSite.Report("WAIT/1"));
        var arrived = site.Works.AsWorker("Following a report", async work =>
        {
            await compare.Arrived([report], work, default);
            return 0;
        });
        while (!arrived.IsCompleted && !await site.Row<bool>("select exists (select 1 from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database()))"))
        {
            await Task.Delay(10);
        }
        commit.SetResult();
        await Task.WhenAll(list, arrived);
        Assert.Equal(["WAIT/1 tell late-after-all"], await Standing("WAIT/"));
        await site.Settle();
    }

    [Fact]
    public async Task A_watched_folder_is_emptied_into_the_forces_log()
    {
        var folder = Directory.CreateTempSubdirectory("heed-watched-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "night.csv"), $"{Header}\nFOLDER/1,missing,2026-11-18T01:00:00Z,,,high,yes,nights\n");
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "wrong.csv"), "who,what\na,b\n");
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "night.csv.part"), "not yet");
            WatchFolder Watch(string practitioner) => ActivatorUtilities.CreateInstance<WatchFolder>(site.Services, new IncidentSettings { Folders = [new(folder.FullName, practitioner)] });
            Assert.Equal(2, await Watch("tees-valley-police/system").Round());
            await site.Settle();
            Assert.Equal(["FOLDER/1 tell open"], await Standing("FOLDER/"));
            Assert.Contains("occurredAt", await File.ReadAllTextAsync(Path.Combine(folder.FullName, "refused", "wrong.csv.why.txt")));
            Assert.Equal(["night.csv.part"], folder.GetFiles().Select(f => f.Name));
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "again.csv"), $"{Header}\nFOLDER/2,missing,2026-11-18T01:00:00Z,,,high,yes,nights\n");
            Assert.Equal(1, await Watch("okafor").Round());
            Assert.Contains("incident.import", await File.ReadAllTextAsync(Path.Combine(folder.FullName, "refused", "again.csv.why.txt")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_desk_sends_a_list_by_its_page_and_sees_what_is_wrong_in_it()
    {
        var desk = await site.SignedIn("thirlwell");
        async Task<HttpResponseMessage> Send(string csv)
        {
            var token = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await desk.GetStringAsync("/incidents")).QuerySelector("main input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
            using var form = new MultipartFormDataContent { { new StringContent(token), "__RequestVerificationToken" }, { new ByteArrayContent(Encoding.UTF8.GetBytes(csv)), "File", "night.csv" } };
            return await desk.PostAsync("/incidents", form);
        }
        var answer = await Send($"{Header}\nPAGE/1,missing,2026-11-18T01:00:00Z,,,high,yes,nights\nPAGE/2,missing,never,,,high,yes,nights\n");
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        await site.Settle();
        var page = await desk.GetStringAsync(answer.Headers.Location);
        Assert.Contains("PAGE/1", page);
        Assert.Contains("Line 3, occurredAt", page);
        // A green word over a list of which a row is missing would be believed.
        Assert.Contains("1 of the 2 rows could not be taken", page);
        Assert.DoesNotContain("govuk-notification-banner--success", page);
        var refused = await Send("nothing");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        var one = $"/incidents/{await Untold("PAGE/1")}";
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await TestSite.Post(desk, one, ("What", "dismissed"))).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.Post(desk, one, ("What", "dismissed"), ("Reason", "Entered for training"))).StatusCode);
    }
}
