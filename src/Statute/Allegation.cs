namespace Heed.Statute;

/// <summary>Allegations against people who work with children, and the professional's own duty to report.</summary>
public static class Allegation
{
    public static readonly WorkingDayLimit DesignatedOfficer = new(
        "allegation.designated-officer", 1, "Designated officer told of an allegation",
        "The council's designated officer is told within one working day.",
        Anchor.Known, "from when the employer knew of the allegation",
        new Citation("Working Together to Safeguard Children 2023", "chapter 4, para.223"), Basis.StatutoryGuidance)
    { Nations = Nations.England };
}
