using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Site.Clocks;
using Heed.Site.Notices;
using NodaTime;

namespace Heed.Site.Referrals;

/// <summary>
/// A front door's first sorting: red, amber or green, each with the partnership's own hours. Another colour starts that colour's clock from the same moment:
/// it never buys time, and one that is late already stays so.
/// </summary>
public static class Triage
{
    public sealed record Command(Guid Notice, string? Colour);

    /// <param name="Words">The limit, as the partnership wrote it.</param>
    /// <param name="Key">red, amber or green.</param>
    /// <param name="Name">Of the local limit.</param>
    public sealed record Colour(string Key, string Name, string Words);

    private static readonly string[] Keys = ["red", "amber", "green"];

    /// <summary>The colours for which this partnership has a limit in force; none where it has no such scheme.</summary>
    public static IReadOnlyList<Colour> Colours(Snapshot bodies, Instant now) =>
        [.. Keys.Select(k => (Key: k, Setting: bodies.Setting(Start.TriageKey(k), now))).Where(c => c.Setting is not null).Select(c => new Colour(c.Key, c.Setting!.Limit.Name, c.Setting.Limit.Words))];

    public static async Task<Refusal?> Handle(Command ask, Work work, Bodies known)
    {
        if (await work.All<Notice>().ToMe(ask.Notice, work) is not { } notice)
        {
            return work.NotFound(ask.Notice);
        }
        var bodies = await known.For(work);
        if (ask.Colour is not { } colour || !Keys.Contains(colour) || Start.Triage(bodies, notice.ToAgency, notice.ToTeam!.Value, colour, notice.SentAt) is not { } clock)
        {
            return work.Refuse("colour", "Choose a colour for which the partnership has a limit in force: see Local limits");
        }
        if (notice.Triage == colour)
        {
            return null;
        }
        if (await work.Do($"update notice set triage = {colour}, triaged_by = {work.Actor.Id}, triaged_at = {work.Now} where id = {notice.Id} and triage is not distinct from {notice.Triage}") == 0)
        {
            return work.Refuse("colour", "Somebody else has triaged this a moment ago; open it again to see", kind: No.Conflict);
        }
        await Stop.Cancelled(work, notice.Id, [.. Keys.Select(Start.TriageKey)], $"Triaged {colour} instead, by {work.Actor.Name}");
        if (await work.One<bool>($"exists (select 1 from contact where notice_id = {notice.Id} and decision is null)"))
        {
            await Begin.Handle(work, clock with { Notice = notice.Id }, notice.ReportId);
        }
        work.Wakes($"team:{notice.ToTeam}");
        return null;
    }

    /// <summary>Once every child of it has been decided, what the colour asked for is done.</summary>
    internal static async Task Decided(Guid notice, Work work)
    {
        if (!await work.One<bool>($"exists (select 1 from contact where notice_id = {notice} and decision is null)"))
        {
            await Stop.Met(work, notice, [.. Keys.Select(Start.TriageKey)]);
        }
    }
}
