namespace Heed.Site.Incidents;

/// <summary>What stands in the rows, in the words of the page.</summary>
public static class UntoldWords
{
    public static string Of(string state) => state switch
    {
        "open" => "Nobody told", "late-after-all" => "Told late after all", "same-report" => "Told, under another reference", "dismissed" => "Dismissed", "no-child" => "No child", "child" => "A child was there", _ => state,
    };

    public static string Why(string sign) => sign switch
    {
        "child-present" => "The log says that a child was present", "log-does-not-say" => "The log does not say whether a child was there", "child-lives-there" => "A child of your own records lives at this address",
        "their-child" => "A suspect or victim has children in your own records", "pregnancy" => "A pregnancy", _ => sign,
    };

    /// <summary>A force's own word for a kind, with its gaps back.</summary>
    public static string Kind(string kind) => Notices.Reading.Kinds.Contains(kind) ? Notices.KindWords.Of(kind) : char.ToUpperInvariant(kind[0]) + kind[1..].Replace('-', ' ');
}
