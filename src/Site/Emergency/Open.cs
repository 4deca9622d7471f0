using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Site.Clocks;
using Heed.Statute;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Heed.Site.Emergency;

/// <summary>
/// A practitioner opens a child's records that they are not involved with, for an hour, because there is no time to ask. The agencies whose they are learn of it at once, and somebody else reviews it.
/// What is sealed is not opened, and nothing says that it is there.
/// </summary>
public static class Open
{
    public static readonly IReadOnlyDictionary<string, string> Reasons = new Dictionary<string, string>
    {
        ["danger"] = "A child is in danger now",
        ["missing"] = "A child is missing",
        ["unknown-child"] = "A child is with me, and I must know who they are and who is safe for them",
        ["treatment"] = "A child needs urgent treatment",
        ["other"] = "Something else that cannot wait",
    };

    /// <param name="Child">A person, or a search of this actor's of the last hour.</param>
    /// <param name="Hit">Which of what that search could not open.</param>
    /// <param name="Proved">They proved who they are within five minutes, for this: <see cref="Sessions.Proved"/>.</param>
    public sealed record Command(Guid Child, int? Hit, string? Why, string? Words, bool Proved);

    /// <summary>What <see cref="Sessions.Proved"/> is asked for: one child, and no other.</summary>
    public static string Purpose(Guid child, int? hit) => $"emergency-access/{child}/{hit}";

    /// <summary>Whether there is anything of this child to be opened.</summary>
    public static Task<bool> Can(Guid child, int? hit, Work work) => work.One<bool>($"select emergency_subject({child}, {hit}) is not null");

    /// <summary>What a page no longer says is held, because it is open to them: not that it is not there.</summary>
    public static Task<bool> IsOpen(Guid child, Work work) => work.One<bool>($"exists (select 1 from emergency_access where practitioner_id = {work.Actor.Id} and person_id = {child} and ended_at is null and until > {work.Now})");

    /// <summary>The person that is open now.</summary>
    public static async Task<(Guid?, Refusal?)> Handle(Command ask, Work work, Bodies known)
    {
        var law = work.Actor.AgencyKind == "police" ? EmergencyAccess.PoliceGrounds : EmergencyAccess.Grounds;
        if (ask.Hit is null && await IsOpen(ask.Child, work))
        {
            return (null, work.Refuse("why", "You have it open already", law, No.Conflict));
        }
        if (!await Can(ask.Child, ask.Hit, work))
        {
            return (null, work.NotFound(ask.Child));
        }
        if (!ask.Proved)
        {
            return (null, work.Refuse("proved", "Prove again who you are: it stands for five minutes, and for this child only", law));
        }
        var errors = new Errors();
        errors.Need(ask.Why is not null && Reasons.ContainsKey(ask.Why), "why", "Choose why it cannot wait");
        errors.Need(ask.Words.Says(), "words", "Say in up to 2,000 characters what is happening, and what you need to know");
        if (errors.Count > 0)
        {
            return (null, work.Refuse(errors, law));
        }
        var bodies = await known.For(work);
        // Whoever reviews has a team of their own; where an agency has none, its safeguarding managers see that it is done.
        var reviewers = bodies.TeamOf(work.Actor.Agency, "information-governance", "duty-managers", "safeguarding")?.Id;
        var clock = reviewers is { } team ? Start.Review(bodies, work.Actor.Agency, team, work.Now) : null;
        if (clock is not null)
        {
            await Begin.Handle(work, clock, null);
        }
        try
        {
            var child = await work.One<Guid?>($"select open_in_emergency({Ids.Next()}, {ask.Child}, {ask.Hit}, {ask.Why}, {ask.Words!.Trim()}, {clock?.Id})");
            return child is null ? (null, work.NotFound(ask.Child)) : (child, null);
        }
        catch (PostgresException twice) when (twice.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return (null, work.Refuse("why", "You have it open already", law, No.Conflict));
        }
    }
}
