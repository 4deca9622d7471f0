using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Heed.Plumbing.Gov;

public sealed record Textarea : Field
{
    public string? Value { get; init; }
    public int? Rows { get; init; }
    public bool Disabled { get; init; }
    public bool? Spellcheck { get; init; }
    public string? Autocomplete { get; init; }

    public override Markup Render() => Labelled(Markup.Of($"""
        {FormGroup?.BeforeInput?.Said}
        <textarea class="{Markup.Classes("govuk-textarea", ErrorMessage is null ? null : "govuk-textarea--error", Classes)}" id="{Key}" name="{Name}" rows="{Rows ?? 5}"{Markup.Attr("spellcheck", Spellcheck is null ? null : Spellcheck.Value ? "true" : "false")}{(Disabled ? Markup.Of($" disabled") : null)}{Markup.Attr("aria-describedby", Described(DescribedBy))}{Markup.Attr("autocomplete", Autocomplete)}{Attributes}>{FirstLine}{Value}</textarea>
        {FormGroup?.AfterInput?.Said}
        """));

    /// <summary>A browser drops the first line break after the tag: one more keeps the one that was typed.</summary>
    private Markup? FirstLine => Value is { Length: > 0 } && Value[0] is '\n' or '\r' ? Markup.Of($"\n") : null;
}

/// <summary>&lt;gov-textarea asp-for="Account" label="What happened" rows="8" /&gt;</summary>
[HtmlTargetElement("gov-textarea")]
public sealed class TextareaTag : LabelledTag
{
    public int? Rows { get; set; }
    public bool? Spellcheck { get; set; }

    protected override Field Own() => new Textarea
    {
        Value = Shown,
        Rows = Rows,
        Spellcheck = Spellcheck,
    };
}
