using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;

namespace Heed.Checking;

/// <param name="Of">How many were looked at.</param>
/// <param name="First">What breaks it first: a number, never a name.</param>
public sealed record Finding(string Invariant, string Words, long Of, long Broken, string? First)
{
    public override string ToString() => Broken == 0 ? $"{Invariant}  held    {Of,9:N0} {Words}" : $"{Invariant}  BROKEN  {Broken,9:N0} of {Of:N0} {Words}; first: {First}";
}

/// <summary>
/// Invariants that hold whatever failed, was killed or came twice: looked for in the tables by a program that shares nothing with the one that wrote them. It reads one moment, and writes nothing.
/// </summary>
public static class Invariants
{
    private const string Told = """
        with receipt as (select * from unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::text[]) x(id, agency, reference, version, hash)),
             told as (select * from unnest($6::uuid[], $7::uuid[]) x(report, notice)), acknowledged as (select unnest($8::uuid[]) as item),
             arrival as (select * from unnest($9::uuid[], $10::uuid[], $11::boolean[]) x(delivery, item, applied))
        """;

    /// <summary>Of: a count. Breaks: what breaks it, a text for each.</summary>
    private sealed record Rule(string Invariant, string Words, string Of, string Breaks);

    private static readonly Rule[] Always =
    [
        new("I1", "receipts: each report there once, under its agency, reference and version, with its hash", "select count(*) from receipt", """
            select 'report ' || t.id from receipt t left join agency a on a.key = t.agency left join report r on (r.agency_id, r.reference, r.version) = (a.id, t.reference, t.version)
             group by t.id having count(distinct r.id) <> 1 or bool_or(r.id <> t.id or encode(r.hash, 'hex') <> t.hash)
            """),
        new("I1", "reports: each its key's only one", "select count(*) from report", """
            select 'report ' || r.id from report r left join report_key k on k.report_id = r.id and (k.agency_id, k.reference, k.version, k.hash) = (r.agency_id, r.reference, r.version, r.hash) where k.report_id is null
            union all select 'key of report ' || k.report_id from report_key k left join report r on r.id = k.report_id where r.id is null
            """),
        new("I2", "notices that receipts named: each there, and none besides", "select count(*) from told", """
            select 'notice ' || t.notice from told t left join notice n on n.id = t.notice and n.report_id = t.report where n.id is null
            union all select 'notice ' || n.id from notice n join receipt t on t.id = n.report_id join report r on r.id = t.id and r.agency_id = n.from_agency left join told o on o.notice = n.id where o.notice is null
            """),
        new("I2", "notices that were shared: each under an agreement in force then, and in its recipient's mailbox once", "select count(*) from notice where withheld_because is null", """
            select 'notice ' || n.id from notice n
             where n.withheld_because is null
               and (not exists (select 1 from agreement a where (a.key, a.version) = (n.agreement_key, n.agreement_version) and a.during @> n.sent_at)
                    or (case when n.held_for is null or n.released_at is not null and (n.withdrawn_at is null or n.withdrawn_at >= n.released_at) then 1 else 0 end)
                       <> (select count(*) from mailbox_item i where i.subject_id = n.id and i.agency_id = n.to_agency and i.kind = n.kind))
            """),
        // An endpoint that was made or disabled in the same seconds may not have been seen yet by the transaction that made the item.
        new("I2", "items of agencies with an endpoint in force: each owed to it", "select count(*) from mailbox_item i join webhook_endpoint e on e.agency_id = i.agency_id and i.since > e.made_at + interval '10 seconds' and (e.disabled_at is null or i.since < e.disabled_at - interval '10 seconds')", """
            select 'item ' || i.id from mailbox_item i join webhook_endpoint e on e.agency_id = i.agency_id and i.since > e.made_at + interval '10 seconds' and (e.disabled_at is null or i.since < e.disabled_at - interval '10 seconds')
             where not exists (select 1 from webhook_delivery d where d.item_id = i.id and d.endpoint_id = e.id)
            """),
        new("I3", "items of mailboxes, each waiting, leased, acknowledged or withdrawn, and what each state needs", "select count(*) from mailbox_item", """
            select 'item ' || i.id from mailbox_item i join notice n on n.id = i.notice_id
             where i.state = 'acknowledged' and (i.lease_id is null or i.collected_at is null) or i.state = 'leased' and i.collected_at is null
                or i.state = 'withdrawn' and n.withdrawn_at is null or i.kind = 'notice' and i.state in ('waiting', 'leased') and n.withdrawn_at is not null
                or i.kind not in ('outcome', 'task') and i.collected_at is not null and n.delivered_at is null
            """),
        new("I3", "acknowledgements that were confirmed to a client: none went back", "select count(*) from acknowledged", "select 'item ' || a.item from acknowledged a left join mailbox_item i on i.id = a.item where i.state is distinct from 'acknowledged'"),
        new("I3", "reports: the work that each owes is there once, done, waiting or in the open as stuck", "select count(*) from report", """
            select 'report ' || r.id from report r where 1 <> (select count(*) from job j where j.kind = 'people.resolve' and j.subject_id = r.id)
            union all select 'job ' || j.id from job j where j.state = 'done' and j.leased_until is not null
            """),
        new("I5", "notices and contacts that somebody changed: the change log ends with what stands", "select (select count(*) from notice where num_nonnulls(delivered_at, opened_at, acknowledged_at, taken_at, withdrawn_at) > 0) + (select count(*) from contact where decided_at is not null)", """
            select 'notice ' || n.id from notice n cross join lateral (select jsonb_object_agg(x.key, x.value order by c.id) as after from change c, jsonb_each(c.after) x where c.on_table = 'notice' and c.row_id = n.id) last
             where num_nonnulls(n.delivered_at, n.opened_at, n.acknowledged_at, n.taken_at, n.withdrawn_at) > 0
               and (n.delivered_at, n.opened_at, n.acknowledged_at, n.acknowledged_by, n.taken_by, n.withdrawn_at) is distinct from
                   ((last.after ->> 'delivered_at')::timestamptz, (last.after ->> 'opened_at')::timestamptz, (last.after ->> 'acknowledged_at')::timestamptz, (last.after ->> 'acknowledged_by')::uuid, (last.after ->> 'taken_by')::uuid, (last.after ->> 'withdrawn_at')::timestamptz)
            union all
            select 'contact ' || k.id from contact k cross join lateral (select jsonb_object_agg(x.key, x.value order by c.id) as after from change c, jsonb_each(c.after) x where c.on_table = 'contact' and c.row_id = k.id) last
             where k.decided_at is not null and (k.decision, k.decided_at, k.decided_by) is distinct from (last.after ->> 'decision', (last.after ->> 'decided_at')::timestamptz, (last.after ->> 'decided_by')::uuid)
            """),
        new("I7", "clocks: each as its events in their order left it, none missing", "select count(*) from clock", """
            select 'clock ' || c.id from clock c left join lateral (
                select count(*) as events, max(ordinal) as last, (array_agg(what order by ordinal desc) filter (where what not in ('explained', 'agreed', 'refused')))[1] as what from clock_event e where e.clock_id = c.id) e on true
             where e.events > 0 and e.last <> e.events - 1
                or c.state <> case when e.what is null then 'running' when e.what in ('breached', 'climbed', 'nobody-on-duty') then 'breached' else e.what end
            """),
        new("I7", "people as mentioned whose report was worked out: each a record of one person", "select count(*) from mention m join job j on j.kind = 'people.resolve' and j.subject_id = m.report_id and j.state = 'done'", """
            select 'mention ' || m.id from mention m join job j on j.kind = 'people.resolve' and j.subject_id = m.report_id and j.state = 'done' where 1 <> (select count(*) from link l where l.source_record_id = m.source_record_id and l.undone_at is null)
            """),
        new("I7", "corrections: one follows another, and a notice is withdrawn where a withdrawal took it back and nowhere else", "select count(*) from report where version > 1", """
            select 'report ' || r.id from report r left join report o on o.id = r.supersedes_id where r.version > 1 and (o.id is null or (o.agency_id, o.reference) <> (r.agency_id, r.reference))
            union all select 'report ' || supersedes_id from report where supersedes_id is not null group by supersedes_id having count(*) > 1
            union all (with recursive back(id) as (select supersedes_id from notice where kind = 'withdrawal' and supersedes_id is not null union select n.supersedes_id from notice n join back b on n.id = b.id where n.supersedes_id is not null)
                       select 'notice ' || n.id from notice n left join back b on b.id = n.id where (n.withdrawn_at is not null) <> (b.id is not null))
            """),
        // A minute: what sweeps looks every second, and may have a great many to move.
        new("I8", "clocks that are open: none overdue and unswept, none that nobody will look at again before somebody was told", "select count(*) from clock where state in ('running', 'warned', 'breached')", """
            select 'clock ' || id from clock
             where state in ('running', 'warned') and (next_at is null or next_at < heed_now() - interval '1 minute' or due_at < heed_now() - interval '1 minute') or state = 'breached' and next_at is null and cardinality(told) = 0
            """),
        new("I8", "things that did not arrive: each an open task with its clock", "select count(*) from undelivered where done_at is null", """
            select 'task ' || u.id from undelivered u where u.done_at is null
               and not exists (select 1 from clock c where c.id = u.clock_id and c.agency_id = u.agency_id and c.state in ('running', 'warned', 'breached'))
            """),
        new("I8", "webhooks that failed for good: each a task, its item's own or its endpoint's", "select count(*) from webhook_delivery where state = 'failed'", """
            select 'webhook ' || d.id from webhook_delivery d join mailbox_item i on i.id = d.item_id
             where d.state = 'failed' and i.kind <> 'task' and i.state in ('waiting', 'leased') and not exists (select 1 from undelivered u where u.item_id = d.item_id)
               and not exists (select 1 from webhook_delivery o join undelivered u on u.item_id = o.item_id and u.why = 'gone' where o.endpoint_id = d.endpoint_id)
            """),
    ];

    private static readonly Rule[] Arrived =
    [
        new("I4", "webhooks that were answered: each came to its endpoint", "select count(*) from webhook_delivery where state = 'delivered'", "select 'webhook ' || d.id from webhook_delivery d where d.state = 'delivered' and not exists (select 1 from arrival a where a.delivery = d.id and a.item = d.item_id)"),
        new("I4", "webhooks that came, however often: each of an item, and acted on once", "select count(distinct delivery) from arrival", """
            select 'webhook ' || a.delivery from arrival a left join webhook_delivery d on d.id = a.delivery and d.item_id = a.item group by a.delivery having count(*) filter (where a.applied) <> 1 or count(*) filter (where d.id is null) > 0
            """),
    ];

    /// <summary>Everything is looked at, or nothing: a login that row security keeps rows from would find nothing wrong.</summary>
    /// <exception cref="NotAllSeen">The login does not see every row.</exception>
    public static async Task<IReadOnlyList<Finding>> Check(string database, Promises promised)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database) { CommandTimeout = 0 });
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        await using var only = new NpgsqlCommand("set transaction read only", connection);
        await only.ExecuteNonQueryAsync();
        return await Check(connection, promised);
    }

    /// <summary>The same in a transaction that is open already.</summary>
    public static async Task<IReadOnlyList<Finding>> Check(NpgsqlConnection connection, Promises promised)
    {
        await using (var who = new NpgsqlCommand("select rolsuper or rolbypassrls or rolname = 'heed_owner' from pg_roles where rolname = current_user", connection))
        {
            if (await who.ExecuteScalarAsync() is not true)
            {
                throw new NotAllSeen();
            }
        }
        var findings = new List<Finding>();
        foreach (var rule in promised.Arrivals is null ? Always : [.. Always, .. Arrived])
        {
            findings.Add(await Found(rule, promised, connection));
        }
        findings.Add(await Contents(promised, connection));
        return [.. findings.OrderBy(f => f.Invariant, StringComparer.Ordinal)];
    }

    private static async Task<Finding> Found(Rule rule, Promises promised, NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand($"{Told} select ({rule.Of}), count(*), min(what) from ({rule.Breaks}) x(what)", connection);
        var (receipts, arrivals) = (promised.Receipts, promised.Arrivals ?? []);
        var told = receipts.SelectMany(r => r.Notices.Select(n => (Report: r.Id, Notice: n))).ToList();
        foreach (var values in new object[]
        {
            receipts.Select(r => r.Id).ToArray(), receipts.Select(r => r.Agency).ToArray(), receipts.Select(r => r.Reference).ToArray(), receipts.Select(r => r.Version).ToArray(), receipts.Select(r => r.Hash).ToArray(),
            told.Select(t => t.Report).ToArray(), told.Select(t => t.Notice).ToArray(), promised.Acknowledged.ToArray(), arrivals.Select(a => a.Delivery).ToArray(), arrivals.Select(a => a.Item).ToArray(), arrivals.Select(a => a.Applied).ToArray(),
        })
        {
            command.Parameters.Add(new() { Value = values });
        }
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return new(rule.Invariant, rule.Words, row.GetInt64(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetString(2));
    }

    /// <summary>The hash is worked out anew from what stands there: SHA-256 of the JSON with its members sorted and nulls left out.</summary>
    private static async Task<Finding> Contents(Promises promised, NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("select id, content::text, hash from report order by received_at, id", connection);
        var (of, broken, first) = (0L, 0L, (string?)null);
        var hashes = promised.Receipts.ToLookup(r => r.Id, r => r.Hash);
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            of++;
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes(Sorted(JsonNode.Parse(row.GetString(1)))!.ToJsonString()));
            if (!hash.AsSpan().SequenceEqual(row.GetFieldValue<byte[]>(2)) || hashes[row.GetGuid(0)].Any(h => h != Convert.ToHexStringLower(hash)))
            {
                broken++;
                first ??= $"report {row.GetGuid(0)}";
            }
        }
        return new("I1", "reports: the content is that of the hash", of, broken, first);
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.Where(m => m.Value is not null).OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => KeyValuePair.Create(m.Key, Sorted(m.Value)))),
        JsonArray elements => new JsonArray([.. elements.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}

public sealed class NotAllSeen() : Exception("this login does not see every row; connect as heed_owner");
