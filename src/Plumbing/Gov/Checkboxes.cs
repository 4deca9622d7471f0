using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Heed.Plumbing.Gov;

public sealed record Checkboxes : Field
{
    public string? IdPrefix { get; init; }
    public IReadOnlyList<string>? Values { get; init; }
    public Fieldset? Fieldset { get; init; }
    public IReadOnlyList<ChoiceItem?>? Items { get; init; }

    internal override string? Key => Markup.Any(IdPrefix) ? IdPrefix : Name;

    public override Markup Render()
    {
        var described = Described(Markup.Any(Fieldset?.DescribedBy) ? Fieldset!.DescribedBy : DescribedBy);
        return Grouped(Fieldset, described, Markup.Of($"""
            <div class="{Markup.Classes("govuk-checkboxes", Classes)}"{Attributes} data-module="govuk-checkboxes">
              {FormGroup?.BeforeInputs?.Said}
              {Markup.Join(Items, (item, i) => item?.Render(
                  "checkboxes",
                  Markup.Any(item.Id) ? item.Id! : Key + (i > 1 ? $"-{i}" : ""),
                  Markup.Any(item.Name) ? item.Name : Name,
                  item.Checked ?? (item.Value is not null && Values?.Contains(item.Value) == true),
                  Fieldset is null ? described : null))}
              {FormGroup?.AfterInputs?.Said}
            </div>
            """));
    }
}

/// <summary>&lt;gov-checkboxes asp-for="Risks" legend="What worries you?" items="Model.Choices" /&gt;: the model is a list of strings, or one bool.</summary>
[HtmlTargetElement("gov-checkboxes")]
public sealed class CheckboxesTag : GroupedTag
{
    public IEnumerable<Choice> Items { get; set; } = [];
    public bool Small { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        var parts = Offer(context, new FieldParts());
        var choices = Offer(context, new ChoiceParts());
        await Inside(output);
        return new Checkboxes
        {
            IdPrefix = FieldId,
            Name = FieldName,
            Values = Values,
            Fieldset = FieldsetOf(parts),
            Hint = HintOf(parts),
            ErrorMessage = FieldError,
            FormGroup = Box,
            Items = Of(Items, choices),
            Classes = Markup.Classes(Class(output), Small ? "govuk-checkboxes--small" : null),
            Attributes = Rest(output),
        };
    }
}
