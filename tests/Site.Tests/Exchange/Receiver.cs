using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Heed.Site.Exchange;
using Heed.Site.Tests.Architecture;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Heed.Site.Tests.Exchange;

/// <summary>An agency's endpoint, as a server of its own that answers as the test says.</summary>
public sealed class Receiver : IAsyncDisposable
{
    private WebApplication _app = null!;

    public sealed record Got(IReadOnlyDictionary<string, string> Headers, string Body);

    public ConcurrentQueue<Got> All { get; } = [];

    public Func<HttpContext, Task> Answer { get; set; } = _ => Task.CompletedTask;

    public string Url { get; private set; } = "";

    /// <param name="certificate">Https with this certificate; without one, http.</param>
    /// <summary>One that answers this, whatever comes.</summary>
    public static Task<Receiver> Answering(int status) => Start(http =>
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    });

    public static async Task<Receiver> Start(Func<HttpContext, Task>? answer = null, X509Certificate2? certificate = null)
    {
        var receiver = new Receiver();
        if (answer is not null)
        {
            receiver.Answer = answer;
        }
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        receiver._app = builder.Build();
        receiver._app.Run(async http =>
        {
            using var body = new StreamReader(http.Request.Body);
            receiver.All.Enqueue(new(http.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString()), await body.ReadToEndAsync()));
            await receiver.Answer(http);
        });
        await receiver._app.StartAsync();
        receiver.Url = receiver._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/hook";
        return receiver;
    }

    /// <summary>What the reference library says of it.</summary>
    public static async Task<bool> Genuine(string secret, Got got)
    {
        using var node = Node("Exchange/standard-webhook.mjs");
        await node.StandardInput.WriteAsync(JsonSerializer.Serialize(new { secret, headers = got.Headers, body = got.Body }));
        node.StandardInput.Close();
        return bool.Parse(await node.StandardOutput.ReadToEndAsync());
    }

    public static Process Node(string script, params string[] told) => Process.Start(new ProcessStartInfo("node", [Path.Combine(SliceTests.Root, "tests/Site.Tests", script), .. told])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        WorkingDirectory = SliceTests.Root,
    })!;

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

/// <summary>A real SMTP server, by which the site sends until this is disposed of.</summary>
public sealed class SmtpServer : IAsyncDisposable
{
    private readonly ExchangeSettings _settings;
    private readonly Process _node = Receiver.Node("Exchange/smtp.mjs");

    private SmtpServer(ExchangeSettings settings) => _settings = settings;

    public static async Task<SmtpServer> Start(TestSite site)
    {
        var server = new SmtpServer(site.Services.GetRequiredService<ExchangeSettings>());
        var port = int.Parse((await server._node.StandardOutput.ReadLineAsync())!);
        (server._settings.Smtp, server._settings.Address) = (new() { Host = "127.0.0.1", Port = port, From = "heed@example.org", Encrypted = false }, "https://heed.example.org/");
        return server;
    }

    /// <summary>The next message that came, headers first.</summary>
    public async Task<(string To, string Text)> Next()
    {
        var sent = JsonDocument.Parse((await _node.StandardOutput.ReadLineAsync())!).RootElement;
        return (sent.GetProperty("to")[0].GetString()!, sent.GetProperty("text").GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        _settings.Smtp = null;
        _node.StandardInput.Close();
        await _node.WaitForExitAsync();
        _node.Dispose();
    }
}
