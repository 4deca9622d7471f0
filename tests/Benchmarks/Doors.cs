using System.Diagnostics;
using System.Globalization;
using Heed.Site.Access;
using NodaTime;

namespace Heed.Benchmarks;

/// <summary>Whether one kind of agency may show another a kind of report, asked of the agreements as they stand in memory: how often in a second, with few and with very many of them.</summary>
internal static class Doors
{
    private static readonly string[] Kinds = ["police", "council", "school", "health"], Reports = ["domestic-abuse", "missing", "neglect", "exploitation", "online", "other"];

    public static async Task Run(Machine machine, Table table)
    {
        Console.WriteLine("Decisions by sharing agreements …");
        var drawn = new List<(int Rules, double Rate)>();
        foreach (var rules in new[] { 10, 100, 1_000, 10_000 })
        {
            await machine.Administer("delete from agreement where key like 'bench-%'");
            await machine.Administer($"""
                insert into agreement (key, version, name, from_kind, to_kind, report_kinds, discloses, basis, purpose, during, agreed_by)
                select 'bench-' || i, 1, 'Bench', (array['police', 'council', 'school', 'health'])[1 + i % 4], (array['police', 'council', 'school', 'health'])[1 + i / 4 % 4], array[(array['domestic-abuse', 'missing', 'neglect', 'exploitation', 'online', 'other'])[1 + i / 16 % 6]],
                       'all', 'Bench', 'Bench', tstzrange(now() + i * interval '1 day', null), 'Bench' from generate_series(1, {rules}) i
                """);
            var (bodies, now) = await machine.Works.AsWorker("Reading the agreements", async work => (await new Bodies().For(work), work.Now));
            long Ask(int times)
            {
                var yes = 0L;
                for (var i = 0; i < times; i++)
                {
                    yes += bodies.AgreementFor(Kinds[i & 3], Kinds[i >> 2 & 3], Reports[i % 6], now) is null ? 0 : 1;
                }
                return yes;
            }
            var before = Ask(1_000);
            var (times, clock) = (0, Stopwatch.StartNew());
            while (clock.ElapsedMilliseconds < 1_000)
            {
                Ask(1_000);
                times += 1_000;
            }
            drawn.Add((bodies.Agreements.Count, times / clock.Elapsed.TotalSeconds));
            if (before != Ask(1_000))
            {
                throw new InvalidOperationException("The same question has two answers");
            }
        }
        await machine.Administer("delete from agreement where key like 'bench-%'");
        var most = drawn.Max(d => d.Rate);
        foreach (var (rules, rate) in drawn)
        {
            table.Add($"door decisions a second with {rules:N0} agreements", $"{rate.ToString("N0", CultureInfo.InvariantCulture)}/s", "", null, new string('#', (int)Math.Ceiling(40 * rate / most)));
        }
    }
}
