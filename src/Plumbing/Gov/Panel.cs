using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Heed.Plumbing.Gov;

public sealed record PanelAction : Words
{
    public string? Href { get; init; }
    public string? Type { get; init; }
}

public sealed record PanelActions
{
    public IReadOnlyList<PanelAction>? Items { get; init; }
    public string? Classes { get; init; }
    public Attributes? Attributes { get; init; }
}

public sealed record Panel : Part
{
    public string? TitleText { get; init; }
    public Markup? TitleHtml { get; init; }
    public int? HeadingLevel { get; init; }
    public string? Text { get; init; }
    public Markup? Html { get; init; }
    public PanelActions? Actions { get; init; }

    public override Markup Render()
    {
        var interrupts = Classes?.Contains("govuk-panel--interruption", StringComparison.Ordinal) == true;
        var heading = Markup.Of($"h{(HeadingLevel is > 0 ? HeadingLevel : 1)}");
        return Markup.Of($"""
            <div class="{Markup.Classes("govuk-panel", interrupts ? null : "govuk-panel--confirmation", Classes)}"{Attributes}>
              <{heading} class="govuk-panel__title">
                {Markup.Either(TitleHtml, TitleText)}
              </{heading}>
              {(Markup.Any(Html) || Markup.Any(Text) ? Markup.Of($"""<div class="govuk-panel__body">{Markup.Either(Html, Text)}</div>""") : null)}
              {(!interrupts || Actions is null ? null : Markup.Of($"""
                  <div class="{Markup.Classes("govuk-panel__actions", Actions.Classes)}"{Actions.Attributes}>
                    {(Actions.Items is { Count: > 0 } items ? Markup.Of($"""<div class="govuk-button-group">{Markup.Join(items, action => Markup.Of($"{Action(action)}\n"))}</div>""") : null)}
                  </div>
                  """))}
            </div>
            """);
    }

    private static Markup Action(PanelAction action) => !Markup.Any(action.Href) || action.Type == "button"
        ? new Button
        {
            Text = action.Text,
            Type = Markup.Any(action.Type) ? action.Type : "button",
            Classes = Markup.Classes("govuk-button--inverse", action.Classes),
            Href = action.Href,
            Attributes = action.Attributes,
        }.Render()
        : Markup.Of($"""
            <a class="{Markup.Classes("govuk-link govuk-link--inverse", action.Classes)}" href="{action.Href}"{action.Attributes}>{action.Text}</a>
            """);
}

/// <summary>&lt;gov-panel title="Sent"&gt;Receipt &lt;strong&gt;NF-2291-1&lt;/strong&gt;&lt;/gov-panel&gt;</summary>
[HtmlTargetElement("gov-panel")]
public sealed class PanelTag : GovTag
{
    public string? Title { get; set; }
    public int? HeadingLevel { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output) =>
        new Panel { TitleText = Title, HeadingLevel = HeadingLevel, Html = await Inside(output), Classes = Class(output), Attributes = Rest(output) };
}
