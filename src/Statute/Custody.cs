using NodaTime;

namespace Heed.Statute;

/// <summary>Police and Criminal Evidence Act 1984: a child in a police station.</summary>
public static class Custody
{
    public static readonly HourLimit FirstReview = new(
        "custody.review.first", 6, "First review of detention",
        "The first review is not later than six hours after detention was first authorised.",
        Anchor.Decided, "from when detention was first authorised",
        new Citation("Police and Criminal Evidence Act 1984", "s.40(3)(a)"), Basis.Statute);

    public static readonly HourLimit NextReview = new(
        "custody.review.next", 9, "Next review of detention",
        "Later reviews are at intervals of not more than nine hours.",
        Anchor.Decided, "from the last review",
        new Citation("Police and Criminal Evidence Act 1984", "s.40(3)(b) and (c)"), Basis.Statute);

    public static readonly HourLimit Longest = new(
        "custody.longest", 24, "Detention without charge ends",
        "A person is not kept in police detention for more than 24 hours without being charged.",
        Anchor.Began, "from the relevant time, which is ordinarily the arrival at the police station",
        new Citation("Police and Criminal Evidence Act 1984", "s.41(1) and (2)"), Basis.Statute);

    public static readonly HourLimit LongestExtended = new(
        "custody.longest.extended", 36, "Extended detention without charge ends",
        "A superintendent may authorise detention up to 36 hours; beyond that only a court may.",
        Anchor.Began, "from the relevant time, which is ordinarily the arrival at the police station",
        new Citation("Police and Criminal Evidence Act 1984", "s.42(1)"), Basis.Statute);

    /// <summary>With s.38(7), the custody officer's certificate to the court, and the council's absolute duty in Children Act 1989 s.21(2)(b).</summary>
    public static readonly NoNationalLimit Transfer = new(
        "custody.transfer", "Child refused bail moved to council accommodation",
        "Moved unless that is impracticable or, from the age of 12, no secure place is to be had and no other would protect the public from serious harm.",
        Anchor.Decided, "from the refusal of bail after charge until the child is in council accommodation or a certificate says why not",
        new Citation("Police and Criminal Evidence Act 1984", "s.38(6) and (7)"), Basis.Statute);
}
