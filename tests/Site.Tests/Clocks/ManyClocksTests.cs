using Heed.Plumbing;
using Heed.Site.Clocks;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Npgsql;

namespace Heed.Site.Tests.Clocks;

/// <summary>Thousands due together, several programs, and whoever acts at the very moment at which the sweep does.</summary>
public sealed class ManyClocksTests(TestSite site) : IClassFixture<TestSite>
{
    [Fact]
    public async Task A_correction_that_waited_for_a_sweep_numbers_its_event_after_the_sweeps()
    {
        await site.TimeIs(Cluster.Usual);
        var report = await site.Received(TestSite.NoSchool("K/17"));
        var clock = await site.Clock(report, "notice.acknowledge", "norton-stockton");
        await site.Settle();
        var second = await site.Received(TestSite.NoSchool("K/17", r => (r["version"], r["supersedes"], r["supersessionReason"], r["summary"]) = (2, 1, "A slip", "Said again.")));
        await using var connection = await site.Databases.Owner.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var sweep = new NpgsqlCommand("select enter('00000000-0000-7000-8000-000000000001', 'A sweep, slowly'); update clock set state = 'warned' where id = $1; insert into clock_event (clock_id, ordinal, what) values ($1, 0, 'warned')".Replace("$1", $"'{clock}'"), connection, transaction);
        await sweep.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var following = site.Settle();
        while (!following.IsCompleted && await site.Row<long>("select count(*) from pg_stat_activity where $1 = any (pg_blocking_pids(pid))", connection.ProcessID) == 0)
        {
            await Task.Yield();
        }
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        await following;
        Assert.Equal(["warned", "cancelled"], await site.Events(clock));
        Assert.Equal([1, 1], await site.Rows<int>("select attempts from job where subject_id = $1", second));
    }

    [Fact]
    public async Task Two_programs_that_sweep_three_thousand_due_clocks_together_miss_none_and_tell_nobody_twice()
    {
        await site.TimeIs(Cluster.Usual);
        var report = await site.Received(TestSite.NoSchool("K/11"));
        await site.Administer("""
            insert into clock (id, limit_key, words, agency_id, team_id, report_id, anchor, anchor_at, warn_at, due_at, climb_every, next_at)
            select gen_random_uuid(), 'surge/' || n, 'Surge', $1, $2, $3, 'Received', heed_now() - interval '2 hours', heed_now() - interval '2 hours', heed_now() - interval '1 hour', interval '1 hour', heed_now() - interval '1 hour' from generate_series(1, 3000) n
            """, site.Agency("norton-stockton"), site.Team("norton-stockton-front-door"), report);
        var (other, _) = await site.Run(background: false);
        await using (other)
        {
            var moved = await Task.WhenAll(new[] { site.Services, other.Services, site.Services, other.Services }.Select(async s =>
            {
                var all = 0;
                for (int now; (now = await s.GetRequiredService<Sweep>().Round()) > 0;)
                {
                    all += now;
                }
                return all;
            }));
            Assert.Equal(3000, moved.Sum());
        }
        await site.Settle();
        Assert.Equal(3000, await site.Row<long>("select count(*) from clock_event e join clock c on c.id = e.clock_id where c.limit_key like 'surge/%'"));
        Assert.Equal(3000, await site.Row<long>("select count(distinct clock_id) from clock_event e join clock c on c.id = e.clock_id where c.limit_key like 'surge/%' and e.what = 'breached' and e.told = $1", site.Practitioner("khalid")));
        // Whoever opens the page of late clocks is told that it does not show them all.
        Assert.Matches("The 200 most pressing of 3[0-9]{3}", await (await site.SignedIn("khalid")).GetStringAsync("/clocks", TestContext.Current.CancellationToken));
        await site.Administer("update clock set state = 'cancelled', stopped_at = heed_now(), next_at = null, cancelled_because = 'A test' where limit_key like 'surge/%'");
    }

    [Fact]
    public async Task A_sweep_that_races_with_an_acknowledgement_loses_nothing_and_fails_nobody()
    {
        await site.TimeIs(Cluster.Usual);
        var reports = new List<Guid>();
        for (var i = 0; i < 60; i++)
        {
            reports.Add(await site.Received(TestSite.NoSchool($"K/12/{i}")));
        }
        await site.TimeIs(Cluster.Usual + Duration.FromMinutes(91));
        using var done = new CancellationTokenSource();
        var sweeping = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                await site.Services.GetRequiredService<Sweep>().Round();
                // Every clock is due again and again, so that there is always a race.
                await site.Administer("update clock set next_at = heed_now() where next_at is not null and limit_key = 'notice.acknowledge' and report_id = any ($1)", reports.ToArray());
            }
        });
        var acknowledging = Task.WhenAll(reports.Chunk(15).Select(async some =>
        {
            foreach (var report in some)
            {
                Assert.Null(await site.Acknowledged(report));
            }
        }));
        await acknowledging;
        await done.CancelAsync();
        await sweeping;
        Assert.Equal(60, await site.Row<long>("select count(*) from clock where report_id = any ($1) and limit_key = 'notice.acknowledge' and state = 'met-late' and next_at is null", reports.ToArray()));
        Assert.Equal(60, await site.Row<long>("select count(*) from clock_event e join clock c on c.id = e.clock_id where c.report_id = any ($1) and e.what = 'met-late' and e.ordinal = (select max(ordinal) from clock_event x where x.clock_id = c.id)", reports.ToArray()));
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task An_acknowledgement_that_waited_for_a_sweep_numbers_its_event_after_the_sweeps()
    {
        await site.TimeIs(Cluster.Usual);
        var report = await site.Received(TestSite.NoSchool("K/13"));
        var clock = await site.Clock(report, "notice.acknowledge", "norton-stockton");
        await using var connection = await site.Databases.Owner.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var sweep = new NpgsqlCommand("select enter('00000000-0000-7000-8000-000000000001', 'A sweep, slowly'); update clock set state = 'warned' where id = $1; insert into clock_event (clock_id, ordinal, what) values ($1, 0, 'warned')".Replace("$1", $"'{clock}'"), connection, transaction);
        await sweep.ExecuteNonQueryAsync();
        var acknowledging = site.Acknowledged(report);
        await Task.Delay(400, TestContext.Current.CancellationToken);
        Assert.False(acknowledging.IsCompleted);
        await transaction.CommitAsync();
        Assert.Null(await acknowledging);
        Assert.Equal(["warned", "met"], await site.Events(clock));
    }
}
