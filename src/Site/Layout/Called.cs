using Heed.Matching;
using Heed.Statute;
using Microsoft.Extensions.Localization;
using NodaTime;
using TimeTag = Heed.Plumbing.Gov.TimeTag;

namespace Heed.Site.Layout;

/// <summary>What a page calls somebody: the name that was given; an unborn child by that and its family's name.</summary>
public static class Called
{
    public const string Unborn = "Unborn child";

    public static string Name(this IStringLocalizer<PageWords> words, string? given, string? family, bool unborn = false) =>
        $"{(unborn && string.IsNullOrWhiteSpace(given) ? words[Unborn].Value : given)} {family}".Trim() is { Length: > 0 } name ? name : words["Name not known"].Value;

    /// <summary>When it happened, as exactly as it is known: a midnight that stands for a whole day is not said as a time.</summary>
    public static string Happened(this IStringLocalizer<PageWords> words, Instant at, Instant? until, string? precision, Instant now) => (precision, until) switch
    {
        (null or "to the minute", null) => TimeTag.InWords(at, now),
        ("some time that day", _) => $"{TimeTag.InWords(WorkingCalendar.DateIn(at))}, {words["some time that day"].Value}",
        (_, { } end) => words["{0} to {1}, {2}", TimeTag.InWords(at, now), TimeTag.InWords(end, now), words[precision ?? "between these times"].Value].Value,
        var (how, _) => $"{TimeTag.InWords(at, now)}, {words[how!].Value}",
    };

    /// <summary>What was compared of two people.</summary>
    public static string Compared(this IStringLocalizer<PageWords> words, Field field) => field switch
    {
        Field.GivenName => words["Given names"].Value, Field.FamilyName => words["Family name"].Value, Field.AlsoKnownAs => words["Also known as"].Value, Field.Born => words["Born"].Value, Field.Expected => words["Expected"].Value, Field.Sex => words["Sex"].Value,
        Field.NhsNumber => words["NHS number"].Value, Field.Upn => words["UPN"].Value, Field.PncId => words["PNC id"].Value, Field.Postcode => words["Postcode"].Value, Field.Address => words["Address"].Value, Field.MotherName => words["Mother"].Value, Field.Siblings => words["Brothers and sisters"].Value, _ => field.ToString(),
    };
}
