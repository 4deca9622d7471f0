using Heed.Plumbing;

namespace Heed.Site.Exchange;

/// <summary>The way to an agency's endpoint, of which Heed reads the status and nothing more.</summary>
public sealed class Outside(ExchangeSettings settings) : IDisposable
{
    public const int MostOfAnAnswer = 4 * 1024;

    private readonly HttpClient _client = new(Reach(settings)) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>The status of the answer; its body is nobody's business.</summary>
    public async Task<int> Post(string url, byte[] body, IEnumerable<(string Name, string Value)> headers, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(TimeSpan.FromSeconds(settings.TimeoutSeconds));
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } } };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        return (int)answer.StatusCode;
    }

    private static SocketsHttpHandler Reach(ExchangeSettings settings)
    {
        var handler = Outward.Handler(() => settings.AllowPrivateAddresses);
        handler.MaxResponseDrainSize = MostOfAnAnswer;
        return handler;
    }

    public void Dispose() => _client.Dispose();
}
