using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Heed.Plumbing.Gov;

public sealed record WarningText : Part
{
    public string? Text { get; init; }
    public Markup? Html { get; init; }
    public string? IconFallbackText { get; init; }

    public override Markup Render() => Markup.Of($"""
        <div class="{Markup.Classes("govuk-warning-text", Classes)}"{Attributes}>
          <span class="govuk-warning-text__icon" aria-hidden="true">!</span>
          <strong class="govuk-warning-text__text">
            <span class="govuk-visually-hidden">{(Markup.Any(IconFallbackText) ? IconFallbackText : GovWords.Warning)}</span>
            {Markup.Either(Html, Text)}
          </strong>
        </div>
        """);
}

/// <summary>&lt;gov-warning&gt;The 72 hours end today at 18:00.&lt;/gov-warning&gt;</summary>
[HtmlTargetElement("gov-warning")]
[HtmlTargetElement("gov-warning-text")]
public sealed class WarningTextTag : GovTag
{
    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output) =>
        new WarningText { Html = await Inside(output), Classes = Class(output), Attributes = Rest(output) };
}
