using NodaTime;

namespace Heed.Statute;

/// <summary>Children looked after by a council: plans, reviews, and who must be told of a placement.</summary>
public static class LookedAfter
{
    private const string Regulations = "Care Planning, Placement and Case Review (England) Regulations 2010";

    private static readonly LocalDate InForce = new(2011, 4, 1);

    public static readonly WorkingDayLimit CarePlan = new(
        "looked-after.care-plan", 10, "Care plan",
        "The care plan is prepared before the first placement or, if that is not practicable, within 10 working days.",
        Anchor.Placed, "from the start of the first placement, which is ordinarily the day the child became looked after",
        new Citation(Regulations, "reg.4"), Basis.Statute, InForce)
    { Nations = Nations.England };

    public static readonly WorkingDayLimit PlacementPlan = new(
        "looked-after.placement-plan", 5, "Placement plan",
        "The placement plan is prepared before the placement or, if that is not practicable, within 5 working days.",
        Anchor.Placed, "from the start of the placement",
        new Citation(Regulations, "reg.9"), Basis.Statute, InForce)
    { Nations = Nations.England };

    public static readonly WorkingDayLimit FirstReview = new(
        "looked-after.review.first", 20, "First review of a looked-after child",
        "The case is first reviewed within 20 working days.",
        Anchor.Began, "from the day the child became looked after",
        new Citation(Regulations, "reg.33"), Basis.Statute, InForce)
    { Nations = Nations.England };

    public static readonly MonthLimit SecondReview = new(
        "looked-after.review.second", 3, "Second review of a looked-after child",
        "The second review is not more than three months after the first.",
        Anchor.Held, "from the day of the first review",
        new Citation(Regulations, "reg.33"), Basis.Statute, InForce)
    { Nations = Nations.England, Checked = false };

    public static readonly MonthLimit NextReview = new(
        "looked-after.review.next", 6, "Next review of a looked-after child",
        "Later reviews are not more than six months apart.",
        Anchor.Held, "from the day of the last review",
        new Citation(Regulations, "reg.33"), Basis.Statute, InForce)
    { Nations = Nations.England, Checked = false };

    public static readonly DayLimit ConnectedPerson = new(
        "connected-person.temporary", 112, "Temporary approval of a connected person ends",
        "A relative, friend or other connected person may be approved for up to 16 weeks.",
        Anchor.Began, "from the temporary approval",
        new Citation(Regulations, "reg.24"), Basis.Statute, InForce)
    { Nations = Nations.England, Checked = false };

    public static readonly DayLimit ConnectedPersonExtended = new(
        "connected-person.extension", 56, "Extended temporary approval of a connected person ends",
        "The temporary approval may be extended once, by up to eight weeks.",
        Anchor.Began, "from the day the temporary approval would have ended",
        new Citation(Regulations, "reg.25"), Basis.Statute, InForce)
    { Nations = Nations.England, Checked = false };

    public static readonly WorkingDayLimit OutOfArea = new(
        "placement.out-of-area.told", 5, "Area authority told of an emergency placement",
        "The area authority is told in writing before a placement outside the council's area or, in an emergency, within five working days of its start.",
        Anchor.Placed, "from the start of a placement made in an emergency; any other is told beforehand",
        new Citation("SI 2013/3239, amending the " + Regulations, "reg.19, inserting reg.13(4)"), Basis.Statute)
    { Nations = Nations.England };
}
