namespace Heed.Statute;

/// <summary>Deaths and serious harm: notifying, reviewing, publishing.</summary>
public static class SeriousIncident
{
    public static readonly WorkingDayLimit Notify = new(
        "serious-incident.notify", 5, "Panel notified of a serious incident",
        "A council that knows or suspects abuse or neglect notifies the Panel within five working days of becoming aware of a death or serious harm.",
        Anchor.Known, "from when the council became aware of the incident, not from when it happened",
        new Citation("Children Act 2004; Working Together to Safeguard Children 2023", "s.16C; chapter 5"), Basis.StatutoryGuidance)
    { Nations = Nations.England };

    public static readonly WorkingDayLimit RapidReview = new(
        "rapid-review", 15, "Rapid review sent to the Panel",
        "The safeguarding partners complete a rapid review within 15 working days.",
        Anchor.Notified, "from the notification to the Panel",
        new Citation("Working Together to Safeguard Children 2023", "chapter 5"), Basis.StatutoryGuidance)
    { Nations = Nations.England, Checked = false };

    public static readonly MonthLimit PracticeReview = new(
        "practice-review.publish", 6, "Local child safeguarding practice review published",
        "Published no later than six months after the decision to hold the review.",
        Anchor.Decided, "from the decision to hold the review",
        new Citation("Working Together to Safeguard Children 2023", "chapter 5"), Basis.StatutoryGuidance)
    { Nations = Nations.England, Checked = false };

    public static readonly HourLimit ChildDeath = new(
        "child-death.notify", 48, "Child death notified",
        "The child death review partners are notified within 48 hours.",
        Anchor.Occurred, "from the death",
        new Citation("Child Death Review: Statutory and Operational Guidance (England)", ""), Basis.StatutoryGuidance)
    { Nations = Nations.England, Checked = false };

    public static readonly NoNationalLimit JointAgencyResponse = new(
        "child-death.joint-agency-response", "Joint agency response to an unexpected death",
        "Begins at once.",
        Anchor.Known, "from when the death became known",
        new Citation("Child Death Review: Statutory and Operational Guidance (England)", ""), Basis.StatutoryGuidance)
    { Nations = Nations.England, Checked = false };
}
