using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Heed.Site.Access;
using NodaTime;
using NodaTime.Serialization.SystemTextJson;
using Npgsql;

namespace Heed.Site.Audit;

/// <summary>
/// Holds the chains against themselves, their signed heads and, in the database, the rows that they seal; names the first entry of each that was altered, is missing or was added. The format is in docs/chain.md.
/// </summary>
public static class Verify
{
    public const string Format = "heed-chain/1";

    public static readonly JsonSerializerOptions Json = new JsonSerializerOptions(JsonSerializerDefaults.Web).ConfigureForNodaTime(DateTimeZoneProviders.Tzdb);

    private static readonly string Nothing = new('0', 64);

    /// <summary>One entry, as it is exported. Hashes: 64 hexadecimal digits, small. SealedAt: the text that is hashed.</summary>
    public sealed record Entry(Guid Agency, long No, string Source, string Row, string SealedAt, string Salted, string Previous, string Hash)
    {
        public string Computed(Guid? agency = null, long? no = null) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            string.Join('\n', Previous, agency ?? Agency, (no ?? No).ToString(CultureInfo.InvariantCulture), Source, Row, SealedAt, Salted))));
    }

    /// <summary>What is wrong first in one agency's chain. What: altered, missing, added, moved, copied or head.</summary>
    public sealed record Fault(Guid Agency, long No, string What, string Words);

    public sealed record Result(IReadOnlyDictionary<Guid, long> Entries, int Heads, int Destroyed, IReadOnlyList<Fault> Faults);

    private sealed record Line(string? Format, Signing.Jwk? Key, Entry? Entry, string? Head);

    /// <summary>One chain by itself: each entry follows the one before it, and none is left out.</summary>
    public static Fault? Chain(Guid agency, IReadOnlyList<Entry> entries, IEnumerable<Guid> others)
    {
        var last = Nothing;
        for (var i = 0; i < entries.Count; last = entries[i++].Hash)
        {
            var (entry, place) = (entries[i], i + 1);
            var what = $"entry {entry.No} ({entry.Source} {entry.Row})";
            if (entry.No > place)
            {
                return new(agency, place, "missing", $"entry {place} is missing; the next is {what}");
            }
            if (entry.No < place)
            {
                return new(agency, entry.No, "added", $"{what} stands there twice");
            }
            if (entry.Computed() != entry.Hash)
            {
                return others.Any(other => entry.Computed(other) == entry.Hash) ? new(agency, entry.No, "copied", $"{what} was sealed in another agency's chain")
                    : Enumerable.Range(1, entries.Count + 1).Any(no => entry.Computed(no: no) == entry.Hash) ? new(agency, entry.No, "moved", $"{what} was sealed in another place")
                    : new(agency, entry.No, "altered", $"{what} is not what was sealed");
            }
            if (entry.Previous != last)
            {
                return new(agency, entry.No, "added", $"{what} does not follow the entry before it: one of the two was put there afterwards");
            }
        }
        return null;
    }

    /// <summary>A signed head that the chain does not reach, or that names another hash. A head whose signature is nobody's is a fault of its own.</summary>
    public static (Seal.Head? Head, string? Wrong) Read(string jws, IReadOnlyDictionary<string, Signing.Jwk> keys)
    {
        try
        {
            var parts = jws.Split('.');
            using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0]));
            if (header.RootElement.GetProperty("alg").GetString() != "ES256" || !keys.TryGetValue(header.RootElement.GetProperty("kid").GetString() ?? "", out var key))
            {
                return (null, "a signed head names a key that is not among these");
            }
            using var check = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = Base64Url.DecodeFromChars(key.X), Y = Base64Url.DecodeFromChars(key.Y) } });
            return check.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256)
                ? (JsonSerializer.Deserialize<Seal.Head>(Base64Url.DecodeFromChars(parts[1]), Json), null)
                : (null, "a signed head is not what was signed");
        }
        catch (Exception broken) when (broken is FormatException or JsonException or IndexOutOfRangeException or KeyNotFoundException or CryptographicException)
        {
            return (null, "a signed head cannot be read");
        }
    }

    private static Result All(ILookup<Guid, Entry> chains, IEnumerable<string> heads, IReadOnlyDictionary<string, Signing.Jwk> keys, IEnumerable<Fault> more, int destroyed)
    {
        var faults = new List<Fault>();
        var read = heads.Select(h => Read(h, keys)).ToList();
        var agencies = chains.Select(c => c.Key).Union(read.Where(h => h.Head is not null).Select(h => h.Head!.Agency)).ToList();
        faults.AddRange(read.Where(h => h.Wrong is not null).Select(h => new Fault(Guid.Empty, 0, "head", h.Wrong!)));
        foreach (var agency in agencies)
        {
            Entry[] entries = [.. chains[agency].OrderBy(e => e.No)];
            var byNo = entries.ToLookup(e => e.No);
            faults.AddRange(Chain(agency, entries, agencies.Where(a => a != agency)) is { } fault ? [fault] : []);
            foreach (var head in read.Select(h => h.Head).OfType<Seal.Head>().Where(h => h.Agency == agency))
            {
                var there = byNo[head.No].FirstOrDefault();
                if (there is null)
                {
                    faults.Add(new(agency, entries.LastOrDefault()?.No + 1 ?? 1, "missing", $"the chain went as far as entry {head.No} when its head was signed, and ends at {entries.LastOrDefault()?.No ?? 0}"));
                }
                else if (there.Hash != head.Hash)
                {
                    faults.Add(new(agency, head.No, "altered", $"entry {head.No} is not the one whose hash was signed"));
                }
            }
        }
        // Of two things that are wrong with one entry the chain's own says more.
        faults.AddRange(more);
        return new(chains.ToDictionary(c => c.Key, c => (long)c.Count()), read.Count, destroyed, [.. faults.GroupBy(f => f.Agency).Select(g => g.MinBy(f => f.No)!)]);
    }

    /// <summary>The database as it stands: the chains, and the rows that they seal.</summary>
    /// <param name="connection">The owner's or a superuser's: it reads everything.</param>
    /// <param name="kept">Signed heads that were kept elsewhere.</param>
    public static async Task<Result> Database(NpgsqlConnection connection, IEnumerable<string>? kept = null)
    {
        var certified = (await Rows(connection, "select c.agency_id, unnest(c.entries) from certificate c", r => (r.GetGuid(0), r.GetInt64(1)))).ToHashSet();
        var faults = new List<Fault>();
        var entries = new List<Entry>();
        var destroyed = 0;
        await foreach (var (entry, salt, gone, same) in Sealed(connection))
        {
            entries.Add(entry);
            var what = $"entry {entry.No} ({entry.Source} {entry.Row})";
            if (certified.Contains((entry.Agency, entry.No)) && gone && !salt)
            {
                destroyed++;
            }
            else if (gone || !salt)
            {
                faults.Add(new(entry.Agency, entry.No, "missing", gone ? $"what {what} sealed is gone, and no certificate says that it was destroyed" : $"the salt of {what} is gone, and no certificate says that it was destroyed"));
            }
            else if (!same)
            {
                faults.Add(new(entry.Agency, entry.No, "altered", $"what {what} sealed has been changed since"));
            }
        }
        faults.AddRange(await Rows(connection, """
            select c.agency_id, c.source, c.row_id from chainable c, chain_mark m where c.xid < m.upto and not exists (select 1 from chain_entry e where e.source = c.source and e.row_id = c.row_id) order by c.xid limit 100
            """, r => new Fault(r.GetGuid(0), long.MaxValue, "added", $"{r.GetString(1)} {r.GetString(2)} stands in the database as if it had been sealed, and was not")));
        faults.AddRange(await Rows(connection, """
            select e.agency_id, e.no, e.source, e.row_id from chain_entry e join chainable c on c.source = e.source and c.row_id = e.row_id and c.agency_id <> e.agency_id order by e.no limit 100
            """, r => new Fault(r.GetGuid(0), r.GetInt64(1), "copied", $"entry {r.GetInt64(1)} ({r.GetString(2)} {r.GetString(3)}) seals another agency's row")));
        return All(entries.ToLookup(e => e.Agency), (await Heads(connection)).Concat(kept ?? []), await Keys(connection), faults, destroyed);
    }

    private static async IAsyncEnumerable<(Entry Entry, bool Salt, bool Gone, bool Same)> Sealed(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("""
            select e.agency_id, e.no, e.source, e.row_id, to_char(e.sealed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), encode(e.salted, 'hex'), encode(e.previous, 'hex'), encode(e.hash, 'hex'),
                   s.salt is not null, p.said is null, coalesce(sha256(s.salt || convert_to(p.said, 'UTF8')) = e.salted, false)
              from chain_entry e left join chain_salt s on s.agency_id = e.agency_id and s.no = e.no cross join lateral (select chain_payload(e.source, e.row_id) as said offset 0) p order by e.agency_id, e.no
            """, connection) { CommandTimeout = 0 };
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            yield return (new(row.GetGuid(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6), row.GetString(7)), row.GetBoolean(8), row.GetBoolean(9), row.GetBoolean(10));
        }
    }

    private static Task<List<string>> Heads(NpgsqlConnection connection) => Rows(connection, "select jws from chain_head order by agency_id, no", r => r.GetString(0));

    private static async Task<Dictionary<string, Signing.Jwk>> Keys(NpgsqlConnection connection) => (await Rows(connection, "select id, x, y from signing_key",
        r => new Signing.Jwk(r.GetString(0), Base64Url.EncodeToString(r.GetFieldValue<byte[]>(1)), Base64Url.EncodeToString(r.GetFieldValue<byte[]>(2))))).ToDictionary(k => k.Kid);

    private static async Task<List<T>> Rows<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await using var row = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await row.ReadAsync())
        {
            rows.Add(read(row));
        }
        return rows;
    }

    /// <summary>The chains as lines of JSON, for somebody outside: numbers and hashes, and nothing about anybody.</summary>
    public static async Task Export(NpgsqlConnection connection, TextWriter to)
    {
        await to.WriteLineAsync(JsonSerializer.Serialize(new { format = Format }, Json));
        foreach (var key in (await Keys(connection)).Values)
        {
            await to.WriteLineAsync(JsonSerializer.Serialize(new { key }, Json));
        }
        await foreach (var (entry, _, _, _) in Sealed(connection))
        {
            await to.WriteLineAsync(JsonSerializer.Serialize(new { entry }, Json));
        }
        foreach (var head in await Heads(connection))
        {
            await to.WriteLineAsync(JsonSerializer.Serialize(new { head }, Json));
        }
    }

    /// <summary>An export, with nothing but itself and what was kept of earlier ones.</summary>
    /// <exception cref="FormatException">It is not an export of this format.</exception>
    public static Result File(IEnumerable<string> lines, IEnumerable<string>? kept = null)
    {
        var read = lines.Where(l => l.Length > 0).Select(Of).ToList();
        if (read.FirstOrDefault()?.Format != Format)
        {
            throw new FormatException($"The first line does not say \"{Format}\"");
        }
        var keys = read.Select(l => l.Key).OfType<Signing.Jwk>().DistinctBy(k => k.Kid).ToDictionary(k => k.Kid);
        return All(read.Select(l => l.Entry).OfType<Entry>().ToLookup(e => e.Agency), read.Select(l => l.Head).OfType<string>().Concat(kept ?? []), keys, [], 0);
    }

    /// <summary>The heads of an earlier export, or of what /api/chain/heads answered line by line.</summary>
    public static IEnumerable<string> HeadsOf(IEnumerable<string> lines) => lines.Where(l => l.Length > 0).Select(Of).Select(l => l.Head).OfType<string>();

    private static Line Of(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Line>(line, Json)!;
        }
        catch (JsonException)
        {
            throw new FormatException("A line is not JSON of this format");
        }
    }
}
