using NodaTime;

namespace Heed.Statute;

/// <summary>Who must be told of what the police found. Only the school's scheme has a national time.</summary>
public static class Notification
{
    public static readonly NoNationalLimit LocalAuthority = new(
        "notification.local-authority", "Police tell the council about a child",
        "Each concern is sent as it arises. A low grade does not mean a later sending, and nothing is kept for a batch.",
        Anchor.Occurred, "from when the incident happened, not from when the form was finished or sent",
        new Citation("Working Together to Safeguard Children 2018", "chapter 1"), Basis.StatutoryGuidance);

    /// <summary>The duty itself. The hour comes from the scheme below.</summary>
    public static readonly NoNationalLimit SchoolDuty = new(
        "school.notification.duty", "Police tell the child's school of domestic abuse: the duty",
        "As soon as reasonably practicable after the force has reasonable grounds to believe that a child may be a victim of domestic abuse.",
        Anchor.Known, "from when the force for the place where the child resides has reasonable grounds",
        new Citation("Domestic Abuse Act 2021", "s.49A"), Basis.Statute, new LocalDate(2025, 11, 7));

    public static readonly SchoolDayLimit School = new(
        "school.notification", "Police tell the child's school of domestic abuse",
        "The school is told before the start of the next school day, whatever day of the week it is and in holidays too.",
        Anchor.Known, "from when the force has reasonable grounds until the school's own next day starts",
        new Citation("Operation Encompass: statutory guidance, November 2025", "the scheme's standard, under Domestic Abuse Act 2021 s.49A"),
        Basis.StatutoryGuidance, new LocalDate(2025, 11, 7));
}
