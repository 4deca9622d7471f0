using Heed.Checking;
using Npgsql;

namespace Heed.Site.Tests.Plumbing;

/// <summary>The checker of invariants finds nothing wrong where nothing is, and says by number what was spoiled behind the program's back.</summary>
public sealed class CheckingTests(TestSite site) : IClassFixture<TestSite>
{
    private const string Council = "norton-stockton";

    [Fact]
    public async Task What_was_promised_is_there_and_each_thing_spoiled_is_named_by_its_number()
    {
        await site.TimeIs(Cluster.Usual);
        var receipt = await Receipt(await site.Received(TestSite.Report("V/1")));
        var report = receipt.Id;
        var notice = await site.NoticeTo(Council, report);
        using var council = site.System(Council);
        (await council.PostAsync($"/api/notices/{notice}/acknowledgement", null, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        await site.Settle();
        var item = await site.Row<Guid>("select id from mailbox_item where notice_id = $1", notice);
        var clock = await site.Row<Guid>("select id from clock where report_id = $1 and state = 'running' order by id::text limit 1", report);
        var mention = await site.Row<Guid>("select id from mention where report_id = $1 order by id::text limit 1", report);
        var promised = new Promises([receipt], [], []);
        Assert.Empty(await Broken("select 1", promised));

        await Names($"I1 report {report}", $"delete from report where id = '{report}'");
        await Names($"I1 report {report}", $"update report set hash = sha256('other') where id = '{report}'");
        await Names($"I1 report {report}", $$"""update report set content = content || '{"summary": "Other words"}' where id = '{{report}}'""");
        await Names($"I1 report {report}", $"delete from report_key where report_id = '{report}'");
        await Names($"I1 report {report}", $"insert into report select (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid()))).* from report r where id = '{report}'");
        await Names($"I2 notice {notice}", $"delete from notice where id = '{notice}'");
        await Names($"I2 notice {notice}", $"delete from mailbox_item where id = '{item}'");
        await Names($"I2 notice {notice}", $"update agreement a set during = tstzrange('2001-01-01', '2002-01-01') from notice n where n.id = '{notice}' and (a.key, a.version) = (n.agreement_key, n.agreement_version)");
        await Names($"I2 item {item}", $"insert into webhook_endpoint (id, agency_id, url, made_at, made_by) values (gen_random_uuid(), '{site.Agency(Council)}', 'https://example.org/', heed_now() - interval '1 day', gen_random_uuid())");
        await Names($"I3 item {item}", $"update mailbox_item set state = 'acknowledged', acknowledged_at = heed_now() where id = '{item}'");
        await Names($"I3 report {report}", $"delete from job where subject_id = '{report}'");
        await Names($"I5 notice {notice}", $"update notice set opened_at = heed_now() + interval '1 hour' where id = '{notice}'");
        await Names($"I7 notice {notice}", $"update notice set withdrawn_at = heed_now() where id = '{notice}'");
        await Names($"I7 clock {clock}", $"update clock set state = 'breached' where id = '{clock}'");
        await Names($"I7 mention {mention}", $"delete from link where source_record_id in (select source_record_id from mention where report_id = '{report}')");
        await Names($"I8 clock {clock}", $"update clock set next_at = null where id = '{clock}'");
        await Names($"I8 clock {clock}", $"update clock set warn_at = heed_now() - interval '1 hour', due_at = heed_now() - interval '2 minutes' where id = '{clock}'");
        await Names($"I8 task {item}", $"insert into undelivered (id, item_id, agency_id, recipient, notice_id, why) values ('{item}', '{item}', '{site.Agency(Council)}', '{site.Agency(Council)}', '{notice}', 'gone')");
        await Names($"I8 webhook {item}", $"insert into webhook_delivery (id, endpoint_id, item_id, state) values ('{item}', gen_random_uuid(), '{item}', 'failed')");

        // What clients hold that is not there.
        var lost = Guid.NewGuid();
        Assert.Contains($"I1 report {lost}", await Broken("select 1", promised with { Receipts = [receipt, receipt with { Id = lost, Reference = "V/lost" }] }));
        Assert.Contains($"I2 notice {lost}", await Broken("select 1", promised with { Receipts = [receipt with { Notices = [.. receipt.Notices, lost] }] }));
        Assert.Equal([$"I3 item {item}"], await Broken("select 1", promised with { Acknowledged = [item] }));
        Assert.Equal([$"I4 webhook {lost}"], await Broken("select 1", promised with { Arrivals = [new(lost, item, true)] }));
        await Names($"I4 webhook {item}", $"insert into webhook_delivery (id, endpoint_id, item_id, state) values ('{item}', gen_random_uuid(), '{item}', 'delivered')");

        async Task Names(string what, string spoiling)
        {
            var broken = await Broken(spoiling, promised);
            Assert.True(broken.Contains(what), $"{spoiling}: {string.Join(", ", broken)}");
        }
    }

    [Fact]
    public async Task Whoever_does_not_see_every_row_is_told_so_and_not_that_all_is_well()
    {
        var app = new NpgsqlConnectionStringBuilder(site.Databases.Owner.ConnectionString) { Username = "heed_worker" }.ConnectionString;
        await Assert.ThrowsAsync<NotAllSeen>(() => Invariants.Check(app, new([], [], null)));
    }

    private async Task<Promises.Receipt> Receipt(Guid id) =>
        new(id, "tees-valley-police", await site.Row<string>("select reference from report where id = $1", id), 1, await site.Row<string>("select encode(hash, 'hex') from report where id = $1", id), [.. await site.Rows<Guid>("select id from notice where report_id = $1", id)]);

    /// <summary>What is broken after a statement of which nothing is kept; no trigger runs and no key is looked at.</summary>
    private async Task<List<string>> Broken(string spoiling, Promises promised)
    {
        var super = new NpgsqlConnectionStringBuilder(site.Cluster.Postgres.Superuser) { Database = new NpgsqlConnectionStringBuilder(site.Databases.Owner.ConnectionString).Database };
        await using var connection = new NpgsqlConnection(super.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var spoil = new NpgsqlCommand($"set local session_replication_role = replica; select enter('00000000-0000-7000-8000-000000000001', 'A test'); {spoiling}", connection);
        await spoil.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return [.. (await Invariants.Check(connection, promised)).Where(f => f.Broken > 0).Select(f => $"{f.Invariant} {f.First}")];
    }
}
