using Microsoft.AspNetCore.Razor.TagHelpers;
using static System.FormattableString;

namespace Heed.Plumbing.Gov;

public sealed record Cell : Words
{
    public string? Format { get; init; }
    public int? Colspan { get; init; }
    public int? Rowspan { get; init; }

    internal Markup Spans => Markup.Of($"{Markup.Attr("colspan", Colspan is > 0 ? Invariant($"{Colspan}") : null)}{Markup.Attr("rowspan", Rowspan is > 0 ? Invariant($"{Rowspan}") : null)}");
}

/// <summary>A row is the list of its cells; ours may carry attributes of its own.</summary>
public sealed class Row : List<Cell>
{
    public Attributes? Attributes { get; set; }
    public string? Classes { get; set; }
}

public sealed record Table : Part
{
    public string? Caption { get; init; }
    public string? CaptionClasses { get; init; }
    public IReadOnlyList<Cell>? Head { get; init; }
    public IReadOnlyList<Row?>? Rows { get; init; }
    public bool FirstCellIsHeader { get; init; }

    /// <summary>Ours: on a narrow screen each row becomes a card, each cell is named by its column, and roles keep it a table to those who hear it.</summary>
    public bool Stacks { get; init; }

    public override Markup Render() => Markup.Of($"""
        <table class="{Markup.Classes("govuk-table", Stacks ? "heed-stack" : null, Classes)}"{Role("table")}{Attributes}>
          {(Markup.Any(Caption) ? Markup.Of($"""<caption class="{Markup.Classes("govuk-table__caption", CaptionClasses)}">{Caption}</caption>""") : null)}
          {(Head is null ? null : Markup.Of($"""
              <thead class="govuk-table__head"{Role("rowgroup")}>
                <tr class="govuk-table__row"{Role("row")}>
                  {Markup.Join(Head, cell => Markup.Of($"""
                      <th scope="col" class="{Markup.Classes("govuk-table__header", Markup.Any(cell.Format) ? "govuk-table__header--" + cell.Format : null, cell.Classes)}"{Role("columnheader")}{cell.Spans}{cell.Attributes}>{Said(cell)}</th>
                      """))}
                </tr>
              </thead>
              """))}
          <tbody class="govuk-table__body"{Role("rowgroup")}>
            {Markup.Join(Rows, row => row is null ? null : Markup.Of($"""
                <tr class="{Markup.Classes("govuk-table__row", row.Classes)}"{Role("row")}{row.Attributes}>
                  {Markup.Join(row, Body)}
                </tr>
                """))}
          </tbody>
        </table>
        """);

    private Markup Body(Cell cell, int place) => place == 1 && FirstCellIsHeader
        ? Markup.Of($"""<th scope="row" class="{Markup.Classes("govuk-table__header", cell.Classes)}"{Role("rowheader")}{cell.Spans}{cell.Attributes}>{Said(cell)}</th>""")
        : Markup.Of($"""<td class="{Markup.Classes("govuk-table__cell", Markup.Any(cell.Format) ? "govuk-table__cell--" + cell.Format : null, cell.Classes)}"{Role("cell")}{Column(place)}{cell.Spans}{cell.Attributes}>{Said(cell)}</td>""");

    private static Markup Said(Cell cell) => Markup.Any(cell.Html) ? cell.Html! : Markup.Of($"{cell.Text}");

    private Markup? Role(string role) => Stacks ? Markup.Attr("role", role) : null;

    private Markup? Column(int place) => Stacks && Head?.ElementAtOrDefault(place - 1) is { Text: { } text } ? Markup.Attr("data-column", text) : null;
}

internal sealed class TableParts
{
    public List<Cell> Head { get; } = [];
    public List<Row> Rows { get; } = [];
    public bool RowHeaders { get; set; }
}

/// <summary>
/// &lt;gov-table caption="Waiting for you" stacks="true"&gt;
///   &lt;gov-head&gt;Child&lt;/gov-head&gt;&lt;gov-head format="numeric"&gt;Age&lt;/gov-head&gt;
///   &lt;gov-tr&gt;&lt;gov-th&gt;Ada&lt;/gov-th&gt;&lt;gov-td format="numeric"&gt;7&lt;/gov-td&gt;&lt;/gov-tr&gt;
/// &lt;/gov-table&gt;. A plain table with class="govuk-table" is as good where nothing has to stack.
/// </summary>
[HtmlTargetElement("gov-table")]
public sealed class TableTag : GovTag
{
    public string? Caption { get; set; }

    /// <summary>s, m, l, xl, or hidden.</summary>
    public string? CaptionSize { get; set; }

    public bool Stacks { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        var parts = Offer(context, new TableParts());
        await Inside(output);
        return new Table
        {
            Caption = Caption,
            CaptionClasses = CaptionSize switch { null => null, "hidden" => "govuk-visually-hidden", var size => "govuk-table__caption--" + size },
            Head = parts.Head.Count == 0 ? null : parts.Head,
            Rows = parts.Rows,
            FirstCellIsHeader = parts.RowHeaders,
            Stacks = Stacks,
            Classes = Class(output),
            Attributes = Rest(output),
        };
    }
}

[HtmlTargetElement("gov-head", ParentTag = "gov-table")]
public sealed class HeadTag : GovTag
{
    public string? Format { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        var html = await Inside(output);
        // The text names the cells of this column where the table stacks; one that is hidden beside a button that says the same names nothing.
        var text = html is null || html.ToString().Contains("govuk-visually-hidden", StringComparison.Ordinal) ? null : System.Net.WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Replace(html.ToString(), "<[^>]*>", "")).Trim();
        Into<TableParts>(context, parts => parts.Head.Add(new() { Html = html, Text = text, Format = Format, Classes = Class(output), Attributes = Rest(output) }));
        return null;
    }
}

[HtmlTargetElement("gov-tr", ParentTag = "gov-table")]
public sealed class TrTag : GovTag
{
    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        var row = Offer(context, new Row());
        await Inside(output);
        row.Classes = Class(output);
        row.Attributes = Rest(output);
        Into<TableParts>(context, parts => parts.Rows.Add(row));
        return null;
    }
}

[HtmlTargetElement("gov-td", ParentTag = "gov-tr")]
[HtmlTargetElement("gov-th", ParentTag = "gov-tr")]
public sealed class CellTag : GovTag
{
    public string? Format { get; set; }
    public int? Colspan { get; set; }
    public int? Rowspan { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        var cell = new Cell { Html = await Inside(output), Format = Format, Colspan = Colspan, Rowspan = Rowspan, Classes = Class(output), Attributes = Rest(output) };
        if (context.TagName == "gov-th")
        {
            Into<TableParts>(context, parts => parts.RowHeaders = true);
        }
        Into<Row>(context, row => row.Add(cell));
        return null;
    }
}
