using Heed.Matching;
using Heed.Plumbing;
using NodaTime.Text;

namespace Heed.Site.People;

/// <summary>What a record is searched by, kept current as its mentions arrive.</summary>
internal static class IndexLine
{
    public static Task Note(IReadOnlyList<(Guid Record, Description Description)> of, Work work, CancellationToken stop)
    {
        var lines = of.GroupBy(o => o.Record).Select(g => (Record: g.Key, All: g.Select(o => o.Description).ToList())).OrderBy(l => l.Record).ToList();
        return work.Do($"""
            with line as (
                select x.record, string_to_array(x.words, ' ') as words, x.born::date[], string_to_array(x.postcodes, ' ') as postcodes,
                       string_to_array(x.numbers, ' ') || array(select upper(regexp_replace(s.number, '[^A-Za-z0-9]', '', 'g')) from source_record s where s.id = x.record and s.number is not null) as numbers
                  from unnest({Column(l => l.Record)}, {Column(l => string.Join(' ', l.All.SelectMany(Names.Words).Distinct()))}, {Column(l => $"{{{string.Join(',', l.All.Select(d => d.Born ?? d.Expected).OfType<NodaTime.LocalDate>().Distinct().Select(LocalDatePattern.Iso.Format))}}}")},
                              {Column(l => string.Join(' ', l.All.SelectMany(d => d.Postcodes).SelectMany(Postcodes).Distinct()))}, {Column(l => string.Join(' ', l.All.SelectMany(d => d.Identifiers).Select(i => Number(i.Value)).Where(n => n.Length > 0).Distinct()))})
                       x(record, words, born, postcodes, numbers)),
            known as (insert into name_word select distinct w from line, unnest(line.words) w where not exists (select 1 from name_word n where n.word = w) order by w on conflict do nothing)
            insert into index_line (source_record_id, agencies, words, born, postcodes, numbers) select record, disclosed_wholly(record), words, born, postcodes, numbers from line
            on conflict (source_record_id) do update
               set agencies = excluded.agencies, words = array(select distinct w from unnest(index_line.words || excluded.words) w),
                   born = array(select distinct b from unnest(index_line.born || excluded.born) b), postcodes = array(select distinct p from unnest(index_line.postcodes || excluded.postcodes) p), numbers = array(select distinct n from unnest(index_line.numbers || excluded.numbers) n)
            """, stop);

        T[] Column<T>(Func<(Guid Record, List<Description> All), T> what) => [.. lines.Select(what)];
    }

    /// <summary>"TS20 2AB" is found by itself and by "TS20".</summary>
    private static IEnumerable<string> Postcodes(string postcode) => Names.FoldPostcode(postcode) is { Length: > 3 } whole ? [whole, whole[..^3]] : [];

    internal static string Number(string number) => string.Concat(number.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
}
