using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Heed.Plumbing.Gov;

public sealed record Label : Part
{
    public string? Text { get; init; }
    public Markup? Html { get; init; }
    public string? For { get; init; }
    public bool IsPageHeading { get; init; }

    public override Markup Render()
    {
        if (!Markup.Any(Html) && !Markup.Any(Text))
        {
            return Markup.Of($"");
        }
        var label = Markup.Of($"""
            <label class="{Markup.Classes("govuk-label", Classes)}"{Attributes}{Markup.Attr("for", For)}>
              {Markup.Either(Html, Text)}
            </label>
            """);
        return IsPageHeading ? Markup.Of($"""<h1 class="govuk-label-wrapper">{label}</h1>""") : label;
    }
}

/// <summary>&lt;gov-label for="reason"&gt;: on its own, or inside a field for a label that needs markup.</summary>
[HtmlTargetElement("gov-label")]
public sealed class LabelTag : GovTag
{
    public string? For { get; set; }
    public bool IsPageHeading { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        var label = new Label { For = For, IsPageHeading = IsPageHeading, Html = await Inside(output), Classes = Class(output), Attributes = Rest(output) };
        return Into<FieldParts>(context, field => field.Label = label) ? null : label;
    }
}
