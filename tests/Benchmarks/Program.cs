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
await using var machine = await Machine.Start();
var table = new Table();
(string Name, Func<Task> Run)[] parts =
[
    ("visible", () => Visible.Run(machine, table)),
    ("intake", () => Intake.Run(machine, table, seconds)),
    ("clocks", () => Clocks.Run(machine, table)),
    ("pages", () => Pages.Run(machine, table, scale)),
    ("files", () => Files.Run(machine, table, (int)(100_000 * scale))),
    ("search", () => Search.Run(machine, table, (int)(1_000_000 * scale))),
    ("mailbox", () => Mailbox.Run(machine, table, scale)),
];
Console.WriteLine($"PostgreSQL {machine.Postgres.Version}, durable (fsync, synchronous_commit); {Environment.ProcessorCount} cores shared by PostgreSQL, the site (a process of its own) and this load generator over HTTP on localhost");
if (args.Contains("profile"))
{
    await Profile.Run(machine);
    return 0;
}
var wanted = parts.Where(p => args.Contains(p.Name)).ToArray();
foreach (var part in wanted is [] ? parts : wanted)
{
    await part.Run();
}
table.Print();
return 0;
