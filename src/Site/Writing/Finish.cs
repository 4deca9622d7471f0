using System.Text.RegularExpressions;
using Heed.Matching;
using Heed.Plumbing;
using Heed.Plumbing.Gov;
using Heed.Site.Access;
using Heed.Site.Notices;
using Heed.Site.People;
using Heed.Statute;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NodaTime.Text;

namespace Heed.Site.Writing;

/// <summary>Something that must be put right before it can be sent: the page it stands on, its field there, and what to do.</summary>
public sealed record Owed(string Page, string Field, string Words);

/// <summary>
/// Sends what was written, through the same door as every other report (<see cref="Send"/>). What is missing is said by page and field.
/// The draft's row is held meanwhile: the second of two clicks waits, and is shown the report that the first one made.
/// </summary>
public static partial class Finish
{
    public static async Task<(Guid? Report, IReadOnlyList<Owed> Owed, Refusal? No)> Handle(Guid id, Work work, Bodies bodies)
    {
        if (await Draft.Open(id, work) is not { } draft)
        {
            return (null, [], work.NotFound(id));
        }
        if (draft.ReportId is { } already)
        {
            return (already, [], null);
        }
        if (draft.CorrectsId is { } corrects && await work.All<Report>().AnyAsync(r => r.SupersedesId == corrects))
        {
            var no = work.Refuse("supersedes", Overtaken, kind: No.Conflict);
            return (null, [new("check", "supersedes", Overtaken)], no);
        }
        var typed = draft.Read();
        var known = await bodies.For(work);
        if (StillOwed(typed, draft, known, work) is { Count: > 0 } owed)
        {
            return (null, owed, work.Refuse(owed.DistinctBy(o => (o.Page, o.Field)).ToDictionary(o => $"{o.Page}#{o.Field}", o => new[] { o.Words })));
        }
        var (answer, refused) = await Send.Handle(AsReport(typed, draft, known, work), work, bodies);
        if (refused is not null)
        {
            return (null, [.. refused.Errors.Select(e => new Owed("check", e.Key, e.Value[0]))], refused);
        }
        (draft.ReportId, draft.SentAt, draft.UpdatedAt, draft.Typed) = (answer!.Receipt.Id, work.Now, work.Now, "{}");
        return (answer.Receipt.Id, [], null);
    }

    private const string Overtaken = "Another correction of this version was sent meanwhile. Correct the version that stands now, and throw this one away";

    /// <summary>All that is still missing or cannot be, in the order of the pages. What a system sent without, a correction may leave out too.</summary>
    public static IReadOnlyList<Owed> StillOwed(Typed typed, Draft draft, Snapshot bodies, Work work) => draft.Was is not { } was ? Owing(typed, draft, bodies, work) :
    [
        .. string.IsNullOrWhiteSpace(typed.What.Reason) ? [new Owed("what", "What.Reason", "Say what was wrong, and how you know: whoever had the version before is shown it")] : Array.Empty<Owed>(),
        .. Owing(typed, draft, bodies, work).Except(Owing(Correcting.Form(was, bodies, work.Now), draft, bodies, work)),
    ];

    private static List<Owed> Owing(Typed typed, Draft draft, Snapshot bodies, Work work)
    {
        var (owed, today) = (new List<Owed>(), WorkingCalendar.DateIn(work.Now));
        void Missing(bool missing, string page, string field, string words)
        {
            if (missing)
            {
                owed.Add(new(page, field, words));
            }
        }
        var (what, risk, asked) = (typed.What, typed.Risk, typed.Children);
        Missing(what.Kind is null, "what", "What.Kind", "Choose what kind of incident it was");
        Missing(what.Precision is null, "what", "What.Precision", "Choose how exactly you know when it happened");
        Missing(what.Precision is "longer" && string.IsNullOrWhiteSpace(what.Longer), "what", "What.Longer", "Say in words over which time: since the summer, over the weekend");
        Time(what.Occurred, "What.Occurred", "it happened", needsClock: what.Precision is not ("day" or "longer"));
        Time(what.Known, "What.Known", "the police knew", needsClock: true);
        Missing(what.Known.At < Begins(what) && Begins(what) <= work.Now && what.Precision is not ("day" or "longer"), "what", "What.Known.Time", "The police cannot have known before it happened: change one of the two times");
        Missing(Mistyped(what.Postcode), "what", "What.Postcode", PostcodeRule);
        Missing(string.IsNullOrWhiteSpace(what.Summary), "what", "What.Summary", "Say what happened, in your own words");
        Missing(what.Kind is "domestic-abuse" && risk.Instrument is null, "risk", "Risk.Instrument", "Choose which questions were asked, or that none were");
        Missing(what.Kind is "domestic-abuse" && risk.Grade is null, "grade", "Risk.Grade", "Choose the grade: it is yours to give");
        Missing(asked.Present is null, "children", "Children.Present", "Say whether children were there");
        Missing(asked.Household is null, "children", "Children.Household", "Say whether any child lives in the household: it is asked even where none was there");
        Missing((asked.Present is "yes" || asked.Household is "yes") && !typed.People.Exists(p => p.Child), "children", "Children.Who", "You said that there are children: who? Add each one. Leave the name empty if you do not know it");
        Missing(typed.People.Count == 0, "people", "People", "Add at least one person");
        foreach (var (i, p) in typed.People.Index())
        {
            var page = $"people/{p.Key}";
            var who = $"{p.GivenNames} {p.FamilyName}".Trim() is { Length: > 0 } name ? name : $"person {i + 1}";
            var unlikely = p.Unborn ? ExpectedDay.Wrong(p.Expected.Date, null, what.Occurred.Day.Date is { } day && day <= today ? day : null, today) : null;
            Missing(!p.Unborn && !p.Born.IsEmpty && p.Born.Date is null, page, "Person.Born", $"Date of birth of {who}: there is no such date; leave it empty if it is not known");
            Missing(p.Unborn && !p.Expected.IsEmpty && p.Expected.Date is null, page, "Person.Expected", $"Date on which {who} is expected: there is no such date; leave it empty if it is not known");
            Missing(unlikely is not null, page, "Person.Expected", $"Date on which {who} is expected: it {unlikely}; leave it empty if it is not known");
            Missing(p.Born.Date > today, page, "Person.Born", "The date of birth lies in the future; for an unborn child give the date it is expected");
            Missing(p.Home is "other" && Mistyped(p.Postcode), page, "Person.Postcode", PostcodeRule);
            Missing(p is { Child: true, Unborn: false, Seen: null }, page, "Person.Seen", "Say whether you saw this child");
            Missing(!p.Child && p.Roles.Count == 0, page, "Person.Roles", "Choose at least one role");
        }
        // What the form does not know of, the reading of every report says; each field that it names has its place on a page.
        foreach (var (field, words) in Reading.Read(AsReport(typed, draft, bodies, work), work.Now).Errors)
        {
            if (Place(field, typed) is var (page, at) && !owed.Exists(o => o.Page == page && Question(o.Field) == Question(at)))
            {
                owed.Add(new(page, at, words[0]));
            }
        }
        return owed;

        void Time(When when, string field, string of, bool needsClock)
        {
            Missing(when.Day.Date is null, "what", when.Day.IsEmpty ? $"{field}.On" : $"{field}.Day", when.Day.IsEmpty ? $"Choose the day when {of}" : $"The day when {of}: there is no such date");
            Missing(when.Day.Date > today || when.At > work.Now + Duration.FromMinutes(5), "what", $"{field}.Time", $"The time when {of} lies in the future");
            Missing(needsClock && when.Clock is null, "what", $"{field}.Time", $"Give the time when {of}, as 22:40");
        }
    }

    private const string PostcodeRule = "A UK postcode has the form TS20 2QX. If only its first half is known, give that; leave it empty if it is not known";

    /// <summary>Who types it can be asked again; a system that sends what it holds cannot, and there it goes to the lead council (<see cref="Routing"/>).</summary>
    private static bool Mistyped(string? postcode) => !string.IsNullOrWhiteSpace(postcode) && !Postcode().IsMatch(Names.FoldPostcode(postcode));

    /// <summary>Whole, or its first half. Only in inner London does a letter follow the district's number: elsewhere it is a digit mistyped.</summary>
    [GeneratedRegex("^(?:[A-Z]{1,2}[0-9]{1,2}|[ENW]1[A-Z]|(?:EC[1-4]|NW1|SE1|SW1|WC[12])[A-Z])(?:[0-9][A-Z]{2})?$")]
    private static partial Regex Postcode();

    /// <summary>A day and its time are one question: what is said of the one is not said again of the other.</summary>
    private static string Question(string field) => string.Join('.', field.Split('.').Take(2));

    /// <summary>Where a field of a report stands in the form.</summary>
    private static (string Page, string Field) Place(string field, Typed typed)
    {
        if (field.StartsWith("people[", StringComparison.Ordinal) && int.TryParse(field.AsSpan(7, field.IndexOf(']') - 7), out var ordinal))
        {
            var member = field[(field.IndexOf(']') + 1)..].TrimStart('.').Split('.', '[');
            var name = member[0] switch { "addresses" => member[^1] is "postcode" or "locality" ? Capital(member[^1]) : "Line", "school" => "School", "worksAt" => "WorksAt", "relationships" => "Related", "" => "GivenNames", var other => Capital(other) };
            return ($"people/{typed.People[ordinal].Key}", $"Person.{name}");
        }
        return field switch
        {
            "people" => ("people", "People"),
            "supersessionReason" => ("what", "What.Reason"),
            "occurredAt" or "occurredUntil" => ("what", "What.Occurred.Time"),
            "occurredPrecision" => ("what", "What.Longer"),
            "knownAt" => ("what", "What.Known.Time"),
            "kind" => ("what", "What.Kind"),
            "summary" => ("what", "What.Summary"),
            "place.description" => ("what", "What.Place"),
            "place.address.postcode" => ("what", "What.Postcode"),
            "place.address.locality" => ("what", "What.Locality"),
            "risk.grade" => ("grade", "Risk.Grade"),
            "risk.note" => ("risk", "Risk.Note"),
            "childrenPresent" => ("children", "Children.Present"),
            "childInHousehold" => ("children", "Children.Household"),
            _ when field.StartsWith("place.", StringComparison.Ordinal) => ("what", "What.Line"),
            _ when field.StartsWith("risk.", StringComparison.Ordinal) => ("risk", "Risk.Instrument"),
            _ => ("check", field),
        };
    }

    private static string Capital(string name) => name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..];

    private static Instant? Begins(What what) => what.Precision is "day" or "longer" ? what.Occurred.Day.Date?.AtStartOfDayInZone(WorkingCalendar.London).ToInstant() : what.Occurred.At;

    /// <summary>What was typed, as a report. Nothing is made up: what was not typed is not in it.</summary>
    public static ReportIn AsReport(Typed typed, Draft draft, Snapshot bodies, Work work) => Written(typed, draft, bodies, work) is var now && draft.Was is not { } was ? now :
        Correcting.Onto(was, Written(Correcting.Form(was, bodies, work.Now), draft, bodies, work), now) with
        {
            Version = (was.Version ?? 1) + 1, Supersedes = was.Version ?? 1, SupersessionReason = Said(typed.What.Reason), RecordedAt = now.RecordedAt, Reporter = now.Reporter,
        };

    private static ReportIn Written(Typed typed, Draft draft, Snapshot bodies, Work work)
    {
        var what = typed.What;
        var instrument = Questions.Of(typed.Risk.Instrument);
        // Who must not be found at home is not found by where it happened, if that is there.
        var home = Address(what.Line, what.Locality, what.Postcode, typed.People.Find(p => p is { Home: "there", Sensitivity: not null })?.Sensitivity);
        var dayEnds = what.Occurred.Day.Date is not { } day ? (Instant?)null : day < WorkingCalendar.DateIn(work.Now) ? WorkingCalendar.EndOf(day) - Duration.FromMinutes(1) : work.Now;
        return new()
        {
            Reference = draft.Reference,
            Kind = what.Kind,
            OccurredAt = Iso(Begins(what)),
            OccurredUntil = what.Precision switch { "day" => Iso(dayEnds), "longer" => Iso(what.Known.At), _ => null },
            OccurredPrecision = what.Precision switch { "about" => "about that time", "day" => "some time that day", "longer" => Said(what.Longer), _ => null },
            KnownAt = Iso(what.Known.At),
            RecordedAt = Iso(draft.BegunAt),
            Place = Said(what.Place) is null && home is null ? null : new() { Description = Said(what.Place), Address = home },
            Summary = Said(what.Summary),
            Risk = instrument is null && typed.Risk.Grade is null ? null : new()
            {
                Instrument = instrument?.Name, Version = instrument?.Version, Grade = typed.Risk.Grade, Note = Said(typed.Risk.Note),
                Answers = instrument?.Asked.Where(q => typed.Risk.Answers.GetValueOrDefault(q.Number) is not null).ToDictionary(q => q.Number, q => typed.Risk.Answers[q.Number]),
            },
            ChildrenPresent = typed.Children.Present,
            ChildInHousehold = typed.Children.Household,
            People = [.. typed.People.Select(p => Person(p, home, typed, bodies))],
            Reporter = new() { Name = $"{work.Actor.Rank} {work.Actor.Name}", Team = work.Actor.Teams.Select(t => bodies.Teams.GetValueOrDefault(t)?.Name).FirstOrDefault(n => n is not null) },
        };
    }

    private static PersonIn Person(Someone p, AddressIn? there, Typed typed, Snapshot bodies) => new()
    {
        Key = p.As ?? p.Key,
        RecordNumber = p.RecordNumber,
        Roles = p.Child ? [p.Unborn ? "unborn" : "child"] : [.. p.Roles],
        GivenNames = Said(p.GivenNames),
        FamilyName = Said(p.FamilyName),
        Born = p.Unborn ? null : Day(p.Born),
        Expected = p.Unborn ? Day(p.Expected) : null,
        Sex = p.Sex,
        Addresses = (p.Home switch { "there" => there, "other" => Address(p.Line, p.Locality, p.Postcode, p.Sensitivity), _ => null }) is { } home ? [home] : null,
        Relationships = [.. p.Related.Where(r => !string.IsNullOrWhiteSpace(r.Value) && r.Key != p.Key).Select(r => (Kind: r.Value, To: typed.Find(r.Key))).Where(r => r.To is not null).Select(r => new RelationshipIn { Kind = r.Kind, To = r.To!.As ?? r.To.Key })],
        // The page stops asking these of whoever is not born; what was typed before that was said stays with the draft, should it be said otherwise.
        School = p.Unborn ? null : School(p.School, bodies),
        WorksAt = p.Child ? null : School(p.WorksAt, bodies),
        Phone = Said(p.Phone),
        SafeContact = Said(p.SafeContact),
        OwnWords = p.Unborn ? null : Said(p.OwnWords),
        Seen = p.Unborn || p.Seen is null ? null : p.Seen is not "no",
        SeenAlone = p.Unborn ? null : p.Seen switch { "alone" => true, "not-alone" => false, _ => null },
        SubjectCategory = p.Child ? null : p.Roles.Find(r => r is "suspect" or "victim" or "witness"),
    };

    /// <summary>By its name or its URN, as whoever types it knows it.</summary>
    private static SchoolIn? School(string? typed, Snapshot bodies) => Said(typed) is not { } said ? null : bodies.SchoolOf(said, said) is { } school ? new() { Name = bodies.Agencies[school].Name, Urn = bodies.Agencies[school].Code } : new() { Name = said };

    private static AddressIn? Address(string? line, string? locality, string? postcode, string? sensitivity) => Said(line) is null && Said(locality) is null && Said(postcode) is null ? null : new() { Lines = Said(line) is { } said ? [said] : null, Locality = Said(locality), Postcode = Said(postcode), Sensitivity = Said(sensitivity) };

    private static string? Day(TypedDate date) => date.Date is { } day ? LocalDatePattern.Iso.Format(day) : date.IsEmpty ? null : $"{date.Day} {date.Month} {date.Year}".Trim();

    private static string? Iso(Instant? at) => at is { } when ? InstantPattern.ExtendedIso.Format(when) : null;

    private static string? Said(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
