using System.Text.Json;
using Heed.Matching;
using Heed.Plumbing;
using Npgsql;

namespace Heed.Site.People;

/// <summary>What was decided, written in one round trip.</summary>
internal sealed class Decided(string rules)
{
    private readonly List<Guid> _people = [], _sealed = [];
    private readonly List<(Guid Record, Guid Person, string Verdict, string Reason, Guid? With, string? Comparison, Guid[] Compared)> _links = [];
    private readonly List<(Guid Record, Guid Other, string Reason, string Comparison, Guid[] Compared)> _near = [];

    public void New(Guid person) => _people.Add(person);

    public void Alert(IEnumerable<Guid> records) => _sealed.AddRange(records);

    public void Link(Guid record, Guid person, string verdict, string reason, Guid? with, Comparison? comparison, Guid[] compared) =>
        _links.Add((record, person, verdict, reason, with, comparison is null ? null : JsonSerializer.Serialize(comparison.Fields, Resolve.Json), compared));

    public void Near(Guid record, Guid other, Comparison comparison, Guid[] compared) => _near.Add((record, other, comparison.Reason, JsonSerializer.Serialize(comparison.Fields, Resolve.Json), compared));

    public async Task Write(Work work, CancellationToken stop)
    {
        await using var batch = work.Batch();
        void Add(string sql, params NpgsqlParameter[] values)
        {
            var command = new NpgsqlBatchCommand(sql);
            command.Parameters.AddRange(values);
            batch.BatchCommands.Add(command);
        }
        if (_people.Count > 0)
        {
            Add("insert into person (id) select unnest($1)", Of(_people));
        }
        // The barrier locks each person: in one order everywhere, as the keys.
        Add("insert into link (id, source_record_id, person_id, rules, verdict, reason, compared_with, comparison, compared) select i, r, p, $1, v, why, w, c::jsonb, string_to_array(m, ' ')::uuid[] from unnest($2, $3, $4, $5, $6, $7, $8, $9) x(i, r, p, v, why, w, c, m) order by p",
            new NpgsqlParameter<string> { TypedValue = rules }, Of(_links.Select(_ => Ids.Next())), Of(_links.Select(l => l.Record)), Of(_links.Select(l => l.Person)), Of(_links.Select(l => l.Verdict)), Of(_links.Select(l => l.Reason)), Of(_links.Select(l => l.With)), Of(_links.Select(l => l.Comparison)), Of(_links.Select(l => string.Join(' ', l.Compared))));
        if (_near.Count > 0)
        {
            Add("insert into possible_match (id, source_record_id, other_id, rules, reason, comparison, compared) select i, r, o, $1, why, c::jsonb, string_to_array(m, ' ')::uuid[] from unnest($2, $3, $4, $5, $6, $7) x(i, r, o, why, c, m) on conflict do nothing",
                new NpgsqlParameter<string> { TypedValue = rules }, Of(_near.Select(_ => Ids.Next())), Of(_near.Select(n => n.Record)), Of(_near.Select(n => n.Other)), Of(_near.Select(n => n.Reason)), Of(_near.Select(n => n.Comparison)), Of(_near.Select(n => string.Join(' ', n.Compared))));
        }
        if (_sealed.Count > 0)
        {
            Add("insert into alert (id, agency_id, source_record_id, what) select new_id(), s.agency_id, s.id, 'A report seems to be about this sealed record' from unnest($1) x(id) join source_record s using (id)", Of(_sealed));
        }
        await batch.ExecuteNonQueryAsync(stop);
    }

    private static NpgsqlParameter Of<T>(IEnumerable<T> values) => new NpgsqlParameter<T[]> { TypedValue = [.. values] };
}
