using System.Text.Json;
using System.Text.Json.Serialization;

namespace Heed.Site.Notices;

/// <summary>
/// A report as an agency sends it. Dates and times stay text here: <see cref="Reading"/> understands them, and says of each what it could not.
/// Members that are not named here are refused by name, so that nothing sent is dropped in silence.
/// </summary>
public sealed record ReportIn
{
    /// <summary>The agency's own reference. With version it identifies the report, for ever.</summary>
    public string? Reference { get; init; }

    /// <summary>1 where absent.</summary>
    public int? Version { get; init; }

    /// <summary>For a correction: the version that this one takes the place of.</summary>
    public int? Supersedes { get; init; }

    public string? SupersessionReason { get; init; }

    /// <summary>domestic-abuse, missing, child-concern, neglect, physical-injury, exploitation, online-abuse, anti-social-behaviour, custody, other.</summary>
    public string? Kind { get; init; }

    /// <summary>open where absent; restricted: its existence and whom to ask is shown inside a recipient, its content only to those who need to know.</summary>
    public string? Sensitivity { get; init; }

    /// <summary>ISO 8601 with an offset: when it happened, or began.</summary>
    public string? OccurredAt { get; init; }

    public string? OccurredUntil { get; init; }

    /// <summary>In words, "to the minute" where absent: "over the weekend", "2012 to 2015".</summary>
    public string? OccurredPrecision { get; init; }

    /// <summary>When the agency knew.</summary>
    public string? KnownAt { get; init; }

    /// <summary>When the agency wrote it down.</summary>
    public string? RecordedAt { get; init; }

    public PlaceIn? Place { get; init; }

    public string? Summary { get; init; }

    public RiskIn? Risk { get; init; }

    public IReadOnlyList<PersonIn?>? People { get; init; }

    /// <summary>Were children there when it happened: yes, no or not-known. Null where nobody asked, which is not the same.</summary>
    public string? ChildrenPresent { get; init; }

    /// <summary>Does any child live in the household, present or not: yes, no or not-known.</summary>
    public string? ChildInHousehold { get; init; }

    public IReadOnlyList<string?>? Actions { get; init; }

    public ReporterIn? Reporter { get; init; }
}

public sealed record PlaceIn
{
    public string? Description { get; init; }

    public AddressIn? Address { get; init; }

    /// <summary>Where the children were found, if not at the address.</summary>
    public AddressIn? FoundAt { get; init; }
}

public sealed record AddressIn
{
    public IReadOnlyList<string?>? Lines { get; init; }

    public string? Locality { get; init; }

    public string? Postcode { get; init; }

    public string? Uprn { get; init; }

    /// <summary>refuge, confidential-placement or confidential.</summary>
    public string? Sensitivity { get; init; }
}

public sealed record RiskIn
{
    public string? Instrument { get; init; }

    public string? Version { get; init; }

    public string? Grade { get; init; }

    public IReadOnlyDictionary<string, string?>? Answers { get; init; }

    public string? Note { get; init; }
}

public sealed record PersonIn
{
    /// <summary>Names this person within this report.</summary>
    public string? Key { get; init; }

    /// <summary>The agency's own number for the record that this mention belongs to.</summary>
    public string? RecordNumber { get; init; }

    public IReadOnlyList<string?>? Roles { get; init; }

    public string? GivenNames { get; init; }

    public string? FamilyName { get; init; }

    public IReadOnlyList<string?>? AlsoKnownAs { get; init; }

    public IReadOnlyList<string?>? FormerNames { get; init; }

    public string? Born { get; init; }

    /// <summary>For an unborn child: the date it is expected.</summary>
    public string? Expected { get; init; }

    public string? Sex { get; init; }

    public string? Language { get; init; }

    public IReadOnlyList<AddressIn?>? Addresses { get; init; }

    public IReadOnlyList<IdentifierIn?>? Identifiers { get; init; }

    public IReadOnlyList<RelationshipIn?>? Relationships { get; init; }

    public SchoolIn? School { get; init; }

    /// <summary>A school that this person works at: a notice to it goes to the person it has named, before anybody else there.</summary>
    public SchoolIn? WorksAt { get; init; }

    public string? Phone { get; init; }

    public string? Email { get; init; }

    /// <summary>How to reach this person without harm: "text only, after six".</summary>
    public string? SafeContact { get; init; }

    public string? ParentsTold { get; init; }

    public string? OwnWords { get; init; }

    public bool? Seen { get; init; }

    public bool? SeenAlone { get; init; }

    /// <summary>For police records, DPA 2018 s.38: suspect, convicted, victim or witness.</summary>
    public string? SubjectCategory { get; init; }

    public IReadOnlyList<StatementIn?>? Statements { get; init; }
}

public sealed record IdentifierIn
{
    /// <summary>nhs, upn, pnc or the agency's own word.</summary>
    public string? Type { get; init; }

    public string? Value { get; init; }
}

/// <summary>"to is my kind".</summary>
public sealed record RelationshipIn
{
    public string? Kind { get; init; }

    public string? To { get; init; }

    public bool? ParentalResponsibility { get; init; }
}

public sealed record SchoolIn
{
    public string? Name { get; init; }

    public string? Urn { get; init; }
}

public sealed record StatementIn
{
    /// <summary>fact, opinion, allegation or hearsay.</summary>
    public string? Basis { get; init; }

    public string? Words { get; init; }
}

public sealed record ReporterIn
{
    public string? Name { get; init; }

    public string? Team { get; init; }

    public string? Shift { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false, MaxDepth = 12,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ReportIn))]
[JsonSerializable(typeof(IReadOnlyList<IdentifierIn>))]
internal sealed partial class ReportJson : JsonSerializerContext;

/// <summary>Reads what was shown: a school's notice has members of its own (withdrawn), so what is unknown is passed over here.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReportIn))]
internal sealed partial class ShownJson : JsonSerializerContext;
