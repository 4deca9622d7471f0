using System.ComponentModel.DataAnnotations.Schema;
using NodaTime;
using NpgsqlTypes;

namespace Heed.Site.Notices;

/// <summary>What an agency says it knows. Append-only.</summary>
public sealed class Report
{
    public Guid Id { get; init; }
    public Guid AgencyId { get; init; }
    public required string Reference { get; init; }
    public int Version { get; init; }
    public required string Kind { get; init; }
    public required string Tier { get; init; }
    public NpgsqlRange<Instant> Occurred { get; init; }
    public required string OccurredPrecision { get; init; }
    public Instant KnownAt { get; init; }
    public Instant? RecordedAt { get; init; }
    public Instant ReceivedAt { get; init; }
    public string? ReportedBy { get; init; }
    [Column(TypeName = "jsonb")] public required string Content { get; init; }
    public required byte[] Hash { get; init; }
    public Guid? SupersedesId { get; init; }
    public string? SupersessionReason { get; init; }
}

/// <summary>One report on its way to one team that must act: what it was shown, why, and what it did with it.</summary>
public sealed class Notice
{
    public Guid Id { get; init; }
    public Guid ReportId { get; init; }
    public required string Kind { get; init; }
    public required string ReportKind { get; init; }
    public bool Urgent { get; init; }
    public Guid FromAgency { get; init; }
    public Guid ToAgency { get; init; }
    public Guid? ToTeam { get; set; }
    public required string Tier { get; init; }
    public required string Why { get; init; }
    public short[] Mentions { get; init; } = [];
    [Column(TypeName = "jsonb")] public string? Shown { get; init; }
    public Instant OccurredAt { get; init; }
    public string? Basis { get; init; }
    public string? AgreementKey { get; init; }
    public int? AgreementVersion { get; init; }
    public string? WithheldBecause { get; init; }
    public bool ByHand { get; init; }
    public Instant SentAt { get; init; }
    public Guid? SupersedesId { get; init; }
    public Instant? DeliveredAt { get; set; }
    public Instant? OpenedAt { get; set; }
    public Guid? OpenedBy { get; set; }
    public Instant? AcknowledgedAt { get; set; }
    public Guid? AcknowledgedBy { get; set; }
    public Guid? TakenBy { get; set; }
    public Instant? TakenAt { get; set; }
    public Instant? FailedAt { get; init; }
    public string? FailedBecause { get; init; }
    public Guid? HeldFor { get; init; }
    public string[]? HeldFrom { get; init; }
    public Instant? ReleasedAt { get; init; }
    public Guid? ReleasedBy { get; init; }
    public string? Triage { get; set; }
    public Guid? TriagedBy { get; set; }
    public Instant? TriagedAt { get; set; }
}

public sealed class HandingOn
{
    public Guid Id { get; init; }
    public Guid NoticeId { get; init; }
    public Instant At { get; init; }
    public Guid By { get; init; }
    public Guid FromTeam { get; init; }
    public Guid ToTeam { get; init; }
    public Guid? ToPractitioner { get; init; }
    public required string Words { get; init; }
}
