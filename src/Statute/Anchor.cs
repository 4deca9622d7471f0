namespace Heed.Statute;

/// <summary>The moment from which a limit counts. Two agencies that count from different moments both look punctual.</summary>
public enum Anchor
{
    Occurred,
    Known,
    Received,
    Decided,
    Held,
    Began,
    Found,
    Placed,
    Notified,
    Published,
    YearEnded,
}

/// <summary>The words for a rule's own terms, as they stand on screens and in the rule book.</summary>
public static class InWords
{
    public static string Of(Anchor anchor) => anchor switch
    {
        Anchor.Occurred => "from when it happened",
        Anchor.Known => "from when it became known",
        Anchor.Received => "from when it was received",
        Anchor.Decided => "from when it was decided",
        Anchor.Held => "from when the meeting was held",
        Anchor.Began => "from when it began",
        Anchor.Found => "from when the child was found",
        Anchor.Placed => "from when the child was placed",
        Anchor.Notified => "from when notice of it was given",
        Anchor.Published => "from when it was published",
        Anchor.YearEnded => "from the end of the year it is about",
        _ => throw new ArgumentOutOfRangeException(nameof(anchor), anchor, "An anchor without words"),
    };

    public static string Of(Basis basis) => basis switch
    {
        Basis.Statute => "law",
        Basis.StatutoryGuidance => "statutory guidance",
        Basis.NationalGuidance => "national guidance",
        Basis.Local => "local policy",
        _ => throw new ArgumentOutOfRangeException(nameof(basis), basis, "A basis without words"),
    };

    public static string Of(Nations nations) => nations switch
    {
        Nations.England => "England",
        Nations.Wales => "Wales",
        Nations.EnglandAndWales => "England and Wales",
        _ => throw new ArgumentOutOfRangeException(nameof(nations), nations, "A nation without words"),
    };
}
