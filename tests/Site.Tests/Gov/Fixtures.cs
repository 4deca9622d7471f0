using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Heed.Plumbing.Gov;

namespace Heed.Site.Tests.Gov;

/// <summary>What govuk-frontend says each component looks like, for the options given: the examples its own tests are made of.</summary>
public sealed class Fixtures(ITestOutputHelper output)
{
    private static readonly Dictionary<string, Type> Parts = new()
    {
        ["back-link"] = typeof(BackLink),
        ["breadcrumbs"] = typeof(Breadcrumbs),
        ["button"] = typeof(Button),
        ["character-count"] = typeof(CharacterCount),
        ["checkboxes"] = typeof(Checkboxes),
        ["date-input"] = typeof(DateInput),
        ["details"] = typeof(Details),
        ["error-message"] = typeof(ErrorMessage),
        ["error-summary"] = typeof(ErrorSummary),
        ["fieldset"] = typeof(Fieldset),
        ["generic-header"] = typeof(GenericHeader),
        ["hint"] = typeof(Hint),
        ["input"] = typeof(Input),
        ["inset-text"] = typeof(InsetText),
        ["label"] = typeof(Label),
        ["language-navigation"] = typeof(LanguageNavigation),
        ["notification-banner"] = typeof(NotificationBanner),
        ["pagination"] = typeof(Pagination),
        ["panel"] = typeof(Panel),
        ["phase-banner"] = typeof(PhaseBanner),
        ["radios"] = typeof(Radios),
        ["select"] = typeof(Select),
        ["service-navigation"] = typeof(ServiceNavigation),
        ["skip-link"] = typeof(SkipLink),
        ["summary-list"] = typeof(SummaryList),
        ["table"] = typeof(Table),
        ["tabs"] = typeof(Tabs),
        ["tag"] = typeof(Tag),
        ["task-list"] = typeof(TaskList),
        ["textarea"] = typeof(Textarea),
        ["warning-text"] = typeof(WarningText),
    };

    /// <summary>What we do not show, and why.</summary>
    private static readonly Dictionary<string, string> NotUsed = new()
    {
        ["accordion"] = "summary cards and sub pages are read more surely",
        ["cookie-banner"] = "the only cookie is the sign-in",
        ["exit-this-page"] = "a staff system on a staff machine",
        ["feedback"] = "not a public service",
        ["file-upload"] = "documents stay where the agency keeps them",
        ["footer"] = "carries the crown and GOV.UK's licence",
        ["header"] = "carries the crown; generic-header is ours",
        ["password-input"] = "the agency's own provider signs people in",
    };

    private static readonly JsonSerializerOptions Loose = new(JsonSerializerDefaults.Web)
    {
        Converters = { new LooseString(), new LooseMarkup(), new LooseEnd() },
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
    };

    public static TheoryData<string, string> All()
    {
        var data = new TheoryData<string, string>();
        foreach (var component in Parts.Keys)
        {
            foreach (var fixture in Of(component))
            {
                data.Add(component, (string)fixture["name"]!);
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Our_markup_is_that_of_govuk_frontend(string component, string fixture)
    {
        var given = Of(component).Single(one => (string)one["name"]! == fixture);
        var part = (Part)Tidy(given["options"]!.DeepClone(), component).Deserialize(Parts[component], Loose)!;
        Assert.Equal(Html.Normal((string)given["html"]!), Html.Normal(part.Render().ToString()));
    }

    [Fact]
    public void Every_component_is_either_covered_or_said_not_to_be_used()
    {
        var there = Directory.GetDirectories(Folder).Where(folder => File.Exists(Path.Combine(folder, "fixtures.json"))).Select(Path.GetFileName).Order().ToArray();
        Assert.Equal(there, Parts.Keys.Concat(NotUsed.Keys).Order());

        var covered = Parts.Keys.Sum(component => Of(component).Count);
        Assert.Equal(covered, All().Count);
        output.WriteLine($"{covered} of {there.Sum(component => Of(component!).Count)} fixtures, {Parts.Count} of {there.Length} components; not used: {string.Join(", ", NotUsed.Keys)}");
    }

    [Fact]
    public void What_somebody_typed_is_never_markup()
    {
        const string typed = "<script>alert(\"1\")</script>'&";
        foreach (var (component, type) in Parts)
        {
            foreach (var fixture in Of(component))
            {
                var options = Replace(Tidy(fixture["options"]!.DeepClone(), component), typed);
                var html = ((Part)options.Deserialize(type, Loose)!).Render().ToString();
                Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
                Assert.DoesNotContain("alert(\"", html, StringComparison.Ordinal);
            }
        }
    }

    private static string Folder => Path.Combine(House.Modules, "govuk-frontend", "dist", "govuk", "components");

    private static readonly Dictionary<string, IReadOnlyList<JsonNode>> Read = [];

    private static IReadOnlyList<JsonNode> Of(string component)
    {
        lock (Read)
        {
            return Read.TryGetValue(component, out var known)
                ? known
                : Read[component] = [.. JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, component, "fixtures.json")))!["fixtures"]!.AsArray().Select(one => one!)];
        }
    }

    /// <summary>Nunjucks takes what is falsy for nothing; C# wants to be told.</summary>
    private static JsonNode Tidy(JsonNode node, string component)
    {
        if (node is JsonArray array)
        {
            for (var i = 0; i < array.Count; i++)
            {
                array[i] = array[i] is { } one && !(one is JsonValue value && Falsy(value)) ? Tidy(one.DeepClone(), component) : null;
            }
        }
        else if (node is JsonObject thing)
        {
            foreach (var (name, value) in thing.ToList())
            {
                if (name == "html" && value is JsonValue html && Falsy(html))
                {
                    thing.Remove(name);
                }
                else if (component == "date-input" && name is "day" or "month" or "year" && value is JsonValue no && no.GetValueKind() == JsonValueKind.False)
                {
                    thing[name] = new JsonObject { ["omit"] = true };
                }
                else if (value is JsonObject or JsonArray)
                {
                    thing[name] = Tidy(value.DeepClone(), component);
                }
            }
        }
        return node;
    }

    private static bool Falsy(JsonValue value) => value.GetValueKind() == JsonValueKind.False || (value.TryGetValue<string>(out var text) && text.Length == 0);

    /// <summary>Every text of the options replaced; what is named HTML is left out, for that is the author's.</summary>
    private static JsonNode Replace(JsonNode node, string typed)
    {
        switch (node)
        {
            case JsonArray array:
                for (var i = 0; i < array.Count; i++)
                {
                    array[i] = array[i] is { } one ? Replace(one.DeepClone(), typed) : null;
                }
                break;
            case JsonObject thing:
                foreach (var (name, value) in thing.ToList())
                {
                    if (name.EndsWith("html", StringComparison.OrdinalIgnoreCase) || name == "slots")
                    {
                        thing.Remove(name);
                    }
                    else if (value is not null)
                    {
                        thing[name] = Replace(value.DeepClone(), typed);
                    }
                }
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                return JsonValue.Create(typed);
        }
        return node;
    }

    private sealed class LooseString : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.Number => reader.GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture),
            JsonTokenType.True => "true",
            JsonTokenType.False => "false",
            _ => reader.GetString(),
        };

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }

    private sealed class LooseMarkup : JsonConverter<Markup>
    {
        public override Markup? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => Markup.Trusted(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, Markup value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }

    private sealed class LooseEnd : JsonConverter<EndSlot>
    {
        public override EndSlot? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            var node = JsonNode.Parse(ref reader)!;
            return node is JsonValue ? new() { Html = Markup.Trusted((string)node!) } : new() { Html = Markup.Trusted((string)node["html"]!), Align = (string?)node["align"] };
        }

        public override void Write(Utf8JsonWriter writer, EndSlot value, JsonSerializerOptions options) => writer.WriteNullValue();
    }
}
