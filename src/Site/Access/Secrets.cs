using Microsoft.AspNetCore.DataProtection;

namespace Heed.Site.Access;

/// <summary>What must be read again and lies in the database: sealed by the key ring, each kind for itself, so that whoever reads a row has nothing.</summary>
public sealed class Secrets(IDataProtectionProvider protection)
{
    /// <summary>What an agency's provider knows this installation by.</summary>
    public IDataProtector Providers { get; } = protection.CreateProtector("provider.secret");

    /// <summary>What a provider gave a session.</summary>
    public IDataProtector Tokens { get; } = protection.CreateProtector("session.tokens");

    /// <summary>Of a webhook's endpoint: what signs.</summary>
    public IDataProtector Webhooks { get; } = protection.CreateProtector("webhook.secret");

    /// <summary>The private part of what signs receipts and heads of chains.</summary>
    public IDataProtector Signing { get; } = protection.CreateProtector("signing.key");
}
