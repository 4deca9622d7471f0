using Microsoft.Extensions.Localization;

namespace Heed.Site.Layout;

/// <summary>What a page calls somebody: the name that was given; an unborn child by that and its family's name.</summary>
public static class Called
{
    public const string Unborn = "Unborn child";

    public static string Name(this IStringLocalizer<PageWords> words, string? given, string? family, bool unborn = false) =>
        $"{(unborn && string.IsNullOrWhiteSpace(given) ? words[Unborn].Value : given)} {family}".Trim() is { Length: > 0 } name ? name : words["Name not known"].Value;
}
