namespace Heed.Statute;

/// <summary>Children Act 1989 s.47: the strategy discussion and the enquiry it starts.</summary>
public static class Enquiry
{
    /// <summary>The council's manager, health and the police at the least, each senior enough to decide.</summary>
    public static readonly Citation MembersOfAStrategyDiscussion = new("Working Together to Safeguard Children 2018", "p.41");

    public static readonly NoNationalLimit StrategyDiscussion = new(
        "strategy.discussion", "Strategy discussion held",
        "Held whenever there is reasonable cause to suspect that a child is suffering or is likely to suffer significant harm.",
        Anchor.Known, "from reasonable cause to suspect until the discussion is held",
        new Citation("Working Together to Safeguard Children 2018", "p.41"), Basis.StatutoryGuidance)
    { Nations = Nations.England };

    public static readonly NoNationalLimit Outcome = new(
        "enquiry.outcome", "Outcome of a section 47 enquiry",
        "The enquiry has no limit of its own; a conference that follows from it must still be held in time.",
        Anchor.Decided, "from the strategy discussion that initiated the enquiry until its outcome is recorded",
        new Citation("Children Act 1989", "s.47"), Basis.Statute);

    public static readonly NoNationalLimit Interview = new(
        "enquiry.recorded-interview", "Recorded interview of a child witness",
        "Held as soon as the strategy discussion's plan allows; a request, its answer and who went alone are recorded.",
        Anchor.Decided, "from the strategy discussion that decided on it until the interview",
        new Citation("Achieving Best Evidence in Criminal Proceedings", ""), Basis.NationalGuidance)
    { Checked = false };
}
