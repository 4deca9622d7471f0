using System.Security.Cryptography;
using Heed.Plumbing;
using Heed.Site.Access;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Exchange;

/// <summary>Where an agency's system wants to hear that something waits: made, its secret replaced, and disabled, by the agency itself.</summary>
public static class Endpoints
{
    private const int MostOfAnAgency = 10;

    /// <param name="Secret">Shown this once.</param>
    public sealed record Made(Guid Id, string Secret);

    /// <param name="State">active or disabled.</param>
    /// <param name="Fault">Of the newest attempt, where it failed: "answered 500", "no answer in time", "address refused" or the kind of fault.</param>
    /// <param name="Waiting">How many are still to be sent.</param>
    /// <param name="Secrets">How many sign: two in the day after one was replaced.</param>
    /// <param name="LastStatus">Of the newest attempt that was answered.</param>
    /// <param name="Url">Where a webhook is sent.</param>
    /// <param name="MadeAt">When it was added.</param>
    /// <param name="DisabledBecause">Why nothing is sent there any more.</param>
    /// <param name="LastAt">When it was last tried.</param>
    public sealed record Line(Guid Id, string Url, string State, Instant MadeAt, string? DisabledBecause, Instant? LastAt, int? LastStatus, string? Fault, int Waiting, int Secrets);

    public static async Task<(Made?, Refusal?)> Make(string? url, Work work, ExchangeSettings settings, Secrets secrets)
    {
        if (url is not { Length: <= 2000 } || !Uri.TryCreate(url, UriKind.Absolute, out var where) || !(where.Scheme == "https" || (settings.AllowPrivateAddresses && where.Scheme == "http")) || where.UserInfo != "" || where.Fragment != "")
        {
            return (null, work.Refuse("url", "A webhook goes to an https address of at most 2,000 characters, without a user, a password or a fragment in it"));
        }
        if (await work.One<int>($"select count(*)::int from webhook_endpoint where state = 'active'") >= MostOfAnAgency)
        {
            return (null, work.Refuse("url", $"An agency has at most {MostOfAnAgency} endpoints: disable one first"));
        }
        var id = Ids.Next();
        await work.Do($"insert into webhook_endpoint (id, agency_id, url) values ({id}, {work.Actor.Agency}, {where.AbsoluteUri})");
        return (new(id, await NewSecret(id, work, secrets)), null);
    }

    /// <summary>A new secret signs at once; those before it sign with it for a day.</summary>
    public static async Task<(Made?, Refusal?)> Rotate(Guid id, Work work, Secrets secrets)
    {
        if (!await work.One<bool>($"select exists (select 1 from webhook_endpoint where id = {id} and agency_id = {work.Actor.Agency})"))
        {
            return (null, work.NotFound(id));
        }
        await work.Do($"update webhook_secret set until = {work.Now + Duration.FromDays(1)} where endpoint_id = {id} and until is null");
        return (new(id, await NewSecret(id, work, secrets)), null);
    }

    public static async Task<Refusal?> Disable(Guid id, Work work)
    {
        await work.Do($"update webhook_endpoint set state = 'disabled', disabled_at = {work.Now}, disabled_because = 'by its agency' where id = {id} and agency_id = {work.Actor.Agency} and state = 'active'");
        return await work.One<bool>($"select exists (select 1 from webhook_endpoint where id = {id} and agency_id = {work.Actor.Agency})") ? null : work.NotFound(id);
    }

    public static async Task<IReadOnlyList<Line>> All(Work work) => await work.Ask<Line>($"""
        select e.id, e.url, e.state, e.made_at, e.disabled_because, l.last_at, l.last_status, l.fault,
               (select count(*)::int from webhook_delivery d where d.endpoint_id = e.id and d.state = 'ready' and e.state = 'active') as waiting, (select count(*)::int from webhook_secret s where s.endpoint_id = e.id and (s.until is null or s.until > {work.Now})) as secrets
          from webhook_endpoint e left join lateral (select d.last_at, d.last_status, d.fault from webhook_delivery d where d.endpoint_id = e.id and d.last_at is not null order by d.last_at desc nulls last limit 1) l on true
         order by e.state, e.made_at
        """).ToListAsync();

    private static async Task<string> NewSecret(Guid endpoint, Work work, Secrets secrets)
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        await work.Do($"insert into webhook_secret (id, endpoint_id, secret) values ({Ids.Next()}, {endpoint}, {secrets.Webhooks.Protect(secret)})");
        return $"whsec_{Convert.ToBase64String(secret)}";
    }
}
