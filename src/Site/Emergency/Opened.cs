using Heed.Plumbing;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Emergency;

/// <summary>What was opened in an emergency, as far as this actor may know: their own, their agency's, and that of what their agency holds.</summary>
public static class Opened
{
    public const int Most = 200;

    /// <param name="Owners">Whose records they were.</param>
    /// <param name="Mine">This actor opened it.</param>
    /// <param name="Ours">Somebody of this agency opened it: its reviewers review it.</param>
    /// <param name="DueAt">By when it is reviewed; null where the partnership has no such limit.</param>
    /// <param name="Person">The child, for whoever may see them.</param>
    /// <param name="Name">Who opened it.</param>
    /// <param name="Rank">Of whoever opened it.</param>
    /// <param name="Agency">Of whoever opened it.</param>
    /// <param name="Why">danger, missing, unknown-child, treatment or other.</param>
    /// <param name="Words">In the words of whoever opened it.</param>
    /// <param name="At">When it was opened.</param>
    /// <param name="Until">An hour after; it is over then whether or not anybody ends it.</param>
    /// <param name="EndedAt">When that was recorded, or when they ended it themselves.</param>
    /// <param name="EndedHow">lapsed or by-hand.</param>
    /// <param name="Clock">Of the review.</param>
    /// <param name="ClockState">As a clock's state.</param>
    /// <param name="ReviewedAt">When somebody else of the same agency reviewed it.</param>
    /// <param name="ReviewedBy">Who reviewed it.</param>
    /// <param name="Justified">What they found; null until then.</param>
    /// <param name="Review">Why, in their words.</param>
    /// <param name="Looks">How often something was looked at under it.</param>
    public sealed record Line(
        Guid Id, Guid Person, string Name, string Rank, string Agency, string[] Owners, bool Mine, bool Ours, string Why, string Words, Instant At, Instant Until, Instant? EndedAt, string? EndedHow, Guid? Clock, Instant? DueAt, string? ClockState,
        Instant? ReviewedAt, string? ReviewedBy, bool? Justified, string? Review, int Looks)
    {
        public bool IsOpen(Instant now) => EndedAt is null && Until > now;
    }

    /// <summary>To be reviewed first, the soonest due before the others; then newest first.</summary>
    public static async Task<IReadOnlyList<Line>> Read(Work work, Guid? one = null) => await work.Ask<Line>($"""
        select e.id, e.person_id as person, p.name, p.rank, a.name as agency, array(select o.name from agency o where o.id = any (e.owners) order by o.name) as owners, p.id = {work.Actor.Id} as mine, e.agency_id = {work.Actor.Agency} as ours,
               e.why, e.words, e.at, e.until, e.ended_at, e.ended_how, e.clock_id as clock, c.due_at, c.state as clock_state, e.reviewed_at, r.name as reviewed_by, e.justified, e.review, (select count(*)::int from look l where l.emergency_id = e.id) as looks
          from emergency_access e join practitioner p on p.id = e.practitioner_id join agency a on a.id = e.agency_id left join practitioner r on r.id = e.reviewed_by left join clock c on c.id = e.clock_id
         where {one}::uuid is null or e.id = {one} order by e.reviewed_at is not null, e.agency_id <> {work.Actor.Agency}, case when e.reviewed_at is null then c.due_at end, e.at desc limit {Most}
        """).ToListAsync();
}
