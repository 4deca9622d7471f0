using System.Net;
using Heed.Plumbing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
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
        var answer = await site.Offer(TestSite.Report("F/1"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        // It is there, and asking again is no better: the replay writes, and its own commit is unknown too.
        Assert.Equal(1, await site.Row<long>("select count(*) from report where reference = 'F/1'"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await site.Offer(TestSite.Report("F/1"))).StatusCode);
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
    public async Task Work_that_a_passing_fault_stops_is_tried_until_it_has_passed()
    {
        await site.TimeIs(Cluster.Usual);
        await site.Administer("""
            create function busy() returns trigger language plpgsql as $$ begin raise exception 'locked' using errcode = '55P03'; end $$;
            create trigger busy before insert on link for each row execute function busy();
            """);
        var report = await site.Received(TestSite.Report("F/8"));
        for (var minute = 1; minute <= 8; minute++)
        {
            await site.Settle();
            await site.TimeIs(Cluster.Usual + Duration.FromMinutes(2 * minute));
        }
        Assert.Equal(("ready", 8), (await site.Row<string>("select state from job where subject_id = $1", report), await site.Row<int>("select attempts from job where subject_id = $1", report)));
        await site.Administer("drop trigger busy on link");
        await site.Settle();
        Assert.Equal("done", await site.Row<string>("select state from job where subject_id = $1", report));
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task Behind_a_lock_and_without_a_connection_all_are_asked_to_come_again_and_taken_when_they_do()
    {
        Assert.Equal("2s", await site.Says("ramsey", "select current_setting('lock_timeout')"));
        await using var few = new Databases(site.Databases.Owner.ConnectionString, global::Site.Tables, pool: 2);
        await using var app = global::Site.Build(few, "http://127.0.0.1:0", demo: true, background: false, logs: "Critical");
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var police = new HttpClient { BaseAddress = new(app.Urls.First()), DefaultRequestHeaders = { Authorization = site.System("tees-valley-police").DefaultRequestHeaders.Authorization } };
        Task<HttpResponseMessage[]> Six() => Task.WhenAll(Enumerable.Range(0, 6).Select(i => police.PostAsync("/api/reports", new StringContent(TestSite.Report($"F/9/{i}"), System.Text.Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken)));
        await using (var connection = await site.Databases.Owner.OpenConnectionAsync(TestContext.Current.CancellationToken))
        {
            await using var holding = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await using var hold = new Npgsql.NpgsqlCommand("lock table report_key in access exclusive mode", connection);
            await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            // It is let go only after all six were answered.
            Assert.All(await Six(), answer => Assert.Equal((HttpStatusCode.ServiceUnavailable, true), (answer.StatusCode, answer.Headers.RetryAfter is not null)));
        }
        Assert.All(await Six(), answer => Assert.Equal(HttpStatusCode.Created, answer.StatusCode));
    }

    [Fact]
    public async Task A_report_that_fails_takes_none_of_those_done_with_it_along()
    {
        await site.TimeIs(Cluster.Usual);
        await site.Settle();
        await site.Administer("""
            create function unheard_of() returns trigger language plpgsql as $$ begin if new.name = 'Unheard Of School' then raise exception 'no'; end if; return new; end $$;
            create trigger unheard_of before insert on attendance for each row execute function unheard_of();
            """);
        var reports = new List<Guid>();
        for (var i = 0; i < 6; i++)
        {
            reports.Add(await site.Received(TestSite.Report($"F/6/{i}", r => r["people"]![0]!["school"]!["name"] = i == 3 ? "Unheard Of School" : "Norton Primary School")));
        }
        await site.Settle();
        Assert.Equal(["done/1/", "done/1/", "done/1/", "ready/1/PostgreSQL P0001", "done/1/", "done/1/"], await site.Rows<string>("select concat_ws('/', state, attempts, coalesce(fault, '')) from job where subject_id = any ($1) order by array_position($1, subject_id)", reports.ToArray()));
        Assert.Equal(5, await site.Row<long>("select count(distinct m.report_id) from link l join mention m using (source_record_id) where m.report_id = any ($1)", reports.ToArray()));
        await site.Administer("drop trigger unheard_of on attendance");
        await site.TimeIs(Cluster.Usual + Duration.FromMinutes(1));
        await site.Settle();
        Assert.Equal("done", await site.Row<string>("select state from job where subject_id = $1", reports[3]));
    }

    [Fact]
    public async Task A_job_that_another_program_took_after_its_lease_ran_out_cannot_be_completed_by_the_first()
    {
        await site.TimeIs(Cluster.Usual);
        await site.Settle();
        var subject = Guid.NewGuid();
        await site.Administer("insert into job (id, kind, subject_id) values ($1, 'slow', $1)", subject);
        var first = new Slow(site);
        await first.Begun;
        await site.TimeIs(Cluster.Usual + Duration.FromMinutes(2));
        var second = new Slow(site);
        await second.Begun;

        // The second is still at it: what the first did is taken back, and the job is not done.
        await first.Ends();
        Assert.Equal(("ready", 2, 0L), (await site.Row<string>("select state from job where id = $1", subject), await site.Row<int>("select attempts from job where id = $1", subject), await Made(first)));
        await second.Ends();
        Assert.Equal(("done", 2, 1L), (await site.Row<string>("select state from job where id = $1", subject), await site.Row<int>("select attempts from job where id = $1", subject), await Made(second)));
        Assert.Equal(0, await Made(first));
        await site.TimeIs(Cluster.Usual);

        Task<long> Made(Slow program) => site.Row<long>("select count(*) from person where id = $1", program.Person);
    }

    [Fact]
    public async Task Who_is_told_to_stop_gives_back_what_it_had_claimed_and_nobody_waits_for_its_lease()
    {
        await site.TimeIs(Cluster.Usual);
        await site.Settle();
        await site.Administer("insert into job (id, kind, subject_id) select gen_random_uuid(), 'endless', gen_random_uuid() from generate_series(1, 3)");
        var begun = new TaskCompletionSource();
        var endless = new JobKind("endless", "A test", (_, _, stop) =>
        {
            begun.TrySetResult();
            return Task.Delay(-1, stop);
        }, Together: 1);
        using var program = new Jobs(site.Works, site.Services.GetRequiredService<Wake>(), [endless], site.Services.GetRequiredService<ILogger<Jobs>>());
        await program.StartAsync(TestContext.Current.CancellationToken);
        await begun.Task;
        Assert.Equal(3, await site.Row<long>("select count(*) from job where kind = 'endless' and leased_until > heed_now()"));
        await program.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(3, await site.Row<long>("select count(*) from job where kind = 'endless' and state = 'ready' and leased_until is null and attempts = 0"));
        await site.Administer("delete from job where kind = 'endless'");
    }

    [Fact]
    public async Task Work_of_one_kind_that_takes_long_stands_in_the_way_of_no_other()
    {
        await site.TimeIs(Cluster.Usual);
        await site.Settle();
        var (begun, others, end) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        var (slow, quick) = (0, 0);
        var kinds = new[]
        {
            new JobKind("lane.slow", "A test", (_, _, _) =>
            {
                Interlocked.Increment(ref slow);
                begun.TrySetResult();
                return end.Task;
            }, Together: 1),
            new JobKind("lane.quick", "A test", (_, _, _) =>
            {
                if (Interlocked.Increment(ref quick) == 40)
                {
                    others.SetResult();
                }
                return Task.CompletedTask;
            }, Together: 1),
        };
        await site.Administer("insert into job (id, kind, subject_id) select gen_random_uuid(), 'lane.slow', gen_random_uuid() from generate_series(1, 50)");
        using var program = new Jobs(site.Works, site.Services.GetRequiredService<Wake>(), kinds, site.Services.GetRequiredService<ILogger<Jobs>>());
        await program.StartAsync(TestContext.Current.CancellationToken);
        await begun.Task;
        await site.Administer("insert into job (id, kind, subject_id) select gen_random_uuid(), 'lane.quick', gen_random_uuid() from generate_series(1, 40)");
        await others.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, slow);
        // Of its own kind one handful is claimed and no more: the rest is another program's to take.
        Assert.Equal(32, await site.Row<long>("select count(*) from job where kind = 'lane.slow' and leased_until > heed_now()"));
        end.SetResult();
        await program.StopAsync(TestContext.Current.CancellationToken);
        await site.Administer("delete from job where kind like 'lane.%'");
    }

    /// <summary>A program whose job makes a person and then takes as long as the test lets it.</summary>
    private sealed class Slow
    {
        private readonly TaskCompletionSource _begun = new(), _end = new();
        private readonly Task _round;

        public Slow(TestSite site)
        {
            var kind = new JobKind("slow", "A test", async (_, work, stop) =>
            {
                await work.Do($"insert into person (id) values ({Person})", stop);
                _begun.SetResult();
                await _end.Task;
            }, Together: 1);
            _round = new Jobs(site.Works, site.Services.GetRequiredService<Wake>(), [kind], site.Services.GetRequiredService<ILogger<Jobs>>()).Round(default);
        }

        public Guid Person { get; } = Guid.CreateVersion7();

        public Task Begun => Task.WhenAny(_begun.Task, _round);

        public Task Ends()
        {
            _end.SetResult();
            return _round;
        }
    }

    [Fact]
    public async Task A_passing_fault_is_recognised_inside_what_EF_Core_wraps_it_in_and_the_sender_is_asked_to_come_again()
    {
        await site.TimeIs(Cluster.Usual);
        var report = await site.Received(TestSite.Report("F/7"));
        var notice = await site.NoticeTo("norton-stockton", report);
        await site.Administer("""
            create function too_busy() returns trigger language plpgsql as $$ begin raise exception 'could not serialize access' using errcode = '40001'; end $$;
            create trigger too_busy before update on notice for each row execute function too_busy();
            """);
        using var council = site.System("norton-stockton");
        var answer = await council.PostAsync($"/api/notices/{notice}/acknowledgement", null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        await site.Administer("drop trigger too_busy on notice");
        answer = await council.PostAsync($"/api/notices/{notice}/acknowledgement", null, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
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
        Assert.Matches(@"""Timestamp"":""\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z""", log);
        Assert.Contains("\"TraceId\":", log);
        Assert.DoesNotContain("Canary", log);
        Assert.DoesNotContain("Testa", log);
        Assert.DoesNotContain("Moira", log);
    }
}
