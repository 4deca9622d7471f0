using System.Text.Json.Serialization;
using Heed.Plumbing;
using Heed.Plumbing.Gov;
using Heed.Site.Notices;
using Heed.Statute;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Administration;

/// <summary>Sharing agreements: who tells whom what, why, from when and until when. One person drafts a version, a second publishes it; what was shared keeps the version it was shared under.</summary>
public static class Agreements
{
    /// <summary>Shared lawfully, fairly and transparently: on a basis that somebody else has looked at.</summary>
    private static readonly Citation Lawful = new("UK GDPR", "Article 5(1)(a)");

    public sealed record Terms(string Name, string FromKind, string ToKind, string[]? ReportKinds, string Discloses, string Basis, string Purpose);

    /// <param name="Key">Which agreement; its versions share it.</param>
    /// <param name="Number">Of the version; what was shared keeps it.</param>
    /// <param name="Name">What the agreement is called.</param>
    /// <param name="Purpose">What it is shared for.</param>
    /// <param name="Since">From when it holds.</param>
    /// <param name="Until">Until when; null: until another follows.</param>
    /// <param name="Stands">It holds now.</param>
    /// <param name="Newest">No later version is published.</param>
    public sealed record Version(string Key, int Number, string Name, string FromKind, string ToKind, string[]? ReportKinds, string Discloses, string Basis, string Purpose, string AgreedBy, Instant? Since, Instant? Until, bool Stands, bool Newest)
    {
        [JsonIgnore]
        public Terms Terms => new(Name, FromKind, ToKind, ReportKinds, Discloses, Basis, Purpose);
    }

    /// <param name="Key">Which agreement it is of.</param>
    /// <param name="AfterVersion">The version that it was written upon; 0 for a new agreement.</param>
    /// <param name="Ends">It ends the agreement.</param>
    /// <param name="Name">What the agreement is called.</param>
    /// <param name="Purpose">What it is shared for.</param>
    /// <param name="StartsOn">From which day it holds.</param>
    /// <param name="UntilOn">Its last day; null: until another follows.</param>
    /// <param name="Reason">Why, as whoever publishes it reads.</param>
    /// <param name="DraftedBy">Who wrote it: somebody else publishes it.</param>
    /// <param name="DrafterId">Who wrote it.</param>
    /// <param name="DraftedAt">When they wrote it.</param>
    /// <param name="Outcome">published or dropped; null while it waits.</param>
    public sealed record Draft(Guid Id, string Key, int AfterVersion, bool Ends, string Name, string FromKind, string ToKind, string[]? ReportKinds, string Discloses, string Basis, string Purpose, LocalDate StartsOn, LocalDate? UntilOn, string AgreedBy, string Reason, string DraftedBy, Guid DrafterId, Instant DraftedAt, string? Outcome, string? DecidedBy, Instant? DecidedAt)
    {
        [JsonIgnore]
        public Terms Terms => new(Name, FromKind, ToKind, ReportKinds, Discloses, Basis, Purpose);
    }

    /// <param name="Name">What the agreement is called.</param>
    /// <param name="From">Who tells: police, council, school, health or dbs; of a new agreement only.</param>
    /// <param name="To">Who is told: of the same kinds; of a new agreement only.</param>
    /// <param name="Kinds">Of which kinds of report; none: of every kind.</param>
    /// <param name="Purpose">What it is shared for.</param>
    /// <param name="StartsOn">From which day it holds, today or later.</param>
    /// <param name="UntilOn">Its last day; null: until another follows.</param>
    /// <param name="Reason">Why: up to 2,000 characters, and whoever publishes it reads them.</param>
    /// <param name="Ends">It ends the agreement; the terms stay as they are.</param>
    public sealed record New(string? Name, string? From, string? To, IReadOnlyList<string> Kinds, string? Discloses, string? Basis, string? Purpose, LocalDate? StartsOn, LocalDate? UntilOn, string? AgreedBy, string? Reason, bool Ends = false);

    public static readonly IReadOnlyDictionary<string, string> Bodies = new Dictionary<string, string> { ["police"] = "Police", ["council"] = "Councils", ["school"] = "Schools", ["health"] = "Health", ["dbs"] = "The Disclosure and Barring Service" };

    public static async Task<IReadOnlyList<Version>> All(Work work) => await work.Ask<Version>($"""
        select key, version as number, name, from_kind, to_kind, report_kinds, discloses, basis, purpose, agreed_by, lower(during) as since, upper(during) as until, during @> heed_now() as stands, version = max(version) over (partition by key) as newest
          from agreement order by name, key, version desc
        """).ToListAsync();

    public static async Task<IReadOnlyList<Draft>> Drafts(Work work) => await work.Ask<Draft>($"""
        select d.id, d.key, d.after_version, d.ends, d.name, d.from_kind, d.to_kind, d.report_kinds, d.discloses, d.basis, d.purpose, d.starts_on, d.until_on, d.agreed_by, d.reason, p.name as drafted_by, p.id as drafter_id, d.drafted_at, d.outcome, q.name as decided_by, d.decided_at
          from agreement_draft d join practitioner p on p.id = d.drafted_by left join practitioner q on q.id = d.decided_by order by d.drafted_at desc
        """).ToListAsync();

    /// <summary>What would be different for whom, in words; with <paramref name="before"/> null everything is new, with <paramref name="after"/> null all of it ends.</summary>
    public static IReadOnlyList<string> Changes(Terms? before, Terms? after)
    {
        var one = after ?? before!;
        var (from, to) = (Bodies.GetValueOrDefault(one.FromKind, one.FromKind), Bodies.GetValueOrDefault(one.ToKind, one.ToKind));
        var was = before is null ? [] : Told(before);
        var now = after is null ? [] : Told(after);
        var words = new List<string>();
        if (now.Except(was).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } more)
        {
            words.Add($"{to} would be told more by {Inside(from)}: {(before is null ? "" : "also ")}{Named(more)}.");
        }
        if (was.Except(now).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } less)
        {
            words.Add($"{to} would be told less by {Inside(from)}: no longer {Named(less)}. Such a report is held back, and its receipt says that no agreement covers it.");
        }
        if (before is not null && after is not null)
        {
            switch (before.Discloses, after.Discloses)
            {
                case ("school", "all"): words.Add($"{to} would be shown more of each: the whole report with everybody in it, in place of only that a child may be a victim, and when."); break;
                case ("all", "school"): words.Add($"{to} would be shown less of each: only that a child may be a victim, and when, in place of the whole report."); break;
            }
            if (before.Basis != after.Basis)
            {
                words.Add($"The lawful basis would be “{after.Basis}” in place of “{before.Basis}”.");
            }
            if (before.Purpose != after.Purpose)
            {
                words.Add($"The purpose would be “{after.Purpose}” in place of “{before.Purpose}”.");
            }
            if (before.Name != after.Name)
            {
                words.Add($"It would be called “{after.Name}”.");
            }
        }
        else if (after is not null)
        {
            words.Add(after.Discloses == "all" ? $"{to} would be shown the whole report." : $"{to} would be shown only that a child may be a victim, and when.");
        }
        return words.Count > 0 ? words : ["Nobody would be told more or less: only the dates, or who agreed it, change."];

        static HashSet<string> Told(Terms terms) => [.. terms.ReportKinds ?? Reading.Kinds.AsEnumerable()];
        static string Inside(string name) => name.StartsWith("The ", StringComparison.Ordinal) ? name : name.ToLowerInvariant();
        static string Named(List<string> kinds) => kinds.Count == Reading.Kinds.Count ? "of every kind of report" : "of " + string.Join(", ", kinds.Select(k => KindWords.Of(k).ToLowerInvariant()));
    }

    /// <summary>Writes a version upon the newest, or with <see cref="New.Ends"/> the agreement's end. It holds for nobody until somebody else publishes it.</summary>
    /// <param name="key">Which agreement; null: a new one.</param>
    public static async Task<(Guid?, Refusal?)> Write(string? key, New said, Work work)
    {
        var all = await All(work);
        var newest = key is null ? null : all.FirstOrDefault(a => a.Key == key && a.Newest);
        if (key is not null && newest is null)
        {
            return (null, work.Refuse("key", "Not found", kind: No.NotFound));
        }
        var terms = said.Ends && newest is not null ? newest.Terms : new(said.Name?.Trim() ?? "", newest?.FromKind ?? said.From ?? "", newest?.ToKind ?? said.To ?? "", said.Kinds.Count == 0 ? null : [.. said.Kinds.Order(StringComparer.Ordinal)], said.Discloses ?? "", said.Basis?.Trim() ?? "", said.Purpose?.Trim() ?? "");
        var errors = new Errors();
        void Need(bool fits, string field, string why)
        {
            if (!fits)
            {
                errors.TryAdd(field, [why]);
            }
        }
        Need(terms.Name.Length is > 0 and <= 200, "name", "Enter what the agreement is called");
        Need(Bodies.ContainsKey(terms.FromKind), "from", "Choose who tells");
        Need(Bodies.ContainsKey(terms.ToKind), "to", "Choose who is told");
        Need(terms.ReportKinds is null || terms.ReportKinds.All(Reading.Kinds.Contains), "told", "Choose among the kinds of report that there are");
        Need(terms.Discloses is "all" or "school", "discloses", "Choose how much of a report is shown");
        Need(terms.ToKind != "school" || terms.Discloses != "all" || said.Ends, "discloses", "A school is not shown the whole report: not the adults, the address, the allegation or other families' children");
        // Disclosure.School says so in its words, whatever kind the report is.
        Need(terms.Discloses != "school" || terms.ReportKinds is ["domestic-abuse"] || said.Ends, "told", "What is shown so little is worded for domestic abuse, and would say that of anything else: choose domestic abuse alone");
        Need(terms.Basis.Length is > 0 and <= 1_000, "basis", "Name the law on which it rests: nothing is shared without a basis");
        Need(terms.Purpose.Length is > 0 and <= 1_000, "purpose", "Say what it is shared for");
        Need(!string.IsNullOrWhiteSpace(said.AgreedBy), "agreedBy", "Say who agreed it");
        Need(!string.IsNullOrWhiteSpace(said.Reason) && said.Reason.Length <= 2_000, "reason", "Say in up to 2,000 characters why: whoever publishes it reads this");
        Need(said.StartsOn >= WorkingCalendar.DateIn(work.Now), "startsOn", "Enter from which day it holds, today or later: what was shared before cannot be agreed afterwards");
        Need(said.UntilOn is null || said.UntilOn > said.StartsOn, "untilOn", "It ends after it begins");
        Need(newest?.Since is not { } begins || begins <= work.Now, "startsOn", "A version that was published has not begun yet: another follows once it has");
        // Two agreements for one kind of report, and nobody could say under which it was shared.
        Need(key is not null || !all.Any(a => (a.Until is null || a.Until > work.Now) && a.FromKind == terms.FromKind && a.ToKind == terms.ToKind && (a.ReportKinds is null || terms.ReportKinds is null || a.ReportKinds.Intersect(terms.ReportKinds).Any())), "to", "An agreement covers this already: draft a new version of that one");
        if (errors.Count > 0)
        {
            return (null, work.Refuse(errors, Lawful));
        }
        var id = Ids.Next();
        var name = key ?? $"{terms.FromKind}-to-{terms.ToKind}-{id.ToString("N")[^6..]}";
        return await work.Do($"""
            insert into agreement_draft (id, key, after_version, ends, name, from_kind, to_kind, report_kinds, discloses, basis, purpose, starts_on, until_on, agreed_by, reason)
            values ({id}, {name}, {newest?.Number ?? 0}, {said.Ends}, {terms.Name}, {terms.FromKind}, {terms.ToKind}, {terms.ReportKinds}, {terms.Discloses}, {terms.Basis}, {terms.Purpose}, {said.StartsOn}, {said.UntilOn}, {said.AgreedBy!.Trim()}, {said.Reason!.Trim()}) on conflict do nothing
            """) == 0 ? (null, work.Refuse("reason", "A draft of this agreement waits already: publish it or let it go first", kind: No.Conflict)) : (id, null);
    }

    public static async Task<Refusal?> Publish(Guid draft, Work work) => await work.One<string>($"select publish_agreement({draft})") switch
    {
        "done" => null,
        "own" => work.Refuse("publish", "Nobody publishes what they drafted themselves: sharing about children is agreed by two", Lawful),
        "decided" => work.Refuse("publish", "This draft has been published or let go already", kind: No.Conflict),
        "overtaken" => work.Refuse("publish", "Another version came meanwhile: draft it again upon that one", kind: No.Conflict),
        "over" => work.Refuse("publish", "The time that it was to hold for is over: draft it again"),
        _ => work.NotFound(draft),
    };

    public static async Task<Refusal?> Drop(Guid draft, Work work) =>
        await work.Do($"update agreement_draft set outcome = 'dropped', decided_by = {work.Actor.Id}, decided_at = heed_now() where id = {draft} and decided_at is null") == 0
            ? work.Refuse("publish", "This draft has been published or let go already", kind: No.Conflict) : null;

    /// <summary>"from 3 March 2026 until 1 May 2027".</summary>
    public static string Dates(Instant? since, Instant? until) =>
        (since is { } a ? $"from {TimeTag.InWords(WorkingCalendar.DateIn(a))}" : "from the beginning") + (until is { } b ? $" until {TimeTag.InWords(b)}" : "");
}
