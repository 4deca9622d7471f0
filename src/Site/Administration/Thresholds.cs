using System.Text.RegularExpressions;
using Heed.Plumbing;
using Heed.Plumbing.Gov;
using Heed.Statute;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Administration;

/// <summary>
/// The levels of the partnership's own threshold document (Working Together to Safeguard Children 2023, chapter 3: each area publishes one). Without any nobody can decide about a child;
/// a decision keeps the words of the level that it was made under.
/// </summary>
public static partial class Thresholds
{
    /// <param name="Key">By which a decision names the level; its versions share it.</param>
    /// <param name="Version">Of its words.</param>
    /// <param name="Ordinal">1 is the lowest need.</param>
    /// <param name="Name">As in the document.</param>
    /// <param name="Words">What a child of this level needs.</param>
    /// <param name="Since">Its first day; null: from the beginning.</param>
    /// <param name="Until">The day from which it no longer stands.</param>
    /// <param name="Stands">It stands today.</param>
    public sealed record Level(string Key, int Version, short Ordinal, string Name, string Words, LocalDate? Since, LocalDate? Until, bool Stands);

    /// <param name="Key">The level that is set anew or ends; null: a new one, whose key is made of its name.</param>
    /// <param name="Ordinal">1 is the lowest need.</param>
    /// <param name="Name">As in the document, up to 200 characters.</param>
    /// <param name="Words">What a child of this level needs, up to 2,000 characters.</param>
    /// <param name="From">From which day, after today; of a new level, today too.</param>
    /// <param name="Ends">Nothing follows it: name, words and ordinal are not asked for.</param>
    public sealed record Command(string? Key, int? Ordinal, string? Name, string? Words, LocalDate? From, bool Ends);

    private sealed record Newest(int Version, LocalDate? Since);

    public static async Task<IReadOnlyList<Level>> All(Work work) => await work.Ask<Level>($"""
        select key, version, ordinal, name, words, lower(during) as since, upper(during) as until, during @> london_today() as stands from threshold order by ordinal, key, version desc
        """).ToListAsync();

    public static async Task<Refusal?> Set(Command ask, Work work)
    {
        var key = string.IsNullOrWhiteSpace(ask.Key) ? null : ask.Key;
        // Held, so that of two who set it at once the second finds that it is no longer the newest.
        var newest = key is null ? null : await work.Ask<Newest>($"select version, lower(during) as since from threshold where key = {key} and upper_inf(during) for no key update").FirstOrDefaultAsync();
        if (newest is null && (key is not null || ask.Ends))
        {
            return work.Refuse("key", "Choose a level that stands; of one that somebody else has just set, open the page again", kind: No.Conflict);
        }
        var errors = new Errors();
        var today = WorkingCalendar.DateIn(work.Now);
        errors.Need(ask.From > today || key is null && ask.From == today, "from", key is null ? "Enter today, or a day after it" : "Enter a day after today: what was decided today was decided under the words that stand");
        errors.Need(newest?.Since is not { } since || ask.From > since, "from", newest?.Since is { } later ? $"A version from {TimeTag.InWords(later)} waits already: the next one begins after it" : "");
        errors.Need(ask.Ends || ask.Ordinal is >= 1 and <= 20, "ordinal", "Enter which level it is: 1 is the lowest need");
        errors.Need(ask.Ends || ask.Name.Says(200), "name", "Enter the level's name in up to 200 characters");
        errors.Need(ask.Ends || ask.Words.Says(), "words", "Say in up to 2,000 characters what a child of this level needs");
        var made = key ?? NotOfKey().Replace($"{ask.Name}".ToLowerInvariant(), "-").Trim('-');
        errors.Need(made.Length > 0, "name", "Enter a name with letters or digits in it");
        if (errors.Count > 0)
        {
            return work.Refuse(errors);
        }
        if (newest is not null)
        {
            await work.Do($"update threshold set during = daterange(lower(during), {ask.From}) where key = {key} and version = {newest.Version}");
        }
        if (ask.Ends)
        {
            return null;
        }
        var set = await work.Do($"""
            insert into threshold (key, version, ordinal, name, words, during) values ({made}, {(newest?.Version ?? 0) + 1}, {(short)ask.Ordinal!}, {ask.Name!.Trim()}, {ask.Words!.Trim()}, daterange({ask.From}, null)) on conflict do nothing
            """);
        return set == 1 ? null : work.Refuse("name", "There is, or was, a level of this name: choose it, or give the new one another", kind: No.Conflict);
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotOfKey();
}
