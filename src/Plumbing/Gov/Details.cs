using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Heed.Plumbing.Gov;

public sealed record Details : Part
{
    public string? Id { get; init; }
    public string? SummaryText { get; init; }
    public Markup? SummaryHtml { get; init; }
    public string? Text { get; init; }
    public Markup? Html { get; init; }
    public bool Open { get; init; }

    public override Markup Render() => Markup.Of($"""
        <details{Markup.Attr("id", Id)} class="{Markup.Classes("govuk-details", Classes)}"{Attributes}{(Open ? Markup.Of($" open") : null)}>
          <summary class="govuk-details__summary">
            <span class="govuk-details__summary-text">
              {Markup.Either(SummaryHtml, SummaryText)}
            </span>
          </summary>
          <div class="govuk-details__text">
            {Markup.Either(Html, Text)}
          </div>
        </details>
        """);
}

/// <summary>&lt;gov-details summary="Why these two were matched"&gt; … &lt;/gov-details&gt;</summary>
[HtmlTargetElement("gov-details")]
public sealed class DetailsTag : GovTag
{
    public string? Id { get; set; }
    public string? Summary { get; set; }
    public bool Open { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output) =>
        new Details { Id = Id, SummaryText = Summary, Open = Open, Html = await Inside(output), Classes = Class(output), Attributes = Rest(output) };
}
