using Microsoft.AspNetCore.Razor.TagHelpers;
using static System.FormattableString;

namespace Heed.Plumbing.Gov;

public sealed record PaginationLink : Words
{
    public string? Href { get; init; }
    public string? LabelText { get; init; }
}

public sealed record PaginationItem
{
    public string? Number { get; init; }
    public string? Href { get; init; }
    public string? VisuallyHiddenText { get; init; }
    public bool Current { get; init; }
    public bool Ellipsis { get; init; }
    public Attributes? Attributes { get; init; }

    internal bool IsEmpty => this == new PaginationItem();
}

public sealed record Pagination : Part
{
    public IReadOnlyList<PaginationItem?>? Items { get; init; }
    public PaginationLink? Previous { get; init; }
    public PaginationLink? Next { get; init; }
    public string? LandmarkLabel { get; init; }

    private static readonly Markup ArrowBack = Markup.Trusted("""
        <svg class="govuk-pagination__icon govuk-pagination__icon--prev" xmlns="http://www.w3.org/2000/svg" height="13" width="15" aria-hidden="true" focusable="false" viewBox="0 0 15 13"><path d="m6.5938-0.0078125-6.7266 6.7266 6.7441 6.4062 1.377-1.449-4.1856-3.9768h12.896v-2h-12.984l4.2931-4.293-1.414-1.414z"></path></svg>
        """);

    private static readonly Markup ArrowOn = Markup.Trusted("""
        <svg class="govuk-pagination__icon govuk-pagination__icon--next" xmlns="http://www.w3.org/2000/svg" height="13" width="15" aria-hidden="true" focusable="false" viewBox="0 0 15 13"><path d="m8.107-0.0078125-1.4136 1.414 4.2926 4.293h-12.986v2h12.896l-4.1855 3.9766 1.377 1.4492 6.7441-6.4062-6.7246-6.7266z"></path></svg>
        """);

    public override Markup Render()
    {
        var block = Items is null && (Next ?? Previous) is not null;

        Markup? Arrow(PaginationLink? link, string type, string word) => !Markup.Any(link?.Href) ? null : Markup.Of($"""
            <div class="govuk-pagination__{type}">
              <a class="govuk-link govuk-pagination__link" href="{link!.Href}" rel="{type}"{link.Attributes}>
                {(type == "prev" ? ArrowBack : block ? ArrowOn : null)}
                <span class="{Markup.Classes("govuk-pagination__link-title", block && !Markup.Any(link.LabelText) ? "govuk-pagination__link-title--decorated" : null)}">
                  {(link.IsEmpty ? Markup.Of($"""{word}<span class="govuk-visually-hidden"> {GovWords.PageAfter}</span>""") : link.Said)}
                </span>
                {(block && Markup.Any(link.LabelText) ? Markup.Of($"""
                    <span class="govuk-visually-hidden">:</span>
                    <span class="govuk-pagination__link-label">{link.LabelText}</span>
                    """) : null)}
                {(type == "next" && !block ? ArrowOn : null)}
              </a>
            </div>
            """);

        return Markup.Of($"""
            <nav class="{Markup.Classes("govuk-pagination", block ? "govuk-pagination--block" : null, Classes)}" aria-label="{(Markup.Any(LandmarkLabel) ? LandmarkLabel : GovWords.Pagination)}"{Attributes}>
              {Arrow(Previous, "prev", GovWords.Previous)}
              {(Items is null ? null : Markup.Of($"""
                  <ul class="govuk-pagination__list">
                    {Markup.Join(Items, item => item is null or { IsEmpty: true } ? null : Markup.Of($"""
                        <li class="{Markup.Classes("govuk-pagination__item", item.Current ? "govuk-pagination__item--current" : null, item.Ellipsis ? "govuk-pagination__item--ellipsis" : null)}">
                          {(item.Ellipsis ? Markup.Of($"&ctdot;") : Markup.Of($"""
                              <a class="govuk-link govuk-pagination__link" href="{item.Href}" aria-label="{item.VisuallyHiddenText ?? GovWords.Page + " " + item.Number}"{(item.Current ? Markup.Of($" aria-current=\"page\"") : null)}{item.Attributes}>{item.Number}</a>
                              """))}
                        </li>
                        """))}
                  </ul>
                  """))}
              {Arrow(Next, "next", GovWords.Next)}
            </nav>
            """);
    }
}

/// <summary>
/// &lt;gov-pagination page="3" pages="12" href="/worklist?page={0}" /&gt;: nothing where there is one page. Or
/// previous="/x" next="/y" where pages are not counted (keyset paging).
/// </summary>
[HtmlTargetElement("gov-pagination")]
public sealed class PaginationTag : GovTag
{
    public int Page { get; set; }
    public int Pages { get; set; }

    /// <summary>{0} stands for the page's number.</summary>
    public string? Href { get; set; }

    public string? Previous { get; set; }
    public string? Next { get; set; }
    public string? PreviousLabel { get; set; }
    public string? NextLabel { get; set; }

    protected override Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        if (Href is null)
        {
            return Task.FromResult<Part?>(Previous is null && Next is null ? null : new Pagination
            {
                Previous = Previous is null ? null : new() { Href = Previous, LabelText = PreviousLabel },
                Next = Next is null ? null : new() { Href = Next, LabelText = NextLabel },
                Classes = Class(output),
                Attributes = Rest(output),
            });
        }
        if (Pages < 2)
        {
            return Task.FromResult<Part?>(null);
        }
        string To(int page) => Href.Replace("{0}", Invariant($"{page}"), StringComparison.Ordinal);
        List<PaginationItem> items = [];
        var last = 0;
        foreach (var page in new[] { 1, Page - 1, Page, Page + 1, Pages }.Where(n => n >= 1 && n <= Pages).Distinct().Order())
        {
            if (page > last + 1)
            {
                items.Add(page == last + 2 ? new() { Number = Invariant($"{page - 1}"), Href = To(page - 1) } : new() { Ellipsis = true });
            }
            items.Add(new() { Number = Invariant($"{page}"), Href = To(page), Current = page == Page });
            last = page;
        }
        return Task.FromResult<Part?>(new Pagination
        {
            Items = items,
            Previous = Page > 1 ? new() { Href = To(Page - 1) } : null,
            Next = Page < Pages ? new() { Href = To(Page + 1) } : null,
            Classes = Class(output),
            Attributes = Rest(output),
        });
    }
}
