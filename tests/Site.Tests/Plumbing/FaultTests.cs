using System.Net;
using Heed.Plumbing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace Heed.Site.Tests.Plumbing;

public sealed class FaultTests(TestSite site) : IClassFixture<TestSite>
{
    [Fact]
    public async Task A_commit_that_may_not_have_reached_the_standby_is_unknown_and_never_done()
    {
        await site.Administer("""
            create function standby_is_away() returns trigger language plpgsql as $$ begin raise warning 'canceling wait for synchronous replication due to user request'; return null; end $$;
            create constraint trigger away after insert or update on report_key deferrable initially deferred for each row execute function standby_is_away();
            """);
        var answer = await site.Send(TestSite.Report("F/1"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        // It is there, and asking again is no better: the replay writes, and its own commit is unknown too.
        Assert.Equal(1, await site.Row<long>("select count(*) from report where reference = 'F/1'"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await site.Send(TestSite.Report("F/1"))).StatusCode);
        await site.Administer("drop trigger away on report_key");
        Assert.Equal(HttpStatusCode.OK, (await site.Send(TestSite.Report("F/1"))).StatusCode);
        Assert.Equal(2, await site.Row<int>("select replays from report_key where reference = 'F/1'"));
        Assert.Equal(1, await site.Row<long>("select count(*) from report where reference = 'F/1'"));
    }

    [Fact]
    public async Task A_job_that_always_fails_is_set_aside_after_five_tries_and_harms_no_other()
    {
        await site.TimeIs(Cluster.Usual);
        var poison = Guid.NewGuid();
        await site.Administer("insert into job (id, kind, subject_id, urgent) values ($1, 'poison', $1, true)", poison);
        var reports = new List<Guid>();
        for (var minute = 0; minute < 8; minute++)
        {
            reports.Add(await site.Received(TestSite.Report($"F/2/{minute}")));
            await site.Settle();
            await site.TimeIs(Cluster.Usual + Duration.FromMinutes(minute + 1));
        }
        Assert.Equal(("stuck", 5, "KeyNotFoundException"), (await site.Row<string>("select state from job where id = $1", poison), await site.Row<int>("select attempts from job where id = $1", poison), await site.Row<string>("select fault from job where id = $1", poison)));
        Assert.Equal(8, await site.Row<long>("select count(*) from job where subject_id = any ($1) and state = 'done' and attempts = 1", reports.ToArray()));
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task What_outlived_its_lease_and_was_claimed_by_another_takes_back_what_it_did()
    {
        await site.TimeIs(Cluster.Usual);
        var slow = Guid.NewGuid();
        await site.Administer("insert into job (id, kind, subject_id) values ($1, 'slow', $1)", slow);
        var jobs = new Jobs(site.Works, site.Services.GetRequiredService<Wake>(), [new("slow", "A test", async (id, work, _) =>
        {
            await work.Look("slow", id);
            await site.Administer("update job set attempts = attempts + 1 where id = $1", id);
        })], NullLogger<Jobs>.Instance);
        Assert.Equal(1, await jobs.Round(TestContext.Current.CancellationToken));
        Assert.Equal("ready", await site.Row<string>("select state from job where id = $1", slow));
        Assert.Equal(0, await site.Row<long>("select count(*) from look where subject_id = $1", slow));
        await site.Administer("delete from job where id = $1", slow);
    }

    [Fact]
    public async Task To_be_told_to_stop_is_no_failure()
    {
        var before = Console.Out;
        var heard = new StringWriter();
        Console.SetOut(TextWriter.Synchronized(heard));
        try
        {
            await using (var app = global::Site.Build(site.Databases, "http://127.0.0.1:0", demo: true, background: true, logs: "Error"))
            {
                await app.StartAsync(TestContext.Current.CancellationToken);
            }
        }
        finally
        {
            Console.SetOut(before);
        }
        Assert.Empty(heard.ToString());
    }

    [Fact]
    public async Task No_log_no_refusal_and_no_failure_names_anybody()
    {
        var before = Console.Out;
        var heard = new StringWriter();
        Console.SetOut(TextWriter.Synchronized(heard));
        try
        {
            await using var app = global::Site.Build(site.Databases, "http://127.0.0.1:0", demo: true, background: true, logs: "Information");
            await app.StartAsync(TestContext.Current.CancellationToken);
            using var police = new HttpClient { BaseAddress = new(app.Urls.First()), DefaultRequestHeaders = { Authorization = site.System("tees-valley-police").DefaultRequestHeaders.Authorization } };
            string[] bodies =
            [
                TestSite.Report("F/Canaryref", r => r["people"]![0]!["givenNames"] = "Canarygiven"),
                TestSite.Report("F/Canaryref", r => r["summary"] = "Canarysummary"),
                TestSite.Report("F/Canaryref/2", r => { r["people"]![0]!["givenNames"] = "Canarygiven"; r["people"]![0]!["sex"] = "Canarysex"; r["occurredAt"] = "Canarytime"; }),
                TestSite.Report("F/Canaryref/3", r => r["people"]![0]!["Canarymember"] = "Canaryvalue").Replace("\"Canarymember\"", "\"summary2\""),
                TestSite.Report("F/Canaryref/4", r => r["people"]![0]!["familyName"] = "Canaryfamily")[..300],
            ];
            foreach (var body in bodies)
            {
                var answer = await police.PostAsync("/api/reports", new StringContent(body, System.Text.Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
                if (!answer.IsSuccessStatusCode)
                {
                    Assert.DoesNotContain("Canary", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
                }
            }
            // And a failure in the middle: the table is away.
            await site.Administer("alter table statement rename to statement_away; alter table mention rename to mention_away");
            var failed = await police.PostAsync("/api/reports", new StringContent(bodies[0].Replace("Canaryref", "Canaryref/5"), System.Text.Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
            await site.Administer("alter table statement_away rename to statement; alter table mention_away rename to mention");
            Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
            Assert.DoesNotContain("Canary", await failed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            await Task.Delay(500, TestContext.Current.CancellationToken);
            await app.StopAsync(TestContext.Current.CancellationToken);
        }
        finally
        {
            Console.SetOut(before);
        }
        var log = heard.ToString();
        Assert.Contains("/api/reports", log);
        Assert.Contains("42P01", log);
        Assert.DoesNotContain("Canary", log);
        Assert.DoesNotContain("Testa", log);
        Assert.DoesNotContain("Moira", log);
    }
}
