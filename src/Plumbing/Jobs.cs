using Microsoft.Extensions.Logging;
using NodaTime;
using Npgsql;

namespace Heed.Plumbing;

/// <summary>Work that is owed, enqueued in the transaction that owes it and done after: an outbox for free.</summary>
/// <param name="Kind">As in the row, "people.resolve".</param>
/// <param name="Do">Gets the subjects' ids and a work of its own; what it does and "done" are committed together.</param>
/// <param name="Together">How many of a kind one work may do: most of what a small job costs is its statements and its commit.</param>
public sealed record JobKind(string Kind, string Purpose, Func<Guid[], Work, CancellationToken, Task> Do, int Together);

/// <summary>Claims by state with SKIP LOCKED under a lease, never by position. A job that fails five times by its own fault is stuck, in the open, and harms no other.</summary>
public sealed class Jobs(Works works, Wake wake, IEnumerable<JobKind> kinds, ILogger<Jobs> log) : Standing
{
    public const string Topic = "jobs";
    private const int Patience = 5;
    private const int Handful = 32;
    private readonly Dictionary<string, JobKind> _kinds = kinds.ToDictionary(k => k.Kind);
    private readonly Guid _self = Ids.Next();

    /// <summary>Each kind in a lane of its own: a file of 100,000 rows does not stand before the question who the child of a report is.</summary>
    protected override async Task Run(CancellationToken stop)
    {
        using var waiter = wake.On(Topic);
        var (busy, woken) = (new Dictionary<string, Task>(), waiter.Next(stop));
        try
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    foreach (var kind in busy.Keys.Where(kind => busy[kind].IsCompleted).ToList())
                    {
                        busy.Remove(kind);
                    }
                    var claimed = await Claim([.. busy.Keys], stop);
                    foreach (var jobs in claimed.GroupBy(job => job.Kind))
                    {
                        busy[jobs.Key] = Lane(jobs, stop);
                    }
                    if (claimed.Count == 0)
                    {
                        await Task.WhenAny([woken, .. busy.Values]);
                    }
                    if (woken.IsCompleted)
                    {
                        woken = waiter.Next(stop);
                    }
                }
                catch (Exception failed) when (!stop.IsCancellationRequested)
                {
                    // Whatever it is: a service that ends here would end the program.
                    log.LogWarning("Claiming jobs failed ({Fault}); trying again", failed.GetType().Name);
                    await Task.Delay(TimeSpan.FromSeconds(1), stop);
                }
            }
        }
        finally
        {
            await Task.WhenAll(busy.Values);
            await GiveBack();
        }
    }

    private async Task Lane(IGrouping<string, Claimed> jobs, CancellationToken stop)
    {
        try
        {
            await Do(jobs, stop);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // What was not done is given back.
        }
        catch (Exception failed)
        {
            log.LogWarning("Jobs of kind {Kind} were left ({Fault}) and are claimed again when their lease has ended", jobs.Key, failed.GetType().Name);
        }
    }

    /// <summary>What was claimed and not begun waits for nobody's lease: another program takes it at once, as if it had not been claimed.</summary>
    private Task<int> GiveBack() => works.AsWorker("Giving back work that was claimed", work => work.Do($"""
        update job set leased_until = null, attempts = attempts - 1 where leased_by = {_self} and state = 'ready' and leased_until > heed_now()
        """));

    /// <summary>Claims a handful of each kind and does them, one kind after another. Answers how many were claimed.</summary>
    public async Task<int> Round(CancellationToken stop)
    {
        var claimed = await Claim([], stop);
        foreach (var jobs in claimed.GroupBy(job => job.Kind))
        {
            await Do(jobs, stop);
        }
        return claimed.Count;
    }

    private Task<List<Claimed>> Claim(string[] busy, CancellationToken stop) => works.AsWorker("Claiming work that is owed", async work =>
    {
        var jobs = new List<Claimed>();
        await using var batch = work.Batch();
        // From kind to kind by the index, whatever number of one waits; also kinds that this program does not know, which must not wait for ever unseen.
        batch.BatchCommands.Add(new($"""
            with recursive of_kind as (
                (select kind from job where state = 'ready' order by kind limit 1)
                union all select (select j.kind from job j where j.state = 'ready' and j.kind > k.kind order by j.kind limit 1) from of_kind k where k.kind is not null),
            due as materialized (
                select j.id from of_kind k cross join lateral (
                    select id from job where kind = k.kind and state = 'ready' and run_at <= heed_now() and (leased_until is null or leased_until < heed_now())
                     order by urgent desc, run_at limit {Handful} for update skip locked) j
                 where k.kind <> all ($2))
            update job set leased_until = heed_now() + interval '60 seconds', leased_by = $1, attempts = attempts + 1 where id in (select id from due)
            returning id, kind, subject_id, attempts
            """) { Parameters = { new() { Value = _self }, new() { Value = busy } } });
        await using var row = await batch.ExecuteReaderAsync(stop);
        while (await row.ReadAsync(stop))
        {
            jobs.Add(new(row.GetGuid(0), row.GetString(1), row.GetGuid(2), row.GetInt32(3)));
        }
        return jobs;
    }, stop);

    private async Task Do(IGrouping<string, Claimed> kind, CancellationToken stop)
    {
        // What was claimed before and not done goes by itself.
        var (first, again) = (kind.Where(job => job.Attempts == 1), kind.Where(job => job.Attempts > 1));
        foreach (var jobs in first.Chunk(_kinds.GetValueOrDefault(kind.Key)?.Together ?? 1).Concat(again.Chunk(1)))
        {
            await Do(kind.Key, jobs, stop);
        }
    }

    private async Task Do(string kind, Claimed[] jobs, CancellationToken stop)
    {
        try
        {
            var known = _kinds[kind];
            await works.AsWorker(known.Purpose, async work =>
            {
                await known.Do([.. jobs.Select(job => job.Subject)], work, stop);
                // Whoever took so long that another has claimed it since takes back what it did: attempts tells the claims apart.
                var done = await work.Do($"""
                    update job j set state = 'done', leased_until = null, fault = null from unnest({jobs.Select(job => job.Id).ToArray()}, {jobs.Select(job => job.Attempts).ToArray()}) c(id, attempts)
                     where j.id = c.id and j.state = 'ready' and j.attempts = c.attempts
                    """, stop);
                return done == jobs.Length ? done : throw new ClaimedAgain();
            }, stop);
        }
        catch (Exception) when (jobs.Length > 1 && !stop.IsCancellationRequested)
        {
            // One took back the work of all: each by itself, so that only it has failed.
            foreach (var job in jobs)
            {
                await Do(kind, [job], stop);
            }
        }
        catch (ClaimedAgain)
        {
            log.LogWarning("Job {Job} of kind {Kind} outlived its lease at attempt {Attempt}; who claimed it since does it", jobs[0].Id, kind, jobs[0].Attempts);
        }
        catch (Exception failed) when (!stop.IsCancellationRequested)
        {
            var (id, _, _, attempts) = jobs[0];
            // The kind of fault only: its text may name people.
            var fault = failed is PostgresException pg ? $"PostgreSQL {pg.SqlState}" : failed.GetType().Name;
            log.LogError("Job {Job} of kind {Kind} failed at attempt {Attempt}: {Fault}", id, kind, attempts, fault);
            // What passes, a lock or a full disk, is no fault of the job's: that is tried again until it has passed.
            var stuck = attempts >= Patience && !Problems.AskAgain(failed);
            await works.AsWorker("Noting a failed job", work => work.Do($"""
                update job set state = {(stuck ? "stuck" : "ready")}, fault = {fault}, leased_until = null,
                       run_at = heed_now() + {Duration.FromSeconds(Math.Pow(2, Math.Min(attempts, 6)) - 1)} where id = {id} and state = 'ready' and attempts = {attempts}
                """, stop), stop);
        }
    }

    private sealed record Claimed(Guid Id, string Kind, Guid Subject, int Attempts);
}

internal sealed class ClaimedAgain : Exception;
