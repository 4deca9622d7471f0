using Microsoft.AspNetCore.Razor.TagHelpers;
using NodaTime;
using static System.FormattableString;

namespace Heed.Plumbing.Gov;

public sealed record DateItem
{
    public string? Id { get; init; }
    public string? Name { get; init; }
    public string? Label { get; init; }
    public string? Value { get; init; }
    public string? Classes { get; init; }
    public string? Inputmode { get; init; }
    public string? Autocomplete { get; init; }
    public string? Pattern { get; init; }
    public bool? Error { get; init; }
    public Attributes? Attributes { get; init; }

    /// <summary>Nunjucks says day: false; here the item says it itself.</summary>
    public bool Omit { get; init; }
}

public sealed record DateInput : Field
{
    public string? NamePrefix { get; init; }
    public Fieldset? Fieldset { get; init; }
    public DateItem? Day { get; init; }
    public DateItem? Month { get; init; }
    public DateItem? Year { get; init; }
    public IReadOnlyList<DateItem>? Items { get; init; }
    public Dictionary<string, string>? Values { get; init; }

    internal override string? Key => Id;

    public override Markup Render()
    {
        var day = Day ?? new() { Name = "day", Value = Values?.GetValueOrDefault("day"), Classes = "govuk-input--width-2" };
        var month = Month ?? new() { Name = "month", Value = Values?.GetValueOrDefault("month"), Classes = "govuk-input--width-2" };
        var year = Year ?? new() { Name = "year", Value = Values?.GetValueOrDefault("year"), Classes = "govuk-input--width-4" };
        DateItem[] items = Items is { Count: > 0 } ? [.. Items] : [day, month, year];
        var someoneSaysError = items.Any(item => !item.Omit && SaysError(item));

        Markup One(DateItem item)
        {
            var name = item.Name;
            var value = item.Value;
            var width = 2;
            if (ReferenceEquals(item, day) || (Markup.Any(item.Name) && (item.Name == "day" || item.Name == day.Name)))
            {
                (name, value) = (name ?? "day", value ?? day.Value);
            }
            else if (ReferenceEquals(item, month) || (Markup.Any(item.Name) && (item.Name == "month" || item.Name == month.Name)))
            {
                (name, value) = (name ?? "month", value ?? month.Value);
            }
            else if (ReferenceEquals(item, year) || (Markup.Any(item.Name) && (item.Name == "year" || item.Name == year.Name)))
            {
                (name, value, width) = (name ?? "year", value ?? year.Value, 4);
            }
            var own = item.Classes ?? "";
            var wrong = !own.Contains("govuk-input--error", StringComparison.Ordinal)
                && (SaysError(item) || (item.Error != false && ErrorMessage is not null && !someoneSaysError));
            var full = (Markup.Any(NamePrefix) ? NamePrefix + "-" : "") + name;
            var input = new Input
            {
                Label = new() { Text = Markup.Any(item.Label) ? item.Label : Capital(name), Classes = "govuk-date-input__label" },
                Id = Markup.Any(item.Id) ? item.Id : Id + "-" + name,
                Name = full,
                Value = value ?? Values?.GetValueOrDefault(full),
                Classes = Markup.Classes(
                    "govuk-date-input__input",
                    wrong ? "govuk-input--error" : null,
                    own.Contains("govuk-input--width-", StringComparison.Ordinal) ? null : Invariant($"govuk-input--width-{width}"),
                    own),
                Type = "text",
                Inputmode = Markup.Any(item.Inputmode) ? item.Inputmode : "numeric",
                Autocomplete = item.Autocomplete,
                Pattern = item.Pattern,
                Attributes = item.Attributes,
            };
            return Markup.Of($"""<div class="govuk-date-input__item">{input.Render()}</div>""");
        }

        return Grouped(Fieldset is null ? null : Fieldset with { Role = "group" }, Described(Fieldset?.DescribedBy), Markup.Of($"""
            <div class="{Markup.Classes("govuk-date-input", Classes)}"{Attributes}{(OwnBox ? null : Markup.Attr("id", Id))}>
              {FormGroup?.BeforeInputs?.Said}
              {Markup.Join(items.Where(item => !item.Omit), One)}
              {FormGroup?.AfterInputs?.Said}
            </div>
            """));
    }

    /// <summary>The first input has the field's id, so that an error's link lands where one types; the box then has none.</summary>
    public bool OwnBox { get; init; }

    private static bool SaysError(DateItem item) => item.Error == true || item.Classes?.Contains("govuk-input--error", StringComparison.Ordinal) == true;

    private static string? Capital(string? name) => Markup.Any(name) ? char.ToUpperInvariant(name![0]) + name[1..].ToLowerInvariant() : name;
}

/// <summary>
/// A date as it was typed: [BindProperty] public TypedDate Born { get; set; } = new(). What cannot be a date is kept and shown again.
/// </summary>
public sealed class TypedDate
{
    public string? Day { get; set; }
    public string? Month { get; set; }
    public string? Year { get; set; }

    public bool IsEmpty => string.IsNullOrWhiteSpace(Day) && string.IsNullOrWhiteSpace(Month) && string.IsNullOrWhiteSpace(Year);

    /// <summary>The date, or null where what was typed is none. A year has four digits: nobody's century is guessed.</summary>
    public LocalDate? Date
    {
        get
        {
            static int? Number(string? typed) => int.TryParse(typed?.Trim(), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;
            return Number(Day) is { } day && Number(Month) is >= 1 and <= 12 and { } month && Number(Year) is >= 1000 and <= 9999 and { } year
                && day >= 1 && day <= CalendarSystem.Iso.GetDaysInMonth(year, month)
                    ? new LocalDate(year, month, day)
                    : null;
        }
    }

    public static TypedDate Of(LocalDate? date) =>
        date is { } day ? new() { Day = Invariant($"{day.Day}"), Month = Invariant($"{day.Month}"), Year = Invariant($"{day.Year}") } : new();
}

/// <summary>&lt;gov-date-input asp-for="Born" legend="Date of birth" hint="For example, 27 3 2019" /&gt; for a <see cref="TypedDate"/>.</summary>
[HtmlTargetElement("gov-date-input")]
public sealed class DateInputTag : GroupedTag
{
    /// <summary>The browser may offer the user's own date of birth. Seldom right here: the date is mostly a child's.</summary>
    public bool Birthday { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        var parts = Offer(context, new FieldParts());
        await Inside(output);
        var typed = For?.Model as TypedDate ?? TypedDate.Of(For?.Model as LocalDate?);
        var whole = Error ?? ErrorFor(FieldName);
        string? inDay = ErrorFor(FieldName + ".Day"), inMonth = ErrorFor(FieldName + ".Month"), inYear = ErrorFor(FieldName + ".Year");
        DateItem Item(string part, string label, string? value, string? error, bool first = false) => new()
        {
            Id = first ? FieldId : FieldId + "_" + part,
            Name = FieldName + "." + part,
            Label = label,
            Value = value,
            Error = whole is not null ? null : error is not null,
            Autocomplete = Birthday ? "bday-" + part.ToLowerInvariant() : null,
            Classes = part == "Year" ? "govuk-input--width-4" : "govuk-input--width-2",
        };
        return new DateInput
        {
            Id = FieldId,
            OwnBox = true,
            Fieldset = FieldsetOf(parts),
            Hint = HintOf(parts),
            ErrorMessage = (whole ?? inDay ?? inMonth ?? inYear) is { } text ? new() { Text = text } : null,
            FormGroup = Box,
            Items = [Item("Day", GovWords.Day, typed.Day, inDay, first: true), Item("Month", GovWords.Month, typed.Month, inMonth), Item("Year", GovWords.Year, typed.Year, inYear)],
            Classes = Class(output),
            Attributes = Rest(output),
        };
    }
}
