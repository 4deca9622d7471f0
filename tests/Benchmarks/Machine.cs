using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Heed.Plumbing;
using Heed.Seed;
using Heed.Site.Access;
using Heed.Site.Clocks;
using Heed.Site.Demo;
using Heed.Site.People;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Npgsql;

namespace Heed.Benchmarks;

/// <summary>A durable PostgreSQL of its own, the site in a process of its own, and the partnership's bodies. Nothing of it is left afterwards.</summary>
internal sealed partial class Machine : IAsyncDisposable
{
    private const string Database = "heed_bench";
    private readonly List<(Process Process, string Address)> _sites = [];
    private WebApplication _quiet = null!;

    public string Folder { get; private init; } = Path.Combine("/var/tmp", $"heed-bench-{Environment.ProcessId}");

    public PrivatePostgres Postgres { get; private set; } = null!;

    public Databases Databases { get; private set; } = null!;

    public Ground Loaded { get; private set; } = null!;

    public Partnership Partnership { get; private set; } = null!;

    public Instant Began { get; private set; }

    public string Address => _sites[0].Address;

    public IReadOnlyList<string> Addresses => [.. _sites.Select(s => s.Address)];

    public NpgsqlDataSource Super { get; private set; } = null!;

    public Works Works => _quiet.Services.GetRequiredService<Works>();

    /// <param name="folder">Where all of it lies, where that matters: a small disk of its own.</param>
    public static async Task<Machine> Start(string? folder = null)
    {
        var machine = folder is null ? new Machine() : new() { Folder = folder };
        Directory.CreateDirectory(machine.Folder);
        machine.Postgres = await PrivatePostgres.Start(machine.Folder);
        await Schema.Prepare(machine.Postgres.Superuser, Database);
        machine.Databases = new(machine.Postgres.Owner(Database), global::Site.Tables);
        await Schema.Migrate(machine.Databases.Owner, typeof(global::Site).Assembly);
        var super = new NpgsqlDataSourceBuilder(machine.Postgres.Superuser.Replace("Database=postgres", $"Database={Database}") + ";Command Timeout=0");
        super.UseNodaTime();
        machine.Super = super.Build();
        machine._quiet = global::Site.Build(machine.Databases, "http://127.0.0.1:0", demo: true, background: false, logs: "Critical");
        machine.Began = await machine.Row<Instant>("select now()");
        machine.Partnership = Generator.Make(machine.Began);
        machine.Loaded = new(machine.Databases, machine.Began);
        await LoadBodies.Put(machine.Partnership, machine.Loaded);
        await machine.AddSite();
        return machine;
    }

    /// <summary>In the child process: the site as it is served, jobs and sweeps included.</summary>
    public static async Task<int> Serve(string owner, string address)
    {
        await using var databases = new Databases(owner, global::Site.Tables);
        await using var app = global::Site.Build(databases, address, demo: true);
        await app.StartAsync();
        Console.WriteLine("ready");
        await Console.In.ReadToEndAsync(); // until whoever started it goes
        await app.StopAsync();
        return 0;
    }

    /// <param name="address">Where one was that has gone.</param>
    public async Task AddSite(string? address = null, params (string Name, string Value)[] environment)
    {
        address ??= $"http://127.0.0.1:{FreePort()}";
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in new[] { "--site", Postgres.Owner(Database), address })
        {
            start.ArgumentList.Add(argument);
        }
        // As the site's own settings have it; this program's are for the library.
        start.Environment["DOTNET_gcServer"] = "1";
        // A benchmark's webhooks go to this machine.
        start.Environment["Exchange__AllowPrivateAddresses"] = "true";
        start.Environment["Operation__DataFolder"] = Folder;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }
        var site = Process.Start(start)!;
        _sites.Add((site, address));
        while (await site.StandardOutput.ReadLineAsync() is { } line && line != "ready")
        {
            Console.WriteLine(line);
        }
        _ = site.StandardOutput.ReadToEndAsync();
    }

    /// <summary>Its sites stand still, whatever they are doing, until <see cref="Go"/>: so that they take nothing from what is measured beside them.</summary>
    public void Pause() => Signal("STOP");

    public void Go() => Signal("CONT");

    private void Signal(string signal) => _sites.ForEach(s => Process.Start("kill", [$"-{signal}", $"{s.Process.Id}"]).WaitForExit());

    public void StopSite(int which)
    {
        _sites[which].Process.StandardInput.Close();
        _sites[which].Process.WaitForExit(10_000);
        _sites.RemoveAt(which);
    }

    /// <summary>kill -9, at whatever it is doing. Answers where it was.</summary>
    public async Task<string> KillSite(int which)
    {
        var (process, address) = _sites[which];
        _sites.RemoveAt(which);
        process.Kill();
        await process.WaitForExitAsync();
        return address;
    }

    public static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    public HttpClient Police() => SystemOf("tees-valley-police");

    /// <summary>An agency's system, by the key of the seed.</summary>
    public HttpClient SystemOf(string agency) => new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromHours(1) }) { BaseAddress = new(Address), DefaultRequestHeaders = { Authorization = new("Bearer", Loaded.Keys[agency]) } };

    public async Task<HttpClient> SignedIn(string practitioner)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = true }) { BaseAddress = new(Address), Timeout = Timeout.InfiniteTimeSpan };
        var token = Token().Match(await client.GetStringAsync("/sign-in")).Groups["token"].Value;
        var answer = await client.PostAsync("/sign-in", new FormUrlEncodedContent([new("Practitioner", Loaded.Practitioners[practitioner].ToString()), new("__RequestVerificationToken", token)]));
        return (int)answer.StatusCode is 302 or 303 ? client : throw new InvalidOperationException($"Signing in answered {answer.StatusCode}");
    }

    /// <summary>Reports of the partnership's households, each one different, none older than a week.</summary>
    public IEnumerable<string> Reports(int howMany, int seed) =>
        Generator.Stream(Partnership, howMany, Began - Duration.FromDays(6), seed, Duration.FromSeconds(5)).Select(s => Reference().Replace(s.Json, $"\"reference\":\"B{seed}/$1\"", 1));

    public static async Task<(Guid Report, Guid? Notice)> Send(HttpClient client, string json, string? to = null)
    {
        using var answer = await client.PostAsync("/api/reports", new StringContent(json, Encoding.UTF8, "application/json"));
        var text = await answer.Content.ReadAsStringAsync();
        if ((int)answer.StatusCode != 201)
        {
            throw new InvalidOperationException($"A report was answered {answer.StatusCode}: {text}");
        }
        if (to is null)
        {
            return default;
        }
        var receipt = JsonDocument.Parse(text).RootElement;
        var notice = receipt.GetProperty("notices").EnumerateArray().FirstOrDefault(n => n.GetProperty("to").GetString() == to && (!n.TryGetProperty("notSharedBecause", out var no) || no.ValueKind == JsonValueKind.Null));
        return (receipt.GetProperty("id").GetGuid(), notice.ValueKind == JsonValueKind.Undefined ? null : notice.GetProperty("id").GetGuid());
    }

    public async Task<T> Row<T>(string sql)
    {
        await using var command = Super.CreateCommand(sql);
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return row.GetFieldValue<T>(0);
    }

    public async Task Do(string sql)
    {
        await using var command = Super.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The same in the program's name: what is logged wants one.</summary>
    public Task Administer(string sql) => Do($"begin; select enter('00000000-0000-7000-8000-000000000001', 'A benchmark'); {sql}; commit");

    /// <summary>Processor seconds so far: PostgreSQL with all its backends, the sites, this generator.</summary>
    public async Task<(double Postgres, double Site, double Generator)> Cpu()
    {
        var postmaster = int.Parse(File.ReadLines(Path.Combine(await Row<string>("show data_directory"), "postmaster.pid")).First());
        double Ticks(int pid, bool andGone)
        {
            try
            {
                var fields = File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1].Split(' ');
                return (double.Parse(fields[11]) + double.Parse(fields[12]) + (andGone ? double.Parse(fields[13]) + double.Parse(fields[14]) : 0)) / 100;
            }
            catch (IOException)
            {
                return 0;
            }
        }
        var backends = Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(n => int.TryParse(n, out _)).Select(n => int.Parse(n!)).Where(pid =>
        {
            try
            {
                return File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1].Split(' ')[1] == $"{postmaster}";
            }
            catch (IOException)
            {
                return false;
            }
        }).ToList();
        return (Ticks(postmaster, true) + backends.Sum(b => Ticks(b, false)), _sites.Sum(s => s.Process.TotalProcessorTime.TotalSeconds), Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds);
    }

    public static string Shares((double Postgres, double Site, double Generator) before, (double Postgres, double Site, double Generator) after, double seconds) =>
        FormattableString.Invariant($"cores used: PostgreSQL {(after.Postgres - before.Postgres) / seconds:0.00}, site {(after.Site - before.Site) / seconds:0.00}, generator {(after.Generator - before.Generator) / seconds:0.00}");

    public async ValueTask DisposeAsync()
    {
        while (_sites.Count > 0)
        {
            StopSite(0);
        }
        await _quiet.DisposeAsync();
        await Super.DisposeAsync();
        await Databases.DisposeAsync();
        await Postgres.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    [GeneratedRegex("__RequestVerificationToken\"[^>]*value=\"(?<token>[^\"]+)\"")]
    private static partial Regex Token();

    [GeneratedRegex("\"reference\": ?\"([^\"]+)\"")]
    private static partial Regex Reference();
}
