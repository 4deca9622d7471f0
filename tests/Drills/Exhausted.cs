using Npgsql;

namespace Heed.Drills;

/// <summary>F16: two hundred sessions idle in a transaction, or as many as the database takes; first beside programs that have their connections, then a program that has none yet.</summary>
internal static class Exhausted
{
    public static async Task Run(Drill drill, int? times)
    {
        var machine = drill.Machine;
        using var enough = new CancellationTokenSource();
        var sending = drill.Force.Flood(machine.Reports(100_000, seed: 16), 20, 8, enough.Token);
        await Task.Delay(2_000);
        var hogs = await Hogs(machine.Databases.Owner.ConnectionString, 200);
        drill.Says($"{hogs.Count} of 200 sessions idle in a transaction; the database takes no more");
        var before = drill.Force.Acknowledged;
        await Task.Delay(4_000);
        drill.Says($"{drill.Force.Acknowledged - before} reports acknowledged in 4 s by a program that had its connections");
        await enough.CancelAsync();
        await sending;
        await machine.KillSite(0);
        hogs.AddRange(await Hogs(machine.Databases.Owner.ConnectionString, 50));
        await machine.AddSite();
        using var starved = new Force(machine, drill.Receipts);
        var answers = await Task.WhenAll(machine.Reports(40, seed: 17).Select(json => Task.Run(() => starved.Try(json, machine.Address))));
        var slowest = starved.AskedAgain.DefaultIfEmpty(double.NaN).Max();
        drill.Must("Without a connection every answer is 503 with Retry-After, within 3 s", starved.AskedAgain.Count == 40 && slowest <= 3_000, $"{starved.AskedAgain.Count} of 40, the slowest {slowest / 1_000:0.00} s; {answers.Count(a => a is not null)} acknowledged, otherwise {string.Join(", ", starved.Unexpected.Distinct())}");
        var red = await drill.Health();
        drill.Must("/healthz is red within 3 s", red.Status == 503 && red.Took <= 3, $"{red.Status} after {Drill.Seconds(red.Took)}, database: {red.Checks["database"]}");
        await Free(hogs);
        drill.Afresh();
        var report = machine.Reports(1, seed: 18).Single();
        var recovered = await drill.Until(async () => await drill.Force.Try(report, machine.Address) is not null, "Reports are taken again", 30);
        var well = await drill.Until(async () => (await drill.Health()).Status == 200, "/healthz is well again", 30);
        drill.Must("Once there are connections, reports are taken within 5 s", recovered <= 5 && well <= 5, $"{Drill.Seconds(recovered)}; /healthz {Drill.Seconds(well)}");
    }

    private static async Task<List<NpgsqlConnection>> Hogs(string connection, int many)
    {
        var hogs = new List<NpgsqlConnection>();
        for (var i = 0; i < many; i++)
        {
            var hog = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connection) { Pooling = false }.ConnectionString);
            try
            {
                await hog.OpenAsync();
                await using var begin = new NpgsqlCommand("begin; select 1", hog);
                await begin.ExecuteNonQueryAsync();
                hogs.Add(hog);
            }
            catch (PostgresException full) when (full.SqlState == PostgresErrorCodes.TooManyConnections)
            {
                await hog.DisposeAsync();
                break;
            }
        }
        return hogs;
    }

    private static async Task Free(List<NpgsqlConnection> hogs)
    {
        foreach (var hog in hogs)
        {
            await hog.DisposeAsync();
        }
    }
}
