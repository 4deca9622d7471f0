namespace Heed.Statute;

/// <summary>People on the sex offenders' register, and how they are managed.</summary>
public static class RegisteredOffender
{
    private const string Act = "Sexual Offences Act 2003";

    public static readonly DayLimit Notify = new(
        "registered-offender.notify", 3, "Registered offender notifies details or a change",
        "The offender notifies at a police station within three days of the conviction or the change.",
        Anchor.Occurred, "from the conviction or the change",
        new Citation(Act, "ss.83 and 84"), Basis.Statute)
    { Checked = false };

    public static readonly MonthLimit NotifyEachYear = new(
        "registered-offender.notify.yearly", 12, "Registered offender's yearly notification",
        "The offender notifies again within a year of the last notification.",
        Anchor.Notified, "from the last notification",
        new Citation(Act, "s.85"), Basis.Statute)
    { Checked = false };

    public static readonly DayLimit NotifyWithoutAddress = new(
        "registered-offender.notify.no-address", 7, "Registered offender without an address notifies weekly",
        "An offender with no sole or main residence notifies every seven days.",
        Anchor.Notified, "from the last notification",
        new Citation(Act, "s.85"), Basis.Statute)
    { Checked = false };

    /// <summary>The old ladder of visits by risk ended in 2017; the offender's own plan sets the interval, and a low risk may have none.</summary>
    public static readonly NoNationalLimit Visit = new(
        "registered-offender.visit", "Home visit to a registered offender",
        "As often as the offender's own risk management plan says.",
        Anchor.Occurred, "from the last visit",
        new Citation("National Police Chiefs' Council, management of registered sex offenders (2017)", ""), Basis.NationalGuidance);

    public static readonly DayLimit MeetingAtLevelTwo = new(
        "public-protection.level-two", 84, "Next public protection meeting, level 2",
        "Reviewed about every 8 to 12 weeks.",
        Anchor.Held, "from the last meeting",
        new Citation("MAPPA Guidance", "level 2 reviews"), Basis.NationalGuidance)
    { Checked = false };

    public static readonly DayLimit MeetingAtLevelThree = new(
        "public-protection.level-three", 42, "Next public protection meeting, level 3",
        "Reviewed about every 4 to 6 weeks.",
        Anchor.Held, "from the last meeting",
        new Citation("MAPPA Guidance", "level 3 reviews"), Basis.NationalGuidance)
    { Checked = false };
}
