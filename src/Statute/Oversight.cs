namespace Heed.Statute;

/// <summary>What is owed to inspectors and to the department.</summary>
public static class Oversight
{
    public static readonly MonthLimit Census = new(
        "census.children-in-need", 4, "Children in need census",
        "The census for a year that ends on 31 March is due by 31 July.",
        Anchor.YearEnded, "from 31 March, the end of the census year",
        new Citation("Children Act 1989", "s.83"), Basis.Statute)
    { Nations = Nations.England };

    public static readonly DayLimit ActionPlan = new(
        "inspection.action-plan", 42, "Force's action plan after a child protection inspection",
        "What is immediate is done at once; the plan is sent within six weeks.",
        Anchor.Published, "from the publication of the report",
        new Citation("HMICFRS, National Child Protection Inspections", "post-inspection"), Basis.NationalGuidance);
}
