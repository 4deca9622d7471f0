using Heed.Benchmarks;
using NodaTime;

namespace Heed.Drills;

/// <summary>F10: programs three hours ahead and three behind (libfaketime), beside one that is right; then the time of the work itself steps back an hour and on again (time_offset).</summary>
internal static class WrongClocks
{
    public static async Task Run(Drill drill, int? times)
    {
        var library = Directory.GetDirectories("/usr/lib").Select(folder => Path.Combine(folder, "faketime/libfaketimeMT.so.1")).FirstOrDefault(File.Exists) ?? throw new InvalidOperationException("This needs libfaketime (Debian: apt-get install faketime)");
        var machine = drill.Machine;
        foreach (var off in new[] { "+3h", "-3h" })
        {
            await machine.AddSite(null, ("LD_PRELOAD", library), ("FAKETIME", off), ("FAKETIME_DONT_FAKE_MONOTONIC", "1"), ("DONT_FAKE_MONOTONIC", "1"));
        }
        await drill.Warm(9);
        var began = await machine.Row<Instant>("select now()");
        await drill.Force.Flood(machine.Reports(600, seed: 10), 30, 8);
        foreach (var address in machine.Addresses.Skip(1))
        {
            var health = await drill.Health(address);
            drill.Must("A program whose clock is wrong says so, and works", health.Status == 200 && health.Checks["time"] == "attention", $"/healthz {health.Status}, time: {health.Checks["time"]}");
        }
        drill.Must("One whose clock is right does not", (await drill.Health()).Checks["time"] == "ok", (await drill.Health()).Checks["time"]);
        await drill.Settled();
        var spoiled = await machine.Row<long>($"select count(*) from report where received_at >= '{began}' and received_at > now() or received_at < '{began - Duration.FromMinutes(30)}'");
        var early = await machine.Row<long>("select count(*) from clock where (state = 'breached' and due_at > now()) or started_at > now() or started_at < now() - interval '1 hour'");
        drill.Must("Every report and clock has the database's time, whichever program wrote it, and none is late too early", spoiled == 0 && early == 0, $"{spoiled} reports, {early} clocks");
        var apart = await machine.Row<long>($"select count(*) from (select c.limit_key, c.agency_id from clock c join report r on r.id = c.report_id where r.received_at >= '{began}' and c.anchor = 'Received' group by c.limit_key, c.agency_id, r.received_at::date, c.urgent having max(c.due_at) - min(c.due_at) > max(c.anchor_at) - min(c.anchor_at) + interval '1 second') x");
        drill.Must("The same limit gives the same time, whichever program counted it", apart == 0, $"{apart} limits differ");

        drill.Afresh();
        using var enough = new CancellationTokenSource();
        var sending = drill.Force.Flood(machine.Reports(100_000, seed: 11), 30, 8, enough.Token);
        foreach (var ahead in new[] { "-1 hour", "0" })
        {
            await Task.Delay(4_000);
            await machine.Do($"update time_offset set ahead = '{ahead}'");
        }
        await Task.Delay(4_000);
        await enough.CancelAsync();
        await sending;
        var pause = Table.Quantile(drill.Force.Times, 0.99);
        drill.Must("While time steps back and on again reports are taken as before", pause < 1_000, $"p99 {Table.Ms(pause)}");
    }
}
