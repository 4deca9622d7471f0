using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Heed.Plumbing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Access;

/// <summary>The signature of the organisation that runs this installation: ES256, on receipts and on how far each chain went. /api/keys are all that it takes to verify it.</summary>
public sealed class Signing(Works works, Secrets secrets)
{
    private readonly SemaphoreSlim _one = new(1);
    private Key? _key;

    /// <summary>Understanding a key costs more than signing with it, and one object signs for one caller at a time.</summary>
    private sealed record Key(string Id, byte[] Private)
    {
        private readonly ConcurrentBag<ECDsa> _idle = [];

        public byte[] Sign(byte[] data)
        {
            if (!_idle.TryTake(out var key))
            {
                key = ECDsa.Create();
                key.ImportPkcs8PrivateKey(Private, out _);
            }
            var signature = key.SignData(data, HashAlgorithmName.SHA256);
            _idle.Add(key);
            return signature;
        }
    }

    /// <summary>A key as JWKS (RFC 7517) gives it.</summary>
    /// <param name="Kid">The key's thumbprint (RFC 7638); a receipt's signature names it.</param>
    /// <param name="X">Of the public point, base64url.</param>
    /// <param name="Y">Of the public point, base64url.</param>
    public sealed record Jwk(string Kid, string X, string Y)
    {
        /// <summary>The kind of key: an elliptic curve.</summary>
        public string Kty => "EC";

        /// <summary>The curve.</summary>
        public string Crv => "P-256";

        /// <summary>ECDSA with SHA-256.</summary>
        public string Alg => "ES256";

        /// <summary>It verifies signatures, and encrypts nothing.</summary>
        public string Use => "sig";
    }

    /// <summary>A JWS in its compact form (RFC 7515) over these bytes.</summary>
    public async Task<string> Sign(byte[] payload, Instant at)
    {
        var key = _key ?? await Current();
        var head = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"alg":"ES256","iat":{{at.ToUnixTimeSeconds()}},"kid":"{{key.Id}}"}"""));
        var body = Base64Url.EncodeToString(payload);
        return $"{head}.{body}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes($"{head}.{body}")))}";
    }

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
                    return new Key(stored.Id, secrets.Signing.Unprotect(stored.Private));
                }
                using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
                var at = made.ExportParameters(includePrivateParameters: false).Q;
                var id = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{Base64Url.EncodeToString(at.X)}}","y":"{{Base64Url.EncodeToString(at.Y)}}"}""")));
                var key = new Key(id, made.ExportPkcs8PrivateKey());
                await work.Do($"insert into signing_key (id, agency_id, x, y, private) values ({id}, {work.Actor.Agency}, {at.X}, {at.Y}, {secrets.Signing.Protect(key.Private)})");
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
