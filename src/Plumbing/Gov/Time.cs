using System.Globalization;
using Microsoft.AspNetCore.Razor.TagHelpers;
using NodaTime.Text;
using NodaTime;

namespace Heed.Plumbing.Gov;

/// <summary>
/// &lt;gov-time at="notice.SentAt" now="work.Now" /&gt;: an instant in London words, with its UTC in the datetime attribute. With now,
/// yesterday, today and tomorrow are called so. A LocalDate is a day without a time.
/// </summary>
[HtmlTargetElement("gov-time", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class TimeTag : TagHelper
{
    private static readonly DateTimeZone London = DateTimeZoneProviders.Tzdb["Europe/London"];

    public object? At { get; set; }
    public Instant? Now { get; set; }

    /// <summary>What stands where there is no time yet.</summary>
    public string? None { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var (machine, words) = At switch
        {
            null => (null, None),
            Instant at => (InstantPattern.General.Format(at), InWords(at, Now)),
            LocalDate day => (LocalDatePattern.Iso.Format(day), InWords(day)),
            var other => throw new ArgumentException($"gov-time shows an Instant or a LocalDate, not a {other.GetType().Name}"),
        };
        output.TagMode = TagMode.StartTagAndEndTag;
        output.TagName = machine is null ? null : "time";
        if (machine is not null)
        {
            output.Attributes.SetAttribute("datetime", machine);
        }
        output.Content.SetContent(words ?? "");
    }

    /// <summary>"14 March 2026 at 09:05", or "today at 09:05" where it is told what now is.</summary>
    public static string InWords(Instant at, Instant? now = null)
    {
        var local = at.InZone(London);
        var days = now is null ? (int?)null : Period.DaysBetween(now.Value.InZone(London).Date, local.Date);
        var day = days switch { 0 => GovWords.Today, -1 => GovWords.Yesterday, 1 => GovWords.Tomorrow, _ => InWords(local.Date) };
        // In the hour that comes twice each October, which of the two is said.
        var zone = London.MapLocal(local.LocalDateTime).Count > 1 ? " " + local.GetZoneInterval().Name : "";
        return string.Format(CultureInfo.CurrentCulture, GovWords.DayAtTime, day, local.ToString("HH:mm", CultureInfo.CurrentCulture) + zone);
    }

    public static string InWords(LocalDate day) => day.ToString("d MMMM uuuu", CultureInfo.CurrentCulture);
}
