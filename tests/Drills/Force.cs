using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Heed.Benchmarks;

namespace Heed.Drills;

/// <summary>A force's own system: it sends each report until that is acknowledged, at the next address where one does not answer, and has every receipt on its disk before it goes on.</summary>
internal sealed class Force(Machine machine, Paper paper) : IDisposable
{
    private const string Agency = "tees-valley-police";
    private readonly IReadOnlyList<string> _addresses = machine.Addresses;
    private readonly HttpClient _client = new(new SocketsHttpHandler()) { Timeout = TimeSpan.FromSeconds(40), DefaultRequestHeaders = { Authorization = new("Bearer", machine.Loaded.Keys[Agency]) } };
    private readonly ConcurrentBag<long> _answered = [];
    private int _again, _away, _turn;

    /// <summary>Milliseconds from the moment it was due to be sent to its receipt, however often that took.</summary>
    public ConcurrentBag<double> Times { get; } = [];

    /// <summary>Milliseconds of each answer that said: not now.</summary>
    public ConcurrentBag<double> AskedAgain { get; } = [];

    /// <summary>Answers that are neither a receipt nor "ask again": none is expected but where a drill says so.</summary>
    public ConcurrentBag<string> Unexpected { get; } = [];

    public int Acknowledged => Times.Count;

    public sealed record Receipt(Guid Id, HttpStatusCode Status, IReadOnlyList<(Guid Id, string To)> Notices);

    /// <summary>Once, at one address. Null where it was not acknowledged.</summary>
    public async Task<Receipt?> Try(string json, string address)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            using var answer = await _client.PostAsync($"{address}/api/reports", new StringContent(json, Encoding.UTF8, "application/json"));
            var text = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.OK)
            {
                var said = JsonDocument.Parse(text).RootElement;
                var notices = said.GetProperty("notices").EnumerateArray().Select(n => (n.GetProperty("id").GetGuid(), n.GetProperty("to").GetString()!)).ToList();
                var id = said.GetProperty("id").GetGuid();
                await paper.Write(new { id, agency = Agency, reference = said.GetProperty("reference").GetString(), version = said.GetProperty("version").GetInt32(), hash = said.GetProperty("hash").GetString(), notices = notices.Select(n => n.Item1) });
                _answered.Add(Stopwatch.GetTimestamp());
                return new(id, answer.StatusCode, notices);
            }
            if (answer.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests && answer.Headers.RetryAfter is not null)
            {
                Interlocked.Increment(ref _again);
                AskedAgain.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
            else
            {
                Unexpected.Add($"{(int)answer.StatusCode}{(answer.StatusCode == HttpStatusCode.ServiceUnavailable ? " without Retry-After" : "")}");
            }
        }
        catch (Exception away) when (away is HttpRequestException or TaskCanceledException or IOException)
        {
            Interlocked.Increment(ref _away);
        }
        return null;
    }

    /// <summary>Until it is acknowledged.</summary>
    /// <param name="due">When it was to be sent: what waits for a free sender has waited too.</param>
    public async Task<Receipt> Send(string json, long? due = null)
    {
        var began = due ?? Stopwatch.GetTimestamp();
        for (var turn = Interlocked.Increment(ref _turn); ; turn++)
        {
            if (await Try(json, _addresses[turn % _addresses.Count]) is { } receipt)
            {
                Times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                return receipt;
            }
            // Not the two seconds of Retry-After: a gap is to be seen as it is.
            await Task.Delay(100);
        }
    }

    /// <summary>So many a second, whether or not those before have been answered, until they are at an end or it is told to stop; what was begun is finished.</summary>
    public async Task Flood(IEnumerable<string> reports, double perSecond, int senders, CancellationToken stop = default)
    {
        var (began, next) = (Stopwatch.GetTimestamp(), 0L);
        using var each = reports.GetEnumerator();
        await Task.WhenAll(Enumerable.Range(0, senders).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                string json;
                long due;
                lock (each)
                {
                    if (!each.MoveNext())
                    {
                        return;
                    }
                    (json, due) = (each.Current, began + (long)(next++ / perSecond * Stopwatch.Frequency));
                }
                if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is { Ticks: > 0 } early)
                {
                    await Task.Delay(early);
                }
                await Send(json, due);
            }
        })));
    }

    /// <summary>Seconds between two acknowledgements, at most.</summary>
    public double LongestGap => _answered.Order().ToArray() is { Length: > 1 } at ? at.Zip(at[1..], (a, b) => Stopwatch.GetElapsedTime(a, b).TotalSeconds).Max() : 0;

    public string Seen => FormattableString.Invariant($"acknowledged {Acknowledged:N0} (p50 {Table.Quantile(Times, 0.5):N0} ms, p99 {Table.Quantile(Times, 0.99):N0} ms, longest gap {LongestGap:0.00} s); asked to come again {_again:N0} times, not answered {_away:N0} times, answered otherwise {Unexpected.Count:N0} times{(Unexpected.IsEmpty ? "" : $" ({string.Join(", ", Unexpected.Distinct().Take(5))})")}");

    public void Dispose() => _client.Dispose();
}
