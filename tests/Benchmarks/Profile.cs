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
        foreach (var login in new[] { "heed_app", "heed_worker" })
        {
            await machine.Do($"alter role {login} set log_min_duration_statement = 0");
            await machine.Do($"alter role {login} set track_functions = 'all'");
        }
        machine.StopSite(0);
        await machine.AddSite();
        using var again = machine.Police();
        foreach (var json in machine.Reports(100, seed: 62))
        {
            await Machine.Send(again, json);
        }
        await Visible.Settled(machine);
        await machine.Do("select pg_stat_reset()");
        var log = Path.Combine(await machine.Row<string>("show data_directory"), "log");
        var from = new FileInfo(log).Length;
        foreach (var json in machine.Reports(300, seed: 63))
        {
            await Machine.Send(again, json);
        }
        await Visible.Settled(machine);
        machine.StopSite(0);
        await using var file = File.OpenRead(log);
        file.Seek(from, SeekOrigin.Begin);
        using var reader = new StreamReader(file);
        var text = await reader.ReadToEndAsync();
        Console.WriteLine("statements (bind and execute), ms in all, times:");
        foreach (var line in Logged().Matches(text).GroupBy(m => Regex.Replace(m.Groups["sql"].Value, @"\s+", " ") is var s && s.Length > 70 ? s[..70] : m.Groups["sql"].Value)
            .Select(g => (g.Key, Ms: g.Sum(m => double.Parse(m.Groups["ms"].Value, CultureInfo.InvariantCulture)), Times: g.Count())).OrderByDescending(l => l.Ms).Take(24))
        {
            Console.WriteLine($"  {line.Ms,9:0.0} {line.Times,6}  {line.Key}");
        }
        Console.WriteLine("functions, ms in all, of their own, times:");
        await using var command = machine.Super.CreateCommand("select funcname, total_time, self_time, calls from pg_stat_user_functions order by total_time desc limit 20");
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            Console.WriteLine($"  {row.GetDouble(1),9:0.0} {row.GetDouble(2),9:0.0} {row.GetInt64(3),7}  {row.GetString(0)}");
        }
        await row.DisposeAsync();
        await machine.AddSite();
    }

    [GeneratedRegex(@"duration: (?<ms>[0-9.]+) ms  (?:execute|bind|statement)[^:]*: (?<sql>[^\n]*(?:\n\t[^\n]*)?)")]
    private static partial Regex Logged();
}
