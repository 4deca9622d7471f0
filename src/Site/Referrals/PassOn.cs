using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Site.Clocks;
using Microsoft.EntityFrameworkCore;

namespace Heed.Site.Referrals;

/// <summary>A contact that is another council's goes there as a notice, with all that this council was shown, and starts that council's clocks.</summary>
internal static class PassOn
{
    public static async Task<Refusal?> Handle(Contact contact, Guid council, Guid report, string kind, bool urgent, Snapshot bodies, Work work)
    {
        if (bodies.AgreementFor("council", "council", kind, work.Now) is not { } agreement)
        {
            return work.Refuse("council", "No sharing agreement in force covers passing this on. Telephone them, and record it under another decision");
        }
        if (bodies.TeamOf(council, "front-door") is not { } team)
        {
            return work.Refuse("council", "This council has no front door here. Telephone them, and record it under another decision");
        }
        var passed = await work.Ask<Passed>($"select notice_id, contact_id, theirs from pass_on({contact.Id}, {council}, {team.Id}, {agreement.Key}, {agreement.Version})").SingleAsync();
        if (!passed.Theirs)
        {
            return work.Refuse("council", "This council was told of it and has decided about this child: passing it back would leave the child with nobody. Speak to them, and record what comes of it under another decision", kind: No.Conflict);
        }
        if (passed.ContactId is not { } there)
        {
            // Told by the sender itself, it has a contact and a clock of its own for this child.
            return null;
        }
        await Begin.Handle(work, Start.Decision(bodies, council, team.Id, work.Now) with { Notice = passed.NoticeId, Contact = there }, report);
        if (Start.Acknowledgement(bodies, council, team.Id, work.Now, urgent) is { } acknowledge)
        {
            await Begin.Handle(work, acknowledge with { Notice = passed.NoticeId }, report);
        }
        work.Wakes($"team:{team.Id}");
        return null;
    }

    private sealed record Passed(Guid? NoticeId, Guid? ContactId, bool Theirs);
}
