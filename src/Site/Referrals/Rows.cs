using NodaTime;

namespace Heed.Site.Referrals;

/// <summary>What a council makes of a notice, child by child.</summary>
public sealed class Contact
{
    public Guid Id { get; init; }
    public Guid NoticeId { get; init; }
    public Guid MentionId { get; init; }
    public Guid AgencyId { get; init; }
    public Guid TeamId { get; init; }
    public Instant ReceivedAt { get; init; }
    public Guid? WorkerId { get; init; }
    public string? Decision { get; init; }
    public string? ThresholdKey { get; init; }
    public int? ThresholdVersion { get; init; }
    public string? NextStep { get; init; }
    public Guid? PassedTo { get; init; }
    public string? Reason { get; init; }
    public Instant? DecidedAt { get; init; }
    public Guid? DecidedBy { get; init; }
    public string? SenderTold { get; init; }
    public bool? ParentsTold { get; init; }
    public string? ParentsNotToldBecause { get; init; }
    public Guid? ShownId { get; init; }
    public Guid[]? Opened { get; init; }
}

/// <summary>What of a child's history stood on the page in front of a decision.</summary>
public sealed class ShownHistory
{
    public Guid Id { get; init; }
    public Guid ContactId { get; init; }
    public Guid? PersonId { get; init; }
    public Instant At { get; init; }
    public Guid Actor { get; init; }
    public Guid[] Reports { get; init; } = [];
    public string[] Elsewhere { get; init; } = [];
    public Guid[] Doubts { get; init; } = [];
}

public sealed class Episode
{
    public Guid Id { get; init; }
    public Guid AgencyId { get; init; }
    public Guid SourceRecordId { get; init; }
    public Instant OpenedAt { get; init; }
    public Instant? ClosedAt { get; init; }
    public Guid? ClosedBy { get; init; }
    public string? ClosedReason { get; init; }
    public string? ClosedWords { get; init; }
}

public sealed class Referral
{
    public Guid Id { get; init; }
    public Guid ContactId { get; init; }
    public Guid EpisodeId { get; init; }
    public Guid AgencyId { get; init; }
    public required string SourceCode { get; init; }
    public Instant At { get; init; }
}

/// <summary>From the referral to the manager who authorises it.</summary>
public sealed class Assessment
{
    public Guid Id { get; init; }
    public Guid ReferralId { get; init; }
    public Guid EpisodeId { get; init; }
    public Guid ContactId { get; init; }
    public Guid AgencyId { get; init; }
    public Guid TeamId { get; init; }
    public Instant BeganAt { get; init; }
    public Instant? AuthorisedAt { get; init; }
    public Guid? AuthorisedBy { get; init; }
    public string? Outcome { get; init; }
    public string? Words { get; init; }
}
