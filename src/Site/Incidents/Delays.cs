using Heed.Plumbing;

namespace Heed.Site.Incidents;

/// <summary>How long each telling took, as rows that hold nothing about anybody (Timeliness reads them).</summary>
internal static class Delays
{
    /// <summary>A first version of a force's report, to the council that had it first. One that reached no council by Heed has no row.</summary>
    public static Task Arrived(Guid[] reports, Work work, CancellationToken stop) => work.Do($"""
        insert into delay (id, force_id, council_id, report_id, team, shift, grade, kind, channel, occurred_at, known_at, received_at, content)
        select new_id(), r.agency_id, n.to_agency, r.id, r.content #>> array['reporter', 'team'], r.content #>> array['reporter', 'shift'], r.content #>> array['risk', 'grade'], r.kind,
               case when r.purpose = 'Sending the reports of a file' then 'file' when p.is_system then 'api' else 'form' end, lower(r.occurred), r.known_at, r.received_at,
               (select round(100 * avg((num_nonnulls(m.given, m.family, coalesce(m.born, m.expected), m.address, coalesce(m.school_urn, m.school_name), m.own_words, m.seen, r.content #>> array['risk', 'grade'])) / 8.0)) from mention m where m.report_id = r.id and m.is_child)
          from report r join agency a on a.id = r.agency_id and a.kind = 'police' join practitioner p on p.id = r.recorded_by
          join lateral (select x.to_agency from notice x join agency c on c.id = x.to_agency and c.kind = 'council' where x.report_id = r.id and x.withheld_because is null order by x.sent_at, x.id limit 1) n on true
         where r.id = any ({reports}) and r.supersedes_id is null
        on conflict do nothing
        """, stop);

    /// <summary>A child was there and nothing has arrived yet.</summary>
    public static Task Silent(Guid[] incidents, Work work, CancellationToken stop) => work.Do($"""
        insert into delay (id, force_id, council_id, incident_id, team, shift, grade, kind, occurred_at, known_at, claimed_at)
        select new_id(), i.agency_id, i.council_id, i.id, i.team, i.shift, i.grade, i.kind, i.occurred_at, coalesce(i.attended_at, i.recorded_at), i.told_at
          from incident i join untold u on u.agency_id = i.agency_id and u.reference = i.reference and u.asks = 'tell' and u.state = 'open'
         where i.id = any ({incidents}) and i.council_id is not null
           and not exists (select 1 from delay d join incident o on o.id = d.incident_id where o.agency_id = i.agency_id and o.reference = i.reference)
        on conflict do nothing
        """, stop);

    /// <summary>What the log adds: that the force claims to have told, its team, shift and grade; and what is silent.</summary>
    public static async Task Logged(Guid[] incidents, Work work, CancellationToken stop)
    {
        await Silent(incidents, work, stop);
        // Opened again after an answer: it waits still, and since it happened.
        await work.Do($"""
            update delay d set left_out = false, dismissed = false from untold u join incident i on i.agency_id = u.agency_id and i.reference = u.reference
             where i.id = any ({incidents}) and d.incident_id in (select o.id from incident o where o.agency_id = u.agency_id and o.reference = u.reference) and d.report_id is null and u.state = 'open' and u.asks = 'tell' and d.left_out
            """, stop);
        // It has come after all: the report's own row says when; what stood for the silence steps back.
        await work.Do($"""
            update delay d set left_out = true, dismissed = false from untold u join incident i on i.agency_id = u.agency_id and i.reference = u.reference
             where i.id = any ({incidents}) and d.incident_id in (select o.id from incident o where o.agency_id = u.agency_id and o.reference = u.reference) and d.report_id is null and u.state in ('late-after-all', 'same-report') and (d.dismissed or not d.left_out)
            """, stop);
        await work.Do($"""
            update delay d set claimed_at = i.told_at, team = coalesce(d.team, i.team), shift = coalesce(d.shift, i.shift), grade = coalesce(d.grade, i.grade)
              from incident_report x join incident i on i.id = x.incident_id
             where i.id = any ({incidents}) and x.certainty <> 'possible' and d.report_id = x.report_id and (d.claimed_at is distinct from i.told_at or d.team is null or d.shift is null or d.grade is null)
            """, stop);
    }
}
