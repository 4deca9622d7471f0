namespace Heed.Statute;

/// <summary>Approval of adopters. A late check here is a child waiting.</summary>
public static class Adoption
{
    public static readonly MonthLimit StageOne = new(
        "adoption.stage-one", 2, "Stage One complete",
        "Stage One should normally take no more than two months.",
        Anchor.Began, "from the agency's acceptance of the registration of interest until the Stage One decision",
        new Citation("Statutory guidance on adoption (DfE)", "Stage One"), Basis.StatutoryGuidance)
    { Nations = Nations.England };

    public static readonly MonthLimit StageTwo = new(
        "adoption.stage-two", 4, "Stage Two complete",
        "Stage Two should normally take no more than four months.",
        Anchor.Began, "from the agency's notice that Stage Two began until the decision on approval",
        new Citation("Statutory guidance on adoption (DfE)", "Stage Two"), Basis.StatutoryGuidance)
    { Nations = Nations.England, Checked = false };
}
