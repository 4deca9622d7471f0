using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Heed.Plumbing;
using Microsoft.EntityFrameworkCore;

namespace Heed.Benchmarks;

/// <summary>From the first byte sent to the notice before the eyes of whoever must act: by the live worklist's own events, and by asking every 2 ms, both through row security.</summary>
internal static partial class Visible
{
    private const string Council = "Norton and Stockton Council";

    public static async Task Run(Machine machine, Table table)
    {
        Console.WriteLine("Report in, notice visible …");
        using var police = machine.Police();
        foreach (var json in machine.Reports(300, seed: 11))
        {
            await Machine.Send(police, json); // both programs warm
        }
        await Settled(machine);
        var events = await ByEvents(machine, police);
        table.Add("visible, 1 sender, by the live worklist: median / p99", $"{Table.Ms(Table.Quantile(events, 0.5))} / {Table.Ms(Table.Quantile(events, 0.99))}", "median < 50 ms", Table.Quantile(events, 0.5) < 50, $"{events.Count} notices");
        foreach (var senders in new[] { 1, 50 })
        {
            var polled = await ByAsking(machine, police, senders, senders == 1 ? 200 : 4_000);
            table.Add($"visible, {senders} sender{(senders == 1 ? "" : "s")}, asked every 2 ms: median / p99", $"{Table.Ms(Table.Quantile(polled, 0.5))} / {Table.Ms(Table.Quantile(polled, 0.99))}", senders == 1 ? "median < 50 ms" : "", senders == 1 ? Table.Quantile(polled, 0.5) < 50 : null, $"{polled.Count} notices");
            await Settled(machine);
        }
    }

    /// <summary>Until no report's people are still to be worked out.</summary>
    public static async Task Settled(Machine machine)
    {
        while (await machine.Row<long>("select count(*) from job where state = 'ready'") > 0)
        {
            await Task.Delay(100);
        }
    }

    private static async Task<List<double>> ByEvents(Machine machine, HttpClient police)
    {
        using var ramsey = await machine.SignedIn("ramsey");
        using var stop = new CancellationTokenSource();
        // When the live worklist first said so many new ones: it names none.
        var seen = new ConcurrentDictionary<int, long>();
        using var live = await ramsey.GetAsync($"/live/worklist?since={NodaTime.Text.InstantPattern.ExtendedIso.Format(await machine.Row<NodaTime.Instant>("select now()"))}", HttpCompletionOption.ResponseHeadersRead);
        live.EnsureSuccessStatusCode();
        var reading = Task.Run(async () =>
        {
            using var lines = new StreamReader(await live.Content.ReadAsStreamAsync());
            while (!stop.IsCancellationRequested && await lines.ReadLineAsync(stop.Token) is { } line)
            {
                var at = Stopwatch.GetTimestamp();
                for (var count = New().Match(line) is { Success: true } said ? int.Parse(said.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 0; count > 0 && seen.TryAdd(count, at); count--)
                {
                    // The count may have risen by several.
                }
            }
        });
        var times = new List<double>();
        foreach (var json in machine.Reports(200, seed: 12))
        {
            var began = Stopwatch.GetTimestamp();
            var (_, notice) = await Machine.Send(police, json, Council);
            if (notice is null)
            {
                continue;
            }
            for (var i = 0; i < 2_000 && !seen.ContainsKey(times.Count + 1); i++)
            {
                await Task.Delay(1);
            }
            times.Add(seen.TryGetValue(times.Count + 1, out var at) ? Stopwatch.GetElapsedTime(began, at).TotalMilliseconds : throw new InvalidOperationException("A notice was not seen on the live worklist in 2 s"));
        }
        await stop.CancelAsync();
        await reading.ContinueWith(_ => { }, TaskScheduler.Default);
        return times;
    }

    private static async Task<List<double>> ByAsking(Machine machine, HttpClient police, int senders, int reports)
    {
        var team = machine.Loaded.Teams["norton-stockton-front-door"];
        var (sent, seen) = (new ConcurrentDictionary<Guid, long>(), new ConcurrentDictionary<Guid, long>());
        using var stop = new CancellationTokenSource();
        var began = machine.Began;
        var reading = Task.Run(async () =>
        {
            var from = await machine.Row<NodaTime.Instant>("select now()");
            while (!stop.IsCancellationRequested)
            {
                var rows = await machine.Works.As(Identity.Of(machine.Loaded.Practitioners["ramsey"]), "Seeing what is new", work => work.Ask<Guid>($"select id as \"Value\" from notice where to_team = {team} and sent_at > {from} order by sent_at desc limit 300").ToListAsync());
                var at = Stopwatch.GetTimestamp();
                foreach (var id in rows)
                {
                    seen.TryAdd(id, at);
                }
                await Task.Delay(2);
            }
        });
        using var each = machine.Reports(reports, seed: 20 + senders).GetEnumerator();
        await Task.WhenAll(Enumerable.Range(0, senders).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                string json;
                lock (each)
                {
                    if (!each.MoveNext())
                    {
                        return;
                    }
                    json = each.Current;
                }
                var at = Stopwatch.GetTimestamp();
                if (await Machine.Send(police, json, Council) is (_, { } notice))
                {
                    sent[notice] = at;
                }
            }
        })));
        await Task.Delay(1_000);
        await stop.CancelAsync();
        await reading;
        var missing = sent.Keys.Count(id => !seen.ContainsKey(id));
        return missing == 0 ? [.. sent.Select(s => Stopwatch.GetElapsedTime(s.Value, seen[s.Key]).TotalMilliseconds)] : throw new InvalidOperationException($"{missing} notices were never seen");
    }

    [GeneratedRegex("\"count\":(\\d+)")]
    private static partial Regex New();
}
