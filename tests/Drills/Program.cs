using System.Globalization;
using Heed.Benchmarks;
using Heed.Drills;

// ./heed drill NAME … | all [--times N]: each fault of docs/drills.md, what clients saw of it, and the invariants afterwards. 1 where one is broken.
if (args is ["--site", var owner, var address])
{
    return await Machine.Serve(owner, address);
}
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
(string Name, string What, Func<Drill, int?, Task> Run)[] drills =
[
    ("f1", "a program killed at any moment, again and again, beside another", Killed.Program),
    ("f3", "the database killed, and started again by the program that minds it", Killed.Database),
    ("f9", "the database's disk full", FullDisk.Run),
    ("f10", "programs whose clocks are wrong, and a clock that steps back", WrongClocks.Run),
    ("f11", "everything five times, in any order, a month late", Repeated.Shuffled),
    ("f12", "the same key a hundred times at once, and with other content", Repeated.AtOnce),
    ("f13", "work that always fails", Poison.Run),
    ("f14", "an endpoint that takes 29 seconds for each webhook", BadEndpoints.Slow),
    ("f15", "endpoints that hang, reset, redirect, are gone, never end, have an expired certificate, or lie inside", BadEndpoints.Broken),
    ("f16", "every connection of the database taken", Exhausted.Run),
    ("f17", "locks held, and each other's", Locked.Run),
    ("f25", "20,000 notices in one minute", Surge.Run),
];
int? times = Array.IndexOf(args, "--times") is var at and >= 0 && at + 1 < args.Length && int.TryParse(args[at + 1], out var n) && n > 0 ? n : null;
var wanted = drills.Where(d => args.Contains("all") || args.Contains(d.Name)).ToList();
if (wanted.Count == 0)
{
    Console.Error.WriteLine($"drill {string.Join(" | ", drills.Select(d => d.Name))} | all [--times N]");
    return 2;
}
var broken = 0;
foreach (var (name, what, run) in wanted)
{
    Console.WriteLine($"{name.ToUpperInvariant()}  {what}");
    await using var drill = await Drill.Begin(sites: name is "f1" ? 2 : 1, disk: name is "f9" ? 400 : null);
    try
    {
        await run(drill, times);
        await drill.Check();
    }
    catch (Exception failed)
    {
        // Its database and sites are stopped all the same.
        drill.Must("It comes to its end", false, failed.ToString());
    }
    Console.WriteLine(drill.Broken.Count == 0 ? $"{name.ToUpperInvariant()}  held" : $"{name.ToUpperInvariant()}  BROKEN: {string.Join("; ", drill.Broken)}");
    broken += Math.Min(1, drill.Broken.Count);
}
return broken == 0 ? 0 : 1;
