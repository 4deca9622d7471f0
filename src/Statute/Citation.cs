namespace Heed.Statute;

/// <summary>Where a rule stands written: "Children Act 1989", "s.46(6)".</summary>
public sealed record Citation(string Instrument, string Place)
{
    public override string ToString() => Place.Length == 0 ? Instrument : $"{Instrument}, {Place}";
}

/// <summary>How much a rule binds.</summary>
public enum Basis
{
    /// <summary>An Act or regulations.</summary>
    Statute,

    /// <summary>Guidance that must be followed unless there is good reason not to, such as Working Together.</summary>
    StatutoryGuidance,

    /// <summary>Guidance or a service level that applies nationally and binds nobody by law.</summary>
    NationalGuidance,

    /// <summary>Agreed by one partnership, force or council.</summary>
    Local,
}

[Flags]
public enum Nations
{
    England = 1,
    Wales = 2,
    EnglandAndWales = England | Wales,
}

/// <summary>Marks the test that proves a limit, so that the rule book can name it.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class ProvesAttribute(string limitKey) : Attribute
{
    public string LimitKey { get; } = limitKey;
}
