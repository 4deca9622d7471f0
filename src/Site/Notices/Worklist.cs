using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Site.Clocks;
using Heed.Site.Layout;
using Heed.Statute;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Notices;

/// <summary>What somebody must do, an urgent notice that nobody has accepted before all else, then soonest first: every open clock of their teams, of their own, and those that have climbed to them.</summary>
public static class Worklist
{
    public const int PageSize = 60;

    /// <param name="View">team, me or agency.</param>
    /// <param name="State">"", late, unopened or undecided.</param>
    public sealed record Filter(string View = "team", string State = "", string Kind = "", int Page = 1);

    /// <param name="Notice">Null where the clock is somebody else's and only its lateness is shown.</param>
    /// <param name="Children">Names of children as the report gave them, from what this recipient was shown.</param>
    /// <param name="OwnReference">Of a report that this agency sent: its own time was late.</param>
    /// <param name="Owing">What is owed for a lateness that is over: "reason"; "agreement", where this actor was named; else empty.</param>
    /// <param name="ToMe">It climbed to this actor.</param>
    /// <param name="Undelivered">A machine could not deliver it, and a person is to see to that: not to be hidden behind another clock of the same notice.</param>
    /// <param name="Clock">The soonest of this line: GET /api/clocks/{id}.</param>
    /// <param name="UntoldId">The incident that nobody was told of, where it is about one.</param>
    /// <param name="Kind">notice, correction or withdrawal.</param>
    /// <param name="FromAgency">Who told.</param>
    /// <param name="Team">Whose it is.</param>
    /// <param name="OwnerAgency">Whose clock it is: another's, where a late one has climbed to this actor.</param>
    /// <param name="Worker">Who has the clock.</param>
    /// <param name="WorkerName">Who has the clock, by name.</param>
    /// <param name="Words">What is owed.</param>
    /// <param name="State">Of the clock: running, warned, breached or met-late.</param>
    /// <param name="Undecided">How many children of it wait for a decision.</param>
    /// <param name="Kept">It is about a restricted notice of this actor's own agency, which is its managers' to open or to give.</param>
    public sealed record Line(
        Guid Clock, Guid? Notice, Guid? ReportId, Guid? UntoldId, string? OwnReference, string? Kind, string? ReportKind, bool Urgent, string? Tier, string? FromAgency, string Team, string OwnerAgency, Guid? TakenBy, string? TakenByName, Guid? Worker, string? WorkerName,
        Instant? OccurredAt, Instant? SentAt, Instant? OpenedAt, Instant? AcknowledgedAt, string[] Children, string Words, string State, Instant DueAt, Instant? StoppedAt, int Undecided, bool ToMe, string Owing, bool Undelivered, bool Kept)
    {
        public bool Late(Instant now) => State == "breached" || StoppedAt is not null || DueAt < now;
    }

    /// <summary>A line's place: one for each notice in its newest version, else for a clock of no notice, and for what is owed about it; it stands where its first clock stands.</summary>
    /// <param name="Id">Null in the only row where no line has a place.</param>
    /// <param name="Among">How many clocks were read to find it.</param>
    private sealed record Place(Guid? Id, Guid? About, string? Owing, bool? Undelivered, bool? ToMe, int Among);

    /// <param name="unborn">What a child without a given name is called, in the reader's language.</param>
    public static async Task<IReadOnlyList<Line>> Read(Filter filter, Work work, Bodies known, string unborn = Called.Unborn)
    {
        var teams = Mine(work, await known.For(work));
        var before = (Math.Clamp(filter.Page, 1, 10_000) - 1) * PageSize;
        // A flooded team has tens of thousands of clocks, and the first lines need the first few of them; more only where many are about one notice, or few fit the filter.
        for (var first = 4 * (before + PageSize + 1); ; first *= 8)
        {
            var places = await Places(filter, before, first, teams, work);
            if (places.Count > PageSize || places[0].Among < first)
            {
                return places[0].Id is null ? [] : await Lines(places, work, unborn);
            }
        }
    }

    private static Task<List<Place>> Places(Filter filter, int before, int first, Guid[] teams, Work work)
    {
        var me = work.Actor.Id;
        var (mineOnly, everything) = (filter.View == "me", filter.View == "agency" && work.Actor.Reach == "agency");
        return work.Ask<Place>($"""
            -- Each by an index of its own, in its order: in one condition they would have every open clock of the nation read.
            with of_team as (
                select unnest(case when {everything} then array(select id from team where agency_id = {work.Actor.Agency}) when {mineOnly} then array[]::uuid[] else {teams} end) as id),
            mine as materialized (
                select c.*, w.to_me, w.owing
                  from (select c.* from of_team t cross join lateral (select * from clock c where c.team_id = t.id and c.state in ('running', 'warned', 'breached') and not coalesce(c.climbed_to = {me} and c.state = 'breached' or c.late_manager = {me} and c.late_agreed_at is null, false) order by c.urgent desc, c.due_at, c.id limit {first}) c
                        union select c.* from of_team t cross join lateral (select * from clock c where c.team_id = t.id and c.state = 'met-late' and c.late_reason is null order by c.urgent desc, c.due_at, c.id limit {first}) c
                        union select c.* from clock c where c.practitioner_id = {me} and c.state in ('running', 'warned', 'breached')
                        union select c.* from clock c where c.id = any ((select climbed_to_me() || asked_to_agree())::uuid[])) c
                 cross join lateral (select coalesce(c.climbed_to = {me} and c.state = 'breached', false) as to_me, case when c.late_manager = {me} and c.late_agreed_at is null then 'agreement' when c.state = 'met-late' then 'reason' else '' end as owing) w
                 order by w.to_me desc, w.owing, c.urgent desc, c.due_at, c.id limit {first}),
            of_line as (
                select c.*, coalesce(l.newest_id, notice_id, id) as about, limit_key in ({Start.Undelivered}, {Start.NotReached}) as undelivered
                  from mine c left join newest_notices(array(select notice_id from mine)) l using (notice_id)),
            line as (
                select distinct on (about, owing, undelivered) * from of_line order by about, owing, undelivered, to_me desc, urgent desc, due_at, id),
            place as (
                select l.* from line l
                 where ({filter.State} = '' or {filter.State} = 'late' and l.state in ('breached', 'met-late') or {filter.State} = 'undecided' and exists (select from of_line c where c.about = l.about and c.contact_id is not null)
                        or {filter.State} = 'unopened' and exists (select from notice n where n.id = l.about and n.to_agency = l.agency_id and n.opened_at is null))
                   and ({filter.Kind} = '' or exists (select from notice n where n.id = l.about and n.to_agency = l.agency_id and n.report_kind = {filter.Kind}))
                 order by to_me desc, owing, urgent desc, due_at, id limit {PageSize + 1} offset {before})
            select p.id, p.about, p.owing, p.undelivered, p.to_me, m.among
              from (select count(*)::int as among from mine) m left join place p on true
             order by p.to_me desc, p.owing, p.urgent desc, p.due_at, p.id
            """).ToListAsync();
    }

    // Only what is shown is joined; row security is asked of those rows and of no others.
    private static async Task<IReadOnlyList<Line>> Lines(List<Place> places, Work work, string unborn) => await work.Ask<Line>($"""
        select s.id as clock, n.id as notice, s.report_id, s.untold_id, r.reference as own_reference, n.kind, n.report_kind, coalesce(n.urgent, false) as urgent, n.tier, f.name as from_agency, t.name as team, o.name as owner_agency, n.taken_by, p.name as taken_by_name,
               w.id as worker, w.name as worker_name, n.occurred_at, n.sent_at, n.opened_at, n.acknowledged_at,
               array(select concat_ws(' ', case when x.p ? 'expected' and not x.p ? 'givenNames' then {unborn} end, x.p ->> 'givenNames', x.p ->> 'familyName')
                       from jsonb_array_elements(case when jsonb_typeof(n.shown -> 'people') = 'array' then n.shown -> 'people' else '[]' end) x(p)
                      where x.p ? 'expected' or x.p -> 'roles' ?| array['child', 'unborn', 'pupil']) as children,
               s.words, s.state, s.due_at, s.stopped_at,
               (with recursive version(id, before) as (select n.id, n.supersedes_id union all select x.id, x.supersedes_id from version v join notice x on x.id = v.before)
                select count(*)::int from version v join clock c on c.notice_id = v.id
                 where c.contact_id is not null and c.state in ('running', 'warned', 'breached') and (c.team_id, c.practitioner_id) is not distinct from (s.team_id, s.practitioner_id)) as undecided,
               g.to_me, g.owing, g.undelivered, s.agency_id = {work.Actor.Agency} and s.notice_id is not null and n.id is null as kept
          from unnest({places.Select(p => p.Id!.Value).ToArray()}, {places.Select(p => p.About!.Value).ToArray()}, {places.Select(p => p.Owing!).ToArray()}, {places.Select(p => p.Undelivered!.Value).ToArray()}, {places.Select(p => p.ToMe!.Value).ToArray()}) with ordinality g(id, about, owing, undelivered, to_me, place)
          join clock s using (id) join team t on t.id = s.team_id join agency o on o.id = s.agency_id
          left join lateral (select * from notice x where x.id = g.about and x.to_agency = s.agency_id offset 0) n on true left join agency f on f.id = n.from_agency left join practitioner p on p.id = n.taken_by left join practitioner w on w.id = s.practitioner_id
          left join lateral (select * from report x where x.id = s.report_id and x.agency_id = s.agency_id offset 0) r on true
         order by g.place
        """).ToListAsync();

    /// <summary>A team that covers another has the other's work while that one is closed, and only then.</summary>
    public static Guid[] Mine(Work work, Snapshot bodies) =>
        [.. work.Actor.Teams.Where(bodies.Teams.ContainsKey).Where(t => bodies.Teams[t] is var team && (team.CoveredById is not { } cover || !work.Actor.Teams.Contains(cover) || !team.IsOpen(work.Now, bodies.Calendar)))];

    /// <summary>How many notices came for these teams since a moment: for the live bar.</summary>
    public static Task<int> Since(Instant since, Work work, Snapshot bodies) => work.One<int>($"""
        select count(*)::int from notice n where n.to_team = any ({Mine(work, bodies)}) and n.sent_at > {since} and n.withheld_because is null
        """);
}
