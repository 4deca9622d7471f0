using NodaTime;

namespace Heed.Matching;

/// <summary>A number by which one service knows a person. Only "nhs", "upn" and "pnc" are known to be one person's alone.</summary>
public sealed record Identifier(string Type, string Value);

/// <summary>A brother or sister, half or whole, whom a record names beside somebody.</summary>
public sealed record Sibling(string? Given, string? Family = null, LocalDate? Born = null);

/// <summary>What one record says of one person, as it was written. Everything may be missing.</summary>
public sealed record Description
{
    public string? Given { get; init; }

    public string? Family { get; init; }

    /// <summary>Whole names, the family name last: "Ella Brannigan".</summary>
    public IReadOnlyList<string> AlsoKnownAs { get; init; } = [];

    public LocalDate? Born { get; init; }

    /// <summary>The expected date of a birth. It is kept after the birth.</summary>
    public LocalDate? Expected { get; init; }

    public string? Sex { get; init; }

    public IReadOnlyList<Identifier> Identifiers { get; init; } = [];

    /// <summary>Where they live, and after it where they lived before. The nth postcode and the nth line are of one place; blank where one of the two is not known.</summary>
    public IReadOnlyList<string> Postcodes { get; init; } = [];

    public IReadOnlyList<string> AddressLines { get; init; } = [];

    /// <summary>The mother's whole name: all that an unborn child is known by.</summary>
    public string? MotherName { get; init; }

    public IReadOnlyList<Sibling> Siblings { get; init; } = [];
}
