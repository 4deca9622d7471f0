using Heed.Matching;
using Microsoft.Extensions.Localization;

namespace Heed.Site.Layout;

/// <summary>What a page calls somebody: the name that was given; an unborn child by that and its family's name.</summary>
public static class Called
{
    public const string Unborn = "Unborn child";

    public static string Name(this IStringLocalizer<PageWords> words, string? given, string? family, bool unborn = false) =>
        $"{(unborn && string.IsNullOrWhiteSpace(given) ? words[Unborn].Value : given)} {family}".Trim() is { Length: > 0 } name ? name : words["Name not known"].Value;

    /// <summary>What was compared of two people.</summary>
    public static string Compared(this IStringLocalizer<PageWords> words, Field field) => field switch
    {
        Field.GivenName => words["Given names"].Value, Field.FamilyName => words["Family name"].Value, Field.AlsoKnownAs => words["Also known as"].Value, Field.Born => words["Born"].Value, Field.Expected => words["Expected"].Value, Field.Sex => words["Sex"].Value,
        Field.NhsNumber => words["NHS number"].Value, Field.Upn => words["UPN"].Value, Field.PncId => words["PNC id"].Value, Field.Postcode => words["Postcode"].Value, Field.Address => words["Address"].Value, Field.MotherName => words["Mother"].Value, _ => field.ToString(),
    };
}
