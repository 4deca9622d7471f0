using Heed.Benchmarks;

namespace Heed.Drills;

/// <summary>F13: reports whose people can never be worked out, and a job of a kind that nobody knows, among all the others.</summary>
internal static class Poison
{
    public static async Task Run(Drill drill, int? times)
    {
        var machine = drill.Machine;
        var before = await Resolved(drill, seed: 13);
        await machine.Do("""
            create function poison() returns trigger language plpgsql as $$ begin if new.kind = 'people.resolve' and new.state = 'done' and exists (select 1 from report r where r.id = new.subject_id and r.content ->> 'summary' like 'Poison%') then raise exception 'poison'; end if; return new; end $$;
            create trigger poison before update on job for each row execute function poison();
            insert into job (id, kind, subject_id, urgent) values (gen_random_uuid(), 'poison', gen_random_uuid(), true);
            """);
        var poisons = times ?? 5;
        foreach (var json in machine.Reports(poisons, seed: 14))
        {
            var report = System.Text.Json.Nodes.JsonNode.Parse(json)!;
            report["summary"] = "Poison";
            await drill.Force.Send(report.ToJsonString());
        }
        var among = await Resolved(drill, seed: 15);
        await drill.Until(async () => await machine.Row<long>("select count(*) from job where state = 'stuck'") == poisons + 1, "What always fails is set aside after five tries");
        drill.Must("Whatever comes with it is worked out as soon as before, but for a handful that is done again one by one", among <= Math.Max(2 * before, before + 1), $"p99 {Drill.Seconds(before)} before, {Drill.Seconds(among)} among {poisons}");
        drill.Must("Each was tried five times, and says the kind of fault", await machine.Row<long>("select count(*) from job where state = 'stuck' and attempts = 5 and fault is not null") == poisons + 1, await machine.Row<string>("select string_agg(distinct fault, ', ') from job where state = 'stuck'"));
        drill.Must("It is said aloud", (await drill.Health()).Checks["stuck jobs"] == "attention", $"/healthz, stuck jobs: {(await drill.Health()).Checks["stuck jobs"]}");
        await machine.Do("drop trigger poison on job; delete from job where kind = 'poison'; update job set state = 'ready', attempts = 0, run_at = heed_now(), leased_until = null where state = 'stuck'");
        await drill.Settled();
        drill.Must("Once mended and set ready it is done", await machine.Row<long>("select count(*) from job where state <> 'done'") == 0, $"{await machine.Row<long>("select count(*) from job where state <> 'done'")} left");
    }

    /// <summary>Seconds from a report's receipt to its people known, at the 99th percentile, at 30 reports a second.</summary>
    private static async Task<double> Resolved(Drill drill, int seed)
    {
        await drill.Force.Flood(drill.Machine.Reports(450, seed), 30, 8);
        await drill.Until(async () => await drill.Machine.Row<long>($"select count(*) from job j join report r on r.id = j.subject_id where r.reference like 'B{seed}/%' and j.state <> 'done'") == 0, "Every other report is worked out");
        return await drill.Machine.Row<double>($"""
            select percentile_disc(0.99) within group (order by extract(epoch from l.at - r.received_at))::float8
              from report r cross join lateral (select min(l.at) as at from mention m join link l on l.source_record_id = m.source_record_id and l.at >= r.received_at where m.report_id = r.id) l where r.reference like 'B{seed}/%' and l.at is not null
            """);
    }
}
