using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Heed.Plumbing.Gov;

/// <summary>A tag helper that makes a <see cref="Part"/> and writes it. Attributes it does not know go onto the element.</summary>
public abstract class GovTag : TagHelper
{
    [HtmlAttributeNotBound, ViewContext]
    public ViewContext View { get; set; } = null!;

    /// <summary>The part to write, or null where it was handed to the tag that stands round it.</summary>
    protected abstract Task<Part?> Build(TagHelperContext context, TagHelperOutput output);

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var part = await Build(context, output);
        output.TagName = null;
        output.Attributes.Clear();
        if (part is null)
        {
            output.SuppressOutput();
        }
        else
        {
            output.Content.SetHtmlContent(part.Render());
        }
    }

    protected static async Task<Markup?> Inside(TagHelperOutput output)
    {
        var content = await output.GetChildContentAsync();
        return content.IsEmptyOrWhiteSpace ? null : Markup.Trusted(content.GetContent());
    }

    protected static string? Class(TagHelperOutput output) => output.Attributes.TryGetAttribute("class", out var given) ? Plain(given.Value) : null;

    protected static Attributes? Rest(TagHelperOutput output)
    {
        Attributes? rest = null;
        foreach (var given in output.Attributes.Where(a => a.Name != "class"))
        {
            (rest ??= [])[given.Name] = Plain(given.Value);
        }
        return rest;
    }

    /// <summary>What Razor hands over for an unbound attribute is encoded already; it will be encoded again, so it is decoded here.</summary>
    private static string? Plain(object? value) => value switch
    {
        Microsoft.AspNetCore.Html.IHtmlContent html => System.Net.WebUtility.HtmlDecode(Markup.Trusted(html).ToString()),
        string text => text,
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture),
    };

    /// <summary>Lets the tags inside find something of this one.</summary>
    protected static T Offer<T>(TagHelperContext context, T thing) where T : class
    {
        context.Items[typeof(T)] = thing;
        return thing;
    }

    /// <summary>Hands over to the nearest tag around this one that offers a T.</summary>
    protected static bool Into<T>(TagHelperContext context, Action<T> give) where T : class
    {
        if (context.Items.TryGetValue(typeof(T), out var found) && found is T taker)
        {
            give(taker);
            return true;
        }
        return false;
    }

    /// <summary>Hides what a tag further out offers from the tags inside this one: a field in a radio's conditional part is its own.</summary>
    protected static void Withdraw<T>(TagHelperContext context) => context.Items[typeof(T)] = typeof(void);

    protected string? ErrorFor(string name) =>
        View.ViewData.ModelState.TryGetValue(name, out var entry) && entry.Errors.Count > 0
            ? ErrorSummary.Message(entry.Errors[0])
            : null;

    /// <summary>The fields of this page in their order, and the id of each: the error summary lists and links by it.</summary>
    protected Dictionary<string, string> FieldsOfThePage
    {
        get
        {
            var items = View.HttpContext.Items;
            return items[typeof(FieldTag)] as Dictionary<string, string>
                ?? (Dictionary<string, string>)(items[typeof(FieldTag)] = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase));
        }
    }

    protected static string IdOf(string name) => TagBuilder.CreateSanitizedId(name, "_");
}

/// <summary>A label, a hint or a legend written as a tag inside a field, because it needs more than text.</summary>
public sealed class FieldParts
{
    public Label? Label { get; set; }
    public Hint? Hint { get; set; }
    public Legend? Legend { get; set; }
}

/// <summary>What the tags of all fields share: asp-for gives id, name, the value last typed, and the error.</summary>
public abstract class FieldTag : GovTag
{
    [HtmlAttributeName("asp-for")]
    public ModelExpression? For { get; set; }

    public string? Id { get; set; }
    public string? Name { get; set; }
    public string? Hint { get; set; }

    /// <summary>An error of one's own; else the first of ModelState for this name.</summary>
    public string? Error { get; set; }

    /// <summary>Classes of the box round the field.</summary>
    public string? GroupClass { get; set; }

    protected string FieldName => Name ?? (For is null ? "" : View.ViewData.TemplateInfo.GetFullHtmlFieldName(For.Name));
    protected string FieldId => Id ?? IdOf(FieldName);

    public override Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        FieldsOfThePage.TryAdd(FieldName, FieldId);
        return base.ProcessAsync(context, output);
    }

    protected ErrorMessage? FieldError => (Error ?? ErrorFor(FieldName)) is { } text ? new() { Text = text } : null;
    protected FormGroup? Box => GroupClass is null ? null : new() { Classes = GroupClass };

    protected Hint? HintOf(FieldParts parts) => parts.Hint ?? (Hint is null ? null : new() { Text = Hint });

    /// <summary>What was typed, if this is the answer to a post that was refused; else the model's value.</summary>
    protected IReadOnlyList<string> Values =>
        View.ViewData.ModelState.TryGetValue(FieldName, out var entry) && entry.RawValue is not null
            ? entry.RawValue switch { string one => [one], string[] many => many, var other => [InvariantText(other) ?? ""] }
            : For?.Model switch
            {
                null => [],
                string one => [one],
                System.Collections.IEnumerable many => [.. many.Cast<object?>().Select(one => InvariantText(one) ?? "")],
                var other => [InvariantText(other) ?? ""],
            };

    internal static string? InvariantText(object? value) => value switch
    {
        null => null,
        bool yes => yes ? "true" : "false",
        NodaTime.LocalDate date => NodaTime.Text.LocalDatePattern.Iso.Format(date),
        IFormattable some => some.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };
}

/// <summary>A field with one label.</summary>
public abstract class LabelledTag : FieldTag
{
    public string? Label { get; set; }

    /// <summary>s, m, l or xl.</summary>
    public string? LabelSize { get; set; }

    /// <summary>The label is the page's h1.</summary>
    public bool IsPageHeading { get; set; }

    public string? Value { get; set; }

    protected string? Shown => Value ?? Values.FirstOrDefault();

    /// <summary>The field with what is its own; what all fields have is put to it.</summary>
    protected abstract Field Own();

    protected sealed override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        var parts = Offer(context, new FieldParts());
        await Inside(output);
        var own = Own();
        return own with
        {
            Id = FieldId,
            Name = FieldName,
            Label = LabelOf(parts),
            Hint = HintOf(parts),
            ErrorMessage = FieldError,
            FormGroup = Box,
            Classes = Markup.Classes(Class(output), own.Classes),
            Attributes = Rest(output),
        };
    }

    private Label? LabelOf(FieldParts parts) => parts.Label is { } given
        ? given with { IsPageHeading = given.IsPageHeading || IsPageHeading, Classes = Markup.Classes(given.Classes, LabelSize is null ? null : "govuk-label--" + LabelSize) }
        : Label is null ? null : new() { Text = Label, IsPageHeading = IsPageHeading, Classes = LabelSize is null ? null : "govuk-label--" + LabelSize };
}

/// <summary>A field of several inputs, with a legend.</summary>
public abstract class GroupedTag : FieldTag
{
    public string? Legend { get; set; }

    /// <summary>s, m, l or xl.</summary>
    public string? LegendSize { get; set; }

    /// <summary>The legend is the page's h1.</summary>
    public bool IsPageHeading { get; set; }

    /// <summary>The choices that the model offers, then those written as tags.</summary>
    protected static IReadOnlyList<ChoiceItem> Of(IEnumerable<Choice> items, ChoiceParts choices) =>
        [.. items.Select(one => new ChoiceItem { Value = one.Value, Text = one.Text, Disabled = one.Disabled, Hint = one.Hint is null ? null : new() { Text = one.Hint } }), .. choices.Items];

    protected Fieldset? FieldsetOf(FieldParts parts)
    {
        var legend = parts.Legend ?? (Legend is null ? null : new Legend { Text = Legend });
        return legend is null
            ? null
            : new()
            {
                Legend = legend with
                {
                    IsPageHeading = legend.IsPageHeading || IsPageHeading,
                    Classes = Markup.Classes(legend.Classes, LegendSize is null ? null : "govuk-fieldset__legend--" + LegendSize),
                },
            };
    }
}
