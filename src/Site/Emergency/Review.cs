using Heed.Plumbing;
using Heed.Site.Clocks;
using Heed.Statute;
using Microsoft.EntityFrameworkCore;

namespace Heed.Site.Emergency;

/// <summary>A privacy reviewer of the agency whose practitioner opened it says whether that was justified, and why. Nobody reviews their own; what is said once stands.</summary>
public static class Review
{
    public sealed record Command(Guid Id, bool? Justified, string? Words);

    public static async Task<Refusal?> Handle(Command ask, Work work)
    {
        var law = EmergencyAccess.Review.Source;
        var errors = new Errors();
        errors.Need(ask.Justified is not null, "justified", "Choose whether it was justified");
        errors.Need(ask.Words.Says(), "words", "Say in up to 2,000 characters why it was justified or not: whoever opened it reads this");
        if (errors.Count > 0)
        {
            return work.Refuse(errors, law);
        }
        switch (await work.One<string>($"select review_emergency({ask.Id}, {ask.Justified!.Value}, {ask.Words!.Trim()})"))
        {
            case "own":
                return work.Refuse("justified", "Nobody reviews what they opened themselves", law);
            case "reviewed":
                return work.Refuse("justified", "This has been reviewed already", law, No.Conflict);
            case "done":
                var (who, clock) = await work.Ask<Opened>($"select practitioner_id as who, clock_id as clock from emergency_access where id = {ask.Id}").SingleAsync();
                if (clock is { } runs)
                {
                    await Stop.Met(work, runs);
                }
                work.Wakes($"person:{who}");
                return null;
            default:
                return work.NotFound(ask.Id);
        }
    }

    private sealed record Opened(Guid Who, Guid? Clock);
}
