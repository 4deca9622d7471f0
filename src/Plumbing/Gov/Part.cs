using System.Diagnostics.CodeAnalysis;

namespace Heed.Plumbing.Gov;

/// <summary>
/// A component of the GOV.UK Design System. Its properties are the options of the Nunjucks macro of the same name, so that
/// govuk-frontend's own fixtures can be read into it; the tag helper beside it fills the same properties.
/// </summary>
public abstract record Part
{
    public string? Classes { get; init; }
    public Attributes? Attributes { get; init; }

    public abstract Markup Render();
}

/// <summary>Something said, as text or as HTML: a cell, a legend, a prefix, a title.</summary>
public record Words
{
    public string? Text { get; init; }
    public Markup? Html { get; init; }
    public string? Classes { get; init; }
    public Attributes? Attributes { get; init; }

    public Markup Said => Markup.Either(Html, Text);
    public bool IsEmpty => !Markup.Any(Html) && !Markup.Any(Text);

    [return: NotNullIfNotNull(nameof(text))]
    public static implicit operator Words?(string? text) => text is null ? null : new() { Text = text };
}

/// <summary>The box round a field, its label, its hint and its error.</summary>
public sealed record FormGroup
{
    public string? Classes { get; init; }
    public Attributes? Attributes { get; init; }
    public Words? BeforeInput { get; init; }
    public Words? AfterInput { get; init; }
    public Words? BeforeInputs { get; init; }
    public Words? AfterInputs { get; init; }
}

/// <summary>What every field has in common: a name, a hint, an error, and the ids by which they are read out together.</summary>
public abstract record Field : Part
{
    public string? Id { get; init; }
    public string? Name { get; init; }
    public string? DescribedBy { get; init; }
    public Label? Label { get; init; }
    public Hint? Hint { get; init; }
    public ErrorMessage? ErrorMessage { get; init; }
    public FormGroup? FormGroup { get; init; }

    /// <summary>The id of the field, or what the ids of its parts begin with.</summary>
    internal virtual string? Key => Markup.Any(Id) ? Id : Name;

    private protected string Described(string? first) =>
        string.Join(' ', new[] { first, Hint is null ? null : Key + "-hint", ErrorMessage is null ? null : Key + "-error" }.Where(Markup.Any));

    private protected Markup HintAndError() => Markup.Of($"""
        {(Hint is null ? null : (Hint with { Id = Key + "-hint" }).Render())}
        {(ErrorMessage is null ? null : (ErrorMessage with { Id = Key + "-error" }).Render())}
        """);

    private protected Markup Group(Markup inside) => Markup.Of($"""
        <div class="{Markup.Classes("govuk-form-group", ErrorMessage is null ? null : "govuk-form-group--error", FormGroup?.Classes)}"{FormGroup?.Attributes}>
          {inside}
        </div>
        """);

    /// <summary>Label, hint, error, then the one input.</summary>
    private protected Markup Labelled(Markup input) => Group(Markup.Of($"""
        {((Label ?? new()) with { For = Key }).Render()}
        {HintAndError()}
        {input}
        """));

    /// <summary>Hint, error and the inputs, in a fieldset where there is one.</summary>
    private protected Markup Grouped(Fieldset? fieldset, string described, Markup inputs)
    {
        var inside = Markup.Of($"{HintAndError()}{inputs}");
        return Group(fieldset is null ? inside : (fieldset with { DescribedBy = described, Html = inside }).Render());
    }
}
