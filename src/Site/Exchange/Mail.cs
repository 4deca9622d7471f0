using Heed.Plumbing;
using Heed.Site.Access;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.EntityFrameworkCore;
using MimeKit;
using NodaTime;

namespace Heed.Site.Exchange;

/// <summary>An e-mail to a team that something waits: a link, and nothing about anybody. One stands for all that is owed, and a team has at most one in some minutes unless something is urgent.</summary>
public sealed class Mail(Works works, Bodies bodies, ExchangeSettings settings, ILogger<Mail> log) : Standing
{
    private const int Patience = 6;

    protected override Task Run(CancellationToken stop) => Rounds(1, "Sending e-mails", Round, log, stop);

    /// <summary>One e-mail to each team that is owed one. Answers how many were tried.</summary>
    public async Task<int> Round(CancellationToken stop = default)
    {
        if (settings.Smtp is not { Host.Length: > 0 } smtp)
        {
            return 0;
        }
        var tried = 0;
        while (await Claim(stop) is { Items.Length: > 0 } owed)
        {
            var (fault, forGood) = await Send(smtp, owed, stop);
            await Note(owed, fault, forGood, stop);
            tried++;
        }
        return tried;
    }

    private sealed record Owed(Guid Team, string Address, Guid[] Items, int Attempts);

    private Task<Owed?> Claim(CancellationToken stop) => works.AsWorker("Telling a team by e-mail that something waits", async work =>
    {
        // Two that claim together would each take a part of what a team is owed, and it would have two e-mails.
        await work.Do($"select pg_advisory_xact_lock(hashtextextended('mail_owed', 1))", stop);
        var quiet = work.Now - Duration.FromMinutes(settings.MinutesBetweenMails);
        var claimed = await work.Ask<Claimed>($"""
            with team as (
                select a.id, a.address from team_address a
                 where exists (select 1 from mail_owed o where o.team_id = a.id and o.state = 'owed' and o.next_at <= {work.Now} and (o.leased_until is null or o.leased_until < {work.Now})
                                and (o.urgent or not exists (select 1 from mail_owed s where s.team_id = a.id and (s.state = 'sent' and s.sent_at > {quiet} or s.state = 'owed' and s.leased_until >= {work.Now}))))
                 order by a.id limit 1),
            mine as (select o.item_id, t.id, t.address from team t join mail_owed o on o.team_id = t.id where o.state = 'owed' and o.next_at <= {work.Now} and (o.leased_until is null or o.leased_until < {work.Now}))
            update mail_owed o set leased_until = {work.Now + Duration.FromMinutes(2)}, attempts = attempts + 1 from mine m where m.item_id = o.item_id returning m.id as team, m.address, o.item_id as item, o.attempts
            """).ToListAsync(stop);
        return claimed.Count == 0 ? null : new Owed(claimed[0].Team, claimed[0].Address, [.. claimed.Select(c => c.Item)], claimed.Max(c => c.Attempts));
    }, stop);

    private sealed record Claimed(Guid Team, string Address, Guid Item, int Attempts);

    private async Task<(string? Fault, bool ForGood)> Send(SmtpSettings smtp, Owed owed, CancellationToken stop)
    {
        // The client's own timeout is for what is sent and received, not for connecting.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(TimeSpan.FromSeconds(settings.TimeoutSeconds));
        try
        {
            using var mail = new MimeMessage
            {
                From = { MailboxAddress.Parse(smtp.From) },
                To = { MailboxAddress.Parse(owed.Address) },
                Subject = "Something waits for you in Heed",
                Body = new TextPart("plain") { Text = $"Something waits for your team in Heed. Sign in to see what it is{(settings.Address.Length > 0 ? $":\r\n\r\n{settings.Address}" : ".")}\r\n\r\nThis message says nothing about anybody, and needs no answer.\r\n" },
            };
            using var client = new SmtpClient();
            // A server that offers no encryption is sent nothing: Auto would go on without.
            await client.ConnectAsync(smtp.Host, smtp.Port, !smtp.Encrypted ? SecureSocketOptions.None : smtp.Port == 465 ? SecureSocketOptions.SslOnConnect : SecureSocketOptions.StartTls, limit.Token);
            if (smtp.User is { } user)
            {
                await client.AuthenticateAsync(user, smtp.Password ?? "", limit.Token);
            }
            await client.SendAsync(mail, limit.Token);
            await client.DisconnectAsync(true, limit.Token);
            return (null, false);
        }
        catch (Exception failed) when (!stop.IsCancellationRequested)
        {
            // The kind only: a server's words may hold the address.
            return failed is SmtpCommandException refused ? ($"refused with {(int)refused.StatusCode}", (int)refused.StatusCode >= 500) : (failed.GetType().Name, failed is ParseException);
        }
    }

    private Task<int> Note(Owed owed, string? fault, bool forGood, CancellationToken stop) => works.AsWorker("Noting how an e-mail went", async work =>
    {
        var state = fault is null ? "sent" : forGood || owed.Attempts >= Patience ? "refused" : "owed";
        var noted = await work.Do($"""
            update mail_owed set state = {state}, leased_until = null, fault = {fault}, sent_at = {(state == "sent" ? work.Now : (Instant?)null)}, next_at = {work.Now + Duration.FromSeconds(Math.Pow(4, owed.Attempts))} where item_id = any ({owed.Items}) and state = 'owed'
            """, stop);
        if (state == "refused")
        {
            await Undelivered.Open(owed.Items, "mail", work, bodies);
        }
        return noted;
    }, stop);
}
