using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Heed.Seed;
using Heed.Site.Timeliness;
using Heed.Statute;
using NodaTime;
using Flow = Heed.Site.Timeliness.Flow;

namespace Heed.Benchmarks;

/// <summary>Detectors over a year of one force and of the nation, from scratch and after one more incident; and a force's log of which a hundredth was never told.</summary>
internal static class Detect
{
    private const int Force = 60_000, Nation = 1_400_000, Councils = 153, Log = 100_000, Dropped = 1_000;

    public static void Pure(Table table, double scale, Instant now)
    {
        foreach (var (what, incidents, councils) in new[] { ("one force", Force, 4), ("the nation", (int)(Nation * scale), Councils) })
        {
            Console.WriteLine($"Detectors over a year of {what}, {incidents:N0} incidents to {councils} councils …");
            var flows = Enumerable.Range(0, councils).Select(i => (Flow: new Flow(Guid.Empty, new(i, 0, 0, new byte[8])), Passages: (IReadOnlyList<Passage>)[.. Flows.Make(i % 30 == 7 ? Habit.WeeklyBatch : (Habit)(i % 3), incidents / 52.0 / councils, 52, now, i)
                .Select((t, n) => new Passage(new(n, 0, 0, new byte[8]), t.Occurred, t.Received, t.Grade == "high", t.Claimed, t.Further, (short)t.Content))])).ToList();
            var detectors = new Detectors(now, Duration.FromHours(24), new WorkingCalendar());
            detectors.Find(flows.Take(1));
            var clock = Stopwatch.StartNew();
            var counted = flows.Select(f => (f.Flow, Counts: detectors.Counted(f.Passages))).ToList();
            var found = detectors.Judge(counted);
            var scratch = clock.Elapsed.TotalSeconds;
            clock.Restart();
            var (flow, passages) = flows[^1];
            counted[^1] = (flow, detectors.Counted([.. passages, new(Guid.NewGuid(), now - Duration.FromHours(3), now, false)]));
            detectors.Judge(counted);
            var more = clock.Elapsed.TotalMilliseconds;
            var planted = Enumerable.Range(0, councils).Count(i => i % 30 == 7);
            var named = found.Select(f => f.Flow).Distinct().Count();
            table.Add($"Detectors, {what}: {flows.Sum(f => f.Passages.Count):N0} incidents, from scratch", FormattableString.Invariant($"{scratch:0.00} s"), "", named == planted, $"{planted} planted, {named} flows named");
            table.Add($"Detectors, {what}: after one more incident", Table.Ms(more));
        }
    }

    /// <summary>Reports of which only what is compared is there: as many as a force sends in a year and more, put in as the owner.</summary>
    public static async Task Run(Machine machine, Table table, int log)
    {
        var dropped = new HashSet<int>();
        var dice = new Random(1);
        while (dropped.Count < log / (Log / Dropped))
        {
            dropped.Add(dice.Next(log));
        }
        Console.WriteLine($"A log of {log:N0} incidents, {dropped.Count:N0} of them never told …");
        var (police, council) = (machine.Loaded.Agencies["tees-valley-police"], machine.Loaded.Agencies["norton-stockton"]);
        await machine.Administer($"""
            insert into report (id, agency_id, reference, version, kind, occurred, occurred_precision, known_at, received_at, content, hash)
            select gen_random_uuid(), '{police}', 'L/' || i, 1, 'domestic-abuse', tstzrange(t, t, '[]'), 'exact', t, t + interval '3 hours', '[]', ''
              from generate_series(0, {log - 1}) i cross join lateral (select now() - interval '300 days' + interval '4 minutes' * i as t) x where i <> all (array[{string.Join(',', dropped)}])
            """);
        await machine.Do("analyze report");
        var start = await machine.Row<Instant>("select now() - interval '300 days'");
        var text = new StringBuilder("reference,kind,occurredAt,attendedAt,recordedAt,grade,childPresent,shift\n");
        for (var i = 0; i < log; i++)
        {
            text.Append($"L/{i},domestic-abuse,{start + Duration.FromMinutes(4 * i)},,,medium,yes,nights\n");
        }
        using var client = machine.Police();
        client.Timeout = Timeout.InfiniteTimeSpan;
        var clock = Stopwatch.StartNew();
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(text.ToString())) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };
        using var answer = await client.PostAsync("/api/incidents", body);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"The log was answered {answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }
        var taken = clock.Elapsed.TotalSeconds;
        while (await machine.Row<bool>("select exists (select 1 from job where kind = 'incidents.compare' and state = 'ready')") && clock.Elapsed.TotalSeconds < 600)
        {
            await Task.Delay(100);
        }
        var compared = clock.Elapsed.TotalSeconds;
        var found = await machine.Row<long>($"select count(*) from untold where reference = any (array[{string.Join(',', dropped.Select(i => $"'L/{i}'"))}])");
        var said = await machine.Row<long>("select count(*) from untold where reference like 'L/%'");
        table.Add($"A log of {log:N0}: taken", FormattableString.Invariant($"{taken:0.0} s"));
        table.Add($"A log of {log:N0}: held against the reports, from when it was sent", FormattableString.Invariant($"{compared:0.0} s"), "< 60 s, all found, none false", compared < 60 && found == dropped.Count && said == found, $"of {dropped.Count:N0} dropped {found:N0} found, {said - found:N0} false");
        // One more incident, of a force that has all these.
        clock.Restart();
        using var one = new ByteArrayContent(Encoding.UTF8.GetBytes($"reference,kind,occurredAt,childPresent\nONE/1,missing,{await machine.Row<Instant>("select now() - interval '1 hour'")},yes\n")) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };
        await client.PostAsync("/api/incidents", one);
        while (!await machine.Row<bool>("select exists (select 1 from untold where reference = 'ONE/1')") && clock.Elapsed.TotalSeconds < 60)
        {
            await Task.Delay(5);
        }
        table.Add("One more incident that nobody was told of stands on the page after", Table.Ms(clock.Elapsed.TotalMilliseconds), "< 60 s", clock.Elapsed.TotalSeconds < 60);
        await machine.Administer($"""
            insert into delay (id, force_id, council_id, occurred_at, received_at, grade, kind, further, content)
            select gen_random_uuid(), '{police}', '{council}', t, t + interval '3 hours' * (1 + i % 7), 'medium', 'domestic-abuse', i % 3 = 0, 70 from generate_series(1, {(int)((long)Force * log / Log)}) i cross join lateral (select now() - interval '8 minutes' * i as t) x
            """);
        await machine.Do("analyze delay");
        using var desk = await machine.SignedIn("thirlwell");
        var times = new List<double>();
        for (var i = 0; i < 6; i++)
        {
            clock.Restart();
            await desk.GetStringAsync("/timeliness");
            times.Add(clock.Elapsed.TotalMilliseconds);
        }
        table.Add($"The page of figures and findings over {(int)((long)Force * log / Log):N0} incidents, worked out anew", Table.Ms(times.Skip(1).Order().ElementAt(2)));
    }
}
