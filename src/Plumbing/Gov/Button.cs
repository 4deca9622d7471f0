using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Microsoft.Extensions.DependencyInjection;

namespace Heed.Plumbing.Gov;

public sealed record Button : Part
{
    public string? Text { get; init; }
    public Markup? Html { get; init; }
    public string? Id { get; init; }
    public string? Name { get; init; }
    public string? Type { get; init; }
    public string? Value { get; init; }
    public string? Href { get; init; }
    public bool Disabled { get; init; }
    public bool? PreventDoubleClick { get; init; }
    public bool IsStartButton { get; init; }

    private static readonly Markup StartIcon = Markup.Trusted("""
        <svg class="govuk-button__start-icon" xmlns="http://www.w3.org/2000/svg" width="17.5" height="19" viewBox="0 0 33 40" aria-hidden="true" focusable="false"><path fill="currentColor" d="M0 0h13l20 20-20 20H0l20-20z"/></svg>
        """);

    public override Markup Render()
    {
        var common = Markup.Of($""" class="{Markup.Classes("govuk-button", Classes, IsStartButton ? "govuk-button--start" : null)}" data-module="govuk-button"{Attributes}{Markup.Attr("id", Id)}""");
        var said = Markup.Either(Html, Text);
        var inside = Markup.Of($"{(IsStartButton && Markup.Any(Html) ? Markup.Of($"<span>{said}</span>") : said)}{(IsStartButton ? StartIcon : null)}");
        return Markup.Any(Href)
            ? Markup.Of($"""<a href="{Href}" role="button" draggable="false"{common}>{inside}</a>""")
            : Markup.Of($"""
                <button type="{(Markup.Any(Type) ? Type : "submit")}"{Markup.Attr("value", Value)}{Markup.Attr("name", Name)}{(Disabled ? Markup.Of($" disabled aria-disabled=\"true\"") : null)}{Markup.Attr("data-prevent-double-click", PreventDoubleClick is null ? null : PreventDoubleClick.Value ? "true" : "false")}{common}>{inside}</button>
                """);
    }
}

/// <summary>
/// &lt;gov-button&gt;Acknowledge&lt;/gov-button&gt; in a form; with href a link that looks like a button; with post="/sign-out" a form of its
/// own (token included) whose hidden fields are post-id="…". A button that submits ignores the second of two quick clicks.
/// </summary>
[HtmlTargetElement("gov-button")]
public sealed class ButtonTag : GovTag
{
    public string? Id { get; set; }
    public string? Name { get; set; }
    public string? Value { get; set; }
    public string? Type { get; set; }
    public string? Href { get; set; }

    /// <summary>secondary, warning or inverse.</summary>
    public string? Kind { get; set; }

    public bool Disabled { get; set; }
    public bool Start { get; set; }
    public bool? PreventDoubleClick { get; set; }

    /// <summary>Where a form of its own posts to.</summary>
    public string? Post { get; set; }

    [HtmlAttributeName("post-all", DictionaryAttributePrefix = "post-")]
    public Dictionary<string, string?> Fields { get; set; } = [];

    /// <summary>Classes of the form that post makes.</summary>
    public string? FormClass { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        var button = new Button
        {
            Id = Id,
            Name = Name,
            Value = Value,
            Type = Type,
            Href = Href,
            Disabled = Disabled,
            IsStartButton = Start,
            PreventDoubleClick = PreventDoubleClick ?? (Href is null && Type is null or "submit" ? true : null),
            Html = await Inside(output),
            Classes = Markup.Classes(Kind is null ? null : "govuk-button--" + Kind, Class(output)),
            Attributes = Rest(output),
        };
        if (Post is null)
        {
            return button;
        }
        var token = View.HttpContext.RequestServices.GetRequiredService<IAntiforgery>().GetAndStoreTokens(View.HttpContext);
        return new Ready(Markup.Of($"""
            <form method="post" action="{Post}"{Markup.Attr("class", FormClass)}>
              <input type="hidden" name="{token.FormFieldName}" value="{token.RequestToken}">
              {Markup.Join(Fields, field => Markup.Of($"""<input type="hidden" name="{field.Key}" value="{field.Value}">"""))}
              {button.Render()}
            </form>
            """));
    }
}

/// <summary>Markup that is already made.</summary>
internal sealed record Ready(Markup Html) : Part
{
    public override Markup Render() => Html;
}
