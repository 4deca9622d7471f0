using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Heed.Plumbing.Gov;

public sealed record NavigationItem : Words
{
    public string? Href { get; init; }

    /// <summary>The page that is shown.</summary>
    public bool Current { get; init; }

    /// <summary>The page that is shown is within.</summary>
    public bool Active { get; init; }
}

public sealed record EndSlot
{
    public Markup? Html { get; init; }
    public string? Align { get; init; }
}

public sealed record NavigationSlots
{
    public Markup? Start { get; init; }
    public EndSlot? End { get; init; }
    public Markup? NavigationStart { get; init; }
    public Markup? NavigationEnd { get; init; }
}

public sealed record ServiceNavigation : Part
{
    public string? ServiceName { get; init; }
    public string? ServiceUrl { get; init; }
    public IReadOnlyList<NavigationItem?>? Navigation { get; init; }
    public string? AriaLabel { get; init; }
    public string? MenuButtonText { get; init; }
    public string? MenuButtonLabel { get; init; }
    public string? NavigationLabel { get; init; }
    public string? NavigationId { get; init; }
    public string? NavigationClasses { get; init; }
    public bool? CollapseNavigationOnMobile { get; init; }
    public NavigationSlots? Slots { get; init; }

    public override Markup Render()
    {
        var menu = Markup.Any(MenuButtonText) ? MenuButtonText! : GovWords.Menu;
        var id = Markup.Any(NavigationId) ? NavigationId : "navigation";
        var items = (Navigation ?? []).OfType<NavigationItem>().ToList();
        var collapse = CollapseNavigationOnMobile ?? items.Count > 1;
        var common = Markup.Of($"""class="{Markup.Classes("govuk-service-navigation", Classes)}" data-module="govuk-service-navigation"{Attributes}""");

        var name = !Markup.Any(ServiceName) ? null : Markup.Of($"""
            <span class="govuk-service-navigation__service-name">
              {(Markup.Any(ServiceUrl)
                  ? Markup.Of($"""<a href="{ServiceUrl}" class="govuk-service-navigation__link">{ServiceName}</a>""")
                  : Markup.Of($"""<span class="govuk-service-navigation__text">{ServiceName}</span>"""))}
            </span>
            """);

        var toggle = !collapse ? null : Markup.Of($"""
            <button type="button" class="govuk-service-navigation__toggle govuk-js-service-navigation-toggle" aria-controls="{id}"{Markup.Attr("aria-label", MenuButtonLabel == menu ? null : MenuButtonLabel)} hidden aria-hidden="true">
              {menu}
            </button>
            """);

        var list = items.Count == 0 && !Markup.Any(Slots?.NavigationStart) && !Markup.Any(Slots?.NavigationEnd) ? null : Markup.Of($"""
            <nav aria-label="{(Markup.Any(NavigationLabel) ? NavigationLabel : menu)}" class="{Markup.Classes("govuk-service-navigation__wrapper", NavigationClasses)}">
              {toggle}
              <ul class="govuk-service-navigation__list" id="{id}">
                {Slots?.NavigationStart}
                {Markup.Join(items, Item)}
                {Slots?.NavigationEnd}
              </ul>
            </nav>
            """);

        var inside = Markup.Of($"""
            <div class="{Markup.Classes("govuk-width-container", Slots?.End?.Align == "inline" ? "govuk-service-navigation__inlining-container" : null)}">
              {Slots?.Start}
              <div class="govuk-service-navigation__container">
                {name}
                {list}
              </div>
              {Slots?.End?.Html}
            </div>
            """);

        return name is not null || Markup.Any(Slots?.Start) || Markup.Any(Slots?.End?.Html)
            ? Markup.Of($"""<section aria-label="{AriaLabel ?? GovWords.ServiceInformation}" {common}>{inside}</section>""")
            : Markup.Of($"<div {common}>{inside}</div>");
    }

    private static Markup Item(NavigationItem item)
    {
        var here = item.Active || item.Current;
        var said = here ? Markup.Of($"""<strong class="govuk-service-navigation__active-fallback">{item.Said}</strong>""") : item.Said;
        var current = here ? Markup.Attr("aria-current", item.Current ? "page" : "true") : null;
        return Markup.Of($"""
            <li class="{Markup.Classes("govuk-service-navigation__item", here ? "govuk-service-navigation__item--active" : null)}">
              {(Markup.Any(item.Href) ? Markup.Of($"""<a class="govuk-service-navigation__link" href="{item.Href}"{current}{item.Attributes}>{said}</a>""")
                  : item.IsEmpty ? null
                  : Markup.Of($"""<span class="govuk-service-navigation__text"{current}>{said}</span>"""))}
            </li>
            """);
    }
}

/// <summary>&lt;gov-service-navigation service="Heed" items="…" /&gt;; what stands inside comes at its end.</summary>
[HtmlTargetElement("gov-service-navigation")]
public sealed class ServiceNavigationTag : GovTag
{
    public string? Service { get; set; }
    public string? ServiceUrl { get; set; }
    public string? Label { get; set; }
    public IReadOnlyList<NavigationItem> Items { get; set; } = [];

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        var end = await Inside(output);
        return new ServiceNavigation
        {
            ServiceName = Service,
            ServiceUrl = ServiceUrl,
            NavigationLabel = Label,
            Navigation = Items,
            Slots = end is null ? null : new() { End = new() { Html = end } },
            Classes = Class(output),
            Attributes = Rest(output),
        };
    }
}
