using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Heed.Plumbing.Gov;

public sealed record Radios : Field
{
    public string? IdPrefix { get; init; }
    public string? Value { get; init; }
    public Fieldset? Fieldset { get; init; }
    public IReadOnlyList<ChoiceItem?>? Items { get; init; }

    internal override string? Key => Markup.Any(IdPrefix) ? IdPrefix : Name;

    public override Markup Render() => Grouped(Fieldset, Described(Fieldset?.DescribedBy), Markup.Of($"""
        <div class="{Markup.Classes("govuk-radios", Classes)}"{Attributes} data-module="govuk-radios">
          {FormGroup?.BeforeInputs?.Said}
          {Markup.Join(Items, (item, i) => item?.Render(
              "radios",
              Markup.Any(item.Id) ? item.Id! : Key + (i > 1 ? $"-{i}" : ""),
              Name,
              item.Checked ?? (Markup.Any(Value) && item.Value == Value),
              null))}
          {FormGroup?.AfterInputs?.Said}
        </div>
        """));
}

/// <summary>
/// &lt;gov-radios asp-for="Decision" legend="What will you do?" items="Model.Choices" /&gt;, or with gov-radio tags inside.
/// Nothing is chosen beforehand unless the model says so.
/// </summary>
[HtmlTargetElement("gov-radios")]
public sealed class RadiosTag : GroupedTag
{
    public IEnumerable<Choice> Items { get; set; } = [];
    public bool Inline { get; set; }
    public bool Small { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        var parts = Offer(context, new FieldParts());
        var choices = Offer(context, new ChoiceParts());
        await Inside(output);
        return new Radios
        {
            IdPrefix = FieldId,
            Name = FieldName,
            Value = Values.FirstOrDefault(),
            Fieldset = FieldsetOf(parts),
            Hint = HintOf(parts),
            ErrorMessage = FieldError,
            FormGroup = Box,
            Items = Of(Items, choices),
            Classes = Markup.Classes(Class(output), Inline ? "govuk-radios--inline" : null, Small ? "govuk-radios--small" : null),
            Attributes = Rest(output),
        };
    }
}
