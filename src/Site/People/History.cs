using System.Text.Json.Serialization;
using Heed.Plumbing;
using Heed.Site.Notices;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.People;

/// <summary>
/// What is known of one person from every agency that this actor may see, newest first, and a line for each that holds more.
/// Counts and facts; what they mean is a practitioner's to say.
/// </summary>
/// <param name="Entries">The newest incident first.</param>
/// <param name="HeldElsewhere">A line for each agency that holds more, and whom to ask. Nothing sealed.</param>
/// <param name="Doubts">Open questions whether somebody else's record is this person's too.</param>
public sealed record History(IReadOnlyList<History.Entry> Entries, IReadOnlyList<History.Elsewhere> HeldElsewhere, IReadOnlyList<History.Doubt> Doubts)
{
    /// <param name="Notice">Set where this agency was told; its page shows what it was told.</param>
    /// <param name="Report">Set where this agency said it.</param>
    /// <param name="Kind">Of the report: domestic-abuse, missing and so on.</param>
    /// <param name="Agency">Which agency said it.</param>
    /// <param name="Grade">The officer's own; null where there is none.</param>
    /// <param name="Reference">The sender's own.</param>
    /// <param name="Precision">How exactly the time is known: "about", "over the weekend".</param>
    /// <param name="KnownAt">When the sender knew; null where this reader is not shown it.</param>
    /// <param name="Roles">This person's in it.</param>
    /// <param name="Summary">As this reader was shown it.</param>
    /// <param name="OwnWords">The child's.</param>
    /// <param name="Seen">Whether the child was seen; null where nobody said.</param>
    /// <param name="SeenAlone">Whether the child was seen without the others; null where nobody said.</param>
    /// <param name="Reason">Why the council decided so: its own to see.</param>
    /// <param name="Corrected">A later version has taken its place.</param>
    public sealed record Entry(
        Guid? Notice, Guid? Report, string Kind, string Agency, string? Grade, string Reference, Instant OccurredAt, Instant? OccurredUntil, string Precision, Instant? KnownAt, Instant? RecordedAt, Instant ReceivedAt,
        string[] Roles, string? Summary, string? OwnWords, bool? Seen, bool? SeenAlone, string? Decision, string? Reason, Instant? DecidedAt, string? DecidedBy, bool Corrected,
        [property: JsonIgnore] Guid ReportId);

    /// <param name="Agency">Who holds it.</param>
    /// <param name="Ask">Their team to ask.</param>
    /// <param name="Records">How many.</param>
    public sealed record Elsewhere(string Agency, string Ask, string Tier, int Records);

    /// <summary>Somebody on record who is near and not certain: their history may be this person's too. Once, however many pairs of their records were compared.</summary>
    /// <param name="Id">Of one such pair, the latest.</param>
    /// <param name="Reason">What is alike.</param>
    /// <param name="Name">Of the other record.</param>
    /// <param name="Agency">Whose the other record is.</param>
    /// <param name="Person">Whose page the other record is on.</param>
    public sealed record Doubt(Guid Id, string Reason, string? Name, LocalDate? Born, string Agency, Guid? Person);

    public static async Task<History> Read(Guid person, Work work, Guid? exceptReport = null)
    {
        var entries = await work.Ask<Entry>($"""
            select notice, report, kind, agency, grade, reference, occurred_at, occurred_until, precision, known_at, recorded_at, received_at, roles, summary, own_words, seen, seen_alone, decision, reason, decided_at, decided_by, corrected, report_id
              from history_of({person}) where report_id is distinct from {exceptReport}::uuid order by occurred_at desc
            """).ToListAsync();
        var elsewhere = await work.Ask<Elsewhere>($"select agency, ask, tier, records from held_elsewhere({person})").ToListAsync();
        var doubts = await work.Ask<Doubt>($"""
            select distinct on (coalesce(o.person_id, x.source_record_id)) d.id, d.reason, nullif(concat_ws(' ', x.given, x.family), '') as name, x.born, a.name as agency, o.person_id as person
              from link l join possible_match d on l.source_record_id in (d.source_record_id, d.other_id) and d.state = 'open'
              join mention x on x.source_record_id = case when l.source_record_id = d.source_record_id then d.other_id else d.source_record_id end join agency a on a.id = x.agency_id
              left join link o on o.source_record_id = x.source_record_id and o.undone_at is null
             where l.person_id = {person} and l.undone_at is null and o.person_id is distinct from {person} order by coalesce(o.person_id, x.source_record_id), x.recorded_at desc, d.id
            """).ToListAsync();
        return new(entries, elsewhere, doubts);
    }

    /// <summary>"4 reports in 90 days, from 2 agencies; the last 3 days ago": what can honestly be counted.</summary>
    public int InDays(int days, Instant now) => Entries.Count(e => !e.Corrected && e.OccurredAt > now - Duration.FromDays(days));

    /// <summary>How many agencies the entries come from.</summary>
    public int Agencies => Entries.Select(e => e.Agency).Distinct().Count();

    /// <summary>As it stood when something arrived: without what came later, what is corrected, and the incident itself.</summary>
    public History Before(Instant received, string? reference) => this with { Entries = [.. Entries.Where(e => e.ReceivedAt < received && !e.Corrected && e.Reference != reference)] };

    /// <summary>How many of the entries were decided as no further action.</summary>
    public int WithoutFurtherAction => Entries.Count(e => e.Decision == "no-further-action");
}

/// <summary>History's doubts, as a page warns of them.</summary>
/// <param name="Compare">Whether they lead to the page that compares the records and decides, or to the other's own page.</param>
public sealed record DoubtsView(IReadOnlyList<History.Doubt> Doubts, Guid Child, bool Compare)
{
    public const int Most = 5;
}
