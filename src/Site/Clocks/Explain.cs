using Heed.Plumbing;
using Microsoft.EntityFrameworkCore;

namespace Heed.Site.Clocks;

/// <summary>A late clock needs a reason, and somebody else who agreed to it. Neither can be changed afterwards, and the clock stays late.</summary>
public static class Explain
{
    public sealed record Command(Guid Clock, string? Reason, Guid? AgreedBy);

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
        if (string.IsNullOrWhiteSpace(ask.Reason) || ask.Reason.Length > 4_000 || ask.Reason.Contains('\0'))
        {
            return work.Refuse("reason", "Say in up to 4,000 characters why it was late");
        }
        if (ask.AgreedBy is not { } agreed || agreed == work.Actor.Id)
        {
            return work.Refuse("agreedBy", "Name the manager who agreed; nobody agrees to their own reason");
        }
        if (!await work.One<bool>($"select exists (select 1 from shift s join team t on t.id = s.team_id where s.practitioner_id = {agreed} and s.rung > 0 and t.agency_id = {clock.AgencyId})"))
        {
            return work.Refuse("agreedBy", "Only somebody who stands above this work in its agency can agree");
        }
        if (await work.Do($"""
            update clock set late_reason = {ask.Reason.Trim()}, late_agreed_by = {agreed}, late_said_by = {work.Actor.Id}, late_said_at = {work.Now} where id = {clock.Id} and late_reason is null
            """) == 0)
        {
            return work.Refuse("reason", "A reason has been given already, and stands", kind: No.Conflict);
        }
        await work.Do($"insert into clock_event (clock_id, ordinal, what, words) select {clock.Id}, count(*), 'explained', {ask.Reason.Trim()} from clock_event where clock_id = {clock.Id}");
        work.Wakes($"team:{clock.TeamId}");
        return null;
    }
}
