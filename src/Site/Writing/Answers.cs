using Heed.Plumbing.Gov;
using Heed.Site.Layout;
using Heed.Site.Notices;
using Heed.Site.People;
using Microsoft.Extensions.Localization;
using NodaTime;
using NodaTime.Text;

namespace Heed.Site.Writing;

/// <summary>All that a report will say, in the words of its form, for whoever is about to send it.</summary>
public static class Answers
{
    /// <param name="Of">The person's key; else the section's page.</param>
    /// <param name="Change">Where the whole card is changed; null where each row says so itself.</param>
    public sealed record Card(string Of, string Title, string? Change, IReadOnlyList<Row> Rows);

    /// <param name="Change">Where in the form, from the draft's address on; null where the card says so.</param>
    /// <param name="Was">Of a correction, what the version before said, where it was something else; empty where it said nothing.</param>
    public sealed record Row(string Asked, string Said, string? Change, string? Was = null);

    /// <summary>What was said, beside what the version before said.</summary>
    public static IReadOnlyList<Card> Beside(IReadOnlyList<Card> now, IReadOnlyList<Card> before)
    {
        return [.. now.Select(Changed), .. before.Where(b => now.All(n => n.Of != b.Of)).Select(gone => gone with { Change = null, Rows = [.. gone.Rows.Select(r => r with { Said = "", Change = null, Was = r.Said })] })];

        Card Changed(Card card) => before.FirstOrDefault(b => b.Of == card.Of) is not { } was ? card with { Rows = [.. card.Rows.Select(r => r with { Was = "" })] } : card with
        {
            Rows =
            [
                .. card.Rows.Select(r => (was.Rows.FirstOrDefault(w => w.Asked == r.Asked)?.Said ?? "") is var then && then != r.Said ? r with { Was = then } : r),
                .. was.Rows.Where(w => card.Rows.All(r => r.Asked != w.Asked)).Select(w => w with { Said = "", Was = w.Said }),
            ],
        };
    }

    public static IReadOnlyList<Card> Of(ReportIn said, Typed typed, IStringLocalizer<PageWords> words, Instant now)
    {
        string Word(string word) => words[word].Value;
        string Yes(string? answer) => answer switch { "yes" => Word("Yes"), "no" => Word("No"), "not-known" => Word("Not known"), _ => Word("Not said") };
        return [What(), Risk(), Children(), .. (said.People ?? []).Select((p, i) => Person(p!, typed.People[i]))];

        Card What()
        {
            var happened = Time(said.OccurredAt) is { } at ? words.Happened(at, Time(said.OccurredUntil), said.OccurredPrecision, now) : Word("Not said");
            return new("what", Word("What happened"), null,
            [
                .. Optional("What was wrong", typed.What.Reason, "what#What_Reason"),
                new(Word("Kind"), said.Kind is null ? Word("Not said") : Word(KindWords.Of(said.Kind)), "what#What_Kind"),
                new(Word("Happened"), happened, "what#What_Occurred_On"),
                new(Word("Known"), Time(said.KnownAt) is { } known ? TimeTag.InWords(known, now) : Word("Not said"), "what#What_Known_On"),
                new(Word("Where"), Place(said.Place?.Address) is { Length: > 0 } place ? place : Word("Not said"), "what#What_Line"),
                .. Optional("More about the place", said.Place?.Description, "what#What_Place"),
                new(Word("In your words"), said.Summary ?? Word("Not said"), "what#What_Summary"),
            ]);
        }

        Card Risk()
        {
            var risk = said.Risk;
            var asked = Questions.Of(risk?.Instrument, risk?.Version);
            string Numbers(string? answer) => string.Join(", ", asked!.Asked.Where(q => risk!.Answers?.GetValueOrDefault(q.Number) == answer).Select(q => q.Number));
            return new("risk", Word("Risk"), null,
            [
                new(Word("Questions"), risk?.Instrument is { } instrument ? $"{instrument} {risk.Version}".TrimEnd() : Word("None asked"), "risk#Risk_Instrument"),
                .. asked is null ? [] : new[] { ("Answered yes", "yes"), ("Answered no", "no"), ("Not known", "not-known"), ("Not answered", null) }
                    .SelectMany(a => Numbers(a.Item2) is { Length: > 0 } numbers ? Optional(a.Item1, numbers.Contains(',', StringComparison.Ordinal) ? words["Questions {0}", numbers].Value : words["Question {0}", numbers].Value, "risk#Risk_Instrument") : []),
                .. Optional("What was said to any of them", risk?.Note, "risk#Risk_Note"),
                new(Word("Your grade"), risk?.Grade is { } grade ? Word(char.ToUpperInvariant(grade[0]) + grade[1..]) : Word("Not given"), "grade#Risk_Grade"),
            ]);
        }

        Card Children() => new("children", Word("Children"), null,
        [
            new(Word("Were children there?"), Yes(said.ChildrenPresent), "children#Children_Present"),
            new(Word("Does a child live in the household?"), Yes(said.ChildInHousehold), "children#Children_Household"),
        ]);

        Card Person(PersonIn p, Someone form)
        {
            var relations = (p.Relationships ?? []).Select(r => $"{Word(PersonModel.RelationWords.GetValueOrDefault(r!.Kind ?? "", r.Kind ?? ""))}: {Name(r.To)}");
            return new(form.Key, words.Name(p.GivenNames, p.FamilyName, form.Unborn), $"people/{form.Key}",
            [
                new(Word("Role"), form.Child ? Word(form.Unborn ? "Child, not born yet" : "Child") : string.Join(", ", (p.Roles ?? []).Select(r => Word(KindWords.Role(r!)))), null),
                .. Optional("Known to the force", p.RecordNumber),
                form.Unborn ? new(Word("Expected"), Day(form.Expected, p.Expected), null) : new(Word("Born"), Day(form.Born, p.Born), null),
                new(Word("Sex"), Word(p.Sex switch { "F" => "Female", "M" => "Male", "U" => "Not known", _ => "Not said" }), null),
                new(Word("Lives at"), Place(p.Addresses?.FirstOrDefault()) is { Length: > 0 } home ? home : Word(form.Home is "not-known" ? "Not known" : "Not said"), null),
                .. Optional("Must this address be kept confidential?", p.Addresses?.FirstOrDefault()?.Sensitivity is { } kept ? Word(PersonModel.SensitivityWords.GetValueOrDefault(kept, kept)) : null),
                .. Optional("Family", string.Join("; ", relations)),
                .. Optional("School", School(p.School)),
                .. Optional("Works at", School(p.WorksAt)),
                .. form is { Child: true, Unborn: false } ? [new Row(Word("Seen"), Word((p.Seen, p.SeenAlone) switch { (false, _) => "No", (true, true) => "Yes, and alone", (true, false) => "Yes, not alone", (true, null) => "Yes", _ => "Not said" }), null)] : Array.Empty<Row>(),
                .. Optional("In their own words", p.OwnWords),
                .. Optional("Telephone", p.Phone),
                .. Optional("How to reach them without harm", p.SafeContact),
            ]);
        }

        IEnumerable<Row> Optional(string asked, string? text, string? change = null) => string.IsNullOrWhiteSpace(text) ? [] : [new(Word(asked), text.Trim(), change)];

        string? School(SchoolIn? school) => school is null ? null : $"{school.Name}{(school.Urn is null ? Word(" (not a school that Heed can tell)") : "")}";

        string Name(string? key) => said.People!.FirstOrDefault(p => p!.Key == key) is { } other ? words.Name(other.GivenNames, other.FamilyName, other.Born is null && other.Expected is not null) : "";

        string Day(TypedDate day, string? written) => day.Date is { } date ? TimeTag.InWords(date) : written ?? Word("Not known");
    }

    private static Instant? Time(string? text) => text is null ? null : OffsetDateTimePattern.ExtendedIso.Parse(text) is { Success: true, Value: var at } ? at.ToInstant() : null;

    private static string Place(AddressIn? a) => a is null ? "" : string.Join(", ", (a.Lines ?? []).Append(a.Locality).Append(a.Postcode).Where(x => !string.IsNullOrWhiteSpace(x)));
}
