using Heed.Plumbing;

namespace Heed.Site.Clocks;

/// <summary>Starts a clock from a decision. What a report starts is written with the report itself, in its own batch. One that runs already runs on: another decision buys it no time.</summary>
public static class Begin
{
    public static Task Handle(Work work, NewClock clock, Guid? report) => work.Do($"""
        insert into clock (id, limit_key, limit_version, words, agency_id, team_id, report_id, notice_id, contact_id, anchor, anchor_at, warn_at, due_at, climb_every, next_at, started_at, urgent)
        values ({clock.Id}, {clock.LimitKey}, {clock.LimitVersion}, {clock.Words}, {clock.Agency}, {clock.Team}, {report}, {clock.Notice}, {clock.Contact}, {clock.Anchor.ToString()}, {clock.AnchorAt}, {clock.WarnAt}, {clock.DueAt},
                {clock.Climb.ToTimeSpan()}, {clock.WarnAt}, {work.Now}, {clock.Urgent}) on conflict do nothing
        """);
}
