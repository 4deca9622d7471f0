using System.Diagnostics;
using DuckDB.NET.Data;
using Heed.Matching;
using Heed.Plumbing;
using Heed.Seed;
using Npgsql;

namespace Heed.Benchmarks;

/// <summary>
/// The matching library beside its peers, in one run on one invented register: a register linked to reports (the same model's levels in SQL on DuckDB), one report asked about
/// (PostgreSQL's trigram search), similar names. Every answer is held against the truth.
/// </summary>
internal static class WhoIsWho
{
    private const int Seed = 11;

    private static readonly Column[] Columns = [Column.Given, Column.Family, Column.Aliases, Column.Born, Column.Sex, Column.Address, Column.Locality, Column.Postcode, Column.Nhs];

    public static async Task Run(Table table, double scale)
    {
        var registers = new Registers(Seed, (int)(1_000_000 * scale));
        OneReport(table, registers);
        if (scale > 1)
        {
            return; // the index alone: so many people with their strings would not fit
        }
        var (register, reports) = (registers.Register().ToList(), registers.Reports((int)(100_000 * scale)).ToList());
        Names(table, register);
        var ours = Link(table, register, reports);
        Peer(table, register, reports, ours);
        await Trigram(table, register, reports);
    }

    private static string?[] Values(Entry e) => [e.Given, e.Family, e.Aliases, e.Born, e.Sex, e.Address, e.Locality, e.Postcode, e.Nhs];

    private static Roll Roll(Lexicon lexicon, IReadOnlyCollection<Entry> entries)
    {
        var roll = new Roll(lexicon, Math.Max(1, entries.Count));
        foreach (var entry in entries)
        {
            roll.Add(Columns, Values(entry));
        }
        return roll;
    }

    /// <summary>Every name against one, on one core.</summary>
    private static void Names(Table table, List<Entry> register)
    {
        // Family names as they are, and with slips, until there are as many as the country has.
        var (names, dice) = (register.Select(e => Matching.Names.Fold(e.Family)).Where(name => name.Length > 0).ToHashSet(), new Dice(1));
        var known = names.ToList();
        while (names.Count < 600_000)
        {
            names.Add(Matching.Names.Fold(Heed.Seed.Names.Mistyped(dice.Pick(known), dice) + (dice.OneIn(3) ? dice.Pick(known) : "")));
        }
        var list = names.ToList();
        var (similar, asked, wide, plain) = (new SimilarNames(list), Enumerable.Range(0, 100).Select(_ => dice.Pick(list)).ToList(), new List<int>(), new List<int>());
        double wideTook = 0, plainTook = 0;
        var found = 0;
        foreach (var name in asked.Take(10).Concat(asked))
        {
            wideTook += Seconds(() => similar.Like(name, 0.85, wide));
            plainTook += Seconds(() => similar.Like(name, 0.85, plain, plain: true));
            if (!wide.Order().SequenceEqual(plain.Order()))
            {
                throw new InvalidOperationException("The wide path and the plain path differ");
            }
            found += wide.Count;
        }
        var each = Seconds(() => wide.Clear()) + Seconds(() => { foreach (var name in list) { _ = Likeness.JaroWinkler(asked[0], name); } });
        var pairs = 110.0 * list.Count;
        table.Add($"similar names, {list.Count:N0} against one, one core", $"{pairs / wideTook / 1e6:0} M pairs/s", "300 M", pairs / wideTook >= 3e8,
            $"plain path {pairs / plainTook / 1e6:0} M; each by itself {list.Count / each / 1e6:0.0} M; {found / 110.0:0} found a name; wide and plain agree");
    }

    private static (double Seconds, double F1) Link(Table table, List<Entry> register, List<Reported> reports)
    {
        var lexicon = new Lexicon();
        Roll? left = null, right = null;
        var reading = Seconds(() => (left, right) = (Roll(lexicon, register), Roll(lexicon, reports.Select(r => r.Said).ToList())));
        lexicon.Settle(left!, right!);
        Linkage.Result result = null!;
        var (cpu, took) = (Process.GetCurrentProcess().TotalProcessorTime, 0.0);
        for (var round = 0; round < 2; round++)
        {
            cpu = Process.GetCurrentProcess().TotalProcessorTime;
            took = Seconds(() => result = Linkage.Of(left!, right!));
        }
        cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        var right_ = result.Links.Count(link => reports[link.B].Truth == register[link.A].Id);
        var (precision, recall) = ((double)right_ / result.Links.Count, (double)right_ / reports.Count(r => r.Truth is not null));
        var f1 = 2 * precision * recall / (precision + recall);
        table.Add($"{register.Count:N0} x {reports.Count:N0} linked, training included", $"{took:0.00} s", "2 s", took <= 2, $"{cpu.TotalSeconds:0.0} s of processor; reading into the roll {reading:0.0} s more");
        table.Add("  F1; precision; recall", $"{f1:0.0000}; {precision:0.00000}; {recall:0.0000}", "F1 0.991", f1 >= 0.991);
        var (count, correct, best) = (0, 0, 0);
        foreach (var link in result.Links.OrderByDescending(link => link.Probability))
        {
            (count, correct) = (count + 1, correct + (reports[link.B].Truth == register[link.A].Id ? 1 : 0));
            best = correct >= 0.9999 * count ? correct : best;
        }
        var atHigh = (double)best / reports.Count(r => r.Truth is not null);
        table.Add("  recall at precision 0.9999", $"{atHigh:0.0000}", "0.965", atHigh >= 0.965);
        var twins = reports.Select((report, at) => (report, at)).Where(r => r.report.Twin).Select(r => r.at).ToHashSet();
        var wrong = result.Links.Count(link => twins.Contains(link.B) && reports[link.B].Truth != register[link.A].Id && reports[link.B].Truth!.Split('-')[0] == register[link.A].Id.Split('-')[0]);
        table.Add("  reports about twins linked to one of the household instead", $"{wrong} of {twins.Count:N0}", "1 in 1,000", wrong * 1000 <= twins.Count);
        return (took, f1);
    }

    /// <summary>One report after another against everyone: the register streams into the index and is not kept beside it.</summary>
    private static void OneReport(Table table, Registers registers)
    {
        var (lexicon, reports) = (new Lexicon(), registers.Reports(24_000).ToList());
        var (left, some, rows) = (new Roll(lexicon), Roll(lexicon, reports.Take(20_000).Select(r => r.Said).ToList()), reports.Where(r => r.Truth is not null).Select(r => r.Truth!).Distinct().ToDictionary(id => id, _ => -1));
        foreach (var entry in registers.Register())
        {
            var row = left.Add(Columns, Values(entry));
            if (rows.ContainsKey(entry.Id))
            {
                rows[entry.Id] = row;
            }
        }
        lexicon.Settle(left, some);
        var model = Linkage.Of(left, some).Model;
        KnownPeople known = null!;
        var building = Seconds(() => known = new(left, model));
        var (took, first, asked) = (new List<double>(), 0, 0);
        foreach (var report in reports.Skip(16_000))
        {
            IReadOnlyList<Candidate> found = [];
            took.Add(Seconds(() => found = known.Find(Columns, Values(report.Said))) * 1e6);
            if (report.Truth is not null)
            {
                (asked, first) = (asked + 1, first + (found.Count > 0 && found[0].Row == rows[report.Truth] ? 1 : 0));
            }
        }
        var warm = took.Skip(4_000).ToList();
        table.Add($"one report against {left.Count:N0}", $"median {Table.Quantile(warm, 0.5):0} us, p99 {Table.Quantile(warm, 0.99):0} us", "50 us, 500 us", Table.Quantile(warm, 0.5) <= 50 && Table.Quantile(warm, 0.99) <= 500,
            $"built in {building:0.0} s; the right one is first for {(double)first / asked:P1}; {GC.GetTotalMemory(true) / 1e9:0.0} GB");
        GC.KeepAlive(known);
    }

    /// <summary>The same comparison in SQL: the same kinds of keys, Jaro-Winkler levels, weights learnt on the same data by counting what agrees by chance, and given for one person.</summary>
    private static void Peer(Table table, List<Entry> register, List<Reported> reports, (double Seconds, double F1) ours)
    {
        using var duck = new DuckDBConnection("Data Source=:memory:");
        duck.Open();
        void Do(string sql)
        {
            using var command = duck.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
        void Load(string name, IEnumerable<Entry> entries)
        {
            Do($"create table {name} (n int, given text, family text, born text, postcode text, address text, nhs text)");
            using var rows = duck.CreateAppender(name);
            var n = 0;
            foreach (var e in entries)
            {
                string? Known(string value) => value.Length == 0 ? null : value.ToUpperInvariant();
                rows.CreateRow().AppendValue(n++).AppendValue(Known(e.Given)).AppendValue(Known(e.Family)).AppendValue(Known(e.Born)).AppendValue(Known(e.Postcode)).AppendValue(Known(e.Address)).AppendValue(Known(e.Nhs)).EndRow();
            }
        }
        Do("set threads = 2");
        Load("a", register.AsEnumerable());
        Load("b", reports.Select(r => r.Said));
        var took = Seconds(() =>
        {
            Do("""
                create table gf as select given, count(*) / sum(count(*)) over () as p from a where given is not null group by 1;
                create table ff as select family, count(*) / sum(count(*)) over () as p from a where family is not null group by 1;
                create table pairs as
                select a.n as an, b.n as bn from a join b on a.nhs = b.nhs
                union select a.n, b.n from a join b on a.born = b.born and a.given[:3] = b.given[:3]
                union select a.n, b.n from a join b on a.born = b.born and a.family[:3] = b.family[:3]
                union select a.n, b.n from a join b on a.born = b.born and a.postcode = b.postcode
                union select a.n, b.n from a join b on a.postcode = b.postcode and a.given[:3] = b.given[:3]
                union select a.n, b.n from a join b on a.postcode = b.postcode and a.family[:3] = b.family[:3]
                union select a.n, b.n from a join b on a.given = b.given and a.family = b.family and a.born[:4] = b.born[:4];
                create table scored as
                select an, bn,
                    case when a.given is null or b.given is null then 0 when a.given = b.given then log2(0.8 / gf.p) when jaro_winkler_similarity(a.given, b.given) >= 0.92 then 4.5 when jaro_winkler_similarity(a.given, b.given) >= 0.8 then 2 else -5 end
                  + case when a.family is null or b.family is null then 0 when a.family = b.family then log2(0.86 / ff.p) when jaro_winkler_similarity(a.family, b.family) >= 0.92 then 4.5 when jaro_winkler_similarity(a.family, b.family) >= 0.8 then 2 else -5 end
                  + case when a.born is null or b.born is null then 0 when a.born = b.born then 13.5 when damerau_levenshtein(a.born, b.born) <= 1 then 4.5 when a.born[:4] = b.born[:4] then 0 else -5.5 end
                  + case when a.postcode is null or b.postcode is null then 0 when a.postcode = b.postcode then 14 when damerau_levenshtein(a.postcode, b.postcode) <= 1 then 8 else -2.8 end
                  + case when a.address is null or b.address is null then 0 when a.address = b.address then 4.5 when jaro_winkler_similarity(a.address, b.address) >= 0.95 then 3 when a.postcode = b.postcode then -4 else 0 end
                  + case when a.nhs is null or b.nhs is null then 0 when a.nhs = b.nhs then 20 else -6 end as weight
                  from pairs join a on a.n = an join b on b.n = bn left join gf on gf.given = a.given left join ff on ff.family = a.family;
                create table best as select bn, arg_max(an, weight) as an, max(weight) as weight from scored group by bn
                """);
        });
        var (best, at) = (0.0, 0.0);
        using var read = duck.CreateCommand();
        read.CommandText = "select an, bn, weight from best order by weight desc";
        using var row = read.ExecuteReader();
        var (n, right, known) = (0, 0, reports.Count(r => r.Truth is not null));
        while (row.Read())
        {
            (n, right) = (n + 1, right + (reports[row.GetInt32(1)].Truth == register[row.GetInt32(0)].Id ? 1 : 0));
            if (2.0 * right / (n + known) is var f1 && f1 > best)
            {
                (best, at) = (f1, row.GetDouble(2));
            }
        }
        table.Add("  the same in SQL on DuckDB, two threads, no training", $"{took:0.0} s; F1 {best:0.0000} at its best threshold", "", null, $"ours is {took / ours.Seconds:0.0} times as fast, with training; F1 {ours.F1:0.0000} at a threshold of its own choosing");
    }

    private static async Task Trigram(Table table, List<Entry> register, List<Reported> reports)
    {
        var folder = Directory.CreateTempSubdirectory("heed-bench-").FullName;
        await using (var postgres = await PrivatePostgres.Start(folder))
        {
            await using var source = NpgsqlDataSource.Create(postgres.Superuser + ";Command Timeout=0");
            await using var connection = await source.OpenConnectionAsync();
            async Task Do(string sql)
            {
                await using var command = new NpgsqlCommand(sql, connection);
                await command.ExecuteNonQueryAsync();
            }
            await Do("create extension if not exists pg_trgm; create table a (n int, name text, born text)");
            await using (var rows = await connection.BeginBinaryImportAsync("copy a from stdin (format binary)"))
            {
                for (var n = 0; n < register.Count; n++)
                {
                    await rows.WriteRowAsync(default, n, $"{register[n].Given} {register[n].Family}", register[n].Born);
                }
                await rows.CompleteAsync();
            }
            await Do("create index on a using gin (name gin_trgm_ops); analyze a; set pg_trgm.similarity_threshold = 0.6");
            await using var ask = new NpgsqlCommand("select n from a where name % $1 order by (born = $2) desc, similarity(name, $1) desc limit 10", connection) { Parameters = { new NpgsqlParameter<string>(), new NpgsqlParameter<string>() } };
            await ask.PrepareAsync();
            var (took, first, asked) = (new List<double>(), 0, 0);
            foreach (var report in reports.Take(300))
            {
                ((NpgsqlParameter<string>)ask.Parameters[0]).TypedValue = $"{report.Said.Given} {report.Said.Family}";
                ((NpgsqlParameter<string>)ask.Parameters[1]).TypedValue = report.Said.Born;
                var clock = Stopwatch.StartNew();
                var found = (int?)await ask.ExecuteScalarAsync();
                took.Add(clock.Elapsed.TotalMilliseconds);
                if (report.Truth is not null)
                {
                    (asked, first) = (asked + 1, first + (found is { } n && register[n].Id == report.Truth ? 1 : 0));
                }
            }
            table.Add("  the same asked of PostgreSQL's trigrams", $"median {Table.Ms(Table.Quantile(took, 0.5))}, p99 {Table.Ms(Table.Quantile(took, 0.99))}", "", null, $"the right one is first for {(double)first / asked:P1}");
        }
        Directory.Delete(folder, recursive: true);
    }

    private static double Seconds(Action what)
    {
        var clock = Stopwatch.StartNew();
        what();
        return clock.Elapsed.TotalSeconds;
    }
}
