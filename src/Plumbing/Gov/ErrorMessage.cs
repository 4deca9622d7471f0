using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Heed.Plumbing.Gov;

public sealed record ErrorMessage : Part
{
    public string? Id { get; init; }
    public string? Text { get; init; }
    public Markup? Html { get; init; }
    public string? VisuallyHiddenText { get; init; }

    public override Markup Render()
    {
        var hidden = VisuallyHiddenText ?? GovWords.Error;
        return Markup.Of($"""
            <p{Markup.Attr("id", Id)} class="{Markup.Classes("govuk-error-message", Classes)}"{Attributes}>
              {(Markup.Any(hidden) ? Markup.Of($"""<span class="govuk-visually-hidden">{hidden}:</span> """) : null)}{Markup.Either(Html, Text)}
            </p>
            """);
    }
}

/// <summary>&lt;gov-error-message asp-for="Reason" /&gt; for a field of one's own; the fields here show theirs by themselves.</summary>
[HtmlTargetElement("gov-error-message")]
public sealed class ErrorMessageTag : GovTag
{
    public string? Id { get; set; }

    [HtmlAttributeName("asp-for")]
    public ModelExpression? For { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        var name = For is null ? null : View.ViewData.TemplateInfo.GetFullHtmlFieldName(For.Name);
        var html = await Inside(output);
        var text = name is null ? null : ErrorFor(name);
        return Markup.Any(html) || text is not null
            ? new ErrorMessage { Id = Id ?? (name is null ? null : IdOf(name) + "-error"), Html = html, Text = text, Classes = Class(output), Attributes = Rest(output) }
            : null;
    }
}
