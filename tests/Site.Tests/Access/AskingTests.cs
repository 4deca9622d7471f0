using System.Text;
using Heed.Site.Files;
using Heed.Site.Tests.Writing;
using Heed.Site.Writing;

namespace Heed.Site.Tests.Access;

/// <summary>Every page and every GET of the API, from the program's own list, as one of every role: whoever only asks changes nothing but what is meant to say that they did (ASVS 5.0, 3.5.3).</summary>
public sealed class AskingTests(TestSite site) : IClassFixture<TestSite>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>What says that somebody saw something: a row of its own (*), or columns of the row that was seen.</summary>
    private static readonly Dictionary<string, string[]> Recorded = new()
    {
        ["look"] = ["*"],
        ["session"] = ["seen_at"],
        ["notice"] = ["opened_at", "opened_by", "delivered_at"],
        ["shown_history"] = ["*"],
        // What changed is seen where it changed.
        ["change"] = ["*"],
        // The program's, of itself: /healthz writes to see whether it can.
        ["heartbeat"] = ["*"],
    };

    [Fact]
    public async Task Whoever_only_asks_changes_nothing_but_what_says_that_they_did()
    {
        var (open, decided) = (await site.Received(TestSite.Report("ASK/1")), await site.Received(TestSite.Report("ASK/2", r => r["risk"]!["grade"] = "high")));
        await site.Settle();
        await site.TimeIs(Cluster.Usual + NodaTime.Duration.FromHours(3));
        await site.Settle();
        Assert.Null(await site.Decides("ramsey", await site.Row<Guid>("select c.id from contact c join notice n on n.id = c.notice_id where n.report_id = $1 limit 1", decided)));
        await site.Works.As(site.Who("okafor"), "Writing a report", work =>
        {
            Draft.Begin(work).Keep(WritingTests.Whole(), work.Now);
            return Task.FromResult(0);
        });
        await site.Works.As(site.Who("thirlwell"), "Sending a file of reports", async work =>
        {
            var (id, _) = await IncomingFile.Handle("night.csv", Encoding.UTF8.GetBytes("Ref,Type,Occurred,Summary,Surname,DOB\nASK/F,neglect,18/11/2026 11:40,Seen alone,Probe,03/02/2018\n"), work);
            return (await SendFile.Begin(id, Columns.Guess((await IncomingFile.Of(id, work))!.Header), work)).Import;
        });
        await site.Works.As(site.Who("khalid"), "Searching", work => Heed.Site.People.Search.Handle("probe", work));
        await site.Settle();
        var ids = new List<Guid>();
        foreach (var some in new[] { "id from report", "id from notice", "id from contact", "id from clock where notice_id is not null", "id from mailbox_item", "person_id from link", "id from link", "id from draft", "id from incoming_file", "id from file_import", "id from search", "id from assessment", "id from agency where kind = 'council'" })
        {
            ids.AddRange(await site.Rows<Guid>($"select {some} order by 1 limit 1"));
        }
        var people = await site.Rows<string>("""
            select distinct on (o.role) p.key || ' ' || o.role from practitioner p join agency a on a.id = p.agency_id join post o on o.practitioner_id = p.id and o.during @> heed_now()
             where not p.is_system and p.during @> heed_now() and (a.key in ('tees-valley-police', 'norton-stockton') or a.kind not in ('police', 'council')) order by o.role, a.key = 'norton-stockton' desc, p.key
            """);
        var doors = (await EveryRouteTests.Doors(site.Services)).Where(d => d.Method == "GET" && !d.Path.StartsWith("/live")).ToList();
        foreach (var who in people)
        {
            await site.Administer("update practitioner set can_sign_in = true where key = $1", who.Split(' ')[0]);
        }
        var (asked, changed) = (0, new List<string>());
        foreach (var who in people)
        {
            var permits = (await site.Rows<string>("select distinct unnest(r.permits) from practitioner p join post o on o.practitioner_id = p.id and o.during @> heed_now() join role r on r.key = o.role where p.key = $1", who.Split(' ')[0])).ToHashSet();
            using var client = await site.SignedIn(who.Split(' ')[0]);
            var before = await Standing();
            foreach (var (_, path, permit) in doors.Where(d => d.Permit is null || permits.Contains(d.Permit)))
            {
                foreach (var id in path.Contains('{') ? ids : ids.Take(1))
                {
                    using var answer = await client.GetAsync(EveryRouteTests.Parameter().Replace(path, id.ToString()), Stop);
                    asked++;
                }
            }
            changed.AddRange((await Standing()).Except(before).Select(table => $"{who.Split(' ')[1]}: {table}"));
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"{doors.Count} doors, {people.Count} roles, {asked} asked");
        Assert.True(changed.Count == 0, string.Join("\n", changed));
    }

    /// <summary>Every table with how many rows it has and what they come to, without what is meant to be recorded.</summary>
    private Task<List<string>> Standing() => site.Rows<string>("""
        select t.table_name || ' ' || (xpath('/row/said/text()', query_to_xml(format('select count(*) || ''/'' || coalesce(sum(hashtextextended(' || case when m.columns is null then 'one_row::text' else format('(to_jsonb(one_row) - %L::text[])::text', m.columns) end || ', 0)), 0) as said from %I one_row', t.table_name), false, true, '')))[1]::text
          from information_schema.tables t left join lateral (select string_to_array(c, ',') as columns from unnest($1, $2) r(name, c) where r.name = t.table_name) m on true
         where t.table_schema = 'public' and t.table_type = 'BASE TABLE' and m.columns is distinct from '{*}' order by 1
        """, Recorded.Keys.ToArray(), Recorded.Values.Select(c => string.Join(',', c)).ToArray());
}
