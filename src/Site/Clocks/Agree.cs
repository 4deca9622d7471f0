using Heed.Plumbing;
using Microsoft.EntityFrameworkCore;

namespace Heed.Site.Clocks;

/// <summary>The manager who was named agrees to the reason why something was late, or refuses it: it is their own act. What is refused is owed again.</summary>
public static class Agree
{
    public sealed record Command(Guid Clock, bool? Agrees, string? Words);

    public static async Task<Refusal?> Handle(Command ask, Work work)
    {
        if (await work.All<Clock>().FirstOrDefaultAsync(c => c.Id == ask.Clock) is not { } clock)
        {
            return work.NotFound(ask.Clock);
        }
        if (clock.LateManager != work.Actor.Id)
        {
            return work.Refuse("agrees", "Only the manager who was named agrees to a reason or refuses it");
        }
        if (ask.Agrees is not { } agrees)
        {
            return work.Refuse("agrees", "Choose whether you agree");
        }
        if (!ask.Words.Fits(4_000))
        {
            return work.Refuse("words", "At most 4,000 characters, and none of them U+0000");
        }
        if (!agrees && string.IsNullOrWhiteSpace(ask.Words))
        {
            return work.Refuse("words", "Say why you refuse it: whoever gave it must give another");
        }
        // Given anew meanwhile, or answered: the row decides.
        var done = agrees
            ? await work.Do($"update clock set late_agreed_at = {work.Now} where id = {clock.Id} and late_manager = {work.Actor.Id} and late_said_at = {clock.LateSaidAt} and late_agreed_at is null")
            : await work.Do($"update clock set late_reason = null, late_manager = null, late_said_by = null, late_said_at = null where id = {clock.Id} and late_manager = {work.Actor.Id} and late_said_at = {clock.LateSaidAt} and late_agreed_at is null");
        if (done == 0)
        {
            return work.Refuse("agrees", "This was answered already, or another reason was given meanwhile; open it again", kind: No.Conflict);
        }
        await Explain.Note(work, clock.Id, agrees ? "agreed" : "refused", ask.Words?.Trim(), agrees ? null : clock.LateSaidBy);
        work.Wakes($"team:{clock.TeamId}");
        return null;
    }
}
