using NodaTime;

namespace Heed.Statute;

/// <summary>Children Act 1989 s.46: removal and accommodation of children by police in cases of emergency.</summary>
public static class PoliceProtection
{
    /// <summary>Reasonable cause to believe the child would otherwise be likely to suffer significant harm.</summary>
    public static readonly Citation Grounds = new("Children Act 1989", "s.46(1)");

    public static readonly HourLimit Longest = new(
        "police-protection.longest", 72, "Police protection ends",
        "No child may be kept in police protection for more than 72 hours.",
        Anchor.Began, "from the minute the constable took the child into protection",
        new Citation("Children Act 1989", "s.46(6)"), Basis.Statute, new LocalDate(1991, 10, 14));

    public static readonly NoNationalLimit TellTheCouncil = new(
        "police-protection.tell", "Council, child and parents told",
        "As soon as is reasonably practicable the constable tells the council, the child and the parents, and passes the case to the designated officer.",
        Anchor.Began, "from the minute the constable took the child into protection",
        new Citation("Children Act 1989", "s.46(3) and (4)"), Basis.Statute, new LocalDate(1991, 10, 14));

    public static readonly NoNationalLimit Inquiry = new(
        "police-protection.inquiry", "Designated officer's inquiry",
        "The designated officer inquires into the case and releases the child unless there is still reasonable cause to believe that harm is likely.",
        Anchor.Began, "from when the case was passed to the designated officer",
        new Citation("Children Act 1989", "s.46(3)(e) and (5)"), Basis.Statute, new LocalDate(1991, 10, 14));

    /// <summary>An officer may end protection at any time; nobody may extend it. A longer need is a court's to meet (s.44).</summary>
    public static Instant EndsAt(Instant takenAt, Instant? releasedAt) =>
        Instant.Min(releasedAt ?? Instant.MaxValue, takenAt + Duration.FromHours(Longest.Hours));
}
