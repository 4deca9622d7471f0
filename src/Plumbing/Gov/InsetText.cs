using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Heed.Plumbing.Gov;

public sealed record InsetText : Part
{
    public string? Id { get; init; }
    public string? Text { get; init; }
    public Markup? Html { get; init; }

    public override Markup Render() => Markup.Of($"""
        <div{Markup.Attr("id", Id)} class="{Markup.Classes("govuk-inset-text", Classes)}"{Attributes}>
          {Markup.Either(Html, Text)}
        </div>
        """);
}

/// <summary>&lt;gov-inset&gt;Held by North Force: ask.&lt;/gov-inset&gt;</summary>
[HtmlTargetElement("gov-inset")]
[HtmlTargetElement("gov-inset-text")]
public sealed class InsetTextTag : GovTag
{
    public string? Id { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output) =>
        new InsetText { Id = Id, Html = await Inside(output), Classes = Class(output), Attributes = Rest(output) };
}
