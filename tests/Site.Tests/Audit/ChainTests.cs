using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Heed.Plumbing;
using Heed.Site.Administration;
using Heed.Site.Audit;
using Heed.Site.Notices;
using Heed.Site.People;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Npgsql;

namespace Heed.Site.Tests.Audit;

/// <summary>The chain against whoever has every right in the database, against a commit that comes late and against two that seal at once.</summary>
public sealed class ChainTests(TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
{
    private Seal Seal => site.Services.GetRequiredService<Seal>();

    private NpgsqlDataSource _super = null!;

    public async ValueTask InitializeAsync()
    {
        _super = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(site.Cluster.Postgres.Superuser) { Database = new NpgsqlConnectionStringBuilder(site.Databases.Owner.ConnectionString).Database, Pooling = false }.ConnectionString);
        if (await site.Row<long>("select count(*) from report") == 0)
        {
            var report = await site.Received(TestSite.Report("C/1"));
            await site.Settle();
            var notice = await site.NoticeTo("norton-stockton", report);
            await site.Works.As(site.Who("ramsey"), "Reading a notice", work => OpenNotice.Handle(notice, work, site.Bodies));
            Assert.Null(await site.Works.As(site.Who("ramsey"), "Taking", work => Take.Handle(new(notice), work)));
            Assert.Null(await site.Works.As(site.Who("ramsey"), "Acknowledging", work => Acknowledge.Handle(new(notice), work)));
            await Looks(6);
            await site.Sealed();
        }
    }

    public ValueTask DisposeAsync() => _super.DisposeAsync();

    private Task<int> Look(Guid person, string purpose = "Reading a child's record") => site.Works.As(site.Who("khalid"), purpose, async work =>
    {
        await work.Look("person", person);
        return 0;
    });

    private async Task Looks(int many, string purpose = "Reading a child's record")
    {
        for (var i = 0; i < many; i++)
        {
            await Look(Guid.CreateVersion7(), purpose);
        }
    }

    /// <summary>What is found after whoever has every right did this. Nothing of it is kept.</summary>
    private async Task<IReadOnlyList<Verify.Fault>> After(string? tampering, IEnumerable<string>? kept = null)
    {
        await using var connection = await _super.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (tampering is not null)
        {
            await using var command = new NpgsqlCommand($"set session_replication_role = replica; {tampering}", connection);
            Assert.True(await command.ExecuteNonQueryAsync() != 0, "Nothing was tampered with");
        }
        var found = await Verify.Database(connection, kept);
        await transaction.RollbackAsync();
        return found.Faults;
    }

    private const string Norton = "(select id from agency where key = 'norton-stockton')";

    [Fact]
    public async Task What_was_not_touched_is_whole()
    {
        await site.Sealed();
        Assert.Empty(await After(null));
        Assert.True(await site.Row<long>("select count(distinct source) from chain_entry") >= 6);
        Assert.Equal(0, await site.Row<long>("select count(*) from chainable c where not exists (select 1 from chain_entry e where e.source = c.source and e.row_id = c.row_id and e.agency_id = c.agency_id)"));
    }

    [Theory]
    [InlineData($"update look set purpose = 'Nothing to see' where id::text = (select row_id from chain_entry where agency_id = {Norton} and source = 'look' order by no limit 1)", "altered")]
    [InlineData("update report set content = content || '{\"summary\": \"Quiet\"}'", "altered")]
    [InlineData("update notice set basis = 'Consent' where withheld_because is null", "altered")]
    [InlineData($"update chain_entry set row_id = gen_random_uuid()::text where agency_id = {Norton} and no = 3", "altered")]
    [InlineData($"delete from look where id::text = (select row_id from chain_entry where agency_id = {Norton} and source = 'look' order by no limit 1)", "missing")]
    [InlineData($"delete from chain_salt where agency_id = {Norton} and no = 2", "missing")]
    [InlineData($"delete from chain_entry where agency_id = {Norton} and no = 3", "missing")]
    [InlineData($"delete from chain_entry where agency_id = {Norton} and no > 4", "missing")]
    [InlineData($"delete from chain_entry where agency_id = {Norton}", "missing")]
    [InlineData($"insert into look (id, actor, agency_id, purpose, at_what, xid) select gen_random_uuid(), p.id, p.agency_id, 'Slipped in', 'person', 1 from practitioner p where p.key = 'khalid'", "added")]
    [InlineData($"update chain_entry set no = -no where agency_id = {Norton} and no >= 3; update chain_entry set no = 1 - no where no < 0; insert into chain_entry select agency_id, 3, source, gen_random_uuid()::text, sealed_at, salted, previous, hash from chain_entry where agency_id = {Norton} and no = 2", "altered")]
    [InlineData($"update chain_entry set no = case no when 3 then -4 else -3 end where agency_id = {Norton} and no in (3, 4); update chain_entry set no = -no where agency_id = {Norton} and no < 0", "moved")]
    [InlineData($"update chain_entry x set source = y.source, row_id = y.row_id || ' ', sealed_at = y.sealed_at, salted = y.salted, previous = y.previous, hash = y.hash from chain_entry y where x.agency_id = {Norton} and x.no = 1 and y.no = 1 and y.agency_id = (select id from agency where key = 'tees-valley-police')", "altered")]
    [InlineData("update chain_head set jws = replace(jws, left(split_part(jws, '.', 3), 8), 'AAAAAAAA')", "head")]
    public async Task Whatever_a_superuser_does_is_found_and_named(string tampering, string what)
    {
        // Constraints do not hold back whoever may drop them, nor triggers whoever may switch them off.
        var faults = await After(tampering.Contains("-no") ? $"alter table chain_entry drop constraint chain_entry_no_check, drop constraint chain_entry_source_row_id_key; {tampering}" : tampering);
        Assert.Contains(faults, f => f.What == what);
        Assert.All(faults, f => Assert.NotEmpty(f.Words));
    }

    [Fact]
    public async Task An_entry_of_another_agencys_chain_is_known_for_that()
    {
        var police = site.Agency("tees-valley-police");
        var faults = await After($"""
            alter table chain_entry drop constraint chain_entry_source_row_id_key;
            update chain_entry x set source = y.source, row_id = y.row_id, sealed_at = y.sealed_at, salted = y.salted, previous = y.previous, hash = y.hash from chain_entry y where x.agency_id = {Norton} and x.no = 1 and y.no = 1 and y.agency_id = '{police}'
            """);
        Assert.Contains(faults, f => f.What is "copied" && f.Agency == site.Agency("norton-stockton"));
    }

    [Fact]
    public async Task Whoever_writes_the_whole_chain_anew_is_found_by_a_head_that_was_kept_elsewhere()
    {
        using var watcher = site.System("levenside");
        var kept = (await watcher.GetFromJsonAsync<JsonElement>("/api/chain/heads")).EnumerateArray().Select(h => h.GetProperty("head").GetString()!).ToList();
        Assert.NotEmpty(kept);
        const string anew = $"delete from chain_head; delete from certificate; delete from tombstone; delete from look where id::text in (select row_id from chain_entry where agency_id = {Norton} and no > 4); delete from change where id::text in (select row_id from chain_entry where source = 'change' and agency_id = {Norton} and no > 4);"
            + $"delete from clock_event e where e.clock_id || '/' || e.ordinal in (select row_id from chain_entry where agency_id = {Norton} and no > 4); delete from chain_salt where agency_id = {Norton} and no > 4; delete from chain_entry where agency_id = {Norton} and no > 4";
        Assert.DoesNotContain(await After(anew), f => f.Agency == site.Agency("norton-stockton"));
        Assert.Contains(await After(anew, kept), f => f.What == "missing" && f.Agency == site.Agency("norton-stockton") && f.No == 5);
    }

    [Fact]
    public async Task What_commits_late_is_sealed_when_it_commits_and_nothing_is_left_out()
    {
        await using var late = await site.Databases.Owner.OpenConnectionAsync();
        await using var transaction = await late.BeginTransactionAsync();
        var id = Guid.CreateVersion7();
        await using (var command = new NpgsqlCommand("select enter('00000000-0000-7000-8000-000000000001', 'Late'); insert into look (id, at_what) values ($1, 'late')".Replace("$1", $"'{id}'"), late))
        {
            await command.ExecuteNonQueryAsync();
        }
        // Others begin later and commit sooner; they wait for it, so that the order of the chain is that of the transactions.
        await Looks(3);
        await Seal.Round();
        Assert.Equal(0, await site.Row<long>("select count(*) from chain_entry where row_id = $1", id.ToString()));
        await transaction.CommitAsync();
        await site.Sealed();
        Assert.Equal(1, await site.Row<long>("select count(*) from chain_entry where row_id = $1", id.ToString()));
        Assert.Empty(await After(null));
    }

    [Fact]
    public async Task One_round_goes_as_far_as_no_transaction_is_under_way()
    {
        await Looks(3);
        var over = await site.Row<long>("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint");
        await Looks(3);
        await Seal.Round();
        Assert.True(await site.Row<long>("select upto from chain_mark") >= over);
    }

    [Fact]
    public async Task Two_programs_that_seal_at_once_seal_each_row_once()
    {
        await Looks(40, "Two at once");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Seal.Round())));
        await site.Sealed();
        Assert.Equal(40, await site.Row<long>("select count(*) from chain_entry e join look l on l.id::text = e.row_id where l.purpose = 'Two at once'"));
        Assert.Empty(await After(null));
    }

    [Fact]
    public async Task Who_seals_while_another_has_not_committed_yet_waits_for_it_and_fails_at_nothing()
    {
        await Looks(5, "Waited for");
        await using var first = await site.Databases.Owner.OpenConnectionAsync();
        await using var transaction = await first.BeginTransactionAsync();
        await using var seal = new NpgsqlCommand("select seal_chain(1000)", first);
        await using var left = new NpgsqlCommand("select count(*) from look l where l.purpose = 'Waited for' and not exists (select 1 from chain_entry e where e.row_id = l.id::text)", first);
        do
        {
            await seal.ExecuteScalarAsync();
        }
        while (await left.ExecuteScalarAsync() is not 0L);
        var second = Seal.Round();
        // What another role waits for is a superuser's to see.
        await using var waits = _super.CreateCommand("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
        while (!second.IsCompleted && await waits.ExecuteScalarAsync() is 0L)
        {
            await Task.Yield();
        }
        Assert.False(second.IsCompleted);
        await transaction.CommitAsync();
        await second;
        await site.Sealed();
        Assert.Empty(await After(null));
    }

    [Fact]
    public async Task After_a_restore_where_transactions_are_numbered_anew_nothing_is_left_out()
    {
        await site.Administer("update chain_mark set upto = 4000000000000");
        await Looks(2);
        await site.Sealed();
        Assert.Empty(await After(null));
        Assert.True(await site.Row<bool>("select upto < 4000000000000 from chain_mark"));
    }

    [Fact]
    public async Task An_export_is_verified_by_whoever_has_nothing_else()
    {
        await using var connection = await _super.OpenConnectionAsync();
        using var file = new StringWriter();
        await Verify.Export(connection, file);
        var lines = file.ToString().Split('\n');
        Assert.DoesNotContain("Probe", file.ToString());
        var whole = Verify.File(lines);
        Assert.Empty(whole.Faults);
        Assert.Equal(await site.Row<long>("select count(*) from chain_entry"), whole.Entries.Values.Sum());
        Assert.True(whole.Heads > 0);
        var norton = site.Agency("norton-stockton").ToString();
        string[] Entries(int no) => [.. lines.Where(l => l.Contains(norton) && l.Contains($"\"no\":{no},"))];
        Assert.Contains(Verify.File(lines.Except(Entries(3))).Faults, f => f is { What: "missing", No: 3 });
        Assert.Contains(Verify.File(lines.Concat(Entries(3))).Faults, f => f.What == "added");
        Assert.Contains(Verify.File(lines.Select(l => Entries(2).Contains(l) ? l.Replace("\"source\":\"", "\"source\":\"x") : l)).Faults, f => f is { What: "altered", No: 2 });
        var longest = lines.Where(l => l.Contains(norton)).Count(l => l.Contains("\"entry\""));
        Assert.Contains(Verify.File(lines.Except(Entries(longest))).Faults, f => f.What == "missing");
        Assert.Throws<FormatException>(() => Verify.File(["{}"]));
        Assert.Throws<FormatException>(() => Verify.File(["hello"]));
    }

    [Fact]
    public async Task What_is_destroyed_by_two_is_certified_and_the_chain_stays_whole()
    {
        var register = site.Services.GetRequiredService<Register>();
        var (kept, wrong) = await register.Keep(new("old.csv", "number,forename,surname,dob\nCH-1,Quillon,Overtime,2015-03-01\n"u8.ToArray(), "norton-stockton", "id=number,given=forename,family=surname,born=dob"));
        Assert.Null(wrong);
        await register.Resolve(kept!.Import);
        var record = await site.Row<Guid>("select id from source_record where number = 'CH-1'");
        var person = await site.Row<Guid>("select person_id from link where source_record_id = $1 and undone_at is null", record);
        await Look(person);
        await site.Sealed();
        Assert.Contains("not over", (await Asks("verma")).Item2!.Message);
        await site.TimeIs(Cluster.Usual + Duration.FromDays(36 * 366));
        Assert.Equal("purgeWords", (await Asks("verma", words: " ")).Item2!.Field);
        Assert.Equal(No.NotFound, (await Asks("castellano")).Item2!.Kind);
        var (asked, no) = await Asks("verma");
        Assert.Null(no);
        Assert.Equal(No.Conflict, (await Asks("verma")).Item2!.Kind);
        Assert.Contains("takes two", (await Agrees("verma", asked!.Value))!.Message);
        Assert.Equal(No.NotFound, (await Agrees("castellano", asked.Value))!.Kind);
        var hold = Guid.CreateVersion7();
        // Of whoever the record was found to be, by whatever agency.
        await site.Administer("insert into legal_hold (id, on_table, row_id, reason, since, placed_by) values ($1, 'person', $2, 'An inquiry', heed_now(), $3)", hold, person, site.Practitioner("khalid"));
        Assert.Contains("legal hold", (await Agrees("khalid", asked.Value))!.Message);
        await site.Administer("delete from legal_hold where id = $1", hold);
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Agrees("khalid", asked.Value)));
        Assert.Single(answers, a => a is null);
        Assert.All(answers.OfType<Refusal>(), a => Assert.Equal(No.Conflict, a.Kind));
        Assert.Equal((0, 0), (await site.Row<long>("select count(*) from look where subject_id = $1", person), await site.Row<long>("select count(*) from mention where family = 'Overtime'")));
        await site.TimeIs(Cluster.Usual);
        await site.Sealed();
        Assert.Empty(await After(null));
        Assert.True(await site.Row<bool>("select bool_and(exists (select 1 from chain_entry e where e.row_id = c.id::text and e.source = 'certificate')) and sum(cardinality(c.entries)) >= 3 from certificate c where c.purge_id = $1", asked.Value));
        Assert.Equal(1, await site.Row<long>("select count(*) from chain_entry e join tombstone t on t.id::text = e.row_id where e.source = 'tombstone' and t.id = $1 and t.what = 'record' and t.rule like '%35 years from: case closed%'", record));
        // Without its certificate it is what it looks like.
        Assert.Contains(await After($"delete from certificate where purge_id = '{asked}'"), f => f.What == "missing");

        Task<(Guid?, Refusal?)> Asks(string who, string words = "Thirty-five years have passed") => site.Works.As(site.Who(who), "A test", work => Destroying.Ask(record, words, work));
        Task<Refusal?> Agrees(string who, Guid id) => site.Works.As(site.Who(who), "A test", work => Destroying.Agree(id, work));
    }

    [Fact]
    public async Task The_program_writes_neither_chain_nor_log_and_seals_only_by_its_function()
    {
        Assert.Empty(await site.Rows<string>("""
            select r || ' ' || p || ' ' || t from unnest(array['heed_app', 'heed_worker']) r, unnest(array['insert', 'update', 'delete', 'truncate']) p, unnest(array['change', 'chain_entry', 'chain_salt', 'chain_head', 'chain_mark', 'certificate', 'tombstone', 'purge']) t
             where has_table_privilege(r, t, p) and (r, p, t) <> ('heed_worker', 'insert', 'chain_head')
            """));
        Assert.False(await site.Row<bool>("select has_table_privilege('heed_app', 'look', 'update') or has_table_privilege('heed_app', 'look', 'delete') or has_function_privilege('heed_app', 'seal_chain(int)', 'execute') or has_function_privilege('heed_worker', 'agree_purge(uuid)', 'execute')"));
        using var nobody = site.Nobody();
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync("/api/chain/heads")).StatusCode);
    }
}
