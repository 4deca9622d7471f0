namespace Heed.Statute;

/// <summary>One agency disagrees with another about a child.</summary>
public static class Challenge
{
    public static readonly NoNationalLimit Rung = new(
        "challenge.rung", "Disagreement answered, or taken to the next person up",
        "Every area must have a way to settle disagreements; its steps and their times are its own.",
        Anchor.Notified, "from when the disagreement was put to this rung",
        new Citation("Working Together to Safeguard Children 2023", "para.110"), Basis.StatutoryGuidance)
    { Nations = Nations.England };
}
