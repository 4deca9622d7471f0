using Heed.Plumbing;

namespace Heed.Site.Clocks;

/// <summary>
/// Looks at every clock whose next moment has come: warns, declares the breach, climbs to the next person on duty.
/// Claimed by state with SKIP LOCKED, so that any number of programs may sweep at once; the same transaction writes who was told, so that nobody is told twice.
/// </summary>
public sealed class Sweep(Works works, ILogger<Sweep> log) : Standing
{
    public const int AtOnce = 1000;

    protected override Task Run(CancellationToken stop) => Rounds(1, "A sweep of the clocks", async s =>
    {
        while (await Round(s) == AtOnce)
        {
            // There may be more.
        }
    }, log, stop);

    /// <summary>One step of each of up to <see cref="AtOnce"/> clocks. Answers how many moved.</summary>
    public Task<int> Round(CancellationToken stop = default) => works.AsWorker("Minding the clocks", async work =>
    {
        await using var batch = work.Batch();
        batch.BatchCommands.Add(new("""
            with due as materialized (
                select id, team_id, practitioner_id, warn_at, due_at, state, told, climb_every from clock
                 where next_at <= heed_now() order by next_at limit $1 for update skip locked),
            ladders as materialized (select team_id, ladder(team_id, heed_now()) as above from (select distinct team_id from due) t),
            -- While a team is closed, who covers it is who it has.
            duty as materialized (select l.team_id, coalesce((select d.practitioner_id from on_duty(l.team_id, 0, heed_now()) d order by d.rung limit 1),
                                                             (select d.practitioner_id from team t cross join lateral on_duty(t.covered_by_id, 0, heed_now()) d where t.id = l.team_id order by d.rung limit 1)) as practitioner_id from ladders l),
            present as materialized (select distinct d.practitioner_id as id from due d join shift s on s.practitioner_id = d.practitioner_id and s.during @> heed_now()
                                      where not exists (select 1 from absence a where a.practitioner_id = d.practitioner_id and a.during @> heed_now())),
            step as (
                select d.id, d.team_id, d.state, d.due_at, d.climb_every,
                       case when d.state = 'running' and heed_now() < d.due_at then 'warned' when d.state in ('running', 'warned') then 'breached' else 'climbed' end as what,
                       -- A warning goes to whoever has it, if on duty, else to who is on duty for the team; a breach to the first above who has not been told.
                       case when d.state = 'running' and heed_now() < d.due_at then coalesce((select p.id from present p where p.id = d.practitioner_id), u.practitioner_id, d.practitioner_id)
                            else (select p from unnest(l.above) with ordinality x(p, o) where p <> all (d.told) and p is distinct from d.practitioner_id
                                    and not exists (select 1 from clock_event e where e.clock_id = d.id and e.what = 'warned' and e.told = p) order by o limit 1) end as whom
                  from due d join ladders l using (team_id) join duty u using (team_id)),
            -- At the top of the ladder it rests; where nobody at all could be told, it asks again and again.
            moved as (
                update clock c set
                       state = case s.what when 'warned' then 'warned' else 'breached' end,
                       next_at = case when s.what = 'warned' then c.due_at when s.whom is null and s.what = 'climbed' and cardinality(c.told) > 0 then null else heed_now() + c.climb_every end,
                       told = case when s.whom is null or s.whom = any (c.told) or s.what = 'warned' then c.told else c.told || s.whom end,
                       climbed_to = case when s.what = 'warned' then c.climbed_to else coalesce(s.whom, c.climbed_to) end
                  from step s where s.id = c.id
                returning c.id, c.team_id, s.what, s.whom),
            noted as (
                insert into clock_event (clock_id, ordinal, what, told)
                select m.id, (select count(*) from clock_event e where e.clock_id = m.id), case when m.what = 'climbed' and m.whom is null then 'nobody-on-duty' else m.what end, m.whom from moved m)
            select team_id, coalesce(whom, team_id), count(*)::int from moved group by 1, 2
            """) { Parameters = { new() { Value = AtOnce } } });
        var moved = 0;
        await using var row = await batch.ExecuteReaderAsync(stop);
        while (await row.ReadAsync(stop))
        {
            work.Wakes($"team:{row.GetGuid(0)}");
            work.Wakes($"person:{row.GetGuid(1)}");
            moved += row.GetInt32(2);
        }
        return moved;
    }, stop);
}
