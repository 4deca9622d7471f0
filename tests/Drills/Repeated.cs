using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Heed.Benchmarks;

namespace Heed.Drills;

/// <summary>What comes more than once, and not in its order.</summary>
internal static class Repeated
{
    /// <summary>F11: reports of a month ago with two corrections each, every one of them five times, shuffled. A correction that comes before what it corrects is refused, and sent again.</summary>
    public static async Task Shuffled(Drill drill, int? times)
    {
        var many = times ?? 100;
        var monthAgo = NodaTime.Text.InstantPattern.General.Format(drill.Machine.Began - NodaTime.Duration.FromDays(30));
        var messages = drill.Machine.Reports(many, seed: 11).SelectMany(json => Enumerable.Range(1, 3).Select(version =>
        {
            var report = JsonNode.Parse(json)!.AsObject();
            (report["reference"], report["version"]) = ($"{(string)report["reference"]!}/late", version);
            (report["occurredAt"], report["knownAt"]) = (monthAgo, monthAgo);
            report.Remove("occurredUntil");
            report.Remove("recordedAt");
            if (version > 1)
            {
                (report["supersedes"], report["supersessionReason"], report["summary"]) = (version - 1, "Corrected", $"Version {version} of it");
            }
            return report.ToJsonString();
        })).SelectMany(json => Enumerable.Repeat(json, 5)).ToArray();
        new Random(11).Shuffle(messages);
        var waiting = new ConcurrentQueue<string>(messages);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (waiting.TryDequeue(out var json))
            {
                if (await drill.Force.Try(json, drill.Machine.Address) is null)
                {
                    waiting.Enqueue(json);
                }
            }
        })));
        await drill.Settled();
        var early = drill.Force.Unexpected.Count(u => u == "422");
        drill.Must("A correction that came before what it corrects was refused by that rule and by no other", drill.Force.Unexpected.All(u => u == "422"), $"{early} came too early, {drill.Force.Unexpected.Count - early} answers otherwise");
        drill.Says($"{messages.Length:N0} messages in any order");
        var stands = await drill.Machine.Row<long>("select count(*) from report r where reference like '%/late' and version = 3 and not exists (select 1 from report l where l.supersedes_id = r.id) and content ->> 'summary' = 'Version 3 of it'");
        var all = await drill.Machine.Row<long>("select count(*) from report where reference like '%/late'");
        drill.Must("Of each, three versions, and the third stands", stands == many && all == 3 * many, $"{stands} of {many}, {all} reports");
        var flagged = await drill.Machine.Row<long>("select count(distinct c.report_id) from clock c join report r on r.id = c.report_id where r.reference like '%/late' and r.version = 1 and c.limit_key = 'notification.local-authority' and c.state = 'met-late' and lower(r.occurred) < now() - interval '29 days'");
        drill.Must("Each is late in the open, from when it happened", flagged == many, $"{flagged} of {many}");
        // What was refused was meant to be: the account of it stands above.
        drill.Afresh(asMeant: true);
    }

    /// <summary>F12: a hundred callers with one reference; half of them with other words.</summary>
    public static async Task AtOnce(Drill drill, int? times)
    {
        var (first, same, refused, other, several) = (0, 0, 0, 0, 0);
        foreach (var json in drill.Machine.Reports(times ?? 20, seed: 12))
        {
            var differs = JsonNode.Parse(json)!;
            differs["summary"] = "Other words";
            drill.Afresh(asMeant: true);
            var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => drill.Force.Try(i % 2 == 0 ? json : differs.ToJsonString(), drill.Machine.Address))));
            first += answers.Count(a => a?.Status == HttpStatusCode.Created);
            same += answers.Count(a => a?.Status == HttpStatusCode.OK);
            refused += drill.Force.Unexpected.Count(u => u == "409");
            other += drill.Force.Unexpected.Count(u => u != "409") + drill.Force.AskedAgain.Count;
            several += answers.OfType<Force.Receipt>().Select(a => a.Id).Distinct().Count() - 1;
        }
        drill.Afresh(asMeant: true);
        var keys = times ?? 20;
        drill.Must("Of a hundred callers one makes the report, 49 are given the same receipt, and 50 with other content are refused", (first, same, refused, other, several) == (keys, 49 * keys, 50 * keys, 0, 0), $"{keys} keys: {first} made, {same} the same, {refused} refused, {other} otherwise, {several} receipts of another");
    }
}
