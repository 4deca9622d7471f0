using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Heed.Site.Notices;

/// <summary>A report as one text, and its SHA-256. The same content has the same hash, however it was spaced and ordered: members sorted, nulls left out, no white space.</summary>
internal static class Canonical
{
    public static (string Text, byte[] Hash) Of(ReportIn said)
    {
        var text = Sorted(JsonSerializer.SerializeToNode(said, ReportJson.Default.ReportIn))!.ToJsonString();
        return (text, SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.Where(m => m.Value is not null).OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => KeyValuePair.Create(m.Key, Sorted(m.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
