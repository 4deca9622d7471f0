namespace Heed.Statute;

/// <summary>Child Protection Information Sharing: the flag that unscheduled health care sees.</summary>
public static class ProtectionFlag
{
    public static readonly NoNationalLimit Current = new(
        "protection-flag.current", "Flag sent to the national spine",
        "The flag must be current: sent whenever a plan or a looked-after status changes.",
        Anchor.Occurred, "from the change of plan or status",
        new Citation("NHS England, Child Protection Information Sharing", ""), Basis.NationalGuidance)
    { Nations = Nations.England };

    public static readonly MonthLimit Kept = new(
        "protection-flag.kept", 12, "Flag no longer shown",
        "The status is kept for 12 months after it ends.",
        Anchor.Occurred, "from the end of the plan or status",
        new Citation("NHS England, Child Protection Information Sharing", ""), Basis.NationalGuidance)
    { Nations = Nations.England };
}
