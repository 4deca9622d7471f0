using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Heed.Benchmarks;

/// <summary>
/// Reports per second, each durable when it is answered; beside the same statements sent by pgbench to the same PostgreSQL, taken from PostgreSQL's own log of what an intake sent,
/// and beside one insert of a report's row alone.
/// </summary>
internal static partial class Intake
{
    private const int Senders = 32;

    public static async Task Run(Machine machine, Table table, int seconds)
    {
        Console.WriteLine($"Reports per second, {Senders} senders, {seconds} s …");
        var scripts = await Capture(machine);
        using var police = machine.Police();
        var reports = new ConcurrentQueue<string>(machine.Reports(15_000 + seconds * 1_500, seed: 41));
        // A site that has served for a while: for some twenty seconds a quarter of its processor time goes into compiling what is used most.
        await Flood(police, reports, TimeSpan.FromSeconds(20));
        await Visible.Settled(machine);
        await machine.Do("checkpoint");
        var (before, already) = (await machine.Cpu(), await machine.Row<long>("select count(*) from report"));
        var clock = Stopwatch.StartNew();
        var times = await Flood(police, reports, TimeSpan.FromSeconds(seconds));
        var took = clock.Elapsed.TotalSeconds;
        var after = await machine.Cpu();
        var backlog = await machine.Row<long>("select count(*) from job where state = 'ready'");
        var durable = await machine.Row<long>("select count(*) from report") - already;
        var rate = times.Count / took;
        await Visible.Settled(machine);
        var (settled, rested) = (clock.Elapsed.TotalSeconds - took, await machine.Cpu());
        if (durable != times.Count)
        {
            throw new InvalidOperationException($"{times.Count} reports were answered and {durable} are there");
        }
        // pgbench has the machine to itself: a site would work out the people of what it sends.
        machine.StopSite(0);
        await machine.Do("checkpoint");
        var same = await Pgbench(machine, scripts, seconds);
        await machine.Do("checkpoint");
        var one = await Pgbench(machine, [scripts[0].Single], seconds);
        await machine.AddSite();
        string N(double x) => x.ToString("0", CultureInfo.InvariantCulture);
        table.Add("reports a second, sustained, all durable", $"{N(rate)}/s", ">= 333/s", rate >= 333, Machine.Shares(before, after, took));
        table.Add("  answered: p50 / p99", $"{Table.Ms(Table.Quantile(times, 0.5))} / {Table.Ms(Table.Quantile(times, 0.99))}", "p99 < 1 s", Table.Quantile(times, 0.99) < 1_000);
        table.Add($"  pgbench, the same statements, {Senders} connections", $"{N(same)}/s", ">= 50 % of it", rate >= same / 2, $"Heed reaches {N(100 * rate / same)} % of it");
        table.Add("  pgbench, one insert of the report's row", $"{N(one)}/s", "", null, $"Heed reaches {N(100 * rate / one)} % of it");
        table.Add("  people still to be worked out at the end", $"{backlog:N0} reports", "", null, $"worked off after {settled.ToString("0.0", CultureInfo.InvariantCulture)} s more; {Machine.Shares(after, rested, settled)}");
    }

    private static async Task<List<double>> Flood(HttpClient police, ConcurrentQueue<string> reports, TimeSpan howLong)
    {
        var times = new ConcurrentBag<double>();
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => Task.Run(async () =>
        {
            while (clock.Elapsed < howLong && reports.TryDequeue(out var json))
            {
                var began = Stopwatch.GetTimestamp();
                await Machine.Send(police, json);
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        })));
        return [.. times];
    }

    private sealed record Script(string All, string SingleText, string Settings)
    {
        public Script Single => new(SingleText, "", Settings);
    }

    /// <summary>What some intakes sent, as PostgreSQL logged it with the values, made into scripts with new ids each time.</summary>
    private static async Task<List<Script>> Capture(Machine machine)
    {
        using var police = machine.Police();
        foreach (var json in machine.Reports(100, seed: 42))
        {
            await Machine.Send(police, json);
        }
        await Visible.Settled(machine);
        // A new connection logs: so the next site starts after the setting.
        await machine.Do("alter role heed_app set log_statement = 'all'");
        await machine.Do("alter role heed_app set log_error_verbosity = 'default'");
        machine.StopSite(0);
        await machine.AddSite();
        using var again = machine.Police();
        var log = Path.Combine(await machine.Row<string>("show data_directory"), "log");
        var known = await machine.Row<string[]>("select array_agg(id::text) from (select id from agency union select id from team union select id from practitioner) x");
        var scripts = new List<Script>();
        await Machine.Send(again, machine.Reports(1, seed: 43).First());
        foreach (var json in machine.Reports(12, seed: 44))
        {
            var from = new FileInfo(log).Length;
            await Machine.Send(again, json);
            await using var file = File.OpenRead(log);
            file.Seek(from, SeekOrigin.Begin);
            using var reader = new StreamReader(file);
            scripts.Add(AsScript(await reader.ReadToEndAsync(), [.. known], machine.Loaded.Agencies["tees-valley-police"], machine.Loaded.Practitioners["tees-valley-police/system"]));
        }
        await machine.Do("alter role heed_app reset all");
        machine.StopSite(0);
        await machine.AddSite();
        return scripts;
    }

    private static Script AsScript(string log, HashSet<string> known, Guid agency, Guid actor)
    {
        var statements = new List<string>();
        string? sql = null;
        foreach (var entry in Entry().Split(log.Replace("\n\t", "\n")).Where(e => e.Length > 0))
        {
            if (Statement().Match(entry) is { Success: true } statement)
            {
                Flush();
                sql = statement.Groups["sql"].Value.Trim();
            }
            else if (entry.Contains("parameters: ", StringComparison.Ordinal) && sql is not null)
            {
                var values = Parameter().Matches(entry).ToDictionary(m => m.Groups["n"].Value, m => m.Groups["v"].Value);
                sql = Placeholder().Replace(sql, m => values[m.Groups[1].Value]);
            }
        }
        Flush();
        var start = statements.FindIndex(s => s.StartsWith("BEGIN", StringComparison.OrdinalIgnoreCase));
        var end = statements.FindIndex(start, s => s.StartsWith("COMMIT", StringComparison.OrdinalIgnoreCase));
        var body = statements[(start + 1)..end];
        var reference = Reference().Match(body.First(s => s.Contains("report_key"))).Groups["ref"].Value;
        var ids = body.SelectMany(s => Version7().Matches(s).Select(m => m.Value)).Distinct().Where(id => !known.Contains(id)).Select((id, i) => (id, i)).ToDictionary(x => x.id, x => x.i);
        var varied = body.Select(s => Quoted().Replace(s, m => m.Groups[1].Value switch
        {
            var id when ids.TryGetValue(id, out var n) => $"({NewId(n)})::uuid",
            // The ids of a whole array: a text made of them, which the statement itself casts.
            var array when array.StartsWith('{') && Version7().IsMatch(array) => $"('{Version7().Replace(array, x => ids.TryGetValue(x.Value, out var n) ? $"' || ({NewId(n)}) || '" : x.Value)}')",
            var text when text == reference => "('P' || :r)",
            _ => m.Value,
        })).ToList();
        static string NewId(int n) => FormattableString.Invariant($"lpad(to_hex((extract(epoch from now()) * 1000)::bigint), 12, '0') || substr(md5(:r || '-{n}'), 13)");
        var (enter, key, rest) = (varied[0], varied[1], varied[2..]);
        string Line(string s) => s.Replace("\n", " ") + ";";
        var all = new StringBuilder().AppendLine(@"\set r random(1, 9000000000000000000)");
        all.AppendLine(@"\startpipeline").AppendLine("begin;").AppendLine(Line(enter)).AppendLine(@"\endpipeline");
        all.AppendLine(Line(key)).AppendLine(@"\startpipeline");
        rest.ForEach(s => all.AppendLine(Line(s)));
        all.AppendLine(@"\endpipeline").AppendLine("commit;");
        var single = $"\\set r random(1, 9000000000000000000)\n{Line(varied.First(s => s.StartsWith("insert into report (", StringComparison.Ordinal)))}\n";
        return new(all.ToString(), single, $"-c app.actor={actor} -c app.agency={agency} -c app.teams={{}} -c app.agencies={{{agency}}} -c app.reach=agency -c app.purpose=Benchmark");

        void Flush()
        {
            if (sql is not null)
            {
                statements.Add(sql);
            }
            sql = null;
        }
    }

    private static async Task<double> Pgbench(Machine machine, List<Script> scripts, int seconds)
    {
        var start = new ProcessStartInfo(Path.Combine(machine.Postgres.Binaries, "pgbench")) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PGOPTIONS"] = scripts[0].Settings;
        var files = scripts.Select(s => { var f = Path.GetTempFileName(); File.WriteAllText(f, s.All); return f; }).ToList();
        string[] arguments = ["-n", "-M", "prepared", "-c", $"{Senders}", "-j", "2", "-T", $"{seconds}", "-h", machine.Postgres.Socket, "-U", "heed_app", .. files.SelectMany(f => new[] { "-f", f }), "heed_bench"];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        using var pgbench = Process.Start(start)!;
        var (said, complained) = (pgbench.StandardOutput.ReadToEndAsync(), pgbench.StandardError.ReadToEndAsync());
        await pgbench.WaitForExitAsync();
        files.ForEach(File.Delete);
        // A failed transaction costs little and would flatter pgbench: any at all and the figure is none.
        return pgbench.ExitCode == 0 && Tps().Match(await said) is { Success: true } tps && (await said).Contains("number of failed transactions: 0 ")
            ? double.Parse(tps.Groups[1].Value, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"pgbench: {await complained}");
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ UTC \[\d+\] ", RegexOptions.Multiline)]
    private static partial Regex Entry();

    [GeneratedRegex(@"^LOG:  (?:statement|execute [^:]+): (?<sql>.*)$", RegexOptions.Singleline)]
    private static partial Regex Statement();

    [GeneratedRegex(@"\$(?<n>\d+) = (?<v>NULL|'(?:[^']|'')*')", RegexOptions.Singleline)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\$(\d+)")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"values \('[^']+', '(?<ref>[^']+)'")]
    private static partial Regex Reference();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Version7();

    [GeneratedRegex("'((?:[^']|'')*)'")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"tps = ([0-9.]+)")]
    private static partial Regex Tps();
}
