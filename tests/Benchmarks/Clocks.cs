using System.Diagnostics;

namespace Heed.Benchmarks;

/// <summary>Ten thousand clocks that come due in one second: until the last has climbed, and whether anybody was told twice.</summary>
internal static class Clocks
{
    private const int Many = 10_000;

    public static async Task Run(Machine machine, Table table)
    {
        Console.WriteLine("Ten thousand clocks due in one second …");
        using (var police = machine.Police())
        {
            await Machine.Send(police, machine.Reports(1, seed: 31).First());
        }
        await Once(machine, table, 1);
        await machine.AddSite();
        await Task.Delay(2_000);
        await Once(machine, table, 2);
        machine.StopSite(1);
    }

    private static async Task Once(Machine machine, Table table, int programs)
    {
        var team = machine.Loaded.Teams["norton-stockton-front-door"];
        await machine.Do($"""
            insert into clock (id, limit_key, words, agency_id, team_id, report_id, anchor, anchor_at, warn_at, due_at, climb_every, next_at)
            select gen_random_uuid(), 'bench-{programs}-' || i, 'Benchmark', t.agency_id, t.id, (select id from report limit 1), 'Received', now(), d.at, d.at, interval '1 day', d.at
              from generate_series(1, {Many}) i cross join lateral (select now() + interval '3 seconds' + interval '1 second' * i / {Many} as at) d join team t on t.id = '{team}'
            """);
        await machine.Do("analyze clock");
        var due = await machine.Row<double>($"select extract(epoch from max(due_at) - clock_timestamp())::float8 from clock where limit_key like 'bench-{programs}-%'");
        var clock = Stopwatch.StartNew();
        var before = await machine.Cpu();
        while (await machine.Row<bool>($"select exists (select 1 from clock where limit_key like 'bench-{programs}-%' and state = 'running')") && clock.Elapsed.TotalSeconds < 120)
        {
            await Task.Delay(50);
        }
        var took = clock.Elapsed.TotalSeconds - due;
        var after = await machine.Cpu();
        var told = await machine.Row<long>($"select count(*) from clock_event e join clock c on c.id = e.clock_id where c.limit_key like 'bench-{programs}-%' and e.what = 'breached' and e.told is not null");
        var twice = await machine.Row<long>($"select count(*) from (select clock_id from clock_event e join clock c on c.id = e.clock_id where c.limit_key like 'bench-{programs}-%' group by 1 having count(*) > 1) x");
        table.Add($"{Many:N0} clocks due in one second, {programs} program{(programs == 1 ? "" : "s")}: the last climbed after", FormattableString.Invariant($"{took:0.0} s"), "< 5 s", took < 5 && told == Many && twice == 0, $"told {told:N0}, twice {twice}; {Machine.Shares(before, after, clock.Elapsed.TotalSeconds)}");
    }
}
