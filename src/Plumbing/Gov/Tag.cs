using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Heed.Plumbing.Gov;

public sealed record Tag : Part
{
    public string? Text { get; init; }
    public Markup? Html { get; init; }

    public override Markup Render() => Markup.Of($"""
        <strong class="{Markup.Classes("govuk-tag", Classes)}"{Attributes}>
          {Markup.Either(Html, Text)}
        </strong>
        """);
}

/// <summary>&lt;gov-tag colour="red"&gt;3 hours late&lt;/gov-tag&gt;: the words say it, the colour only repeats it.</summary>
[HtmlTargetElement("gov-tag")]
public sealed class TagTag : GovTag
{
    /// <summary>grey, green, teal, blue, purple, magenta, red, orange or yellow.</summary>
    public string? Colour { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output) => new Tag
    {
        Html = await Inside(output),
        Classes = Markup.Classes(Colour is null ? null : "govuk-tag--" + Colour, Class(output)),
        Attributes = Rest(output),
    };
}
