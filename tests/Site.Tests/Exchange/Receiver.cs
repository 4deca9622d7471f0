using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
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

    public static async Task<Receiver> Start(Func<HttpContext, Task>? answer = null)
    {
        var receiver = new Receiver();
        if (answer is not null)
        {
            receiver.Answer = answer;
        }
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
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
        using var node = Node("standard-webhook.mjs");
        await node.StandardInput.WriteAsync(JsonSerializer.Serialize(new { secret, headers = got.Headers, body = got.Body }));
        node.StandardInput.Close();
        return bool.Parse(await node.StandardOutput.ReadToEndAsync());
    }

    public static Process Node(string script) => Process.Start(new ProcessStartInfo("node", [Path.Combine(SliceTests.Root, "tests/Site.Tests/Exchange", script)])
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
