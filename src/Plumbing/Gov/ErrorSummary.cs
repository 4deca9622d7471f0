using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Heed.Plumbing.Gov;

public sealed record ErrorItem : Words
{
    public string? Href { get; init; }
}

public sealed record ErrorSummary : Part
{
    public string? TitleText { get; init; }
    public Markup? TitleHtml { get; init; }
    public string? DescriptionText { get; init; }
    public Markup? DescriptionHtml { get; init; }
    public IReadOnlyList<ErrorItem>? ErrorList { get; init; }
    public bool? DisableAutoFocus { get; init; }

    public override Markup Render() => Markup.Of($"""
        <div class="{Markup.Classes("govuk-error-summary", Classes)}"{Markup.Attr("data-disable-auto-focus", DisableAutoFocus is null ? null : DisableAutoFocus.Value ? "true" : "false")}{Attributes} data-module="govuk-error-summary">
          <div role="alert">
            <h2 class="govuk-error-summary__title">
              {Markup.Either(TitleHtml, TitleText)}
            </h2>
            <div class="govuk-error-summary__body">
              {(Markup.Any(DescriptionHtml) || Markup.Any(DescriptionText) ? Markup.Of($"<p>{Markup.Either(DescriptionHtml, DescriptionText)}</p>") : null)}
              {(ErrorList is not { Count: > 0 } ? null : Markup.Of($"""
                  <ul class="govuk-list govuk-error-summary__list">
                    {Markup.Join(ErrorList, item => Markup.Of($"""
                        <li>{(Markup.Any(item.Href) ? Markup.Of($"""<a href="{item.Href}"{item.Attributes}>{item.Said}</a>""") : item.Said)}</li>
                        """))}
                  </ul>
                  """))}
            </div>
          </div>
        </div>
        """);

    internal static string Message(ModelError error) => Markup.Any(error.ErrorMessage) ? error.ErrorMessage : GovWords.CannotBeRead;
}

/// <summary>&lt;gov-error-summary /&gt; at the top of the page: nothing while all is well, else every error of ModelState with a link to its field.</summary>
[HtmlTargetElement("gov-error-summary")]
public sealed class ErrorSummaryTag : GovTag
{
    public string? Title { get; set; }

    protected override Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        ErrorItem[] errors =
        [
            .. from entry in View.ViewData.ModelState
               from error in entry.Value!.Errors
               select new ErrorItem { Text = ErrorSummary.Message(error), Href = Link(entry.Key) },
        ];
        return Task.FromResult<Part?>(errors.Length == 0 ? null : new ErrorSummary
        {
            TitleText = Title ?? GovWords.ThereIsAProblem,
            ErrorList = [.. errors.DistinctBy(one => (one.Text, one.Href))],
            Classes = Class(output),
            Attributes = Rest(output),
        });
    }

    /// <summary>The first part of a date has the id of the whole.</summary>
    private static string? Link(string key) =>
        key.Length == 0 ? null : "#" + IdOf(key.EndsWith(".Day", StringComparison.Ordinal) ? key[..^4] : key);
}
