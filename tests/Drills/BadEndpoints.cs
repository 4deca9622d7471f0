using Heed.Benchmarks;

namespace Heed.Drills;

/// <summary>One council's system takes webhooks as it should; another's does everything else.</summary>
internal static class BadEndpoints
{
    private const string Ours = "norton-stockton";
    private const string Theirs = "levenside";

    /// <summary>F14: beside an endpoint that takes 29 seconds for each.</summary>
    public static async Task Slow(Drill drill, int? times)
    {
        await drill.Council.Listens(Ours, $"{drill.Council.Address}/good");
        var alone = await Webhooks(drill, seed: 141);
        await drill.Council.Listens(Theirs, $"{drill.Council.Address}/slow");
        var beside = await Webhooks(drill, seed: 142);
        drill.Must("Webhooks to others come as soon as before", beside < Math.Max(2_000, 1.25 * alone), $"p99 {Table.Ms(alone)} alone, {Table.Ms(beside)} beside");
        var waits = await drill.Machine.Row<long>($"select count(*) from webhook_delivery d join webhook_endpoint e on e.id = d.endpoint_id where e.agency_id = '{drill.Machine.Loaded.Agencies[Theirs]}' and d.state = 'ready'");
        using var system = drill.Machine.SystemOf(Theirs);
        var said = System.Text.Json.JsonDocument.Parse(await system.GetStringAsync("/api/webhooks")).RootElement.EnumerateArray().Sum(e => e.GetProperty("waiting").GetInt64());
        drill.Must("How much waits is shown to whose endpoint it is", waits > 0 && Math.Abs(waits - said) <= 1, $"{waits} wait, /api/webhooks says {said}");
        await drill.Until(async () => (await drill.Health()).Checks["webhooks"] == "attention", "/healthz says that webhooks wait", 200);
    }

    /// <summary>F15: endpoints that fail in every other way, and one that lies where Heed may not call.</summary>
    public static async Task Broken(Drill drill, int? times)
    {
        var (machine, council) = (drill.Machine, drill.Council);
        await council.Listens(Ours, $"{council.Address}/good");
        var faults = new Dictionary<string, (Guid Endpoint, string Expected)>();
        foreach (var (what, url, expected) in new[]
        {
            ("hangs", $"{council.Address}/hangs", "no answer in time"), ("resets the connection", council.Resets, "IOException"), ("redirects", $"{council.Address}/elsewhere", "answered 302"), ("is gone", $"{council.Address}/gone", "answered 410"),
            ("answers without end", $"{council.Address}/endless", "answered 500"), ("has an expired certificate", council.Expired, "AuthenticationException"), ("takes no connection", $"http://127.0.0.1:{Machine.FreePort()}", "SocketException"),
        })
        {
            faults[what] = (await council.Listens(Theirs, url), expected);
        }
        await Task.Delay(1_000);
        var p99 = await Webhooks(drill, seed: 151);
        drill.Must("Webhooks to others come as they should", p99 < 2_000, $"p99 {Table.Ms(p99)}");
        foreach (var (what, (endpoint, expected)) in faults)
        {
            var first = $"from webhook_delivery d where d.endpoint_id = '{endpoint}' and d.last_at is not null";
            await drill.Until(() => machine.Row<bool>($"select exists (select 1 {first})"), $"An endpoint that {what} is given up", 60);
            var (fault, took) = (await machine.Row<string>($"select d.fault {first} order by d.last_at limit 1"), await machine.Row<double>($"select extract(epoch from min(d.last_at) - (select min(i.since) from webhook_delivery x join mailbox_item i on i.id = x.item_id where x.endpoint_id = '{endpoint}'))::float8 {first}"));
            drill.Must($"One that {what} is noted within 30 s", took <= 30 && fault == expected, $"{fault} after {Drill.Seconds(took)}");
        }
        var gone = await machine.Row<long>($"select count(*) from webhook_endpoint e where e.id = '{faults["is gone"].Endpoint}' and e.state = 'disabled' and exists (select 1 from undelivered u join clock c on c.id = u.clock_id where u.why = 'gone' and c.practitioner_id is not null)");
        drill.Must("One that is gone is disabled, and is a named person's task with a clock", gone == 1, $"{gone}");

        // The same good endpoint, for a program that may not call what lies inside.
        machine.StopSite(0);
        await machine.AddSite(null, ("Exchange__AllowPrivateAddresses", "false"));
        drill.Afresh();
        var came = council.Came;
        await drill.Force.Flood(machine.Reports(30, seed: 152), 30, 4);
        var inside = $"from webhook_delivery d join webhook_endpoint e on e.id = d.endpoint_id where e.agency_id = '{machine.Loaded.Agencies[Ours]}' and d.fault = 'address refused'";
        await drill.Until(() => machine.Row<bool>($"select count(*) > 0 {inside}"), "An address inside is refused", 60);
        drill.Must("Nothing comes to an address inside", council.Came == came, $"{council.Came - came} came");
        machine.StopSite(0);
        await machine.AddSite();
        drill.Afresh();
        await drill.Until(async () => await machine.Row<long>($"select count(*) from webhook_delivery d join webhook_endpoint e on e.id = d.endpoint_id where e.agency_id = '{machine.Loaded.Agencies[Ours]}' and d.state <> 'delivered'") == 0, "What failed is sent again, and comes", 60);
    }

    /// <summary>Milliseconds from notice to webhook at the endpoint that works, at the 99th percentile, of 300 reports in 15 seconds.</summary>
    private static async Task<double> Webhooks(Drill drill, int seed)
    {
        drill.Council.Forget();
        await drill.Force.Flood(drill.Machine.Reports(300, seed), 20, 8);
        await drill.Until(async () => await drill.Machine.Row<long>($"select count(*) from webhook_delivery d join webhook_endpoint e on e.id = d.endpoint_id where e.agency_id = '{drill.Machine.Loaded.Agencies[Ours]}' and d.state = 'ready'") == 0, "Every webhook to the endpoint that works has come", 60);
        drill.Says(FormattableString.Invariant($"{drill.Council.Times.Count} webhooks, median {Table.Quantile(drill.Council.Times, 0.5):0} ms, p99 {Table.Quantile(drill.Council.Times, 0.99):0} ms; reports meanwhile p99 {Table.Quantile(drill.Force.Times, 0.99):0} ms"));
        return Table.Quantile(drill.Council.Times, 0.99);
    }
}
