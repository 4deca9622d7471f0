using System.Diagnostics;

namespace Heed.Benchmarks;

/// <summary>
/// The worklist and a child's page with 100,000 children and a million reports behind them. The rows are those of real intakes, copied with new ids: each copy of a family has its own records and people,
/// and six copies of each report; all but one in five hundred of the clocks are met.
/// </summary>
internal static class Pages
{
    public static async Task Run(Machine machine, Table table, double scale)
    {
        var (reports, perChild) = ((int)(1_000_000 * scale), 6);
        Console.WriteLine($"Pages with {reports:N0} reports …");
        using (var police = machine.Police())
        {
            await Parallel.ForEachAsync(machine.Reports(1_000, seed: 51), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (json, _) => await Machine.Send(police, json));
        }
        await Visible.Settled(machine);
        var clock = Stopwatch.StartNew();
        await Fill(machine, reports, perChild, clock);
        await machine.Do("vacuum analyze");
        var (children, there, open) = (await machine.Row<long>("select count(distinct l.person_id) from link l join mention m using (source_record_id) where m.is_child"), await machine.Row<long>("select count(*) from report"), await machine.Row<long>("select count(*) from clock where state in ('running', 'warned', 'breached')"));
        Console.WriteLine($"  {children:N0} children, {there:N0} reports, {open:N0} open clocks, {await machine.Row<string>("select pg_size_pretty(pg_database_size(current_database()))")}, loaded in {clock.Elapsed.TotalSeconds:0} s");
        using var ramsey = await machine.SignedIn("ramsey");
        await Time(ramsey, table, "worklist page", ["/"], 200);
        // Any of the council's children, whenever they were last told of.
        var people = await machine.Row<Guid[]>($"""
            select array_agg(distinct l.person_id) from contact c join mention m on m.id = c.mention_id join link l on l.source_record_id = m.source_record_id and l.undone_at is null
             where c.team_id = '{machine.Loaded.Teams["norton-stockton-front-door"]}' and hashtext(c.id::text) % 1000 = 0
            """);
        string[] pagesOf = [.. people.Take(150).Select(p => $"/children/{p}")];
        await Time(ramsey, table, "child's page", pagesOf, 150);
        foreach (var pages in new[] { ["/"], pagesOf })
        {
            Console.WriteLine($"  where the time of 50 {(pages.Length == 1 ? "worklists" : "children's pages")} goes in PostgreSQL:");
            await Profile.Statements(machine, async () =>
            {
                using var again = await machine.SignedIn("ramsey");
                for (var i = 0; i < 50; i++)
                {
                    (await again.GetAsync(pages[i % pages.Length])).EnsureSuccessStatusCode();
                }
            }, 8);
        }
    }

    private static async Task Time(HttpClient client, Table table, string what, IReadOnlyList<string> pages, int times)
    {
        var taken = new List<double>();
        var size = 0;
        // A site that has served for a while: before some hundred requests most of it is not yet compiled as it will be.
        for (var i = -300; i < times; i++)
        {
            var began = Stopwatch.GetTimestamp();
            using var answer = await client.GetAsync(pages[Math.Abs(i) % pages.Count]);
            var text = await answer.Content.ReadAsStringAsync();
            if (!answer.IsSuccessStatusCode)
            {
                throw new InvalidOperationException($"{pages[Math.Abs(i) % pages.Count]} answered {answer.StatusCode}");
            }
            size = Math.Max(size, text.Length);
            if (i >= 0)
            {
                taken.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        }
        var median = Table.Quantile(taken, 0.5);
        table.Add($"{what}, server time: median / p99", $"{Table.Ms(median)} / {Table.Ms(Table.Quantile(taken, 0.99))}", "< 25 ms", median < 25, $"{size / 1024} KiB");
    }

    private static async Task Fill(Machine machine, int reports, int perChild, Stopwatch clock)
    {
        await using var connection = await machine.Super.OpenConnectionAsync();
        async Task Run(string sql)
        {
            await using var command = new Npgsql.NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync();
        }
        async Task<string[]> Columns(string t)
        {
            await using var command = new Npgsql.NpgsqlCommand($"select array_agg(attname::text order by attnum) from pg_attribute where attrelid = '{t}'::regclass and attnum > 0 and not attisdropped", connection);
            return (string[])(await command.ExecuteScalarAsync())!;
        }
        // A bulk load by the superuser, not the product's way in: foreign keys hold by construction, no trigger would add anything, and each index is built once, after the rows.
        await Run("set session_replication_role = replica; set synchronous_commit = off; set maintenance_work_mem = '1GB'; set max_parallel_workers_per_gather = 0");
        await Run("create temp table base as select id from report where supersedes_id is null order by id desc limit 1000");
        await Run("create function pg_temp.copy_of(old uuid, k int) returns uuid immutable language sql as $$ select ('0180' || lpad(to_hex(k), 8, '0') || substr(md5(old::text || k), 13))::uuid $$");
        // k counts copies of a report; its people are those of copy k / perChild.
        var copies = Math.Max(1, reports / 1_000);
        var (each, families) = ($"generate_series(1, {copies}) k", $"generate_series(0, {copies / perChild}) f");
        async Task Copy(string t, string from, string series, Dictionary<string, string> changed)
        {
            var columns = await Columns(t);
            await Run($"create temp table base_{t} as {from}");
            await Run($"update pg_index set indisready = false, indisvalid = false where indrelid = '{t}'::regclass");
            // In the order of time, as real rows lie: one copy of all, then the next.
            await Run($"insert into {t} ({string.Join(", ", columns)}) select {string.Join(", ", columns.Select(c => changed.GetValueOrDefault(c, $"x.{c}")))} from {series} cross join lateral (select * from base_{t} where {series[^1]} is not null offset 0) x");
            await Run($"reindex table {t}; analyze {t}");
            Console.WriteLine($"  {t} after {clock.Elapsed.TotalSeconds:0} s");
        }
        static string Of(string column, string k = "k") => $"case when x.{column} is not null then pg_temp.copy_of(x.{column}, {k}) end";
        const string Reported = "report_id in (select id from base)";
        var ago = "interval '1 hour' * (k + 24)";
        var shut = "hashtext(x.id::text || k) % 500 <> 0";
        await Copy("person", $"select * from person where id in (select l.person_id from link l join mention m using (source_record_id) where m.{Reported})", families, new() { ["id"] = Of("id", "f") });
        await Copy("source_record", $"select * from source_record where id in (select source_record_id from mention where {Reported})", families, new() { ["id"] = Of("id", "f"), ["number"] = "x.number || '/' || f" });
        await Copy("link", $"select * from link where undone_at is null and source_record_id in (select source_record_id from mention where {Reported})", families, new() { ["id"] = Of("id", "f"), ["source_record_id"] = Of("source_record_id", "f"), ["person_id"] = Of("person_id", "f") });
        await Copy("report", "select * from report where id in (select id from base)", each, new() { ["id"] = Of("id"), ["reference"] = "x.reference || '/' || k", ["received_at"] = $"x.received_at - {ago}", ["occurred"] = $"tstzrange(lower(x.occurred) - {ago}, upper(x.occurred) - {ago}, '[]')" });
        await Copy("residence", $"select r.* from residence r join mention m on m.id = r.mention_id where m.{Reported}", each, new() { ["mention_id"] = Of("mention_id"), ["address"] = $"x.address || ' ' || k / {perChild}", ["postcode"] = $"x.postcode || k / {perChild}" });
        await Copy("relationship", $"select r.* from relationship r join mention m on m.id = r.mention_id where m.{Reported}", each, new() { ["mention_id"] = Of("mention_id"), ["to_mention_id"] = Of("to_mention_id") });
        await Copy("contact", $"select c.* from contact c join notice n on n.id = c.notice_id where n.{Reported}", $"(select key, version from threshold limit 1) t cross join {each}", new() { ["id"] = Of("id"), ["notice_id"] = Of("notice_id"), ["mention_id"] = Of("mention_id"), ["received_at"] = $"x.received_at - {ago}", ["decision"] = "'no-further-action'", ["reason"] = "'Benchmark'", ["decided_at"] = $"x.received_at - {ago}", ["decided_by"] = $"'{Heed.Plumbing.Databases.Heed}'", ["threshold_key"] = "t.key", ["threshold_version"] = "t.version", ["parents_told"] = "true", ["shown_id"] = Of("id"), ["opened"] = "'{}'" });
        await Copy("clock", $"select * from clock where {Reported}", each, new() { ["id"] = Of("id"), ["report_id"] = Of("report_id"), ["notice_id"] = Of("notice_id"), ["contact_id"] = Of("contact_id"), ["state"] = $"case when {shut} then 'met' else 'running' end", ["stopped_at"] = $"case when {shut} then x.anchor_at - {ago} end", ["next_at"] = $"case when {shut} then null else x.due_at + interval '1 day' end", ["told"] = "'{}'", ["anchor_at"] = $"x.anchor_at - {ago}" });
        await Copy("notice", $"select * from notice where {Reported}", each, new() { ["id"] = Of("id"), ["report_id"] = Of("report_id"), ["sent_at"] = $"x.sent_at - {ago}", ["occurred_at"] = $"x.occurred_at - {ago}", ["opened_at"] = $"case when x.withheld_because is null then x.sent_at - {ago} end", ["acknowledged_at"] = $"case when x.withheld_because is null then x.sent_at - {ago} end" });
        await Copy("mention", $"select * from mention where {Reported}", each, new() { ["id"] = Of("id"), ["report_id"] = Of("report_id"), ["source_record_id"] = Of("source_record_id", $"k / {perChild}"), ["recorded_at"] = $"x.recorded_at - {ago}" });
    }
}
