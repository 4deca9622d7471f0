using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Site.Clocks;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Operation;

/// <summary>Work of the program that failed at its last attempt is a named person's to see to, with a clock that climbs like any other: one task for each kind of work, as long as any of it is stuck.</summary>
public sealed class StuckWork(Works works, Bodies known, ILogger<StuckWork> log) : Standing
{
    /// <param name="Clock">Of the task.</param>
    /// <param name="Kind">Of the work, as the log names it.</param>
    /// <param name="Jobs">How many are stuck.</param>
    /// <param name="Oldest">Since when the oldest of them is owed.</param>
    /// <param name="Faults">The kinds of fault; never a text.</param>
    /// <param name="Person">Whose task it is.</param>
    public sealed record Line(Guid Clock, string Kind, int Jobs, Instant? Oldest, string[] Faults, Instant DueAt, string? Person);

    private sealed record Found(string Kind, Guid? Clock);

    private sealed record Keeper(Guid Agency, Guid Team, Guid Person);

    protected override Task Run(CancellationToken stop) => Rounds(5, "Looking for work that is stuck", Round, log, stop);

    /// <summary>Answers how many tasks were begun.</summary>
    public Task<int> Round(CancellationToken stop = default) => works.AsWorker("Giving stuck work to a person", async work =>
    {
        var begun = 0;
        foreach (var one in await work.Ask<Found>($"select distinct j.kind, s.id as clock from job j left join stuck s on s.kind = j.kind and s.answered_at is null where j.state = 'stuck' and j.clock_id is null").ToListAsync(stop))
        {
            var clock = one.Clock ?? await Open(one.Kind, work, stop);
            if (clock is null)
            {
                continue;
            }
            begun += one.Clock is null ? 1 : 0;
            await work.Do($"update job set clock_id = {clock} where kind = {one.Kind} and state = 'stuck' and clock_id is null", stop);
        }
        return begun;
    }, stop);

    private async Task<Guid?> Open(string kind, Work work, CancellationToken stop)
    {
        // On duty first; of an installation's own team nobody may be, and then it is whoever answers for it.
        var keepers = await work.Ask<Keeper>($"""
            select t.agency_id as agency, t.id as team, p.id as person
              from post o join role r on r.key = o.role and 'operation.settle' = any (r.permits) join practitioner p on p.id = o.practitioner_id and p.during @> heed_now() and not p.is_system join team t on t.id = o.team_id
             where o.during @> heed_now() order by exists (select 1 from shift s where s.practitioner_id = p.id and s.during @> heed_now()) desc,
                   exists (select 1 from absence a where a.practitioner_id = p.id and a.during @> heed_now()), p.name limit 1
            """).ToListAsync(stop);
        if (keepers is not [var keeper] || Start.StuckWork($"Work of the program is stuck: {kind}", await known.For(work), keeper.Agency, keeper.Team, work.Now) is not { } clock)
        {
            return null;
        }
        await Begin.Handle(work, clock, null);
        await work.Do($"update clock set practitioner_id = {keeper.Person} where id = {clock.Id}", stop);
        // Of two programs at once the second waits here, and what it began is taken back with its work.
        await work.Do($"insert into stuck (id, kind) values ({clock.Id}, {kind})", stop);
        work.Wakes($"person:{keeper.Person}");
        return clock.Id;
    }

    public static async Task<IReadOnlyList<Line>> Open(Work work) => await work.Ask<Line>($"""
        select s.id as clock, s.kind, j.jobs, j.oldest, coalesce(j.faults, array[]::text[]) as faults, c.due_at, p.name as person
          from stuck s join clock c on c.id = s.id cross join lateral stuck_jobs(s.id) j left join practitioner p on p.id = c.practitioner_id where s.answered_at is null order by c.due_at
        """).ToListAsync();

    /// <param name="answer">again: what made it fail is mended, and it is tried anew; left: it stays undone.</param>
    public static async Task<Refusal?> Settle(Guid task, string? answer, string? words, Work work)
    {
        var errors = new Errors();
        errors.Need(answer is "again" or "left", "answer", "Choose whether it is tried again or left undone");
        errors.Need(words.Says(), "words", "Say in up to 2,000 characters what was mended, or why it is left; name nobody");
        if (errors.Count > 0)
        {
            return work.Refuse(errors);
        }
        switch (await work.One<string>($"select answer_stuck({task}, {answer}, {words!.Trim()})"))
        {
            case "done":
                await Stop.Met(work, task);
                work.Wakes(Jobs.Topic);
                return null;
            case "answered":
                return work.Refuse("answer", "Somebody has answered this already", kind: No.Conflict);
            default:
                return work.NotFound(task);
        }
    }
}
