using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Heed.Plumbing.Gov;

public sealed record SummaryAction : Words
{
    public string? Href { get; init; }
    public string? VisuallyHiddenText { get; init; }
}

public sealed record SummaryActions
{
    public IReadOnlyList<SummaryAction>? Items { get; init; }
    public string? Classes { get; init; }

    internal Markup? Render(string tag, string list, string item, string block, Words? card) => Items switch
    {
        null or { Count: 0 } => null,
        { Count: 1 } => Markup.Of($"""<{Markup.Trusted(tag)} class="{Markup.Classes(block, Classes)}">{Link(Items[0], card)}</{Markup.Trusted(tag)}>"""),
        _ when tag == "div" => Markup.Of($"""<ul class="{Markup.Classes(block, Classes)}">{Markup.Join(Items, one => Markup.Of($"""<li class="{item}">{Link(one, card)}</li>"""))}</ul>"""),
        _ => Markup.Of($"""<dd class="{Markup.Classes(block, Classes)}"><ul class="{list}">{Markup.Join(Items, one => Markup.Of($"""<li class="{item}">{Link(one, card)}</li>"""))}</ul></dd>"""),
    };

    private static Markup Link(SummaryAction action, Words? card)
    {
        var hidden = !Markup.Any(action.VisuallyHiddenText) && card is null ? null : Markup.Of(
            $"""<span class="govuk-visually-hidden">{(Markup.Any(action.VisuallyHiddenText) ? Markup.Of($" {action.VisuallyHiddenText}") : null)}{(card is null ? null : Markup.Of($" ({card.Said})"))}</span>""");
        return Markup.Of($"""<a class="{Markup.Classes("govuk-link", action.Classes)}" href="{action.Href}"{action.Attributes}>{action.Said}{hidden}</a>""");
    }
}

public sealed record SummaryRow
{
    public Words? Key { get; init; }
    public Words? Value { get; init; }
    public SummaryActions? Actions { get; init; }
    public string? Classes { get; init; }
}

public sealed record CardTitle : Words
{
    public int? HeadingLevel { get; init; }
}

public sealed record SummaryCard
{
    public CardTitle? Title { get; init; }
    public SummaryActions? Actions { get; init; }
    public string? Classes { get; init; }
    public Attributes? Attributes { get; init; }
}

public sealed record SummaryList : Part
{
    public IReadOnlyList<SummaryRow?>? Rows { get; init; }
    public SummaryCard? Card { get; init; }

    public override Markup Render()
    {
        var anyActions = Rows?.Any(row => row?.Actions?.Items is { Count: > 0 }) == true;
        var list = Markup.Of($"""
            <dl class="{Markup.Classes("govuk-summary-list", Classes)}"{Attributes}>
              {Markup.Join(Rows, row => row is null ? null : Markup.Of($"""
                  <div class="{Markup.Classes("govuk-summary-list__row", anyActions && row.Actions?.Items is null ? "govuk-summary-list__row--no-actions" : null, row.Classes)}">
                    <dt class="{Markup.Classes("govuk-summary-list__key", row.Key?.Classes)}">{row.Key?.Said}</dt>
                    <dd class="{Markup.Classes("govuk-summary-list__value", row.Value?.Classes)}">{row.Value?.Said}</dd>
                    {row.Actions?.Render("dd", "govuk-summary-list__actions-list", "govuk-summary-list__actions-list-item", "govuk-summary-list__actions", Card?.Title)}
                  </div>
                  """))}
            </dl>
            """);
        if (Card is null)
        {
            return list;
        }
        var heading = Markup.Of($"h{(Card.Title?.HeadingLevel is > 0 ? Card.Title.HeadingLevel : 2)}");
        return Markup.Of($"""
            <div class="{Markup.Classes("govuk-summary-card", Card.Classes)}"{Card.Attributes}>
              <div class="govuk-summary-card__title-wrapper">
                {(Card.Title is null ? null : Markup.Of($"""<{heading} class="{Markup.Classes("govuk-summary-card__title", Card.Title.Classes)}">{Card.Title.Said}</{heading}>"""))}
                {Card.Actions?.Render("div", "", "govuk-summary-card__action", "govuk-summary-card__actions", Card.Title)}
              </div>
              <div class="govuk-summary-card__content">
                {list}
              </div>
            </div>
            """);
    }
}

internal sealed class SummaryParts
{
    public List<SummaryRow> Rows { get; } = [];
    public List<SummaryAction> Actions { get; } = [];
}

/// <summary>&lt;gov-summary-list card="The child"&gt;&lt;gov-row key="Born" change="…"&gt;14 March 2019&lt;/gov-row&gt;&lt;/gov-summary-list&gt;</summary>
[HtmlTargetElement("gov-summary-list")]
public sealed class SummaryListTag : GovTag
{
    /// <summary>Makes it a card with this title.</summary>
    public string? Card { get; set; }

    public int? CardHeadingLevel { get; set; }

    /// <summary>No lines between the rows.</summary>
    public bool NoBorder { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        var parts = Offer(context, new SummaryParts());
        await Inside(output);
        return new SummaryList
        {
            Rows = parts.Rows,
            Card = Card is null ? null : new() { Title = new() { Text = Card, HeadingLevel = CardHeadingLevel }, Actions = new() { Items = parts.Actions } },
            Classes = Markup.Classes(Class(output), NoBorder ? "govuk-summary-list--no-border" : null),
            Attributes = Rest(output),
        };
    }
}

/// <summary>A row; change is where its link leads, and what it changes is said to those who only hear it.</summary>
[HtmlTargetElement("gov-row", ParentTag = "gov-summary-list")]
public sealed class RowTag : GovTag
{
    public string? Key { get; set; }
    public string? Change { get; set; }
    public string? ChangeText { get; set; }

    /// <summary>What is changed; else the key.</summary>
    public string? ChangeWhat { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        var row = new SummaryRow
        {
            Key = Key,
            Value = new() { Html = await Inside(output) },
            // A page that has no link for some of its rows writes an empty one: Razor makes no null of an expression within quotes.
            Actions = string.IsNullOrEmpty(Change) ? null : new() { Items = [new() { Href = Change, Text = ChangeText ?? GovWords.Change, VisuallyHiddenText = ChangeWhat ?? Key?.ToLowerInvariant() }] },
            Classes = Class(output),
        };
        Into<SummaryParts>(context, parts => parts.Rows.Add(row));
        return null;
    }
}

/// <summary>A link in the head of the card: &lt;gov-card-action href="…"&gt;Correct&lt;/gov-card-action&gt;</summary>
[HtmlTargetElement("gov-card-action", ParentTag = "gov-summary-list")]
public sealed class CardActionTag : GovTag
{
    public string? Href { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        var action = new SummaryAction { Href = Href, Html = await Inside(output), Attributes = Rest(output) };
        Into<SummaryParts>(context, parts => parts.Actions.Add(action));
        return null;
    }
}
