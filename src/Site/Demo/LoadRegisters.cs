using System.Security.Cryptography;
using System.Text;
using Heed.Matching;
using Heed.Plumbing;
using Heed.Seed;
using Heed.Site.People;
using Heed.Statute;
using NodaTime;
using NodaTime.Text;
using Npgsql;
using static Heed.Site.Demo.Ground;

namespace Heed.Site.Demo;

/// <summary>Each agency's register, as an import of its own; then who is who, by the same rules as for a report.</summary>
internal sealed class LoadRegisters(Works works, Resolve resolve, Ground ground)
{
    private readonly List<Told> _mentions = [];

    public async Task Put(Partnership seed)
    {
        await ground.AsOwner("Loading a register", async connection =>
        {
            foreach (var register in seed.Records.GroupBy(r => r.Agency))
            {
                var (import, agency) = (Ids.Next(), ground.Agencies[register.Key]);
                await Run(connection, "insert into import (id, agency_id, file_name, file_hash, column_map, rows_read, rows_kept, rows_refused) values ($1, $2, 'register.csv', $3, '{}', $4, $4, 0)", import, agency, SHA256.HashData(Encoding.UTF8.GetBytes(register.Key)), register.Count());
                foreach (var (ordinal, record) in register.Index())
                {
                    await Row(connection, record, agency, import, ordinal, seed);
                }
            }
            await Barriers(connection, seed);
            await Allocations(connection, seed);
        });
        await works.AsWorker("Working out who the people of a register are", async work =>
        {
            foreach (var some in _mentions.Chunk(200))
            {
                await resolve.Many(some, work, default);
            }
            return 0;
        });
    }

    private async Task Row(NpgsqlConnection connection, Record record, Guid agency, Guid import, int ordinal, Partnership seed)
    {
        var (id, mention) = (SourceRecord.Of(agency, record.Number), Ids.Next());
        var isChild = record.Expected is not null || (record.Born is { } born && born.PlusYears(18) > WorkingCalendar.DateIn(seed.Week.Max(s => s.ReceivedAt)));
        await Run(connection, "insert into source_record (id, agency_id, number, tier, tier_reason) values ($1, $2, $3, $4, $5)", id, agency, record.Number, record.Tier, record.TierReason);
        await Run(connection, """
            insert into mention (id, source_record_id, agency_id, import_id, ordinal, is_child, given, family, also_known_as, born, born_written, expected, sex, nhs, upn, pnc, address, locality, postcode, address_sensitivity, school_urn)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
            """, mention, id, agency, import, ordinal, isChild, record.Given, record.Family, record.AlsoKnownAs.ToArray(), record.Born, record.Born is { } b ? LocalDatePattern.Iso.Format(b) : null, record.Expected, record.Sex, Nhs(record), UpnOf(record), Pnc(record),
            record.Address?.Line, record.Address?.Locality, record.Address?.Postcode, record.Address?.Confidential == true ? "refuge" : null, record.School is null ? null : seed.Agencies.First(a => a.Key == record.School).Code);
        if (record.Address is { } address)
        {
            await Run(connection, "insert into residence (mention_id, ordinal, address, locality, postcode, during, sensitivity) values ($1, 1, lower(regexp_replace($2, '[^[:alnum:]]+', ' ', 'g')), $3, upper(replace($4, ' ', '')), daterange(null, null), $5)",
                mention, address.Line, address.Locality, address.Postcode, address.Confidential ? "refuge" : null);
        }
        if (record.School is not null)
        {
            await Run(connection, "insert into attendance (mention_id, school_id, urn, during) select $1, id, code, daterange(null, null) from agency where id = $2", mention, ground.Agencies[record.School]);
        }
        foreach (var reader in record.Readers ?? [])
        {
            await Run(connection, "insert into reader (source_record_id, practitioner_id, reason) values ($1, $2, $3)", id, ground.Practitioners[reader], record.TierReason ?? "");
        }
        _mentions.Add(new(mention, id, Described(record), [mention]));
    }

    private async Task Barriers(NpgsqlConnection connection, Partnership seed)
    {
        foreach (var barrier in seed.Barriers)
        {
            var (a, b) = (SourceRecord.Of(ground.Agencies[barrier.AgencyA], barrier.NumberA), SourceRecord.Of(ground.Agencies[barrier.AgencyB], barrier.NumberB));
            await Run(connection, "insert into never_link (one, other, reason) values (least($1, $2), greatest($1, $2), $3)", a, b, barrier.Reason);
        }
    }

    private async Task Allocations(NpgsqlConnection connection, Partnership seed)
    {
        foreach (var allocation in seed.Allocations)
        {
            var record = seed.Records.First(r => r.Agency == allocation.Council && r.Person == allocation.Person);
            await Run(connection, "insert into allocation (id, source_record_id, agency_id, practitioner_id, team_id, during) values ($1, $2, $3, $4, $5, tstzrange($6, null))",
                Ids.Next(), SourceRecord.Of(ground.Agencies[record.Agency], record.Number), ground.Agencies[allocation.Council], ground.Practitioners[allocation.Practitioner], ground.Teams[allocation.Team], allocation.From);
        }
    }

    private static Description Described(Record record) => new()
    {
        Given = record.Given, Family = record.Family, AlsoKnownAs = record.AlsoKnownAs, Born = record.Born, Expected = record.Expected, Sex = record.Sex,
        Identifiers = [.. new[] { ("nhs", Nhs(record)), ("upn", UpnOf(record)), ("pnc", Pnc(record)) }.Where(i => i.Item2 is not null).Select(i => new Identifier(i.Item1, i.Item2!))],
        Postcodes = record.Address is { } a ? [a.Postcode] : [], AddressLines = record.Address is { } l ? [l.Line] : [],
    };

    // A number that fails its check is kept by nobody: some records of the generator have such.
    private static string? Nhs(Record record) => NhsNumber.TryParse(record.Nhs, out var nhs, out _) ? nhs.Value : null;

    private static string? UpnOf(Record record) => Upn.TryParse(record.Upn, out var upn, out _) ? upn.Value : null;

    private static string? Pnc(Record record) => PncId.TryParse(record.Pnc, out var pnc, out _) ? pnc.Value : null;
}
