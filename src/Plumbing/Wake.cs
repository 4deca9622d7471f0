using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Heed.Plumbing;

/// <summary>
/// Wakes whoever waits, here and in every other process, after a commit. A hint and never a record: whoever waits also looks by itself once a second.
/// Notifications are coalesced on a connection of their own, for inside the writing transaction they would cost more than half of all commits.
/// </summary>
public sealed class Wake(ILogger<Wake> log)
{
    private const string Channel = "heed";
    private readonly Channel<string> _outgoing = System.Threading.Channels.Channel.CreateUnbounded<string>(new() { SingleReader = true });
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<Waiter, byte>> _waiting = [];

    public void Up(string topic)
    {
        Here(topic);
        _outgoing.Writer.TryWrite(topic);
    }

    public Waiter On(params IEnumerable<string> topics)
    {
        var waiter = new Waiter(this, [.. topics]);
        foreach (var topic in waiter.Topics)
        {
            _waiting.GetOrAdd(topic, _ => []).TryAdd(waiter, 0);
        }
        return waiter;
    }

    internal async Task Carry(NpgsqlDataSource source, CancellationToken stop)
    {
        await Task.WhenAll(Send(source, stop), Listen(source, stop));
    }

    private async Task Send(NpgsqlDataSource source, CancellationToken stop)
    {
        var topics = new HashSet<string>();
        while (await _outgoing.Reader.WaitToReadAsync(stop))
        {
            while (topics.Count < 100 && _outgoing.Reader.TryRead(out var topic))
            {
                topics.Add(topic);
            }
            try
            {
                await using var notify = source.CreateCommand("select pg_notify($1, t) from unnest($2) t");
                notify.Parameters.Add(new() { Value = Channel });
                notify.Parameters.Add(new() { Value = topics.ToArray() });
                await notify.ExecuteNonQueryAsync(stop);
            }
            catch (Exception failed) when (!stop.IsCancellationRequested)
            {
                log.LogWarning("Waking other processes failed ({Fault}); they look by themselves within a second", failed.GetType().Name);
            }
            topics.Clear();
            await Task.Delay(5, stop);
        }
    }

    private async Task Listen(NpgsqlDataSource source, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(stop);
                connection.Notification += (_, heard) => Here(heard.Payload);
                await using var listen = new NpgsqlCommand($"listen {Channel}", connection);
                await listen.ExecuteNonQueryAsync(stop);
                while (true)
                {
                    await connection.WaitAsync(stop);
                }
            }
            catch (Exception failed) when (!stop.IsCancellationRequested)
            {
                log.LogWarning("Listening for other processes failed ({Fault}); trying again", failed.GetType().Name);
                await Task.Delay(TimeSpan.FromSeconds(1), stop);
            }
        }
    }

    private void Here(string topic)
    {
        if (_waiting.TryGetValue(topic, out var waiters))
        {
            foreach (var waiter in waiters.Keys)
            {
                waiter.Wake();
            }
        }
    }

    public sealed class Waiter : IDisposable
    {
        private readonly Wake _wake;
        private readonly SemaphoreSlim _signal = new(0, 1);

        internal Waiter(Wake wake, string[] topics) => (_wake, Topics) = (wake, topics);

        internal string[] Topics { get; }

        /// <summary>True when woken; false after a second in which nobody did.</summary>
        public Task<bool> Next(CancellationToken stop) => _signal.WaitAsync(TimeSpan.FromSeconds(1), stop);

        internal void Wake()
        {
            // One signal stands for any number; and under a flood an exception for each would cost more than the waking.
            if (_signal.CurrentCount > 0)
            {
                return;
            }
            try
            {
                _signal.Release();
            }
            catch (SemaphoreFullException)
            {
                // Another woke it in between.
            }
            catch (ObjectDisposedException)
            {
                // Went away meanwhile.
            }
        }

        public void Dispose()
        {
            foreach (var topic in Topics)
            {
                if (_wake._waiting.TryGetValue(topic, out var waiters))
                {
                    waiters.TryRemove(this, out _);
                }
            }
            _signal.Dispose();
        }
    }
}

internal sealed class WakeCarrier(Wake wake, Databases databases) : Standing
{
    protected override Task Run(CancellationToken stop) => wake.Carry(databases.Worker, stop);
}
