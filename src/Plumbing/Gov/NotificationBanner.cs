using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Heed.Plumbing.Gov;

public sealed record NotificationBanner : Part
{
    public string? Text { get; init; }
    public Markup? Html { get; init; }
    public string? TitleText { get; init; }
    public Markup? TitleHtml { get; init; }
    public int? TitleHeadingLevel { get; init; }
    public string? TitleId { get; init; }
    public string? Type { get; init; }
    public string? Role { get; init; }
    public bool? DisableAutoFocus { get; init; }

    public override Markup Render()
    {
        var success = Type == "success";
        var id = Markup.Any(TitleId) ? TitleId : "govuk-notification-banner-title";
        var heading = Markup.Of($"h{(TitleHeadingLevel is > 0 ? TitleHeadingLevel : 2)}");
        return Markup.Of($"""
            <div class="{Markup.Classes("govuk-notification-banner", success ? "govuk-notification-banner--success" : null, Classes)}" role="{(Markup.Any(Role) ? Role : success ? "alert" : "region")}" aria-labelledby="{id}" data-module="govuk-notification-banner"{Markup.Attr("data-disable-auto-focus", DisableAutoFocus is null ? null : DisableAutoFocus.Value ? "true" : "false")}{Attributes}>
              <div class="govuk-notification-banner__header">
                <{heading} class="govuk-notification-banner__title" id="{id}">
                  {Markup.Either(TitleHtml, Markup.Any(TitleText) ? TitleText : success ? GovWords.Success : GovWords.Important)}
                </{heading}>
              </div>
              <div class="govuk-notification-banner__content">
                {(Markup.Any(Html) ? Html : Markup.Any(Text) ? Markup.Of($"""<p class="govuk-notification-banner__heading">{Text!.Trim()}</p>""") : null)}
              </div>
            </div>
            """);
    }
}

/// <summary>&lt;gov-notification-banner type="success" text="Acknowledged." /&gt;, or with markup inside.</summary>
[HtmlTargetElement("gov-notification-banner")]
public sealed class NotificationBannerTag : GovTag
{
    public string? Text { get; set; }
    public string? Title { get; set; }

    /// <summary>Needed where a page has two banners.</summary>
    public string? TitleId { get; set; }

    public string? Type { get; set; }
    public string? Role { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output) => new NotificationBanner
    {
        Text = Text,
        Html = await Inside(output),
        TitleText = Title,
        TitleId = TitleId,
        Type = Type,
        Role = Role,
        Classes = Class(output),
        Attributes = Rest(output),
    };
}
