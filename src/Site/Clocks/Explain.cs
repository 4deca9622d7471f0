using Heed.Plumbing;
using Microsoft.EntityFrameworkCore;

namespace Heed.Site.Clocks;

/// <summary>
/// A late clock needs a reason, and a manager who is named and agrees to it (<see cref="Agree"/>). Until then whoever gave it may give a better one or name another;
/// once agreed it cannot be changed. The clock stays late.
/// </summary>
public static class Explain
{
    public sealed record Command(Guid Clock, string? Reason, Guid? Manager);

    public sealed record Manager(Guid Id, string Name, string Rank);

    /// <summary>Who may be named: stands above this work in its agency, may answer, and is neither whoever asks nor whose clock it is.</summary>
    public static async Task<IReadOnlyList<Manager>> Managers(Clock clock, Work work) => await work.Ask<Manager>($"""
        select distinct p.id, p.name, p.rank, p.can_sign_in
          from shift s join team t on t.id = s.team_id and t.agency_id = {clock.AgencyId} join practitioner p on p.id = s.practitioner_id and p.during @> heed_now()
          join post o on o.practitioner_id = p.id and o.during @> heed_now() join role r on r.key = o.role and 'clock.explain' = any (r.permits)
         where s.rung > 0 and p.agency_id = t.agency_id and p.id <> {work.Actor.Id} and p.id is distinct from {clock.PractitionerId} order by p.can_sign_in desc, p.name
        """).ToListAsync();

    public static async Task<Refusal?> Handle(Command ask, Work work)
    {
        if (await work.All<Clock>().FirstOrDefaultAsync(c => c.Id == ask.Clock) is not { } clock || !work.Actor.Agencies.Contains(clock.AgencyId))
        {
            return work.NotFound(ask.Clock);
        }
        if (clock.State is not ("breached" or "met-late"))
        {
            return work.Refuse("reason", "This clock is not late");
        }
        var manager = (await Managers(clock, work)).FirstOrDefault(m => m.Id == ask.Manager)?.Id;
        var errors = new Errors();
        errors.Need(ask.Reason.Says(4_000), "reason", "Say in up to 4,000 characters why it was late");
        errors.Need(manager is not null, "manager", "Name a manager who stands above this work in its agency: nobody agrees to their own reason or their own lateness");
        if (errors.Count > 0)
        {
            return work.Refuse(errors);
        }
        if (await work.Do($"""
            update clock set late_reason = {ask.Reason!.Trim()}, late_manager = {manager}, late_said_by = {work.Actor.Id}, late_said_at = {work.Now}
             where id = {clock.Id} and late_agreed_at is null and (late_reason is null or late_said_by = {work.Actor.Id})
            """) == 0)
        {
            return work.Refuse("reason", "A reason has been given already; open it again to see by whom", kind: No.Conflict);
        }
        await Note(work, clock.Id, "explained", ask.Reason.Trim(), manager);
        work.Wakes($"team:{clock.TeamId}");
        work.Wakes($"person:{manager}");
        return null;
    }

    internal static Task Note(Work work, Guid clock, string what, string? words, Guid? told) =>
        work.Do($"insert into clock_event (clock_id, ordinal, what, words, told) select {clock}, count(*), {what}, {words}, {told} from clock_event where clock_id = {clock}");
}
