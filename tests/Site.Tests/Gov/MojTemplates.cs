using System.Diagnostics;
using System.Text.Json;
using Heed.Plumbing.Gov;

namespace Heed.Site.Tests.Gov;

/// <summary>MOJ ships no fixtures; so its own Nunjucks templates are rendered here, beside ours.</summary>
public sealed class MojTemplates
{
    private sealed record Example(string Component, object Options, Part Ours, string? Body = null);

    private static readonly Attributes Data = new() { ["data-x"] = "1" };
    private static readonly object JsonData = new Dictionary<string, string> { ["data-x"] = "1" };

    private static readonly Example[] Examples =
    [
        new("identity-bar", new { title = new { text = "Ada <Example>" }, classes = "c", attributes = JsonData }, new IdentityBar { Title = "Ada <Example>", Classes = "c", Attributes = Data }),
        new("identity-bar", new { title = new { html = "<b>Ada</b>" } }, new IdentityBar { Title = new() { Html = Markup.Trusted("<b>Ada</b>") } }),
        new(
            "timeline",
            new { headingLevel = 3, classes = "c", items = new object[] { new { label = new { text = "Sent" }, byline = new { text = "North" }, datetime = new { timestamp = "2026-03-14T09:05:00Z", format = "14 March 2026 at 09:05" }, html = "<p>To one team</p>" }, new { label = new { html = "<i>Opened</i>" }, datetime = new { timestamp = "2026-03-14T10:05:00Z", format = "later" }, text = "a & b" } } },
            new Timeline
            {
                HeadingLevel = 3,
                Classes = "c",
                Items =
                [
                    new() { Label = "Sent", Byline = "North", Timestamp = "2026-03-14T09:05:00Z", Spoken = "14 March 2026 at 09:05", Html = Markup.Trusted("<p>To one team</p>") },
                    new() { Label = new() { Html = Markup.Trusted("<i>Opened</i>") }, Timestamp = "2026-03-14T10:05:00Z", Spoken = "later", Text = "a & b" },
                ],
            }),
        new("badge", new { text = "Risk & so on", classes = "moj-badge--red" }, new Badge { Text = "Risk & so on", Classes = "moj-badge--red" }),
        new("notification-badge", new { text = "3", visuallyHiddenText = "waiting", classes = "c" }, new NotificationBadge { Text = "3", VisuallyHiddenText = "waiting", Classes = "c" }),
        new("notification-badge", new { text = "120" }, new NotificationBadge { Text = "120" }),
        new("notification-badge", new { text = "0" }, new NotificationBadge { Text = "0" }),
        new("filter", new { heading = new { text = "Filter" }, submit = new { text = "Show" }, optionsHtml = "<p>options</p>" }, new Filter { Heading = "Filter", Submit = "Show", OptionsHtml = Markup.Trusted("<p>options</p>") }),
        new(
            "filter",
            new { heading = new { text = "Filter" }, selectedFilters = new { heading = new { text = "Selected" }, clearLink = new { text = "Clear", href = "/all" }, categories = new[] { new { heading = new { text = "Kind" }, items = new[] { new { text = "Late", href = "/x" } } } } } },
            new Filter { Heading = "Filter", SelectedHeading = "Selected", ClearText = "Clear", ClearHref = "/all", Selected = [new("Kind", [new("Late", "/x")])] }),
        new("sub-navigation", new { label = "This child", items = new object[] { new { text = "History", href = "/h", active = true }, new { text = "Notices", href = "/n" } } }, new SubNavigation { Label = "This child", Items = [new() { Text = "History", Href = "/h", Active = true }, new() { Text = "Notices", Href = "/n" }] }),
        .. new[] { "information", "success", "warning", "error" }.Select(variant => new Example("alert", new { variant, title = "Missing", text = "since Friday", showTitleAsHeading = true, headingTag = "h3" }, new Alert { Variant = variant, Title = "Missing", Text = "since Friday", ShowTitleAsHeading = true, HeadingTag = "h3" })),
        new("alert", new { title = "Only a <title>" }, new Alert { Title = "Only a <title>" }),
        new(
            "interruption-card",
            new { heading = "Restricted", primaryAction = new { text = "Open", href = "/open" }, secondaryAction = new { text = "Go back", href = "/" } },
            new InterruptionCard
            {
                Heading = "Restricted",
                Html = Markup.Trusted("<p>Why?</p>"),
                Actions = Markup.Of($"""
                    {new Button { Text = "Open", Href = "/open", Classes = "govuk-button--inverse" }.Render()}
                    <a class="govuk-link govuk-link--inverse" href="/">Go back</a>
                    """),
            },
            "<p>Why?</p>"),
    ];

    [Fact]
    public async Task Our_markup_is_that_of_mojs_own_templates()
    {
        var theirs = await Render(TestContext.Current.CancellationToken);
        Assert.Equal(Examples.Length, theirs.Length);
        Assert.All(Examples.Zip(theirs), pair => Assert.Equal(Html.Normal(pair.Second), Html.Normal(pair.First.Ours.Render().ToString())));
    }

    private static async Task<string[]> Render(CancellationToken stop)
    {
        _ = House.Modules;
        var start = new ProcessStartInfo("node") { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        start.ArgumentList.Add(Path.Combine(House.Root, "tests", "Site.Tests", "Gov", "moj.cjs"));
        start.ArgumentList.Add(House.Root);
        using var node = Process.Start(start)!;
        await JsonSerializer.SerializeAsync(node.StandardInput.BaseStream, Examples.Select(e => e.Body is null ? new { component = e.Component, options = e.Options } : (object)new { component = e.Component, options = e.Options, body = e.Body }), cancellationToken: stop);
        node.StandardInput.Close();
        var html = await JsonSerializer.DeserializeAsync<string[]>(node.StandardOutput.BaseStream, cancellationToken: stop);
        await node.WaitForExitAsync(stop);
        return html!;
    }
}
