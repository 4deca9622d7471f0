using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Site.Clocks;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Heed.Site.Notices;

/// <summary>
/// A report comes in and its notices go out, in one transaction. The page and the API both come through here.
/// Who the people are is worked out after (People/Resolve.cs): nothing here waits for it.
/// </summary>
public static class Send
{
    public const string ResolveJob = "people.resolve";
    public const string CorrectJob = "notices.correct";

    public sealed record Answer(Receipt Receipt, bool First);

    public static async Task<(Answer?, Refusal?)> Handle(ReportIn said, Work work, Bodies known, CancellationToken stop = default)
    {
        var (report, errors) = Reading.Read(said, work.Now);
        if (report is null)
        {
            return (null, work.Refuse(errors));
        }
        var id = Ids.Next();
        if (await Claim(report, id, work, stop) is var (standing, hash, replays) && replays > 0)
        {
            if (!hash.AsSpan().SequenceEqual(report.Hash))
            {
                return (null, work.Refuse("reference", $"Version {report.Version} of this reference was received with other content. A correction is a new version that names the one it supersedes", kind: No.Conflict));
            }
            return (new((await Receipt.Of(standing, work, known))!, First: false), null);
        }
        var (corrected, no) = await Corrected(report, work, stop);
        if (no is not null)
        {
            return (null, no);
        }
        var bodies = await known.For(work);
        var routes = Routing.Of(report, work.Actor.Agency, bodies, work.Now);
        var out_ = Outgoing.Of(report, id, routes, corrected, bodies, work);
        await using (var batch = work.Batch())
        {
            Insert(batch, report, id, corrected, out_, work);
            await batch.ExecuteNonQueryAsync(stop);
        }
        foreach (var team in out_.Notices.Where(n => n.Team is not null).Select(n => n.Team!.Id).Concat(out_.Clocks.Where(c => c.LimitKey == Start.Telephone).Select(c => c.Team)).Distinct())
        {
            work.Wakes($"team:{team}");
        }
        work.Wakes(Jobs.Topic);
        return (new(out_.Receipt(report, id, bodies, work), First: true), null);
    }

    /// <summary>Corrections of one report and the desk's grades of it come one after the other: two could both correct, or one grade, what no longer stands.</summary>
    public static Task OneAtATime(string reference, Work work) => work.Do($"select pg_advisory_xact_lock(hashtextextended({work.Actor.Agency + reference}, 1))");

    /// <summary>One report per agency, reference and version. A replay writes too, so that its commit waits where the first one's did (R1).</summary>
    private static async Task<(Guid Report, byte[] Hash, int Replays)> Claim(Understood report, Guid id, Work work, CancellationToken stop)
    {
        if (report.Version > 1)
        {
            await OneAtATime(report.Reference, work);
        }
        await using var batch = work.Batch();
        batch.BatchCommands.Add(new("""
            insert into report_key (agency_id, reference, version, hash, report_id) values ($1, $2, $3, $4, $5)
            on conflict (agency_id, reference, version) do update set replays = report_key.replays + 1
            returning report_id, hash, replays
            """) { Parameters = { Id(work.Actor.Agency), Text(report.Reference), Number(report.Version), new NpgsqlParameter<byte[]> { TypedValue = report.Hash }, Id(id) } });
        await using var row = await batch.ExecuteReaderAsync(stop);
        await row.ReadAsync(stop);
        return (row.GetGuid(0), row.GetFieldValue<byte[]>(1), row.GetInt32(2));
    }

    private static async Task<(Corrected?, Refusal?)> Corrected(Understood report, Work work, CancellationToken stop)
    {
        if (report.Said.Supersedes is not { } old)
        {
            return (null, null);
        }
        await using var batch = work.Batch();
        batch.BatchCommands.Add(new("select report_id, version from report_key where agency_id = $1 and reference = $2 and version <> $3 order by version desc") { Parameters = { Id(work.Actor.Agency), Text(report.Reference), Number(report.Version) } });
        var versions = new List<(Guid Id, int Version)>();
        await using (var row = await batch.ExecuteReaderAsync(stop))
        {
            while (await row.ReadAsync(stop))
            {
                versions.Add((row.GetGuid(0), row.GetInt32(1)));
            }
        }
        if (versions.FindIndex(v => v.Version == old) is var at && at < 0)
        {
            return (null, work.Refuse("supersedes", $"Version {old} of this reference has not been received: send it first"));
        }
        if (at > 0)
        {
            return (null, work.Refuse("supersedes", $"Version {old} has been corrected already; version {versions[0].Version} stands now", kind: No.Conflict));
        }
        return (await Notices.Corrected.Read(versions[at].Id, work, stop), null);
    }

    private static void Insert(NpgsqlBatch batch, Understood report, Guid id, Corrected? corrected, Outgoing outgoing, Work work)
    {
        var sender = work.Actor.Agency;
        void Add(string sql, params NpgsqlParameter[] values)
        {
            var command = new NpgsqlBatchCommand(sql);
            command.Parameters.AddRange(values);
            batch.BatchCommands.Add(command);
        }
        Add("""
            insert into report (id, agency_id, reference, version, kind, tier, occurred, occurred_precision, known_at, recorded_at, received_at, reported_by, content, hash, supersedes_id, supersession_reason)
            values ($1, $2, $3, $4, $5, $6, tstzrange($7, $8, '[]'), $9, $10, $11, $12, $13, $14, $15, $16, $17)
            """,
            Id(id), Id(sender), Text(report.Reference), Number(report.Version), Text(report.Kind), Text(report.Restricted ? "restricted" : "open"), At(report.Occurred), At(report.OccurredUntil ?? report.Occurred), Text(report.Precision),
            At(report.Known), At(report.Recorded), At(work.Now), Text(report.Said.Reporter?.Name), Json(report.Canonical), new NpgsqlParameter<byte[]> { TypedValue = report.Hash }, Id(corrected?.Report), Text(report.Said.SupersessionReason));
        Add("insert into source_record (id, agency_id, number) select r, $1, n from unnest($2::uuid[], $3::text[]) x(r, n) on conflict do nothing", Id(sender), All(outgoing.Mentions.Select(m => m.Record)), All(outgoing.Mentions.Select(m => m.Person.Said.RecordNumber)));
        AddRows("mention", """
            id, source_record_id, agency_id, report_id, ordinal, key, roles, is_child, subject_category, given, family, also_known_as, former_names, born, born_written, expected, sex, language,
            nhs, upn, pnc, identifiers, address, locality, postcode, uprn, address_sensitivity, school_urn, school_name, safe_contact, parents_told, phone, email, own_words, seen, seen_alone, corrects
            """,
            outgoing.Mentions.Select(m =>
            {
                var (person, said) = (m.Person, m.Person.Said);
                var home = said.Addresses?.FirstOrDefault(a => a is not null);
                return new[]
                {
                    Id(m.Mention), Id(m.Record), Id(sender), Id(id), new NpgsqlParameter<short> { TypedValue = person.Ordinal }, Text(said.Key), Texts(person.Roles), Yes(person.IsChild), Text(said.SubjectCategory), Text(said.GivenNames), Text(said.FamilyName),
                    Texts(said.AlsoKnownAs), Texts(said.FormerNames), Day(person.Born.Date), Text(said.Born), Day(person.Expected), Text(said.Sex is "" ? null : said.Sex), Text(said.Language), Text(person.Nhs), Text(person.Upn), Text(person.Pnc),
                    Json(System.Text.Json.JsonSerializer.Serialize(said.Identifiers ?? [], ReportJson.Default.IReadOnlyListIdentifierIn)), Text(home?.Lines is { } lines ? string.Join(", ", lines) : null), Text(home?.Locality), Text(home?.Postcode), Text(home?.Uprn), Text(home?.Sensitivity),
                    Text(said.School?.Urn), Text(said.School?.Name), Text(said.SafeContact), Text(said.ParentsTold), Text(said.Phone), Text(said.Email), Text(said.OwnWords), Yes(said.Seen), Yes(said.SeenAlone), Id(m.Corrects),
                };
            }));
        if (outgoing.Mentions.SelectMany(m => (m.Person.Said.Statements ?? []).Select((words, i) => (m.Mention, Ordinal: (short)i, Said: words!))).ToList() is { Count: > 0 } statements)
        {
            Add("insert into statement (mention_id, ordinal, basis, words) select m, o, b, w from unnest($1::uuid[], $2::smallint[], $3::text[], $4::text[]) x(m, o, b, w)",
                All(statements.Select(s => s.Mention)), All(statements.Select(s => s.Ordinal)), All(statements.Select(s => s.Said.Basis)), All(statements.Select(s => s.Said.Words)));
        }
        AddRows("notice",
            "id, report_id, kind, report_kind, urgent, from_agency, to_agency, to_team, tier, why, mentions, shown, occurred_at, basis, agreement_key, agreement_version, withheld_because, by_hand, sent_at, supersedes_id, held_for, held_from",
            outgoing.Notices.Select(n => new[]
            {
                Id(n.Id), Id(id), Text(n.Kind), Text(report.Kind), Yes(report.Urgent), Id(sender), Id(n.Agency), Id(n.Team?.Id), Text(report.Restricted ? "restricted" : "open"), Text(n.Why),
                new NpgsqlParameter<short[]> { TypedValue = n.Mentions }, Json(n.Shown), At(report.Occurred), Text(n.Agreement?.Basis), Text(n.Agreement?.Key), Number(n.Agreement?.Version), Text(n.WithheldBecause), Yes(n.ByHand), At(work.Now), Id(n.Supersedes), Id(n.HeldFor),
                n.HeldFor is null ? Nothing(NpgsqlDbType.Array | NpgsqlDbType.Text) : Texts(n.HeldFrom),
            }));
        if (outgoing.Contacts is { Count: > 0 } contacts)
        {
            Add("insert into contact (id, notice_id, mention_id, agency_id, team_id, received_at) select i, n, m, a, t, $1 from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[]) x(i, n, m, a, t)",
                At(work.Now), All(contacts.Select(c => c.Id)), All(contacts.Select(c => c.Notice)), All(contacts.Select(c => c.Mention)), All(contacts.Select(c => c.Agency)), All(contacts.Select(c => c.Team)));
        }
        if (outgoing.Clocks is { Count: > 0 } clocks)
        {
            Add("""
                insert into clock (id, limit_key, limit_version, words, agency_id, team_id, report_id, notice_id, contact_id, anchor, anchor_at, warn_at, due_at, climb_every, next_at, state, started_at, stopped_at, practitioner_id, held_for, urgent)
                select i, k, v, w, a, t, $1, n, c, f, fa, wa, d, e, case when s is null then wa end, st, $2, s, h, h, u
                  from unnest($3::uuid[], $4::text[], $5::int[], $6::text[], $7::uuid[], $8::uuid[], $9::uuid[], $10::uuid[], $11::text[], $12::timestamptz[], $13::timestamptz[], $14::timestamptz[], $15::interval[], $16::text[], $17::timestamptz[], $18::uuid[], $19::boolean[]) x(i, k, v, w, a, t, n, c, f, fa, wa, d, e, st, s, h, u)
                """,
                Id(id), At(work.Now), All(clocks.Select(c => c.Id)), All(clocks.Select(c => c.LimitKey)), All(clocks.Select(c => c.LimitVersion)), All(clocks.Select(c => c.Words)), All(clocks.Select(c => c.Agency)), All(clocks.Select(c => c.Team)),
                All(clocks.Select(c => c.Notice)), All(clocks.Select(c => c.Contact)), All(clocks.Select(c => c.Anchor.ToString())), All(clocks.Select(c => c.AnchorAt)), All(clocks.Select(c => c.WarnAt)), All(clocks.Select(c => c.DueAt)),
                All(clocks.Select(c => c.Climb.ToTimeSpan())), All(clocks.Select(c => c.State)), All(clocks.Select(c => c.StoppedAt)), All(clocks.Select(c => c.HeldFor)), All(clocks.Select(c => c.Urgent)));
        }
        Owe(ResolveJob);
        if (corrected is not null)
        {
            Owe(CorrectJob);
        }

        // Each statement pays for its policies and its checks anew, so as many rows as there are go in one; at most eight, so that few statements are prepared and none has too many values.
        void AddRows(string table, string columns, IEnumerable<NpgsqlParameter[]> rows)
        {
            foreach (var some in rows.Chunk(8))
            {
                var n = 0;
                Add($"insert into {table} ({columns}) values {string.Join(", ", some.Select(row => $"({string.Join(", ", row.Select(_ => $"${++n}"))})"))}", [.. some.SelectMany(row => row)]);
            }
        }

        void Owe(string kind) =>
            Add("insert into job (id, kind, subject_id, urgent) values ($1, $2, $3, $4)", Id(Ids.Next()), Text(kind), Id(id), Yes(report.Urgent));
    }

    // Every parameter is typed, null or not, so that the statement is prepared once.
    private static NpgsqlParameter Nothing(NpgsqlDbType type) => new() { NpgsqlDbType = type, Value = DBNull.Value };

    private static NpgsqlParameter Id(Guid? value) => new() { NpgsqlDbType = NpgsqlDbType.Uuid, Value = (object?)value ?? DBNull.Value };

    private static NpgsqlParameter Text(string? value) => new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)value ?? DBNull.Value };

    private static NpgsqlParameter Texts(IEnumerable<string?>? value) => new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text, Value = value?.OfType<string>().ToArray() ?? [] };

    private static NpgsqlParameter All<T>(IEnumerable<T> values) => new NpgsqlParameter<T[]> { TypedValue = [.. values] };

    private static NpgsqlParameter Number(int? value) => new() { NpgsqlDbType = NpgsqlDbType.Integer, Value = (object?)value ?? DBNull.Value };

    private static NpgsqlParameter Yes(bool? value) => new() { NpgsqlDbType = NpgsqlDbType.Boolean, Value = (object?)value ?? DBNull.Value };

    private static NpgsqlParameter At(Instant? value) => new() { NpgsqlDbType = NpgsqlDbType.TimestampTz, Value = (object?)value ?? DBNull.Value };

    private static NpgsqlParameter Day(LocalDate? value) => new() { NpgsqlDbType = NpgsqlDbType.Date, Value = (object?)value ?? DBNull.Value };

    private static NpgsqlParameter Json(string? value) => new() { NpgsqlDbType = NpgsqlDbType.Jsonb, Value = (object?)value ?? DBNull.Value };
}
