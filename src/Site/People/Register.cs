using System.Security.Cryptography;
using System.Text.Json;
using Heed.Plumbing;
using Heed.Statute;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Heed.Site.People;

/// <summary>
/// An agency loads its register: every row or none, in its own name, under row security. Who the people are is worked out after, some at a time, and owed as jobs from the same commit:
/// an import that is killed goes on in whatever program runs next.
/// </summary>
public sealed class Register(Works works, Resolve resolve)
{
    public const string ResolveJob = "people.resolve-register";
    private const int AtOnce = 200;

    // This long the import keeps to itself what it owes; after that any program takes it on.
    private static readonly Duration Own = Duration.FromMinutes(5);

    public sealed record Ask(string FileName, byte[] Bytes, string Agency, string Columns);

    /// <param name="Before">The same file with the same map was imported before; this changed nothing.</param>
    public sealed record Kept(Guid Import, string Agency, bool Before, RegisterFile File);

    public sealed record Summary(int Linked, int New, int ToReview, int Known);

    /// <summary>The rows, in one transaction; or what is wrong, and nothing was imported.</summary>
    public async Task<(Kept?, string? Wrong)> Keep(Ask ask, CancellationToken stop = default)
    {
        var agency = await works.AsWorker("Finding whose register this is", work => work.Ask<Owner>($"""
            select a.name, p.id as system from agency a left join practitioner p on p.key = a.key || '/system' where a.key = {ask.Agency} or lower(a.name) = lower({ask.Agency})
            """).FirstOrDefaultAsync(stop), stop);
        if (agency?.System is not { } system)
        {
            return (null, agency is null ? $"No agency has the key or the name \"{ask.Agency}\"" : $"{agency.Name} has no system of its own that could import");
        }
        string? wrong = null;
        var kept = await works.As(Identity.Of(system), "Importing a register", async work =>
        {
            if (!work.Actor.May("register.import"))
            {
                wrong = $"The system of {agency.Name} has no post that permits register.import";
                return null;
            }
            (var file, wrong) = RegisterFile.Of(ask.Bytes, ask.Columns, WorkingCalendar.DateIn(work.Now));
            if (file is null)
            {
                return null;
            }
            var import = Ids.Next();
            var map = JsonSerializer.Serialize(new SortedDictionary<string, string>(ask.Columns.Split(',').Select(pair => pair.Split('=', 2, StringSplitOptions.TrimEntries)).ToDictionary(p => p[0], p => p[1]), StringComparer.Ordinal));
            var hash = SHA256.HashData(ask.Bytes);
            if (await work.Do($"""
                insert into import (id, agency_id, file_name, file_hash, column_map, rows_read, rows_kept, rows_refused)
                values ({import}, {work.Actor.Agency}, {ask.FileName}, {hash}, {map}::jsonb, {file.Read}, {file.Rows.Count}, {file.Refused}) on conflict do nothing
                """, stop) == 0)
            {
                import = await work.One<Guid>($"select id from import where agency_id = {work.Actor.Agency} and file_hash = {hash} and column_map = {map}::jsonb", stop);
                return new Kept(import, agency.Name, true, file);
            }
            await Stage(file, work, stop);
            await Insert(import, file, work, stop);
            work.Wakes(Jobs.Topic);
            return new Kept(import, agency.Name, false, file);
        }, stop);
        return (kept, wrong);
    }

    /// <summary>Who the people are: what this import still owes, some rows at a time, each with "done" in one transaction.</summary>
    public async Task<Summary> Resolve(Guid import, Action<int>? say = null, CancellationToken stop = default)
    {
        while (await works.AsWorker("Working out who the people of a register are", async work =>
        {
            var owed = await work.Ask<Owed>($"""
                select j.id, j.subject_id as first, (select count(*)::int from job r join mention f on f.id = r.subject_id where f.import_id = {import} and r.kind = {ResolveJob} and r.state = 'ready') as left
                  from job j join mention f on f.id = j.subject_id where f.import_id = {import} and j.kind = {ResolveJob} and j.state = 'ready' order by f.ordinal limit 1 for update of j skip locked
                """).ToListAsync(stop);
            foreach (var one in owed)
            {
                await resolve.Registered(one.First, AtOnce, work, stop);
                await work.Do($"update job set state = 'done', leased_until = null where id = {one.Id}", stop);
                say?.Invoke((one.Left - 1) * AtOnce);
            }
            return owed.Count;
        }, stop) > 0)
        {
            // Until nothing is owed, or the rest is in another program's hands.
        }
        return await works.AsWorker("Counting what became of a register", work => work.Ask<Summary>($"""
            select count(*) filter (where l.verdict = 'same' and l.at >= m.recorded_at)::int as linked, count(*) filter (where l.verdict <> 'same' and l.at >= m.recorded_at)::int as new,
                   count(*) filter (where exists (select 1 from possible_match p where p.source_record_id = m.source_record_id and p.state = 'open'))::int as to_review, count(*) filter (where l.at < m.recorded_at)::int as known
              from mention m left join link l on l.source_record_id = m.source_record_id and l.undone_at is null where m.import_id = {import}
            """).SingleAsync(stop), stop);
    }

    /// <summary>The job: the rows from this one on.</summary>
    public Task Handle(Guid[] first, Work work, CancellationToken stop) => resolve.Registered(first.Single(), AtOnce, work, stop);

    private static async Task Stage(RegisterFile file, Work work, CancellationToken stop)
    {
        await work.Do($"""
            create temporary table staged (
                ordinal int, mention uuid, record uuid, number text, is_child boolean, given text, family text, also_known_as text[], born date, born_written text, expected date, sex text, language text,
                nhs text, upn text, pnc text, identifiers jsonb, address text, locality text, postcode text, school text, phone text, email text) on commit drop
            """, stop);
        await using var copy = await work.Copy("copy staged from stdin (format binary)", stop);
        foreach (var (row, ordinal) in file.Rows.Select((r, i) => (r, i)))
        {
            await copy.StartRowAsync(stop);
            await copy.WriteAsync(ordinal, stop);
            await copy.WriteAsync(Ids.Next(), stop);
            await copy.WriteAsync(row.Number is { } number ? SourceRecord.Of(work.Actor.Agency, number) : Ids.Next(), stop);
            await Text(row.Number);
            await copy.WriteAsync(row.IsChild, stop);
            await Text(row.Given);
            await Text(row.Family);
            await copy.WriteAsync(row.Aliases, stop);
            await Day(row.Born);
            await Text(row.BornWritten);
            await Day(row.Expected);
            await Text(row.Sex);
            await Text(row.Language);
            await Text(row.Nhs);
            await Text(row.Upn);
            await Text(row.Pnc);
            await copy.WriteAsync(JsonSerializer.Serialize(row.Identifiers.Select(i => new { type = i.Type, value = i.Value })), NpgsqlDbType.Jsonb, stop);
            await Text(row.Address);
            await Text(row.Locality);
            await Text(row.Postcode);
            await Text(row.School);
            await Text(row.Phone);
            await Text(row.Email);
        }
        await copy.CompleteAsync(stop);

        Task Text(string? value) => value is null ? copy.WriteNullAsync(stop) : copy.WriteAsync(value, stop);
        Task Day(LocalDate? value) => value is { } day ? copy.WriteAsync(day, NpgsqlDbType.Date, stop) : copy.WriteNullAsync(stop);
    }

    private static async Task Insert(Guid import, RegisterFile file, Work work, CancellationToken stop)
    {
        await work.Do($"insert into source_record (id, agency_id, number) select record, {work.Actor.Agency}, number from staged on conflict do nothing", stop);
        await work.Do($"""
            insert into mention (id, source_record_id, agency_id, import_id, ordinal, is_child, given, family, also_known_as, born, born_written, expected, sex, language, nhs, upn, pnc, identifiers, address, locality, postcode,
                                 school_urn, school_name, phone, email)
            select s.mention, s.record, {work.Actor.Agency}, {import}, s.ordinal, s.is_child, s.given, s.family, s.also_known_as, s.born, s.born_written, s.expected, s.sex, s.language, s.nhs, s.upn, s.pnc, s.identifiers, s.address, s.locality, s.postcode,
                   coalesce(a.code, substring(s.school from '^[0-9]+$')), coalesce(a.name, substring(s.school from '[^0-9].*')), s.phone, s.email
              from staged s left join agency a on a.kind = 'school' and (a.code = s.school or lower(a.name) = lower(s.school))
            """, stop);
        await work.Do($"""
            insert into residence (mention_id, ordinal, address, locality, postcode, during)
            select mention, 1, coalesce(lower(regexp_replace(address, '[^[:alnum:]]+', ' ', 'g')), ''), locality, upper(replace(postcode, ' ', '')), daterange(london_today(), null) from staged where coalesce(address, postcode) is not null
            """, stop);
        await work.Do($"""
            insert into attendance (mention_id, school_id, urn, name, during)
            select s.mention, a.id, coalesce(a.code, substring(s.school from '^[0-9]+$')), coalesce(a.name, substring(s.school from '[^0-9].*')), daterange(london_today(), null)
              from staged s left join agency a on a.kind = 'school' and (a.code = s.school or lower(a.name) = lower(s.school)) where s.school is not null
            """, stop);
        var explained = file.Explained.DistinctBy(e => (e.Line, e.Field)).ToList();
        await work.Do($"""
            insert into import_refusal (import_id, line, field, why)
            select {import}, l, f, w from unnest({explained.Select(e => e.Line).ToArray()}, {explained.Select(e => e.Field).ToArray()}, {explained.Select(e => e.Why).ToArray()}) x(l, f, w)
            """, stop);
        await work.Do($"insert into job (id, kind, subject_id, run_at) select new_id(), {ResolveJob}, mention, heed_now() + {Own} from staged where ordinal % {AtOnce} = 0", stop);
    }

    private sealed record Owner(string Name, Guid? System);

    private sealed record Owed(Guid Id, Guid First, int Left);
}
