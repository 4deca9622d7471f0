using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using AngleSharp.Html.Parser;
using Heed.Site.Notices;

namespace Heed.Site.Tests.Notices;

/// <summary>What a recipient was shown of a report stands on their pages, to the last field.</summary>
public sealed class ReportedTests(TestSite site) : IClassFixture<TestSite>
{
    /// <summary>A word of its own in every field that takes words; elsewhere what that field may hold.</summary>
    private static string Full(int version) => TestSite.Report("Canaryreference", r =>
    {
        static JsonObject Address(string of, string postcode) => new() { ["lines"] = new JsonArray($"Canary{of}line"), ["locality"] = $"Canary{of}town", ["postcode"] = postcode, ["uprn"] = $"Canary{of}no", ["sensitivity"] = "refuge" };
        static JsonObject Person(string of, string role, JsonObject school) => new()
        {
            ["key"] = of, ["recordNumber"] = $"Canary{of}number", ["roles"] = new JsonArray(role, $"Canary{of}role"), ["givenNames"] = $"Canary{of}given", ["familyName"] = $"Canary{of}family", ["alsoKnownAs"] = new JsonArray($"Canary{of}alias"),
            ["formerNames"] = new JsonArray($"Canary{of}former"), ["born"] = $"Canary{of}born", ["expected"] = $"Canary{of}expected", ["sex"] = "F", ["language"] = $"Canary{of}language", ["addresses"] = new JsonArray(Address($"{of}home", "TS20 2AB"), Address($"{of}second", "TS20 2AC")),
            ["identifiers"] = new JsonArray(new JsonObject { ["type"] = $"Canary{of}type", ["value"] = $"Canary{of}value" }), ["relationships"] = new JsonArray(new JsonObject { ["kind"] = $"Canary{of}kind", ["to"] = of == "adult" ? "child" : "adult", ["parentalResponsibility"] = true }),
            ["school"] = school, ["worksAt"] = new JsonObject { ["name"] = $"Canary{of}works", ["urn"] = $"Canary{of}worksurn" }, ["phone"] = $"Canary{of}phone", ["email"] = $"Canary{of}email", ["safeContact"] = $"Canary{of}safe", ["parentsTold"] = $"Canary{of}told",
            ["ownWords"] = $"Canary{of}words", ["seen"] = true, ["seenAlone"] = true, ["subjectCategory"] = "victim",
            ["statements"] = new JsonArray([.. new[] { "fact", "opinion", "allegation", "hearsay" }.Select(b => (JsonNode)new JsonObject { ["basis"] = b, ["words"] = $"Canary{of}{b}" })]),
        };
        (r["version"], r["occurredUntil"], r["occurredPrecision"], r["recordedAt"], r["sensitivity"]) = (version, "2026-11-18T11:50:00Z", "Canaryprecision", "2026-11-18T12:01:00Z", "open");
        if (version > 1)
        {
            (r["supersedes"], r["supersessionReason"]) = (version - 1, "Canaryreason");
        }
        (r["summary"], r["childrenPresent"], r["childInHousehold"], r["actions"]) = ("Canarysummary", "yes", "yes", new JsonArray("Canaryaction"));
        r["place"] = new JsonObject { ["description"] = "Canaryplace", ["address"] = Address("place", "TS20 2AB"), ["foundAt"] = Address("found", "TS20 2AB") };
        r["risk"] = new JsonObject { ["instrument"] = "Canaryinstrument", ["version"] = "Canaryedition", ["grade"] = "high", ["answers"] = new JsonObject { ["Canaryquestion"] = "Canaryanswer" }, ["note"] = "Canarynote" };
        r["people"] = new JsonArray(Person("child", "child", new() { ["name"] = "Norton Primary School", ["urn"] = "111555" }), Person("other", "child", new() { ["name"] = "Canaryschool", ["urn"] = "Canaryschoolurn" }), Person("adult", "victim", new() { ["name"] = "Canarycollege", ["urn"] = "Canarycollegeurn" }));
        r["reporter"] = new JsonObject { ["name"] = "Canaryofficer", ["team"] = "Canaryteam", ["shift"] = "Canaryshift" };
    });

    [Fact]
    public async Task Every_word_that_a_council_was_shown_stands_on_its_notice_and_in_front_of_its_decision_and_a_school_has_its_own()
    {
        await site.Received(Full(1));
        await site.Settle();
        var report = await site.Received(Full(2));
        await site.Settle();
        var (council, school) = (await site.NoticeTo("norton-stockton", report), await site.NoticeTo("norton-primary", report));
        var shown = await site.Row<string>("select shown::text from notice where id = $1", council);
        Filled(JsonSerializer.Deserialize<ReportIn>(shown, JsonSerializerOptions.Web)!);
        var all = Words(JsonNode.Parse(shown)).ToHashSet();
        Assert.True(all.Count > 100);
        using var worker = await site.SignedIn("ramsey");
        foreach (var page in new[] { $"/notices/{council}", $"/notices/{council}/decide" })
        {
            var main = await Text(worker, page);
            var missing = all.Where(word => !main.Contains(word, StringComparison.OrdinalIgnoreCase)).ToList();
            Assert.True(missing.Count == 0, $"{page} lacks {string.Join(", ", missing)}");
            Assert.All(["Stated as fact", "An opinion", "An allegation", "Hearsay", "Safe to contact", "Do the parents know?", "Where the children were found", "Works at"], word => Assert.Contains(word, main));
        }
        var theirs = Words(JsonNode.Parse(await site.Row<string>("select shown::text from notice where id = $1", school))).ToHashSet();
        using var lead = await site.SignedIn("norton-primary-lead");
        var read = await Text(lead, $"/notices/{school}");
        Assert.Equal(theirs.Order(), all.Where(word => read.Contains(word, StringComparison.OrdinalIgnoreCase)).Order());
    }

    private static async Task<string> Text(HttpClient client, string page) => new HtmlParser().ParseDocument(await client.GetStringAsync(page, TestContext.Current.CancellationToken)).QuerySelector("main")!.TextContent;

    /// <summary>A field that is added to a report is empty here until it stands in this test.</summary>
    private static void Filled(object said)
    {
        foreach (var field in said.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var value = field.GetValue(said);
            Assert.True(value is not null, $"{said.GetType().Name}.{field.Name} is empty");
            foreach (var one in value is IEnumerable list and not string ? list.Cast<object>() : [value])
            {
                if (one.GetType().Assembly == typeof(ReportIn).Assembly)
                {
                    Filled(one);
                }
            }
        }
    }

    private static IEnumerable<string> Words(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(m => Words(m.Value).Append(m.Key)).Where(w => w.StartsWith("Canary", StringComparison.Ordinal)),
        JsonArray list => list.SelectMany(Words),
        JsonValue value when value.TryGetValue<string>(out var text) && text.StartsWith("Canary", StringComparison.Ordinal) => [text],
        _ => [],
    };
}
