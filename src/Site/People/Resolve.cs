using System.Text.Json;
using System.Text.Json.Serialization;
using Heed.Matching;
using Heed.Plumbing;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NpgsqlTypes;

namespace Heed.Site.People;

/// <summary>
/// Who the people of a report are: runs right after it came in, in a work of its own. It links, lists for review, or makes new; it never merges and never guesses.
/// </summary>
public sealed class Resolve(IMatcher matcher)
{
    private const int MostCandidates = 50;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    /// <summary>The report's mentions, one by one; then what hangs on who they are.</summary>
    public async Task Handle(Guid report, Work work, CancellationToken stop)
    {
        await Facts(report, work);
        var mentions = await work.Ask<MentionRow>($"""
            select m.id, m.source_record_id, m.agency_id, m.given, m.family, m.also_known_as, m.former_names, m.born, m.expected, m.sex, m.nhs, m.upn, m.pnc, m.postcode, m.address,
                   (select concat_ws(' ', x.given, x.family) from relationship r join mention x on x.id = r.to_mention_id where r.mention_id = m.id and r.kind = 'mother' limit 1) as mother
              from mention m where m.report_id = {report} order by m.ordinal
            """).ToListAsync(stop);
        // All of them at once: one by one, two reports that name the same two people the other way round would each hold what the other waits for.
        await Locks([.. mentions.SelectMany(m => Names.BlockingKeys(m.AsDescription())).Distinct()], work, stop);
        foreach (var mention in mentions)
        {
            await One(mention.SourceRecordId, mention.AsDescription(), work, stop);
        }
        await Involve(report, work);
    }

    /// <summary>Finds who a record may be of, compares, and links, lists or makes new. Answers the person, or null where the record was linked already.</summary>
    public async Task<Guid?> One(Guid record, Description description, Work work, CancellationToken stop)
    {
        var keys = Names.BlockingKeys(description);
        // Two programs that meet the same child at once: the second waits here, and then sees what the first made.
        await Locks(keys, work, stop);
        await work.Do($"insert into blocking_key (key, source_record_id) select k, {record} from unnest({keys.ToArray()}) k on conflict do nothing", stop);
        if (await work.One<bool>($"select exists (select 1 from link where source_record_id = {record} and undone_at is null)", stop))
        {
            return null;
        }
        // A sealed record is never linked by a rule, whichever of the two came first.
        var isSealed = await work.One<bool>($"select exists (select 1 from source_record where id = {record} and tier = 'sealed')", stop);
        var candidates = await work.Ask<Candidate>($"""
            select s.id, s.tier, l.person_id, m.given, m.family, m.also_known_as, m.former_names, m.born, m.expected, m.sex, m.nhs, m.upn, m.pnc, m.postcode, m.address, null as mother,
                   exists (select 1 from never_link n where n.one = least(s.id, {record}) and n.other = greatest(s.id, {record}))
                   or exists (select 1 from link x join never_link n on n.one = least(x.source_record_id, {record}) and n.other = greatest(x.source_record_id, {record}) where x.person_id = l.person_id and x.undone_at is null) as barred
              from (select source_record_id as id from blocking_key where key = any ({keys.ToArray()}) and source_record_id <> {record} group by 1 order by count(*) desc, source_record_id limit {MostCandidates}) k
              join source_record s on s.id = k.id
              join lateral (select * from mention where source_record_id = s.id order by recorded_at desc, id desc limit 1) m on true
              left join link l on l.source_record_id = s.id and l.undone_at is null
            """).ToListAsync(stop);
        // Barred: from this record, or from anybody it would be joined with; such a pair is not even listed for review.
        var compared = candidates.Where(c => !c.Barred && !isSealed).Select(c => (Candidate: c, Comparison: matcher.Compare(description, c.AsDescription()))).Where(c => c.Comparison.Verdict != Verdict.Different).ToList();
        var same = compared.Where(c => c.Comparison.Verdict == Verdict.Same).ToList();
        // A sealed record is never linked by a rule: its owner is told, and to everybody else this is somebody new.
        foreach (var (sealed_, _) in same.Where(c => c.Candidate.Tier == "sealed"))
        {
            await work.Do($"insert into alert (id, agency_id, source_record_id, what) select {Guid.CreateVersion7()}, agency_id, id, 'A report seems to be about this sealed record' from source_record where id = {sealed_.Id}", stop);
        }
        same.RemoveAll(c => c.Candidate.Tier == "sealed" || c.Candidate.PersonId is null);
        var people = same.Select(c => c.Candidate.PersonId!.Value).Distinct().ToList();
        Guid person;
        if (people.Count == 1)
        {
            var (candidate, comparison) = same[0];
            person = people[0];
            await LinkTo(record, person, "same", comparison.Reason, candidate.Id, comparison, work, stop);
        }
        else
        {
            // Nobody fits, or two people do: then a practitioner decides, and until then this is a person of its own.
            person = Guid.CreateVersion7();
            await work.Do($"insert into person (id) values ({person})", stop);
            await LinkTo(record, person, "new", people.Count == 0 ? "Nobody known fits" : "More than one person known fits", null, null, work, stop);
        }
        foreach (var (candidate, comparison) in compared.Where(c => c.Candidate.Tier != "sealed" && c.Candidate.PersonId != person))
        {
            await work.Do($"""
                insert into possible_match (id, source_record_id, other_id, rules, reason, comparison) values ({Guid.CreateVersion7()}, {record}, {candidate.Id}, {matcher.Version}, {comparison.Reason}, {JsonSerializer.Serialize(comparison.Fields, Json)}::jsonb)
                on conflict do nothing
                """, stop);
        }
        return person;
    }

    private async Task LinkTo(Guid record, Guid person, string verdict, string reason, Guid? with, Comparison? comparison, Work work, CancellationToken stop) => await work.Do($"""
        insert into link (id, source_record_id, person_id, rules, verdict, reason, compared_with, comparison)
        values ({Guid.CreateVersion7()}, {record}, {person}, {matcher.Version}, {verdict}, {reason}, {with}, {(comparison is null ? null : JsonSerializer.Serialize(comparison.Fields, Json))}::jsonb)
        """, stop);

    private static async Task Locks(IReadOnlyList<string> keys, Work work, CancellationToken stop)
    {
        // In one order everywhere, or two works could wait for each other.
        await using var batch = work.Batch();
        batch.BatchCommands.Add(new("select pg_advisory_xact_lock(h) from (select distinct hashtextextended(k, 2) as h from unnest($1) k order by 1) x") { Parameters = { new() { Value = keys.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text } } });
        await batch.ExecuteNonQueryAsync(stop);
    }

    /// <summary>Facts with their valid time, hung on the mentions: residences, relationships, schools.</summary>
    private static async Task Facts(Guid report, Work work)
    {
        await work.Do($"""
            insert into residence (mention_id, ordinal, address, locality, postcode, uprn, during, sensitivity)
            select m.id, a.n, coalesce(lower(regexp_replace(array_to_string(array(select jsonb_array_elements_text(a.v -> 'lines')), ', '), '[^[:alnum:]]+', ' ', 'g')), ''), a.v ->> 'locality',
                   upper(replace(a.v ->> 'postcode', ' ', '')), a.v ->> 'uprn', daterange((lower(r.occurred) at time zone 'Europe/London')::date, null), a.v ->> 'sensitivity'
              from mention m join report r on r.id = m.report_id cross join lateral jsonb_array_elements(r.content -> 'people' -> m.ordinal -> 'addresses') with ordinality a(v, n)
             where m.report_id = {report} and jsonb_typeof(r.content -> 'people' -> m.ordinal -> 'addresses') = 'array' and jsonb_typeof(a.v) = 'object'
            on conflict do nothing
            """);
        await work.Do($"""
            insert into relationship (mention_id, to_mention_id, kind, parental_responsibility)
            select m.id, o.id, x.v ->> 'kind', (x.v ->> 'parentalResponsibility')::boolean
              from mention m join report r on r.id = m.report_id cross join lateral jsonb_array_elements(r.content -> 'people' -> m.ordinal -> 'relationships') x(v)
              join mention o on o.report_id = m.report_id and o.key = x.v ->> 'to'
             where m.report_id = {report} and jsonb_typeof(r.content -> 'people' -> m.ordinal -> 'relationships') = 'array'
            on conflict do nothing
            """);
        await work.Do($"""
            insert into attendance (mention_id, school_id, urn, name, during)
            select m.id, a.id, m.school_urn, m.school_name, daterange((lower(r.occurred) at time zone 'Europe/London')::date, null)
              from mention m join report r on r.id = m.report_id left join agency a on a.kind = 'school' and a.code = m.school_urn
             where m.report_id = {report} and coalesce(m.school_urn, m.school_name) is not null
            on conflict do nothing
            """);
    }

    /// <summary>
    /// What follows from who somebody is: an open case's contact goes to its worker; a notice about a record that the recipient restricts becomes restricted there.
    /// </summary>
    private static async Task Involve(Guid report, Work work)
    {
        await work.Do($"""
            update contact c set worker_id = a.practitioner_id
              from mention m join link l on l.source_record_id = m.source_record_id and l.undone_at is null join link o on o.person_id = l.person_id and o.undone_at is null
              join allocation a on a.source_record_id = o.source_record_id and a.during @> heed_now()
             where m.report_id = {report} and c.mention_id = m.id and a.agency_id = c.agency_id and c.worker_id is distinct from a.practitioner_id
            """);
        await work.Do($"""
            update clock k set practitioner_id = c.worker_id from contact c join notice n on n.id = c.notice_id
             where n.report_id = {report} and k.contact_id = c.id and c.worker_id is not null and k.practitioner_id is null and k.state in ('running', 'warned', 'breached')
            """);
        await work.Do($"""
            update notice n set tier = 'restricted'
             where n.report_id = {report} and n.tier = 'open' and n.withheld_because is null and exists (
                   select 1 from mention m join link l on l.source_record_id = m.source_record_id and l.undone_at is null join link o on o.person_id = l.person_id and o.undone_at is null
                     join source_record s on s.id = o.source_record_id and s.tier = 'restricted' and s.agency_id = n.to_agency
                    where m.report_id = n.report_id and m.ordinal = any (n.mentions))
            """);
    }

    public sealed record MentionRow(
        Guid Id, Guid SourceRecordId, Guid AgencyId, string? Given, string? Family, string[] AlsoKnownAs, string[] FormerNames, LocalDate? Born, LocalDate? Expected, string? Sex, string? Nhs, string? Upn, string? Pnc, string? Postcode, string? Address, string? Mother)
    {
        public Description AsDescription() => Described(Given, Family, AlsoKnownAs, FormerNames, Born, Expected, Sex, Nhs, Upn, Pnc, Postcode, Address, Mother);
    }

    private sealed record Candidate(
        Guid Id, string Tier, Guid? PersonId, string? Given, string? Family, string[] AlsoKnownAs, string[] FormerNames, LocalDate? Born, LocalDate? Expected, string? Sex, string? Nhs, string? Upn, string? Pnc, string? Postcode, string? Address, string? Mother, bool Barred)
    {
        public Description AsDescription() => Described(Given, Family, AlsoKnownAs, FormerNames, Born, Expected, Sex, Nhs, Upn, Pnc, Postcode, Address, Mother);
    }

    private static Description Described(string? given, string? family, string[] aka, string[] former, LocalDate? born, LocalDate? expected, string? sex, string? nhs, string? upn, string? pnc, string? postcode, string? address, string? mother) => new()
    {
        Given = given,
        Family = family,
        AlsoKnownAs = [.. aka, .. former],
        Born = born,
        Expected = expected,
        Sex = sex,
        Identifiers = [.. new[] { ("nhs", nhs), ("upn", upn), ("pnc", pnc) }.Where(i => i.Item2 is not null).Select(i => new Identifier(i.Item1, i.Item2!))],
        Postcodes = postcode is null ? [] : [postcode],
        AddressLines = address is null ? [] : [address],
        MotherName = mother,
    };
}
