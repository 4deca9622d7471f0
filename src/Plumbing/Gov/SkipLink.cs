using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Heed.Plumbing.Gov;

public sealed record SkipLink : Part
{
    public string? Href { get; init; }
    public string? Text { get; init; }
    public Markup? Html { get; init; }

    public override Markup Render() => Markup.Of(
        $"""<a href="{(Markup.Any(Href) ? Href : "#content")}" class="{Markup.Classes("govuk-skip-link", Classes)}"{Attributes} data-module="govuk-skip-link">{Markup.Either(Html, Text)}</a>""");
}

/// <summary>&lt;gov-skip-link href="#main-content"&gt;Skip to main content&lt;/gov-skip-link&gt;</summary>
[HtmlTargetElement("gov-skip-link")]
public sealed class SkipLinkTag : GovTag
{
    public string? Href { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output) =>
        new SkipLink { Href = Href, Html = await Inside(output), Classes = Class(output), Attributes = Rest(output) };
}
