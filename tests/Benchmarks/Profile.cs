using System.Globalization;
using System.Text.RegularExpressions;

namespace Heed.Benchmarks;

/// <summary>Where an intake's time goes inside PostgreSQL: each statement and each function of a policy, one sender. Not part of a run; asked for by "profile".</summary>
internal static partial class Profile
{
    public static async Task Run(Machine machine)
    {
        using (var police = machine.Police())
        {
            foreach (var json in machine.Reports(200, seed: 61))
            {
                await Machine.Send(police, json);
            }
        }
        await Visible.Settled(machine);
        await machine.Do("analyze");
        await machine.Do("alter role heed_app set track_functions = 'all'");
        await machine.Do("alter role heed_worker set track_functions = 'all'");
        var seed = 62;
        await Statements(machine, async () =>
        {
            using var again = machine.Police();
            foreach (var json in machine.Reports(300, seed++))
            {
                await Machine.Send(again, json);
            }
            await Visible.Settled(machine);
        }, 24);
        Console.WriteLine("functions, ms in all, of their own, times:");
        await using var command = machine.Super.CreateCommand("select funcname, total_time, self_time, calls from pg_stat_user_functions order by total_time desc limit 20");
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            Console.WriteLine($"  {row.GetDouble(1),9:0.0} {row.GetDouble(2),9:0.0} {row.GetInt64(3),7}  {row.GetString(0)}");
        }
    }

    /// <summary>Prints the dearest statements that a site sent to PostgreSQL while it was asked something, as PostgreSQL logged them.</summary>
    public static async Task Statements(Machine machine, Func<Task> ask, int most)
    {
        async Task Log(string ms)
        {
            // A connection takes the setting as it begins: so the site starts anew.
            machine.StopSite(0);
            await machine.Do($"alter role heed_app set log_min_duration_statement = {ms}");
            await machine.Do($"alter role heed_worker set log_min_duration_statement = {ms}");
            await machine.AddSite();
        }
        await Log("0");
        await ask();
        await machine.Do("select pg_stat_reset()");
        var log = Path.Combine(await machine.Row<string>("show data_directory"), "log");
        var from = new FileInfo(log).Length;
        await ask();
        await using var file = File.OpenRead(log);
        file.Seek(from, SeekOrigin.Begin);
        using var reader = new StreamReader(file);
        var text = await reader.ReadToEndAsync();
        await Log("-1");
        Console.WriteLine("  statements, planned (bind) and done (execute), ms in all, times:");
        foreach (var line in Logged().Matches(text).GroupBy(m => $"{m.Groups["step"].Value,-9} {(Regex.Replace(m.Groups["sql"].Value, @"\s+", " ") is var s && s.Length > 90 ? s[..90] : m.Groups["sql"].Value)}")
            .Select(g => (g.Key, Ms: g.Sum(m => double.Parse(m.Groups["ms"].Value, CultureInfo.InvariantCulture)), Times: g.Count())).OrderByDescending(l => l.Ms).Take(most))
        {
            Console.WriteLine($"  {line.Ms,9:0.0} {line.Times,6}  {line.Key}");
        }
    }

    [GeneratedRegex(@"duration: (?<ms>[0-9.]+) ms  (?<step>execute|bind|statement)[^:]*: (?<sql>[^\n]*(?:\n\t[^\n]*)?)")]
    private static partial Regex Logged();
}
