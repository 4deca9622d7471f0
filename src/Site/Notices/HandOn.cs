using Heed.Plumbing;
using Heed.Site.Access;
using Microsoft.EntityFrameworkCore;

namespace Heed.Site.Notices;

/// <summary>Hands a notice on to another team of the same agency, or to one person in it, with the reason. Its clocks go with it and do not stop.</summary>
public static class HandOn
{
    public sealed record Command(Guid Notice, Guid Team, Guid? Practitioner, string? Words);

    public static async Task<Refusal?> Handle(Command ask, Work work, Bodies known)
    {
        if (await work.All<Notice>().ToMe(ask.Notice, work) is not { } notice)
        {
            return work.NotFound(ask.Notice);
        }
        var bodies = await known.For(work);
        var team = bodies.Teams.GetValueOrDefault(ask.Team);
        var errors = new Errors();
        errors.Need(team?.AgencyId == notice.ToAgency, "team", "Choose a team of your own agency; another agency is told by a report of its own");
        errors.Need(ask.Words.Says(), "words", "Say in up to 2,000 characters why you hand it on: it is the next person's first line");
        if (errors.Count > 0)
        {
            return work.Refuse(errors);
        }
        if (ask.Practitioner is { } person && !await work.One<bool>($"select exists (select 1 from post where practitioner_id = {person} and team_id = {team!.Id} and during @> heed_now())"))
        {
            return work.Refuse("practitioner", "This person has no post in that team now");
        }
        if (!await work.One<bool>($"hand_on({notice.Id}, {notice.ToTeam}, {team!.Id}, {ask.Practitioner}, {ask.Words!.Trim()})"))
        {
            return work.Refuse("notice", "Somebody else has handed this on a moment ago", kind: No.Conflict);
        }
        work.Wakes($"team:{notice.ToTeam}");
        work.Wakes($"team:{team.Id}");
        return null;
    }
}
