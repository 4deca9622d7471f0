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

    /// <summary>For a correction: why. Up to 2,000 characters.</summary>
    public string? SupersessionReason { get; init; }

    /// <summary>domestic-abuse, missing, child-concern, neglect, physical-injury, exploitation, online-abuse, anti-social-behaviour, custody, other.</summary>
    public string? Kind { get; init; }

    /// <summary>open where absent; restricted: its existence and whom to ask is shown inside a recipient, its content only to those who need to know.</summary>
    public string? Sensitivity { get; init; }

    /// <summary>ISO 8601 with an offset: when it happened, or began.</summary>
    public string? OccurredAt { get; init; }

    /// <summary>ISO 8601 with an offset: when it ended, where it lasted.</summary>
    public string? OccurredUntil { get; init; }

    /// <summary>In words, "to the minute" where absent: "over the weekend", "2012 to 2015".</summary>
    public string? OccurredPrecision { get; init; }

    /// <summary>When the agency knew.</summary>
    public string? KnownAt { get; init; }

    /// <summary>When the agency wrote it down.</summary>
    public string? RecordedAt { get; init; }

    /// <summary>Where it happened.</summary>
    public PlaceIn? Place { get; init; }

    /// <summary>Needed: what happened, in the reporter's words. Up to 20,000 characters.</summary>
    public string? Summary { get; init; }

    /// <summary>What was asked about risk, and the grade that somebody gave.</summary>
    public RiskIn? Risk { get; init; }

    /// <summary>Needed: everybody who was there or is spoken of, 1 to 60.</summary>
    public IReadOnlyList<PersonIn?>? People { get; init; }

    /// <summary>Were children there when it happened: yes, no or not-known. Null where nobody asked, which is not the same.</summary>
    public string? ChildrenPresent { get; init; }

    /// <summary>Does any child live in the household, present or not: yes, no or not-known.</summary>
    public string? ChildInHousehold { get; init; }

    /// <summary>What was done already, each in words. Up to 100.</summary>
    public IReadOnlyList<string?>? Actions { get; init; }

    /// <summary>Who wrote it.</summary>
    public ReporterIn? Reporter { get; init; }
}

public sealed record PlaceIn
{
    /// <summary>In words: "in the kitchen", "outside the school". Up to 500 characters.</summary>
    public string? Description { get; init; }

    /// <summary>By its postcode the council is found that is told.</summary>
    public AddressIn? Address { get; init; }

    /// <summary>Where the children were found, if not at the address.</summary>
    public AddressIn? FoundAt { get; init; }
}

public sealed record AddressIn
{
    /// <summary>House, street and so on. Up to 8.</summary>
    public IReadOnlyList<string?>? Lines { get; init; }

    /// <summary>Town or village.</summary>
    public string? Locality { get; init; }

    /// <summary>As in TS20 2AB.</summary>
    public string? Postcode { get; init; }

    /// <summary>Unique property reference number.</summary>
    public string? Uprn { get; init; }

    /// <summary>refuge, confidential-placement or confidential.</summary>
    public string? Sensitivity { get; init; }
}

public sealed record RiskIn
{
    /// <summary>Which questions were asked: DASH, DARA or the agency's own word.</summary>
    public string? Instrument { get; init; }

    /// <summary>Of the instrument: 2009 of DASH, 2022 of DARA. The numbers of its questions are its own.</summary>
    public string? Version { get; init; }

    /// <summary>standard, low, medium, high, very-high or not-graded.</summary>
    public string? Grade { get; init; }

    /// <summary>By the question's number: yes, no, not-known or words. Up to 200. They are never added up.</summary>
    public IReadOnlyDictionary<string, string?>? Answers { get; init; }

    /// <summary>In words. Up to 5,000 characters.</summary>
    public string? Note { get; init; }
}

public sealed record PersonIn
{
    /// <summary>Names this person within this report.</summary>
    public string? Key { get; init; }

    /// <summary>The agency's own number for the record that this mention belongs to.</summary>
    public string? RecordNumber { get; init; }

    /// <summary>child, unborn or pupil; else the agency's own words: victim, suspect, witness, parent.</summary>
    public IReadOnlyList<string?>? Roles { get; init; }

    /// <summary>As written; empty where nobody knows.</summary>
    public string? GivenNames { get; init; }

    /// <summary>As written; empty where nobody knows.</summary>
    public string? FamilyName { get; init; }

    /// <summary>Whole names, the family name last.</summary>
    public IReadOnlyList<string?>? AlsoKnownAs { get; init; }

    /// <summary>Whole names, the family name last.</summary>
    public IReadOnlyList<string?>? FormerNames { get; init; }

    /// <summary>Date of birth, best as 2019-03-14. What cannot be understood is kept as written, with a note in the receipt.</summary>
    public string? Born { get; init; }

    /// <summary>For an unborn child: the date it is expected.</summary>
    public string? Expected { get; init; }

    /// <summary>F, M or U (unknown).</summary>
    public string? Sex { get; init; }

    /// <summary>In which one speaks with them.</summary>
    public string? Language { get; init; }

    /// <summary>Where they live or stay. Up to 20.</summary>
    public IReadOnlyList<AddressIn?>? Addresses { get; init; }

    /// <summary>Numbers by which a service knows them. Up to 20.</summary>
    public IReadOnlyList<IdentifierIn?>? Identifiers { get; init; }

    /// <summary>What others of this report are to this person. Up to 100.</summary>
    public IReadOnlyList<RelationshipIn?>? Relationships { get; init; }

    /// <summary>Where they are a pupil: of domestic abuse it is told by its urn.</summary>
    public SchoolIn? School { get; init; }

    /// <summary>A school that this person works at: a notice to it goes to the person it has named, before anybody else there.</summary>
    public SchoolIn? WorksAt { get; init; }

    /// <summary>Of this person, as written.</summary>
    public string? Phone { get; init; }

    /// <summary>Of this person, as written.</summary>
    public string? Email { get; init; }

    /// <summary>How to reach this person without harm: "text only, after six".</summary>
    public string? SafeContact { get; init; }

    /// <summary>Whether the parents know of this report, or why not.</summary>
    public string? ParentsTold { get; init; }

    /// <summary>What the child said, in the child's own words. Up to 10,000 characters.</summary>
    public string? OwnWords { get; init; }

    /// <summary>Whether a child was seen.</summary>
    public bool? Seen { get; init; }

    /// <summary>Whether they were seen without an adult of the household.</summary>
    public bool? SeenAlone { get; init; }

    /// <summary>For police records, DPA 2018 s.38: suspect, convicted, victim or witness.</summary>
    public string? SubjectCategory { get; init; }

    /// <summary>What was said of them, each with what it is. Up to 100.</summary>
    public IReadOnlyList<StatementIn?>? Statements { get; init; }
}

public sealed record IdentifierIn
{
    /// <summary>nhs, upn, pnc or the agency's own word.</summary>
    public string? Type { get; init; }

    /// <summary>As written. One whose check digit is wrong is kept, and not used to link.</summary>
    public string? Value { get; init; }
}

/// <summary>"to is my kind".</summary>
public sealed record RelationshipIn
{
    /// <summary>mother, father, step-parent, sibling, twin, partner, former-partner, grandparent, carer …</summary>
    public string? Kind { get; init; }

    /// <summary>The key of the other person in this report.</summary>
    public string? To { get; init; }

    /// <summary>Null where nobody asked.</summary>
    public bool? ParentalResponsibility { get; init; }
}

public sealed record SchoolIn
{
    /// <summary>As written.</summary>
    public string? Name { get; init; }

    /// <summary>Its unique reference number.</summary>
    public string? Urn { get; init; }
}

public sealed record StatementIn
{
    /// <summary>fact, opinion, allegation or hearsay.</summary>
    public string? Basis { get; init; }

    /// <summary>What was said. Up to 10,000 characters.</summary>
    public string? Words { get; init; }
}

public sealed record ReporterIn
{
    /// <summary>The name and rank, as the agency writes them.</summary>
    public string? Name { get; init; }

    /// <summary>Of the agency.</summary>
    public string? Team { get; init; }

    /// <summary>The agency's own word: nights, lates.</summary>
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
