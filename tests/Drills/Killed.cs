using System.Diagnostics;
using Npgsql;

namespace Heed.Drills;

/// <summary>Killed without warning while reports come in, webhooks go out and a mailbox is collected from.</summary>
internal static class Killed
{
    private const string Ours = "norton-stockton";

    /// <summary>F1: two programs; one is killed and started again. Who sends goes to the other meanwhile, as a load balancer would.</summary>
    public static async Task Program(Drill drill, int? times)
    {
        var dice = new Random(1);
        await Sending(drill, async () =>
        {
            for (var kill = 0; kill < (times ?? 50); kill++)
            {
                await Task.Delay(dice.Next(1_000));
                var address = await drill.Machine.KillSite(dice.Next(2));
                await drill.Machine.AddSite(address);
            }
            drill.Says($"killed {times ?? 50} times");
        });
        drill.Must("Acknowledgements never pause longer than 3 s", drill.Force.LongestGap <= 3, Drill.Seconds(drill.Force.LongestGap));
    }

    /// <summary>F3: the postmaster itself, by kill -9.</summary>
    public static async Task Database(Drill drill, int? times)
    {
        drill.Machine.Postgres.Mind();
        var postmaster = Path.Combine(await drill.Machine.Row<string>("show data_directory"), "postmaster.pid");
        await Sending(drill, async () =>
        {
            for (var kill = 0; kill < (times ?? 3); kill++)
            {
                await Task.Delay(3_000);
                var before = drill.Force.Acknowledged;
                Process.GetProcessById(int.Parse(File.ReadLines(postmaster).First())).Kill();
                await drill.Until(() => Task.FromResult(drill.Force.Acknowledged > before + 10), "Reports are taken again");
            }
            // This program's own connections are broken too.
            NpgsqlConnection.ClearAllPools();
            drill.Says($"killed {times ?? 3} times");
        });
        drill.Must("Reports are taken again within 10 s", drill.Force.LongestGap <= 10, Drill.Seconds(drill.Force.LongestGap));
    }

    private static async Task Sending(Drill drill, Func<Task> meanwhile)
    {
        await drill.Council.Listens(Ours, $"{drill.Council.Address}/good");
        drill.Council.Collects(Ours);
        using var enough = new CancellationTokenSource();
        var sending = drill.Force.Flood(drill.Machine.Reports(100_000, seed: 2), 30, 16, enough.Token);
        await meanwhile();
        await enough.CancelAsync();
        await sending;
        await drill.Settled();
        await drill.Until(async () => await drill.Machine.Row<long>("select count(*) from webhook_delivery where state = 'ready'") == 0, "Every webhook arrives or is not needed any more", 400);
        drill.Says($"{drill.Council.Came:N0} webhooks came");
    }
}
