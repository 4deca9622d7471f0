namespace Heed.Statute;

/// <summary>The multi-agency risk assessment conference, and abuse in the name of honour.</summary>
public static class DomesticAbuse
{
    public static readonly NoNationalLimit ConferenceHeard = new(
        "risk-conference.heard", "High-risk case heard at the risk assessment conference",
        "Every high-risk case is referred to the conference.",
        Anchor.Decided, "from the grading as high risk until the case is heard",
        new Citation("SafeLives, MARAC guidance", ""), Basis.NationalGuidance)
    { Checked = false };

    /// <summary>A window rather than a duty: what happens inside it brings the case back.</summary>
    public static readonly MonthLimit RepeatWindow = new(
        "risk-conference.repeat", 12, "A further incident is a repeat",
        "A further incident within 12 months of the last hearing is a repeat and comes back to the conference.",
        Anchor.Held, "from the last hearing",
        new Citation("SafeLives, MARAC guidance", "definition of a repeat"), Basis.NationalGuidance)
    { Checked = false };

    public static readonly NoNationalLimit HonourBased = new(
        "honour-based-abuse.act", "Disclosure of honour-based abuse or forced marriage",
        "There may be only one chance. The family is never told.",
        Anchor.Known, "from the disclosure",
        new Citation("Multi-agency statutory guidance on forced marriage", "the \"one chance\" rule"), Basis.NationalGuidance)
    { Checked = false };
}
