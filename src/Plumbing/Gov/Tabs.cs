using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Heed.Plumbing.Gov;

public sealed record TabItem
{
    public string? Id { get; init; }
    public string? Label { get; init; }
    public Attributes? Attributes { get; init; }
    public Words? Panel { get; init; }
}

public sealed record Tabs : Part
{
    public string? Id { get; init; }
    public string? IdPrefix { get; init; }
    public string? Title { get; init; }
    public IReadOnlyList<TabItem?>? Items { get; init; }

    public override Markup Render()
    {
        string PanelId(TabItem item, int i) => Markup.Any(item.Id) ? item.Id! : $"{IdPrefix}-{i}";
        return Markup.Of($"""
            <div{Markup.Attr("id", Id)} class="{Markup.Classes("govuk-tabs", Classes)}"{Attributes} data-module="govuk-tabs">
              <h2 class="govuk-tabs__title">
                {Title ?? GovWords.Contents}
              </h2>
              {(Items is not { Count: > 0 } ? null : Markup.Of($"""
                  <ul class="govuk-tabs__list">
                    {Markup.Join(Items, (item, i) => item is null ? null : Markup.Of($"""
                        <li class="{Markup.Classes("govuk-tabs__list-item", i == 1 ? "govuk-tabs__list-item--selected" : null)}">
                          <a class="govuk-tabs__tab" href="#{PanelId(item, i)}"{item.Attributes}>
                            {item.Label}
                          </a>
                        </li>
                        """))}
                  </ul>
                  {Markup.Join(Items, (item, i) => item is null ? null : Markup.Of($"""
                      <div class="{Markup.Classes("govuk-tabs__panel", i > 1 ? "govuk-tabs__panel--hidden" : null)}" id="{PanelId(item, i)}"{item.Panel?.Attributes}>
                        {(Markup.Any(item.Panel?.Html) ? item.Panel!.Html : Markup.Any(item.Panel?.Text) ? Markup.Of($"""<p class="govuk-body">{item.Panel!.Text}</p>""") : null)}
                      </div>
                      """))}
                  """))}
            </div>
            """);
    }
}

/// <summary>&lt;gov-tabs id-prefix="history"&gt;&lt;gov-tab label="Police"&gt; … &lt;/gov-tab&gt;&lt;/gov-tabs&gt;</summary>
[HtmlTargetElement("gov-tabs")]
public sealed class TabsTag : GovTag
{
    public string? Id { get; set; }
    public string IdPrefix { get; set; } = "tab";
    public string? Title { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        var items = Offer(context, new List<TabItem>());
        await Inside(output);
        return new Tabs { Id = Id, IdPrefix = IdPrefix, Title = Title, Items = items, Classes = Class(output), Attributes = Rest(output) };
    }
}

[HtmlTargetElement("gov-tab", ParentTag = "gov-tabs")]
public sealed class TabTag : GovTag
{
    public string? Id { get; set; }
    public string? Label { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        var tab = new TabItem { Id = Id, Label = Label, Panel = new() { Html = await Inside(output) }, Attributes = Rest(output) };
        Into<List<TabItem>>(context, tabs => tabs.Add(tab));
        return null;
    }
}
