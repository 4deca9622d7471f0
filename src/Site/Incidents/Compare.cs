using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Site.Clocks;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NpgsqlTypes;

namespace Heed.Site.Incidents;

/// <summary>
/// Holds a force's log against the reports that arrived. The force's own reference decides first; then the same record or address in a report of the same kind within two hours, where nothing else fits either of them.
/// Whatever is less stays open, with the report beside it, until a person says that it is the one: a wrong match would silence what it should have found.
/// Where nobody was told, a child in the log is to be told of, and signs of one are a question. Signs are read from the force's own records only: what a council or a school knows is not shown by asking.
/// </summary>
public sealed class Compare(Bodies known)
{
    public const string Job = "incidents.compare";
    public const int AtOnce = 5_000;

    /// <summary>Kinds in which a log that is silent about children is itself a sign.</summary>
    private static readonly string[] MayConcernChildren = ["domestic-abuse", "missing", "child-concern", "neglect", "physical-injury", "exploitation", "online-abuse"];

    internal static async Task Owe(Guid list, int after, Work work, CancellationToken stop)
    {
        if (await work.Do($"insert into job (id, kind, subject_id, urgent) select new_id(), {Job}, id, true from incident where list_id = {list} and line > {after} order by line limit 1 on conflict do nothing", stop) > 0)
        {
            work.Wakes(Jobs.Topic);
        }
    }

    /// <summary>The job: this incident and those after it in its list, some thousand at a time.</summary>
    public async Task Handle(Guid[] first, Work work, CancellationToken stop)
    {
        var at = await work.Ask<Place>($"select list_id, line, agency_id from incident where id = {first.Single()}").SingleAsync(stop);
        var some = await work.Ask<Some>($"select id, line from incident where list_id = {at.ListId} and line >= {at.Line} order by line limit {AtOnce}").ToListAsync(stop);
        await Hold(at.AgencyId, [.. some.Select(s => s.Id)], work, stop);
        await Owe(at.ListId, some[^1].Line, work, stop);
    }

    /// <summary>Reports arrived, and who their people are has been worked out: what they tell of is silent no longer.</summary>
    public async Task Arrived(Guid[] reports, Work work, CancellationToken stop)
    {
        await Delays.Arrived(reports, work, stop);
        foreach (var agency in await work.Ask<Guid>($"""select distinct r.agency_id as "Value" from report r where r.id = any ({reports}) and exists (select 1 from incident i where i.agency_id = r.agency_id) order by 1""").ToListAsync(stop))
        {
            var told = await work.Ask<Guid>($"""
                select i.id as "Value" from report r join incident i on i.agency_id = r.agency_id and plain(i.reference) = plain(r.reference) where r.id = any ({reports}) and r.agency_id = {agency}
                union select u.incident_id from report r join incident i on i.agency_id = r.agency_id and i.occurred_at between lower(r.occurred) - interval '2 hours' and lower(r.occurred) + interval '2 hours' join untold u on u.incident_id = i.id and u.state = 'open'
                       where r.id = any ({reports}) and r.agency_id = {agency}
                """).ToArrayAsync(stop);
            if (told.Length > 0)
            {
                await Hold(agency, told, work, stop);
            }
        }
    }

    private async Task Hold(Guid force, Guid[] incidents, Work work, CancellationToken stop)
    {
        // One comparison of a force at a time: of a list and a report that come at once, the later sees what the earlier found.
        await work.Do($"select pg_advisory_xact_lock(hashtextextended({$"compare {force}"}, 2))", stop);
        var ids = await work.Ask<Guid>($"""select i.id as "Value" from incident i where i.id = any ({incidents}) and not exists (select 1 from incident l where l.agency_id = i.agency_id and l.reference = i.reference and l.version > i.version)""").ToArrayAsync(stop);
        await Match(ids, work, stop);
        await Find(force, ids, work, stop);
        await Close(ids, work, stop);
        await Delays.Logged(ids, work, stop);
        work.Wakes($"incidents:{force}");
    }

    private static async Task Match(Guid[] ids, Work work, CancellationToken stop)
    {
        await work.Do($"""
            insert into incident_report (incident_id, report_id, certainty, how)
            select i.id, r.id, 'certain', case when r.reference = i.reference then 'reference' else 'reference, written otherwise' end
              from incident i join report r on r.agency_id = i.agency_id and plain(r.reference) = plain(i.reference) where i.id = any ({ids})
            on conflict do nothing
            """, stop);
        await work.Do($"""
            with open as materialized (
                select i.* from incident i where i.id = any ({ids}) and not exists (select 1 from incident_report x where x.incident_id = i.id)),
            near as (
                select distinct on (o.id, r.id) o.id, r.id as report_id, o.agency_id, r.kind = o.kind as same_kind, y.how, lower(r.occurred) as at, y.number
                  from open o cross join lateral (
                       select m.report_id, 'the same record' as how, p.number from incident_person p join source_record s on s.agency_id = o.agency_id and s.number = p.number join mention m on m.source_record_id = s.id where p.incident_id = o.id and m.report_id is not null
                       union all select m.report_id, 'the same address', null from residence d join mention m on m.id = d.mention_id where d.postcode = o.postcode and d.address = o.address and m.agency_id = o.agency_id and m.report_id is not null) y
                  join report r on r.id = y.report_id and r.agency_id = o.agency_id and lower(r.occurred) between o.occurred_at - interval '2 hours' and o.occurred_at + interval '2 hours'
                 where not exists (select 1 from incident e where e.agency_id = r.agency_id and plain(e.reference) = plain(r.reference))
                 order by o.id, r.id, y.how desc),
            -- Another call to the same house that night may be what the report tells of.
            judged as (
                select n.*, n.same_kind and count(*) over (partition by n.id) = 1 and count(*) over (partition by n.report_id) = 1
                       and not exists (select 1 from incident e, incident o where o.id = n.id and e.agency_id = n.agency_id and e.reference <> o.reference and e.occurred_at between n.at - interval '2 hours' and n.at + interval '2 hours'
                                          and (e.postcode = o.postcode and e.address = o.address or exists (select 1 from incident_person a join incident_person b using (number) where a.incident_id = e.id and b.incident_id = o.id))) as alone
                  from near n)
            insert into incident_report (incident_id, report_id, certainty, how)
            select id, report_id, case when alone then 'strong' else 'possible' end, how || case when same_kind then ', the same kind, within two hours' else ', another kind, within two hours' end from judged
            on conflict do nothing
            """, stop);
        // By the time alone: of the reports of the three days after each that is still silent, and of no others.
        await work.Do($"""
            with open as materialized (select i.id, i.agency_id, i.kind, i.occurred_at from incident i where i.id = any ({ids}) and not exists (select 1 from incident_report x where x.incident_id = i.id)),
            near as materialized (
                select o.id, r.id as report_id, r.agency_id, r.reference from open o cross join lateral (
                       select x.id, x.agency_id, x.reference from report x where x.agency_id = o.agency_id and x.received_at between o.occurred_at and o.occurred_at + interval '3 days' and x.kind = o.kind
                          and lower(x.occurred) between o.occurred_at - interval '30 minutes' and o.occurred_at + interval '30 minutes' offset 0) r)
            insert into incident_report (incident_id, report_id, certainty, how)
            select n.id, n.report_id, 'possible', 'the same kind, within half an hour' from near n
             where not exists (select 1 from (select plain(n.reference) as reference offset 0) p join incident e on e.agency_id = n.agency_id and plain(e.reference) = p.reference)
            on conflict do nothing
            """, stop);
    }

    private async Task Find(Guid force, Guid[] ids, Work work, CancellationToken stop)
    {
        // Nobody is asked twice: what stands open is asked more of, never less, by a later version of the log. What a person had answered holds for what they knew of: a sign that is new since opens it again.
        var found = await work.Ask<Found>($"""
            with signs as materialized (
                select i.id, i.agency_id, i.reference, i.child, array_remove(array[
                       case when i.child then 'child-present' end,
                       case when i.child is null and i.kind = any ({MayConcernChildren}) then 'log-does-not-say' end,
                       case when exists (select 1 from residence d join mention m on m.id = d.mention_id
                                          where d.postcode = i.postcode and d.address = i.address and m.agency_id = i.agency_id and m.is_child and d.sensitivity is null and (m.born is null or m.born + interval '18 years' > i.occurred_at)
                                            and (upper_inf(d.during) or upper(d.during) > (i.occurred_at at time zone 'Europe/London')::date)) then 'child-lives-there' end,
                       case when exists (select 1 from incident_person p join source_record s on s.agency_id = i.agency_id and s.number = p.number join mention a on a.source_record_id = s.id
                                           join relationship l on l.to_mention_id = a.id and l.kind in ('mother', 'father', 'parent', 'step-parent', 'carer') join mention c on c.id = l.mention_id
                                          where p.incident_id = i.id and c.is_child and c.expected is null and (c.born is null or c.born + interval '18 years' > i.occurred_at))
                         -- Who is whose was not said; that they care for a child of that report was.
                         or exists (select 1 from incident_person p join source_record s on s.agency_id = i.agency_id and s.number = p.number join mention a on a.source_record_id = s.id and 'carer' = any (a.roles)
                                           join mention c on c.report_id = a.report_id and c.is_child and c.expected is null and (c.born is null or c.born + interval '18 years' > i.occurred_at)
                                          where p.incident_id = i.id) then 'their-child' end,
                       case when i.pregnant or exists (select 1 from incident_person p join source_record s on s.agency_id = i.agency_id and s.number = p.number join mention a on a.source_record_id = s.id
                                           join relationship l on l.to_mention_id = a.id join mention c on c.id = l.mention_id
                                          where p.incident_id = i.id and c.expected between (i.occurred_at at time zone 'Europe/London')::date - 14 and (i.occurred_at at time zone 'Europe/London')::date + 300) then 'pregnancy' end], null) as why
                  from incident i where i.id = any ({ids}) and not exists (select 1 from incident_report x where x.incident_id = i.id and x.certainty <> 'possible')),
            asked as (
                insert into untold as u (id, agency_id, reference, incident_id, asks, why)
                select new_id(), agency_id, reference, id, case when child then 'tell' else 'question' end, why from signs where cardinality(why) > 0
                on conflict (agency_id, reference) do update set incident_id = excluded.incident_id, asks = case when excluded.asks = 'tell' then 'tell' else u.asks end, why = array(select distinct unnest(u.why || excluded.why) order by 1), state = 'open', closed_at = null
                 where u.state = 'open' or u.state in ('dismissed', 'no-child') and not excluded.why <@ u.why
                returning u.id, u.asks, u.incident_id)
            select id, asks, incident_id from asked
            """).ToListAsync(stop);
        var bodies = await known.For(work);
        foreach (var some in found.GroupBy(f => f.Asks))
        {
            await Ask(force, some.Key, [.. some.Select(f => f.Id)], bodies, work, stop);
        }
        if (found.Count > 0)
        {
            await Clocks.Stop.Met(work, [.. found.Where(f => f.Asks == "tell").Select(f => f.Id)], [Start.ChildQuestion]);
        }
    }

    /// <summary>A clock for each, of the force's desk. One that runs runs on.</summary>
    internal static async Task Ask(Guid force, string asks, Guid[] untold, Snapshot bodies, Work work, CancellationToken stop)
    {
        var limit = asks == "tell" ? Start.Untold : Start.ChildQuestion;
        if (bodies.TeamOf(force, "mash-desk", "duty-managers", "response") is not { } team || Start.Silence(limit, bodies, force, team.Id, work.Now) is not { } clock)
        {
            return;
        }
        await work.Do($"""
            insert into clock (id, limit_key, limit_version, words, agency_id, team_id, untold_id, anchor, anchor_at, warn_at, due_at, climb_every, next_at, started_at)
            select new_id(), {clock.LimitKey}, {clock.LimitVersion}, {clock.Words}, {force}, {team.Id}, u, {clock.Anchor.ToString()}, {clock.AnchorAt}, {clock.WarnAt}, {clock.DueAt}, {clock.Climb.ToTimeSpan()}, {clock.WarnAt}, {work.Now}
              from unnest({untold}) u on conflict do nothing
            """, stop);
        work.Wakes($"team:{team.Id}");
    }

    /// <summary>A report came after all, whatever a person had said of the incident meanwhile: late, and it stays so.</summary>
    private static async Task Close(Guid[] ids, Work work, CancellationToken stop)
    {
        var late = await work.Ask<Guid>($"""
            with told as materialized (
                select distinct on (x.incident_id) i.agency_id, i.reference, x.report_id, r.received_at from incident i join incident_report x on x.incident_id = i.id and x.certainty <> 'possible' join report r on r.id = x.report_id
                 where i.id = any ({ids}) order by x.incident_id, r.received_at),
            closed as (
                update untold u set state = 'late-after-all', report_id = t.report_id, told_at = t.received_at, closed_at = {work.Now} from told t
                 where u.agency_id = t.agency_id and u.reference = t.reference and u.state not in ('late-after-all', 'same-report') returning u.id)
            select id as "Value" from closed
            """).ToArrayAsync(stop);
        if (late.Length > 0)
        {
            await Clocks.Stop.Met(work, late, [Start.Untold, Start.ChildQuestion]);
        }
    }

    private sealed record Place(Guid ListId, int Line, Guid AgencyId);

    private sealed record Some(Guid Id, int Line);

    private sealed record Found(Guid Id, string Asks, Guid IncidentId);
}
