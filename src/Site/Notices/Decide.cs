using Heed.Plumbing;
using Heed.Site.Clocks;
using Microsoft.EntityFrameworkCore;

namespace Heed.Site.Notices;

/// <summary>
/// What becomes of a contact, for one child: a manager's decision, with a reason. It stops the working-day clock.
/// A referral opens an episode, or joins the one that is open.
/// </summary>
public static class Decide
{
    public sealed record Command(Guid Contact, string? Decision, string? Reason, bool? ParentsTold = null, string? ParentsNotToldBecause = null);

    public static readonly IReadOnlyDictionary<string, string> Decisions = new Dictionary<string, string>
    {
        ["referral"] = "Accept as a referral",
        ["open-case"] = "Add to the open case",
        ["early-help"] = "Offer early help",
        ["another-council"] = "Pass to another council",
        ["no-further-action"] = "No further action",
    };

    public static async Task<Refusal?> Handle(Command ask, Work work)
    {
        if (await work.All<Contact>().FirstOrDefaultAsync(c => c.Id == ask.Contact) is not { } contact)
        {
            return work.NotFound(ask.Contact);
        }
        if (ask.Decision is null || !Decisions.ContainsKey(ask.Decision))
        {
            return work.Refuse("decision", "Choose what happens next for this child", Statute.Referral.Decision.Source);
        }
        if (string.IsNullOrWhiteSpace(ask.Reason) || ask.Reason.Length > 10_000 || ask.Reason.Contains('\0'))
        {
            return work.Refuse("reason", "Say in up to 10,000 characters why: it is read the next time this child is mentioned", Statute.Referral.Decision.Source);
        }
        if (ask.ParentsNotToldBecause is { } because && (because.Length > 10_000 || because.Contains('\0')))
        {
            return work.Refuse("parentsNotToldBecause", "At most 10,000 characters, and none of them U+0000");
        }
        if (ask.ParentsTold == false && string.IsNullOrWhiteSpace(ask.ParentsNotToldBecause))
        {
            return work.Refuse("parentsNotToldBecause", "Say why the parents were not told");
        }
        // The row decides who was first, not what this work read of it.
        if (await work.Do($"""
            update contact set decision = {ask.Decision}, reason = {ask.Reason.Trim()}, decided_at = {work.Now}, decided_by = {work.Actor.Id}, parents_told = {ask.ParentsTold}, parents_not_told_because = {ask.ParentsNotToldBecause}
             where id = {contact.Id} and decision is null
            """) == 0)
        {
            return work.Refuse("decision", "This child's contact has been decided already; open it again to see by whom", kind: No.Conflict);
        }
        if (ask.Decision == "referral")
        {
            await Refer(contact, work);
        }
        await Stop.Met(work, contact.NoticeId, [Statute.Referral.Decision.Key, Statute.Referral.DecisionInWales.Key], contact.Id);
        work.Wakes($"team:{contact.TeamId}");
        return null;
    }

    private static async Task Refer(Contact contact, Work work)
    {
        var from = await work.Ask<From>($"select source_record_id, kind from subject_of({contact.Id})").SingleAsync();
        // One open episode per child and council: who comes second joins it.
        await work.Do($"insert into episode (id, agency_id, source_record_id, opened_at) values ({Guid.CreateVersion7()}, {contact.AgencyId}, {from.SourceRecordId}, {work.Now}) on conflict do nothing");
        await work.Do($"""
            insert into referral (id, contact_id, episode_id, agency_id, source_code, at)
            select {Guid.CreateVersion7()}, {contact.Id}, e.id, {contact.AgencyId}, {from.Kind switch { "police" => "6", "school" => "2A", "health" => "3F", _ => "10" }}, {work.Now}
              from episode e where e.agency_id = {contact.AgencyId} and e.source_record_id = {from.SourceRecordId} and e.closed_at is null
            """);
    }

    private sealed record From(Guid SourceRecordId, string Kind);
}
