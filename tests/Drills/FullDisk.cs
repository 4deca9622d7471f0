namespace Heed.Drills;

/// <summary>F9: the disk under the database fills up while reports come in, stays full for a while, and is given room again.</summary>
internal static class FullDisk
{
    public static async Task Run(Drill drill, int? times)
    {
        var disk = drill.Disk!;
        drill.Machine.Postgres.Mind();
        var drive = new DriveInfo(disk);
        var filler = Path.Combine(disk, "filler");
        double recovered = 0;
        using var enough = new CancellationTokenSource();
        var sending = drill.Force.Flood(drill.Machine.Reports(100_000, seed: 9), 20, 8, enough.Token);
        for (var time = 0; time < (times ?? 1); time++)
        {
            await Task.Delay(3_000);
            Fill(filler, drive.AvailableFreeSpace - (long)(drive.TotalSize * 0.15));
            var warned = await drill.Health();
            drill.Must("85 % full is said aloud", warned is (200, _, _) && warned.Checks["disk"] == "attention", $"/healthz {warned.Status}, disk: {warned.Checks["disk"]}");
            Fill(filler, drive.AvailableFreeSpace);
            await drill.Until(() => { Fill(filler, drive.AvailableFreeSpace); return Task.FromResult(drill.Force.AskedAgain.Count >= 20); }, "Whoever sends is asked to come again", 60);
            var full = await drill.Health();
            drill.Must("A full disk is said aloud", full.Status == 503 && full.Checks["disk"] == "failing", $"/healthz {full.Status}, disk: {full.Checks["disk"]}, database: {full.Checks["database"]}");
            for (var second = 0; second < 10; second++)
            {
                Fill(filler, drive.AvailableFreeSpace);
                await Task.Delay(1_000);
            }
            var before = drill.Force.Acknowledged;
            File.Delete(filler);
            recovered = Math.Max(recovered, await drill.Until(() => Task.FromResult(drill.Force.Acknowledged > before), "Reports are taken again"));
        }
        Npgsql.NpgsqlConnection.ClearAllPools();
        await Task.Delay(3_000);
        await enough.CancelAsync();
        await sending;
        drill.Must("Once there is room, reports are taken again within 20 s", recovered <= 20, Drill.Seconds(recovered));
        await drill.Until(async () => await drill.Health() is (200, _, _), "/healthz is well again");
        drill.Must("Nothing failed for good because the disk was full", await drill.Machine.Row<long>("select count(*) from job where state = 'stuck'") == 0, $"{await drill.Machine.Row<long>("select count(*) from job where state = 'stuck'")} stuck");
    }

    private static void Fill(string file, long bytes)
    {
        using var filler = new FileStream(file, FileMode.Append);
        var zeros = new byte[1024 * 1024];
        try
        {
            for (; bytes > 0; bytes -= zeros.Length)
            {
                filler.Write(zeros, 0, (int)Math.Min(bytes, zeros.Length));
                filler.Flush();
            }
        }
        catch (IOException)
        {
            // Full: as was wanted.
        }
    }
}
