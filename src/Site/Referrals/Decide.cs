using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Site.Clocks;
using Heed.Site.Notices;
using Microsoft.EntityFrameworkCore;

namespace Heed.Site.Referrals;

/// <summary>
/// What becomes of a contact, for one child: a decision made with the child's history on the same page, against the partnership's threshold, with a reason.
/// It stops the working-day clock and is told to whoever sent the report. A referral opens an episode, or joins the one that is open, and begins an assessment.
/// </summary>
public static class Decide
{
    /// <param name="Shown">The showing of the child's history that the decision was made from.</param>
    /// <param name="Next">For a referral: assessment, strategy-discussion or visit-today.</param>
    /// <param name="Council">For another-council: which.</param>
    /// <param name="SenderTold">What whoever sent the report is told, besides the decision.</param>
    public sealed record Command(
        Guid Contact, Guid? Shown, string? Decision, string? Threshold, string? Reason, bool? ParentsTold, string? ParentsNotToldBecause = null, string? Next = null, Guid? Council = null, string? SenderTold = null);

    public static readonly IReadOnlyDictionary<string, string> NextSteps = new Dictionary<string, string>
    {
        ["assessment"] = "Assessment begins",
        ["strategy-discussion"] = "Strategy discussion, then assessment",
        ["visit-today"] = "Visit today, then assessment",
    };

    private const int MostWords = 10_000;

    public static async Task<Refusal?> Handle(Command ask, Work work, Bodies known)
    {
        if (await work.All<Contact>().FirstOrDefaultAsync(c => c.Id == ask.Contact) is not { } contact)
        {
            return work.NotFound(ask.Contact);
        }
        var bodies = await known.For(work);
        var level = bodies.Thresholds.FirstOrDefault(t => t.Key == ask.Threshold);
        if (Wrong(ask, contact, level, bodies) is { Count: > 0 } errors)
        {
            return work.Refuse(errors, Statute.Referral.Decision.Source);
        }
        if (contact.Decision is not null)
        {
            return Decided();
        }
        if (await work.All<ShownHistory>().FirstOrDefaultAsync(s => s.Id == ask.Shown && s.ContactId == contact.Id && s.Actor == work.Actor.Id) is not { } shown)
        {
            return work.Refuse("shown", "Decide with what was known before in front of you: open the decision page, and decide from there");
        }
        var from = await work.Ask<From>($"select s.source_record_id, s.kind, l.person_id, n.report_id, n.report_kind, n.urgent from subject_of({contact.Id}) s left join link l on l.source_record_id = s.source_record_id and l.undone_at is null join notice n on n.id = {contact.NoticeId}").SingleAsync();
        if (ask.Decision == "open-case" && contact.WorkerId is null && !await work.One<bool>($"select exists (select 1 from episode e left join link l on l.source_record_id = e.source_record_id and l.undone_at is null where e.agency_id = {contact.AgencyId} and e.closed_at is null and (e.source_record_id = {from.SourceRecordId} or l.person_id = {from.PersonId}) for share of e)"))
        {
            return work.Refuse("decision", "No case of this child is open here, so that nobody would have it: a brother's or sister's case is theirs alone. Choose a referral, which opens one", Statute.Referral.Decision.Source);
        }
        var before = from.PersonId is { } person ? await Consider.Before(person, from.ReportId, work) : null;
        if (before?.Entries.Select(e => e.ReportId).Except(shown.Reports).Count() is > 0 and var unseen)
        {
            return work.Refuse("shown", unseen == 1 ? "One more report about this child has come in, or been found to be about them, since this page was shown to you. Read it, then decide"
                : $"{unseen} more reports about this child have come in, or been found to be about them, since this page was shown to you. Read them, then decide", kind: No.Conflict);
        }
        var could = before?.Entries.SelectMany(e => new[] { e.Notice, e.Report }).OfType<Guid>().Append(from.PersonId!.Value).ToArray() ?? [];
        // The row decides who was first, not what this work read of it.
        if (await work.Do($"""
            update contact set decision = {ask.Decision}, threshold_key = {level!.Key}, threshold_version = {level.Version}, next_step = {(ask.Decision == "referral" ? ask.Next : null)}, passed_to = {(ask.Decision == "another-council" ? ask.Council : null)}, reason = {ask.Reason!.Trim()},
                   decided_at = {work.Now}, decided_by = {work.Actor.Id}, sender_told = {Blank(ask.SenderTold)}, parents_told = {ask.ParentsTold}, parents_not_told_because = {(ask.ParentsTold == true ? null : Blank(ask.ParentsNotToldBecause))}, shown_id = {shown.Id},
                   opened = array(select distinct l.subject_id from look l where l.actor = {work.Actor.Id} and l.at >= received_at and l.subject_id = any ({could}))
             where id = {contact.Id} and decision is null
            """) == 0)
        {
            return Decided();
        }
        if (ask.Decision == "referral")
        {
            await Refer(contact, from, bodies, work);
        }
        if (ask.Decision == "another-council" && await PassOn.Handle(contact, ask.Council!.Value, from.ReportId, from.ReportKind, from.Urgent, bodies, work) is { } no)
        {
            return no;
        }
        await Stop.Met(work, contact.NoticeId, [Statute.Referral.Decision.Key, Statute.Referral.DecisionInWales.Key], contact.Id);
        await Triage.Decided(contact.NoticeId, work);
        work.Wakes($"team:{contact.TeamId}");
        work.Wakes($"report:{from.ReportId}");
        return null;

        Refusal Decided() => work.Refuse("decision", "This child's contact has been decided already; open it again to see by whom", kind: No.Conflict);
    }

    private static Dictionary<string, string[]> Wrong(Command ask, Contact contact, Threshold? level, Snapshot bodies)
    {
        var errors = new Errors();
        void Needs(bool fine, string field, string why)
        {
            if (!fine)
            {
                errors.TryAdd(field, [why]);
            }
        }
        Needs(level is not null, "threshold", "Choose the level of the threshold document that this child's needs reach");
        Needs(ask.Decision is not null && KindWords.Decisions.ContainsKey(ask.Decision), "decision", "Choose what happens next for this child");
        Needs(ask.Decision != "referral" || (ask.Next is not null && NextSteps.ContainsKey(ask.Next)), "next", "Choose what the referral begins with");
        Needs(ask.Decision != "another-council" || (ask.Council is { } to && to != contact.AgencyId && bodies.Agencies.TryGetValue(to, out var body) && body.Kind == "council"), "council", "Choose the council that it goes to");
        Needs(ask.Reason.Says(MostWords), "reason", $"Say in up to {MostWords:N0} characters why: it is read the next time this child is mentioned");
        Needs(ask.ParentsTold is not null, "parentsTold", "Say whether the parents have been told");
        Needs(ask.ParentsTold != false || !string.IsNullOrWhiteSpace(ask.ParentsNotToldBecause), "parentsNotToldBecause", "Say why the parents were not told");
        Needs(ask.ParentsNotToldBecause.Fits(MostWords), "parentsNotToldBecause", $"At most {MostWords:N0} characters, and none of them U+0000");
        Needs(ask.SenderTold.Fits(MostWords), "senderTold", $"At most {MostWords:N0} characters, and none of them U+0000");
        return errors;
    }

    private static async Task Refer(Contact contact, From from, Snapshot bodies, Work work)
    {
        // One open episode per child and council: who comes second joins it, and it is not closed meanwhile.
        List<Guid> open;
        while ((open = await work.Ask<Guid>($"select id as \"Value\" from episode where agency_id = {contact.AgencyId} and source_record_id = {from.SourceRecordId} and closed_at is null for share").ToListAsync()).Count == 0)
        {
            await work.Do($"insert into episode (id, agency_id, source_record_id, opened_at) values ({Ids.Next()}, {contact.AgencyId}, {from.SourceRecordId}, {work.Now}) on conflict do nothing");
        }
        var referral = Ids.Next();
        await work.Do($"""
            insert into referral (id, contact_id, episode_id, agency_id, source_code, at)
            values ({referral}, {contact.Id}, {open[0]}, {contact.AgencyId}, {from.Kind switch { "police" => "6", "school" => "2A", "health" => "3F", "council" => "5C", _ => "10" }}, {work.Now})
            """);
        var team = bodies.TeamOf(contact.AgencyId, "assessment")?.Id ?? contact.TeamId;
        // One open assessment in an episode: where one is under way, this referral joins it.
        if (await work.Do($"""
            insert into assessment (id, referral_id, episode_id, contact_id, agency_id, team_id, began_at)
            select {Ids.Next()}, r.id, r.episode_id, r.contact_id, r.agency_id, {team}, {work.Now} from referral r where r.id = {referral} on conflict do nothing
            """) == 1 && Start.Assessment(bodies, contact.AgencyId, team, contact.ReceivedAt) is { } clock)
        {
            await Begin.Handle(work, clock with { Notice = contact.NoticeId, Contact = contact.Id }, from.ReportId);
            work.Wakes($"team:{team}");
        }
    }

    private static string? Blank(string? words) => string.IsNullOrWhiteSpace(words) ? null : words.Trim();

    private sealed record From(Guid SourceRecordId, string Kind, Guid? PersonId, Guid ReportId, string ReportKind, bool Urgent);
}
