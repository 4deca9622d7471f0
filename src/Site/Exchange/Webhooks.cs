using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Heed.Plumbing;
using Heed.Site.Access;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NodaTime.Text;

namespace Heed.Site.Exchange;

/// <summary>
/// Tells agencies' endpoints that something waits, in the Standard Webhooks form: numbers only. One at a time to each endpoint and all endpoints at once, so that one that hangs holds up nobody else.
/// No transaction is open while an answer is waited for.
/// </summary>
public sealed class Webhooks(Works works, Outside outside, Bodies bodies, Secrets secrets, ILogger<Webhooks> log) : Standing
{
    /// <summary>Standard Webhooks' own: ten tries over three days. After the last it is a person's task.</summary>
    private static readonly Duration[] Waits = [Duration.FromSeconds(5), Duration.FromMinutes(5), Duration.FromMinutes(30), Duration.FromHours(2), Duration.FromHours(5), Duration.FromHours(10), Duration.FromHours(14), Duration.FromHours(20), Duration.FromHours(24)];

    /// <summary>Who is busy with which endpoint. Lazy: one that began before it stood here could end before, and then stand here for ever.</summary>
    private readonly ConcurrentDictionary<Guid, Lazy<Task<int>>> _busy = [];

    protected override Task Run(CancellationToken stop) => Rounds(1, "Looking for webhooks that are due", Start, log, stop);

    /// <summary>All that is due now, to its end. Answers how many were tried.</summary>
    public async Task<int> Round(CancellationToken stop = default) => (await Task.WhenAll(await Start(stop))).Sum();

    /// <summary>Sees to it that somebody here is busy with each endpoint that has something due.</summary>
    private async Task<IReadOnlyList<Task<int>>> Start(CancellationToken stop)
    {
        var due = await works.AsWorker("Finding webhooks that are due", work => work.Ask<Guid>($"""
            select e.id as "Value" from webhook_endpoint e where e.state = 'active'
               and exists (select 1 from webhook_delivery d where d.endpoint_id = e.id and d.state = 'ready' and d.next_at <= {work.Now} and (d.leased_until is null or d.leased_until < {work.Now}))
            """).ToListAsync(stop), stop);
        return [.. due.Select(endpoint => _busy.GetOrAdd(endpoint, e => new(() => Task.Run(() => Drain(e, stop), CancellationToken.None))).Value)];
    }

    private async Task<int> Drain(Guid endpoint, CancellationToken stop)
    {
        try
        {
            var tried = 0;
            while (await Claim(endpoint, stop) is { } one)
            {
                await Note(one, await Try(one, stop), stop);
                tried++;
            }
            return tried;
        }
        catch (Exception failed) when (!stop.IsCancellationRequested)
        {
            log.LogWarning("Webhooks of endpoint {Endpoint} were broken off ({Fault}); their leases run out", endpoint, failed.GetType().Name);
            return 0;
        }
        finally
        {
            _busy.TryRemove(endpoint, out _);
        }
    }

    private sealed record Due(Guid Id, Guid ItemId, int Attempts, Guid EndpointId, Instant At);

    private Task<Due?> Claim(Guid endpoint, CancellationToken stop) => works.AsWorker("Telling an agency's system that something waits", async work =>
    {
        var due = await work.Ask<Due>($"""
            update webhook_delivery d set leased_until = {work.Now + Duration.FromMinutes(1)}, attempts = attempts + 1 from webhook_endpoint e
             where e.id = d.endpoint_id and e.state = 'active' and d.id = (
                select x.id from webhook_delivery x where x.endpoint_id = {endpoint} and x.state = 'ready' and x.next_at <= {work.Now} and (x.leased_until is null or x.leased_until < {work.Now}) order by x.next_at limit 1 for update skip locked)
            returning d.id, d.item_id, d.attempts, d.endpoint_id, {work.Now} as at
            """).ToListAsync(stop);
        return due.SingleOrDefault();
    }, stop);

    /// <param name="ReportId">Null for an emergency.</param>
    private sealed record Told(string Url, string Kind, Guid SubjectId, Guid? ReportId, Instant Since, byte[][] Secrets);

    /// <summary>After the claim, in a transaction of its own: an item that cannot be read is a try that failed, and not one that comes next for ever.</summary>
    private Task<Told> Tell(Due due, CancellationToken stop) => works.AsWorker("Telling an agency's system that something waits", work => work.Ask<Told>($"""
        select e.url, i.kind, i.subject_id, i.report_id, i.since, array(select s.secret from webhook_secret s where s.endpoint_id = e.id and (s.until is null or s.until > {work.Now}) order by s.made_at desc) as secrets
          from webhook_endpoint e, mailbox_item i where e.id = {due.EndpointId} and i.id = {due.ItemId}
        """).SingleAsync(stop), stop);

    private sealed record Outcome(int? Status, string? Fault);

    private async Task<Outcome> Try(Due due, CancellationToken stop)
    {
        try
        {
            var told = await Tell(due, stop);
            var body = Body(due, told);
            var status = await outside.Post(told.Url, body, Headers(due, told, body), stop);
            return new(status, status is >= 200 and < 300 ? null : $"answered {status}");
        }
        catch (Exception failed) when (!stop.IsCancellationRequested)
        {
            // The kind only: an answer's text is the endpoint's to choose.
            var inner = failed.InnerException ?? failed;
            return new(null, inner is AddressRefused ? "address refused" : failed is OperationCanceledException ? "no answer in time" : inner.GetType().Name);
        }
    }

    private static byte[] Body(Due due, Told told) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        type = $"mailbox.{told.Kind}",
        timestamp = InstantPattern.ExtendedIso.Format(told.Since),
        data = new { item = due.ItemId, kind = told.Kind, subject = told.SubjectId, report = told.ReportId },
    });

    /// <summary>Standard Webhooks 1.0.0: HMAC-SHA256 over id, time and body, once for each secret in force.</summary>
    private (string, string)[] Headers(Due due, Told told, byte[] body)
    {
        var seconds = due.At.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes($"{due.Id}.{seconds}."), .. body];
        return [("webhook-id", due.Id.ToString()), ("webhook-timestamp", seconds), ("webhook-signature", string.Join(' ', told.Secrets.Select(s => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(secrets.Webhooks.Unprotect(s), signed))}")))];
    }

    private Task<int> Note(Due due, Outcome what, CancellationToken stop) => works.AsWorker("Noting how a webhook went", async work =>
    {
        var gone = what.Status == 410;
        var state = what.Fault is null ? "delivered" : gone || due.Attempts > Waits.Length ? "failed" : "ready";
        // Spread, so that what failed together does not come back together.
        var next = state == "ready" ? work.Now + (Waits[due.Attempts - 1] * (1 + (Random.Shared.NextDouble() / 5))) : work.Now;
        if (await work.Do($"""
            update webhook_delivery set state = {state}, next_at = {next}, leased_until = null, last_at = {work.Now}, last_status = {what.Status}, fault = {what.Fault} where id = {due.Id} and attempts = {due.Attempts} and state = 'ready'
            """, stop) == 0)
        {
            // Acknowledged, or claimed by another, while this one waited for an answer.
            return 0;
        }
        if (gone)
        {
            await work.Do($"update webhook_endpoint set state = 'disabled', disabled_at = {work.Now}, disabled_because = 'it answered 410 Gone' where id = {due.EndpointId} and state = 'active'", stop);
            await work.Do($"update webhook_delivery set state = 'failed', fault = 'endpoint disabled' where endpoint_id = {due.EndpointId} and state = 'ready'", stop);
        }
        if (state == "failed")
        {
            await Undelivered.Open([due.ItemId], gone ? "gone" : "webhook", work, bodies);
        }
        return 1;
    }, stop);
}
