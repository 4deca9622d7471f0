using Heed.Plumbing.Gov;
using Heed.Site.Notices;
using Heed.Statute;
using NodaTime;
using NodaTime.Text;

namespace Heed.Site.Writing;

/// <summary>What the officer has typed so far, page by page, as it was typed.</summary>
public sealed class Typed
{
    public What What { get; set; } = new();
    public Risk Risk { get; set; } = new();
    public Asked Children { get; set; } = new();
    public List<Someone> People { get; set; } = [];

    public Someone? Find(string key) => People.Find(p => p.Key == key);

    /// <summary>Who is added next. A further child begins as the one before: most are brothers and sisters, and what differs is typed over.</summary>
    public Someone Next(string key, bool child) =>
        child && People.FindLast(p => p.Child) is { } before ? new() { Key = key, Child = true, FamilyName = before.FamilyName, Home = before.Home, Line = before.Line, Locality = before.Locality, Postcode = before.Postcode, Sensitivity = before.Sensitivity } : new() { Key = key, Child = child };

    public string NextKey() => $"p{People.Select(p => int.Parse(p.Key[1..], System.Globalization.CultureInfo.InvariantCulture)).DefaultIfEmpty().Max() + 1}";
}

public sealed class What
{
    /// <summary>Of a correction: what was wrong.</summary>
    public string? Reason { get; set; }
    public string? Kind { get; set; }
    public When Occurred { get; set; } = new();

    /// <summary>exact, about, day or longer.</summary>
    public string? Precision { get; set; }
    public string? Longer { get; set; }
    public When Known { get; set; } = new();
    public string? Place { get; set; }
    public string? Line { get; set; }
    public string? Locality { get; set; }
    public string? Postcode { get; set; }
    public string? Summary { get; set; }
}

/// <summary>A day, which is mostly today or yesterday, and a time of day in London.</summary>
public sealed class When
{
    /// <summary>today, yesterday or other. Kept as a date: what was today when it was typed is not today tomorrow.</summary>
    public string? On { get; set; }
    public TypedDate Day { get; set; } = new();
    public string? Time { get; set; }

    public void Fix(LocalDate today)
    {
        Day = On switch { "today" => TypedDate.Of(today), "yesterday" => TypedDate.Of(today.PlusDays(-1)), _ => Day };
        On = null;
    }

    public void Show(LocalDate today) => On = Day.IsEmpty ? null : Day.Date == today ? "today" : Day.Date == today.PlusDays(-1) ? "yesterday" : "other";

    public LocalTime? Clock => Patterns.Select(p => p.Parse(Time?.Trim() ?? "")).FirstOrDefault(r => r.Success)?.Value;

    public Instant? At => Day.Date is { } day && Clock is { } time ? day.At(time).InZoneLeniently(WorkingCalendar.London).ToInstant() : null;

    private static readonly LocalTimePattern[] Patterns = [.. new[] { "H:mm", "H.mm", "HHmm" }.Select(LocalTimePattern.CreateWithInvariantCulture)];
}

public sealed class Risk
{
    /// <summary>A key of <see cref="Questions.Instruments"/>, or none.</summary>
    public string? Instrument { get; set; }

    /// <summary>By the question's number: yes, no or not-known.</summary>
    public Dictionary<string, string?> Answers { get; set; } = [];
    public string? Note { get; set; }
    public string? Grade { get; set; }
}

/// <summary>Asked of every household, whether or not a child was there.</summary>
public sealed class Asked
{
    public string? Present { get; set; }
    public string? Household { get; set; }
}

public sealed class Someone
{
    public string Key { get; set; } = "";

    /// <summary>The key that is sent, where it is not the form's: of a correction the sender's own, or a new one for whoever is somebody else after all.</summary>
    public string? As { get; set; }
    public bool Child { get; set; }
    public string? RecordNumber { get; set; }
    public List<string> Roles { get; set; } = [];
    public string? GivenNames { get; set; }
    public string? FamilyName { get; set; }
    public TypedDate Born { get; set; } = new();
    public bool Unborn { get; set; }
    public TypedDate Expected { get; set; } = new();
    public string? Sex { get; set; }

    /// <summary>there: at the address of the incident; other; not-known.</summary>
    public string? Home { get; set; }
    public string? Line { get; set; }
    public string? Locality { get; set; }
    public string? Postcode { get; set; }

    /// <summary>Of where they live: refuge, confidential-placement or confidential.</summary>
    public string? Sensitivity { get; set; }

    /// <summary>By the other's key: what they are to this one.</summary>
    public Dictionary<string, string?> Related { get; set; } = [];
    public string? School { get; set; }

    /// <summary>Of an adult.</summary>
    public string? WorksAt { get; set; }

    /// <summary>alone, not-alone or no.</summary>
    public string? Seen { get; set; }
    public string? OwnWords { get; set; }
    public string? Phone { get; set; }
    public string? SafeContact { get; set; }
}
