using System.Security.Cryptography;
using System.Text.Json;
using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Site.People;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Heed.Site.Incidents;

/// <summary>
/// A force's own list of incidents comes in, by page, API or watched folder. What is good is kept at once and held against the reports next (<see cref="Compare"/>); a row that came before is the same row,
/// one that says otherwise of an incident is its next version.
/// </summary>
public static class TakeList
{
    public const string OnlyAForce = "Only a police force has a log of incidents to be held against its reports";

    /// <param name="Again">Rows that had come before, word for word.</param>
    /// <param name="At">When it came in.</param>
    /// <param name="RowsRead">Without a heading.</param>
    /// <param name="Kept">Incidents that are new, or say otherwise than before.</param>
    /// <param name="Wrong">Line, field and rule of each row that was not kept.</param>
    /// <param name="Notes">What was understood in a way that the sender may want to know of.</param>
    public sealed record Taken(Guid Id, string FileName, Instant At, int RowsRead, int Kept, int Again, IReadOnlyList<Explained> Wrong, string[] Notes);

    public static async Task<(Taken? List, bool First, Refusal? No)> Handle(string name, string source, byte[] bytes, Work work, Bodies known, CancellationToken stop = default)
    {
        if (work.Actor.AgencyKind != "police")
        {
            return (null, false, work.Refuse("file", OnlyAForce));
        }
        var (file, wrong) = CsvFile.Of(bytes);
        if ((wrong ?? (file!.Whole ? null : $"The file ends in the middle of line {file.Rows[^1].Line}: it was cut. Nothing was taken")) is { } broken)
        {
            return (null, false, work.Refuse("file", broken));
        }
        return await Handle(name, source, SHA256.HashData(bytes), file!.Header, file.Rows, file.Notes, work, known, stop);
    }

    public static async Task<(Taken? List, bool First, Refusal? No)> Handle(string name, string source, byte[] hash, string[] header, IReadOnlyList<(int Line, string[] Cells)> rows, IReadOnlyList<string> said, Work work, Bodies known, CancellationToken stop = default)
    {
        // Lists of one force come one after the other, or two could both be an incident's next version.
        await work.Do($"select pg_advisory_xact_lock(hashtextextended({$"incidents {work.Actor.Agency}"}, 2))", stop);
        if (await work.Ask<Guid>($"""select id as "Value" from incident_list where hash = {hash} and agency_id = {work.Actor.Agency}""").ToListAsync(stop) is [var before])
        {
            return (await Of(before, work, stop), false, null);
        }
        var (good, wrong, notes, no) = LoggedIncident.Read(header, rows, work.Now);
        if (no is not null)
        {
            return (null, false, work.Refuse("file", no));
        }
        var bodies = await known.For(work);
        await Stage(good, bodies, work, stop);
        var id = Ids.Next();
        var fresh = await work.One<int>($"""
            select count(*)::int from staged_incident s where not exists (select 1 from (select hash from incident i where i.agency_id = {work.Actor.Agency} and i.reference = s.reference order by version desc limit 1) b where b.hash = s.hash)
            """, stop);
        await work.Do($"""
            insert into incident_list (id, source, file_name, hash, rows_read, kept, again, wrong, notes)
            values ({id}, {source}, {name[..Math.Min(name.Length, 200)]}, {hash}, {rows.Count}, {fresh}, {good.Count - fresh}, {JsonSerializer.Serialize(wrong)}::jsonb, {said.Concat(notes).ToArray()})
            """, stop);
        await work.Do($"""
            insert into incident (id, agency_id, list_id, line, reference, version, hash, kind, occurred_at, attended_at, recorded_at, told_at, grade, child, pregnant, team, shift, address, postcode, council_id, school_id)
            select s.id, {work.Actor.Agency}, {id}, s.line, s.reference, coalesce(b.version, 0) + 1, s.hash, s.kind, s.occurred_at, s.attended_at, s.recorded_at, s.told_at, s.grade, s.child, s.pregnant, s.team, s.shift, plain_address(s.address), s.postcode, s.council_id, s.school_id
              from staged_incident s left join lateral (select version, hash from incident i where i.agency_id = {work.Actor.Agency} and i.reference = s.reference order by version desc limit 1) b on true
             where b.hash is distinct from s.hash
            """, stop);
        await work.Do($"insert into incident_person (incident_id, ordinal, role, number) select i.id, p.n - 1, split_part(p.said, ':', 1), substr(p.said, strpos(p.said, ':') + 1) from staged_incident s join incident i on i.id = s.id cross join lateral unnest(s.people) with ordinality p(said, n)", stop);
        await Compare.Owe(id, 0, work, stop);
        return (new(id, name, work.Now, rows.Count, fresh, good.Count - fresh, wrong, [.. said, .. notes]), true, null);
    }

    public static async Task<Taken?> Of(Guid id, Work work, CancellationToken stop = default) =>
        await work.Ask<Row>($"select id, file_name, at, rows_read, kept, again, wrong::text as wrong, notes from incident_list where id = {id}").FirstOrDefaultAsync(stop) is { } row ? row.AsTaken() : null;

    /// <summary>The force's last lists, newest first.</summary>
    public static async Task<IReadOnlyList<Taken>> Last(Work work, CancellationToken stop = default) =>
        [.. (await work.Ask<Row>($"select id, file_name, at, rows_read, kept, again, wrong::text as wrong, notes from incident_list order by at desc, id desc limit 10").ToListAsync(stop)).Select(r => r.AsTaken())];

    private static async Task Stage(List<LoggedIncident> good, Snapshot bodies, Work work, CancellationToken stop)
    {
        await work.Do($"""
            create temporary table staged_incident (id uuid, line int, reference text, hash bytea, kind text, occurred_at timestamptz, attended_at timestamptz, recorded_at timestamptz, told_at timestamptz, grade text, child boolean, pregnant boolean,
                                                    team text, shift text, address text, postcode text, council_id uuid, school_id uuid, people text[]) on commit drop
            """, stop);
        Guid? otherwise = bodies.Lead.TryGetValue(work.Actor.Agency, out var lead) ? lead : null;
        await using var copy = await work.Copy("copy staged_incident from stdin (format binary)", stop);
        foreach (var one in good)
        {
            await copy.StartRowAsync(stop);
            await copy.WriteAsync(Ids.Next(), stop);
            await copy.WriteAsync(one.Line, stop);
            await copy.WriteAsync(one.Reference, stop);
            await copy.WriteAsync(one.Hash(), stop);
            await copy.WriteAsync(one.Kind, stop);
            await copy.WriteAsync(one.OccurredAt, NpgsqlDbType.TimestampTz, stop);
            await Maybe(copy, one.AttendedAt, NpgsqlDbType.TimestampTz, stop);
            await Maybe(copy, one.RecordedAt, NpgsqlDbType.TimestampTz, stop);
            await Maybe(copy, one.ToldAt, NpgsqlDbType.TimestampTz, stop);
            await Maybe(copy, one.Grade, NpgsqlDbType.Text, stop);
            await Maybe(copy, one.Child, NpgsqlDbType.Boolean, stop);
            await Maybe(copy, one.Pregnant, NpgsqlDbType.Boolean, stop);
            await Maybe(copy, one.Team, NpgsqlDbType.Text, stop);
            await Maybe(copy, one.Shift, NpgsqlDbType.Text, stop);
            await Maybe(copy, one.Address, NpgsqlDbType.Text, stop);
            await Maybe(copy, one.Postcode, NpgsqlDbType.Text, stop);
            await Maybe(copy, bodies.CouncilAt(one.Postcode) ?? otherwise, NpgsqlDbType.Uuid, stop);
            await Maybe(copy, one.SchoolUrn is { } urn && bodies.SchoolByUrn.TryGetValue(urn, out var school) ? school : (Guid?)null, NpgsqlDbType.Uuid, stop);
            await copy.WriteAsync(one.People.Select(p => $"{p.Role}:{p.Number}").ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text, stop);
        }
        await copy.CompleteAsync(stop);
    }

    private static Task Maybe<T>(NpgsqlBinaryImporter copy, T value, NpgsqlDbType type, CancellationToken stop) => value is null ? copy.WriteNullAsync(stop) : copy.WriteAsync((object)value, type, stop);

    private sealed record Row(Guid Id, string FileName, Instant At, int RowsRead, int Kept, int Again, string Wrong, string[] Notes)
    {
        public Taken AsTaken() => new(Id, FileName, At, RowsRead, Kept, Again, JsonSerializer.Deserialize<Explained[]>(Wrong)!, Notes);
    }
}
