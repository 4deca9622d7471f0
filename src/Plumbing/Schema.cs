using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Heed.Plumbing;

/// <summary>Plain SQL files, forward only, checksummed, one at a time under an advisory lock, each in a transaction of its own.</summary>
public static class Schema
{
    private const long Lock = 0x48656564; // "Heed"

    /// <summary>Makes the three logins and the database if they are not there. Needs a superuser; a managed service's administrator does this by hand.</summary>
    public static async Task Prepare(string superuser, string database)
    {
        await using var source = NpgsqlDataSource.Create(superuser);
        await using var connection = await source.OpenConnectionAsync();
        await Run(connection, $"select pg_advisory_lock({Lock})");
        await Run(connection, """
            do $$ declare r text; begin
                foreach r in array array['heed_owner', 'heed_app', 'heed_worker'] loop
                    if not exists (select 1 from pg_roles where rolname = r) then execute format('create role %I login nosuperuser nobypassrls', r); end if;
                end loop;
            end $$
            """);
        await using var exists = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection) { Parameters = { new() { Value = database } } };
        if (await exists.ExecuteScalarAsync() is null)
        {
            await Run(connection, $"create database \"{database}\" owner heed_owner template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C.UTF-8'");
        }
        await Run(connection, $"select pg_advisory_unlock({Lock})");
    }

    /// <summary>Drops a database of a demo or a test, and whoever is connected with it.</summary>
    public static async Task Drop(string superuser, string database)
    {
        await using var source = NpgsqlDataSource.Create(superuser);
        await using var connection = await source.OpenConnectionAsync();
        await Run(connection, $"drop database if exists \"{database}\" with (force)");
    }

    /// <summary>Applies what is missing of the assembly's Schema/*.sql. A file that was applied and has changed since is an error.</summary>
    public static async Task<IReadOnlyList<string>> Migrate(NpgsqlDataSource owner, Assembly assembly)
    {
        var applied = new List<string>();
        await using var connection = await owner.OpenConnectionAsync();
        await Run(connection, $"select pg_advisory_lock({Lock})");
        await Run(connection, "create table if not exists schema_version (name text primary key, checksum text not null, at timestamptz not null default now())");
        foreach (var (file, sql, checksum) in Files(assembly))
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await using var known = new NpgsqlCommand("select checksum from schema_version where name = $1", connection, transaction) { Parameters = { new() { Value = file } } };
            switch (await known.ExecuteScalarAsync())
            {
                case string standing when standing == checksum:
                    continue;
                case string:
                    throw new SchemaChanged(file);
            }
            await using var apply = new NpgsqlCommand(sql, connection, transaction) { CommandTimeout = 0 };
            await apply.ExecuteNonQueryAsync();
            await using var note = new NpgsqlCommand("insert into schema_version (name, checksum) values ($1, $2)", connection, transaction) { Parameters = { new() { Value = file }, new() { Value = checksum } } };
            await note.ExecuteNonQueryAsync();
            await transaction.CommitAsync();
            applied.Add(file);
        }
        await Run(connection, $"select pg_advisory_unlock({Lock})");
        return applied;
    }

    /// <summary>The files that are not applied here. One that was applied and has changed since is an error.</summary>
    public static async Task<IReadOnlyList<string>> Missing(NpgsqlConnection connection, Assembly assembly)
    {
        var missing = new List<string>();
        await using var there = new NpgsqlCommand("select to_regclass('schema_version') is not null", connection);
        var any = (bool)(await there.ExecuteScalarAsync())!;
        foreach (var (file, _, checksum) in Files(assembly))
        {
            await using var known = new NpgsqlCommand(any ? "select checksum from schema_version where name = $1" : "select null where $1 = ''", connection) { Parameters = { new() { Value = file } } };
            switch (await known.ExecuteScalarAsync())
            {
                case string standing when standing == checksum:
                    continue;
                case string:
                    throw new SchemaChanged(file);
                default:
                    missing.Add(file);
                    continue;
            }
        }
        return missing;
    }

    private static IEnumerable<(string File, string Sql, string Checksum)> Files(Assembly assembly)
    {
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var sql = reader.ReadToEnd();
            yield return (string.Join('.', name.Split('.')[^2..]), sql, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql))));
        }
    }

    private static async Task Run(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>A file that was applied here is another one now.</summary>
public sealed class SchemaChanged(string file) : Exception($"{file} was applied and has been changed since: a schema goes forward only, in a new file");
