using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Heed.Matching;
using Heed.Plumbing;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Npgsql;

namespace Heed.Site.People;

/// <summary>
/// Who the people of a report are: runs right after it came in, in a work of its own. It links, lists for review, or makes new; it never merges and never guesses.
/// </summary>
public sealed class Resolve(IMatcher matcher)
{
    private const int MostCandidates = 50, MostMentions = 12;

    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    /// <summary>The mentions of some reports, the earlier report's first; then what hangs on who they are.</summary>
    public async Task Handle(Guid[] reports, Work work, CancellationToken stop)
    {
        await Facts(reports, work);
        var mentions = await Mentions(await work.Ask<Guid>($"select id as \"Value\" from mention where report_id = any ({reports}) order by report_id, ordinal").ToArrayAsync(stop), work, stop);
        await Many(mentions, work, stop);
        await Pregnancies(reports, work, stop);
        await Involve(reports, work);
    }

    /// <summary>Some mentions of a register, one after another, beginning with this one.</summary>
    public async Task Registered(Guid first, int howMany, Work work, CancellationToken stop)
    {
        var mentions = await Mentions(await work.Ask<Guid>($"select m.id as \"Value\" from mention f join mention m on m.import_id = f.import_id and m.ordinal between f.ordinal and f.ordinal + {howMany - 1} where f.id = {first} order by m.ordinal").ToArrayAsync(stop), work, stop);
        await Many(mentions, work, stop);
    }

    private static async Task<List<Told>> Mentions(Guid[] ids, Work work, CancellationToken stop) =>
        [.. (await work.Ask<Told.Row>(Sql($"select null::uuid as record, null as tier, null::uuid as person_id, {Told.Said} from unnest({{0}}) with ordinality i(id, place) join mention m using (id) {Told.Kin} order by i.place", ids)).ToListAsync(stop)).Select(row => Told.Of([row]))];

    /// <summary>What two statements have in common stands in neither: {0} is the first value.</summary>
    private static FormattableString Sql(string format, params object[] values) => FormattableStringFactory.Create(format, values);

    /// <summary>
    /// Finds who each record may be of, compares, and links, lists or makes new; the later ones find what the earlier ones made. Answers the persons of those that were not linked already.
    /// Several statements for all of them, however many they are: a register has thousands.
    /// </summary>
    public async Task<IReadOnlyDictionary<Guid, Guid>> Many(IReadOnlyList<Told> of, Work work, CancellationToken stop)
    {
        var keys = of.SelectMany(o => Names.BlockingKeys(o.Description).Select(key => (key, o.Record))).Distinct().ToList();
        var (keyed, keyOf) = (keys.Select(k => k.key).ToArray(), keys.Select(k => k.Record).ToArray());
        // Two programs that meet the same child at once: the second waits here, and then sees what the first made.
        await LockAndNote(keyed, keyOf, work, stop);
        await IndexLine.Note(of, work, stop);
        var records = of.Select(o => o.Record).Distinct().ToArray();
        var standing = (await work.Ask<Guid>($"select source_record_id as \"Value\" from link where source_record_id = any ({records}) and undone_at is null").ToListAsync(stop)).ToHashSet();
        var seeking = of.Where(o => !standing.Contains(o.Record)).DistinctBy(o => o.Record).ToDictionary(o => o.Record);
        var people = new Dictionary<Guid, Guid>();
        if (seeking.Count == 0)
        {
            return people;
        }
        // A key finds a record by any of its mentions, so all of them are compared: who moved, or is called otherwise now, is found by what was.
        var candidates = (await work.Ask<Told.Row>(Sql($$"""
            select f.record, s.tier, l.person_id, {{Told.Said}}
              from (select record, id, row_number() over (partition by record order by keys desc, id) as place
                      from (select x.record, b.source_record_id as id, count(*) as keys from unnest({0}, {1}) x(key, record) join blocking_key b on b.key = x.key and b.source_record_id <> x.record group by 1, 2) g) f
              join source_record s on s.id = f.id
              join lateral (select * from mention where source_record_id = s.id order by recorded_at desc, id desc limit {{MostMentions}}) m on true
              {{Told.Kin}}
              left join link l on l.source_record_id = s.id and l.undone_at is null
             where f.place <= {{MostCandidates}}
             order by f.record, f.place, m.recorded_at desc, m.id desc
            """, keyed, keyOf)).ToListAsync(stop)).GroupBy(row => (row.Record, row.Id)).Select(rows => new Candidate(rows.Key.Record!.Value, rows.First().Tier!, rows.First().PersonId, Told.Of(rows))).ToLookup(c => c.Record);
        // A sealed record is never linked by a rule, whichever of the two came first.
        var locked = (await work.Ask<Guid>($"select id as \"Value\" from source_record where id = any ({records}) and tier = 'sealed'").ToListAsync(stop)).ToHashSet();
        var barriers = (await work.Ask<Barrier>($"""
            select x.record, o.id as other, p.person_id from unnest({records}) x(record) join never_link n on x.record in (n.one, n.other)
             cross join lateral (values (case when n.one = x.record then n.other else n.one end)) o(id) left join link p on p.source_record_id = o.id and p.undone_at is null
            """).ToListAsync(stop)).ToLookup(b => b.Record);
        var decided = new Decided(matcher.Version);
        foreach (var (record, told) in seeking)
        {
            // Whoever shares a person with a barred record is behind the same barrier. A record that comes later here meets this one then.
            var behind = barriers[record].Select(b => b.PersonId ?? people.GetValueOrDefault(b.Other)).ToHashSet();
            var compared = candidates[record].Where(c => !locked.Contains(record) && (people.ContainsKey(c.Id) || !seeking.ContainsKey(c.Id)))
                .Select(c => c with { PersonId = c.PersonId ?? (people.TryGetValue(c.Id, out var here) ? here : null) })
                .Where(c => !barriers[record].Any(b => b.Other == c.Id) && (c.PersonId is not { } whose || !behind.Contains(whose)))
                .Select(c => (Candidate: c, Comparison: matcher.Compare(told.Description, c.Told.Description))).Where(c => c.Comparison.Verdict != Verdict.Different).ToList();
            var same = compared.Where(c => c.Comparison.Verdict == Verdict.Same).ToList();
            // A sealed record is never linked by a rule: its owner is told, and to everybody else this is somebody new.
            decided.Alert(same.Where(c => c.Candidate.Tier == "sealed").Select(c => c.Candidate.Id));
            same.RemoveAll(c => c.Candidate.Tier == "sealed" || c.Candidate.PersonId is null);
            var fitting = same.Select(c => c.Candidate.PersonId!.Value).Distinct().ToList();
            if (fitting.Count == 1)
            {
                people[record] = fitting[0];
                decided.Link(record, fitting[0], "same", same[0].Comparison.Reason, same[0].Candidate.Id, same[0].Comparison, [.. told.Words, .. same[0].Candidate.Told.Words]);
            }
            else
            {
                // Nobody fits, or two people do: then a practitioner decides, and until then this is a person of its own.
                people[record] = Ids.Next();
                decided.New(people[record]);
                decided.Link(record, people[record], "new", fitting.Count == 0 ? "Nobody known fits" : "More than one person known fits", null, null, []);
            }
            foreach (var (candidate, comparison) in compared.Where(c => c.Candidate.Tier != "sealed" && c.Candidate.PersonId != people[record]))
            {
                decided.Near(record, candidate.Id, comparison, [.. told.Words, .. candidate.Told.Words]);
            }
        }
        await decided.Write(work, stop);
        return people;
    }

    private static async Task LockAndNote(string[] keys, Guid[] records, Work work, CancellationToken stop)
    {
        // In one order everywhere, or two works could wait for each other.
        await using var batch = work.Batch();
        batch.BatchCommands.Add(new("select pg_advisory_xact_lock(h) from (select distinct hashtextextended(k, 2) as h from unnest($1) k order by 1) x") { Parameters = { new NpgsqlParameter<string[]> { TypedValue = keys } } });
        batch.BatchCommands.Add(new("insert into blocking_key (key, source_record_id) select k, r from unnest($1, $2) x(k, r) on conflict do nothing") { Parameters = { new NpgsqlParameter<string[]> { TypedValue = keys }, new NpgsqlParameter<Guid[]> { TypedValue = records } } });
        await batch.ExecuteNonQueryAsync(stop);
    }

    /// <summary>Facts with their valid time, hung on the mentions: residences, relationships, schools.</summary>
    private static async Task Facts(Guid[] reports, Work work)
    {
        await work.Do($"""
            insert into residence (mention_id, ordinal, address, locality, postcode, uprn, during, sensitivity)
            select m.id, a.n, coalesce(lower(regexp_replace(array_to_string(array(select jsonb_array_elements_text(a.v -> 'lines')), ', '), '[^[:alnum:]]+', ' ', 'g')), ''), a.v ->> 'locality',
                   upper(replace(a.v ->> 'postcode', ' ', '')), a.v ->> 'uprn', daterange((lower(r.occurred) at time zone 'Europe/London')::date, null), a.v ->> 'sensitivity'
              from mention m join report r on r.id = m.report_id cross join lateral jsonb_array_elements(r.content -> 'people' -> m.ordinal -> 'addresses') with ordinality a(v, n)
             where m.report_id = any ({reports}) and jsonb_typeof(r.content -> 'people' -> m.ordinal -> 'addresses') = 'array' and jsonb_typeof(a.v) = 'object'
            on conflict do nothing
            """);
        await work.Do($"""
            insert into relationship (mention_id, to_mention_id, kind, parental_responsibility)
            select m.id, o.id, x.v ->> 'kind', (x.v ->> 'parentalResponsibility')::boolean
              from mention m join report r on r.id = m.report_id cross join lateral jsonb_array_elements(r.content -> 'people' -> m.ordinal -> 'relationships') x(v)
              join mention o on o.report_id = m.report_id and o.key = x.v ->> 'to'
             where m.report_id = any ({reports}) and jsonb_typeof(r.content -> 'people' -> m.ordinal -> 'relationships') = 'array'
            on conflict do nothing
            """);
        await work.Do($"""
            insert into attendance (mention_id, school_id, urn, name, during)
            select m.id, a.id, m.school_urn, m.school_name, daterange((lower(r.occurred) at time zone 'Europe/London')::date, null)
              from mention m join report r on r.id = m.report_id left join agency a on a.kind = 'school' and a.code = m.school_urn
             where m.report_id = any ({reports}) and coalesce(m.school_urn, m.school_name) is not null
            on conflict do nothing
            """);
    }

    /// <summary>
    /// What follows from who somebody is: an open case's contact goes to its worker; a notice about a record that the recipient restricts becomes restricted there.
    /// </summary>
    private static async Task Involve(Guid[] reports, Work work)
    {
        await work.Do($"""
            update contact c set worker_id = a.practitioner_id
              from mention m join link l on l.source_record_id = m.source_record_id and l.undone_at is null join link o on o.person_id = l.person_id and o.undone_at is null
              join allocation a on a.source_record_id = o.source_record_id and a.during @> heed_now()
             where m.report_id = any ({reports}) and c.mention_id = m.id and a.agency_id = c.agency_id and c.worker_id is distinct from a.practitioner_id
            """);
        await work.Do($"""
            update clock k set practitioner_id = c.worker_id from contact c join notice n on n.id = c.notice_id
             where n.report_id = any ({reports}) and k.contact_id = c.id and c.worker_id is not null and k.practitioner_id is null and k.state in ('running', 'warned', 'breached')
            """);
        await work.Do($"""
            update notice n set tier = 'restricted'
             where n.report_id = any ({reports}) and n.tier = 'open' and n.withheld_because is null and exists (
                   select 1 from mention m join link l on l.source_record_id = m.source_record_id and l.undone_at is null join link o on o.person_id = l.person_id and o.undone_at is null
                     join source_record s on s.id = o.source_record_id and s.tier <> 'open' and s.agency_id = n.to_agency
                    where m.report_id = n.report_id and m.ordinal = any (n.mentions))
            """);
    }

    /// <summary>After records were joined or parted: what hangs on who somebody is follows, and what had followed from a mistake goes back.</summary>
    public async Task Again(Guid[] people, Work work, CancellationToken stop)
    {
        var reports = await work.Ask<Guid>($"select distinct m.report_id as \"Value\" from link l join mention m on m.source_record_id = l.source_record_id where l.person_id = any ({people}) and l.undone_at is null and m.report_id is not null").ToArrayAsync(stop);
        await work.Do($"""
            with wrong as (
                select c.id, c.notice_id, c.worker_id from contact c join mention m on m.id = c.mention_id
                 where m.report_id = any ({reports}) and c.decision is null and c.worker_id is not null and not exists (
                       select 1 from link l join link o on o.person_id = l.person_id and o.undone_at is null join allocation a on a.source_record_id = o.source_record_id and a.during @> heed_now()
                        where l.source_record_id = m.source_record_id and l.undone_at is null and a.agency_id = c.agency_id and a.practitioner_id = c.worker_id)),
            cleared as (update contact c set worker_id = null from wrong w where c.id = w.id)
            update clock k set practitioner_id = n.taken_by from wrong w join notice n on n.id = w.notice_id where k.contact_id = w.id and k.practitioner_id = w.worker_id and k.state in ('running', 'warned', 'breached')
            """, stop);
        await Pregnancies(reports, work, stop);
        await Involve(reports, work);
    }

    /// <summary>An unborn child has nothing of its own to go by but its mother: where she is one person in two reports, whatever name each gives her, and the dates fit, a practitioner is asked whether the child is one too.</summary>
    private async Task Pregnancies(Guid[] reports, Work work, CancellationToken stop)
    {
        var pairs = await work.Ask<Pregnancy>($"""
            with child as (
                select m.id, m.source_record_id, m.report_id, m.expected, l.person_id, k.person_id as mother
                  from mention m join relationship r on r.mention_id = m.id and r.kind = 'mother' join mention x on x.id = r.to_mention_id
                  join link k on k.source_record_id = x.source_record_id and k.undone_at is null join link l on l.source_record_id = m.source_record_id and l.undone_at is null
                  join source_record s on s.id = m.source_record_id and s.tier <> 'sealed'
                 where m.report_id = any ({reports}) and (m.expected is not null or m.born > heed_now() - interval '1 year'))
            select distinct on (least(u.source_record_id, v.source_record_id), greatest(u.source_record_id, v.source_record_id)) u.id as mention, v.id as other
              from child u join link k on k.person_id = u.mother and k.undone_at is null join mention y on y.source_record_id = k.source_record_id join relationship r on r.to_mention_id = y.id and r.kind = 'mother'
              join mention v on v.id = r.mention_id and v.report_id is distinct from u.report_id and (v.expected is not null or u.expected is not null and v.born > heed_now() - interval '1 year') join link l on l.source_record_id = v.source_record_id and l.undone_at is null and l.person_id <> u.person_id
              join source_record s on s.id = v.source_record_id and s.tier <> 'sealed'
             where not exists (select 1 from possible_match p where (p.source_record_id, p.other_id) = (u.source_record_id, v.source_record_id)) and not exists (select 1 from possible_match p where (p.other_id, p.source_record_id) = (u.source_record_id, v.source_record_id))
               and not exists (select 1 from never_link n where (n.one, n.other) = (least(u.source_record_id, v.source_record_id), greatest(u.source_record_id, v.source_record_id)))
             order by least(u.source_record_id, v.source_record_id), greatest(u.source_record_id, v.source_record_id), v.recorded_at desc, v.id, u.id
            """).ToListAsync(stop);
        if (pairs.Count == 0)
        {
            return;
        }
        var described = (await Mentions([.. pairs.SelectMany(p => new[] { p.Mention, p.Other }).Distinct()], work, stop)).ToDictionary(m => m.Mention);
        var decided = new Decided(matcher.Version);
        foreach (var (one, other) in pairs.Select(p => (described[p.Mention], described[p.Other])))
        {
            if (FirstRules.IsOnePregnancy(one.Description, other.Description))
            {
                decided.Near(one.Record, other.Record, matcher.Compare(one.Description, other.Description) with { Reason = "the mother is one person, and the birth dates or expected dates fit" }, [.. one.Words, .. other.Words]);
            }
        }
        await decided.Write(work, stop);
    }

    private sealed record Pregnancy(Guid Mention, Guid Other);

    private sealed record Candidate(Guid Record, string Tier, Guid? PersonId, Told Told)
    {
        public Guid Id => Told.Record;
    }

    /// <summary>Other may never be of one person with Record; PersonId is whose it is.</summary>
    private sealed record Barrier(Guid Record, Guid Other, Guid? PersonId);
}
