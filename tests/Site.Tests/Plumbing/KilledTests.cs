using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Heed.Plumbing;
using Npgsql;

namespace Heed.Site.Tests.Plumbing;

/// <summary>The real program, killed without warning while reports come in. Whatever it acknowledged is there, once, and what was owed for it is done.</summary>
public sealed class KilledTests : IAsyncDisposable
{
    private readonly string _folder = Path.Combine("/var/tmp", $"heed-killed-{Environment.ProcessId}");
    private readonly int _port = FreePort();
    private Process? _program;

    /// <summary>How often; a whole afternoon of it by HEED_KILLS=50.</summary>
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("HEED_KILLS") ?? "2", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Killed_again_and_again_and_its_database_once_it_loses_nothing_that_it_acknowledged_and_does_nothing_twice()
    {
        await Start();
        var key = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "demo.json"), TestContext.Current.CancellationToken)).RootElement.GetProperty("agencies").EnumerateArray().First(a => a.GetProperty("kind").GetString() == "police").GetProperty("apiKey").GetString()!;
        using var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{_port}"), Timeout = TimeSpan.FromSeconds(5), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };
        var acknowledged = new ConcurrentDictionary<string, Guid>();
        using var enough = new CancellationTokenSource();
        var senders = Enumerable.Range(0, 4).Select(s => Task.Run(async () =>
        {
            for (var i = 0; !enough.IsCancellationRequested; i++)
            {
                var reference = $"KILL/{s}/{i}";
                // Until it is acknowledged, and as often as that takes.
                while (!acknowledged.ContainsKey(reference))
                {
                    try
                    {
                        using var answer = await client.PostAsync("/api/reports", new StringContent(TestSite.Report(reference, r => { r["occurredAt"] = "2026-01-05T10:00:00Z"; r["knownAt"] = "2026-01-05T10:00:00Z"; }), Encoding.UTF8, "application/json"));
                        Assert.True(answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, $"{answer.StatusCode}");
                        if (answer.IsSuccessStatusCode)
                        {
                            acknowledged[reference] = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetGuid();
                        }
                    }
                    catch (Exception away) when (away is HttpRequestException or TaskCanceledException or IOException)
                    {
                        await Task.Delay(100);
                    }
                }
            }
        })).ToArray();
        var dice = new Random(Kills);
        for (var kill = 0; kill < Kills; kill++)
        {
            // At any moment of its work, however quick the machine is today.
            for (var enoughNow = acknowledged.Count + dice.Next(12); acknowledged.Count < enoughNow;)
            {
                await Task.Delay(dice.Next(20), TestContext.Current.CancellationToken);
            }
            _program!.Kill();
            await _program.WaitForExitAsync(TestContext.Current.CancellationToken);
            await Start();
        }
        // Now its PostgreSQL: the postmaster is killed, and the program that minds it starts it again.
        await Task.Delay(700, TestContext.Current.CancellationToken);
        await using (var postgres = NpgsqlDataSource.Create(Connection))
        {
            var pid = int.Parse(((string)(await postgres.CreateCommand("select pg_read_file('postmaster.pid')").ExecuteScalarAsync(TestContext.Current.CancellationToken))!).Split('\n')[0]);
            Process.GetProcessById(pid).Kill();
        }
        var count = acknowledged.Count;
        for (var waited = 0; acknowledged.Count < count + 8 && waited < 600; waited++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        Assert.True(acknowledged.Count >= count + 8, "It takes no reports after its database came back");
        await enough.CancelAsync();
        await Task.WhenAll(senders);

        await using var source = NpgsqlDataSource.Create(Connection.Replace("heed_super", "heed_owner").Replace("Database=postgres", "Database=heed"));
        async Task<long> Count(string sql)
        {
            await using var command = source.CreateCommand(sql);
            return (long)(await command.ExecuteScalarAsync())!;
        }
        for (var waited = 0; waited < 900 && await Count("select count(*) from job j join report r on r.id = j.subject_id where r.reference like 'KILL/%' and j.state <> 'done'") > 0; waited++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"{Kills} kills and one of the database: {acknowledged.Count} acknowledged, {acknowledged.Count - await Count("select count(distinct reference) from report where reference like 'KILL/%'")} lost, {await Count("select count(*) - count(distinct reference) from report where reference like 'KILL/%'")} twice");
        Assert.Equal(acknowledged.Count, await Count("select count(*) from report where reference like 'KILL/%'"));
        Assert.Equal(acknowledged.Count, await Count("select count(distinct reference) from report where reference like 'KILL/%'"));
        await using (var ids = source.CreateCommand("select reference, id from report where reference like 'KILL/%'"))
        await using (var row = await ids.ExecuteReaderAsync(TestContext.Current.CancellationToken))
        {
            while (await row.ReadAsync(TestContext.Current.CancellationToken))
            {
                Assert.Equal(acknowledged[row.GetString(0)], row.GetGuid(1));
            }
        }
        Assert.Equal(0, await Count("select count(*) from report r where reference like 'KILL/%' and 1 <> (select count(*) from notice n join agency a on a.id = n.to_agency where n.report_id = r.id and a.kind = 'council')"));
        Assert.Equal(0, await Count("select count(*) from report r where reference like 'KILL/%' and 1 <> (select count(*) from job j where j.subject_id = r.id and j.state = 'done')"));
        Assert.Equal(0, await Count("select count(*) from mention m join report r on r.id = m.report_id where r.reference like 'KILL/%' and 1 <> (select count(*) from link l where l.source_record_id = m.source_record_id)"));
    }

    private string Connection { get; set; } = "";

    private async Task Start()
    {
        var said = Path.Combine(_folder, "demo.json");
        Directory.CreateDirectory(_folder);
        var site = Path.Combine(AppContext.BaseDirectory, "Heed.Site.dll");
        _program = Process.Start(new ProcessStartInfo("dotnet", [site, "serve", "--port", $"{_port}", "--data", _folder, "--no-week"]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = AppContext.BaseDirectory })!;
        _program.OutputDataReceived += (_, _) => { };
        _program.ErrorDataReceived += (_, _) => { };
        _program.BeginOutputReadLine();
        _program.BeginErrorReadLine();
        using var knock = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        for (var waited = 0; waited < 600; waited++)
        {
            Assert.False(_program.HasExited, "The program did not start");
            try
            {
                if ((await knock.GetAsync($"http://127.0.0.1:{_port}/api/reports", TestContext.Current.CancellationToken)).StatusCode == HttpStatusCode.Unauthorized && File.Exists(said))
                {
                    Connection = Connection is "" ? (await PrivatePostgres.Start(_folder)).Superuser : Connection;
                    return;
                }
            }
            catch (Exception away) when (away is HttpRequestException or TaskCanceledException)
            {
                // Not yet.
            }
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
        Assert.Fail("The program did not answer");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (_program is { HasExited: false })
        {
            _program.Kill();
            await _program.WaitForExitAsync();
        }
        if (Directory.Exists(_folder))
        {
            await (await PrivatePostgres.Start(_folder)).DisposeAsync();
            Directory.Delete(_folder, recursive: true);
        }
    }
}
