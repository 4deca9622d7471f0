using Heed.Plumbing;
using Heed.Site.Access;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Notices;

/// <summary>What the sender holds: that it was received, when, with which content, whom it went to, and what they have done with it since.</summary>
/// <param name="Hash">SHA-256 of the content in canonical form: members sorted, nulls left out.</param>
/// <param name="Notes">What was kept as written because it could not be understood; given with the first answer only.</param>
public sealed record Receipt(
    Guid Id, string Reference, int Version, string Kind, Instant ReceivedAt, string Hash, IReadOnlyList<Receipt.Sent> Notices, IReadOnlyList<Note> Notes)
{
    /// <summary>One recipient. NotSharedBecause: a decision not to tell them. Taken, opened and acknowledged are a named person's.</summary>
    public sealed record Sent(
        Guid Id, string To, string? Team, string Kind, string Why, string? LawfulBasis, string? NotSharedBecause,
        Instant? SentAt, Instant? OpenedAt, string? OpenedBy, Instant? AcknowledgedAt, string? AcknowledgedBy);

    /// <summary>The receipt as it stands now, or null where there is none for this actor.</summary>
    public static async Task<Receipt?> Of(Guid report, Work work, Bodies known)
    {
        if (await work.All<Report>().FirstOrDefaultAsync(r => r.Id == report) is not { } found)
        {
            return null;
        }
        var bodies = await known.For(work);
        var notices = await work.Ask<SentRow>($"""
            select n.id, n.to_agency, n.to_team, n.kind, n.why, n.basis, n.withheld_because, n.sent_at, n.opened_at, o.name as opened_by, n.acknowledged_at, a.name as acknowledged_by
              from notice n left join practitioner o on o.id = n.opened_by left join practitioner a on a.id = n.acknowledged_by
             where n.report_id = {report} order by n.id
            """).ToListAsync();
        return new(found.Id, found.Reference, found.Version, found.Kind, found.ReceivedAt, Convert.ToHexStringLower(found.Hash), [.. notices.Select(n => new Sent(
            n.Id, bodies.Agencies[n.ToAgency].Name, n.ToTeam is { } team ? bodies.Teams[team].Name : null, n.Kind, n.Why, n.Basis, n.WithheldBecause,
            n.WithheldBecause is null ? n.SentAt : null, n.OpenedAt, n.OpenedBy, n.AcknowledgedAt, n.AcknowledgedBy))], []);
    }

    private sealed record SentRow(Guid Id, Guid ToAgency, Guid? ToTeam, string Kind, string Why, string? Basis, string? WithheldBecause, Instant SentAt, Instant? OpenedAt, string? OpenedBy, Instant? AcknowledgedAt, string? AcknowledgedBy);
}
