using Heed.Matching;
using Heed.Plumbing;
using NodaTime.Text;

namespace Heed.Site.People;

/// <summary>What a record, and each of its mentions, is searched by, kept current as they arrive.</summary>
internal static class IndexLine
{
    public static Task Note(IReadOnlyList<Told> of, Work work, CancellationToken stop)
    {
        var lines = of.OrderBy(o => o.Record).ToList();
        string[] words = [.. lines.SelectMany(l => Names.Words(l.Description)).Distinct().Order(StringComparer.Ordinal)];
        return work.Do($"""
            with said as materialized (
                select x.mention, x.record, string_to_array(x.words, ' ') as words, x.born::date[], string_to_array(x.postcodes, ' ') as postcodes,
                       string_to_array(x.numbers, ' ') || array(select upper(regexp_replace(s.number, '[^A-Za-z0-9]', '', 'g')) from source_record s where s.id = x.record and s.number is not null) as numbers
                  from unnest({Column(l => l.Mention)}, {Column(l => l.Record)}, {Column(l => string.Join(' ', Names.Words(l.Description)))}, {Column(l => (l.Description.Born ?? l.Description.Expected) is { } born ? $"{{{LocalDatePattern.Iso.Format(born)}}}" : "{}")},
                              {Column(l => string.Join(' ', l.Description.Postcodes.SelectMany(Postcodes).Distinct()))}, {Column(l => string.Join(' ', l.Description.Identifiers.Select(i => Number(i.Value)).Where(n => n.Length > 0).Distinct()))})
                       x(mention, record, words, born, postcodes, numbers)),
            known as (insert into name_word (word, sound) select w, s from unnest({words}, {words.Select(w => Likeness.Sound(w)).ToArray()}) x(w, s) where not exists (select 1 from name_word n where n.word = w) order by w on conflict do nothing),
            each_one as (insert into mention_line (mention_id, words, born, postcodes, numbers) select mention, words, born, postcodes, numbers from said on conflict do nothing),
            line as (select record, together(words) as words, together(born) as born, together(postcodes) as postcodes, together(numbers) as numbers from said group by record)
            insert into index_line (source_record_id, agencies, words, born, postcodes, numbers)
            select record, disclosed_wholly(record), array(select distinct unnest(words)), array(select distinct unnest(born)), array(select distinct unnest(postcodes)), array(select distinct unnest(numbers)) from line order by record
            on conflict (source_record_id) do update
               set agencies = excluded.agencies, words = array(select distinct w from unnest(index_line.words || excluded.words) w),
                   born = array(select distinct b from unnest(index_line.born || excluded.born) b), postcodes = array(select distinct p from unnest(index_line.postcodes || excluded.postcodes) p), numbers = array(select distinct n from unnest(index_line.numbers || excluded.numbers) n)
            """, stop);

        T[] Column<T>(Func<Told, T> what) => [.. lines.Select(what)];
    }

    /// <summary>"TS20 2AB" is found by itself and by "TS20".</summary>
    private static IEnumerable<string> Postcodes(string postcode) => Names.FoldPostcode(postcode) is { Length: > 3 } whole ? [whole, whole[..^3]] : [];

    internal static string Number(string number) => string.Concat(number.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
}
