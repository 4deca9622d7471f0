using Heed.Matching;
using Heed.Site.People;
using Heed.Statute;
using NodaTime;

namespace Heed.Site.Notices;

/// <summary>Reads one person of a report. What is wrong about who they are is a note; only what cannot be kept at all is an error.</summary>
internal static class ReadingPerson
{
    private static readonly HashSet<string> ChildRoles = ["child", "unborn", "pupil"];
    private static readonly HashSet<string> Bases = ["fact", "opinion", "allegation", "hearsay"];
    private static readonly HashSet<string> Categories = ["suspect", "convicted", "victim", "witness"];

    /// <param name="keys">Of all people of the report: whom a relationship may name.</param>
    public static Mentioned Of(PersonIn person, short ordinal, IReadOnlySet<string> keys, Instant occurred, Remarks remarks)
    {
        var at = $"people[{ordinal}]";
        Texts(person, at, remarks);
        Lists(person, at, keys, remarks);
        var (born, expected) = Birth(person, at, WorkingCalendar.DateIn(occurred), remarks);
        var roles = (person.Roles ?? []).OfType<string>().Select(r => r.Trim().ToLowerInvariant()).Where(r => r.Length > 0).Distinct().ToArray();
        // Somebody of seventeen is a child whatever role the form gave them.
        var child = roles.Any(ChildRoles.Contains) || person.Expected is not null || (born.Date is { } day && day.PlusYears(18) > WorkingCalendar.DateIn(occurred));
        return new(ordinal, person, roles, child, born, expected,
            Number("nhs", t => (NhsNumber.TryParse(t, out var v, out var why), v.Value ?? "", why)),
            Number("upn", t => (Upn.TryParse(t, out var v, out var why), v.Value ?? "", why)),
            Number("pnc", t => (PncId.TryParse(t, out var v, out var why), v.Value ?? "", why)));

        string? Number(string type, Func<string?, (bool, string, string?)> parse)
        {
            foreach (var (j, identifier) in (person.Identifiers ?? []).Index().Where(n => string.Equals(n.Item?.Type, type, StringComparison.OrdinalIgnoreCase)))
            {
                var (good, value, why) = parse(identifier!.Value);
                if (good)
                {
                    return value;
                }
                remarks.Note($"{at}.identifiers[{j}].value", $"Kept as written and not used to link: {why}");
            }
            return null;
        }
    }

    private static void Texts(PersonIn person, string at, Remarks remarks)
    {
        foreach (var (name, text, most) in new[]
        {
            ("key", person.Key, 100), ("recordNumber", person.RecordNumber, 100), ("givenNames", person.GivenNames, 300), ("familyName", person.FamilyName, 300), ("born", person.Born, 60), ("expected", person.Expected, 60), ("sex", person.Sex, 20),
            ("language", person.Language, 100), ("phone", person.Phone, 60), ("email", person.Email, 300), ("safeContact", person.SafeContact, 1_000), ("parentsTold", person.ParentsTold, 1_000),
            ("ownWords", person.OwnWords, 10_000), ("school.name", person.School?.Name, 300), ("school.urn", person.School?.Urn, 20), ("worksAt.name", person.WorksAt?.Name, 300), ("worksAt.urn", person.WorksAt?.Urn, 20),
        })
        {
            remarks.Text($"{at}.{name}", text, most);
        }
        if (person.Sex is not (null or "" or "F" or "M" or "U"))
        {
            remarks.Wrong($"{at}.sex", "F, M or U (unknown)");
        }
        if (person.SubjectCategory is { } category)
        {
            remarks.OneOf($"{at}.subjectCategory", category, Categories);
        }
    }

    private static void Lists(PersonIn person, string at, IReadOnlySet<string> keys, Remarks remarks)
    {
        foreach (var (names, what) in new[] { (person.AlsoKnownAs, "alsoKnownAs"), (person.FormerNames, "formerNames"), (person.Roles, "roles") })
        {
            if (names?.Count > 30)
            {
                remarks.Wrong($"{at}.{what}", "At most 30");
            }
            foreach (var (j, name) in (names ?? []).Take(30).Index())
            {
                remarks.Text($"{at}.{what}[{j}]", name, 300);
            }
        }
        if (person.Addresses?.Count > 20 || person.Identifiers?.Count > 20 || person.Relationships?.Count > 100 || person.Statements?.Count > 100)
        {
            remarks.Wrong(at, "At most 20 addresses, 20 identifiers, 100 relationships and 100 statements");
        }
        foreach (var (j, address) in (person.Addresses ?? []).Take(20).Index())
        {
            remarks.Address($"{at}.addresses[{j}]", address);
        }
        foreach (var (j, relationship) in (person.Relationships ?? []).Take(100).Index())
        {
            remarks.Needed($"{at}.relationships[{j}].kind", relationship?.Kind, 60, "Needed: mother, father, sibling, partner …");
            if (relationship?.To is not { } to || !keys.Contains(to))
            {
                remarks.Wrong($"{at}.relationships[{j}].to", "Names no person of this report by key");
            }
            else if (to == person.Key)
            {
                remarks.Wrong($"{at}.relationships[{j}].to", "Nobody is related to themselves");
            }
        }
        foreach (var (j, statement) in (person.Statements ?? []).Take(100).Index())
        {
            remarks.OneOf($"{at}.statements[{j}].basis", statement?.Basis, Bases);
            remarks.Needed($"{at}.statements[{j}].words", statement?.Words, 10_000, "Needed");
        }
        foreach (var (j, identifier) in (person.Identifiers ?? []).Take(20).Index())
        {
            remarks.Needed($"{at}.identifiers[{j}].type", identifier?.Type, 40, "Needed: nhs, upn, pnc or the agency's own word");
            remarks.Needed($"{at}.identifiers[{j}].value", identifier?.Value, 100, "Needed");
        }
    }

    private static (WrittenDate Born, LocalDate? Expected) Birth(PersonIn person, string at, LocalDate occurred, Remarks remarks)
    {
        var born = WrittenDate.Parse(person.Born);
        if (born.Outcome == DateOutcome.Understood && born.Date > WorkingCalendar.DateIn(remarks.Now))
        {
            born = born with { Outcome = DateOutcome.Impossible, Date = null, Why = "lies in the future; an unborn child has an expected date" };
        }
        if (born.Outcome == DateOutcome.Impossible)
        {
            remarks.Note($"{at}.born", $"Kept as written and not understood: {born.Why}");
        }
        if (person.Expected is null)
        {
            return (born, null);
        }
        var expected = WrittenDate.Parse(person.Expected);
        if (expected.Date is null)
        {
            remarks.Note($"{at}.expected", $"Kept as written and not understood: {expected.Why ?? "it is blank"}");
        }
        if (ExpectedDay.Wrong(expected.Date, born.Date, occurred, WorkingCalendar.DateIn(remarks.Now)) is { } why)
        {
            remarks.Note($"{at}.expected", $"Kept as written and not used to link: {why}");
            return (born, null);
        }
        return (born, expected.Date);
    }
}
