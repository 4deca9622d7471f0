using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Heed.Plumbing.Gov;

public sealed record PhaseBanner : Part
{
    public Words? Tag { get; init; }
    public string? Text { get; init; }
    public Markup? Html { get; init; }

    public override Markup Render() => Markup.Of($"""
        <div class="{Markup.Classes("govuk-phase-banner govuk-width-container", Classes)}"{Attributes}>
          <p class="govuk-phase-banner__content">
            {new Tag { Text = Tag?.Text, Html = Tag?.Html, Classes = Markup.Classes("govuk-phase-banner__content__tag", Tag?.Classes) }.Render()}
            <span class="govuk-phase-banner__text">
              {Markup.Either(Html, Text)}
            </span>
          </p>
        </div>
        """);
}

/// <summary>&lt;gov-phase-banner tag="Demonstration"&gt;Every person here is invented.&lt;/gov-phase-banner&gt;</summary>
[HtmlTargetElement("gov-phase-banner")]
public sealed class PhaseBannerTag : GovTag
{
    public string? Tag { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output) =>
        new PhaseBanner { Tag = Tag, Html = await Inside(output), Classes = Class(output), Attributes = Rest(output) };
}
