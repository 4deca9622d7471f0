using Heed.Benchmarks;

// dotnet run -c Release --project tests/Benchmarks -- [visible] [intake] [clocks] [pages] [matching] [--scale 0.1] [--seconds 20]
if (args is ["--site", var owner, var address])
{
    return await Machine.Serve(owner, address);
}
string? Option(string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
var scale = double.Parse(Option("--scale") ?? "1", System.Globalization.CultureInfo.InvariantCulture);
var seconds = int.Parse(Option("--seconds") ?? "20", System.Globalization.CultureInfo.InvariantCulture);
string[] parts = ["visible", "intake", "clocks", "pages", "matching"];
var wanted = args.Where(parts.Contains).ToArray() is { Length: > 0 } some ? some : parts;
var table = new Table();
if (wanted.Contains("matching"))
{
    await WhoIsWho.Run(table, scale);
    if (wanted is ["matching"])
    {
        table.Print();
        return 0;
    }
}
await using var machine = await Machine.Start();
Console.WriteLine($"PostgreSQL {machine.Postgres.Version}, durable (fsync, synchronous_commit); {Environment.ProcessorCount} cores shared by PostgreSQL, the site (a process of its own) and this load generator over HTTP on localhost");
if (args.Contains("profile"))
{
    await Profile.Run(machine);
    return 0;
}
if (wanted.Contains("visible"))
{
    await Visible.Run(machine, table);
}
if (wanted.Contains("intake"))
{
    await Intake.Run(machine, table, seconds);
}
if (wanted.Contains("clocks"))
{
    await Clocks.Run(machine, table);
}
if (wanted.Contains("pages"))
{
    await Pages.Run(machine, table, scale);
}
table.Print();
return 0;
