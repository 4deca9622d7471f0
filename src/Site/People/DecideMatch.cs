using Heed.Plumbing;

namespace Heed.Site.People;

/// <summary>
/// A practitioner decides whether two people are one. Joining moves every record of the one to the other, by links that name this decision; it can be undone (<see cref="Part"/>).
/// Of two who decide at once the second is told.
/// </summary>
public static class DecideMatch
{
    public const string InvolveJob = "people.involve";

    public sealed record Command(Guid Match, bool? Same, string? Reason);

    public static async Task<Refusal?> Handle(Command ask, Work work)
    {
        var errors = new Errors();
        errors.Need(ask.Same is not null, "same", "Choose: the same person, or two people");
        errors.Need(ask.Reason.Says(), "reason", "Say in up to 2,000 characters what you go by: it stands with the link for ever");
        if (errors.Count > 0)
        {
            return work.Refuse(errors);
        }
        var answer = await work.One<string>($"select decide_match({ask.Match}, {ask.Same!.Value}, {ask.Reason!.Trim()})");
        work.Wakes(Jobs.Topic);
        return answer switch
        {
            "done" => null,
            "never-link" => work.Refuse("same", "This cannot be decided here: the agency that keeps one of the records decides it. Ask them"),
            "decided" => work.Refuse("match", "Somebody else has decided this already; open it again to see", kind: No.Conflict),
            "joined" => work.Refuse("match", "These two are one person already", kind: No.Conflict),
            _ => work.NotFound(ask.Match),
        };
    }
}
