using Heed.Plumbing;
using Heed.Seed;
using static Heed.Site.Demo.Ground;

namespace Heed.Site.Demo;

/// <summary>A year of tellings to the councils of the 2016 letter, as figures only: bodies with one analyst, and nobody's data. Beside them an analyst of the partnership.</summary>
public static class LoadLetter
{
    public static Task Put(Ground ground) => ground.AsOwner("Loading a year of tellings", async connection =>
    {
        var force = Ids.Next();
        await Run(connection, "insert into agency (id, key, name, kind, nation, has_heed) values ($1, 'letter-forces', 'Forces of the 2016 letter', 'police', 'England', false)", force);
        await Run(connection, "insert into team (id, key, agency_id, name, function) values ($1, 'letter-analysis', $2, 'Performance', 'analysis')", Ids.Next(), force);
        foreach (var (key, name, team) in new[] { ("letter-analyst", "Imran Sethi", "letter-analysis"), ("tvscp-analyst", "Ffion Rees", "tvscp-business") })
        {
            await Run(connection, "insert into practitioner (id, key, agency_id, name, rank, can_sign_in) select $1, $2, agency_id, $3, 'Performance analyst', true from team where key = $4", Ids.Next(), key, name, team);
            await Run(connection, "insert into post (practitioner_id, team_id, role) select p.id, t.id, 'analyst' from practitioner p, team t where p.key = $1 and t.key = $2", key, team);
        }
        foreach (var (i, council) in Flows.Letter.Index())
        {
            var id = Ids.Next();
            await Run(connection, "insert into agency (id, key, name, kind, nation, has_heed) values ($1, $2, $3, 'council', 'England', false)", id, council.Key, council.Name);
            var rows = Flows.Make(council.Habit, council.PerWeek, 52, ground.Now, 2016 + i).ToList();
            await Run(connection, """
                insert into delay (id, force_id, council_id, occurred_at, received_at, claimed_at, grade, kind, team, shift, channel, further, content)
                select new_id(), $1, $2, o, r, c, g, k, t, s, h, f, p from unnest($3::timestamptz[], $4::timestamptz[], $5::timestamptz[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::boolean[], $12::smallint[]) x(o, r, c, g, k, t, s, h, f, p)
                """, force, id, rows.Select(r => r.Occurred).ToArray(), rows.Select(r => r.Received).ToArray(), rows.Select(r => r.Claimed).ToArray(), rows.Select(r => r.Grade).ToArray(), rows.Select(r => r.Kind).ToArray(), rows.Select(r => r.Team).ToArray(),
                rows.Select(r => r.Shift).ToArray(), rows.Select(r => r.Channel).ToArray(), rows.Select(r => r.Further).ToArray(), rows.Select(r => (short)r.Content).ToArray());
        }
    });
}
