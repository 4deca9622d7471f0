using System.Net;
using System.Net.Sockets;

namespace Heed.Site.Exchange;

/// <summary>
/// The way to an agency's endpoint. Whoever may name a URL could otherwise make Heed call what only Heed can reach: so the address is judged when it is connected to,
/// after its name was resolved, and no proxy, redirect or cookie stands between.
/// </summary>
public sealed class Outside(ExchangeSettings settings) : IDisposable
{
    public const int MostOfAnAnswer = 4 * 1024;

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        MaxResponseHeadersLength = 16,
        MaxResponseDrainSize = MostOfAnAnswer,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        ConnectCallback = async (context, stop) => await Connect(context.DnsEndPoint, settings.AllowPrivateAddresses, stop),
    })
    { Timeout = Timeout.InfiniteTimeSpan };

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

    private static async ValueTask<Stream> Connect(DnsEndPoint to, bool privateToo, CancellationToken stop)
    {
        var found = await Dns.GetHostAddressesAsync(to.Host, stop);
        var allowed = found.Where(a => privateToo || IsPublic(a)).ToArray();
        if (allowed.Length == 0)
        {
            throw new AddressRefused();
        }
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // To the very addresses that were judged: a name may resolve to others a moment later.
            await socket.ConnectAsync(allowed, to.Port, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static readonly IPNetwork[] NotPublic = [.. new[]
    {
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        // Only 2000::/3 is given out; of that, what tunnels to an IPv4 address is refused too.
        "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
    }.Select(n => IPNetwork.Parse(n))];

    private static readonly IPNetwork GivenOut = IPNetwork.Parse("2000::/3");

    public static bool IsPublic(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return (plain.AddressFamily == AddressFamily.InterNetwork || GivenOut.Contains(plain)) && !NotPublic.Any(n => n.Contains(plain));
    }

    public void Dispose() => _client.Dispose();
}

/// <summary>The name resolves to no address that Heed may call.</summary>
public sealed class AddressRefused() : Exception("The endpoint's address is private, loopback or link-local");
