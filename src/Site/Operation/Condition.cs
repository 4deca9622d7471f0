using System.Diagnostics;
using System.Diagnostics.Metrics;
using Heed.Plumbing;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Npgsql;

namespace Heed.Site.Operation;

public enum State { Ok, Attention, Failing }

/// <param name="Words">What was found and, where that is not well, what to do. Counts and ages, nobody's data.</param>
public sealed record Check(string Name, State State, string Words);

public sealed class OperationSettings
{
    /// <summary>Whose disk is watched; a database elsewhere has its own watch.</summary>
    public string DataFolder { get; set; } = ".";
}

/// <summary>How this installation is: asked for by /healthz, by the page for whoever runs it, by ./heed doctor and by telemetry.</summary>
public sealed class Condition(Works works, OperationSettings settings) : Standing
{
    public const string Meter = "Heed";

    private static readonly Guid Program = Ids.Next();

    private readonly Meter _meter = new(Meter);
    private Waiting? _last;

    private sealed record Waiting(long Jobs, Period? OldestJob, long Stuck, Period? OldestClock, long Undelivered, Period? OldestUndelivered, Period? Webhooks, long Programs, Period? Unsealed);

    protected override async Task Run(CancellationToken stop)
    {
        _meter.CreateObservableGauge("heed.jobs.waiting", () => _last?.Jobs ?? 0, "{job}", "Work that is owed and due");
        _meter.CreateObservableGauge("heed.jobs.oldest", () => Seconds(_last?.OldestJob), "s", "Age of the oldest work that is owed and due");
        _meter.CreateObservableGauge("heed.jobs.stuck", () => _last?.Stuck ?? 0, "{job}", "Work that failed five times");
        _meter.CreateObservableGauge("heed.clocks.oldest", () => Seconds(_last?.OldestClock), "s", "How long ago the first clock that is due and not yet swept was due");
        _meter.CreateObservableGauge("heed.undelivered", () => _last?.Undelivered ?? 0, "{task}", "Open tasks for what a machine could not deliver");
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(10));
        do
        {
            await Checks(stop);
        }
        while (await tick.WaitForNextTickAsync(stop));
    }

    public async Task<IReadOnlyList<Check>> Checks(CancellationToken stop = default)
    {
        var checks = new List<Check>();
        try
        {
            var began = Stopwatch.GetTimestamp();
            var (now, waiting) = await works.AsWorker("Looking how this installation is", async work =>
            {
                await work.Do($"insert into heartbeat (program, at, host) values ({Program}, now(), {Environment.MachineName}) on conflict (program) do update set at = excluded.at", stop);
                return (await work.One<Instant>($"now()", stop), (await work.Ask<Waiting>($"select * from waiting()").ToListAsync(stop))[0]);
            }, stop);
            var took = Stopwatch.GetElapsedTime(began);
            _last = waiting;
            checks.Add(new("database", State.Ok, $"It can be written to; {waiting.Programs} program(s) at work"));
            checks.Add(Clocks(now, took));
            checks.Add(Aged("jobs", waiting.OldestJob, 60, 600, $"{waiting.Jobs} wait. Work that is owed is not done: look whether the programs run, and at their logs"));
            checks.Add(waiting.Stuck == 0 ? new("stuck jobs", State.Ok, "None") : new("stuck jobs", State.Attention, $"{waiting.Stuck} failed five times: the log names them and the kind of fault. /operation says whose task that is; mend it, and try them again there"));
            checks.Add(Aged("clocks", waiting.OldestClock, 30, 120, "Clocks are due and nobody climbs them: a late duty is silent. Look whether the programs run"));
            checks.Add(Aged("mailboxes", waiting.OldestUndelivered, 4 * 3600, int.MaxValue, "An agency's own system has not collected: /exchange says whose"));
            checks.Add(Aged("webhooks", waiting.Webhooks, 120, int.MaxValue, "Webhooks wait to be sent"));
            checks.Add(Aged("chain", waiting.Unsealed, 300, int.MaxValue, "What was done since is not sealed, and could be altered unseen: look whether the programs run"));
            checks.Add(waiting.Undelivered == 0 ? new("undelivered", State.Ok, "None") : new("undelivered", State.Attention, $"{waiting.Undelivered} tasks for what could not be delivered are open; each is a named person's, with a clock"));
        }
        catch (Exception failed) when (failed is NpgsqlException or TimeoutException or OutcomeUnknown or NobodyThere or InvalidOperationException && !stop.IsCancellationRequested)
        {
            checks.Add(new("database", State.Failing, $"It cannot be written to ({(failed as PostgresException)?.SqlState ?? failed.GetType().Name}). Nothing is accepted until it can; what was accepted is there"));
        }
        checks.Add(Disk());
        return checks;
    }

    private static double Seconds(Period? age) => age?.ToDuration().TotalSeconds ?? 0;

    private static Check Aged(string name, Period? age, int attention, int failing, string what) => Seconds(age) switch
    {
        0 => new(name, State.Ok, "Nothing waits"),
        var s when s >= attention => new(name, s >= failing ? State.Failing : State.Attention, $"The oldest has waited {s:0} s. {what}"),
        var s => new(name, State.Ok, $"The oldest has waited {s:0} s"),
    };

    /// <summary>Deadlines are the database's time; but a program whose clock is off takes good tokens for old ones, and its logs mislead.</summary>
    private static Check Clocks(Instant database, TimeSpan took)
    {
#pragma warning disable RS0030 // the one place that asks the machine, to hold it against the database
        var off = (SystemClock.Instance.GetCurrentInstant() - database).ToTimeSpan() - took / 2;
#pragma warning restore RS0030
        return Math.Abs(off.TotalSeconds) <= 30 ? new("time", State.Ok, "This machine's clock and the database's agree") : new("time", State.Attention, $"This machine's clock is {off.TotalSeconds:0} s from the database's: set it by NTP. Deadlines are the database's and are right");
    }

    private Check Disk()
    {
        var drive = new DriveInfo(Path.GetFullPath(settings.DataFolder));
        var used = 100 - 100.0 * drive.AvailableFreeSpace / Math.Max(1, drive.TotalSize);
        return used < 80 ? new("disk", State.Ok, $"{used:0} % used") : new("disk", used < 97 ? State.Attention : State.Failing, $"{used:0} % used, {drive.AvailableFreeSpace / (1 << 20)} MiB free: make room now. A full disk stops the database, and every report is refused until there is room");
    }

    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }
}
