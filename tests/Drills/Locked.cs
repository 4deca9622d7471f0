using Npgsql;

namespace Heed.Drills;

/// <summary>F17: tables locked by a session that does not let go, a report that reads for long, and sessions that lock each other's rows.</summary>
internal static class Locked
{
    private const int Held = 12;

    public static async Task Run(Drill drill, int? times)
    {
        var machine = drill.Machine;
        using var enough = new CancellationTokenSource();
        var sending = drill.Force.Flood(machine.Reports(100_000, seed: 17), 20, 16, enough.Token);
        await Task.Delay(2_000);
        var before = drill.Force.Acknowledged;
        await Hold(machine.Super, "set transaction isolation level repeatable read; select count(*) from report, generate_series(1, 100)", 6);
        drill.Must("A report that reads for long holds no write up", drill.Force.Acknowledged - before > 60 && drill.Force.AskedAgain.IsEmpty, $"{drill.Force.Acknowledged - before} acknowledged in 6 s");
        foreach (var table in new[] { "report_key", "clock", "job" })
        {
            var already = drill.Force.AskedAgain.Count;
            await Hold(machine.Super, $"lock table {table} in access exclusive mode", Held);
            var asked = drill.Force.AskedAgain.Count - already;
            var since = drill.Force.Acknowledged;
            var again = await drill.Until(() => Task.FromResult(drill.Force.Acknowledged > since), "Reports are taken again", 30);
            drill.Must($"With {table} locked for {Held} s whoever sends is asked to come again, and is heard within 2 s of its end", asked > 0 && again <= 2, $"{asked} asked to come again; {Drill.Seconds(again)}");
        }
        await enough.CancelAsync();
        await sending;
        var slowest = drill.Force.AskedAgain.DefaultIfEmpty(0).Max();
        drill.Must("Nobody waits more than 3 s to be asked to come again", slowest <= 3_000, $"the slowest {slowest / 1_000:0.00} s");
        await drill.Settled();
        drill.Must("No work failed for good because something was locked", await machine.Row<long>("select count(*) from job where state = 'stuck'") == 0, $"{await machine.Row<long>("select count(*) from job where state = 'stuck'")} stuck");
    }

    private static async Task Hold(NpgsqlDataSource source, string sql, int seconds)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
        await Task.Delay(TimeSpan.FromSeconds(seconds));
    }
}
