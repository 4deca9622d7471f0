using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Heed.Plumbing;
using Heed.Site.Notices;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Heed.Site.Exchange;

/// <summary>
/// Every receipt that the API answers is in canonical form (members sorted) and carries a detached JWS (RFC 7515, appendix F) over those very bytes.
/// Stands outside the door: what is signed has been committed. The sender keeps both; the keys at /api/keys are all that it takes to verify them.
/// </summary>
public sealed class SignedReceipts(Works works, IOptions<JsonOptions> json) : IEndpointFilter
{
    public const string Header = "Heed-Receipt-Signature";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly SemaphoreSlim _one = new(1);
    private Key? _key;

    private sealed record Key(string Id, byte[] Private);

    /// <summary>A key as JWKS (RFC 7517) gives it.</summary>
    public sealed record Jwk(string Kid, string X, string Y)
    {
        public string Kty => "EC";

        public string Crv => "P-256";

        public string Alg => "ES256";

        public string Use => "sig";
    }

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var answer = await next(context);
        if (answer is not INestedHttpResult { Result: IValueHttpResult { Value: Receipt receipt } inner })
        {
            return answer;
        }
        var http = context.HttpContext;
        var body = Encoding.UTF8.GetBytes(Sorted(JsonSerializer.SerializeToNode(receipt, json.Value.SerializerOptions))!.ToJsonString(Plain));
        var key = _key ?? await Current();
        var iat = http.RequestServices.GetRequiredService<Work>().Now.ToUnixTimeSeconds();
        var head = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"alg":"ES256","iat":{{iat}},"kid":"{{key.Id}}"}"""));
        using var sign = ECDsa.Create();
        sign.ImportPkcs8PrivateKey(key.Private, out _);
        http.Response.Headers[Header] = $"{head}..{Base64Url.EncodeToString(sign.SignData(Encoding.ASCII.GetBytes($"{head}.{Base64Url.EncodeToString(body)}"), HashAlgorithmName.SHA256))}";
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

    /// <summary>Every key that ever signed here: an old receipt is verified as well as a new one.</summary>
    public Task<Jwk[]> Keys() => works.AsWorker("Publishing the keys that verify receipts", async work =>
        (await work.Ask<Public>($"select id, x, y from signing_key order by made_at desc, id").ToListAsync()).Select(k => new Jwk(k.Id, Base64Url.EncodeToString(k.X), Base64Url.EncodeToString(k.Y))).ToArray());

    private sealed record Public(string Id, byte[] X, byte[] Y);

    /// <summary>The newest key; made in a transaction of its own where there is none, so that nothing is ever signed with a key that was rolled back.</summary>
    private async Task<Key> Current()
    {
        await _one.WaitAsync();
        try
        {
            return _key ??= await works.AsWorker("Signing receipts", async work =>
            {
                await work.Do($"select pg_advisory_xact_lock(hashtextextended('signing_key', 1))");
                if (await work.Ask<Stored>($"select id, private from signing_key order by made_at desc, id limit 1").ToListAsync() is [var stored])
                {
                    return new Key(stored.Id, stored.Private);
                }
                using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
                var at = made.ExportParameters(includePrivateParameters: false).Q;
                var id = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{Base64Url.EncodeToString(at.X)}}","y":"{{Base64Url.EncodeToString(at.Y)}}"}""")));
                var key = new Key(id, made.ExportPkcs8PrivateKey());
                await work.Do($"insert into signing_key (id, agency_id, x, y, private) values ({id}, {work.Actor.Agency}, {at.X}, {at.Y}, {key.Private})");
                return key;
            });
        }
        finally
        {
            _one.Release();
        }
    }

    private sealed record Stored(string Id, byte[] Private);
}
