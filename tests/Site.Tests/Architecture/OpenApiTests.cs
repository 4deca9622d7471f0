using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using Heed.Site.Notices;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Heed.Site.Tests.Architecture;

/// <summary>What an integrator reads of the API is what the API takes and answers.</summary>
public sealed class OpenApiTests(TestSite site) : IClassFixture<TestSite>
{
    [Fact]
    public void Two_types_never_share_a_name()
    {
        var metadata = site.Services.GetRequiredService<EndpointDataSource>().Endpoints.SelectMany(e => e.Metadata).ToList();
        var types = new HashSet<Type>();
        foreach (var type in metadata.OfType<IProducesResponseTypeMetadata>().Select(p => p.Type).Concat(metadata.OfType<IAcceptsMetadata>().Select(a => a.RequestType)).OfType<Type>())
        {
            Collect(type, types);
        }
        Assert.Contains(typeof(ReportIn), types);
        var shared = types.Select(t => (Id: global::OpenApi.ReferenceId(JsonSerializerOptions.Web.GetTypeInfo(t)), Type: t)).Where(t => t.Id is not null).GroupBy(t => t.Id).Where(g => g.Count() > 1).Select(g => $"{g.Key}: {string.Join(", ", g.Select(t => t.Type))}");
        Assert.Empty(shared);
    }

    private static void Collect(Type type, HashSet<Type> into)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type))
        {
            foreach (var part in type.IsArray ? [type.GetElementType()!] : type.GetGenericArguments())
            {
                Collect(part, into);
            }
        }
        else if (type.Namespace?.StartsWith("Heed", StringComparison.Ordinal) == true && into.Add(type))
        {
            foreach (var member in type.GetProperties())
            {
                Collect(member.PropertyType, into);
            }
        }
    }

    [Fact]
    public async Task Every_member_of_what_is_taken_and_answered_is_described_and_every_operation_says_what_it_needs_and_how_it_refuses()
    {
        var document = JsonNode.Parse(await site.Nobody().GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken))!;
        var members = document["components"]!["schemas"]!.AsObject().SelectMany(schema => schema.Value!["properties"]?.AsObject().Select(member => (Name: $"{schema.Key}.{member.Key}", Described: IsDescribed(member.Value!))) ?? []).ToList();
        Assert.True(members.Count > 500, $"{members.Count} members only");
        Assert.Empty(members.Where(m => !m.Described).Select(m => m.Name));
        foreach (var (path, operations) in document["paths"]!.AsObject().Where(p => p.Key is not "/api/keys"))
        {
            Assert.All(operations!.AsObject(), operation =>
            {
                Assert.Contains("Needs the permit ", (string?)operation.Value!["description"]);
                var answers = operation.Value["responses"]!.AsObject().Select(r => r.Key).ToHashSet();
                Assert.Superset(operation.Key == "get" ? ["401", "403", "503"] : new HashSet<string> { "401", "403", "409", "422", "503" }, answers);
                Assert.True(!path.Contains('{') || answers.Contains("404"), path);
            });
        }
        Assert.Contains("Heed-Receipt-Signature", document["paths"]!["/api/reports"]!["post"]!["responses"]!["201"]!["headers"]!.AsObject().Select(h => h.Key));
    }

    /// <summary>What is of a type of ours, or nothing, is described where it names that type.</summary>
    private static bool IsDescribed(JsonNode member) => !string.IsNullOrWhiteSpace((string?)member["description"]) || member["oneOf"]?.AsArray().Any(one => IsDescribed(one!)) == true;
}
