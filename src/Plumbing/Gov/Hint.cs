using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Heed.Plumbing.Gov;

public sealed record Hint : Part
{
    public string? Id { get; init; }
    public string? Text { get; init; }
    public Markup? Html { get; init; }

    public override Markup Render() => Markup.Of($"""
        <div{Markup.Attr("id", Id)} class="{Markup.Classes("govuk-hint", Classes)}"{Attributes}>
          {Markup.Either(Html, Text)}
        </div>
        """);
}

/// <summary>&lt;gov-hint&gt;: on its own, or inside a field for a hint that needs markup.</summary>
[HtmlTargetElement("gov-hint")]
public sealed class HintTag : GovTag
{
    public string? Id { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        var hint = new Hint { Id = Id, Html = await Inside(output), Classes = Class(output), Attributes = Rest(output) };
        return Into<FieldParts>(context, field => field.Hint = hint) ? null : hint;
    }
}
