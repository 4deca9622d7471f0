namespace Heed.Matching;

public enum Verdict
{
    /// <summary>A rule is sure enough to link without asking anybody.</summary>
    Same,

    /// <summary>Somebody should look.</summary>
    Near,

    Different,
}

public enum Agreement
{
    Agree,
    Near,
    Differ,

    /// <summary>One side or both say nothing, or nothing that can be understood.</summary>
    Blank,
}

public enum Field
{
    GivenName,
    FamilyName,
    AlsoKnownAs,
    Born,
    Expected,
    Sex,
    NhsNumber,
    Upn,
    PncId,
    Postcode,
    Address,
    MotherName,
    Siblings,

    /// <summary>Before anything is compared: how rarely two people whom a key brings together are one.</summary>
    Beforehand,

    /// <summary>That brothers, sisters and twins agree on much of this too.</summary>
    Household,
}

/// <summary>One field side by side, as written.</summary>
public sealed record FieldComparison(Field Field, Agreement Agreement, string? A, string? B, string? Why = null)
{
    /// <summary>log2 by which this speaks for one person, or against where it is below 0; none where the rules do not weigh.</summary>
    public double? Weight { get; init; }
}

/// <summary>A verdict with its working: the one reason that decided it, and every field.</summary>
public sealed record Comparison(Verdict Verdict, string Reason, IReadOnlyList<FieldComparison> Fields, string Version)
{
    /// <summary>That the two are one person, where the rules weigh.</summary>
    public double? Probability { get; init; }

    public FieldComparison this[Field field] => Fields.First(line => line.Field == field);
}

/// <summary>Are these two records the same person? The version is stored with each link it made.</summary>
public interface IMatcher
{
    string Version { get; }

    /// <summary>The same verdict whichever way round the two are given.</summary>
    Comparison Compare(Description a, Description b);
}
