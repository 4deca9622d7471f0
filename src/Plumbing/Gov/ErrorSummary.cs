using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
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

/// <summary>
/// &lt;gov-error-summary /&gt; at the top of the page: nothing while all is well, else every error of ModelState with a link to its
/// field, in the order of the fields. They come after it on the page, so it is written last of all.
/// </summary>
[HtmlTargetElement("gov-error-summary")]
public sealed class ErrorSummaryTag : GovTag
{
    public string? Title { get; set; }

    public override Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var (classes, rest) = (Class(output), Rest(output));
        output.TagName = null;
        output.Attributes.Clear();
        output.Content.SetHtmlContent(new Last(() => Summary(classes, rest)));
        return Task.CompletedTask;
    }

    protected override Task<Part?> Build(TagHelperContext context, TagHelperOutput output) => Task.FromResult<Part?>(null);

    private Markup? Summary(string? classes, Attributes? rest)
    {
        var fields = FieldsOfThePage;
        var order = fields.Keys.Index().ToDictionary(field => field.Item, field => field.Index, StringComparer.OrdinalIgnoreCase);
        var errors =
            (from entry in View.ViewData.ModelState
             from error in entry.Value!.Errors
             let field = fields.ContainsKey(entry.Key) ? entry.Key : PartOf(entry.Key)
             orderby order.GetValueOrDefault(field, int.MaxValue)
             select new ErrorItem { Text = ErrorSummary.Message(error), Href = entry.Key.Length == 0 ? null : "#" + Id(fields, field, entry.Key) }).ToList();
        return errors.Count == 0 ? null : new ErrorSummary
        {
            TitleText = Title ?? GovWords.ThereIsAProblem,
            ErrorList = [.. errors.DistinctBy(one => (one.Text, one.Href))],
            Classes = classes,
            Attributes = rest,
        }.Render();
    }

    /// <summary>Born for Born.Month: the field that the part of a date belongs to.</summary>
    private string PartOf(string key) => key.LastIndexOf('.') is var dot && dot > 0 && FieldsOfThePage.ContainsKey(key[..dot]) ? key[..dot] : key;

    /// <summary>The first part of a date has the id of the whole; the others have their own.</summary>
    private static string Id(Dictionary<string, string> fields, string field, string key) =>
        !fields.TryGetValue(field, out var id) ? IdOf(key)
        : key == field || key.EndsWith(".Day", StringComparison.OrdinalIgnoreCase) ? id
        : id + "_" + key[(field.Length + 1)..];

    private sealed class Last(Func<Markup?> make) : IHtmlContent
    {
        public void WriteTo(TextWriter writer, HtmlEncoder encoder) => make()?.WriteTo(writer, encoder);
    }
}
