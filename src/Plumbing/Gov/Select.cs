using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Heed.Plumbing.Gov;

public sealed record SelectItem
{
    public string? Value { get; init; }
    public string? Text { get; init; }
    public bool? Selected { get; init; }
    public bool Disabled { get; init; }
    public Attributes? Attributes { get; init; }
}

public sealed record Select : Field
{
    public IReadOnlyList<SelectItem?>? Items { get; init; }
    public string? Value { get; init; }
    public bool Disabled { get; init; }

    public override Markup Render() => Labelled(Markup.Of($"""
        {FormGroup?.BeforeInput?.Said}
        <select class="{Markup.Classes("govuk-select", Classes, ErrorMessage is null ? null : "govuk-select--error")}" id="{Key}" name="{Name}"{(Disabled ? Markup.Of($" disabled") : null)}{Markup.Attr("aria-describedby", Described(DescribedBy))}{Attributes}>
          {Markup.Join(Items, item => item is null ? null : Markup.Of($"""
              <option{Markup.AttrIfSet("value", item.Value)}{(item.Selected ?? (Markup.Any(Value) && (item.Value ?? item.Text) == Value) ? Markup.Of($" selected") : null)}{(item.Disabled ? Markup.Of($" disabled") : null)}{item.Attributes}>{item.Text}</option>
              """))}
        </select>
        {FormGroup?.AfterInput?.Said}
        """));
}

/// <summary>&lt;gov-select asp-for="Team" label="Team" items="Model.Teams" empty="Choose a team" /&gt;</summary>
[HtmlTargetElement("gov-select")]
public sealed class SelectTag : LabelledTag
{
    public IEnumerable<Choice> Items { get; set; } = [];

    /// <summary>The words of a first option whose value is empty.</summary>
    public string? Empty { get; set; }

    public bool Disabled { get; set; }

    protected override Field Own() => new Select
    {
        Value = Shown,
        Items = [.. Empty is null ? Array.Empty<SelectItem>() : [new() { Value = "", Text = Empty }], .. Items.Select(one => new SelectItem { Value = one.Value, Text = one.Text, Disabled = one.Disabled })],
        Disabled = Disabled,
    };
}
