namespace Heed.Statute;

/// <summary>Opening a child's record that one is not involved with, because a child is in danger now. The law allows it, and asks afterwards whether it was right.</summary>
public static class EmergencyAccess
{
    /// <summary>Outside law enforcement: necessary to protect an individual under 18 from neglect or harm, where consent cannot be given or would defeat it.</summary>
    public static readonly Citation Grounds = new("Data Protection Act 2018", "Schedule 1, paragraph 18");

    /// <summary>For the police, as a competent authority: the same purpose.</summary>
    public static readonly Citation PoliceGrounds = new("Data Protection Act 2018", "Schedule 8, paragraph 4");

    /// <summary>Consultation is logged, and the logs serve to verify that it was lawful and for the controller's own monitoring.</summary>
    public static readonly NoNationalLimit Review = new(
        "emergency-access.review", "Emergency access is reviewed",
        "Whenever a record was opened in an emergency, somebody other than who opened it says whether that was justified.",
        Anchor.Began, "from when the record was opened",
        new Citation("Data Protection Act 2018", "s.62"), Basis.Statute) { Checked = false };
}
