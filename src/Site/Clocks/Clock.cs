using Heed.Statute;
using NodaTime;

namespace Heed.Site.Clocks;

/// <summary>What must happen next, by whom, by when, under which limit.</summary>
public sealed class Clock
{
    public Guid Id { get; init; }
    public required string LimitKey { get; init; }
    public int? LimitVersion { get; init; }
    public required string Words { get; init; }
    public Guid AgencyId { get; init; }
    public Guid TeamId { get; set; }
    public Guid? PractitionerId { get; set; }
    public Guid? ReportId { get; init; }
    public Guid? UntoldId { get; init; }
    public Guid? NoticeId { get; init; }
    public Guid? ContactId { get; init; }
    public required string Anchor { get; init; }
    public Instant AnchorAt { get; init; }
    public Instant WarnAt { get; init; }
    public Instant DueAt { get; init; }
    public Instant? NextAt { get; set; }
    public required string State { get; set; }
    public Instant StartedAt { get; init; }
    public Instant? StoppedAt { get; set; }
    public Guid? StoppedBy { get; set; }
    public Guid[] Told { get; init; } = [];
    public Guid? ClimbedTo { get; init; }
    public string? LateReason { get; set; }
    public Guid? LateManager { get; set; }
    public Guid? LateSaidBy { get; set; }
    public Instant? LateSaidAt { get; set; }
    public Instant? LateAgreedAt { get; set; }
    public string? CancelledBecause { get; set; }

    public bool IsOpen => State is "running" or "warned" or "breached";

    [System.Text.Json.Serialization.JsonIgnore]
    public Anchor From => Enum.Parse<Anchor>(Anchor);
}

[Microsoft.EntityFrameworkCore.PrimaryKey(nameof(ClockId), nameof(Ordinal))]
public sealed class ClockEvent
{
    public Guid ClockId { get; init; }
    public int Ordinal { get; init; }
    public Instant At { get; init; }
    public required string What { get; init; }
    public Guid? Told { get; init; }
    public Guid Actor { get; init; }
    public string? Words { get; init; }
}
