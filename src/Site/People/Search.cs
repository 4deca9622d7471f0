using System.Globalization;
using System.Text.RegularExpressions;
using Heed.Matching;
using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Statute;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.People;

/// <summary>
/// Looks for a person by anything one knows, in any order: part of a name, a date that may be wrong, a postcode or its beginning, a number.
/// The words are recorded with whom they showed. They never stand in a URL.
/// </summary>
public static partial class Search
{
    public const int Most = 40;

    /// <summary>So few are what a date might have been; more are a year, and in a year many were born. As in <c>find_people</c>.</summary>
    internal const int FewDates = 20;

    /// <param name="Person">Null where this actor may not open it: then there is a notice to open, or Ask says whom to ask.</param>
    /// <param name="Notice">What tells of them, where it is all that this actor has: a school finds the pupils of its own notices, as it was told of them.</param>
    /// <param name="Given">Null, as all that would say who it is, where the record is restricted and this actor not one of its readers.</param>
    /// <param name="Why">number, born, born-near, name, name-near, name-sounds, postcode: all that brought it here.</param>
    /// <param name="Also">The other names that what was typed is nearer to than to this one.</param>
    /// <param name="Expected">The day on which a child is expected, or was; kept after the birth.</param>
    /// <param name="Held">Where Person is null: its place among what this search could not open, by which it is asked for in an emergency. Its record's id would tell its number to whoever guesses well.</param>
    /// <param name="Agency">Whose record it is.</param>
    /// <param name="PostcodeStart">The first half of it; null where the place is kept from this reader.</param>
    /// <param name="Ask">The team to ask about what may not be opened.</param>
    /// <param name="Records">How many records were found to be of this person.</param>
    public sealed record Hit(Guid? Person, Guid? Notice, string Agency, string? Given, string? Family, string[] Also, LocalDate? Born, LocalDate? Expected, string? PostcodeStart, bool IsChild, string Tier, string Ask, string[] Why, int Records, int? Held);

    /// <param name="Terms">As they were sought.</param>
    /// <param name="At">When.</param>
    /// <param name="Hits">The likeliest first.</param>
    /// <param name="More">There are more than are given: say more of whom you seek.</param>
    /// <param name="Report">The report of this agency whose reference was typed, for whoever may read it; null where there is none. A reference is one agency's own, and finds nothing at another.</param>
    public sealed record Result(Guid Id, string Terms, Instant At, IReadOnlyList<Hit> Hits, bool More, Reference? Report);

    /// <param name="Number">As its sender wrote it.</param>
    /// <param name="Version">The latest.</param>
    /// <param name="Kind">Of what it reports.</param>
    /// <param name="ReceivedAt">When that version came in.</param>
    public sealed record Reference(Guid Id, string Number, int Version, string Kind, Instant ReceivedAt);

    /// <summary>What was typed, as understood.</summary>
    public sealed record Terms(string[] Words, LocalDate[] Born, string? Postcode, string[] Numbers)
    {
        public bool Any => Words.Length + Born.Length + Numbers.Length > 0 || Postcode is not null;
    }

    /// <summary>Kept from being taken away unlawfully: a script that goes through all names would copy the register, each search of it permitted.</summary>
    private static readonly Citation Security = new("UK GDPR", "Article 5(1)(f)");

    /// <summary>Of a person; a system looks up whom its users meet, and asks for several of them.</summary>
    private static int MostAMinute(Work work) => work.Actor.IsSystem ? 600 : 60;

    public static Task<bool> TooOften(Work work) =>
        work.One<bool>($"select count(*) >= {MostAMinute(work)} from search where actor = {work.Actor.Id} and at > heed_now() - interval '1 minute'");

    public static async Task<(Result?, Refusal?)> Handle(string? terms, Work work)
    {
        if (!terms.Says(200) || Read(terms, work) is not { Any: true } read)
        {
            return (null, work.Refuse("terms", "Type what you know, in up to 200 characters: part of a name, a date of birth, a postcode or a number"));
        }
        if (read is { Words: [{ Length: 1 }], Born: [], Numbers: [], Postcode: null })
        {
            return (null, work.Refuse("terms", "One letter finds everybody: type at least two, or a date or a postcode with it"));
        }
        if (await TooOften(work))
        {
            return (null, work.Refuse("terms", $"More than {MostAMinute(work)} searches in a minute: nobody looks for children so fast by hand. Wait a minute; whole registers are compared by loading them", Security, No.TooOften));
        }
        var id = Ids.Next();
        var found = await Find(read, work);
        Guid[] held = [.. found.Take(Most).Where(f => f is { Person: null, Notice: null }).Select(f => f.Record)];
        await work.Do($"insert into search (id, terms, found, held) values ({id}, {terms.Trim()}, {found.Take(Most).Select(f => f.Person).OfType<Guid>().ToArray()}, {held})");
        return (await Shown(id, terms.Trim(), read, found, held, work), null);
    }

    /// <summary>One's own search again, as things stand now.</summary>
    public static async Task<Result?> Again(Guid id, Work work) =>
        await work.Ask<Kept>($"select terms, held from search where id = {id} and actor = {work.Actor.Id}").FirstOrDefaultAsync() is { } kept && Read(kept.Terms, work) is var read ? await Shown(id, kept.Terms, read, await Find(read, work), kept.Held, work) : null;

    private sealed record Kept(string Terms, Guid[] Held);

    private static async Task<List<Found>> Find(Terms read, Work work) => [.. (await Pupils.Find(read, work)).Concat(await work.Ask<Found>($"""
        select person_id as person, source_record_id as record, agency, given, family, also, born, expected, postcode_start, is_child, tier, ask, reasons, records, score, null::uuid as notice
          from find_people({read.Words}, {read.Words.Select(word => Likeness.Sound(word)).ToArray()}, {read.Born}, {read.Postcode}, {read.Numbers}, {Most + 1})
        """).ToListAsync()).OrderByDescending(f => f.Score).ThenBy(f => f.Record)];

    private static async Task<Result> Shown(Guid id, string terms, Terms read, List<Found> found, Guid[] held, Work work)
    {
        await work.Look("search", id, records: found.Take(Most).Select(f => f.Record));
        return new(id, terms, work.Now, [.. found.Take(Most).Select(f => new Hit(f.Notice is null ? f.Person : null, f.Notice, f.Agency, f.Given, f.Family, [.. f.Also.Where(name => Nearer(read.Words, name, $"{f.Given} {f.Family}"))], f.Born, f.Expected, f.PostcodeStart, f.IsChild, f.Tier, f.Ask, f.Reasons, f.Records,
            f is { Person: null, Notice: null } && Array.IndexOf(held, f.Record) is >= 0 and var at ? at + 1 : null))], found.Count > Most, await Referred(terms, work));
    }

    /// <summary>Row security has the last word: what is kept from this reader is not found by its reference.</summary>
    private static Task<Reference?> Referred(string terms, Work work) => !work.Actor.May("report.read") ? Task.FromResult<Reference?>(null) :
        work.Ask<Reference>($"select id, reference as number, version, kind, received_at from report where agency_id = {work.Actor.Agency} and lower(reference) = lower({terms}) order by version desc limit 1").FirstOrDefaultAsync();

    /// <summary>Jaro-Winkler, as a hurried hand spells.</summary>
    internal const double LikeEnough = 0.85;

    private static bool Nearer(string[] typed, string name, string shown)
    {
        return typed.Any(word => Best(name, word) is var found && found >= LikeEnough && found > Best(shown, word));

        double Best(string names, string word) => Names.Words(names).Max(n => (double?)(n.StartsWith(word, StringComparison.Ordinal) ? 1 : Likeness.JaroWinkler(n, word))) ?? 0;
    }

    public static Terms Read(string typed, Work work) => Read(typed, WorkingCalendar.DateIn(work.Now));

    /// <summary>Sorts what was typed into names, dates, a postcode and numbers; the order does not matter.</summary>
    internal static Terms Read(string typed, LocalDate today)
    {
        var (rest, postcode, numbers, born) = (typed, (string?)null, new List<string>(), new List<LocalDate>());
        rest = Dates().Replace(rest, match =>
        {
            var date = WrittenDate.Parse(match.Value).Date ?? InWords(match);
            born.AddRange(date is { } day ? Near(day) : []);
            return date is null ? match.Value : " ";
        });
        rest = ShortDates().Replace(rest, match =>
        {
            LocalDate[] days = [.. new[] { 2000, 1900 }.Select(century => WrittenDate.Parse($"{match.Groups["day"]}/{match.Groups["month"]}/{century + int.Parse(match.Groups["year"].ValueSpan, CultureInfo.InvariantCulture)}").Date).OfType<LocalDate>().Where(day => day <= today.PlusYears(1))];
            born.AddRange(days is [var first, .. var others] ? [.. Near(first), .. others] : []);
            return days is [] ? match.Value : " ";
        });
        rest = Year().Replace(rest, match =>
        {
            born.AddRange(Whole(int.Parse(match.Value, CultureInfo.InvariantCulture)));
            return " ";
        });
        rest = Postcode().Replace(rest, match => { postcode = Names.FoldPostcode(match.Value); return " "; }, 1);
        rest = Number().Replace(rest, match =>
        {
            if (match.Value.Count(char.IsAsciiDigit) < 3 && !match.Value.AsSpan().ContainsAny('-', '/'))
            {
                return match.Value;
            }
            numbers.Add(IndexLine.Number(match.Value));
            return " ";
        });
        return new([.. Names.Words(rest).Distinct().Take(5)], [.. born.Distinct()], postcode, [.. numbers]);
    }

    /// <summary>6 April 2019, 6th Apr 2019, 06-Apr-2019.</summary>
    private static LocalDate? InWords(Match match) => match.Groups["name"] is { Success: true, Value: var name } && Array.FindIndex(Months, month => month.StartsWith(name, StringComparison.OrdinalIgnoreCase)) is >= 0 and var at
        ? WrittenDate.Parse($"{match.Groups["day"]}/{at + 1}/{match.Groups["year"]}").Date
        : null;

    private static readonly string[] Months = CultureInfo.InvariantCulture.DateTimeFormat.MonthNames[..12];

    /// <summary>A date as typed comes first; then as a hurried hand might have meant it.</summary>
    private static IEnumerable<LocalDate> Near(LocalDate date)
    {
        yield return date;
        if (date.Day <= 12)
        {
            yield return new(date.Year, date.Day, date.Month);
        }
        foreach (var by in Slips)
        {
            yield return WrittenDate.Around(date, by);
        }
        // 1 January is what is written where only the year is known, on either side.
        foreach (var day in WrittenDate.IsDefault(date) ? Whole(date.Year) : [new(date.Year, 1, 1)])
        {
            yield return day;
        }
    }

    private static readonly Period[] Slips =
    [
        .. new[] { -1, 1, -10, 10 }.Select(Period.FromYears), .. new[] { -1, 1 }.Select(Period.FromMonths), .. new[] { -1, 1, -10, 10 }.Select(Period.FromDays),
    ];

    private static IEnumerable<LocalDate> Whole(int year) => Enumerable.Range(0, CalendarSystem.Iso.GetDaysInYear(year)).Select(new LocalDate(year, 1, 1).PlusDays);

    internal sealed record Found(Guid? Person, Guid Record, string Agency, string? Given, string? Family, string[] Also, LocalDate? Born, LocalDate? Expected, string? PostcodeStart, bool IsChild, string Tier, string Ask, string[] Reasons, int Records, float Score, Guid? Notice);

    [GeneratedRegex(@"\b(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.\-]\d{1,2}[/.\-]\d{4}|(?<day>\d{1,2})(?:st|nd|rd|th)?[ /.\-](?<name>[A-Za-z]{3,9})[ /.\-](?<year>\d{4}))\b")]
    private static partial Regex Dates();

    [GeneratedRegex(@"(?<![\w/.\-])(?<day>\d{1,2})[/.\-](?<month>\d{1,2})[/.\-](?<year>\d{2})(?![\w/\-])")]
    private static partial Regex ShortDates();

    [GeneratedRegex(@"(?<![\w/\-])(19|20)\d\d(?![\w/\-])")]
    private static partial Regex Year();

    [GeneratedRegex(@"(?<![\w/\-])[A-Za-z]{1,2}\d[A-Za-z\d]?(\s*\d[A-Za-z]{2})?(?![\w/\-])")]
    private static partial Regex Postcode();

    [GeneratedRegex(@"(?<!\w)(?:\d{3} \d{3} \d{4}|(?:[A-Za-z]{1,10}[-/])*[A-Za-z]{0,10}[-/]?\d[\w/\-]*)")]
    private static partial Regex Number();
}
