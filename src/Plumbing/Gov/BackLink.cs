using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Heed.Plumbing.Gov;

public sealed record BackLink : Part
{
    public string? Href { get; init; }
    public string? Text { get; init; }
    public Markup? Html { get; init; }

    public override Markup Render() => Markup.Of(
        $"""<a href="{(Markup.Any(Href) ? Href : "#")}" class="{Markup.Classes("govuk-back-link", Classes)}"{Attributes}>{Markup.Either(Html, Markup.Any(Text) ? Text : GovWords.Back)}</a>""");
}

/// <summary>&lt;gov-back-link href="/worklist" /&gt;</summary>
[HtmlTargetElement("gov-back-link")]
public sealed class BackLinkTag : GovTag
{
    public string? Href { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output) =>
        new BackLink { Href = Href, Html = await Inside(output), Classes = Class(output), Attributes = Rest(output) };
}
