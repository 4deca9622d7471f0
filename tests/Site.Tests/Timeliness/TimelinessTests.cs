using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Heed.Plumbing;
using Heed.Seed;
using Heed.Site.Demo;
using Heed.Site.Timeliness;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Heed.Site.Tests.Timeliness;

public sealed class TimelinessTests(TestSite site) : IClassFixture<TestSite>
{
    [Fact]
    public async Task Delay_counts_from_the_incident_whoever_typed_what_in_between()
    {
        await site.Received(TestSite.Report("TIME/1", r => (r["occurredAt"], r["knownAt"], r["recordedAt"]) = ("2026-11-16T14:00:00Z", "2026-11-18T13:55:00Z", "2026-11-18T13:58:00Z")));
        await site.Received(TestSite.Report("TIME/2", r => (r["occurredAt"], r["knownAt"]) = ("2026-11-18T12:00:00Z", "2026-11-18T12:00:00Z")));
        await site.Settle();
        var line = (await Read("flow")).Single(l => l.Name == "Tees Valley Police to Norton and Stockton Council");
        Assert.Equal((2, 48.0, 1, 0, 1, 0), (line.N, Math.Round(line.Longest, 1), line.OnTime, line.ByClaim, line.Late, line.Unsent));
        Assert.Equal(25, Math.Round(line.Median, 1));
        Assert.All(Figures.Dimensions, by => Assert.Equal(2, Read(by).Result.Sum(l => l.N)));
        Assert.Equal(["days"], (await Read("shift")).Select(l => l.Name));
        Assert.Equal(["api"], (await Read("channel")).Select(l => l.Name));
        Assert.Equal(["medium"], (await Read("grade")).Select(l => l.Name));
        // What the council decided follows, and a correction is no second telling.
        await site.Received(TestSite.Report("TIME/2", r => (r["occurredAt"], r["knownAt"], r["version"], r["supersedes"], r["supersessionReason"]) = ("2026-11-18T12:00:00Z", "2026-11-18T12:00:00Z", 2, 1, "The grade")));
        await site.Settle();
        var contact = await site.Row<Guid>("select c.id from contact c join notice n on n.id = c.notice_id join report r on r.id = n.report_id where r.reference = 'TIME/1'");
        Assert.Null(await site.Decides("ramsey", contact));
        Assert.True(await site.Row<bool>("select further from delay d join report r on r.id = d.report_id where r.reference = 'TIME/1'"));
        Assert.Equal(2, (await Read("flow")).Sum(l => l.N));
    }

    [Fact]
    public async Task A_claim_of_having_told_in_time_stands_apart_from_having_told()
    {
        await using var own = new TestSite(site.Cluster);
        await own.InitializeAsync();
        using var content = new StringContent("reference,kind,occurredAt,childPresent,toldAt\nCLAIM/1,domestic-abuse,2026-11-16T10:00:00Z,yes,2026-11-16T11:00:00Z\nCLAIM/2,domestic-abuse,2026-11-16T10:00:00Z,yes,\n", System.Text.Encoding.UTF8, "text/csv");
        Assert.Equal(HttpStatusCode.Created, (await own.System("tees-valley-police").PostAsync("/api/incidents", content)).StatusCode);
        await own.Settle();
        var line = Assert.Single(await Read("council", own));
        Assert.Equal((2, 0, 1, 1, 2, 52.0), (line.N, line.OnTime, line.ByClaim, line.Late, line.Unsent, Math.Round(line.OldestUnsent!.Value, 1)));
        await own.Received(TestSite.Report("CLAIM/1", r => (r["occurredAt"], r["knownAt"]) = ("2026-11-16T10:00:00Z", "2026-11-16T10:00:00Z")));
        await own.Settle();
        line = Assert.Single(await Read("council", own));
        Assert.Equal((2, 0, 1, 1, 1), (line.N, line.OnTime, line.ByClaim, line.Late, line.Unsent));
    }

    [Fact]
    public async Task What_a_force_dismisses_is_counted_beside_the_rest_and_a_small_flow_is_neither_accused_nor_acquitted()
    {
        await using var own = new TestSite(site.Cluster);
        await own.InitializeAsync();
        using var content = new StringContent("reference,kind,occurredAt,childPresent\nGONE/1,domestic-abuse,2026-11-16T10:00:00Z,yes\nGONE/2,domestic-abuse,2026-11-16T10:00:00Z,yes\n", System.Text.Encoding.UTF8, "text/csv");
        Assert.Equal(HttpStatusCode.Created, (await own.System("tees-valley-police").PostAsync("/api/incidents", content)).StatusCode);
        await own.Settle();
        async Task Dismiss(string reference)
        {
            var untold = await own.Row<Guid>("select id from untold where reference = $1", reference);
            Assert.Null(await own.Works.As(own.Who("thirlwell"), "Dismissing", work => Heed.Site.Incidents.Answer.Handle(new(untold, "dismissed", "Entered twice"), work, own.Bodies)));
        }
        await Dismiss("GONE/1");
        var line = Assert.Single(await Read("flow", own));
        Assert.Equal((1, 1, 1, 52.0), (line.N, line.Unsent, line.Dismissed, Math.Round(line.Longest, 1)));
        // A flow of which all was dismissed stands in the figures still.
        await Dismiss("GONE/2");
        line = Assert.Single(await Read("flow", own));
        Assert.Equal((0, 0, 2, 0.0), (line.N, line.Unsent, line.Dismissed, line.Longest));
        var manager = await own.SignedIn("khalid");
        var page = await manager.GetStringAsync("/timeliness");
        Assert.True(page.Contains("and 2 dismissed") && page.Contains("a force that sends no log has nothing unsent"));
        // One that came after all was told late, and is dismissed no longer.
        await own.Received(TestSite.Report("GONE/1", r => (r["occurredAt"], r["knownAt"]) = ("2026-11-16T10:00:00Z", "2026-11-16T10:00:00Z")));
        await own.Settle();
        line = Assert.Single(await Read("flow", own));
        Assert.Equal((1, 1, 1), (line.N, line.Late, line.Dismissed));
        Assert.Contains("Too little to judge: 1 incidents in 1 weeks", await manager.GetStringAsync($"/timeliness/{own.Agency("tees-valley-police")}/{own.Agency("norton-stockton")}"));
    }

    [Fact]
    public async Task The_councils_of_the_letter_are_named_and_the_two_beside_them_are_not_and_each_sees_its_own()
    {
        await using var own = new TestSite(site.Cluster);
        await own.InitializeAsync();
        await LoadLetter.Put(new(own.Databases, Cluster.Usual));
        Assert.Superset(new HashSet<string> { "Imran Sethi", "Ffion Rees", "Denise Thirlwell" }, (await Serve.WhoMaySignIn(own.Works)).Select(p => p.Name).ToHashSet());
        var found = await Findings(own, "ashworth");
        var names = (await own.Rows<string>("select name || '=' || id from agency")).Select(n => n.Split('=')).ToDictionary(n => Guid.Parse(n[1]), n => n[0]);
        string[] said = [.. found.Select(f => $"{names[f.Flow.Council].Split(',')[0]}: {f.Count.Pattern}").Order()];
        Assert.Contains("Bury: WeeklyBatch", said);
        Assert.Contains("Medway: LowGradedTail", said);
        Assert.Contains("Wirral: LateAsARule", said);
        Assert.Contains("Slough: LateAfterAll", said);
        Assert.Contains("West Sussex: Flood", said);
        Assert.DoesNotContain(said, s => s.StartsWith("Fairhaven") || s.StartsWith("Stillwater"));
        Assert.All(found, f => Assert.InRange(f.Q, 0, Detectors.FalseShare));
        // Figures are a force's own, a council's own, or the partnership's.
        var force = await own.Row<Guid>("select id from practitioner where key = 'letter-analyst'");
        Assert.NotEmpty(await Findings(own, force));
        Assert.Empty(await Findings(own, "thirlwell"));
        Assert.Empty(await Findings(own, "whelan"));
        Assert.Empty(await Findings(own, "templeton"));
        // A council's analyst sees how that council is told, of one force as of another, and no other council's.
        await own.Administer("insert into team (id, key, agency_id, name, function) select gen_random_uuid(), 'bury-analysis', council_id, 'Performance', 'analysis' from delay join agency c on c.id = council_id where c.name like 'Bury%' limit 1");
        var analyst = Guid.CreateVersion7();
        await own.Administer("insert into practitioner (id, key, agency_id, name, rank) select $1, 'bury-analyst', agency_id, 'An Analyst', 'Performance analyst' from team where key = 'bury-analysis'", analyst);
        await own.Administer("insert into post (practitioner_id, team_id, role) select $1, id, 'analyst' from team where key = 'bury-analysis'", analyst);
        Assert.All(await Findings(own, analyst), f => Assert.StartsWith("Bury", names[f.Flow.Council]));
        Assert.Contains(await Findings(own, analyst), f => f.Count.Pattern == Pattern.WeeklyBatch);
        Assert.StartsWith("Bury", Assert.Single(await own.Works.As(Heed.Plumbing.Identity.Of(analyst), "A test", work => Figures.Read("council", 364, Duration.FromHours(24), work))).Name);
        // Nothing about anybody: no column could hold it.
        Assert.Empty(await own.Rows<string>("select attname::text from pg_attribute where attrelid = 'delay'::regclass and attnum > 0 and attname ~ 'name|born|address|postcode|words|reason'"));
        var page = await (await own.SignedIn("ashworth")).GetStringAsync("/timeliness");
        Assert.Contains("Sent in batches, once a week", page);
        var flow = found.First(f => f.Count.Pattern == Pattern.WeeklyBatch).Flow;
        Assert.Contains("<svg", await (await own.SignedIn("ashworth")).GetStringAsync($"/timeliness/{flow.Force}/{flow.Council}"));
        Assert.Equal(HttpStatusCode.NotFound, (await (await own.SignedIn("whelan")).GetAsync($"/timeliness/{flow.Force}/{flow.Council}")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await own.SignedIn("ramsey")).GetAsync("/timeliness")).StatusCode);
    }

    [Fact]
    public async Task The_first_and_the_last_case_of_a_finding_open_for_whose_they_are_and_for_nobody_else()
    {
        await using var own = new TestSite(site.Cluster);
        await own.InitializeAsync();
        var first = await own.Received(TestSite.Report("CASE/1"));
        await own.Settle();
        var (force, council) = (own.Agency("tees-valley-police"), own.Agency("norton-stockton"));
        await own.Administer("delete from delay");
        // Thirty weeks of four that took three days each; the first of all is a report.
        await own.Administer("""
            insert into delay (id, force_id, council_id, report_id, kind, grade, occurred_at, known_at, received_at)
            select gen_random_uuid(), $1, $2, case when w = 30 and i = 0 then $3::uuid end, 'domestic-abuse', 'high', o, o, o + interval '72 hours'
              from generate_series(1, 30) w, generate_series(0, 3) i, lateral (select timestamptz '2026-11-18T14:00:00Z' - w * interval '7 days' + i * interval '31 hours' as o) x
            """, force, council, first);
        var notice = await own.NoticeTo("norton-stockton", first);
        foreach (var (who, at) in new[] { ("thirlwell", $"/reports/{first}"), ("whelan", $"/notices/{notice}") })
        {
            using var reader = await own.SignedIn(who);
            var page = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await reader.GetStringAsync($"/timeliness/{force}/{council}"));
            var links = page.QuerySelectorAll("main a").Select(a => a.GetAttribute("href")).Where(h => h is not null && h.StartsWith(at[..9], StringComparison.Ordinal)).ToList();
            Assert.Equal([at], links.Distinct());
            Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync(at)).StatusCode);
        }
        using var partnership = await own.SignedIn("ashworth");
        Assert.DoesNotContain(first.ToString(), await partnership.GetStringAsync($"/timeliness/{force}/{council}"));
    }

    [Fact]
    public async Task What_was_counted_is_kept_until_anything_of_its_flow_changes_and_an_hour_at_most()
    {
        await using var own = new TestSite(site.Cluster);
        await own.InitializeAsync();
        await own.TimeIs(Cluster.Usual);
        var (force, council) = (own.Agency("tees-valley-police"), own.Agency("norton-stockton"));
        // Thirty weeks of four that took three days each, to two councils.
        await own.Administer("""
            insert into delay (id, force_id, council_id, kind, grade, occurred_at, received_at)
            select gen_random_uuid(), $1, c, 'domestic-abuse', 'high', o, o + interval '72 hours'
              from unnest(array[$2, $3]) c, generate_series(1, 30) w, generate_series(0, 3) i, lateral (select timestamptz '2026-11-18T14:00:00Z' - w * interval '7 days' + i * interval '31 hours' as o) x
            """, force, council, own.Agency("hartmoor"));
        var kept = own.Services.GetRequiredService<KeptFindings>();
        Task<KeptFindings.Found> Look(string who = "thirlwell") => own.Works.As(own.Who(who), "Seeing how long it took", work => kept.Findings(work));
        int N(KeptFindings.Found of) => of.Findings.Single(f => f.Flow.Council == council && f.Count.Pattern == Pattern.LateAsARule).Count.N;
        var first = await Look();
        Assert.Equal(120, N(first));
        await own.TimeIs(Cluster.Usual + Duration.FromMinutes(50));
        var again = await Look();
        Assert.Equal((120, first.AsAt), (N(again), again.AsAt));
        Assert.Equal(first.Findings.Select(f => (f.Flow, f.Count.Pattern, f.Q)), again.Findings.Select(f => (f.Flow, f.Count.Pattern, f.Q)));
        // One more, one that arrives otherwise, one that is left out and one that is gone: each is seen at once, and the other flow is as it was.
        foreach (var (n, change) in new[]
        {
            (121, "insert into delay (id, force_id, council_id, kind, occurred_at, received_at) values (gen_random_uuid(), $1, $2, 'missing', '2026-10-01T10:00:00Z', '2026-10-01T11:00:00Z')"),
            (121, "update delay set received_at = null where id = (select id from delay where force_id = $1 and council_id = $2 and occurred_at > '2026-10-20' order by occurred_at limit 1)"),
            (120, "update delay set left_out = true where force_id = $1 and council_id = $2 and kind = 'missing'"),
            (119, "delete from delay where id = (select id from delay where force_id = $1 and council_id = $2 and not left_out order by occurred_at limit 1)"),
        })
        {
            await own.Administer(change, force, council);
            var changed = await Look();
            Assert.Equal((n, first.AsAt), (N(changed), changed.AsAt));
        }
        Assert.True((await Look()).Findings.Single(f => f.Flow.Council == council && f.Count.Pattern == Pattern.LateAsARule).Count.Says["longest"] > 500, "What has not arrived waits until now");
        // Whoever sees one of the two flows is given one.
        await own.Administer("delete from delay where council_id = $1", own.Agency("hartmoor"));
        var changedLast = (await Look()).AsAt;
        Assert.InRange(changedLast, Cluster.Usual + Duration.FromMinutes(50), Cluster.Usual + Duration.FromMinutes(59));
        Assert.DoesNotContain((await Look("ashworth")).Findings, f => f.Flow.Council != council);
        Assert.Empty((await Look("norton-primary-lead")).Findings);
        await own.TimeIs(changedLast + Duration.FromMinutes(61));
        Assert.True((await Look()).AsAt >= changedLast + Duration.FromMinutes(61));
        using var desk = await own.SignedIn("thirlwell");
        Assert.Contains("Worked out", await desk.GetStringAsync("/timeliness"));
    }

    [Theory]
    [InlineData("by=name", "by")]
    [InlineData("days=3", "days")]
    public async Task What_is_asked_for_and_is_not_there_is_refused_by_name(string query, string field)
    {
        // A system has no permit for figures: the desk's own account asks.
        var desk = await site.SignedIn("thirlwell");
        var answer = await desk.GetAsync($"/api/timeliness?{query}");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.True((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty(field, out _));
        Assert.Equal(HttpStatusCode.Forbidden, (await site.System("tees-valley-police").GetAsync("/api/timeliness")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await desk.GetAsync("/api/timeliness/findings")).StatusCode);
    }

    private Task<IReadOnlyList<Figures.Line>> Read(string by, TestSite? of = null) =>
        (of ?? site).Works.As((of ?? site).Who("thirlwell"), "Seeing how long it took", work => Figures.Read(by, 91, Duration.FromHours(24), work));

    private static Task<IReadOnlyList<Finding>> Findings(TestSite of, string who) => Findings(of, of.Practitioner(who));

    private static Task<IReadOnlyList<Finding>> Findings(TestSite of, Guid who) => of.Works.As(Identity.Of(who), "Seeing how long it took", async work => (await of.Services.GetRequiredService<KeptFindings>().Findings(work)).Findings);
}
