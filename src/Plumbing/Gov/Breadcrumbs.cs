using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Heed.Plumbing.Gov;

public sealed record Crumb : Words
{
    public string? Href { get; init; }
}

public sealed record Breadcrumbs : Part
{
    public IReadOnlyList<Crumb>? Items { get; init; }
    public bool CollapseOnMobile { get; init; }
    public string? LabelText { get; init; }

    public override Markup Render() => Markup.Of($"""
        <nav class="{Markup.Classes("govuk-breadcrumbs", Classes, CollapseOnMobile ? "govuk-breadcrumbs--collapse-on-mobile" : null)}"{Attributes} aria-label="{LabelText ?? GovWords.Breadcrumb}">
          <ol class="govuk-breadcrumbs__list">
            {Markup.Join(Items, item => Markup.Any(item.Href)
                ? Markup.Of($"""<li class="govuk-breadcrumbs__list-item"><a class="govuk-breadcrumbs__link" href="{item.Href}"{item.Attributes}>{item.Said}</a></li>""")
                : Markup.Of($"""<li class="govuk-breadcrumbs__list-item" aria-current="page">{item.Said}</li>"""))}
          </ol>
        </nav>
        """);
}

/// <summary>&lt;gov-breadcrumbs&gt;&lt;gov-crumb href="/people"&gt;People&lt;/gov-crumb&gt;&lt;gov-crumb&gt;This one&lt;/gov-crumb&gt;&lt;/gov-breadcrumbs&gt;</summary>
[HtmlTargetElement("gov-breadcrumbs")]
public sealed class BreadcrumbsTag : GovTag
{
    public bool Collapse { get; set; } = true;

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        var crumbs = Offer(context, new List<Crumb>());
        await Inside(output);
        return new Breadcrumbs { Items = crumbs, CollapseOnMobile = Collapse, Classes = Class(output), Attributes = Rest(output) };
    }
}

[HtmlTargetElement("gov-crumb", ParentTag = "gov-breadcrumbs")]
public sealed class CrumbTag : GovTag
{
    public string? Href { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        var crumb = new Crumb { Href = Href, Html = await Inside(output), Attributes = Rest(output) };
        Into<List<Crumb>>(context, crumbs => crumbs.Add(crumb));
        return null;
    }
}
