using System.Globalization;
using Microsoft.AspNetCore.Razor.TagHelpers;
using NodaTime;
using NodaTime.Text;

namespace Heed.Plumbing.Gov;

// The parts of the Ministry of Justice's design system that we use. Its Nunjucks templates judge them, in the tests.

public sealed record IdentityBar : Part
{
    public Words? Title { get; init; }

    public override Markup Render() => Markup.Of($"""
        <div class="{Markup.Classes("moj-identity-bar", Classes)}"{Attributes}>
          <div class="moj-identity-bar__container">
            <div class="moj-identity-bar__details">
              {(Title is null ? null : Markup.Of($"""<span class="moj-identity-bar__title">{Title.Said}</span>"""))}
            </div>
          </div>
        </div>
        """);
}

/// <summary>&lt;moj-identity-bar&gt;Ada Example, born 14 March 2019&lt;/moj-identity-bar&gt;: whose record this is, always in sight.</summary>
[HtmlTargetElement("moj-identity-bar")]
public sealed class IdentityBarTag : GovTag
{
    public bool Sticky { get; set; } = true;

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output) =>
        new IdentityBar { Title = new() { Html = await Inside(output) }, Classes = Markup.Classes(Sticky ? "moj-identity-bar--sticky" : null, Class(output)), Attributes = Rest(output) };
}

public sealed record TimelineItem : Words
{
    public Words? Label { get; init; }
    public Words? Byline { get; init; }

    /// <summary>The machine's time, and how it is said.</summary>
    public string? Timestamp { get; init; }
    public string? Spoken { get; init; }
}

public sealed record Timeline : Part
{
    public IReadOnlyList<TimelineItem>? Items { get; init; }
    public int HeadingLevel { get; init; } = 2;

    public override Markup Render()
    {
        var heading = Markup.Of($"h{HeadingLevel}");
        return Markup.Of($"""
            <div class="{Markup.Classes("moj-timeline", Classes)}"{Attributes}>
              {Markup.Join(Items, item => Markup.Of($"""
                  <div class="{Markup.Classes("moj-timeline__item", item.Classes)}"{item.Attributes}>
                    <div class="moj-timeline__header">
                      <{heading} class="moj-timeline__title">{item.Label?.Said}</{heading}>
                      {(item.Byline is null ? null : Markup.Of($"""<p class="moj-timeline__byline">{GovWords.By} {item.Byline.Said}</p>"""))}
                    </div>
                    <p class="moj-timeline__date">
                      <time datetime="{item.Timestamp}">{item.Spoken}</time>
                    </p>
                    <div class="moj-timeline__description">{item.Said}</div>
                  </div>
                  """))}
            </div>
            """);
    }
}

/// <summary>&lt;moj-timeline&gt;&lt;moj-event title="Sent" at="…" by="North Force"&gt;…&lt;/moj-event&gt;&lt;/moj-timeline&gt;</summary>
[HtmlTargetElement("moj-timeline")]
public sealed class TimelineTag : GovTag
{
    public int HeadingLevel { get; set; } = 2;

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        var items = Offer(context, new List<TimelineItem>());
        await Inside(output);
        return new Timeline { Items = items, HeadingLevel = HeadingLevel, Classes = Class(output), Attributes = Rest(output) };
    }
}

[HtmlTargetElement("moj-event", ParentTag = "moj-timeline")]
public sealed class TimelineEventTag : GovTag
{
    public string? Title { get; set; }
    public string? By { get; set; }
    public Instant At { get; set; }
    public Instant? Now { get; set; }

    /// <summary>Where the time is not known to the minute ("over the weekend"): how it is said.</summary>
    public string? When { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        var item = new TimelineItem
        {
            Label = Title,
            Byline = By,
            Timestamp = InstantPattern.General.Format(At),
            Spoken = string.IsNullOrEmpty(When) ? TimeTag.InWords(At, Now) : When,
            Html = await Inside(output),
            Classes = Class(output),
            Attributes = Rest(output),
        };
        Into<List<TimelineItem>>(context, items => items.Add(item));
        return null;
    }
}

public sealed record Badge : Part
{
    public string? Text { get; init; }
    public Markup? Html { get; init; }

    public override Markup Render() => Markup.Of($"""<span class="{Markup.Classes("moj-badge", Classes)}"{Attributes}>{Markup.Either(Html, Text)}</span>""");
}

/// <summary>&lt;moj-badge colour="red"&gt;Risk to staff&lt;/moj-badge&gt;: of a risk only. Colours: purple, blue, red, green, grey, yellow, orange…</summary>
[HtmlTargetElement("moj-badge")]
public sealed class BadgeTag : GovTag
{
    public string? Colour { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output) =>
        new Badge { Html = await Inside(output), Classes = Markup.Classes(Colour is null ? null : "moj-badge--" + Colour, Class(output)), Attributes = Rest(output) };
}

public sealed record NotificationBadge : Part
{
    public string? Text { get; init; }
    public string? VisuallyHiddenText { get; init; }

    public override Markup Render()
    {
        if (!int.TryParse(Text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var count) || count <= 0)
        {
            return Markup.Of($"");
        }
        var hidden = Markup.Classes(count >= 99 ? GovWords.NinetyNineOrMore : count.ToString(CultureInfo.InvariantCulture), VisuallyHiddenText);
        return Markup.Of($"""<span class="{Markup.Classes("moj-notification-badge", Classes)}"{Attributes}><span aria-hidden="true">{(count >= 99 ? "99+" : count.ToString(CultureInfo.InvariantCulture))}</span> <span class="govuk-visually-hidden">({hidden})</span></span>""");
    }
}

/// <summary>&lt;moj-notification-badge count="3" what="waiting" /&gt;: nothing for none.</summary>
[HtmlTargetElement("moj-notification-badge")]
public sealed class NotificationBadgeTag : GovTag
{
    public int Count { get; set; }
    public string? What { get; set; }

    protected override Task<Part?> Build(TagHelperContext context, TagHelperOutput output) => Task.FromResult<Part?>(
        new NotificationBadge { Text = Count.ToString(CultureInfo.InvariantCulture), VisuallyHiddenText = What, Classes = Class(output), Attributes = Rest(output) });
}

public sealed record FilterTag(string Text, string Href);

public sealed record FilterCategory(string Heading, IReadOnlyList<FilterTag> Items);

public sealed record Filter : Part
{
    public string? Heading { get; init; }
    public string? SelectedHeading { get; init; }
    public string? ClearText { get; init; }
    public string? ClearHref { get; init; }
    public IReadOnlyList<FilterCategory>? Selected { get; init; }
    public string? Submit { get; init; }
    public Markup? OptionsHtml { get; init; }

    public override Markup Render() => Markup.Of($"""
        <div class="moj-filter" data-module="moj-filter"{Attributes}>
          <div class="moj-filter__header">
            <div class="moj-filter__header-title">
              <h2 class="govuk-heading-m">{Heading}</h2>
            </div>
            <div class="moj-filter__header-action"></div>
          </div>
          <div class="moj-filter__content">
            {(Selected is not { Count: > 0 } ? null : Markup.Of($"""
                <div class="moj-filter__selected">
                  <div class="moj-filter__selected-heading">
                    <div class="moj-filter__heading-title">
                      <h2 class="govuk-heading-m">{SelectedHeading}</h2>
                    </div>
                    <div class="moj-filter__heading-action">
                      <p><a class="govuk-link govuk-link--no-visited-state" href="{ClearHref}">{ClearText}</a></p>
                    </div>
                  </div>
                  {Markup.Join(Selected, category => Markup.Of($"""
                      <h3 class="govuk-heading-s govuk-!-margin-bottom-0">{category.Heading}</h3>
                      <ul class="moj-filter-tags">
                        {Markup.Join(category.Items, item => Markup.Of($"""
                            <li><a class="moj-filter__tag" href="{item.Href}"><span class="govuk-visually-hidden">{GovWords.RemoveThisFilter}</span> {item.Text}</a></li>
                            """))}
                      </ul>
                      """))}
                </div>
                """))}
            <div class="moj-filter__options">
              {new Button { Text = Submit ?? GovWords.ApplyFilters }.Render()}
              {OptionsHtml}
            </div>
          </div>
        </div>
        """);
}

/// <summary>&lt;form method="get"&gt;&lt;moj-filter&gt; … fields … &lt;/moj-filter&gt;&lt;/form&gt;: a panel that works without JavaScript.</summary>
[HtmlTargetElement("moj-filter")]
public sealed class FilterPanelTag : GovTag
{
    public string? Heading { get; set; }
    public string? SelectedHeading { get; set; }
    public string? ClearText { get; set; }
    public string? ClearHref { get; set; }
    public string? Submit { get; set; }
    public IReadOnlyList<FilterCategory> Selected { get; set; } = [];

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output) => new Filter
    {
        Heading = Heading ?? GovWords.Filter,
        SelectedHeading = SelectedHeading ?? GovWords.SelectedFilters,
        ClearText = ClearText ?? GovWords.ClearFilters,
        ClearHref = ClearHref,
        Submit = Submit,
        Selected = Selected,
        OptionsHtml = await Inside(output),
        Attributes = Rest(output),
    };
}

public sealed record SubNavigation : Part
{
    public string? Label { get; init; }
    public IReadOnlyList<NavigationItem>? Items { get; init; }

    public override Markup Render() => Markup.Of($"""
        <nav class="{Markup.Classes("moj-sub-navigation", Classes)}" aria-label="{(Markup.Any(Label) ? Label : GovWords.SecondaryNavigation)}"{Attributes}>
          <ul class="moj-sub-navigation__list">
            {Markup.Join(Items, item => Markup.Of($"""
                <li class="{Markup.Classes("moj-sub-navigation__item", item.Classes)}">
                  <a class="moj-sub-navigation__link"{(item.Active || item.Current ? Markup.Of($" aria-current=\"page\"") : null)} href="{item.Href}"{item.Attributes}>{item.Said}</a>
                </li>
                """))}
          </ul>
        </nav>
        """);
}

/// <summary>&lt;moj-sub-navigation label="This child"&gt;&lt;moj-sub href="…" current="true"&gt;History&lt;/moj-sub&gt;&lt;/moj-sub-navigation&gt;</summary>
[HtmlTargetElement("moj-sub-navigation")]
public sealed class SubNavigationTag : GovTag
{
    public string? Label { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        var items = Offer(context, new List<NavigationItem>());
        await Inside(output);
        return new SubNavigation { Label = Label, Items = items, Classes = Class(output), Attributes = Rest(output) };
    }
}

[HtmlTargetElement("moj-sub", ParentTag = "moj-sub-navigation")]
public sealed class SubNavigationItemTag : GovTag
{
    public string? Href { get; set; }
    public bool Current { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        var item = new NavigationItem { Href = Href, Current = Current, Html = await Inside(output), Classes = Class(output), Attributes = Rest(output) };
        Into<List<NavigationItem>>(context, items => items.Add(item));
        return null;
    }
}

public sealed record Alert : Part
{
    public string? Variant { get; init; }
    public string? Title { get; init; }
    public bool ShowTitleAsHeading { get; init; }
    public string? HeadingTag { get; init; }
    public string? Text { get; init; }
    public Markup? Html { get; init; }
    public string? Role { get; init; }

    public override Markup Render()
    {
        var variant = Variant is "success" or "warning" or "error" ? Variant : "information";
        var heading = Markup.Of($"{(HeadingTag is "h3" or "h4" ? HeadingTag : "h2")}");
        var content = Markup.Any(Html) || Markup.Any(Text) ? Markup.Either(Html, Text) : null;
        var titled = ShowTitleAsHeading && content is not null;
        return Markup.Of($"""
            <div role="{(Markup.Any(Role) ? Role : "region")}" class="{Markup.Classes("moj-alert", "moj-alert--" + variant, titled ? "moj-alert--with-heading" : null, Classes)}" aria-label="{variant}: {Title}" data-module="moj-alert"{Attributes}>
              <div>
                <svg class="moj-alert__icon" role="presentation" focusable="false" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 30" height="30" width="30">{Icon(variant)}</svg>
              </div>
              <div class="moj-alert__content">
                {(titled ? Markup.Of($"""<{heading} class="moj-alert__heading">{Title}</{heading}>""") : null)}
                {(content is null ? Markup.Of($"{Title}") : content)}
              </div>
              <div class="moj-alert__action">
                <button class="moj-alert__dismiss" hidden>{GovWords.Dismiss}</button>
              </div>
            </div>
            """);
    }

    private static Markup Icon(string variant) => Markup.Trusted(variant switch
    {
        "success" => """<path d="M11.2869 24.6726L2.00415 15.3899L4.62189 12.7722L11.2869 19.4186L25.3781 5.32739L27.9958 7.96369L11.2869 24.6726Z" fill="currentColor"/>""",
        "warning" => """<path fill-rule="evenodd" clip-rule="evenodd" d="M15 2.44922L28.75 26.1992H1.25L15 2.44922ZM13.5107 9.49579H16.4697L16.2431 17.7678H13.7461L13.5107 9.49579ZM13.1299 21.82C13.1299 21.5661 13.1787 21.3285 13.2764 21.1071C13.374 20.8793 13.5075 20.6807 13.6768 20.5114C13.8525 20.3421 14.0544 20.2087 14.2822 20.111C14.5101 20.0134 14.7542 19.9645 15.0146 19.9645C15.2686 19.9645 15.5062 20.0134 15.7275 20.111C15.9554 20.2087 16.154 20.3421 16.3232 20.5114C16.4925 20.6807 16.626 20.8793 16.7236 21.1071C16.8213 21.3285 16.8701 21.5661 16.8701 21.82C16.8701 22.0804 16.8213 22.3246 16.7236 22.5524C16.626 22.7803 16.4925 22.9789 16.3232 23.1481C16.154 23.3174 15.9554 23.4509 15.7275 23.5485C15.5062 23.6462 15.2686 23.695 15.0146 23.695C14.7542 23.695 14.5101 23.6462 14.2822 23.5485C14.0544 23.4509 13.8525 23.3174 13.6768 23.1481C13.5075 22.9789 13.374 22.7803 13.2764 22.5524C13.1787 22.3246 13.1299 22.0804 13.1299 21.82Z" fill="currentColor"/>""",
        "error" => """<path fill-rule="evenodd" clip-rule="evenodd" d="M20.1777 2.5H9.82233L2.5 9.82233V20.1777L9.82233 27.5H20.1777L27.5 20.1777V9.82233L20.1777 2.5ZM10.9155 8.87769L15.0001 12.9623L19.0847 8.87771L21.1224 10.9154L17.0378 15L21.1224 19.0846L19.0847 21.1222L15.0001 17.0376L10.9155 21.1223L8.87782 19.0846L12.9624 15L8.87783 10.9153L10.9155 8.87769Z" fill="currentColor"/>""",
        _ => """<path fill-rule="evenodd" clip-rule="evenodd" d="M10.2165 3.45151C11.733 2.82332 13.3585 2.5 15 2.5C16.6415 2.5 18.267 2.82332 19.7835 3.45151C21.3001 4.07969 22.6781 5.00043 23.8388 6.16117C24.9996 7.3219 25.9203 8.69989 26.5485 10.2165C27.1767 11.733 27.5 13.3585 27.5 15C27.5 18.3152 26.183 21.4946 23.8388 23.8388C21.4946 26.183 18.3152 27.5 15 27.5C13.3585 27.5 11.733 27.1767 10.2165 26.5485C8.69989 25.9203 7.3219 24.9996 6.16117 23.8388C3.81696 21.4946 2.5 18.3152 2.5 15C2.5 11.6848 3.81696 8.50537 6.16117 6.16117C7.3219 5.00043 8.69989 4.07969 10.2165 3.45151ZM16.3574 22.4121H13.6621V12.95H16.3574V22.4121ZM13.3789 9.20898C13.3789 8.98763 13.4212 8.7793 13.5059 8.58398C13.5905 8.38216 13.7044 8.20964 13.8477 8.06641C13.9974 7.91667 14.1699 7.79948 14.3652 7.71484C14.5605 7.63021 14.7721 7.58789 15 7.58789C15.2214 7.58789 15.4297 7.63021 15.625 7.71484C15.8268 7.79948 15.9993 7.91667 16.1426 8.06641C16.2923 8.20964 16.4095 8.38216 16.4941 8.58398C16.5788 8.7793 16.6211 8.98763 16.6211 9.20898C16.6211 9.43685 16.5788 9.64844 16.4941 9.84375C16.4095 10.0391 16.2923 10.2116 16.1426 10.3613C15.9993 10.5046 15.8268 10.6185 15.625 10.7031C15.4297 10.7878 15.2214 10.8301 15 10.8301C14.7721 10.8301 14.5605 10.7878 14.3652 10.7031C14.1699 10.6185 13.9974 10.5046 13.8477 10.3613C13.7044 10.2116 13.5905 10.0391 13.5059 9.84375C13.4212 9.64844 13.3789 9.43685 13.3789 9.20898Z" fill="currentColor"/>""",
    });
}

/// <summary>&lt;moj-alert variant="warning" title="Open missing episode" heading="true"&gt; … &lt;/moj-alert&gt;</summary>
[HtmlTargetElement("moj-alert")]
public sealed class AlertTag : GovTag
{
    /// <summary>information, success, warning or error.</summary>
    public string? Variant { get; set; }

    public string? Title { get; set; }
    public bool Heading { get; set; }
    public string? HeadingTag { get; set; }
    public string? Role { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output) => new Alert
    {
        Variant = Variant,
        Title = Title,
        ShowTitleAsHeading = Heading,
        HeadingTag = HeadingTag,
        Role = Role,
        Html = await Inside(output),
        Classes = Class(output),
        Attributes = Rest(output),
    };
}

public sealed record InterruptionCard : Part
{
    public string? Heading { get; init; }
    public Markup? Html { get; init; }

    /// <summary>Buttons and links, in a group.</summary>
    public Markup? Actions { get; init; }

    public override Markup Render() => Markup.Of($"""
        <div class="{Markup.Classes("moj-interruption-card", Classes)}"{Attributes}>
          <div class="moj-interruption-card__content">
            <h1 class="moj-interruption-card__heading">{Heading}</h1>
            <div class="moj-interruption-card__body">{Html}</div>
            <div class="govuk-button-group moj-interruption-card__actions">{Actions}</div>
          </div>
        </div>
        """);
}

/// <summary>Stands before a restricted record: the heading, why, and in moj-actions the button (kind="inverse") and the way back.</summary>
[HtmlTargetElement("moj-interruption-card")]
public sealed class InterruptionCardTag : GovTag
{
    public string? Heading { get; set; }

    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        var actions = Offer(context, new ActionParts());
        var body = await Inside(output);
        return new InterruptionCard { Heading = Heading, Html = body, Actions = actions.Html, Classes = Class(output), Attributes = Rest(output) };
    }
}

public sealed class ActionParts
{
    public Markup? Html { get; set; }
}

[HtmlTargetElement("moj-actions", ParentTag = "moj-interruption-card")]
public sealed class ActionsTag : GovTag
{
    protected override async Task<Part?> Build(TagHelperContext context, TagHelperOutput output)
    {
        var html = await Inside(output);
        Into<ActionParts>(context, actions => actions.Html = html);
        return null;
    }
}
