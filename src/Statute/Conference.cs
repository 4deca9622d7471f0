namespace Heed.Statute;

/// <summary>Child protection conferences, the core group between them, and the reviews.</summary>
public static class Conference
{
    public static readonly WorkingDayLimit Initial = new(
        "conference.initial", 15, "Initial child protection conference",
        "Held within 15 working days of the strategy discussion; where there was more than one, of the one at which the section 47 enquiry was initiated.",
        Anchor.Decided, "from the strategy discussion at which the section 47 enquiry was initiated, not from the referral and not from the last discussion",
        new Citation("Working Together to Safeguard Children 2018", "p.49"), Basis.StatutoryGuidance)
    { Nations = Nations.England };

    public static readonly WorkingDayLimit TransferIn = new(
        "conference.transfer-in", 15, "Transfer-in conference",
        "Held within 15 working days of the receiving council being told that a child with a plan has moved to its area.",
        Anchor.Notified, "from when the receiving council was told until the conference",
        new Citation("Working Together to Safeguard Children 2018", ""), Basis.StatutoryGuidance)
    { Nations = Nations.England, Checked = false };

    public static readonly WorkingDayLimit FirstCoreGroup = new(
        "core-group.first", 10, "First core group",
        "The core group meets within 10 working days of the initial conference.",
        Anchor.Held, "from the day of the initial conference until the core group's first meeting",
        new Citation("Working Together to Safeguard Children 2018; Wales Safeguarding Procedures", "p.51; section 3 part 2, p13"), Basis.StatutoryGuidance);

    /// <summary>"At monthly but no more than at 6 weekly intervals" in Wales; Working Together gives no number after the first.</summary>
    public static readonly DayLimit NextCoreGroup = new(
        "core-group.next", 42, "Next core group (Wales)",
        "After its first meeting the core group meets monthly, and never more than six weeks apart.",
        Anchor.Held, "from the day of the last core group until the next",
        new Citation("Wales Safeguarding Procedures", "section 3 part 2, p13"), Basis.NationalGuidance)
    { Nations = Nations.Wales };

    public static readonly MonthLimit FirstReview = new(
        "review.first", 3, "First review conference",
        "The first review is held within three months of the initial conference.",
        Anchor.Held, "from the day of the initial conference until the first review",
        new Citation("Working Together to Safeguard Children 2018; Wales Safeguarding Procedures", "p.53; section 3 part 2, p13"), Basis.StatutoryGuidance);

    public static readonly MonthLimit NextReview = new(
        "review.next", 6, "Next review conference",
        "Further reviews are held no more than six months apart for as long as the plan lasts.",
        Anchor.Held, "from the day of the last review until the next",
        new Citation("Working Together to Safeguard Children 2018; Wales Safeguarding Procedures", "p.53; section 3 part 2, p13"), Basis.StatutoryGuidance);
}
