using System.Diagnostics;
using System.Text.Json;
using Heed.Benchmarks;
using Npgsql;

namespace Heed.Drills;

/// <summary>One fault: its own PostgreSQL and sites, those who send and collect meanwhile, what they saw, and whether what they were promised is there afterwards.</summary>
internal sealed class Drill : IAsyncDisposable
{
    private readonly List<string> _broken = [];
    private readonly string _folder;

    private Drill(Machine machine, string folder, string? disk)
    {
        (Machine, _folder, Disk) = (machine, folder, disk);
        (Receipts, Arrivals) = (new(Path.Combine(folder, "receipts.jsonl")), new(Path.Combine(folder, "arrivals.jsonl")));
        (Force, Council) = (new(machine, Receipts), new(machine, Receipts, Arrivals));
    }

    public Machine Machine { get; }

    public Paper Receipts { get; }

    public Paper Arrivals { get; }

    public Force Force { get; private set; }

    public Council Council { get; }

    public IReadOnlyList<string> Broken => _broken;

    /// <summary>The disk of the database, where that is what fails.</summary>
    public string? Disk { get; }

    /// <param name="disk">MiB of a disk of the database's own; none for the machine's.</param>
    public static async Task<Drill> Begin(int sites, int? disk)
    {
        var folder = Directory.CreateTempSubdirectory("heed-drill-").FullName;
        var own = disk is null ? null : Directory.CreateTempSubdirectory("heed-drill-disk-").FullName;
        if (own is not null)
        {
            Shell("mount", "-t", "tmpfs", "-o", $"size={disk}m,mode=755", "heed-drill", own);
        }
        var machine = await Machine.Start(own is null ? null : Path.Combine(own, "heed"));
        for (var more = 1; more < sites; more++)
        {
            await machine.AddSite();
        }
        var drill = new Drill(machine, folder, own);
        await drill.Council.Open();
        await drill.Warm(1);
        return drill;
    }

    /// <summary>What a program's first requests take while it is compiled is not measured: all that run now are warm after this.</summary>
    /// <param name="seed">Of reports that nobody has sent yet.</param>
    public async Task Warm(int seed)
    {
        Afresh();
        await Force.Flood(Machine.Reports(200, seed), 1_000, 8);
        await Settled();
        Afresh();
    }

    /// <summary>From here on it is measured anew, and sent wherever there is a site now. What was promised before stays promised.</summary>
    /// <param name="asMeant">Answers that are neither a receipt nor "ask again" were what this drill is about.</param>
    public void Afresh(bool asMeant = false)
    {
        if (!asMeant)
        {
            Seen();
        }
        Force.Dispose();
        Force = new(Machine, Receipts);
    }

    public void Says(string what) => Console.WriteLine($"  {what}");

    /// <summary>What this fault may cost at most.</summary>
    public void Must(string what, bool held, string found)
    {
        Says($"{(held ? "held  " : "BROKEN")} {what}: {found}");
        if (!held)
        {
            _broken.Add($"{what}: {found}");
        }
    }

    public static string Seconds(double seconds) => FormattableString.Invariant($"{seconds:0.00} s");

    /// <summary>Until this is so.</summary>
    /// <param name="most">Seconds after which it is given up: the drill is broken then.</param>
    public async Task<double> Until(Func<Task<bool>> so, string what, double most = 120)
    {
        var clock = Stopwatch.StartNew();
        while (!await So())
        {
            if (clock.Elapsed.TotalSeconds > most)
            {
                Must(what, false, $"not within {most} s");
                break;
            }
            await Task.Delay(50);
        }
        return clock.Elapsed.TotalSeconds;

        async Task<bool> So()
        {
            try
            {
                return await so();
            }
            catch (Exception away) when (away is NpgsqlException or HttpRequestException or TaskCanceledException)
            {
                return false;
            }
        }
    }

    public Task<double> Settled() => Until(async () => await Machine.Row<long>("select count(*) from job where state = 'ready'") == 0, "What reports owe is done", 600);

    /// <summary>/healthz of a site, as whatever spreads the load sees it: its status and its checks.</summary>
    public async Task<(int Status, IReadOnlyDictionary<string, string> Checks, double Took)> Health(string? address = null)
    {
        var clock = Stopwatch.StartNew();
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
        using var answer = await client.GetAsync($"{address ?? Machine.Address}/healthz");
        var said = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        return ((int)answer.StatusCode, said.GetProperty("checks").EnumerateObject().ToDictionary(c => c.Name, c => c.Value.GetString()!), clock.Elapsed.TotalSeconds);
    }

    private void Seen()
    {
        if (Force.Acknowledged > 0)
        {
            Says(Force.Seen);
        }
        if (!Force.Unexpected.IsEmpty)
        {
            Must("Every answer is a receipt or asks to come again", false, $"{Force.Unexpected.Count} are neither");
        }
    }

    /// <summary>What clients saw; then the checker, a program of its own, over what they were promised.</summary>
    public async Task Check()
    {
        Seen();
        await Settled();
        await Council.DisposeAsync();
        await Receipts.DisposeAsync();
        await Arrivals.DisposeAsync();
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "src/Checking/bin/Release/net10.0/Heed.Checking.dll", "--database", Machine.Super.ConnectionString, "--receipts", Receipts.File, "--arrivals", Arrivals.File })
        {
            start.ArgumentList.Add(argument);
        }
        using var checker = Process.Start(start)!;
        var errors = checker.StandardError.ReadToEndAsync();
        foreach (var line in (await checker.StandardOutput.ReadToEndAsync() + await errors).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Says(line);
        }
        await checker.WaitForExitAsync();
        if (checker.ExitCode != 0)
        {
            _broken.Add("an invariant");
        }
    }

    public async ValueTask DisposeAsync()
    {
        Force.Dispose();
        await Machine.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        if (Disk is not null)
        {
            Shell("umount", Disk);
            Directory.Delete(Disk);
        }
    }

    private static void Shell(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} failed: a disk of its own is root's to make");
        }
    }
}
