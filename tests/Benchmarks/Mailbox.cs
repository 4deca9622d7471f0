using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Heed.Benchmarks;

/// <summary>
/// What one agency's system collects while others' lies: claimed twenty at a time and acknowledged one by one over HTTP, beside graphile-worker's jobs of one task on the same PostgreSQL;
/// and how soon webhooks arrive while another agency's endpoint hangs.
/// </summary>
internal static class Mailbox
{
    private const int Systems = 8;
    private const string Ours = "norton-stockton";

    /// <summary>The change log wants a name.</summary>
    private const string Entered = "select enter('00000000-0000-7000-8000-000000000001', 'Benchmark')";

    public static async Task Run(Machine machine, Table table, double scale)
    {
        var own = (int)Math.Max(400, 8_000 * scale);
        Console.WriteLine($"Collecting {own:N0} items, {Systems} collectors, by turns on two installations of which one stands still …");
        await using var other = await Machine.Start($"{machine.Folder}-beside");
        foreach (var one in new[] { machine, other })
        {
            await Seed(one, own);
            await Backlog(one, 0);
        }
        for (var warm = 0; warm < 3; warm++)
        {
            await Turn(machine, other, own);
            await Turn(other, machine, own);
        }
        await machine.Do("create database graphile_bench");
        var alone = new List<double>();
        var beside = new List<(int Backlog, List<(double Beside, double Alone)> Pairs)>();
        foreach (var backlog in new[] { 0, (int)(100_000 * scale), (int)(1_000_000 * scale) })
        {
            await Backlog(other, backlog);
            var pairs = new List<(double Beside, double Alone)>();
            for (var pair = 0; pair < 6; pair++)
            {
                // Whichever goes first, the other is first next time: the machine may grow quicker or slower meanwhile.
                var first = pair % 2 == 0 ? await Turn(machine, other, own) : await Turn(other, machine, own);
                var second = pair % 2 == 0 ? await Turn(other, machine, own) : await Turn(machine, other, own);
                pairs.Add(pair % 2 == 0 ? (second, first) : (first, second));
                Console.WriteLine($"  Heed, {backlog:N0} of others': {N(pairs[^1].Beside)}/s, with nothing of others' {N(pairs[^1].Alone)}/s: {N(100 * pairs[^1].Beside / pairs[^1].Alone)} %");
            }
            alone.AddRange(pairs.Select(pair => pair.Alone));
            beside.Add((backlog, pairs));
        }
        other.Pause();
        var theirs = new List<double>();
        foreach (var (backlog, _) in beside)
        {
            // It slows with the backlog: of as many jobs as with none it would take an hour.
            theirs.Add(await Graphile(machine, Math.Max(100, (int)Math.Min(own, own * 10_000L / Math.Max(10_000, backlog))), backlog));
            Console.WriteLine($"  graphile-worker, {backlog:N0} of others': {N(theirs[^1])}/s");
        }
        table.Add("claimed and acknowledged, each durable, nothing of others'", $"{N(Median(alone))}/s", "", null, $"{N(alone.Min())} to {N(alone.Max())} in {alone.Count} turns; graphile-worker {N(theirs[0])}/s, without HTTP or row security: Heed is {N(100 * Median(alone) / theirs[0])} % of it");
        foreach (var ((backlog, pairs), their) in beside.Zip(theirs))
        {
            var ratios = pairs.Select(pair => pair.Beside / pair.Alone).ToList();
            var rate = Median(pairs.Select(pair => pair.Beside));
            table.Add(backlog == 0 ? "  two installations alike, by turns: what the machine's noise is" : $"  {backlog:N0} waiting for others, by turns with none", $"{N(rate)}/s", backlog == 0 ? "" : ">= 95 % of none beside it", backlog == 0 ? null : Median(ratios) >= 0.95,
                $"{Percent(Median(ratios))} of it, the median of {pairs.Count} pairs from {Percent(ratios.Min())} to {Percent(ratios.Max())}; graphile-worker {N(their)}/s, {N(100 * their / theirs[0])} %; Heed is {N(100 * rate / their)} % of it");
        }
        var quiet = await Hooks(machine, hung: false);
        var hung = await Hooks(machine, hung: true);
        table.Add("webhook after its report: median / p99", $"{Table.Ms(Table.Quantile(quiet, 0.5))} / {Table.Ms(Table.Quantile(quiet, 0.99))}", "p99 < 2 s", Table.Quantile(quiet, 0.99) < 2_000, $"{quiet.Count} webhooks, each reported once");
        table.Add("  the same while another agency's endpoint hangs", $"{Table.Ms(Table.Quantile(hung, 0.5))} / {Table.Ms(Table.Quantile(hung, 0.99))}", "p99 < 2 s", Table.Quantile(hung, 0.99) < 2_000, $"{N(100 * Table.Quantile(hung, 0.99) / Table.Quantile(quiet, 0.99))} % of it alone");
        other.Go();
    }

    private static async Task<double> Turn(Machine machine, Machine still, int own)
    {
        still.Pause();
        try
        {
            await Waiting(machine);
            return await Collect(machine, own);
        }
        finally
        {
            still.Go();
        }
    }

    private static double Median(IEnumerable<double> of)
    {
        var sorted = of.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    private static string Percent(double ratio) => (100 * ratio).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    private static string N(double x) => x.ToString("0", CultureInfo.InvariantCulture);

    /// <summary>Reports with a notice each for one council, made from one that came in by HTTP; their items are made by the schema's own trigger.</summary>
    private static async Task Seed(Machine machine, int many)
    {
        using var police = machine.SystemOf("tees-valley-police");
        Guid? notice = null;
        foreach (var json in machine.Reports(200, seed: 71))
        {
            notice ??= (await Machine.Send(police, json, machine.Partnership.Agencies.Single(a => a.Key == Ours).Name)).Notice;
        }
        await Visible.Settled(machine);
        await machine.Do($"""
            {Entered};
            create temporary table one on commit drop as select new_id() as report, new_id() as notice, i from generate_series(1, {many}) i;
            insert into report (id, agency_id, reference, version, kind, occurred, occurred_precision, known_at, received_at, content, hash)
            select o.report, r.agency_id, 'bench/' || o.i, 1, r.kind, r.occurred, r.occurred_precision, r.known_at, r.received_at, r.content, r.hash from one o, report r where r.id = (select report_id from notice where id = '{notice}');
            insert into notice (id, report_id, kind, report_kind, from_agency, to_agency, to_team, why, mentions, shown, occurred_at, basis, agreement_key, agreement_version)
            select o.notice, o.report, n.kind, n.report_kind, n.from_agency, n.to_agency, n.to_team, n.why, n.mentions, n.shown, n.occurred_at, n.basis, n.agreement_key, n.agreement_version from one o, notice n where n.id = '{notice}'
            """);
        await machine.Do("delete from mailbox_item where notice_id not in (select n.id from notice n join report r on r.id = n.report_id where r.reference like 'bench/%')");
    }

    /// <summary>Exactly so much waits for the other councils, in equal parts.</summary>
    private static async Task Backlog(Machine machine, int many)
    {
        var ours = machine.Loaded.Agencies[Ours];
        await machine.Do($"delete from mailbox_item where agency_id <> '{ours}'");
        await machine.Do($"""
            insert into mailbox_item (id, agency_id, kind, subject_id, notice_id, report_id, urgent, since)
            select new_id(), (array(select id from agency where kind = 'council' and has_heed and id <> '{ours}'))[1 + i % 2], 'notice', new_id(), n.id, n.report_id, i % 10 = 0, now() - i * interval '1 second'
              from (select * from notice limit 1) n, generate_series(1, {many}) i
            """);
        await machine.Do("vacuum analyze mailbox_item");
        await machine.Do("checkpoint");
    }

    /// <summary>All of this council's waits again. Its pages are changed here, after the checkpoint: their first change, which is logged whole, is no part of what is measured.</summary>
    private static async Task Waiting(Machine machine)
    {
        await machine.Do($"update mailbox_item set state = 'waiting', acknowledged_at = null where agency_id = '{machine.Loaded.Agencies[Ours]}'");
        await machine.Do($"{Entered}; update notice set delivered_at = null where delivered_at is not null");
        await machine.Do("vacuum analyze mailbox_item");
        await machine.Do("vacuum analyze notice");
    }

    /// <summary>Items a second until nothing waits. Whether each was given once and is acknowledged is asked afterwards.</summary>
    private static async Task<double> Collect(Machine machine, int own)
    {
        var given = new ConcurrentBag<Guid>();
        using var system = machine.SystemOf(Ours);
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Systems).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                using var answer = await system.PostAsJsonAsync("/api/mailbox/claims", new { most = 20 });
                var claimed = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
                if (claimed.GetProperty("items").GetArrayLength() == 0)
                {
                    return;
                }
                var lease = claimed.GetProperty("lease").GetGuid();
                foreach (var item in claimed.GetProperty("items").EnumerateArray())
                {
                    given.Add(item.GetProperty("id").GetGuid());
                    using var safe = await system.PostAsJsonAsync($"/api/mailbox/items/{item.GetProperty("id").GetGuid()}/acknowledgement", new { lease });
                    safe.EnsureSuccessStatusCode();
                }
            }
        })));
        var rate = own / clock.Elapsed.TotalSeconds;
        var acknowledged = await machine.Row<long>($"select count(*) from mailbox_item where agency_id = '{machine.Loaded.Agencies[Ours]}' and state = 'acknowledged'");
        return given.Count == own && given.Distinct().Count() == own && acknowledged == own ? rate : throw new InvalidOperationException($"{given.Count} given, {given.Distinct().Count()} different, {acknowledged} acknowledged, of {own}");
    }

    private static async Task<double> Graphile(Machine machine, int own, int backlog)
    {
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true };
        foreach (var argument in new[] { "tests/Benchmarks/graphile.mjs", $"postgres://heed_super@/graphile_bench?host={machine.Postgres.Socket}", $"{own}", $"{backlog}", $"{Systems}" })
        {
            start.ArgumentList.Add(argument);
        }
        using var node = Process.Start(start)!;
        var said = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        return node.ExitCode == 0 ? double.Parse(said, CultureInfo.InvariantCulture) : throw new InvalidOperationException("graphile-worker came to no end");
    }

    /// <summary>Milliseconds from a notice to its webhook at one council, with or without an endpoint of another that takes the connection and never answers.</summary>
    private static async Task<List<double>> Hooks(Machine machine, bool hung)
    {
        await machine.Do($"{Entered}; update webhook_endpoint set state = 'disabled', disabled_at = now(), disabled_because = 'measured' where state = 'active'");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var receiver = builder.Build();
        var (came, ids) = (new ConcurrentBag<double>(), new ConcurrentBag<string>());
        receiver.MapPost("/good", async (HttpContext http) =>
        {
            var at = DateTimeOffset.UtcNow;
            var told = (await JsonDocument.ParseAsync(http.Request.Body)).RootElement;
            came.Add((at - told.GetProperty("timestamp").GetDateTimeOffset()).TotalMilliseconds);
            ids.Add(http.Request.Headers["webhook-id"].ToString());
        });
        receiver.MapPost("/hangs", (HttpContext http) => Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        receiver.Urls.Add($"http://127.0.0.1:{Machine.FreePort()}");
        await receiver.StartAsync();
        foreach (var (agency, path) in hung ? new[] { (Ours, "good"), ("levenside", "hangs"), ("hartmoor", "hangs") } : [(Ours, "good")])
        {
            using var system = machine.SystemOf(agency);
            (await system.PostAsJsonAsync("/api/webhooks", new { url = $"{receiver.Urls.Single()}/{path}" })).EnsureSuccessStatusCode();
        }
        using var police = machine.SystemOf("tees-valley-police");
        foreach (var json in machine.Reports(400, seed: hung ? 73 : 72))
        {
            await Machine.Send(police, json);
            await Task.Delay(20);
        }
        var owed = $"select count(*) from webhook_delivery d join webhook_endpoint e on e.id = d.endpoint_id and e.state = 'active' where e.agency_id = '{machine.Loaded.Agencies[Ours]}'";
        while (await machine.Row<long>($"{owed} and d.state = 'ready'") > 0)
        {
            await Task.Delay(100);
        }
        var delivered = await machine.Row<long>($"{owed} and d.state = 'delivered'");
        return delivered == ids.Count && ids.Distinct().Count() == ids.Count ? [.. came] : throw new InvalidOperationException($"{delivered} delivered, {ids.Count} came");
    }
}
