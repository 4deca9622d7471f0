namespace Heed.Statute;

/// <summary>People who share indecent images of children.</summary>
public static class OnlineAbuse
{
    public static readonly NoNationalLimit Enforcement = new(
        "online-abuse.enforcement", "Enforcement after an online referral",
        "Each level of risk maps to a time to act that the force itself sets.",
        Anchor.Received, "from when the referral was received until enforcement",
        new Citation("Kent Internet Risk Assessment Tool", "risk levels"), Basis.Local);
}
