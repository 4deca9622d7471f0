using Heed.Plumbing;
using Heed.Statute;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Administration;

/// <summary>How long what is kept, and what may not be destroyed meanwhile. A class is changed by two people; a hold is placed by one and released by another.</summary>
public static class Keeping
{
    /// <summary>Kept no longer than necessary: which is how long its retention class says.</summary>
    private static readonly Citation Storage = new("UK GDPR", "Article 5(1)(e)");

    /// <summary>From what the years of a class count: what each means of a record is said by <c>kept_until</c>.</summary>
    public static readonly IReadOnlyDictionary<string, string> Events = new Dictionary<string, string> { ["case closed"] = "when the case closed", ["decided"] = "the last decision", ["recorded"] = "the last that was recorded", ["birth"] = "the child's birth" };

    /// <param name="Key">Of the class.</param>
    /// <param name="Words">What belongs to it.</param>
    /// <param name="Years">Null: no time is set.</param>
    /// <param name="Checked">Whether somebody has read the number in its source.</param>
    public sealed record Class(string Key, string Words, int? Years, string FromEvent, string Authority, bool Checked);

    /// <param name="Key">Of the class.</param>
    /// <param name="Words">What is to belong to it.</param>
    /// <param name="Years">For how many years it is to be kept.</param>
    /// <param name="Reason">Why, as whoever agrees reads.</param>
    /// <param name="Was">What holds now.</param>
    public sealed record Change(Guid Id, string Key, string Words, int? Years, string FromEvent, string Authority, string Reason, string AskedBy, Guid AskerId, Instant AskedAt, string Was);

    /// <param name="Number">The agency's own number of its record.</param>
    /// <param name="Reason">What it is held for.</param>
    /// <param name="Since">When it was placed.</param>
    /// <param name="Until">When it was released; null: it stands.</param>
    /// <param name="PlacedBy">Who placed it.</param>
    /// <param name="PlacerId">Who placed it: somebody else releases it.</param>
    /// <param name="ReleasedBy">Who released it.</param>
    /// <param name="ReleaseWords">Why nothing needs it any more.</param>
    public sealed record Hold(Guid Id, string? Number, string Reason, Instant Since, Instant? Until, string PlacedBy, Guid PlacerId, string? ReleasedBy, string? ReleaseWords);

    /// <param name="Key">Of the class.</param>
    /// <param name="Words">What is to belong to it: up to 200 characters.</param>
    /// <param name="Years">1 to 200.</param>
    /// <param name="Read">Whoever asks has read the number in its source.</param>
    /// <param name="Reason">Why: up to 2,000 characters, and whoever agrees reads them.</param>
    public sealed record Ask(string? Key, string? Words, int? Years, string? FromEvent, string? Authority, bool Read, string? Reason);

    public static async Task<IReadOnlyList<Class>> Classes(Work work) => await work.Ask<Class>($"select key, words, years, from_event, authority, checked from retention_class order by words").ToListAsync();

    public static async Task<IReadOnlyList<Change>> Waiting(Work work) => await work.Ask<Change>($"""
        select c.id, c.key, c.words, c.years, c.from_event, c.authority, c.reason, p.name as asked_by, p.id as asker_id, c.asked_at, concat_ws(' ', c.was ->> 'years', 'years from', c.was ->> 'from_event') as was
          from retention_change c join practitioner p on p.id = c.asked_by where c.decided_at is null order by c.asked_at
        """).ToListAsync();

    /// <summary>The agency's own: those that stand, and those released in the last year.</summary>
    public static async Task<IReadOnlyList<Hold>> Holds(Work work) => await work.Ask<Hold>($"""
        select h.id, h.number, h.reason, h.since, h.until, p.name as placed_by, p.id as placer_id, q.name as released_by, h.release_words from legal_hold h join practitioner p on p.id = h.placed_by left join practitioner q on q.id = h.released_by
         where h.until is null or h.until > heed_now() - interval '1 year' order by h.until is not null, h.since desc
        """).ToListAsync();

    public static async Task<(Guid?, Refusal?)> AskChange(Ask ask, Work work)
    {
        var errors = new Errors();
        if ((await Classes(work)).All(c => c.Key != ask.Key))
        {
            errors["class"] = ["Choose a class"];
        }
        if (!ask.Words.Says(200))
        {
            errors["words"] = ["Say in up to 200 characters what belongs to this class"];
        }
        if (ask.Years is not (> 0 and <= 200))
        {
            errors["years"] = ["Enter for how many years it is kept, from 1 to 200"];
        }
        if (ask.FromEvent is null || !Events.ContainsKey(ask.FromEvent))
        {
            errors["fromEvent"] = ["Choose from what the years count"];
        }
        if (!ask.Authority.Says(200))
        {
            errors["authority"] = ["Say in up to 200 characters on whose authority it is kept so long"];
        }
        if (!ask.Reason.Says())
        {
            errors["reason"] = ["Say in up to 2,000 characters why: whoever agrees reads this"];
        }
        if (errors.Count > 0)
        {
            return (null, work.Refuse(errors, Storage));
        }
        var id = Ids.Next();
        return await work.Do($"""
            insert into retention_change (id, key, words, years, from_event, authority, checked, reason, was)
            select {id}, key, {ask.Words!.Trim()}, {ask.Years}, {ask.FromEvent}, {ask.Authority!.Trim()}, {ask.Read}, {ask.Reason!.Trim()}, to_jsonb(c) from retention_class c where key = {ask.Key} on conflict do nothing
            """) == 0 ? (null, work.Refuse("class", "A change of this class waits already: agree to it or let it go first", kind: No.Conflict)) : (id, null);
    }

    public static async Task<Refusal?> AgreeChange(Guid id, Work work) => await work.One<string>($"select publish_retention({id})") switch
    {
        "done" => null,
        "own" => work.Refuse("agree", "Nobody agrees to what they asked for themselves: how long children's records are kept takes two", Storage),
        "decided" => work.Refuse("agree", "This change has been agreed to or let go already", kind: No.Conflict),
        _ => work.NotFound(id),
    };

    public static async Task<Refusal?> DropChange(Guid id, Work work) =>
        await work.Do($"update retention_change set outcome = 'dropped', decided_by = {work.Actor.Id}, decided_at = heed_now() where id = {id} and decided_at is null") == 0
            ? work.Refuse("agree", "This change has been agreed to or let go already", kind: No.Conflict) : null;

    /// <summary>Nothing of the child's is destroyed while it stands, whatever its class says.</summary>
    public static async Task<(Guid?, Refusal?)> PlaceHold(string? number, string? reason, Work work)
    {
        if (string.IsNullOrWhiteSpace(number))
        {
            return (null, work.Refuse("number", "Enter the number of your agency's own record of the child"));
        }
        if (!reason.Says())
        {
            return (null, work.Refuse("holdReason", "Say in up to 2,000 characters what it is held for: a claim, an inquiry, a review", Storage));
        }
        var id = Ids.Next();
        return await work.One<string>($"select place_hold({id}, {number.Trim()}, {reason.Trim()})") switch
        {
            "done" => (id, null),
            "held" => (null, work.Refuse("number", "A hold stands on this record already", kind: No.Conflict)),
            _ => (null, work.Refuse("number", "Your agency has no record of this number that may be held here")),
        };
    }

    public static async Task<Refusal?> ReleaseHold(Guid id, string? words, Work work)
    {
        if (!words.Says())
        {
            return work.Refuse("release", "Say in up to 2,000 characters why nothing needs it any more");
        }
        return await work.One<string>($"select release_hold({id}, {words.Trim()})") switch
        {
            "done" => null,
            "own" => work.Refuse("release", "Nobody releases a hold that they placed themselves: somebody else looks first", Storage),
            "released" => work.Refuse("release", "This hold has been released already", kind: No.Conflict),
            _ => work.NotFound(id),
        };
    }
}
