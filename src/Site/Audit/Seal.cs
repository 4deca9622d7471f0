using System.Text.Json;
using Heed.Plumbing;
using Heed.Site.Access;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Audit;

/// <summary>
/// Puts what has been committed into its agency's chain, in the order of transactions, after and never inside the transaction that wrote it; and signs, each minute, how far each chain goes.
/// </summary>
public sealed class Seal(Works works, Signing signing, ILogger<Seal> log) : Standing
{
    private const int AtOnce = 5_000;

    /// <summary>What a signed head says. Hash: 64 hexadecimal digits.</summary>
    public sealed record Head(Guid Agency, long No, string Hash, Instant At);

    protected override Task Run(CancellationToken stop) => Rounds(5, "Sealing the chain", async s =>
    {
        await Round(s);
        await Sign(Duration.FromMinutes(1), s);
    }, log, stop);

    /// <summary>All that is committed, and before which no transaction is under way. Answers how many entries were made.</summary>
    public async Task<int> Round(CancellationToken stop = default)
    {
        var sealedNow = 0;
        while (await works.AsWorker("Sealing the chain", work => work.One<int>($"select seal_chain({AtOnce})", stop), stop) is > 0 and var some)
        {
            sealedNow += some;
        }
        return sealedNow;
    }

    /// <summary>Each chain that has grown, unless one of its heads was signed within this time. Answers how many were signed.</summary>
    public Task<int> Sign(Duration every, CancellationToken stop = default) => works.AsWorker("Signing how far the chains go", async work =>
    {
        var grown = await work.Ask<Tip>($"""
            select e.agency_id as agency, e.no, encode(e.hash, 'hex') as hash from agency a cross join lateral (select * from chain_entry x where x.agency_id = a.id order by x.no desc limit 1) e
             where not exists (select 1 from chain_head h where h.agency_id = e.agency_id and (h.no >= e.no or h.at > {work.Now - every}))
            """).ToListAsync(stop);
        foreach (var tip in grown)
        {
            var head = new Head(tip.Agency, tip.No, tip.Hash, work.Now);
            var jws = await signing.Sign(JsonSerializer.SerializeToUtf8Bytes(head, Verify.Json), work.Now);
            await work.Do($"insert into chain_head (agency_id, no, hash, at, jws) values ({head.Agency}, {head.No}, {Convert.FromHexString(head.Hash)}, {head.At}, {jws}) on conflict do nothing", stop);
        }
        return grown.Count;
    }, stop);

    private sealed record Tip(Guid Agency, long No, string Hash);
}
