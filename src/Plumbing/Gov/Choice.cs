using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Heed.Plumbing.Gov;

/// <summary>One of the answers to choose from: of radios, checkboxes or a select.</summary>
public sealed record Choice(string Value, string Text, string? Hint = null, bool Disabled = false);

/// <summary>What a radio or a checkbox may show once it is chosen.</summary>
public sealed record Conditional
{
    public Markup? Html { get; init; }
}

/// <summary>One radio or one checkbox, or a divider between two.</summary>
public sealed record ChoiceItem : Words
{
    public string? Id { get; init; }
    public string? Name { get; init; }
    public string? Value { get; init; }
    public string? Divider { get; init; }
    public bool? Checked { get; init; }
    public bool Disabled { get; init; }
    public string? Behaviour { get; init; }
    public Words? Label { get; init; }
    public Hint? Hint { get; init; }
    public Conditional? Conditional { get; init; }

    /// <summary>The markup that radios and checkboxes share; the word in their class names is the difference.</summary>
    internal Markup Render(string kind, string id, string? name, bool chosen, string? describedBy)
    {
        var block = "govuk-" + kind;
        if (Markup.Any(Divider))
        {
            return Markup.Of($"""<div class="{block}__divider">{Divider}</div>""");
        }
        var hint = Hint is not null && (Markup.Any(Hint.Html) || Markup.Any(Hint.Text)) ? Hint : null;
        var more = Markup.Any(Conditional?.Html) ? "conditional-" + id : null;
        var described = string.Join(' ', new[] { describedBy, hint is null ? null : id + "-item-hint" }.Where(Markup.Any));
        return Markup.Of($"""
            <div class="{block}__item">
              <input class="{block}__input" id="{id}" name="{name}" type="{(kind == "radios" ? "radio" : "checkbox")}" value="{Value}"{(chosen ? Markup.Of($" checked") : null)}{(Disabled ? Markup.Of($" disabled") : null)}{Markup.Attr("data-aria-controls", more)}{Markup.Attr("data-behaviour", Behaviour)}{Markup.Attr("aria-describedby", described)}{Attributes}>
              {new Label { Html = Html, Text = Text, For = id, Classes = Markup.Classes(block + "__label", Label?.Classes), Attributes = Label?.Attributes }.Render()}
              {(hint is null ? null : (hint with { Id = id + "-item-hint", Classes = Markup.Classes(block + "__hint", hint.Classes) }).Render())}
            </div>
            {(more is null ? null : Markup.Of($"""
                <div class="{Markup.Classes(block + "__conditional", chosen ? null : block + "__conditional--hidden")}" id="{more}">
                  {Conditional!.Html}
                </div>
                """))}
            """);
    }
}

/// <summary>The choices written as tags inside gov-radios or gov-checkboxes, in order.</summary>
public sealed class ChoiceParts
{
    public List<ChoiceItem> Items { get; } = [];
}

/// <summary>&lt;gov-radio value="yes" hint="…"&gt;Yes &lt;gov-conditional&gt;…&lt;/gov-conditional&gt;&lt;/gov-radio&gt;, and gov-checkbox the same.</summary>
[HtmlTargetElement("gov-radio", ParentTag = "gov-radios")]
[HtmlTargetElement("gov-checkbox", ParentTag = "gov-checkboxes")]
public sealed class ChoiceTag : GovTag
{
    public string? Id { get; set; }
    public string Value { get; set; } = "";
    public string? Hint { get; set; }
    public bool? Checked { get; set; }
    public bool Disabled { get; set; }

    /// <summary>A checkbox that clears all others when it is ticked ("none of these").</summary>
    public bool Exclusive { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        var choices = (ChoiceParts)context.Items[typeof(ChoiceParts)];
        var parts = Offer(context, new FieldParts());
        var inside = Offer(context, new ConditionalParts());
        var html = await Inside(output);
        choices.Items.Add(new()
        {
            Id = Id,
            Value = Value,
            Html = html,
            Hint = parts.Hint ?? (Hint is null ? null : new() { Text = Hint }),
            Checked = Checked,
            Disabled = Disabled,
            Behaviour = Exclusive ? "exclusive" : null,
            Conditional = inside.Html is null ? null : new() { Html = inside.Html },
            Attributes = Rest(output),
        });
        return null;
    }
}

public sealed class ConditionalParts
{
    public Markup? Html { get; set; }
}

/// <summary>What is asked only once the choice around it is made.</summary>
[HtmlTargetElement("gov-conditional")]
public sealed class ConditionalTag : GovTag
{
    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        var outer = (ConditionalParts)context.Items[typeof(ConditionalParts)];
        Withdraw<FieldParts>(context);
        outer.Html = await Inside(output);
        return null;
    }
}

[HtmlTargetElement("gov-divider")]
public sealed class DividerTag : GovTag
{
    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        var text = (await Inside(output))?.ToString().Trim();
        Into<ChoiceParts>(context, choices => choices.Items.Add(new() { Divider = System.Net.WebUtility.HtmlDecode(text) ?? GovWords.Or }));
        return null;
    }
}
