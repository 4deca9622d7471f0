using System.Security.Cryptography;
using Heed.Plumbing;
using Heed.Seed;
using Npgsql;
using static Heed.Site.Demo.Ground;

namespace Heed.Site.Demo;

/// <summary>The partnership's bodies: agencies, teams, who works there and when, a system with a key for each, areas and schools; and its local policy.</summary>
public static class LoadBodies
{
    public static Task Put(Partnership seed, Ground ground) => ground.AsOwner("Loading a partnership", async connection =>
    {
        await Agencies(seed, ground, connection);
        await Teams(seed, ground, connection);
        await Practitioners(seed, ground, connection);
        await Systems(seed, ground, connection);
        await Rotas(seed, ground, connection);
        await Areas(seed, ground, connection);
        await SchoolYears(seed, ground, connection);
        await LocalPolicy.Insert(connection, seed.SchoolYears.Min(y => y.From));
    });

    private static async Task Agencies(Partnership seed, Ground ground, NpgsqlConnection connection)
    {
        foreach (var agency in seed.Agencies)
        {
            var kind = agency.Key == "joint-inspectorate" ? "inspectorate" : agency.Kind.ToString().ToLowerInvariant();
            await Run(connection, "insert into agency (id, key, name, kind, code, nation, has_heed) values ($1, $2, $3, $4, $5, $6, $7)", New(ground.Agencies, agency.Key), agency.Key, agency.Name, kind, agency.Code, agency.Nation, agency.HasHeed);
        }
    }

    private static async Task Teams(Partnership seed, Ground ground, NpgsqlConnection connection)
    {
        // Teams point at each other, so they are made first and joined after.
        foreach (var team in seed.Teams)
        {
            await Run(connection, "insert into team (id, key, agency_id, name, function, opens, closes, telephone) values ($1, $2, $3, $4, $5, $6, $7, $8)", New(ground.Teams, team.Key), team.Key, ground.Agencies[team.Agency], team.Name, team.Function, team.Opens, team.Closes, team.Telephone);
        }
        foreach (var team in seed.Teams)
        {
            await Run(connection, "update team set above_id = $2, covered_by_id = $3 where id = $1", ground.Teams[team.Key], team.Above is null ? null : ground.Teams[team.Above], team.CoveredBy is null ? null : ground.Teams[team.CoveredBy]);
        }
    }

    private static async Task Practitioners(Partnership seed, Ground ground, NpgsqlConnection connection)
    {
        foreach (var who in seed.Practitioners)
        {
            await Run(connection, "insert into practitioner (id, key, agency_id, name, rank, can_sign_in) values ($1, $2, $3, $4, $5, $6)", New(ground.Practitioners, who.Key), who.Key, ground.Agencies[who.Agency], who.Name, who.Rank, who.CanSignIn);
            await Run(connection, "insert into post (practitioner_id, team_id, role) values ($1, $2, $3)", ground.Practitioners[who.Key], ground.Teams[who.Team], who.Role);
        }
    }

    /// <summary>Whose systems send and collect by API: each in the post of its agency's desk.</summary>
    private static async Task Systems(Partnership seed, Ground ground, NpgsqlConnection connection)
    {
        foreach (var agency in seed.Agencies.Where(a => a.Kind is AgencyKind.Police or AgencyKind.Council or AgencyKind.School or AgencyKind.Health))
        {
            var desk = seed.Teams.First(t => t.Agency == agency.Key && t.Function is "mash-desk" or "front-door" or "safeguarding");
            var key = $"heed_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20))}";
            ground.Keys[agency.Key] = key;
            await Run(connection, "insert into practitioner (id, key, agency_id, name, rank, is_system) values ($1, $2, $3, $4, 'System', true)", New(ground.Practitioners, $"{agency.Key}/system"), $"{agency.Key}/system", ground.Agencies[agency.Key], $"System of {agency.Name}");
            await Run(connection, "insert into post (practitioner_id, team_id, role) values ($1, $2, 'system')", ground.Practitioners[$"{agency.Key}/system"], ground.Teams[desk.Key]);
            await Run(connection, "insert into api_key (id, agency_id, practitioner_id, name, hash) values ($1, $2, $3, 'Demo', $4)", Ids.Next(), ground.Agencies[agency.Key], ground.Practitioners[$"{agency.Key}/system"], Door.Hash(key));
        }
    }

    private static async Task Rotas(Partnership seed, Ground ground, NpgsqlConnection connection)
    {
        await Run(connection, "insert into shift (practitioner_id, team_id, rung, during) select p, t, r, tstzrange(f, u) from unnest($1, $2, $3, $4, $5) x(p, t, r, f, u)",
            seed.Shifts.Select(x => ground.Practitioners[x.Practitioner]).ToArray(), seed.Shifts.Select(x => ground.Teams[x.Team]).ToArray(), seed.Shifts.Select(x => x.Rung).ToArray(), seed.Shifts.Select(x => x.From).ToArray(), seed.Shifts.Select(x => x.Until).ToArray());
        foreach (var absence in seed.Absences)
        {
            await Run(connection, "insert into absence (practitioner_id, during, why) values ($1, tstzrange($2::date::timestamp at time zone 'Europe/London', ($3::date + 1)::timestamp at time zone 'Europe/London'), $4)", ground.Practitioners[absence.Practitioner], absence.From, absence.Until, absence.Why);
        }
    }

    /// <summary>Which council a postcode is in, and whom a force tells.</summary>
    private static async Task Areas(Partnership seed, Ground ground, NpgsqlConnection connection)
    {
        foreach (var area in seed.Areas)
        {
            await Run(connection, "insert into area (postcode, council_id) values ($1, $2)", area.Postcode.Replace(" ", ""), ground.Agencies[area.Council]);
        }
        var councils = seed.Agencies.Where(a => a.Kind == AgencyKind.Council).ToList();
        foreach (var force in seed.Agencies.Where(a => a.Kind == AgencyKind.Police))
        {
            foreach (var council in councils)
            {
                await Run(connection, "insert into force_council (force_id, council_id, lead) values ($1, $2, $3)", ground.Agencies[force.Key], ground.Agencies[council.Key], council == councils[0]);
            }
        }
    }

    private static async Task SchoolYears(Partnership seed, Ground ground, NpgsqlConnection connection)
    {
        foreach (var year in seed.SchoolYears)
        {
            var id = Ids.Next();
            await Run(connection, "insert into school_year (id, school_id, during, starts) values ($1, $2, daterange($3, $4, '[]'), $5)", id, ground.Agencies[year.School], year.From, year.Until, year.Starts);
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
            await Run(connection, "insert into school_council (school_id, council_id) values ($1, $2)", ground.Agencies[school.Key], ground.Agencies[school.Council]);
        }
        // Each school has named its deputy; every other one has somebody who reads on working days without school, too.
        foreach (var (school, i) in seed.Agencies.Where(a => a.Kind == AgencyKind.School && a.HasHeed).Select((a, i) => (a, i)))
        {
            await Run(connection, "insert into school_arrangement (school_id, reads_on_working_days, named_person, agreed) values ($1, $2, $3, 'Operation Encompass local agreement (example)')", ground.Agencies[school.Key], i % 2 == 1, ground.Practitioners[$"{school.Key}-deputy"]);
        }
    }
}
