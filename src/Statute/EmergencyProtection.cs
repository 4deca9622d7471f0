namespace Heed.Statute;

/// <summary>Children Act 1989 ss.44 and 45. The order names its own end; these are the latest that it may name.</summary>
public static class EmergencyProtection
{
    /// <summary>Counted with the day of the order as its first: of two readings, the one that leaves no child unprotected unnoticed.</summary>
    public static readonly DayLimit Longest = new(
        "emergency-protection.longest", 8, "Emergency protection order ends",
        "An order has effect for such period, not exceeding eight days, as it specifies.",
        Anchor.Decided, "from the day of the order, which counts as the first; the order itself names the end and governs",
        new Citation("Children Act 1989", "s.45(1)"), Basis.Statute)
    { FirstDayCounts = true, Checked = false };

    public static readonly DayLimit AfterPoliceProtection = new(
        "emergency-protection.after-police-protection", 8, "Emergency protection order on the designated officer's application ends",
        "Where the order is made on the designated officer's own application under s.46(7), the eight days begin with the first day of police protection.",
        Anchor.Began, "from the day the child was taken into police protection, which counts as the first",
        new Citation("Children Act 1989", "s.45(3)"), Basis.Statute)
    { FirstDayCounts = true, Checked = false };

    public static readonly DayLimit Extension = new(
        "emergency-protection.extension", 7, "Extended emergency protection order ends",
        "The court may extend the order once, by not more than seven days.",
        Anchor.Decided, "from the day the order would have ended",
        new Citation("Children Act 1989", "s.45(5) and (6)"), Basis.Statute)
    { Checked = false };
}
