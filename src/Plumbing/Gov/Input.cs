using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Heed.Plumbing.Gov;

public sealed record Input : Field
{
    public string? Type { get; init; }
    public string? Value { get; init; }
    public bool Disabled { get; init; }
    public bool? Spellcheck { get; init; }
    public string? Autocomplete { get; init; }
    public string? Autocapitalize { get; init; }
    public string? Pattern { get; init; }
    public string? Inputmode { get; init; }
    public Words? Prefix { get; init; }
    public Words? Suffix { get; init; }
    public Words? InputWrapper { get; init; }

    public override Markup Render()
    {
        var described = Described(DescribedBy);
        var input = Markup.Of($"""
            <input class="{Markup.Classes("govuk-input", Classes, ErrorMessage is null ? null : "govuk-input--error")}" id="{Key}" name="{Name}" type="{(Markup.Any(Type) ? Type : "text")}"{Markup.Attr("spellcheck", Spellcheck is null ? null : Spellcheck.Value ? "true" : "false")}{Markup.AttrIfSet("value", Value)}{(Disabled ? Markup.Of($" disabled") : null)}{Markup.Attr("aria-describedby", described)}{Markup.AttrIfSet("autocomplete", Autocomplete)}{Markup.AttrIfSet("autocapitalize", Autocapitalize)}{Markup.AttrIfSet("pattern", Pattern)}{Markup.AttrIfSet("inputmode", Inputmode)}{Attributes}>
            """);
        Words?[] around = [Prefix, Suffix, FormGroup?.BeforeInput, FormGroup?.AfterInput];
        return Labelled(around.All(one => one is null or { IsEmpty: true }) ? input : Markup.Of($"""
            <div class="{Markup.Classes("govuk-input__wrapper", InputWrapper?.Classes)}"{InputWrapper?.Attributes}>
              {FormGroup?.BeforeInput?.Said}
              {Affix(Prefix, "prefix")}
              {input}
              {Affix(Suffix, "suffix")}
              {FormGroup?.AfterInput?.Said}
            </div>
            """));
    }

    private static Markup? Affix(Words? affix, string type) => affix is null or { IsEmpty: true }
        ? null
        : Markup.Of($"""<div class="{Markup.Classes("govuk-input__" + type, affix.Classes)}" aria-hidden="true"{affix.Attributes}>{affix.Said}</div>""");
}

/// <summary>&lt;gov-input asp-for="Reference" label="Your reference" hint="…" width="10" /&gt;</summary>
[HtmlTargetElement("gov-input")]
public sealed class InputTag : LabelledTag
{
    public string? Type { get; set; }

    /// <summary>2, 3, 4, 5, 10, 20 (characters), or a fraction such as one-half.</summary>
    public string? Width { get; set; }

    public bool Disabled { get; set; }
    public bool? Spellcheck { get; set; }
    public string? Autocomplete { get; set; }
    public string? Inputmode { get; set; }
    public string? Prefix { get; set; }
    public string? Suffix { get; set; }

    protected override Field Own() => new Input
    {
        Type = Type,
        Value = Type == "password" ? null : Shown,
        Disabled = Disabled,
        Spellcheck = Spellcheck,
        Autocomplete = Autocomplete,
        Inputmode = Inputmode,
        Prefix = Prefix,
        Suffix = Suffix,
        Classes = Width is null ? null : int.TryParse(Width, out _) ? "govuk-input--width-" + Width : "govuk-!-width-" + Width,
    };
}
