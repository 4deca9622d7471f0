using System.Globalization;
using Heed.Checking;
using Npgsql;

// check [--database CONNECTION] [--receipts FILE.jsonl] [--arrivals FILE.jsonl]: 0 where every invariant holds, 1 where one is broken, 2 where nothing could be looked at.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string? Option(string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
if ((Option("--database") ?? Environment.GetEnvironmentVariable("ConnectionStrings__Heed")) is not { } database)
{
    Console.Error.WriteLine("check --database CONNECTION (or ConnectionStrings__Heed) [--receipts FILE.jsonl] [--arrivals FILE.jsonl]");
    return 2;
}
try
{
    var findings = await Invariants.Check(database, Promises.Read(Option("--receipts"), Option("--arrivals")));
    foreach (var finding in findings)
    {
        Console.WriteLine(finding);
    }
    Console.WriteLine("I5  in part: the chain of the audit is another program's to verify");
    Console.WriteLine("I6  not here: that nobody sees what is another agency's is the door test's to show");
    return findings.Any(f => f.Broken > 0) ? 1 : 0;
}
catch (Exception failed) when (failed is NpgsqlException or IOException or NotAllSeen or System.Text.Json.JsonException or ArgumentException)
{
    Console.Error.WriteLine($"Nothing was checked: {failed.Message}");
    return 2;
}
