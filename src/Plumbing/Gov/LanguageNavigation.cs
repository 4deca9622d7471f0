using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Heed.Plumbing.Gov;

public sealed record Language : Words
{
    public string? Href { get; init; }
    public string? Lang { get; init; }
    public string? HrefLang { get; init; }
    public string? Dir { get; init; }
    public string? LanguageDescriptionText { get; init; }
    public bool Current { get; init; }
}

public sealed record LanguageNavigation : Part
{
    public IReadOnlyList<Language>? Items { get; init; }
    public string? AriaLabel { get; init; }

    public override Markup Render() => Markup.Of($"""
        <nav class="{Markup.Classes("govuk-language-navigation", Classes)}"{Attributes} aria-label="{AriaLabel ?? GovWords.Language}">
          <ul class="govuk-language-navigation__list">
            {Markup.Join(Items, item => item.Current || !Markup.Any(item.Href) ? Markup.Of($"""
                <li class="govuk-language-navigation__list-item">
                  <span class="{Markup.Classes("govuk-language-navigation__text", item.Classes)}" aria-current="true"{Markup.Attr("lang", item.Lang)}{Markup.Attr("dir", item.Dir)}{item.Attributes}>{item.Said}</span>
                </li>
                """) : Markup.Of($"""
                <li class="govuk-language-navigation__list-item">
                  <a class="{Markup.Classes("govuk-language-navigation__link", item.Classes)}" href="{item.Href}" rel="alternate"{Markup.Attr("lang", item.Lang)}{Markup.Attr("hreflang", Markup.Any(item.HrefLang) ? item.HrefLang : item.Lang)}{Markup.Attr("dir", item.Dir)}{item.Attributes}>{item.Said}{(Markup.Any(item.LanguageDescriptionText) ? Markup.Of($"""<span class="govuk-visually-hidden"> {item.LanguageDescriptionText}</span>""") : null)}</a>
                </li>
                """))}
          </ul>
        </nav>
        """);
}

/// <summary>&lt;gov-language-navigation items="…" /&gt;</summary>
[HtmlTargetElement("gov-language-navigation")]
public sealed class LanguageNavigationTag : GovTag
{
    public IReadOnlyList<Language> Items { get; set; } = [];

    protected override Task<Part?> Build(TagHelperContext context, TagHelperOutput output) =>
        Task.FromResult<Part?>(new LanguageNavigation { Items = Items, Classes = Class(output), Attributes = Rest(output) });
}
