using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Heed.Matching;
using Heed.Plumbing;
using Heed.Seed;
using Draft = Heed.Site.Writing.Draft;
using Sent = Heed.Seed.Sent;
using Heed.Site.Access;
using Heed.Site.Clocks;
using Heed.Site.Exchange;
using Heed.Site.Notices;
using Heed.Site.People;
using Heed.Site.Referrals;
using Heed.Site.Writing;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Heed.Site.Demo;

/// <summary>
/// Puts a generated partnership into an empty database: its bodies as the owner, its registers, and then its week as it happened,
/// report by report and deed by deed through the same actions as anybody's, with the database's time moved to each moment.
/// </summary>
public sealed class Load(Databases databases, Works works, Jobs jobs, Sweep sweep, Resolve resolve, Access.Bodies bodies)
{
    private readonly Dictionary<string, Guid> _agencies = [], _teams = [], _practitioners = [];

    public IReadOnlyDictionary<string, Guid> Agencies => _agencies;

    public IReadOnlyDictionary<string, Guid> Teams => _teams;

    public IReadOnlyDictionary<string, Guid> Practitioners => _practitioners;

    /// <summary>Key by agency key: given to the agency's system, known here by its hash only.</summary>
    public Dictionary<string, string> Keys { get; } = [];

    public async Task Everything(Partnership seed, Instant now, Action<string> say)
    {
        await Bodies(seed);
        say($"{seed.Agencies.Count} agencies, {seed.Teams.Count} teams, {seed.Practitioners.Count} practitioners, {seed.Shifts.Count} shifts");
        // The registers were there before the week began.
        await TimeIs(seed.Week.Count > 0 ? seed.Week.Min(s => s.ReceivedAt) - Duration.FromDays(30) : now, now);
        await Registers(seed);
        // PostgreSQL would count its rows by itself in a minute; until then it plans for an empty database, and a decision takes a second.
        await using (var count = databases.Owner.CreateCommand("analyze"))
        {
            await count.ExecuteNonQueryAsync();
        }
        say($"{seed.Households.Count} households, {seed.People.Count} people, {seed.Records.Count} records in registers");
        var deeds = await Week(seed, now);
        await Desk(now);
        await Emergencies(now);
        await TimeIs(now, now);
        await Letter(now);
        await Silent(now);
        await Business(now);
        say($"{seed.Week.Count} reports and {deeds} deeds of a working week");
    }

    public async Task Bodies(Partnership seed)
    {
        await using var connection = await databases.Owner.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await Run(connection, "select set_config('app.actor', $1, true), set_config('app.agency', $2, true), set_config('app.purpose', 'Loading a partnership', true)", Databases.Heed.ToString(), "00000000-0000-7000-8000-000000000000");
        foreach (var agency in seed.Agencies)
        {
            var kind = agency.Key == "joint-inspectorate" ? "inspectorate" : agency.Kind.ToString().ToLowerInvariant();
            await Run(connection, "insert into agency (id, key, name, kind, code, nation, has_heed) values ($1, $2, $3, $4, $5, $6, $7)", Id(_agencies, agency.Key), agency.Key, agency.Name, kind, agency.Code, agency.Nation, agency.HasHeed);
        }
        // Teams point at each other, so they are made first and joined after.
        foreach (var team in seed.Teams)
        {
            await Run(connection, "insert into team (id, key, agency_id, name, function, opens, closes, telephone) values ($1, $2, $3, $4, $5, $6, $7, $8)", Id(_teams, team.Key), team.Key, _agencies[team.Agency], team.Name, team.Function, team.Opens, team.Closes, team.Telephone);
        }
        foreach (var team in seed.Teams)
        {
            await Run(connection, "update team set above_id = $2, covered_by_id = $3 where id = $1", _teams[team.Key], team.Above is null ? null : _teams[team.Above], team.CoveredBy is null ? null : _teams[team.CoveredBy]);
        }
        foreach (var who in seed.Practitioners)
        {
            await Run(connection, "insert into practitioner (id, key, agency_id, name, rank, can_sign_in) values ($1, $2, $3, $4, $5, $6)", Id(_practitioners, who.Key), who.Key, _agencies[who.Agency], who.Name, who.Rank, who.CanSignIn);
            await Run(connection, "insert into post (practitioner_id, team_id, role) values ($1, $2, $3)", _practitioners[who.Key], _teams[who.Team], who.Role);
        }
        foreach (var agency in seed.Agencies.Where(a => a.Kind is AgencyKind.Police or AgencyKind.Council or AgencyKind.School or AgencyKind.Health))
        {
            var desk = seed.Teams.First(t => t.Agency == agency.Key && t.Function is "mash-desk" or "front-door" or "safeguarding" && t.Agency == agency.Key);
            var key = $"heed_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20))}";
            Keys[agency.Key] = key;
            await Run(connection, "insert into practitioner (id, key, agency_id, name, rank, is_system) values ($1, $2, $3, $4, 'System', true)", Id(_practitioners, $"{agency.Key}/system"), $"{agency.Key}/system", _agencies[agency.Key], $"System of {agency.Name}");
            await Run(connection, "insert into post (practitioner_id, team_id, role) values ($1, $2, 'system')", _practitioners[$"{agency.Key}/system"], _teams[desk.Key]);
            await Run(connection, "insert into api_key (id, agency_id, practitioner_id, name, hash) values ($1, $2, $3, 'Demo', $4)", Guid.CreateVersion7(), _agencies[agency.Key], _practitioners[$"{agency.Key}/system"], Door.Hash(key));
        }
        await Run(connection, "insert into shift (practitioner_id, team_id, rung, during) select p, t, r, tstzrange(f, u) from unnest($1, $2, $3, $4, $5) x(p, t, r, f, u)",
            seed.Shifts.Select(x => _practitioners[x.Practitioner]).ToArray(), seed.Shifts.Select(x => _teams[x.Team]).ToArray(), seed.Shifts.Select(x => x.Rung).ToArray(), seed.Shifts.Select(x => x.From).ToArray(), seed.Shifts.Select(x => x.Until).ToArray());
        foreach (var absence in seed.Absences)
        {
            await Run(connection, "insert into absence (practitioner_id, during, why) values ($1, tstzrange($2::date::timestamp at time zone 'Europe/London', ($3::date + 1)::timestamp at time zone 'Europe/London'), $4)", _practitioners[absence.Practitioner], absence.From, absence.Until, absence.Why);
        }
        foreach (var area in seed.Areas)
        {
            await Run(connection, "insert into area (postcode, council_id) values ($1, $2)", area.Postcode.Replace(" ", ""), _agencies[area.Council]);
        }
        var councils = seed.Agencies.Where(a => a.Kind == AgencyKind.Council).ToList();
        foreach (var force in seed.Agencies.Where(a => a.Kind == AgencyKind.Police))
        {
            foreach (var council in councils)
            {
                await Run(connection, "insert into force_council (force_id, council_id, lead) values ($1, $2, $3)", _agencies[force.Key], _agencies[council.Key], council == councils[0]);
            }
        }
        foreach (var year in seed.SchoolYears)
        {
            var id = Guid.CreateVersion7();
            await Run(connection, "insert into school_year (id, school_id, during, starts) values ($1, $2, daterange($3, $4, '[]'), $5)", id, _agencies[year.School], year.From, year.Until, year.Starts);
            foreach (var term in year.Terms)
            {
                await Run(connection, "insert into school_term (school_year_id, during) values ($1, daterange($2, $3, '[]'))", id, term.Start, term.End);
            }
            foreach (var day in year.InsetDays.Distinct())
            {
                await Run(connection, "insert into inset_day (school_year_id, day) values ($1, $2)", id, day);
            }
        }
        foreach (var school in Schools.All)
        {
            await Run(connection, "insert into school_council (school_id, council_id) values ($1, $2)", _agencies[school.Key], _agencies[school.Council]);
        }
        // Each school has named its deputy; every other one has somebody who reads on working days without school, too.
        foreach (var (school, i) in seed.Agencies.Where(a => a.Kind == AgencyKind.School && a.HasHeed).Select((a, i) => (a, i)))
        {
            await Run(connection, "insert into school_arrangement (school_id, reads_on_working_days, named_person, agreed) values ($1, $2, $3, 'Operation Encompass local agreement (example)')", _agencies[school.Key], i % 2 == 1, _practitioners[$"{school.Key}-deputy"]);
        }
        await LocalPolicy.Insert(connection, DateOfFirst(seed));
        await transaction.CommitAsync();
    }

    private static LocalDate DateOfFirst(Partnership seed) => seed.SchoolYears.Count > 0 ? seed.SchoolYears.Min(y => y.From) : new(2024, 9, 1);

    /// <summary>Each agency's register, as an import of its own; then who is who, by the same rules as for a report.</summary>
    private async Task Registers(Partnership seed)
    {
        var records = new List<(Guid Mention, Guid Id, Record Record)>();
        await using (var connection = await databases.Owner.OpenConnectionAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await Run(connection, "select set_config('app.actor', $1, true), set_config('app.agency', $2, true), set_config('app.purpose', 'Loading a register', true)", Databases.Heed.ToString(), "00000000-0000-7000-8000-000000000000");
            foreach (var register in seed.Records.GroupBy(r => r.Agency))
            {
                var import = Guid.CreateVersion7();
                var agency = _agencies[register.Key];
                await Run(connection, "insert into import (id, agency_id, file_name, file_hash, column_map, rows_read, rows_kept, rows_refused) values ($1, $2, 'register.csv', $3, '{}', $4, $4, 0)", import, agency, SHA256.HashData(Encoding.UTF8.GetBytes(register.Key)), register.Count());
                var ordinal = 0;
                foreach (var record in register)
                {
                    var id = SourceRecord.Of(agency, record.Number);
                    var mention = Guid.CreateVersion7();
                    records.Add((mention, id, record));
                    await Run(connection, "insert into source_record (id, agency_id, number, tier, tier_reason) values ($1, $2, $3, $4, $5)", id, agency, record.Number, record.Tier, record.TierReason);
                    await Run(connection, """
                        insert into mention (id, source_record_id, agency_id, import_id, ordinal, is_child, given, family, also_known_as, born, born_written, expected, sex, nhs, upn, pnc, address, locality, postcode, address_sensitivity, school_urn)
                        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
                        """, mention, id, agency, import, ordinal++, record.Expected is not null || (record.Born is { } born && born.PlusYears(18) > WorkingDate(seed)), record.Given, record.Family, record.AlsoKnownAs.ToArray(), record.Born,
                        record.Born is { } b ? NodaTime.Text.LocalDatePattern.Iso.Format(b) : null, record.Expected, record.Sex, Valid(record.Nhs, "nhs"), Valid(record.Upn, "upn"), Valid(record.Pnc, "pnc"),
                        record.Address?.Line, record.Address?.Locality, record.Address?.Postcode, record.Address?.Confidential == true ? "refuge" : null, record.School is null ? null : seed.Agencies.First(a => a.Key == record.School).Code);
                    if (record.Address is { } address)
                    {
                        await Run(connection, "insert into residence (mention_id, ordinal, address, locality, postcode, during, sensitivity) values ($1, 1, lower(regexp_replace($2, '[^[:alnum:]]+', ' ', 'g')), $3, upper(replace($4, ' ', '')), daterange(null, null), $5)",
                            mention, address.Line, address.Locality, address.Postcode, address.Confidential ? "refuge" : null);
                    }
                    if (record.School is not null)
                    {
                        await Run(connection, "insert into attendance (mention_id, school_id, urn, during) select $1, id, code, daterange(null, null) from agency where id = $2", mention, _agencies[record.School]);
                    }
                    foreach (var reader in record.Readers ?? [])
                    {
                        await Run(connection, "insert into reader (source_record_id, practitioner_id, reason) values ($1, $2, $3)", id, _practitioners[reader], record.TierReason ?? "");
                    }
                }
            }
            foreach (var barrier in seed.Barriers)
            {
                var (a, b) = (SourceRecord.Of(_agencies[barrier.AgencyA], barrier.NumberA), SourceRecord.Of(_agencies[barrier.AgencyB], barrier.NumberB));
                await Run(connection, "insert into never_link (one, other, reason) values (least($1, $2), greatest($1, $2), $3)", a, b, barrier.Reason);
            }
            foreach (var allocation in seed.Allocations)
            {
                var record = seed.Records.First(r => r.Agency == allocation.Council && r.Person == allocation.Person);
                await Run(connection, "insert into allocation (id, source_record_id, agency_id, practitioner_id, team_id, during) values ($1, $2, $3, $4, $5, tstzrange($6, null))",
                    Guid.CreateVersion7(), SourceRecord.Of(_agencies[record.Agency], record.Number), _agencies[allocation.Council], _practitioners[allocation.Practitioner], _teams[allocation.Team], allocation.From);
            }
            await transaction.CommitAsync();
        }
        await works.AsWorker("Working out who the people of a register are", async work =>
        {
            foreach (var some in records.Chunk(200))
            {
                await resolve.Many([.. some.Select(r => (r.Mention, r.Id, Described(r.Record)))], work, default);
            }
            return 0;
        });
    }

    private static Description Described(Record record) => new()
    {
        Given = record.Given, Family = record.Family, AlsoKnownAs = record.AlsoKnownAs, Born = record.Born, Expected = record.Expected, Sex = record.Sex,
        Identifiers = [.. new[] { ("nhs", record.Nhs), ("upn", record.Upn), ("pnc", record.Pnc) }.Where(i => Valid(i.Item2, i.Item1) is not null).Select(i => new Identifier(i.Item1, i.Item2!))],
        Postcodes = record.Address is { } a ? [a.Postcode] : [], AddressLines = record.Address is { } l ? [l.Line] : [],
    };

    private static LocalDate WorkingDate(Partnership seed) => Statute.WorkingCalendar.DateIn(seed.Week.Count > 0 ? seed.Week.Max(s => s.ReceivedAt) : Instant.FromUtc(2026, 1, 1, 0, 0));

    private static string? Valid(string? number, string type) => type switch
    {
        "nhs" => NhsNumber.TryParse(number, out var nhs, out _) ? nhs.Value : null,
        "upn" => Upn.TryParse(number, out var upn, out _) ? upn.Value : null,
        _ => PncId.TryParse(number, out var pnc, out _) ? pnc.Value : null,
    };

    /// <summary>Reports and deeds in the order in which they happened; between them the clocks are swept at each moment that one of them was due.</summary>
    private async Task<int> Week(Partnership seed, Instant now)
    {
        var reports = new Dictionary<Sent, Guid>();
        var events = seed.Week.Select(s => (At: s.ReceivedAt, Sent: s, Deed: (Deed?)null)).Concat(seed.Week.SelectMany(s => s.Then.Concat(s.AtSchools ?? []).Select(d => (d.At, Sent: s, Deed: (Deed?)d)))).Where(e => e.At <= now).OrderBy(e => e.At).ThenBy(e => e.Deed is null ? 0 : 1).ToList();
        foreach (var (at, sent, deed) in events)
        {
            await SweepUntil(at, now);
            await TimeIs(at, now);
            if (deed is null)
            {
                var (said, errors) = Reading.Parse(Encoding.UTF8.GetBytes(sent.Json));
                reports[sent] = await works.As(Who($"{sent.Agency}/system"), "Sending a report about a child", async work => await Send.Handle(errors.Count == 0 ? said! : throw new InvalidOperationException($"A seeded report is no report: {errors.First().Key}"), work, bodies) switch
                {
                    ({ } answer, _) => answer.Receipt.Id,
                    (_, var no) => throw new InvalidOperationException($"A seeded report was refused: {no!.Field}: {no.Message}"),
                });
                while (await jobs.Round(default) > 0)
                {
                    // Until nothing is owed.
                }
            }
            else
            {
                // Whoever has no Heed does nothing in it.
                if (seed.Agencies.Single(a => a.Key == deed.Council).HasHeed)
                {
                    await Do(deed, reports[sent]);
                }
            }
        }
        await SweepUntil(now, now);
        return events.Count(e => e.Deed is not null);
    }

    private async Task Do(Deed deed, Guid report)
    {
        var (who, council) = (Who(deed.Practitioner), _agencies[deed.Council]);
        if (!await works.As(who, "Working on a notice", work => work.All<Notice>().AnyAsync(n => n.ReportId == report && n.ToAgency == council && n.WithheldBecause == null)))
        {
            who = await Instead(deed, report);
        }
        await Act(deed, report, who);
    }

    /// <summary>
    /// Where the rules did not recognise the child of an open case, the front door did, and hands the notice on to its worker.
    /// Whom the generator names from another council's team cannot act here; the front door does.
    /// </summary>
    private async Task<Identity> Instead(Deed deed, Guid report)
    {
        var council = _agencies[deed.Council];
        var hands = await works.AsWorker("Who could hand a notice on", work => work.Ask<Hands>($"""
            select n.id as notice, (select p.practitioner_id from post p join role r on r.key = p.role where p.team_id = n.to_team and 'notice.take' = any (r.permits) and p.role <> 'system' order by r.reach limit 1) as by,
                   (select p.team_id from post p join team t on t.id = p.team_id where p.practitioner_id = {_practitioners[deed.Practitioner]} and t.agency_id = n.to_agency limit 1) as team
              from notice n where n.report_id = {report} and n.to_agency = {council} and n.withheld_because is null
            """).FirstAsync());
        if (hands.Team is not { } team)
        {
            return Identity.Of(hands.By);
        }
        await works.As(Identity.Of(hands.By), "Handing a notice on", async work =>
            await HandOn.Handle(new(hands.Notice, team, _practitioners[deed.Practitioner], "An open case: to the allocated worker"), work, bodies) is { } no ? throw new InvalidOperationException(no.Message) : 0);
        return Who(deed.Practitioner);
    }

    /// <summary>A detective opened a council's restricted record nine hours ago, and another a fortnight ago: nobody has reviewed either, and of the one the time is over.</summary>
    private async Task Emergencies(Instant now)
    {
        var children = await works.As(Who("holroyd"), "Looking for children of whom another holds more", work => work.Ask<Guid>($"select p.id as \"Value\" from person p where exists (select 1 from held_elsewhere(p.id) h where h.agency <> {work.Actor.AgencyName}) order by p.id limit 2").ToListAsync());
        (Duration Before, string Why, string Words)[] nights = [(Duration.FromHours(9), "danger", "The father has been released and is on his way there. Who else is in the house?"), (Duration.FromDays(14), "missing", "Not come home; I need every address that anybody knows")];
        foreach (var (child, (before, why, said)) in children.Zip(nights))
        {
            await TimeIs(now - before, now);
            await works.As(Who("holroyd"), "Opening a child's records in an emergency", async work => await Emergency.Open.Handle(new(child, null, why, said, Proved: true), work, bodies) is (_, { } no) ? throw new InvalidOperationException($"A seeded emergency was refused: {no.Message}") : 0);
            await works.As(Who("holroyd"), "Reading a child's record", work => Child.Read(child, work));
        }
        await SweepUntil(now, now);
    }

    /// <summary>What lies at a force on any day: two reports begun and not sent, and at the desk the older half graded and searched.</summary>
    private async Task Desk(Instant now)
    {
        foreach (var (hours, kind) in new[] { (19, "domestic-abuse"), (2, "child-concern") })
        {
            await TimeIs(now - Duration.FromHours(hours), now);
            await works.As(Who("okafor"), "Writing a report about a child", work => Task.FromResult(Draft.Begin(work).Keep(new() { What = new() { Kind = kind } }, work.Now)));
        }
        await TimeIs(now - Duration.FromMinutes(30), now);
        await works.As(Who("thirlwell"), "Working the desk's queue of reports", async work =>
        {
            var lines = new List<Writing.Desk.Line>();
            for (var page = 1; lines.Count == (page - 1) * Writing.Desk.PageSize; page++)
            {
                lines.AddRange((await Writing.Desk.Read(new(Page: page), work)).Take(Writing.Desk.PageSize));
            }
            foreach (var line in lines.Take(lines.Count / 2))
            {
                var grade = line.OfficerGrade is "high" or "medium" ? line.OfficerGrade : "standard";
                var no = await Grade.Handle(new(line.Id, grade, line.OfficerGrade == grade ? "As the officer has it: nothing found that changes it" : "No grade of the officer's that the desk uses"), work)
                    ?? await Searches.Handle(new(line.Id, [.. (await Searches.People(line.Id, work)).Where(p => p.Key is not null).Select(p => new Searches.One(p.Key, "Niche", false, null))]), work);
                _ = no is null ? 0 : throw new InvalidOperationException($"A seeded grading was refused: {no.Message}");
            }
            return 0;
        });
    }

    /// <summary>What waits on the business manager's desk: an agreement that a second person must publish, a night that nobody is on duty, a child's record that is held.</summary>
    private async Task Business(Instant now)
    {
        await works.As(Who("ashworth"), "Drafting a sharing agreement", async work =>
            await Administration.Agreements.Write(null, new("Councils to the police: missing and exploited children", "council", "police", ["exploitation", "missing"], "all", "Children Act 2004 s.10 and s.11; DPA 2018 Schedule 1 paragraph 18", "Finding a child who is missing, and who exploits them",
                Statute.WorkingCalendar.DateIn(now).PlusDays(14), null, "All safeguarding partners", "Agreed in principle by the partnership executive"), work) is (_, { } no) ? throw new InvalidOperationException($"A seeded draft was refused: {no.Message}") : 0);
        await works.As(Who("ashworth"), "Changing a rota", async work =>
        {
            var team = _teams["hartmoor-edt"];
            var turns = (await Administration.Rota.Turns(team, work)).Where(t => t.From > now).ToList();
            foreach (var turn in turns.Where(t => t.From == turns.Min(x => x.From)))
            {
                _ = await Administration.Rota.TakeOff(team, turn.PractitionerId, turn.From, await bodies.For(work), work) is { } no ? throw new InvalidOperationException($"A seeded rota was refused: {no.Message}") : 0;
            }
            return 0;
        });
        var number = await works.AsWorker("Choosing a record to hold", work => work.Ask<string>($"select number as \"Value\" from source_record where agency_id = {_agencies["norton-stockton"]} and tier = 'open' order by number limit 1").FirstAsync());
        await works.As(Who("verma"), "Placing a legal hold", async work => await Administration.Keeping.PlaceHold(number, "A claim against the council: nothing is destroyed until it is settled", work) is (_, { } no) ? throw new InvalidOperationException($"A seeded hold was refused: {no.Message}") : 0);
    }

    /// <summary>A year of tellings to the councils of the 2016 letter, as figures only: bodies with one analyst, and nobody's data. Beside them an analyst of the partnership.</summary>
    public async Task Letter(Instant now)
    {
        await using var connection = await databases.Owner.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await Run(connection, "select set_config('app.actor', $1, true), set_config('app.agency', $2, true), set_config('app.purpose', 'Loading a year of tellings', true)", Databases.Heed.ToString(), "00000000-0000-7000-8000-000000000000");
        var force = Guid.CreateVersion7();
        await Run(connection, "insert into agency (id, key, name, kind, nation, has_heed) values ($1, 'letter-forces', 'Forces of the 2016 letter', 'police', 'England', false)", force);
        await Run(connection, "insert into team (id, key, agency_id, name, function) values ($1, 'letter-analysis', $2, 'Performance', 'analysis')", Guid.CreateVersion7(), force);
        foreach (var (key, name, team) in new[] { ("letter-analyst", "Imran Sethi", "letter-analysis"), ("tvscp-analyst", "Ffion Rees", "tvscp-business") })
        {
            await Run(connection, "insert into practitioner (id, key, agency_id, name, rank, can_sign_in) select $1, $2, agency_id, $3, 'Performance analyst', true from team where key = $4", Guid.CreateVersion7(), key, name, team);
            await Run(connection, "insert into post (practitioner_id, team_id, role) select p.id, t.id, 'analyst' from practitioner p, team t where p.key = $1 and t.key = $2", key, team);
        }
        foreach (var (council, i) in Flows.Letter.Select((c, i) => (c, i)))
        {
            var id = Guid.CreateVersion7();
            await Run(connection, "insert into agency (id, key, name, kind, nation, has_heed) values ($1, $2, $3, 'council', 'England', false)", id, council.Key, council.Name);
            var rows = Flows.Make(council.Habit, council.PerWeek, 52, now, 2016 + i).ToList();
            await Run(connection, """
                insert into delay (id, force_id, council_id, occurred_at, received_at, claimed_at, grade, kind, team, shift, channel, further, content)
                select gen_random_uuid(), $1, $2, o, r, c, g, k, t, s, h, f, p from unnest($3::timestamptz[], $4::timestamptz[], $5::timestamptz[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::boolean[], $12::smallint[]) x(o, r, c, g, k, t, s, h, f, p)
                """, force, id, rows.Select(r => r.Occurred).ToArray(), rows.Select(r => r.Received).ToArray(), rows.Select(r => r.Claimed).ToArray(), rows.Select(r => r.Grade).ToArray(), rows.Select(r => r.Kind).ToArray(), rows.Select(r => r.Team).ToArray(),
                rows.Select(r => r.Shift).ToArray(), rows.Select(r => r.Channel).ToArray(), rows.Select(r => r.Further).ToArray(), rows.Select(r => (short)r.Content).ToArray());
        }
        await transaction.CommitAsync();
    }

    /// <summary>The force's log of the last two days comes in: all that it reported, two incidents with a child that it did not, one that does not say whether there was one, and a burglary.</summary>
    private async Task Silent(Instant now)
    {
        var told = await works.As(Who("thirlwell"), "Holding a force's log against its reports", work => work.All<Report>().Where(r => r.Version == 1 && r.ReceivedAt > now - Duration.FromDays(2)).Select(r => new { r.Reference, r.Kind, At = r.Occurred.LowerBound }).ToListAsync());
        string Row(string reference, string kind, Instant at, string grade, string child) => $"{reference},{kind},{at},{grade},{child},nights,TS20 2AB\n";
        var list = "reference,kind,occurredAt,grade,childPresent,shift,postcode\n" + string.Concat(told.Select(t => Row(t.Reference, t.Kind, t.At, "", "yes"))) + Row("TV/LOG/1", "domestic-abuse", now - Duration.FromHours(31), "medium", "yes") + Row("TV/LOG/2", "missing", now - Duration.FromHours(7), "high", "yes")
            + Row("TV/LOG/3", "domestic-abuse", now - Duration.FromHours(12), "standard", "unknown") + Row("TV/LOG/4", "burglary", now - Duration.FromHours(10), "", "no");
        await works.As(Who("tees-valley-police/system"), "Holding a force's log against its reports", async work =>
            await Incidents.TakeList.Handle("night-log.csv", "api", Encoding.UTF8.GetBytes(list), work, bodies) is { No: { } no } ? throw new InvalidOperationException(no.Message) : 0);
        while (await jobs.Round(default) > 0)
        {
            // Until nothing is owed.
        }
    }

    /// <summary>Two councils' systems collect. One has all that waited; the other has claimed a notice and never confirmed it, and the address that it gave never answers.</summary>
    public async Task Collected(Instant now, Uri hangs)
    {
        foreach (var (council, leaves) in new[] { ("levenside", false), ("norton-stockton", true) })
        {
            var before = now - Duration.FromMinutes(45);
            await TimeIs(before, now);
            await works.As(Who($"{council}/system"), "Collecting what waits for an agency's system", work => Mailbox.Claim(new(1, null), work));
            await TimeIs(now, now);
            await works.As(Who($"{council}/system"), "Collecting what waits for an agency's system", async work =>
            {
                var lying = leaves ? await work.One<Guid?>($"select i.id from mailbox_item i join notice n on n.id = i.notice_id where i.kind = 'notice' and n.acknowledged_at is null and i.since < {before} order by i.since desc limit 1") : null;
                while (await Mailbox.Claim(new(Mailbox.Most, null), work) is ({ Lease: { } lease } claimed, _))
                {
                    foreach (var item in claimed.Items.Where(i => i.Id != lying))
                    {
                        _ = await Mailbox.Acknowledge(item.Id, lease, work) is { } no ? throw new InvalidOperationException($"A seeded acknowledgement was refused: {no.Message}") : 0;
                    }
                }
                return leaves ? await Endpoints.Make(hangs.AbsoluteUri, work, new() { AllowPrivateAddresses = true }) : default;
            });
        }
    }

    private sealed record Hands(Guid Notice, Guid By, Guid? Team);

    private async Task Act(Deed deed, Guid report, Identity who) => await works.As(who, "Working on a notice", async work =>
    {
        var council = _agencies[deed.Council];
        if (await work.All<Notice>().FirstOrDefaultAsync(n => n.ReportId == report && n.ToAgency == council && n.WithheldBecause == null) is not { } notice)
        {
            throw new InvalidOperationException($"A seeded deed ({deed.What}) is done by somebody who cannot see the notice: {deed.Practitioner}");
        }
        Refusal? no = null;
        switch (deed.What)
        {
            case "opened":
                await OpenNotice.Handle(notice.Id, work, bodies);
                break;
            case "acknowledged":
                no = await Acknowledge.Handle(new(notice.Id), work);
                break;
            case "taken":
                no = await Take.Handle(new(notice.Id), work);
                break;
            case "late-reason":
                foreach (var clock in await work.All<Clock>().Where(c => c.NoticeId == notice.Id && c.AgencyId == council && (c.State == "met-late" || c.State == "breached")).ToListAsync())
                {
                    var manager = (await Explain.Managers(clock, work))[0].Id;
                    no ??= await Explain.Handle(new(clock.Id, deed.Words, manager), work);
                }
                break;
            default:
                var considered = (await Consider.Handle(notice.Id, work, bodies))!;
                foreach (var child in considered.Children.Where(c => c.Shown is not null))
                {
                    no ??= await Decide.Handle(AsDecision(deed, child, considered), work, bodies);
                }
                break;
        }
        return no is null ? 0 : throw new InvalidOperationException($"A seeded deed ({deed.What}) was refused: {no.Message}");
    });

    private static Decide.Command AsDecision(Deed deed, Consider.Subject child, Consider.View considered)
    {
        var decision = deed.What["decided:".Length..];
        return new(child.Contact.ContactId, child.Shown, decision, decision switch { "no-further-action" => "universal", "early-help" => "early-help", "referral" when considered.Notice.Urgent => "significant-harm", _ => "child-in-need" }, deed.Words,
            ParentsTold: !considered.Notice.Urgent, considered.Notice.Urgent ? "Telling them now could put the child at more risk" : null, decision == "referral" ? considered.Notice.Urgent ? "strategy-discussion" : "assessment" : null,
            decision == "another-council" ? considered.Councils[0].Id : null);
    }

    private async Task SweepUntil(Instant until, Instant now)
    {
        while (await Next() is { } next && next < until)
        {
            await TimeIs(next, now);
            while (await sweep.Round() > 0)
            {
                // Each step of each clock that was due at this moment.
            }
        }
    }

    private async Task<Instant?> Next()
    {
        await using var command = databases.Owner.CreateCommand("select min(next_at) from clock");
        return await command.ExecuteScalarAsync() is Instant at ? at : null;
    }

    private async Task TimeIs(Instant at, Instant now)
    {
        await using var command = databases.Owner.CreateCommand(at == now ? "update time_offset set ahead = '0'" : "update time_offset set ahead = $1 - now()");
        if (at != now)
        {
            command.Parameters.Add(new() { Value = at, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        }
        await command.ExecuteNonQueryAsync();
    }

    private Identity Who(string practitioner) => Identity.Of(_practitioners[practitioner]);

    private static Guid Id(Dictionary<string, Guid> ids, string key) => ids[key] = Guid.CreateVersion7();

    private static async Task Run(NpgsqlConnection connection, string sql, params object?[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value ?? DBNull.Value });
        }
        await command.ExecuteNonQueryAsync();
    }
}
