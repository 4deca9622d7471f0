namespace Heed.Site.Layout;

/// <summary>
/// What stands round every page: who is signed in, for whom, and where they may go. A page filter puts it into
/// <c>ViewData[Frame.Key]</c>; without it the page has a title and nobody.
/// </summary>
public sealed record Frame(Guid Who, string Person, string Role, string Agency, IReadOnlyList<NavItem> NavItems, string SignOut = "/sign-out", bool Demo = false)
{
    public const string Key = "Frame";

    /// <summary>ViewData["Wide"] = true: a worklist takes the whole window.</summary>
    public const string Wide = "Wide";
}

/// <summary>Current is the page itself; a page below it shows it as active. Count says how many things wait there.</summary>
public sealed record NavItem(string Text, string Href, int Count = 0)
{
    public bool IsCurrent(PathString path) => path.Value == Href;

    public bool IsActive(PathString path) => Href != "/" && path.StartsWithSegments(Href);
}
