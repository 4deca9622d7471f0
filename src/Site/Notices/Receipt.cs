using Heed.Plumbing;
using Heed.Site.Access;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Notices;

/// <summary>What the sender holds: that it was received, when, with which content, whom it went to, and what they have done with it since.</summary>
/// <param name="Hash">SHA-256 of the content in canonical form: members sorted, nulls left out.</param>
/// <param name="CorrectedBy">The version that has taken its place.</param>
/// <param name="Notes">What was kept as written because it could not be understood; given with the first answer only.</param>
/// <param name="Reference">The sender's own.</param>
/// <param name="Version">1, or what corrects the one before.</param>
/// <param name="Kind">Of the report: domestic-abuse, missing and so on.</param>
/// <param name="Notices">One for each agency; who must still be telephoned stands first.</param>
public sealed record Receipt(
    Guid Id, string Reference, int Version, string Kind, Instant ReceivedAt, string Hash, IReadOnlyList<Receipt.Sent> Notices, Receipt.Later? CorrectedBy, IReadOnlyList<Note> Notes)
{
    /// <summary>One recipient. NotSharedBecause: they were not told. ByHand: because Heed cannot, so that a person must telephone. Opened and acknowledged are a named person's.</summary>
    /// <param name="To">Which agency.</param>
    /// <param name="Team">Which of its teams; null where it was not told.</param>
    /// <param name="Kind">notice, correction or withdrawal.</param>
    /// <param name="Why">Why this agency, or why not.</param>
    /// <param name="LawfulBasis">Of the disclosure; null where there was none.</param>
    /// <param name="NotSharedBecause">They were not told, and why.</param>
    /// <param name="ByHand">Nobody decided not to tell them: Heed cannot, so a person of the sender telephones.</param>
    /// <param name="Told">Who telephoned whom, once that is said.</param>
    /// <param name="SentAt">Null where they were not told here.</param>
    /// <param name="Outcomes">What a council decided of each child.</param>
    public sealed record Sent(
        Guid Id, string To, string? Team, string Kind, string Why, string? LawfulBasis, string? NotSharedBecause, bool ByHand, Telephoned? Told,
        Instant? SentAt, Instant? OpenedAt, string? OpenedBy, Instant? AcknowledgedAt, string? AcknowledgedBy, IReadOnlyList<Outcome> Outcomes)
    {
        /// <summary>Somebody of the sender still has to.</summary>
        public bool MustBeTelephoned => ByHand && Told is null;
    }

    /// <param name="Version">Of the correction.</param>
    public sealed record Later(Guid Id, int Version, Instant ReceivedAt);

    /// <param name="At">When that was written down.</param>
    /// <param name="By">Who told them.</param>
    /// <param name="Whom">As they named themselves on the telephone.</param>
    /// <param name="Words">What else was said.</param>
    public sealed record Telephoned(Instant At, string By, string Whom, string? Words);

    /// <summary>What a council decided for one child, in the choice's words and without its reasons; null while it has not. What was passed on has one for each council, in the order that they had it.</summary>
    /// <param name="Key">The sender's own of this child within the report.</param>
    /// <param name="Restricted">This child's record is restricted to others of the sender: nothing here says who it is.</param>
    /// <param name="Decision">referral, early-help, open-case, no-further-action or another-council; null while it has not decided. Its reasons are the council's own.</param>
    /// <param name="Council">Whose decision it is.</param>
    /// <param name="PassedTo">For another-council: which.</param>
    /// <param name="Told">What the council wants whoever reported it to know besides.</param>
    public sealed record Outcome(string? Key, string? Given, string? Family, bool Unborn, bool Restricted, string Council, string? Decision, string? PassedTo, string? Told, Instant? DecidedAt);

    /// <summary>The receipt as it stands now, or null where there is none for this actor.</summary>
    public static async Task<Receipt?> Of(Guid report, Work work, Bodies known)
    {
        if (await work.All<Report>().FirstOrDefaultAsync(r => r.Id == report) is not { } found)
        {
            return null;
        }
        var bodies = await known.For(work);
        var notices = await work.Ask<SentRow>($"""
            select n.id, n.to_agency, n.to_team, n.kind, n.why, n.basis, n.withheld_because, n.by_hand, n.sent_at, n.opened_at, o.name as opened_by, n.acknowledged_at, a.name as acknowledged_by,
                   t.at as told_at, p.name as told_by, t.whom as told_whom, t.words as told_words
              from notice n left join practitioner o on o.id = n.opened_by left join practitioner a on a.id = n.acknowledged_by left join telling t on t.notice_id = n.id left join practitioner p on p.id = t.by
             where n.report_id = {report} order by n.by_hand and t.at is null desc, n.id
            """).ToListAsync();
        var outcomes = (await work.Ask<OutcomeRow>($"select * from outcomes_of({report})").ToListAsync()).ToLookup(o => o.NoticeId, 
            o => new Outcome(o.Key, o.Given, o.Family, o.Unborn, o.Restricted, bodies.Agencies[o.Council].Name, o.Decision, o.PassedTo is { } next ? bodies.Agencies[next].Name : null, o.Told, o.DecidedAt));
        var later = await work.All<Report>().Where(r => r.SupersedesId == report).Select(r => new Later(r.Id, r.Version, r.ReceivedAt)).FirstOrDefaultAsync();
        return new(found.Id, found.Reference, found.Version, found.Kind, found.ReceivedAt, Convert.ToHexStringLower(found.Hash), [.. notices.Select(n => new Sent(
            n.Id, bodies.Agencies[n.ToAgency].Name, n.ToTeam is { } team ? bodies.Teams[team].Name : null, n.Kind, n.Why, n.Basis, n.WithheldBecause, n.ByHand,
            n.ToldAt is { } told ? new(told, n.ToldBy!, n.ToldWhom!, n.ToldWords) : null,
            n.WithheldBecause is null ? n.SentAt : null, n.OpenedAt, n.OpenedBy, n.AcknowledgedAt, n.AcknowledgedBy, [.. outcomes[n.Id]]))], later, []);
    }

    private sealed record SentRow(
        Guid Id, Guid ToAgency, Guid? ToTeam, string Kind, string Why, string? Basis, string? WithheldBecause, bool ByHand, Instant SentAt, Instant? OpenedAt, string? OpenedBy, Instant? AcknowledgedAt, string? AcknowledgedBy,
        Instant? ToldAt, string? ToldBy, string? ToldWhom, string? ToldWords);

    private sealed record OutcomeRow(Guid NoticeId, string? Key, string? Given, string? Family, bool Unborn, bool Restricted, Guid Council, string? Decision, Guid? PassedTo, string? Told, Instant? DecidedAt);
}
