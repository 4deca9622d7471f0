namespace Heed.Statute;

/// <summary>What a council does with what it is told about a child, up to the assessment.</summary>
public static class Referral
{
    /// <summary>A decision about the next steps, and an answer to whoever referred.</summary>
    public static readonly WorkingDayLimit Decision = new(
        "referral.decision", 1, "Decision on a referral",
        "Within one working day of a referral being received, a social work manager decides what response is needed and the referrer is told.",
        Anchor.Received, "from when the council received the referral until a manager's decision is recorded",
        new Citation("Working Together to Safeguard Children 2023", "chapter 3 (2018: p.17)"), Basis.StatutoryGuidance)
    { Nations = Nations.England };

    public static readonly WorkingDayLimit DecisionInWales = new(
        "referral.decision.wales", 1, "Decision on a report (Wales)",
        "Once a report has been received, social services decide and record the next actions within one working day.",
        Anchor.Received, "from when social services received the report until the next actions are recorded",
        new Citation("Wales Safeguarding Procedures", "section 3 part 1, action following a report"), Basis.NationalGuidance)
    { Nations = Nations.Wales };

    public static readonly WorkingDayLimit Assessment = new(
        "assessment.complete", 45, "Assessment complete",
        "The longest that an assessment should take, to the point where a decision on next steps is reached, is 45 working days from the referral.",
        Anchor.Received, "from when the referral was received until the assessment is authorised",
        new Citation("Working Together to Safeguard Children 2018", "p.33, timeliness"), Basis.StatutoryGuidance)
    { Nations = Nations.England };

    public static readonly WorkingDayLimit AssessmentInWales = new(
        "assessment.complete.wales", 42, "Continuing assessment complete (Wales)",
        "The continuing assessment is completed within 42 working days of the start of the section 47 enquiries.",
        Anchor.Began, "from the start of the section 47 enquiries until the assessment is complete",
        new Citation("Wales Safeguarding Procedures", "section 3 part 2, p13"), Basis.NationalGuidance)
    { Nations = Nations.Wales };
}
