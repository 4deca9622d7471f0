using Heed.Plumbing;
using Npgsql;

namespace Heed.Site.Audit;

/// <summary>The command: verify [FILE] [--data DIR | --connection STRING] [--export FILE] [--heads FILE]. Answers 0 where all is whole, 1 where it is not.</summary>
public static class VerifyCommand
{
    public static async Task<int> Run(string[] args)
    {
        try
        {
            var kept = args.Option("--heads") is { } heads ? Verify.HeadsOf(await File.ReadAllLinesAsync(heads)) : [];
            if (args is [var file, ..] && !file.StartsWith("--", StringComparison.Ordinal))
            {
                return Say(Verify.File(await File.ReadAllLinesAsync(file), kept), []);
            }
            if (args.Option("--connection") is { } connection)
            {
                return await Of(connection, kept);
            }
            var data = args.Option("--data") ?? ".heed";
            if (!File.Exists(Path.Combine(data, "pg", "PG_VERSION")))
            {
                Console.Error.WriteLine($"There is no Heed under {data}");
                return 1;
            }
            await using var postgres = await PrivatePostgres.Start(data);
            postgres.LeaveRunning = postgres.WasRunning;
            return await Of(postgres.Owner("heed"), kept);
        }
        catch (Exception wrong) when (wrong is FormatException or IOException)
        {
            Console.Error.WriteLine(wrong.Message);
            return 1;
        }

        async Task<int> Of(string owner, IEnumerable<string> kept)
        {
            await using var source = NpgsqlDataSource.Create(owner);
            await using var connection = await source.OpenConnectionAsync();
            // One moment of it, however long it takes: what is sealed meanwhile is another's to find.
            await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
            if (args.Option("--export") is { } export)
            {
                await using var to = new StreamWriter(export);
                await Verify.Export(connection, to);
                Console.WriteLine($"Exported to {export}: numbers and hashes, and nothing about anybody");
                return 0;
            }
            var names = new Dictionary<Guid, string>();
            await using (var command = new NpgsqlCommand("select id, name from agency", connection))
            await using (var row = await command.ExecuteReaderAsync())
            {
                while (await row.ReadAsync())
                {
                    names[row.GetGuid(0)] = row.GetString(1);
                }
            }
            return Say(await Verify.Database(connection, kept), names);
        }
    }

    private static int Say(Verify.Result found, Dictionary<Guid, string> names)
    {
        foreach (var (agency, entries) in found.Entries.OrderBy(e => names.GetValueOrDefault(e.Key) ?? $"{e.Key}", StringComparer.Ordinal))
        {
            Console.WriteLine($"{(found.Faults.Any(f => f.Agency == agency) ? "BROKEN" : "whole ")} {names.GetValueOrDefault(agency) ?? $"{agency}"}: {entries} entries");
        }
        Console.WriteLine($"{found.Heads} signed heads{(found.Destroyed > 0 ? $"; {found.Destroyed} entries lawfully destroyed" : "")}");
        foreach (var fault in found.Faults)
        {
            Console.Error.WriteLine($"{fault.What}: {names.GetValueOrDefault(fault.Agency) ?? $"{fault.Agency}"}: {fault.Words}");
        }
        return found.Faults.Count == 0 ? 0 : 1;
    }
}
