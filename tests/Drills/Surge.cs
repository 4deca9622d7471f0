using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Heed.Benchmarks;

namespace Heed.Drills;

/// <summary>
/// F25: weeks of batched notices land at once, as what is graded standard and medium does where it waits and what is graded high does not. Meanwhile single urgent ones: for a council that the flood does not reach, timed by the events of its own live worklist, each one of them;
/// and for the flooded one, until whoever is on duty has it on the page.
/// </summary>
internal static partial class Surge
{
    private const int Notices = 20_000;
    private const string Quiet = "hartmoor";

    public static async Task Run(Drill drill, int? times)
    {
        var machine = drill.Machine;
        var areas = await machine.Row<string[]>($"select array_agg(postcode) from area where council_id = '{machine.Loaded.Agencies[Quiet]}'");
        bool Reaches(string json) => Postcode().Matches(json).Any(m => areas.Any(a => m.Groups[1].Value.Replace(" ", "").StartsWith(a, StringComparison.OrdinalIgnoreCase)));
        var made = machine.Reports(30_000, seed: 25).Where(json => !Hurries(json)).ToLookup(Reaches);
        var flood = made[false].ToList();
        var sample = await machine.Row<double>("select (select count(*) from notice where withheld_because is null)::float8 / (select count(*) from report)");
        var perSecond = Notices / 60.0 / sample;
        var ahead = flood.Take((int)(perSecond * 65)).ToList();
        var names = machine.Partnership.Agencies.ToDictionary(a => a.Key, a => a.Name);
        var quietly = Urgent(made[true]).Take(60).ToList();
        var loudly = Urgent(flood.Skip(ahead.Count)).Take(60).ToList();
        using var police = new Force(machine, drill.Receipts);
        using var live = await Live.Of(machine, await OnDuty(machine, Quiet));
        using var ramsey = await machine.SignedIn("ramsey");
        var already = await machine.Row<long>("select count(*) from notice where withheld_because is null");
        var (clock, before) = (Stopwatch.StartNew(), await machine.Cpu());
        using var enough = new CancellationTokenSource();
        var landing = drill.Force.Flood(ahead, perSecond, 64, enough.Token);
        var (byEvent, byPage) = (new List<double>(), new List<double>());
        await Task.Delay(3_000);
        for (var turn = 0; clock.Elapsed.TotalSeconds < 57; turn++)
        {
            var began = Stopwatch.GetTimestamp();
            if ((await police.Send(quietly[turn % quietly.Count].Replace("\"reference\":\"", $"\"reference\":\"Q{turn}/"))).Notices.Any(n => n.To == names[Quiet]))
            {
                byEvent.Add(await live.Next(began));
            }
            began = Stopwatch.GetTimestamp();
            if ((await police.Send(loudly[turn % loudly.Count].Replace("\"reference\":\"", $"\"reference\":\"L{turn}/"))).Notices.FirstOrDefault(n => n.To == names["norton-stockton"]) is { Id: var notice } && notice != default)
            {
                while (!(await ramsey.GetStringAsync("/")).Contains(notice.ToString(), StringComparison.Ordinal) && Stopwatch.GetElapsedTime(began).TotalSeconds < 10)
                {
                    // Asked again: the page is what a person sees.
                }
                byPage.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
            await Task.Delay(500);
        }
        await Task.Delay(TimeSpan.FromSeconds(Math.Max(0, 60 - clock.Elapsed.TotalSeconds)));
        var landed = await machine.Row<long>("select count(*) from notice where withheld_because is null") - already;
        await enough.CancelAsync();
        var after = await machine.Cpu();
        drill.Says($"{landed:N0} notices landed in {Drill.Seconds(clock.Elapsed.TotalSeconds)}; {Machine.Shares(before, after, clock.Elapsed.TotalSeconds)}");
        await landing;
        drill.Must("20,000 notices land in a minute", landed >= Notices, $"{landed:N0}");
        foreach (var (what, times_) in new[] { ("A new urgent one for a council beside is on its live worklist within 1 s (p99)", byEvent), ("A new urgent one for the flooded council is on the page of whoever is on duty within 1 s (p99)", byPage) })
        {
            drill.Must(what, times_.Count > 5 && Table.Quantile(times_, 0.99) <= 1_000, $"{times_.Count} of them, median {Table.Ms(Table.Quantile(times_, 0.5))}, p99 {Table.Ms(Table.Quantile(times_, 0.99))}");
        }
        drill.Must("Every urgent one is answered with a receipt", police.Unexpected.IsEmpty && police.AskedAgain.IsEmpty, police.Seen);
        drill.Says($"people worked out {Drill.Seconds(await drill.Settled())} later");
    }

    /// <summary>What is urgent by its kind or its grade is sent at once, and is no part of a batch.</summary>
    private static bool Hurries(string json) => JsonNode.Parse(json)! is var report && ((string)report["kind"]! is "missing" or "physical-injury" || (string?)report["risk"]?["grade"] == "high");

    private static IEnumerable<string> Urgent(IEnumerable<string> reports) => reports.Select(json =>
    {
        var report = JsonNode.Parse(json)!;
        report["risk"] = new JsonObject { ["grade"] = "high" };
        return report.ToJsonString();
    });

    /// <summary>Somebody of a council's front door who may sign in.</summary>
    private static Task<string> OnDuty(Machine machine, string council) => machine.Row<string>($"""
        select p.key from practitioner p join post o on o.practitioner_id = p.id join team t on t.id = o.team_id join role r on r.key = o.role
         where p.can_sign_in and t.agency_id = '{machine.Loaded.Agencies[council]}' and t.function = 'front-door' and 'worklist.read' = any (r.permits) limit 1
        """);

    /// <summary>A live worklist, listened to. It says how many are new and names none.</summary>
    private sealed partial class Live : IDisposable
    {
        private readonly ConcurrentDictionary<int, long> _seen = [];
        private readonly CancellationTokenSource _enough = new();
        private HttpClient _client = null!;
        private int _expected;

        public static async Task<Live> Of(Machine machine, string practitioner)
        {
            var live = new Live { _client = await machine.SignedIn(practitioner) };
            var since = NodaTime.Text.InstantPattern.ExtendedIso.Format(await machine.Row<NodaTime.Instant>("select now()"));
            var answer = (await live._client.GetAsync($"/live/worklist?since={since}", HttpCompletionOption.ResponseHeadersRead)).EnsureSuccessStatusCode();
            _ = Task.Run(async () =>
            {
                using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
                while (await lines.ReadLineAsync(live._enough.Token) is { } line)
                {
                    var at = Stopwatch.GetTimestamp();
                    for (var count = New().Match(line) is { Success: true } said ? int.Parse(said.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 0; count > 0 && live._seen.TryAdd(count, at); count--)
                    {
                        // It may have risen by several.
                    }
                }
            });
            return live;
        }

        /// <summary>Milliseconds until one more is said to be new; ten thousand where nobody says so for ten seconds.</summary>
        public async Task<double> Next(long began)
        {
            _expected++;
            while (!_seen.ContainsKey(_expected) && Stopwatch.GetElapsedTime(began).TotalSeconds < 10)
            {
                await Task.Delay(1);
            }
            return _seen.TryGetValue(_expected, out var at) ? Stopwatch.GetElapsedTime(began, at).TotalMilliseconds : 10_000;
        }

        public void Dispose()
        {
            _enough.Cancel();
            _client.Dispose();
        }

        [GeneratedRegex("\"count\":(\\d+)")]
        private static partial Regex New();
    }

    [GeneratedRegex("\"postcode\": ?\"([^\"]+)\"")]
    private static partial Regex Postcode();
}
