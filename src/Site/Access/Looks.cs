using Heed.Plumbing;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Access;

/// <summary>The access notice: who looked, when and why, for whoever looks after the agency that they are of or whose record it was. Row security decides which.</summary>
public static class Looks
{
    public const int PageSize = 50;

    /// <param name="Role">As it was at that time.</param>
    /// <param name="AtWhat">person, notice, report, search, or the name of a page.</param>
    /// <param name="Emergency">The emergency access under which it was done.</param>
    /// <param name="At">When it was looked at.</param>
    /// <param name="Name">Who looked.</param>
    /// <param name="Rank">As it is now.</param>
    /// <param name="Agency">Of whoever looked.</param>
    /// <param name="Purpose">What it was looked at for: it stands on every page and call.</param>
    /// <param name="SubjectId">The person, notice, report or search; null where a page is about none.</param>
    public sealed record Line(Guid Id, Instant At, string Name, string Rank, string? Role, string Agency, string Purpose, string AtWhat, Guid? SubjectId, Guid? Emergency);

    /// <summary>How many people of an agency looked how often, in the last thirty days.</summary>
    public sealed record Tally(string Agency, int People, int Looks, Instant Latest);

    /// <summary>Newest first.</summary>
    /// <param name="records">Only at these source records; null for any.</param>
    /// <param name="whose">own: by people of this agency; others: by anybody else; else both.</param>
    /// <param name="before">The last look of the page before.</param>
    public static async Task<IReadOnlyList<Line>> Read(Work work, IReadOnlyCollection<Guid>? records = null, string? whose = null, Guid? before = null) => await work.Ask<Line>($"""
        select l.id, l.at, p.name, p.rank, (select string_agg(distinct r.name, ', ') from post o join role r on r.key = o.role where o.practitioner_id = l.actor and o.during @> l.at) as role, a.name as agency, l.purpose, l.at_what, l.subject_id, l.emergency_id as emergency
          from look l join practitioner p on p.id = l.actor join agency a on a.id = l.agency_id
         where ({records?.ToArray()}::uuid[] is null or l.records && {records?.ToArray()}::uuid[])
           and ({whose}::text is distinct from 'own' or l.agency_id = {work.Actor.Agency}) and ({whose}::text is distinct from 'others' or l.agency_id <> {work.Actor.Agency})
           and ({before}::uuid is null or (l.at, l.id) < (select b.at, b.id from look b where b.id = {before}))
         order by l.at desc, l.id desc limit {PageSize}
        """).ToListAsync();

    public static async Task<IReadOnlyList<Tally>> ByAgency(Work work, IReadOnlyCollection<Guid>? records = null) => await work.Ask<Tally>($"""
        select a.name as agency, count(distinct l.actor)::int as people, count(*)::int as looks, max(l.at) as latest from look l join agency a on a.id = l.agency_id
         where l.at > {work.Now - Duration.FromDays(30)} and ({records?.ToArray()}::uuid[] is null or l.records && {records?.ToArray()}::uuid[]) group by a.id, a.name order by max(l.at) desc
        """).ToListAsync();
}
