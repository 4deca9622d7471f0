using Heed.Plumbing;
using Heed.Plumbing.Gov;
using Heed.Statute;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Clocks;

/// <summary>A local limit's first version, or a new one from a day on. Clocks that run keep the version, the due time and the pace that they started with.</summary>
public static class SetLimit
{
    /// <summary>What a partnership agrees for itself: where one has not, no such clock runs.</summary>
    public static readonly IReadOnlyDictionary<string, string> Own = new Dictionary<string, string>
    {
        [Notification.LocalAuthority.Key] = "Police tell the council", [Start.Acknowledge] = "Acknowledge the notice", [Start.SchoolReads] = "Read before the school day", [Start.Telephone] = "Tell by telephone",
        [Exchange.Undelivered.Collect] = "Collected by the agency's system", [Start.Undelivered] = "See to what did not arrive", [Start.NotReached] = "Reach them in another way",
        [Start.Untold] = "Tell the council of an incident that was not told", [Start.ChildQuestion] = "Was there a child?",
        [Start.TriageKey("red")] = "Red: decided within four hours", [Start.TriageKey("amber")] = "Amber: decided within 24 hours", [Start.TriageKey("green")] = "Green: decided within 72 hours",
        [EmergencyAccess.Review.Key] = "Emergency access reviewed", [Start.Stuck] = "Work of the program that is stuck",
    };

    /// <param name="Key">Which limit.</param>
    /// <param name="Words">What is owed by when: up to 1,000 characters.</param>
    /// <param name="Unit">minutes, hours or working-days; of a national limit as it is.</param>
    /// <param name="Amount">How many; of a national limit as it is.</param>
    /// <param name="Warn">Minutes before it is due; 0: not at all.</param>
    /// <param name="Climb">Minutes between one person told of a late one and the next.</param>
    /// <param name="From">From which day it holds, after today.</param>
    /// <param name="Source">Where it stands written.</param>
    public sealed record Command(string? Key, string? Words, string? Unit, int? Amount, int? Warn, int? Climb, LocalDate? From, string? AgreedBy, string? Source);

    /// <param name="Key">Of the limit; its versions share it.</param>
    /// <param name="Number">Of the version; a clock keeps the one that it was started by.</param>
    /// <param name="Name">What the limit is called.</param>
    /// <param name="Words">What is owed by when.</param>
    /// <param name="Since">Its first day; null: from the beginning.</param>
    /// <param name="Until">The first day of the next version.</param>
    /// <param name="Source">Where it stands written.</param>
    /// <param name="Stands">It holds today.</param>
    public sealed record Version(string Key, int Number, string Name, string Words, LocalDate? Since, LocalDate? Until, string AgreedBy, string Source, bool Stands);

    private sealed record Newest(int Version, string Unit, int Amount, LocalDate? Since);

    public static async Task<IReadOnlyList<Version>> All(Work work) => await work.Ask<Version>($"""
        select key, version as number, name, words, lower(during) as since, upper(during) as until, agreed_by, source, during @> london_today() as stands from local_limit order by name, key, version desc
        """).ToListAsync();

    public static async Task<Refusal?> Handle(Command ask, Work work)
    {
        // Held, so that of two who set it at once the second finds that it is no longer the newest.
        var newest = await work.Ask<Newest>($"select version, unit, amount, lower(during) as since from local_limit where key = {ask.Key} and upper_inf(during) for no key update").FirstOrDefaultAsync();
        if (newest is null && !(ask.Key is not null && Own.ContainsKey(ask.Key)))
        {
            return work.Refuse("limit", "Choose a limit of the list; of one that somebody else has just set, open the page again", kind: No.Conflict);
        }
        if (newest is not null && Law.TryFind(ask.Key!, out var law) && law is not NoNationalLimit && (ask.Amount != newest.Amount || ask.Unit != newest.Unit))
        {
            return work.Refuse("amount", $"{law!.Name} is a national limit ({law.Amount}; {law.Source}): a partnership makes it neither shorter nor longer. What is local is when to warn, and how fast a late one climbs.", law.Source);
        }
        var errors = new Errors();
        void Need(bool fits, string field, string why)
        {
            if (!fits)
            {
                errors.TryAdd(field, [why]);
            }
        }
        Need(!string.IsNullOrWhiteSpace(ask.Words) && ask.Words.Length <= 1_000, "words", "Say in words what is owed by when");
        Need(ask.Unit is "minutes" or "hours" or "working-days", "unit", "Choose minutes, hours or working days");
        Need(ask.Amount is > 0 and <= 10_000, "amount", "Enter how much time there is: at least one");
        Need(ask.Warn is >= 0 and <= 100_000, "warn", "Enter how many minutes before it is due to warn; 0: not at all");
        Need(ask.Climb is > 0 and <= 100_000, "climb", "Enter after how many minutes a late one climbs on");
        var today = WorkingCalendar.DateIn(work.Now);
        Need(ask.From > today || newest is null && ask.From == today, "from", newest is null ? "Enter today, or a day after it" : "Enter a day after today: no clock of today has two limits");
        Need(newest?.Since is not { } since || ask.From > since, "from", newest?.Since is { } later ? $"A version from {TimeTag.InWords(later)} waits already: the next one begins after it" : "");
        Need(!string.IsNullOrWhiteSpace(ask.AgreedBy), "agreedBy", "Say who agreed it");
        Need(!string.IsNullOrWhiteSpace(ask.Source), "source", "Say where it stands written");
        if (errors.Count > 0)
        {
            return work.Refuse(errors);
        }
        if (newest is null)
        {
            var first = await work.Do($"""
                insert into local_limit (key, version, name, words, unit, amount, warn_minutes, climb_minutes, during, agreed_by, source)
                values ({ask.Key}, 1, {Own[ask.Key!]}, {ask.Words!.Trim()}, {ask.Unit}, {ask.Amount}, {ask.Warn}, {ask.Climb}, daterange({ask.From}, null), {ask.AgreedBy!.Trim()}, {ask.Source!.Trim()}) on conflict do nothing
                """);
            return first == 1 ? null : work.Refuse("limit", "Somebody else has just set it: open the page again", kind: No.Conflict);
        }
        await work.Do($"update local_limit set during = daterange(lower(during), {ask.From}) where key = {ask.Key} and version = {newest.Version}");
        await work.Do($"""
            insert into local_limit (key, version, agency_id, name, words, unit, amount, warn_minutes, climb_minutes, office_close, during, agreed_by, source)
            select key, version + 1, agency_id, name, {ask.Words!.Trim()}, {ask.Unit}, {ask.Amount}, {ask.Warn}, {ask.Climb}, office_close, daterange({ask.From}, null), {ask.AgreedBy!.Trim()}, {ask.Source!.Trim()} from local_limit where key = {ask.Key} and version = {newest.Version}
            """);
        return null;
    }
}
