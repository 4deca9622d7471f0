using System.Security.Cryptography;
using System.Text.Json;
using Heed.Plumbing;
using Heed.Site.Audit;
using Npgsql;

namespace Heed.Site.Operation;

/// <summary>./heed backup and ./heed restore. A backup says of each table how many rows it has and what they come to; a restore reads them again and says whether every row is as it was.</summary>
public static class Backup
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <param name="Sum">Of the hashes of its rows as text: the same rows in any order, and no others, come to it.</param>
    public sealed record Table(string Name, long Rows, string Sum);

    /// <param name="Dump">SHA-256 of the dump.</param>
    public sealed record Manifest(string TakenAt, string PostgreSql, IReadOnlyDictionary<string, string> Schema, IReadOnlyList<Table> Tables, string Dump);

    public static async Task<int> Take(string[] args)
    {
        if (args.Option("--to") is not { } to)
        {
            Console.Error.WriteLine("backup --to FOLDER [--data DIR | --connection …]: the folder must not be there yet");
            return 2;
        }
        if (Directory.Exists(to))
        {
            Console.Error.WriteLine($"{to} is there already: a backup overwrites none");
            return 1;
        }
        if (Installation.IsMissing(args))
        {
            return 1;
        }
        await using var here = await Installation.Of(args);
        await using var source = NpgsqlDataSource.Create(here.Owner);
        Console.WriteLine("Reading every table at one moment …");
        await using var connection = await source.OpenConnectionAsync();
        await using var moment = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        var snapshot = await One<string>(connection, "select pg_export_snapshot()");
        var (takenAt, version) = (await One<string>(connection, "select to_char(now() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"), await One<string>(connection, "show server_version"));
        var (tables, schema) = (await Tables(connection), await Schema(connection));
        Directory.CreateDirectory(to);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(to, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        var dump = Path.GetFullPath(Path.Combine(to, "heed.dump"));
        Console.WriteLine("Writing the dump …");
        if (await here.Tool("pg_dump", "--format", "custom", "--snapshot", snapshot, "--enable-row-security", "--file", dump, new NpgsqlConnectionStringBuilder(here.Owner).Database!) is { } wrong)
        {
            Directory.Delete(to, recursive: true);
            Console.Error.WriteLine($"{wrong}. No backup was taken.");
            return 1;
        }
        await File.WriteAllTextAsync(Path.Combine(to, "manifest.json"), JsonSerializer.Serialize(new Manifest(takenAt, version, schema, tables, await Sha(dump)), Json));
        Console.WriteLine($"Backed up: {tables.Count} tables, {tables.Sum(t => t.Rows):N0} rows, as at {takenAt}, {new FileInfo(dump).Length / 1024:N0} KiB, in {to}");
        Console.WriteLine("It holds people's data and the key ring: keep it encrypted, and away from this machine. Try it: ./heed restore --from it --data a-new-folder");
        return 0;
    }

    public static async Task<int> Restore(string[] args)
    {
        if (args.Option("--from") is not { } from || !File.Exists(Path.Combine(from, "manifest.json")))
        {
            Console.Error.WriteLine("restore --from FOLDER [--data DIR | --connection …]: FOLDER is what ./heed backup wrote; DIR has no Heed in it yet");
            return 2;
        }
        var manifest = JsonSerializer.Deserialize<Manifest>(await File.ReadAllTextAsync(Path.Combine(from, "manifest.json")), Json)!;
        var dump = Path.GetFullPath(Path.Combine(from, "heed.dump"));
        if (!File.Exists(dump) || await Sha(dump) != manifest.Dump)
        {
            Console.Error.WriteLine("The dump is not the one that was written: it is damaged or was changed. Nothing was restored. Take another backup.");
            return 1;
        }
        await using var here = await Installation.Of(args);
        if (here.Super is { } super)
        {
            await Plumbing.Schema.Prepare(super, "heed");
        }
        await using var source = NpgsqlDataSource.Create(here.Owner);
        await using (var connection = await source.OpenConnectionAsync())
        {
            if (await One<long>(connection, "select count(*) from pg_tables where schemaname = 'public'") > 0)
            {
                Console.Error.WriteLine("There is a database with tables in it already. A restore overwrites none: name another folder or an empty database.");
                return 1;
            }
        }
        Console.WriteLine($"Restoring what stood at {manifest.TakenAt} …");
        if (await here.Tool("pg_restore", "--exit-on-error", "--single-transaction", "--dbname", new NpgsqlConnectionStringBuilder(here.Owner).Database!, dump) is { } wrong)
        {
            Console.Error.WriteLine($"{wrong}. Nothing was restored.");
            return 1;
        }
        IReadOnlyList<Table> tables;
        IReadOnlyDictionary<string, string> schema;
        await using (var again = await source.OpenConnectionAsync())
        await using (await again.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead))
        {
            (tables, schema) = (await Tables(again), await Schema(again));
        }
        var unlike = tables.UnionBy(manifest.Tables, t => t.Name).Select(t => t.Name).Where(name => tables.FirstOrDefault(t => t.Name == name) != manifest.Tables.FirstOrDefault(t => t.Name == name)).ToList();
        if (unlike.Count > 0 || schema.Count != manifest.Schema.Count || schema.Any(s => manifest.Schema.GetValueOrDefault(s.Key) != s.Value))
        {
            Console.Error.WriteLine($"NOT as it was: {string.Join(", ", unlike.DefaultIfEmpty("the schema's files"))}. Do not use it.");
            return 1;
        }
        Console.WriteLine($"Restored: {tables.Count} tables, {tables.Sum(t => t.Rows):N0} rows, every row as it was.");
        var whole = await VerifyCommand.Run(["--connection", here.Owner]) == 0;
        var held = await here.Check();
        if (whole && held is not (0 or 1))
        {
            Console.Error.WriteLine("Every row is as it was and the chain is whole; whether the invariants hold could not be looked at. Run ./heed check on it before anybody works on it.");
            return 2;
        }
        if (!whole || held != 0)
        {
            Console.Error.WriteLine("Every row is as it was, and what stood there was not sound: it was not when the backup was taken. Find out why before anybody works on it.");
            return 1;
        }
        Console.WriteLine("What was accepted after that moment is at those who sent it: their systems offer it again, and what is here already is known by its reference.");
        return 0;
    }

    private static async Task<IReadOnlyList<Table>> Tables(NpgsqlConnection connection)
    {
        // Text forms of times and numbers are this session's own.
        await One<string>(connection, "select set_config('timezone', 'UTC', true) || set_config('extra_float_digits', '3', true)");
        var names = await All<string>(connection, "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1");
        var tables = new List<Table>();
        foreach (var name in names)
        {
            await using var command = new NpgsqlCommand($"select count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text from \"{name}\" t", connection) { CommandTimeout = 0 };
            await using var row = await command.ExecuteReaderAsync();
            await row.ReadAsync();
            tables.Add(new(name, row.GetInt64(0), row.GetString(1)));
        }
        return tables;
    }

    private static async Task<IReadOnlyDictionary<string, string>> Schema(NpgsqlConnection connection) =>
        (await All<string>(connection, "select name || ' ' || checksum from schema_version order by 1")).Select(l => l.Split(' ')).ToDictionary(l => l[0], l => l[1]);

    private static async Task<string> Sha(string file)
    {
        await using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream));
    }

    private static async Task<T> One<T>(NpgsqlConnection connection, string sql) => (await All<T>(connection, sql))[0];

    private static async Task<List<T>> All<T>(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await using var row = await command.ExecuteReaderAsync();
        var all = new List<T>();
        while (await row.ReadAsync())
        {
            all.Add(row.GetFieldValue<T>(0));
        }
        return all;
    }
}
