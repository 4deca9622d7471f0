using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Site.Clocks;
using Heed.Statute;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Incidents;

/// <summary>
/// A person of the force's desk says what an incident is that nobody was told of: a child was there, none was, a false alarm, or that a report tells of it under another reference.
/// It holds for this incident alone: no kind, address or person is left out of what is looked at next.
/// </summary>
public static class Answer
{
    /// <param name="What">child, no-child, dismissed or same-report.</param>
    public sealed record Command(Guid Untold, string? What, string? Reason, Guid? Report = null);

    public static async Task<Refusal?> Handle(Command ask, Work work, Bodies known, CancellationToken stop = default)
    {
        if (await work.Ask<Standing>($"select id, agency_id, incident_id, asks, state, found_at from untold where id = {ask.Untold}").FirstOrDefaultAsync(stop) is not { } untold)
        {
            return work.NotFound(ask.Untold);
        }
        var errors = new Errors();
        errors.Need(ask.What is "child" or "no-child" or "dismissed" or "same-report", "what", "Choose what it was");
        errors.Need(ask.Reason.Says(), "reason", "Say in up to 2,000 characters how you know: it stands beside the incident, with your name");
        if (errors.Count > 0)
        {
            return work.Refuse(errors);
        }
        if (untold.State != "open")
        {
            return work.Refuse("what", "This was answered already, or a report came meanwhile; open it again", kind: No.Conflict);
        }
        if (ask.What is "child" or "no-child" && untold.Asks == "tell")
        {
            return work.Refuse("what", "It is known that a child was there. If that was a mistake dismiss it, and say why", Notification.LocalAuthority.Source);
        }
        Instant? told = null;
        if (ask.What == "same-report")
        {
            told = await work.Ask<Instant>($"""select r.received_at as "Value" from incident_report x join report r on r.id = x.report_id where x.incident_id = {untold.IncidentId} and x.report_id = {ask.Report}""").ToListAsync(stop) is [var received] ? received : null;
            if (told is null)
            {
                return work.Refuse("report", "Choose one of the reports that may tell of it");
            }
        }
        var state = ask.What switch { "child" => "open", "same-report" => told > untold.FoundAt ? "late-after-all" : "same-report", var other => other };
        // Answered by somebody else in this moment, or told after all: the row decides.
        if (await work.Do($"""
            update untold set asks = case when {ask.What} = 'child' then 'tell' else asks end, state = {state}, closed_at = case when {state} <> 'open' then {work.Now} end, report_id = {(told is null ? null : ask.Report)}, told_at = {told}
             where id = {ask.Untold} and state = 'open' and asks = {untold.Asks}
            """, stop) == 0)
        {
            return work.Refuse("what", "This was answered already, or a report came meanwhile; open it again", kind: No.Conflict);
        }
        await work.Do($"insert into untold_answer (id, untold_id, what, reason) values ({Ids.Next()}, {ask.Untold}, {ask.What}, {ask.Reason!.Trim()})", stop);
        await Clocks.Stop.Met(work, [ask.Untold], [Start.ChildQuestion, .. ask.What == "child" ? Array.Empty<string>() : [Start.Untold]]);
        if (ask.What == "child")
        {
            await Compare.Ask(untold.AgencyId, "tell", [ask.Untold], await known.For(work), work, stop);
            await Delays.Silent([untold.IncidentId], work, stop);
        }
        else
        {
            await work.Do($"update delay set left_out = true, dismissed = {ask.What != "same-report"} where incident_id in (select o.id from incident o join untold u on u.agency_id = o.agency_id and u.reference = o.reference where u.id = {ask.Untold}) and report_id is null", stop);
        }
        work.Wakes($"incidents:{untold.AgencyId}");
        return null;
    }

    private sealed record Standing(Guid Id, Guid AgencyId, Guid IncidentId, string Asks, string State, Instant FoundAt);
}
