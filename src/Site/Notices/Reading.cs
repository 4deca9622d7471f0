using NodaTime;

namespace Heed.Site.Notices;

/// <summary>
/// Reads a report: what is malformed is an error by field; what is merely wrong about a person (an impossible date of birth, a check digit)
/// is kept as written with a note, for a report about a child is never turned away over a birthday.
/// </summary>
public static class Reading
{
    private const int MostPeople = 60;

    public static readonly IReadOnlySet<string> Kinds = new HashSet<string>
    {
        "domestic-abuse", "missing", "child-concern", "neglect", "physical-injury", "exploitation", "online-abuse", "anti-social-behaviour", "custody", "other",
    };

    /// <summary>A report of its parts, or every error by field.</summary>
    public static (Understood?, IReadOnlyDictionary<string, string[]> Errors) Read(ReportIn said, Instant now)
    {
        var remarks = new Remarks(now);
        var reference = remarks.Needed("reference", said.Reference, 80, "Needed: the agency's own reference of the incident")?.Trim();
        var version = Version(said, remarks);
        remarks.OneOf("kind", said.Kind, Kinds.Order());
        if (said.Sensitivity is not (null or "open" or "restricted"))
        {
            remarks.Wrong("sensitivity", "open or restricted");
        }
        var (occurred, until, known, recorded) = Times(said, remarks);
        remarks.Needed("summary", said.Summary, 20_000, "Needed: what happened, in the reporter's words");
        remarks.Text("place.description", said.Place?.Description, 500);
        remarks.Address("place.address", said.Place?.Address);
        remarks.Address("place.foundAt", said.Place?.FoundAt);
        if (said.Risk is { } risk)
        {
            Risk(risk, remarks);
        }
        foreach (var (field, answer) in new[] { ("childrenPresent", said.ChildrenPresent), ("childInHousehold", said.ChildInHousehold) })
        {
            if (answer is not (null or "yes" or "no" or "not-known"))
            {
                remarks.Wrong(field, "yes, no or not-known");
            }
        }
        foreach (var (i, action) in (said.Actions ?? []).Take(100).Index())
        {
            remarks.Text($"actions[{i}]", action, 2_000);
        }
        if (said.Actions?.Count > 100)
        {
            remarks.Wrong("actions", "At most 100 actions");
        }
        remarks.Text("reporter.name", said.Reporter?.Name, 200);
        remarks.Text("reporter.team", said.Reporter?.Team, 200);
        remarks.Text("reporter.shift", said.Reporter?.Shift, 40);
        var people = People(said.People, occurred ?? now, remarks);
        if (remarks.Errors is { Count: > 0 } errors)
        {
            return (null, errors);
        }
        var (canonical, hash) = Canonical.Of(said);
        return (new(said, reference!, version, said.Kind!, said.Sensitivity == "restricted", occurred!.Value, until, said.OccurredPrecision ?? (until is null ? "to the minute" : "between these times"),
            known ?? now, recorded, people, remarks.Notes, canonical, hash), remarks.Errors);
    }

    private static int Version(ReportIn said, Remarks remarks)
    {
        var version = said.Version ?? 1;
        if (version is < 1 or > 10_000)
        {
            remarks.Wrong("version", "A whole number from 1");
        }
        if (version > 1 && said.Supersedes is null)
        {
            remarks.Wrong("supersedes", "A version after the first names the version that it takes the place of");
        }
        if (said.Supersedes is { } old && (old < 1 || old >= version))
        {
            remarks.Wrong("supersedes", "An earlier version than this one");
        }
        if (said.Supersedes is not null && string.IsNullOrWhiteSpace(said.SupersessionReason))
        {
            remarks.Wrong("supersessionReason", "A correction says why");
        }
        remarks.Text("supersessionReason", said.SupersessionReason, 2_000);
        return version;
    }

    private static (Instant? Occurred, Instant? Until, Instant? Known, Instant? Recorded) Times(ReportIn said, Remarks remarks)
    {
        if (string.IsNullOrWhiteSpace(said.OccurredAt))
        {
            remarks.Wrong("occurredAt", "Needed: ISO 8601 with an offset, as 2026-11-20T22:40:00Z");
        }
        var occurred = remarks.Time("occurredAt", said.OccurredAt);
        var until = remarks.Time("occurredUntil", said.OccurredUntil);
        if (until < occurred)
        {
            remarks.Wrong("occurredUntil", "Lies before occurredAt");
        }
        var known = remarks.Time("knownAt", said.KnownAt);
        if (known < occurred && until is null && !remarks.Errors.ContainsKey("occurredAt"))
        {
            remarks.Wrong("knownAt", "Lies before occurredAt: nobody knew before it began");
        }
        if (known is null)
        {
            remarks.Note("knownAt", "Not given: taken as known when it was received");
        }
        remarks.Text("occurredPrecision", said.OccurredPrecision, 100);
        return (occurred, until, known, remarks.Time("recordedAt", said.RecordedAt));
    }

    private static void Risk(RiskIn risk, Remarks remarks)
    {
        remarks.Text("risk.instrument", risk.Instrument, 40);
        remarks.Text("risk.version", risk.Version, 40);
        remarks.Text("risk.note", risk.Note, 5_000);
        if (risk.Grade is not (null or "standard" or "low" or "medium" or "high" or "very-high" or "not-graded"))
        {
            remarks.Wrong("risk.grade", "standard, low, medium, high, very-high or not-graded");
        }
        foreach (var (question, answer) in risk.Answers ?? new Dictionary<string, string?>())
        {
            remarks.Text("risk.answers", question, 100);
            remarks.Text("risk.answers", answer, 2_000);
        }
        if (risk.Answers?.Count > 200)
        {
            remarks.Wrong("risk.answers", "At most 200 answers");
        }
    }

    private static List<Mentioned> People(IReadOnlyList<PersonIn?>? said, Instant occurred, Remarks remarks)
    {
        if (said is not { Count: > 0 })
        {
            remarks.Wrong("people", "Needed: at least one person");
            return [];
        }
        if (said.Count > MostPeople)
        {
            remarks.Wrong("people", $"At most {MostPeople} people in one report; this has {said.Count}");
            return [];
        }
        var people = new List<Mentioned>();
        var keys = new HashSet<string>();
        foreach (var (i, person) in said.Index())
        {
            if (person?.Key is { } key && !keys.Add(key))
            {
                remarks.Wrong("people", $"The key of person {i} stands for two people");
            }
        }
        foreach (var (i, person) in said.Index())
        {
            if (person is null)
            {
                remarks.Wrong($"people[{i}]", "Null is not a person");
                continue;
            }
            people.Add(ReadingPerson.Of(person, (short)i, keys, occurred, remarks));
        }
        return people;
    }
}
