namespace Heed.Statute;

/// <summary>Children who run away or go missing. Each episode is its own: two in a week are two duties.</summary>
public static class Missing
{
    public static readonly NoNationalLimit CouncilTold = new(
        "missing.council-told", "Council told that a child is missing",
        "The council is told promptly of each episode.",
        Anchor.Known, "from the report to the police until the council or the child's social worker is told",
        new Citation("Statutory guidance on children who run away or go missing from home or care (DfE 2014)", ""), Basis.StatutoryGuidance)
    { Nations = Nations.England, Checked = false };

    public static readonly NoNationalLimit PreventionCheck = new(
        "missing.prevention-check", "Prevention check after return",
        "The police see the child as soon as possible after the return. It does not stand in for the return interview.",
        Anchor.Found, "from when the child was found until police have seen the child",
        new Citation("College of Policing, Authorised Professional Practice: missing persons", ""), Basis.NationalGuidance);

    public static readonly HourLimit ReturnInterview = new(
        "return-interview", 72, "Return home interview",
        "An independent person interviews the child within 72 hours of the return.",
        Anchor.Found, "from when the child was found or came back until the interview",
        new Citation("Statutory guidance on children who run away or go missing from home or care (DfE 2014)", ""), Basis.StatutoryGuidance)
    { Nations = Nations.England };
}
