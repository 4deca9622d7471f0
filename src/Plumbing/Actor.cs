using Heed.Statute;

namespace Heed.Plumbing;

/// <summary>Whoever acts: read from the rows of the moment by <c>enter</c>, never from a token's own claims.</summary>
public sealed record Actor(Guid Id, string Name, string Rank, bool IsSystem, Guid Agency, string AgencyName, string AgencyKind, string[] Roles, string[] Permits, Guid[] Teams, Guid[] Agencies, string Reach)
{
    public bool May(string permit) => Permits.Contains(permit);
}

/// <summary>Who somebody says they are, before the database has confirmed it: a session of somebody signed in, the hash of an agency's key, or, for what runs by itself, a practitioner.</summary>
public readonly record struct Identity
{
    private Identity(string enter, object proof) => (Enter, Proof) = (enter, proof);

    internal string Enter { get; }

    internal object Proof { get; }

    public static Identity Of(Guid practitioner) => new("select e.* from enter($1, $2) e", practitioner);

    public static Identity Of(byte[] keyHash) => new("select e.* from enter_by_key($1, $2) e", keyHash);

    public static Identity OfSession(Guid session) => new("select e.* from enter_by_session($1, $2) e", session);

    /// <summary>A page of theirs that asks by itself: whoever has gone home is not there because it does.</summary>
    public static Identity OfPage(Guid session) => new("select e.* from watch_by_session($1, $2) e", session);
}

/// <summary>What an endpoint or a page handler needs: one permit, and the purpose that is recorded with all it reads and writes.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class PermitAttribute(string name, string purpose) : Attribute
{
    public string Name { get; } = name;

    public string Purpose { get; } = purpose;
}

/// <summary>Open to anyone, signed in or not. Each use is listed by a test.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class OpenToAllAttribute(string why) : Attribute
{
    public string Why { get; } = why;
}

public enum No
{
    /// <summary>Against a rule: 422.</summary>
    Rule,

    /// <summary>Somebody else was faster, or the same key stands for something else: 409.</summary>
    Conflict,

    /// <summary>Not there, or not for this actor; the two look alike: 404.</summary>
    NotFound,

    /// <summary>More often than anybody asks by hand: 429.</summary>
    TooOften,
}

/// <summary>A no, as a value. Errors: message by field; a rule's citation where there is one.</summary>
public sealed record Refusal(No Kind, IReadOnlyDictionary<string, string[]> Errors, Citation? Because = null)
{
    public string Field => Errors.Keys.First();

    public string Message => Errors.Values.First()[0];
}
