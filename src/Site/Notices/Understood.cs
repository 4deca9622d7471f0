using Heed.Matching;
using NodaTime;

namespace Heed.Site.Notices;

/// <summary>One value that was kept as written because it could not be understood. Never the value itself.</summary>
/// <param name="Field">Where in the report.</param>
/// <param name="Words">What was not understood, and that it is kept as written.</param>
public sealed record Note(string Field, string Words);

/// <summary>A person of a report, as understood.</summary>
public sealed record Mentioned(short Ordinal, PersonIn Said, string[] Roles, bool IsChild, WrittenDate Born, LocalDate? Expected, string? Nhs, string? Upn, string? Pnc);

/// <summary>A report as understood: what was sent, its times, its people, and notes on what was kept as written only.</summary>
public sealed record Understood(
    ReportIn Said, string Reference, int Version, string Kind, bool Restricted, Instant Occurred, Instant? OccurredUntil, string Precision, Instant Known, Instant? Recorded,
    IReadOnlyList<Mentioned> People, IReadOnlyList<Note> Notes, string Canonical, byte[] Hash)
{
    public IEnumerable<Mentioned> Children => People.Where(p => p.IsChild);

    public bool Urgent => Said.Risk?.Grade == Urgency.Grade || Urgency.Kinds.Contains(Kind);
}
