using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Heed.Seed;
using Npgsql;
using NpgsqlTypes;

namespace Heed.Benchmarks;

/// <summary>
/// One force with a million people of a register of England and Wales: each is looked for as a report gives them, errors and all, in five ways of typing what one knows.
/// Beside PostgreSQL's trigram search of the same names by itself: no dates, no postcodes, no permissions, no record of who looked.
/// </summary>
internal static class Search
{
    private const int Each = 200;

    private sealed record Sought(string Terms, string Name, string Truth);

    public static async Task Run(Machine machine, Table table, int people)
    {
        Console.WriteLine($"Searching among {people:N0} people …");
        var registers = new Registers(91, people);
        var clock = Stopwatch.StartNew();
        await Fill(machine, registers);
        Console.WriteLine($"  loaded in {clock.Elapsed.TotalSeconds:0} s");
        using var police = machine.Police();
        foreach (var sought in Of(registers, "warm", s => $"{s.Given} {s.Family}").Take(50))
        {
            await Heed(police, sought);
        }
        var all = new List<double>();
        foreach (var (what, terms) in new (string, Func<Entry, string>)[]
        {
            ("a whole name", s => $"{s.Given} {s.Family}"), ("a name and a date", s => $"{s.Given} {s.Family} {s.Born}"), ("a family name and a postcode", s => $"{s.Family} {s.Postcode}"),
            ("part of a family name and a date", s => $"{s.Family[..Math.Min(4, s.Family.Length)]} {s.Born}"), ("a family name alone", s => s.Family),
        })
        {
            // A system searches 600 times a minute at most, and these are faster: what was searched before was an hour ago.
            await machine.Do("update search set at = at - interval '1 hour'");
            var (times, found) = await Time(Of(registers, what, terms), sought => Heed(police, sought));
            all.AddRange(times);
            table.Add($"search, {what}: median / p99", $"{Table.Ms(Table.Quantile(times, 0.5))} / {Table.Ms(Table.Quantile(times, 0.99))}", "", null, $"{found} of {times.Count} found among the first 40");
        }
        await using var trigram = await machine.Super.OpenConnectionAsync();
        var (alone, foundAlone) = await Time(Of(registers, "a whole name", s => $"{s.Given} {s.Family}"), sought => Trigram(trigram, sought));
        var (ours, theirs) = (Table.Quantile(all, 0.5), Table.Quantile(alone, 0.5));
        table.Add("  PostgreSQL's trigram search of whole names by itself: median / p99", $"{Table.Ms(theirs)} / {Table.Ms(Table.Quantile(alone, 0.99))}", "", null, $"{foundAlone} of {alone.Count} found among the first 40");
        table.Add("  all of Heed's: median / p99", $"{Table.Ms(ours)} / {Table.Ms(Table.Quantile(all, 0.99))}", "", null, $"{(ours / theirs).ToString("0.00", CultureInfo.InvariantCulture)} of the trigram search's median; over HTTP, with permissions, each recorded");
    }

    /// <summary>Reports about people whom the register has, with something to type.</summary>
    private static IEnumerable<Sought> Of(Registers registers, string what, Func<Entry, string> terms) => registers.Reports(20_000)
        .Where(r => r is { Truth: not null, Said: { Given.Length: > 1, Family.Length: > 1, Born.Length: 10, Postcode.Length: > 4 } })
        .Skip(what.Length * 37).Take(Each).Select(r => new Sought(terms(r.Said), $"{r.Said.Given} {r.Said.Family}", r.Truth!));

    private static async Task<(List<double> Times, int Found)> Time(IEnumerable<Sought> all, Func<Sought, Task<bool>> search)
    {
        var (times, found) = (new List<double>(), 0);
        foreach (var sought in all.ToList())
        {
            var began = Stopwatch.GetTimestamp();
            found += await search(sought) ? 1 : 0;
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        return (times, found);
    }

    private static async Task<bool> Heed(HttpClient police, Sought sought)
    {
        using var answer = await police.PostAsJsonAsync("/api/searches", new { terms = sought.Terms });
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? JsonDocument.Parse(text).RootElement.GetProperty("hits").EnumerateArray().Any(h => h.GetProperty("person").GetString() == Id(sought.Truth).ToString())
            : throw new InvalidOperationException($"Answered {answer.StatusCode}");
    }

    private static async Task<bool> Trigram(NpgsqlConnection connection, Sought sought)
    {
        await using var command = new NpgsqlCommand("select id from by_name where name % $1 order by similarity(name, $1) desc limit 40", connection) { Parameters = { new() { Value = sought.Name.ToLowerInvariant() } } };
        await using var rows = await command.ExecuteReaderAsync();
        var found = false;
        while (await rows.ReadAsync())
        {
            found |= rows.GetGuid(0) == Id(sought.Truth);
        }
        return found;
    }

    /// <summary>Person and record of an entry have one id: nothing here is ever joined.</summary>
    private static Guid Id(string entry) => new(System.Security.Cryptography.MD5.HashData(System.Text.Encoding.UTF8.GetBytes(entry)));

    private static async Task Fill(Machine machine, Registers registers)
    {
        await using var connection = await machine.Super.OpenConnectionAsync();
        async Task Run(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync();
        }
        await Run("set session_replication_role = replica; set synchronous_commit = off; set maintenance_work_mem = '1GB'");
        await Run("create table by_name (id uuid, given text, family text, words text[], born date, postcode text, nhs text, name text)");
        await using (var copy = await connection.BeginBinaryImportAsync("copy by_name from stdin (format binary)"))
        {
            foreach (var entry in registers.Register())
            {
                await copy.StartRowAsync();
                await copy.WriteAsync(Id(entry.Id), NpgsqlDbType.Uuid);
                await copy.WriteAsync(entry.Given, NpgsqlDbType.Text);
                await copy.WriteAsync(entry.Family, NpgsqlDbType.Text);
                await copy.WriteAsync(Matching.Names.Words($"{entry.Given} {entry.Family}").ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);
                await (NodaTime.Text.LocalDatePattern.Iso.Parse(entry.Born) is { Success: true } born ? copy.WriteAsync(born.Value, NpgsqlDbType.Date) : copy.WriteNullAsync());
                await copy.WriteAsync(entry.Postcode, NpgsqlDbType.Text);
                await copy.WriteAsync(entry.Nhs, NpgsqlDbType.Text);
                await copy.WriteAsync($"{entry.Given} {entry.Family}".ToLowerInvariant(), NpgsqlDbType.Text);
            }
            await copy.CompleteAsync();
        }
        var police = machine.Loaded.Agencies["tees-valley-police"];
        await Run("insert into person (id) select id from by_name");
        await Run($"insert into source_record (id, agency_id, number) select id, '{police}', id::text from by_name");
        await Run($"insert into link (id, source_record_id, person_id, actor, agency_id, purpose, rules, verdict, reason) select id, id, id, '{Plumbing.Databases.Heed}', '{police}', 'Benchmark', 'benchmark', 'new', 'Benchmark' from by_name");
        await Run($"insert into mention (id, source_record_id, agency_id, import_id, ordinal, is_child, given, family, born, postcode) select id, id, '{police}', id, 1, coalesce(born > date '2008-06-01', true), given, family, born, postcode from by_name");
        await Run("""
            insert into index_line (source_record_id, agencies, words, born, postcodes, numbers)
            select id, array[source.agency_id], words, array_remove(array[born], null), array_remove(array[replace(postcode, ' ', ''), split_part(postcode, ' ', 1)], ''), array_remove(array[nhs], '') from by_name join source_record source using (id)
            """);
        await Run("insert into mention_line (mention_id, words, born, postcodes, numbers) select source_record_id, words, born, postcodes, numbers from index_line");
        await Run("create temp table word as select distinct w from by_name, unnest(words) w");
        var words = new List<string>();
        await using (var command = new NpgsqlCommand("select w from word", connection))
        await using (var rows = await command.ExecuteReaderAsync())
        {
            while (await rows.ReadAsync())
            {
                words.Add(rows.GetString(0));
            }
        }
        await using (var copy = await connection.BeginBinaryImportAsync("copy name_word (word, sound) from stdin (format binary)"))
        {
            foreach (var word in words)
            {
                await copy.WriteRowAsync(default, word, Matching.Likeness.Sound(word));
            }
            await copy.CompleteAsync();
        }
        await Run("create index on by_name using gin (name gin_trgm_ops)");
        await Run("vacuum analyze");
    }
}
