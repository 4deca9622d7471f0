using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Heed.Plumbing.Gov;

public sealed record TaskStatus : Words
{
    public Tag? Tag { get; init; }
}

public sealed record TaskItem
{
    public Words? Title { get; init; }
    public Hint? Hint { get; init; }
    public TaskStatus? Status { get; init; }
    public string? Href { get; init; }
    public string? Classes { get; init; }
}

public sealed record TaskList : Part
{
    public IReadOnlyList<TaskItem?>? Items { get; init; }
    public string? IdPrefix { get; init; }

    public override Markup Render() => Markup.Of($"""
        <ul class="{Markup.Classes("govuk-task-list", Classes)}"{Attributes}>
          {Markup.Join(Items, (item, i) => item is null ? null : Item(item, $"{(Markup.Any(IdPrefix) ? IdPrefix : "task-list")}-{i}"))}
        </ul>
        """);

    private static Markup Item(TaskItem item, string id) => Markup.Of($"""
        <li class="{Markup.Classes("govuk-task-list__item", Markup.Any(item.Href) ? "govuk-task-list__item--with-link" : null, item.Classes)}">
          <div class="govuk-task-list__name-and-hint">
            {(Markup.Any(item.Href)
                ? Markup.Of($"""<a class="{Markup.Classes("govuk-link govuk-task-list__link", item.Title?.Classes)}" href="{item.Href}" aria-describedby="{(item.Hint is null ? null : id + "-hint ")}{id}-status">{item.Title?.Said}</a>""")
                : Markup.Of($"""<div{Markup.Attr("class", item.Title?.Classes)}>{item.Title?.Said}</div>"""))}
            {(item.Hint is null ? null : Markup.Of($"""<div id="{id}-hint" class="govuk-task-list__hint">{Markup.Either(item.Hint.Html, item.Hint.Text)}</div>"""))}
          </div>
          <div class="{Markup.Classes("govuk-task-list__status", item.Status?.Classes)}" id="{id}-status">
            {item.Status?.Tag?.Render() ?? item.Status?.Said}
          </div>
        </li>
        """);
}

/// <summary>&lt;gov-task-list&gt;&lt;gov-task title="Who was there" href="…" status="Not yet" colour="blue" /&gt;&lt;/gov-task-list&gt;</summary>
[HtmlTargetElement("gov-task-list")]
public sealed class TaskListTag : GovTag
{
    public string? IdPrefix { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        var items = Offer(context, new List<TaskItem>());
        await Inside(output);
        return new TaskList { Items = items, IdPrefix = IdPrefix, Classes = Class(output), Attributes = Rest(output) };
    }
}

[HtmlTargetElement("gov-task", ParentTag = "gov-task-list")]
public sealed class TaskTag : GovTag
{
    public string? Title { get; set; }
    public string? Hint { get; set; }
    public string? Href { get; set; }
    public string? Status { get; set; }

    /// <summary>With a colour the status is a tag; without, plain words (what is done is plain).</summary>
    public string? Colour { get; set; }

    public bool CannotStart { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        var task = new TaskItem
        {
            Title = new() { Text = Title, Html = await Inside(output) },
            Hint = Hint is null ? null : new() { Text = Hint },
            Href = Href,
            Status = Colour is null
                ? new() { Text = Status, Classes = CannotStart ? "govuk-task-list__status--cannot-start-yet" : null }
                : new() { Tag = new() { Text = Status, Classes = "govuk-tag--" + Colour } },
            Classes = Class(output),
        };
        Into<List<TaskItem>>(context, tasks => tasks.Add(task));
        return null;
    }
}
