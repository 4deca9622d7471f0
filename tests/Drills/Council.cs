using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Heed.Benchmarks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Heed.Drills;

/// <summary>Councils' own systems: one endpoint that does what it should, others that do not, and what collects from a mailbox. Each acts on a webhook's id once, and has it on its disk before it answers.</summary>
internal sealed class Council(Machine machine, Paper receipts, Paper arrivals) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Guid, byte> _seen = [];
    private readonly CancellationTokenSource _gone = new();
    private readonly TcpListener _resets = new(System.Net.IPAddress.Loopback, 0);
    private WebApplication _endpoint = null!;
    private Task _collecting = Task.CompletedTask;

    /// <summary>Milliseconds from when a notice was sent to when its webhook came to the good endpoint.</summary>
    public ConcurrentBag<double> Times { get; private set; } = [];

    public int Came => _seen.Count;

    public string Address => _endpoint.Urls.First();

    public string Expired => _endpoint.Urls.Last();

    public string Resets => $"http://{_resets.LocalEndpoint}";

    public void Forget() => Times = [];

    public async Task Open()
    {
        using var key = RSA.Create(2048);
        var now = DateTimeOffset.UtcNow;
        var expired = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddDays(-20), now.AddDays(-10));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.ListenLocalhost(Machine.FreePort());
            kestrel.ListenLocalhost(Machine.FreePort(), tls => tls.UseHttps(expired));
        });
        _endpoint = builder.Build();
        _endpoint.MapPost("/good", async (HttpContext http) =>
        {
            var at = DateTimeOffset.UtcNow;
            var told = (await JsonDocument.ParseAsync(http.Request.Body)).RootElement;
            var delivery = Guid.Parse(http.Request.Headers["webhook-id"].ToString());
            var first = _seen.TryAdd(delivery, 0);
            await arrivals.Write(new { delivery, item = told.GetProperty("data").GetProperty("item").GetGuid(), applied = first });
            if (first)
            {
                Times.Add((at - told.GetProperty("timestamp").GetDateTimeOffset()).TotalMilliseconds);
            }
        });
        _endpoint.MapPost("/slow", (HttpContext http) => Task.Delay(29_000, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        _endpoint.MapPost("/hangs", (HttpContext http) => Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        _endpoint.MapPost("/elsewhere", () => Results.Redirect("/good"));
        _endpoint.MapPost("/gone", () => Results.StatusCode(410));
        _endpoint.MapPost("/endless", async (HttpContext http) =>
        {
            http.Response.StatusCode = 500;
            for (var more = new byte[64 * 1024]; !http.RequestAborted.IsCancellationRequested;)
            {
                await http.Response.Body.WriteAsync(more, http.RequestAborted).AsTask().ContinueWith(_ => { }, TaskScheduler.Default);
            }
        });
        await _endpoint.StartAsync();
        _resets.Start();
        _ = Task.Run(async () =>
        {
            while (!_gone.IsCancellationRequested)
            {
                using var socket = await _resets.AcceptSocketAsync(_gone.Token);
                // Closed at once with what it has not read: a reset.
                socket.LingerState = new(true, 0);
            }
        });
    }

    public async Task<Guid> Listens(string agency, string url)
    {
        using var system = machine.SystemOf(agency);
        using var answer = await system.PostAsJsonAsync("/api/webhooks", new { url });
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    /// <summary>Claims and acknowledges from now on, at whichever address answers.</summary>
    public void Collects(string agency) => _collecting = Task.Run(async () =>
    {
        using var client = new HttpClient { DefaultRequestHeaders = { Authorization = new("Bearer", machine.Loaded.Keys[agency]) }, Timeout = TimeSpan.FromSeconds(40) };
        var addresses = machine.Addresses;
        for (var turn = 0; !_gone.IsCancellationRequested; turn++)
        {
            try
            {
                var at = addresses[turn % addresses.Count];
                using var answer = await client.PostAsJsonAsync($"{at}/api/mailbox/claims", new { most = 20, leaseSeconds = 10 });
                var claimed = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
                foreach (var item in claimed.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetGuid()))
                {
                    using var safe = await client.PostAsJsonAsync($"{at}/api/mailbox/items/{item}/acknowledgement", new { lease = claimed.GetProperty("lease").GetGuid() });
                    safe.EnsureSuccessStatusCode();
                    await receipts.Write(new { acknowledged = item });
                }
            }
            catch (Exception away) when (away is HttpRequestException or TaskCanceledException or IOException)
            {
                // What was not acknowledged is claimed again when its lease has run out.
            }
            await Task.Delay(200);
        }
    });

    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        await _collecting;
        _resets.Stop();
        await _endpoint.DisposeAsync();
        _gone.Dispose();
    }
}
