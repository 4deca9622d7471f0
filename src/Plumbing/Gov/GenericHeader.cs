using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Heed.Plumbing.Gov;

public sealed record GenericHeader : Part
{
    public string? LogoText { get; init; }
    public Markup? LogoHtml { get; init; }
    public string? Url { get; init; }
    public string? ContainerClasses { get; init; }

    public override Markup Render() => Markup.Of($"""
        <div class="{Markup.Classes("govuk-generic-header", Classes)}"{Attributes}>
          <div class="govuk-generic-header__container {(Markup.Any(ContainerClasses) ? ContainerClasses : "govuk-width-container")}">
            <div class="govuk-generic-header__logo">
              <a href="{(Markup.Any(Url) ? Url : "/")}" class="govuk-generic-header__homepage-link">
                {Markup.Either(LogoHtml, LogoText)}
              </a>
            </div>
          </div>
        </div>
        """);
}

/// <summary>&lt;gov-generic-header url="/"&gt;Heed&lt;/gov-generic-header&gt;</summary>
[HtmlTargetElement("gov-generic-header")]
public sealed class GenericHeaderTag : GovTag
{
    public string? Url { get; set; }
    public string? ContainerClass { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output) =>
        new GenericHeader { LogoHtml = await Inside(output), Url = Url, ContainerClasses = ContainerClass, Classes = Class(output), Attributes = Rest(output) };
}
