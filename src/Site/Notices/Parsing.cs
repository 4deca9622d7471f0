using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Heed.Site.Notices;

/// <summary>A body's bytes as a report: whether they are JSON, and JSON of a report's members. What the members say is <see cref="Reading"/>'s.</summary>
public static class Parsing
{
    public const int MostBytes = 256 * 1024;

    private const string OtherKind = "Not of the kind that belongs here: a text, a number or a list";

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 12, AllowDuplicateProperties = false };

    private static readonly Dictionary<string, string[]> None = [];

    /// <summary>
    /// The JSON as a report, and what is wrong with it as JSON (400): by the field's path, with the reason, never the value.
    /// What is unknown or of the wrong kind is left out of the report that comes with the errors, so that the rest can be read and all that is wrong is said at once.
    /// </summary>
    public static (ReportIn?, IReadOnlyDictionary<string, string[]> Errors) Of(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ReportJson.Default.ReportIn) is { } said ? (said, None) : (null, One("$", "The body is null; a report is a JSON object"));
        }
        catch (JsonException misfit) when (misfit.Message.Contains("could not be mapped", StringComparison.Ordinal) || misfit.Message.Contains("could not be converted", StringComparison.Ordinal))
        {
            try
            {
                var node = JsonNode.Parse(body, documentOptions: Strict);
                var errors = new Dictionary<string, string[]>();
                return Misfits(node, ReportJson.Default.ReportIn, "", errors) || errors.Count == 0 ? (null, One("$", OtherKind)) : (node.Deserialize(ReportJson.Default.ReportIn), errors);
            }
            catch (JsonException bad)
            {
                return (null, One(Path(bad), Why(bad)));
            }
            catch (InvalidOperationException)
            {
                return (null, NotUnicode());
            }
        }
        catch (JsonException bad)
        {
            return (null, One(Path(bad), Why(bad)));
        }
        catch (InvalidOperationException)
        {
            return (null, NotUnicode());
        }

        static Dictionary<string, string[]> One(string path, string why) => new() { [path] = [why] };
        static Dictionary<string, string[]> NotUnicode() => One("$", "A text holds half of a surrogate pair, which is not Unicode");
        static string Path(JsonException bad) => bad.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : "$";
    }

    /// <summary>Whether a value is of another kind than belongs there; within objects and lists, what is so or is not known is noted and taken out.</summary>
    private static bool Misfits(JsonNode? node, JsonTypeInfo wanted, string at, Dictionary<string, string[]> errors)
    {
        var type = Nullable.GetUnderlyingType(wanted.Type) ?? wanted.Type;
        switch (node, wanted.Kind)
        {
            case (null, _):
                return false;
            case (JsonObject o, JsonTypeInfoKind.Object):
                foreach (var (name, value) in o.ToList())
                {
                    var path = at.Length == 0 ? name : $"{at}.{name}";
                    if (wanted.Properties.FirstOrDefault(p => p.Name == name) is not { } known)
                    {
                        errors[path] = ["This member is not known here; see the OpenAPI document"];
                        o.Remove(name);
                    }
                    else if (Misfits(value, ReportJson.Default.GetTypeInfo(known.PropertyType)!, path, errors))
                    {
                        errors[path] = [OtherKind];
                        o.Remove(name);
                    }
                }
                return false;
            case (JsonObject o, JsonTypeInfoKind.Dictionary):
                foreach (var (name, _) in o.Where(m => Misfits(m.Value, ReportJson.Default.GetTypeInfo(wanted.ElementType!)!, at, errors)).ToList())
                {
                    errors[at] = [OtherKind];
                    o.Remove(name);
                }
                return false;
            case (JsonArray a, JsonTypeInfoKind.Enumerable):
                for (var i = 0; i < a.Count; i++)
                {
                    if (Misfits(a[i], ReportJson.Default.GetTypeInfo(wanted.ElementType!)!, $"{at}[{i}]", errors))
                    {
                        errors[$"{at}[{i}]"] = [OtherKind];
                        a[i] = null;
                    }
                }
                return false;
            case (JsonValue v, JsonTypeInfoKind.None):
                return v.GetValueKind() switch
                {
                    JsonValueKind.String => type != typeof(string),
                    JsonValueKind.True or JsonValueKind.False => type != typeof(bool),
                    JsonValueKind.Number => type != typeof(int) || !v.TryGetValue<int>(out _),
                    _ => true,
                };
            default:
                return true;
        }
    }

    private static string Why(JsonException bad) => bad switch
    {
        _ when bad.InnerException is DecoderFallbackException || bad.Message.Contains("UTF-8", StringComparison.OrdinalIgnoreCase) => "The text is not UTF-8",
        _ when bad.Message.Contains("uplicate", StringComparison.Ordinal) => "This member stands twice",
        _ when bad.Message.Contains("depth of", StringComparison.OrdinalIgnoreCase) => "Nested too deeply: 12 levels at the most",
        _ when bad.Message.Contains("depth to be zero", StringComparison.Ordinal) || bad.Message.Contains("end of data", StringComparison.Ordinal) => $"Not JSON: it ends, at line {bad.LineNumber + 1}, byte {bad.BytePositionInLine + 1}, before it is complete",
        _ when bad.Message.Contains("any JSON tokens", StringComparison.Ordinal) => "The body is empty; a report is a JSON object",
        _ => $"Not JSON at line {bad.LineNumber + 1}, byte {bad.BytePositionInLine + 1}",
    };
}
