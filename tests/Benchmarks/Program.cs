using System.Globalization;
using Heed.Benchmarks;

// dotnet run -c Release --project tests/Benchmarks -- [part …] [--scale 0.1] [--seconds 20]
if (args is ["--site", var owner, var address])
{
    return await Machine.Serve(owner, address);
}
string? Option(string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
var scale = double.Parse(Option("--scale") ?? "1", CultureInfo.InvariantCulture);
var seconds = int.Parse(Option("--seconds") ?? "20", CultureInfo.InvariantCulture);
var table = new Table();
(string Name, Func<Machine, Task> Run)[] served =
[
    ("visible", machine => Visible.Run(machine, table)),
    ("intake", machine => Intake.Run(machine, table, seconds)),
    ("clocks", machine => Clocks.Run(machine, table)),
    ("pages", machine => Pages.Run(machine, table, scale)),
    ("files", machine => Files.Run(machine, table, (int)(100_000 * scale))),
    ("search", machine => Search.Run(machine, table, (int)(1_000_000 * scale))),
    ("mailbox", machine => Mailbox.Run(machine, table, scale)),
    ("doors", machine => Doors.Run(machine, table)),
    ("detectors", machine => Detect.Run(machine, table, (int)(100_000 * scale))),
    ("profile", Profile.Run),
];
if (args.Contains("detectors") || !served.Any(p => args.Contains(p.Name)) && !args.Contains("matching"))
{
    Detect.Pure(table, scale, NodaTime.Instant.FromUtc(2026, 11, 18, 14, 0));
}
// The library alone needs neither database nor site.
var (wanted, matching) = (served.Where(p => args.Contains(p.Name)).ToArray(), args.Contains("matching"));
if (matching || wanted is [])
{
    await WhoIsWho.Run(table, scale);
}
if (!matching || wanted is not [])
{
    await using var machine = await Machine.Start();
    Console.WriteLine($"PostgreSQL {machine.Postgres.Version}, durable (fsync, synchronous_commit); {Environment.ProcessorCount} cores shared by PostgreSQL, the site (a process of its own) and this load generator over HTTP on localhost");
    foreach (var part in wanted is [] ? served[..^1] : wanted)
    {
        await part.Run(machine);
    }
}
table.Print();
return 0;
