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
    public sealed record Line(
        Guid Clock, Guid? Notice, Guid? ReportId, string? OwnReference, string? Kind, string? ReportKind, bool Urgent, string? Tier, string? FromAgency, string Team, string OwnerAgency, Guid? TakenBy, string? TakenByName, Guid? Worker, string? WorkerName,
        Instant? OccurredAt, Instant? SentAt, Instant? OpenedAt, Instant? AcknowledgedAt, string[] Children, string Words, string State, Instant DueAt, Instant? StoppedAt, int Undecided, bool ToMe, string Owing, bool Undelivered)
    {
        public bool Late(Instant now) => State == "breached" || StoppedAt is not null || DueAt < now;
    }

    /// <param name="unborn">What a child without a given name is called, in the reader's language.</param>
    public static async Task<IReadOnlyList<Line>> Read(Filter filter, Work work, Bodies known, string unborn = Called.Unborn)
    {
        var bodies = await known.For(work);
        var teams = Mine(work, bodies);
        var me = work.Actor.Id;
        var now = work.Now;
        var (mineOnly, everything) = (filter.View == "me", filter.View == "agency" && work.Actor.Reach == "agency");
        return await work.Ask<Line>($"""
            -- Each by an index of its own: in one condition they would have every open clock of the nation read.
            with mine as (
                select c.* from clock c
                 where c.team_id = any ((select case when {everything} then array(select t.id from team t where t.agency_id = {work.Actor.Agency}) when {mineOnly} then array[]::uuid[] else {teams} end)::uuid[])
                   and (c.state in ('running', 'warned', 'breached') or c.state = 'met-late' and c.late_reason is null)
                union select c.* from clock c where c.practitioner_id = {me} and c.state in ('running', 'warned', 'breached')
                union select c.* from clock c where c.id = any ((select climbed_to_me() || asked_to_agree())::uuid[])),
            open as materialized (
                select c.id, c.notice_id, c.contact_id, c.due_at, c.urgent, c.limit_key in ({Start.Undelivered}, {Start.NotReached}) as undelivered, c.climbed_to = {me} and c.state = 'breached' as to_me, case when c.late_manager = {me} and c.late_agreed_at is null then 'agreement' when c.state = 'met-late' then 'reason' else '' end as owing
                  from mine c),
            ranked as (
                select o.id, o.due_at, o.owing, coalesce(l.newest_id, o.notice_id, o.id) as about, o.undelivered, count(o.contact_id) over same::int as undecided, bool_or(o.to_me) over same as climbed, bool_or(o.urgent) over same as first, row_number() over (same order by o.due_at, o.id) as place
                  from open o left join newest_notices(array(select notice_id from open)) l using (notice_id)
                window same as (partition by coalesce(l.newest_id, o.notice_id, o.id), o.owing, o.undelivered)),
            -- Only what is shown is joined; row security is asked of those rows and of no others.
            page as materialized (
                select * from ranked where place = 1 order by coalesce(climbed, false) desc, owing, first desc, due_at, id limit case when {filter.State == "" && filter.Kind == ""} then {PageSize + 1 + ((Math.Max(filter.Page, 1) - 1) * PageSize)} end)
            select s.id as clock, n.id as notice, s.report_id, r.reference as own_reference, n.kind, n.report_kind, coalesce(n.urgent, false) as urgent, n.tier, f.name as from_agency, t.name as team, o.name as owner_agency, n.taken_by, p.name as taken_by_name,
                   w.id as worker, w.name as worker_name, n.occurred_at, n.sent_at, n.opened_at, n.acknowledged_at,
                   array(select concat_ws(' ', case when x.p ? 'expected' and not x.p ? 'givenNames' then {unborn} end, x.p ->> 'givenNames', x.p ->> 'familyName')
                           from jsonb_array_elements(case when jsonb_typeof(n.shown -> 'people') = 'array' then n.shown -> 'people' else '[]' end) x(p)
                          where x.p ? 'expected' or x.p -> 'roles' ?| array['child', 'unborn', 'pupil']) as children,
                   s.words, s.state, s.due_at, s.stopped_at, g.undecided, coalesce(g.climbed, false) as to_me, g.owing, g.undelivered
              from page g join clock s on s.id = g.id join team t on t.id = s.team_id join agency o on o.id = s.agency_id
              left join lateral (select * from notice x where x.id = g.about and x.to_agency = s.agency_id offset 0) n on true left join agency f on f.id = n.from_agency left join practitioner p on p.id = n.taken_by left join practitioner w on w.id = s.practitioner_id
              left join lateral (select * from report x where x.id = s.report_id and x.agency_id = s.agency_id offset 0) r on true
             where ({filter.State} = '' or {filter.State} = 'late' and (s.state in ('breached', 'met-late')) or {filter.State} = 'unopened' and n.id is not null and n.opened_at is null or {filter.State} = 'undecided' and g.undecided > 0)
               and ({filter.Kind} = '' or n.report_kind = {filter.Kind})
             order by coalesce(g.climbed, false) desc, g.owing, g.first desc, g.due_at, coalesce(n.urgent, false) desc, s.id limit {PageSize + 1} offset {(Math.Max(filter.Page, 1) - 1) * PageSize}
            """).ToListAsync();
    }

    /// <summary>A team that covers another has the other's work while that one is closed, and only then.</summary>
    public static Guid[] Mine(Work work, Snapshot bodies) =>
        [.. work.Actor.Teams.Where(bodies.Teams.ContainsKey).Where(t => bodies.Teams[t] is var team && (team.CoveredById is not { } cover || !work.Actor.Teams.Contains(cover) || !team.IsOpen(work.Now, bodies.Calendar)))];

    /// <summary>How many notices came for these teams since a moment: for the live bar.</summary>
    public static Task<int> Since(Instant since, Work work, Snapshot bodies) => work.One<int>($"""
        select count(*)::int from notice n where n.to_team = any ({Mine(work, bodies)}) and n.sent_at > {since} and n.withheld_because is null
        """);
}
