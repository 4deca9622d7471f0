namespace Heed.Site.Exchange;

/// <summary>What whoever runs an installation sets: the section "Exchange" of appsettings, or the environment (Exchange__Smtp__Host).</summary>
public sealed class ExchangeSettings
{
    /// <summary>Webhooks may go to loopback and private addresses, and unencrypted: for a demonstration and for tests only.</summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>How long an endpoint or a mail server may take to answer.</summary>
    public int TimeoutSeconds { get; set; } = 20;

    /// <summary>At most one e-mail to a team in this time, unless something is urgent.</summary>
    public int MinutesBetweenMails { get; set; } = 10;

    /// <summary>Where a person finds Heed: the link in an e-mail; without it an e-mail has none.</summary>
    public string Address { get; set; } = "";

    /// <summary>No server, no e-mail; /exchange says so.</summary>
    public SmtpSettings? Smtp { get; set; }
}

public sealed class SmtpSettings
{
    public string Host { get; set; } = "";

    public int Port { get; set; } = 587;

    public string From { get; set; } = "";

    public string? User { get; set; }

    public string? Password { get; set; }

    /// <summary>False only where the server stands beside Heed, or in a test.</summary>
    public bool Encrypted { get; set; } = true;
}
