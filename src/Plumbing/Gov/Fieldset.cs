using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Heed.Plumbing.Gov;

public sealed record Legend : Words
{
    public bool IsPageHeading { get; init; }
}

public sealed record Fieldset : Part
{
    public string? Role { get; init; }
    public string? DescribedBy { get; init; }
    public Legend? Legend { get; init; }
    public Markup? Html { get; init; }

    public override Markup Render() => Markup.Of($"""
        <fieldset class="{Markup.Classes("govuk-fieldset", Classes)}"{Markup.Attr("role", Role)}{Markup.Attr("aria-describedby", DescribedBy)}{Attributes}>
          {(Legend is null or { IsEmpty: true } ? null : Markup.Of($"""
              <legend class="{Markup.Classes("govuk-fieldset__legend", Legend.Classes)}">
                {(Legend.IsPageHeading ? Markup.Of($"""<h1 class="govuk-fieldset__heading">{Legend.Said}</h1>""") : Legend.Said)}
              </legend>
              """))}
          {Html}
        </fieldset>
        """);
}

/// <summary>&lt;gov-fieldset legend="Where the child lives"&gt; … fields … &lt;/gov-fieldset&gt;</summary>
[HtmlTargetElement("gov-fieldset")]
public sealed class FieldsetTag : GovTag
{
    public string? Legend { get; set; }
    public string? LegendSize { get; set; }
    public bool IsPageHeading { get; set; }
    public string? Role { get; set; }
    public string? DescribedBy { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output) => new Fieldset
    {
        Legend = new() { Text = Legend, IsPageHeading = IsPageHeading, Classes = LegendSize is null ? null : "govuk-fieldset__legend--" + LegendSize },
        Role = Role,
        DescribedBy = DescribedBy,
        Html = await Inside(output),
        Classes = Class(output),
        Attributes = Rest(output),
    };
}

/// <summary>&lt;gov-legend&gt; inside radios, checkboxes or a date, where the legend needs markup.</summary>
[HtmlTargetElement("gov-legend")]
public sealed class LegendTag : GovTag
{
    public bool IsPageHeading { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        var legend = new Legend { Html = await Inside(output), IsPageHeading = IsPageHeading, Classes = Class(output) };
        return Into<FieldParts>(context, field => field.Legend = legend)
            ? null
            : throw new InvalidOperationException("gov-legend stands inside gov-radios, gov-checkboxes or gov-date-input");
    }
}
