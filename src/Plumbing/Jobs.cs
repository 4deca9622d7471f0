using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;
using Npgsql;

namespace Heed.Plumbing;

/// <summary>Work that is owed, enqueued in the transaction that owes it and done after: an outbox for free.</summary>
/// <param name="Kind">As in the row, "people.resolve".</param>
/// <param name="Do">Gets the subject's id and a work of its own; what it does and "done" are committed together.</param>
public sealed record JobKind(string Kind, string Purpose, Func<Guid, Work, CancellationToken, Task> Do);

/// <summary>Claims by state with SKIP LOCKED under a lease, never by position. A job that fails five times is stuck, in the open, and harms no other.</summary>
public sealed class Jobs(Works works, Wake wake, IEnumerable<JobKind> kinds, ILogger<Jobs> log) : Standing
{
    public const string Topic = "jobs";
    private const int Patience = 5;
    private readonly Dictionary<string, JobKind> _kinds = kinds.ToDictionary(k => k.Kind);
    private readonly Guid _self = Guid.CreateVersion7();

    protected override async Task Run(CancellationToken stop)
    {
        using var waiter = wake.On(Topic);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (await Round(stop) == 0)
                {
                    await waiter.Next(stop);
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

    /// <summary>Claims a handful and does them. Answers how many were claimed.</summary>
    public async Task<int> Round(CancellationToken stop)
    {
        var claimed = await works.AsWorker("Claiming work that is owed", async work =>
        {
            var jobs = new List<(Guid Id, string Kind, Guid Subject, int Attempts)>();
            await using var batch = work.Batch();
            batch.BatchCommands.Add(new("""
                update job set leased_until = heed_now() + interval '60 seconds', leased_by = $1, attempts = attempts + 1
                 where id in (select id from job where state = 'ready' and run_at <= heed_now() and (leased_until is null or leased_until < heed_now())
                               order by urgent desc, run_at limit 32 for update skip locked)
                returning id, kind, subject_id, attempts
                """) { Parameters = { new() { Value = _self } } });
            await using var row = await batch.ExecuteReaderAsync(stop);
            while (await row.ReadAsync(stop))
            {
                jobs.Add((row.GetGuid(0), row.GetString(1), row.GetGuid(2), row.GetInt32(3)));
            }
            return jobs;
        }, stop);
        foreach (var (id, kind, subject, attempts) in claimed)
        {
            try
            {
                var known = _kinds[kind];
                await works.AsWorker(known.Purpose, async work =>
                {
                    await known.Do(subject, work, stop);
                    // Whoever took so long that another has claimed it since takes back what it did: attempts tells the claims apart.
                    return await work.Do($"update job set state = 'done', leased_until = null, fault = null where id = {id} and state = 'ready' and attempts = {attempts}", stop) == 1 ? 0 : throw new ClaimedAgain();
                }, stop);
            }
            catch (ClaimedAgain)
            {
                log.LogWarning("Job {Job} of kind {Kind} outlived its lease at attempt {Attempt}; who claimed it since does it", id, kind, attempts);
            }
            catch (Exception failed) when (!stop.IsCancellationRequested)
            {
                // The kind of fault only: its text may name people.
                var fault = failed is PostgresException pg ? $"PostgreSQL {pg.SqlState}" : failed.GetType().Name;
                log.LogError("Job {Job} of kind {Kind} failed at attempt {Attempt}: {Fault}", id, kind, attempts, fault);
                await works.AsWorker("Noting a failed job", work => work.Do($"""
                    update job set state = {(attempts >= Patience ? "stuck" : "ready")}, fault = {fault}, leased_until = null,
                           run_at = heed_now() + {Duration.FromSeconds(Math.Pow(2, attempts) - 1)} where id = {id} and state = 'ready' and attempts = {attempts}
                    """, stop), stop);
            }
        }
        return claimed.Count;
    }
}

internal sealed class ClaimedAgain : Exception;

public static class JobsSetUp
{
    public static IServiceCollection AddJob(this IServiceCollection services, JobKind kind) => services.AddSingleton(kind);
}
