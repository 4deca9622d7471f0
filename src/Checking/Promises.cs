using System.Text.Json;

namespace Heed.Checking;

/// <summary>
/// What clients of Heed were told, as they wrote it down themselves and had it on their own disk before they went on. Two kinds of line, in one file or none:
/// a receipt {"id", "agency": key, "reference", "version", "hash", "notices": [id, …]}, and an item of a mailbox whose acknowledgement was confirmed {"acknowledged": id}.
/// Another file holds what came to an agency's endpoint: {"delivery": webhook-id, "item": id, "applied": whether the receiver acted on it, having not seen it before}.
/// </summary>
public sealed record Promises(IReadOnlyList<Promises.Receipt> Receipts, IReadOnlyList<Guid> Acknowledged, IReadOnlyList<Promises.Arrival>? Arrivals)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public sealed record Receipt(Guid Id, string Agency, string Reference, int Version, string Hash, IReadOnlyList<Guid> Notices);

    public sealed record Arrival(Guid Delivery, Guid Item, bool Applied);

    private sealed record Line(Guid? Acknowledged, Guid? Id);

    public static Promises Read(string? receipts, string? arrivals)
    {
        var lines = Lines(receipts).ToLookup(line => JsonSerializer.Deserialize<Line>(line, Json)!.Acknowledged is not null);
        return new([.. lines[false].Select(line => JsonSerializer.Deserialize<Receipt>(line, Json)!)], [.. lines[true].Select(line => JsonSerializer.Deserialize<Line>(line, Json)!.Acknowledged!.Value)],
            arrivals is null ? null : [.. Lines(arrivals).Select(line => JsonSerializer.Deserialize<Arrival>(line, Json)!)]);
    }

    /// <summary>A last line without its end was never finished: whoever wrote it had not gone on.</summary>
    private static IEnumerable<string> Lines(string? file)
    {
        if (file is null)
        {
            return [];
        }
        var text = File.ReadAllText(file);
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
