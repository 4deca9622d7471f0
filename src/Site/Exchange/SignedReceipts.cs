using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Site.Notices;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Heed.Site.Exchange;

/// <summary>
/// Every receipt that the API answers is in canonical form (members sorted) and carries a detached JWS (RFC 7515, appendix F) over those very bytes.
/// Stands outside the door: what is signed has been committed. The sender keeps both; the keys at /api/keys are all that it takes to verify them.
/// </summary>
public sealed class SignedReceipts(Signing signing, IOptions<JsonOptions> json) : IEndpointFilter
{
    public const string Header = "Heed-Receipt-Signature";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var answer = await next(context);
        if (answer is not INestedHttpResult { Result: IValueHttpResult { Value: Receipt receipt } inner })
        {
            return answer;
        }
        var http = context.HttpContext;
        var body = Encoding.UTF8.GetBytes(Sorted(JsonSerializer.SerializeToNode(receipt, json.Value.SerializerOptions))!.ToJsonString(Plain));
        var jws = await signing.Sign(body, http.RequestServices.GetRequiredService<Work>().Now);
        // Detached: what is signed is the body itself.
        http.Response.Headers[Header] = $"{jws[..jws.IndexOf('.')]}..{jws[(jws.LastIndexOf('.') + 1)..]}";
        if (inner is Microsoft.AspNetCore.Http.HttpResults.Created<Receipt> created)
        {
            http.Response.Headers.Location = created.Location;
        }
        return Results.Bytes(body, "application/json; charset=utf-8") is var bytes && inner is IStatusCodeHttpResult { StatusCode: { } status } ? new WithStatus(status, bytes) : throw new InvalidOperationException("A receipt without a status");
    }

    private sealed class WithStatus(int status, IResult rest) : IResult
    {
        public Task ExecuteAsync(HttpContext http)
        {
            http.Response.StatusCode = status;
            return rest.ExecuteAsync(http);
        }
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => KeyValuePair.Create(m.Key, Sorted(m.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    public Task<Signing.Jwk[]> Keys() => signing.Keys();
}
