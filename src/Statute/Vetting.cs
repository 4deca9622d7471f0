namespace Heed.Statute;

/// <summary>Police part (stage 4) of an enhanced check by the Disclosure and Barring Service.</summary>
public static class Vetting
{
    public static readonly DayLimit Escalation = new(
        "vetting.escalate", 60, "Aged check may be escalated",
        "A check that has been with a force for 60 days may be escalated.",
        Anchor.Received, "from when the check was sent to the force until it is closed",
        new Citation("Disclosure and Barring Service, service levels", "stage 4 escalation"), Basis.NationalGuidance);

    public static readonly DayLimit Chase = new(
        "vetting.chase", 14, "Escalated check chased again",
        "Once escalated, a check is chased every 14 days.",
        Anchor.Notified, "from the escalation, or from the last chase",
        new Citation("Disclosure and Barring Service, service levels", "stage 4 escalation"), Basis.NationalGuidance);
}
