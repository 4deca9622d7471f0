using System.Text.Json;
using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Site.Clocks;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Notices;

/// <summary>A notice is opened by somebody of its team: recorded once as opening, and every time as a look.</summary>
public static class OpenNotice
{
    /// <param name="Shown">The report as this recipient is shown it.</param>
    /// <param name="KnownAt">When the sender knew, and RecordedAt: null where this recipient is not shown it.</param>
    /// <param name="HeldFrom">Who works there and is named in the report, while it is held: for the one person who has it first.</param>
    /// <param name="Kind">notice, correction or withdrawal.</param>
    /// <param name="From">Who told.</param>
    /// <param name="To">Who is told.</param>
    /// <param name="Why">Why this agency is told.</param>
    /// <param name="Basis">The lawful basis of the disclosure.</param>
    /// <param name="Agreement">The sharing agreement and its version under which it was shown.</param>
    /// <param name="Children">Those of it whom this agency decides about.</param>
    /// <param name="Clocks">This agency's, the soonest due first.</param>
    /// <param name="HandedOn">Each time that it went from one team or person to another.</param>
    /// <param name="CorrectedBy">The notice that has taken its place.</param>
    /// <param name="Supersedes">The notice in whose place it came.</param>
    /// <param name="DesksGrades">What the sender's desk graded it beside the officer, newest first: for whoever is shown the officer's grade.</param>
    public sealed record View(
        Guid Id, Guid ReportId, string Kind, string ReportKind, bool Urgent, string From, string To, string Team, string Why, string? Basis, string? Agreement, string Tier,
        Instant OccurredAt, Instant? OccurredUntil, Instant? KnownAt, Instant? RecordedAt, Instant SentAt, Instant? OpenedAt, string? OpenedBy, Instant? AcknowledgedAt, string? AcknowledgedBy, Guid? TakenBy, string? TakenByName,
        ReportIn Shown, IReadOnlyList<Child> Children, IReadOnlyList<Clock> Clocks, IReadOnlyList<Handed> HandedOn, Guid? CorrectedBy, Guid? Supersedes, IReadOnlyList<string> HeldFrom, IReadOnlyList<Graded> DesksGrades);

    /// <param name="Person">Whose page it is, once matched.</param>
    /// <param name="ContactId">This child of this notice: what a decision is made about.</param>
    /// <param name="MentionId">What the report says of them.</param>
    /// <param name="Key">The sender's own of this person within the report.</param>
    /// <param name="Reason">Why it was decided so.</param>
    /// <param name="Worker">Whose open case this child is.</param>
    /// <param name="Threshold">The name of the level that this child's needs were found to reach.</param>
    /// <param name="Next">What a referral begins with: assessment, strategy-discussion or visit-today.</param>
    /// <param name="PassedTo">The council that it went to.</param>
    /// <param name="ParentsTold">Whether the parents had been told when it was decided.</param>
    /// <param name="ParentsNotToldBecause">Why not, where they had not.</param>
    /// <param name="SenderTold">What whoever reported it was told besides the decision itself.</param>
    /// <param name="There">What the council that it was passed on to has decided; null while it has not.</param>
    /// <param name="ThereAt">When that council decided.</param>
    public sealed record Child(Guid ContactId, Guid MentionId, string? Key, string? Given, string? Family, bool Unborn, Guid? Person, string? Decision, string? Reason, Instant? DecidedAt, string? DecidedBy, string? Worker,
        string? Threshold, string? Next, string? PassedTo, bool? ParentsTold, string? ParentsNotToldBecause, string? SenderTold, string? There, Instant? ThereAt);

    /// <param name="At">When.</param>
    /// <param name="By">Who handed it on.</param>
    /// <param name="FromTeam">Who had it.</param>
    /// <param name="ToTeam">Who has it since.</param>
    /// <param name="Words">Why.</param>
    public sealed record Handed(Instant At, string By, string FromTeam, string ToTeam, string Words);

    public static async Task<View?> Handle(Guid id, Work work, Bodies known)
    {
        // The row decides who was first.
        var first = await work.Do($"""
            update notice set opened_at = {work.Now}, opened_by = {work.Actor.Id}, delivered_at = coalesce(delivered_at, {work.Now})
             where id = {id} and opened_at is null and to_agency = any ({work.Actor.Agencies}) and withheld_because is null
            """) > 0;
        if (await work.All<Notice>().AsNoTracking().ToMe(id, work) is not { } notice)
        {
            // What was withdrawn is not there any more: whoever comes back to it is shown that it was withdrawn, and why.
            return await work.One<Guid?>($"select newest_id from newest_notices(array[{id}])") is { } newest && newest != id && await work.All<Notice>().ToMe(newest, work) is { Kind: "withdrawal" } ? await Handle(newest, work, known) : null;
        }
        if (first)
        {
            work.Wakes($"report:{notice.ReportId}");
        }
        await work.Look("notice", notice.Id, [notice.FromAgency]);
        var bodies = await known.For(work);
        var names = await work.Ask<Named>($"""
            select o.name as opened_by, a.name as acknowledged_by, t.name as taken_by, (select id from notice c where c.supersedes_id = {id} limit 1) as corrected_by
              from (values ({notice.OpenedBy}::uuid, {notice.AcknowledgedBy}::uuid, {notice.TakenBy}::uuid)) n(o, a, t)
              left join practitioner o on o.id = n.o left join practitioner a on a.id = n.a left join practitioner t on t.id = n.t
            """).SingleAsync();
        var children = await work.Ask<Child>($"""
            with recursive chain(id, before) as (select id, supersedes_id from notice where id = {id} union select n.id, n.supersedes_id from notice n join chain on n.id = chain.before)
            select c.id as contact_id, c.mention_id, m.key, m.given, m.family, coalesce(m.expected is not null and m.born is null, false) as unborn, l.person_id as person, c.decision, c.reason, c.decided_at, p.name as decided_by, w.name as worker,
                   t.name as threshold, c.next_step as next, a.name as passed_to, c.parents_told, c.parents_not_told_because, c.sender_told,
                   case when c.passed_to is not null then (select e.decision from outcome_there(c.id) e) end as there, case when c.passed_to is not null then (select e.decided_at from outcome_there(c.id) e) end as there_at
              from contact c left join mention m on m.id = c.mention_id left join link l on l.source_record_id = m.source_record_id and l.undone_at is null
              left join practitioner p on p.id = c.decided_by left join practitioner w on w.id = c.worker_id
              left join threshold t on (t.key, t.version) = (c.threshold_key, c.threshold_version) left join agency a on a.id = c.passed_to
             where c.notice_id in (select id from chain) order by m.ordinal
            """).ToListAsync();
        var handed = await work.Ask<Handed>($"""
            select h.at, p.name as by, f.name as from_team, t.name as to_team, h.words from handing_on h join practitioner p on p.id = h.by join team f on f.id = h.from_team join team t on t.id = h.to_team
             where h.notice_id = {id} order by h.at
            """).ToListAsync();
        var contacts = children.Select(c => c.ContactId).ToList();
        var clocks = await work.All<Clock>().AsNoTracking().Where(c => (c.NoticeId == id || (c.ContactId != null && contacts.Contains(c.ContactId.Value))) && c.AgencyId == notice.ToAgency).OrderBy(c => c.DueAt).ToListAsync();
        var shown = JsonSerializer.Deserialize(notice.Shown!, ShownJson.Default.ReportIn)!;
        return new(notice.Id, notice.ReportId, notice.Kind, notice.ReportKind, notice.Urgent, bodies.Agencies[notice.FromAgency].Name, bodies.Agencies[notice.ToAgency].Name, bodies.Teams[notice.ToTeam!.Value].Name,
            notice.Why, notice.Basis, $"{notice.AgreementKey} version {notice.AgreementVersion}", notice.Tier, notice.OccurredAt, At(shown.OccurredUntil), At(shown.KnownAt), At(shown.RecordedAt), notice.SentAt, notice.OpenedAt, names.OpenedBy, notice.AcknowledgedAt, names.AcknowledgedBy, notice.TakenBy, names.TakenBy,
            shown, children, clocks, handed, names.CorrectedBy, notice.SupersedesId, notice.ReleasedAt is null ? notice.HeldFrom ?? [] : [], await Graded.Of(notice.ReportId, work));

        static Instant? At(string? said) => NodaTime.Text.OffsetDateTimePattern.ExtendedIso.Parse(said ?? "") is { Success: true } read ? read.Value.ToInstant() : null;
    }

    private sealed record Named(string? OpenedBy, string? AcknowledgedBy, string? TakenBy, Guid? CorrectedBy);
}

internal static class ToMeQuery
{
    /// <summary>A notice to this agency that this actor may see: never one that it sent.</summary>
    public static Task<Notice?> ToMe(this IQueryable<Notice> notices, Guid id, Work work) =>
        notices.FirstOrDefaultAsync(n => n.Id == id && work.Actor.Agencies.Contains(n.ToAgency) && n.WithheldBecause == null);
}
