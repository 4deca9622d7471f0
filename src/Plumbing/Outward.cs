using System.Net;
using System.Net.Sockets;

namespace Heed.Plumbing;

/// <summary>
/// The way out of this program. Whoever may name a URL could otherwise make Heed call what only Heed can reach: so the address is judged when it is connected to,
/// after its name was resolved, and no proxy, redirect or cookie stands between.
/// </summary>
public static class Outward
{
    /// <param name="privateToo">Whether loopback and private addresses may be called, at the moment of the call.</param>
    public static SocketsHttpHandler Handler(Func<bool> privateToo) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        MaxResponseHeadersLength = 16,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        ConnectCallback = async (context, stop) => await Connect(context.DnsEndPoint, privateToo(), stop),
    };

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
}

/// <summary>The name resolves to no address that Heed may call.</summary>
public sealed class AddressRefused() : Exception("The endpoint's address is private, loopback or link-local");
