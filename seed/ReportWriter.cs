using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;

namespace Heed.Seed;

/// <summary>One report before it is written down. Reporter: name, team and shift. Corrected: what was wrong in the version before.</summary>
public sealed record Draft(string Agency, string Reference, Story Story, Family Family, Person Child, Instant Occurred, Instant Known, string ReporterName, string ReporterTeam, string? ReporterShift)
{
    public int Version { get; init; } = 1;
    public string? Corrected { get; init; }
    public string? Summary { get; init; }
    public string? Grade { get; init; }
    public Address? Place { get; init; }
    public Address? FoundAt { get; init; }
}

/// <summary>Writes a report as the API takes it: the members of the sample, in its order.</summary>
public sealed class ReportWriter(Families families, ILookup<(string Agency, string Person), Record> records)
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private static readonly InstantPattern Seconds = InstantPattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'ss'Z'");
    private static readonly string[] Questions = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20", "21", "22", "23", "24", "25", "26", "27"];

    private static readonly string[] AtHome = ["At home", "Outside the home", "From home", "At home, reported at the police station"];

    private readonly ArrayBufferWriter<byte> _buffer = new(4096);

    public (string Json, IReadOnlyList<Mention> Mentions) Write(Draft draft, Dice dice)
    {
        _buffer.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_buffer, Readable);
        var on = Days.Of(draft.Occurred);
        var story = draft.Story;
        var grade = draft.Grade ?? story.Grade;
        var home = draft.Family.Household.Address;

        json.WriteStartObject();
        json.WriteString("reference", draft.Reference);
        if (draft.Version > 1)
        {
            json.WriteNumber("version", draft.Version);
            json.WriteNumber("supersedes", draft.Version - 1);
            json.WriteString("supersessionReason", draft.Corrected);
        }
        json.WriteString("kind", story.Kind);
        json.WriteString("occurredAt", Seconds.Format(draft.Occurred));
        json.WriteString("knownAt", Seconds.Format(draft.Known));
        json.WriteStartObject("place");
        json.WriteString("description", story.Where);
        json.WritePropertyName("address");
        // a school, a ward or a street is not where the family lives: said in words, and no address
        if ((draft.Place ?? (AtHome.Contains(story.Where) ? home : null)) is { } place)
        {
            Write(json, place, withUprn: true);
        }
        else
        {
            json.WriteNullValue();
        }
        if (draft.FoundAt is { } found)
        {
            json.WritePropertyName("foundAt");
            Write(json, found, withUprn: true);
        }
        json.WriteEndObject();
        json.WriteString("summary", draft.Summary ?? Stories.Tell(story.Summary, draft.Family, draft.Child, on, dice));
        if (story.Kind == "domestic-abuse")
        {
            Risk(json, grade, dice);
        }
        var mentions = People(json, draft, on, dice);
        json.WriteStartArray("actions");
        foreach (var action in story.Actions ?? [])
        {
            json.WriteStringValue(action);
        }
        json.WriteEndArray();
        json.WriteStartObject("reporter");
        json.WriteString("name", draft.ReporterName);
        json.WriteString("team", draft.ReporterTeam);
        if (draft.ReporterShift is { } shift)
        {
            json.WriteString("shift", shift);
        }
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return (Encoding.UTF8.GetString(_buffer.WrittenSpan), mentions);
    }

    private static void Risk(Utf8JsonWriter json, string grade, Dice dice)
    {
        var dara = dice.OneIn(5);
        json.WriteStartObject("risk");
        json.WriteString("instrument", dara ? "DARA" : "DASH");
        json.WriteString("version", dara ? "2022" : "2009");
        json.WriteString("grade", grade);
        json.WriteStartObject("answers");
        var yes = grade switch { "high" => 65, "medium" => 40, _ => 15 };
        for (var i = 0; i < Questions.Length; i += dara ? 2 : 1)
        {
            if (dice.Percent(60))
            {
                json.WriteString(Questions[i], dice.Percent(yes) ? "yes" : dice.Percent(8) ? "not-asked" : "no");
            }
        }
        json.WriteEndObject();
        if (grade == "high" || dice.OneIn(4))
        {
            json.WriteString("note", dice.Pick(["Mother says it is getting worse.", "Grade agreed with supervisor.", "Answers given out of his hearing.", "Declined to answer some questions.", "Separated two weeks ago.", "He has told her nobody will believe her."]));
        }
        json.WriteEndObject();
    }

    private List<Mention> People(Utf8JsonWriter json, Draft draft, LocalDate on, Dice dice)
    {
        var family = draft.Family;
        var isAbuse = draft.Story.Kind == "domestic-abuse";
        // a school or a hospital speaks of the child in front of it; police of everybody who was there
        var children = family.Children.Where(child => child == draft.Child || draft.Story.Source is Source.Police && draft.Story.Kind is "domestic-abuse" or "neglect").ToList();
        var mentions = new List<Mention>(children.Count + 2);
        string KeyOf(Person person)
        {
            var name = person.Born is null ? "unborn" : new string(Names.Plain(person.Given).ToLowerInvariant().TakeWhile(char.IsAsciiLetter).ToArray());
            var key = name;
            for (var i = 2; mentions.Exists(mention => mention.Key == key); i++)
            {
                key = $"{name}-{i.ToString(CultureInfo.InvariantCulture)}";
            }
            return key;
        }
        void Present(Person? person)
        {
            if (person is not null && !mentions.Exists(mention => mention.Person == person.Key))
            {
                mentions.Add(new(KeyOf(person), person.Key));
            }
        }
        foreach (var child in children)
        {
            Present(child);
        }
        Present(family.Woman);
        var withMan = family.Man is not null && (draft.Story.Man || family.ManLivesThere && draft.Story.Source is Source.Police);
        if (withMan)
        {
            Present(family.Man);
        }

        json.WriteStartArray("people");
        foreach (var mention in mentions)
        {
            var person = families[mention.Person];
            var isSubject = children.Contains(person);
            var isMan = person == family.Man;
            json.WriteStartObject();
            json.WriteString("key", mention.Key);
            json.WriteStartArray("roles");
            foreach (var role in isSubject ? ["child"] : isAbuse && isMan ? family.ManLivesThere ? ["suspect", "carer"] : ["suspect"] : isAbuse ? ["victim", "carer"] : isMan && !family.ManLivesThere ? (string[])["other"] : ["carer"])
            {
                json.WriteStringValue(role);
            }
            json.WriteEndArray();
            Describe(json, draft, person, mentions, isSubject, on, dice);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        return mentions;
    }

    private void Describe(Utf8JsonWriter json, Draft draft, Person person, List<Mention> mentions, bool isSubject, LocalDate on, Dice dice)
    {
        var story = draft.Story;
        var own = records[(draft.Agency, person.Key)].FirstOrDefault();
        var (given, family, born, _) = own is null ? Records.Heard(person, dice) : (own.Given, own.Family, own.Born, false);
        if (person.Born is null)
        {
            json.WriteString("expected", person.Expected!.Value.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture));
        }
        else
        {
            json.WriteString("givenNames", given);
            json.WriteString("familyName", family);
            if (person.AlsoKnownAs.Count > 0 && dice.Percent(50))
            {
                json.WriteStartArray("alsoKnownAs");
                foreach (var alias in person.AlsoKnownAs)
                {
                    json.WriteStringValue(alias);
                }
                json.WriteEndArray();
            }
            if (born is { } day)
            {
                json.WriteString("born", day.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture));
            }
            if (person.Sex != "U")
            {
                json.WriteString("sex", person.Sex);
            }
            // the suspect's address is often not known that night
            if (isSubject || person == draft.Family.Woman || dice.Percent(50))
            {
                json.WriteStartArray("addresses");
                Write(json, families.Addresses[person.Household], withUprn: false);
                json.WriteEndArray();
            }
            Identify(json, story.Source, person, own, dice);
        }
        if (own is not null)
        {
            json.WriteString("recordNumber", own.Number);
        }
        if (!isSubject)
        {
            return;
        }
        json.WriteStartArray("relationships");
        foreach (var tie in person.Ties)
        {
            if (mentions.Find(mention => mention.Person == tie.To) is { } to)
            {
                json.WriteStartObject();
                json.WriteString("kind", tie.Kind);
                json.WriteString("to", to.Key);
                json.WriteEndObject();
            }
        }
        json.WriteEndArray();
        if (person.Born is null)
        {
            return;
        }
        if (person.School is { } school && (story.Source is Source.School || story.Kind == "domestic-abuse" || dice.Percent(75)))
        {
            json.WriteStartObject("school");
            json.WriteString("name", Schools.ByKey(school).Name);
            json.WriteString("urn", Schools.ByKey(school).Urn);
            json.WriteEndObject();
        }
        var age = Family.Age(person, on);
        var seen = story.Kind == "missing" ? draft.FoundAt is not null : dice.Percent(85);
        var alone = seen && age >= 3 && dice.Percent(55);
        if (seen && age >= 4 && story.OwnWords is { } words && (person == draft.Child ? dice.Percent(75) : dice.Percent(15)))
        {
            json.WriteString("ownWords", dice.Pick(words));
        }
        json.WriteBoolean("seen", seen);
        json.WriteBoolean("seenAlone", alone);
    }

    private static void Identify(Utf8JsonWriter json, Source source, Person person, Record? own, Dice dice)
    {
        var (type, value) = source switch
        {
            Source.Police when person.Pnc is { } pnc && dice.Percent(80) => ("pnc", pnc),
            Source.Police when person.Nhs is { } nhs && dice.OneIn(25) => ("nhs", nhs),
            Source.School when person.Upn is { } upn => ("upn", own?.Upn ?? upn),
            Source.Health when person.Nhs is { } nhs => ("nhs", own?.Nhs ?? nhs),
            _ => ("", ""),
        };
        if (type.Length == 0)
        {
            return;
        }
        json.WriteStartArray("identifiers");
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteString("value", value);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, Address address, bool withUprn)
    {
        json.WriteStartObject();
        json.WriteStartArray("lines");
        foreach (var line in address.Line.Split(", "))
        {
            json.WriteStringValue(line);
        }
        json.WriteEndArray();
        json.WriteString("locality", address.Locality);
        json.WriteString("postcode", address.Postcode);
        if (withUprn)
        {
            json.WriteString("uprn", address.Uprn);
        }
        json.WriteEndObject();
    }
}
