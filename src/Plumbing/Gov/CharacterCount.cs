using System.Globalization;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Heed.Plumbing.Gov;

public sealed record CharacterCount : Field
{
    public string? Value { get; init; }
    public int? Rows { get; init; }
    public bool? Spellcheck { get; init; }
    public int? Maxlength { get; init; }
    public int? Maxwords { get; init; }
    public int? Threshold { get; init; }
    public string? CountType { get; init; }
    public Words? CountMessage { get; init; }
    public string? TextareaDescriptionText { get; init; }
    public Dictionary<string, string>? CharactersUnderLimitText { get; init; }
    public string? CharactersAtLimitText { get; init; }
    public Dictionary<string, string>? CharactersOverLimitText { get; init; }
    public Dictionary<string, string>? WordsUnderLimitText { get; init; }
    public string? WordsAtLimitText { get; init; }
    public Dictionary<string, string>? WordsOverLimitText { get; init; }

    public override Markup Render()
    {
        var counting = Markup.Any(CountType) ? CountType : Maxwords > 0 ? "words" : null;
        var limit = Maxwords is > 0 ? Maxwords : Maxlength is > 0 ? Maxlength : null;
        var description = Markup.Any(TextareaDescriptionText) ? TextareaDescriptionText! : counting == "words" ? GovWords.UpToWords : GovWords.UpToCharacters;

        var box = new Attributes { ["data-module"] = "govuk-character-count" };
        void Add(string name, string? value)
        {
            if (Markup.Any(value))
            {
                box[name] = value;
            }
        }
        void AddAll(string name, Dictionary<string, string>? plurals)
        {
            foreach (var (rule, text) in plurals ?? [])
            {
                Add($"data-i18n.{name}.{rule}", text);
            }
        }
        Add("data-maxlength", Maxlength?.ToString(CultureInfo.InvariantCulture));
        Add("data-maxwords", Maxwords?.ToString(CultureInfo.InvariantCulture));
        Add("data-threshold", Threshold?.ToString(CultureInfo.InvariantCulture));
        Add("data-count-type", counting);
        if (limit is null)
        {
            Add("data-i18n.textarea-description.other", TextareaDescriptionText);
        }
        AddAll("characters-under-limit", CharactersUnderLimitText);
        Add("data-i18n.characters-at-limit", CharactersAtLimitText);
        AddAll("characters-over-limit", CharactersOverLimitText);
        AddAll("words-under-limit", WordsUnderLimitText);
        Add("data-i18n.words-at-limit", WordsAtLimitText);
        AddAll("words-over-limit", WordsOverLimitText);
        foreach (var (name, value) in FormGroup?.Attributes ?? [])
        {
            box[name] = value;
        }

        var message = new Hint
        {
            Id = Key + "-info",
            Classes = Markup.Classes("govuk-character-count__message", CountMessage?.Classes),
            Text = limit is null ? null : description.Replace("%{count}", limit.Value.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal),
        };
        return new Textarea
        {
            Id = Key,
            Name = Name,
            DescribedBy = Key + "-info",
            Rows = Rows,
            Spellcheck = Spellcheck,
            Value = Value,
            Label = Label,
            Hint = Hint,
            ErrorMessage = ErrorMessage,
            Attributes = Attributes,
            Classes = Markup.Classes("govuk-js-character-count", Classes),
            FormGroup = new()
            {
                Classes = Markup.Classes("govuk-character-count", FormGroup?.Classes),
                Attributes = box,
                BeforeInput = FormGroup?.BeforeInput,
                AfterInput = new() { Html = Markup.Of($"{message.Render()}{FormGroup?.AfterInput?.Said}") },
            },
        }.Render();
    }
}

/// <summary>&lt;gov-character-count asp-for="Reason" label="Why" max-length="500" /&gt;. It counts aloud; the limit itself is the action's to keep.</summary>
[HtmlTargetElement("gov-character-count")]
public sealed class CharacterCountTag : LabelledTag
{
    public int? MaxLength { get; set; }
    public int? MaxWords { get; set; }

    /// <summary>The count is shown from this percentage of the limit on.</summary>
    public int? Threshold { get; set; }

    public int? Rows { get; set; }
    public bool? Spellcheck { get; set; }

    protected override Field Own() => new CharacterCount
    {
        Value = Shown,
        Maxlength = MaxLength,
        Maxwords = MaxWords,
        Threshold = Threshold,
        Rows = Rows,
        Spellcheck = Spellcheck,
    };
}
