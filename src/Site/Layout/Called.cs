using Heed.Site.People;
using Microsoft.Extensions.Localization;

namespace Heed.Site.Layout;

/// <summary>What a page calls somebody: the name that was given; an unborn child by that and its family's name.</summary>
public static class Called
{
    public const string Unborn = "Unborn child";

    public static string Name(this IStringLocalizer<PageWords> words, string? given, string? family, bool unborn = false) =>
        $"{(unborn && string.IsNullOrWhiteSpace(given) ? words[Unborn].Value : given)} {family}".Trim() is { Length: > 0 } name ? name : words["Name not known"].Value;

    /// <summary>One of a family; whose record is restricted has no name here, but somebody to ask.</summary>
    public static string Name(this IStringLocalizer<PageWords> words, Family.Member member) =>
        member.HeldBy is { } agency ? words["Restricted: held by {0}. Ask: {1}.", agency, member.Ask!] : words.Name(null, member.Name, member.Unborn);

    /// <summary>What somebody is to another, as the sender wrote it where it is no word of ours: "Step-parent".</summary>
    public static string Kin(this IStringLocalizer<PageWords> words, string kind) => words[kind.Length == 0 ? kind : $"{char.ToUpperInvariant(kind[0])}{kind[1..].Replace("ormer-", "ormer ")}"];
}
