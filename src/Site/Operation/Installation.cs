using Heed.Plumbing;
using Npgsql;

namespace Heed.Site.Operation;

/// <summary>Which database a command is about: one that was named (--connection), else the private one under a data folder (--data).</summary>
/// <param name="Owner">As its owner.</param>
/// <param name="Super">As a superuser, where it is ours.</param>
/// <param name="Binaries">Where its tools are; empty: on the path.</param>
public sealed record Installation(string Owner, string? Super, string Binaries, string Folder, PrivatePostgres? Postgres) : IAsyncDisposable
{
    /// <summary>Says so where a command looks at what should be there already and is not: a folder misspelt would be an empty Heed made anew, with nothing in it to be wrong.</summary>
    public static bool IsMissing(string[] args)
    {
        var folder = Path.GetFullPath(args.Option("--data") ?? ".heed");
        if ((args.Option("--connection") ?? Environment.GetEnvironmentVariable("ConnectionStrings__Heed")) is { Length: > 0 } || File.Exists(Path.Combine(folder, "pg", "PG_VERSION")))
        {
            return false;
        }
        Console.Error.WriteLine($"There is no Heed under {folder}. Name the folder it was started with (--data), or its database (--connection)");
        return true;
    }

    public static async Task<Installation> Of(string[] args)
    {
        var folder = Path.GetFullPath(args.Option("--data") ?? ".heed");
        if ((args.Option("--connection") ?? Environment.GetEnvironmentVariable("ConnectionStrings__Heed")) is { Length: > 0 } connection)
        {
            return new(connection, null, "", folder, null);
        }
        var postgres = await PrivatePostgres.Start(folder);
        // A running demo's own: it was there before this command, and stays.
        postgres.LeaveRunning = postgres.WasRunning;
        return new(postgres.Owner("heed"), postgres.Superuser, postgres.Binaries, folder, postgres);
    }

    /// <summary>pg_dump or pg_restore; answers what it complained of, or null.</summary>
    public async Task<string?> Tool(string name, params string[] arguments)
    {
        var path = Path.Combine(Binaries, name);
        if (Binaries != "" && !File.Exists(path))
        {
            return $"There is no {name} beside this PostgreSQL ({Binaries}). Install PostgreSQL's own tools (Debian: apt-get install postgresql)";
        }
        var c = new NpgsqlConnectionStringBuilder(Super is null ? Owner : new NpgsqlConnectionStringBuilder(Super) { Database = "heed" }.ConnectionString);
        var start = new System.Diagnostics.ProcessStartInfo(path, ["--host", c.Host!, "--port", c.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), "--username", c.Username!, .. arguments]) { RedirectStandardError = true, WorkingDirectory = "/" };
        // Never on the command line, where every process can read it.
        start.Environment["PGPASSWORD"] = c.Password ?? "";
        using var tool = System.Diagnostics.Process.Start(start)!;
        var said = await tool.StandardError.ReadToEndAsync();
        await tool.WaitForExitAsync();
        return tool.ExitCode == 0 ? null : $"{name} ended with {tool.ExitCode}: {said.Trim().Split('\n')[0]}";
    }

    /// <summary>The invariants, by the program that shares nothing with this one (HEED_CHECK names it; ./heed does). 0 where all hold, 1 where one is broken, 2 where they could not be looked at.</summary>
    public async Task<int> Check()
    {
        if (Environment.GetEnvironmentVariable("HEED_CHECK") is not { Length: > 0 } checking)
        {
            Console.WriteLine("The invariants were not looked at: run ./heed check on it.");
            return 0;
        }
        if (!File.Exists(checking))
        {
            return 2;
        }
        var start = new System.Diagnostics.ProcessStartInfo("dotnet", [checking]);
        start.Environment["ConnectionStrings__Heed"] = Owner;
        using var check = System.Diagnostics.Process.Start(start)!;
        await check.WaitForExitAsync();
        return check.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (Postgres is not null)
        {
            await Postgres.DisposeAsync();
        }
    }
}
