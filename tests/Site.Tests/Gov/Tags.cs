using Heed.Plumbing.Gov;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Heed.Site.Tests.Gov;

/// <summary>What the tags make of asp-for, of ModelState and of one another; their markup is the fixtures' business.</summary>
public sealed class Tags
{
    private static readonly EmptyModelMetadataProvider Metadata = new();
    private readonly ViewContext _view = new()
    {
        HttpContext = new DefaultHttpContext(),
        ViewData = new ViewDataDictionary(Metadata, new ModelStateDictionary()),
    };

    private ModelStateDictionary State => _view.ViewData.ModelState;

    [Fact]
    public async Task A_field_takes_id_name_value_and_error_from_its_model()
    {
        State.AddModelError("Child.Reason", "Say why");
        var input = (await Write(new InputTag { For = For("Child.Reason", "<b>"), Label = "Why", Hint = "In a line" })).QuerySelector("input")!;
        Assert.Equal("Child_Reason", input.Id);
        Assert.Equal("Child.Reason", input.GetAttribute("name"));
        Assert.Equal("<b>", input.GetAttribute("value"));
        Assert.Equal("Child_Reason-hint Child_Reason-error", input.GetAttribute("aria-describedby"));
    }

    [Fact]
    public async Task What_was_typed_is_shown_again_and_not_the_models_value()
    {
        State.SetModelValue("Reason", "typed", "typed");
        Assert.Equal("typed", (await Write(new InputTag { For = For("Reason", "of the model") })).QuerySelector("input")!.GetAttribute("value"));
    }

    [Fact]
    public async Task Nothing_is_chosen_beforehand()
    {
        Choice[] choices = [new("nfa", "No further action"), new("enquiry", "Open an enquiry")];
        Assert.Empty((await Write(new RadiosTag { For = For<string>("Decision", null), Legend = "Decide", Items = choices })).QuerySelectorAll("[checked]"));
        Assert.Single((await Write(new CheckboxesTag { For = For<List<string>>("Risks", ["nfa"]), Items = choices })).QuerySelectorAll("[checked]"));
    }

    [Fact]
    public async Task The_summary_links_every_error_to_a_field_that_is_there_in_the_order_of_the_page()
    {
        State.AddModelError("", "Somebody else was faster");
        State.AddModelError("Born.Month", "A month is 1 to 12");
        State.AddModelError("Decision", "Decide");
        State.AddModelError("Reason", "Say why");
        var page = new TagHelperOutput("gov-error-summary", [], (_, _) => Task.FromResult<TagHelperContent>(new DefaultTagHelperContent()));
        await new ErrorSummaryTag { View = _view }.ProcessAsync(Context(), page);
        var fields = (await Write(new InputTag { For = For("Reason", ""), Id = "why" })).InnerHtml
            + (await Write(new RadiosTag { For = For<string>("Decision", null), Items = [new("a", "A")] })).InnerHtml
            + (await Write(new DateInputTag { For = For("Born", new TypedDate { Month = "13" }) })).InnerHtml;

        using var writer = new StringWriter();
        page.WriteTo(writer, System.Text.Encodings.Web.HtmlEncoder.Default);
        var links = Parse(writer.ToString()).QuerySelectorAll("li");
        Assert.Equal(["Say why", "Decide", "A month is 1 to 12", "Somebody else was faster"], links.Select(one => one.TextContent));
        Assert.Equal(["#why", "#Decision", "#Born_Month", null], links.Select(one => one.QuerySelector("a")?.GetAttribute("href")));
        Assert.All(links.Select(one => one.QuerySelector("a")?.GetAttribute("href")).OfType<string>(), link => Assert.NotNull(Parse(fields).QuerySelector(link)));
    }

    [Fact]
    public async Task All_is_well_and_the_summary_is_silent() => Assert.Empty((await Write(new ErrorSummaryTag())).Children);

    [Fact]
    public async Task Words_in_an_attribute_are_encoded_once()
    {
        var button = (await Write(new ButtonTag { Value = "a\"b&c" }, "Go &amp; see", new TagHelperAttribute("data-x", "1\"2"))).QuerySelector("button")!;
        Assert.Equal(("a\"b&c", "1\"2", "Go & see"), (button.GetAttribute("value"), button.GetAttribute("data-x"), button.TextContent.Trim()));
    }

    private static ModelExpression For<T>(string name, T? value) => new(name, new ModelExplorer(Metadata, Metadata.GetMetadataForType(typeof(T)), value));

    private static TagHelperContext Context() => new([], new Dictionary<object, object>(), Guid.NewGuid().ToString());

    private async Task<AngleSharp.Dom.IElement> Write(GovTag tag, string inside = "", params TagHelperAttribute[] attributes)
    {
        tag.View = _view;
        var output = new TagHelperOutput("tag", [.. attributes], (_, _) => Task.FromResult(new DefaultTagHelperContent().SetHtmlContent(inside)));
        await tag.ProcessAsync(Context(), output);
        using var writer = new StringWriter();
        output.WriteTo(writer, System.Text.Encodings.Web.HtmlEncoder.Default);
        return Parse(writer.ToString());
    }

    private static AngleSharp.Dom.IElement Parse(string html) => new AngleSharp.Html.Parser.HtmlParser().ParseDocument(html).Body!;
}
