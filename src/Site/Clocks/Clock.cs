using Heed.Statute;
using NodaTime;

namespace Heed.Site.Clocks;

/// <summary>What must happen next, by whom, by when, under which limit.</summary>
public sealed class Clock
{
    public Guid Id { get; init; }
    /// <summary>Which limit, as in LAW.md; a partnership's own by its key.</summary>
    public required string LimitKey { get; init; }
    /// <summary>Of the local limit by which it was started; null for a national one.</summary>
    public int? LimitVersion { get; init; }
    /// <summary>What is owed.</summary>
    public required string Words { get; init; }
    /// <summary>Whose it is to do.</summary>
    public Guid AgencyId { get; init; }
    /// <summary>Whose worklist it stands on.</summary>
    public Guid TeamId { get; set; }
    /// <summary>Who has it; null: the team.</summary>
    public Guid? PractitionerId { get; set; }
    /// <summary>The report that it came of.</summary>
    public Guid? ReportId { get; init; }
    /// <summary>The incident that nobody was told of, where it is about one.</summary>
    public Guid? UntoldId { get; init; }
    /// <summary>The notice that it is about.</summary>
    public Guid? NoticeId { get; init; }
    /// <summary>The one child that it is about, where it is about one.</summary>
    public Guid? ContactId { get; init; }
    /// <summary>What it counts from: Occurred, Known, Received, Decided or Began.</summary>
    public required string Anchor { get; init; }
    /// <summary>When that was.</summary>
    public Instant AnchorAt { get; init; }
    /// <summary>From when whoever has it is warned.</summary>
    public Instant WarnAt { get; init; }
    /// <summary>The last moment in time; nobody can move it.</summary>
    public Instant DueAt { get; init; }
    /// <summary>When it is looked at again; null once it has stopped or stands at the top of its ladder.</summary>
    public Instant? NextAt { get; set; }
    /// <summary>running, warned, breached, met, met-late or cancelled.</summary>
    public required string State { get; set; }
    /// <summary>When it was started here.</summary>
    public Instant StartedAt { get; init; }
    /// <summary>When it was met or cancelled.</summary>
    public Instant? StoppedAt { get; set; }
    /// <summary>Who met or cancelled it.</summary>
    public Guid? StoppedBy { get; set; }
    /// <summary>Who has been told that it is late, in that order.</summary>
    public Guid[] Told { get; init; } = [];
    /// <summary>Whose a late one is now: the last who was told.</summary>
    public Guid? ClimbedTo { get; init; }
    /// <summary>Why it was late, as whoever had it said.</summary>
    public string? LateReason { get; set; }
    /// <summary>Who was asked to agree to that reason.</summary>
    public Guid? LateManager { get; set; }
    /// <summary>Who gave the reason.</summary>
    public Guid? LateSaidBy { get; set; }
    /// <summary>When they gave it.</summary>
    public Instant? LateSaidAt { get; set; }
    /// <summary>When the manager agreed; the reason stands from then on.</summary>
    public Instant? LateAgreedAt { get; set; }
    /// <summary>Why it is owed no longer.</summary>
    public string? CancelledBecause { get; set; }

    /// <summary>Neither met nor cancelled.</summary>
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
