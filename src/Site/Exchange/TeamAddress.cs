using Heed.Plumbing;
using Heed.Site.Access;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Heed.Site.Exchange;

/// <summary>A team's e-mail address: a shared one, for what is sent there says only that something waits.</summary>
public static class TeamAddress
{
    public sealed record Line(Guid Team, string Name, string? Address);

    public static async Task<IReadOnlyList<Line>> All(Work work) => await work.Ask<Line>($"""
        select t.id as team, t.name, a.address from team t left join team_address a on a.id = t.id where t.agency_id = {work.Actor.Agency} order by t.name
        """).ToListAsync();

    public static async Task<Refusal?> Set(Guid team, string? address, Work work, Bodies known)
    {
        if (!(await known.For(work)).Teams.TryGetValue(team, out var found) || found.AgencyId != work.Actor.Agency)
        {
            return work.NotFound(team);
        }
        if (address is not { Length: <= 254 } || !MailboxAddress.TryParse(address, out var parsed) || parsed.Address != address || !address.Contains('@'))
        {
            return work.Refuse("address", "Give the address alone, as in frontdoor@council.example");
        }
        await work.Do($"insert into team_address (id, agency_id, address) values ({team}, {work.Actor.Agency}, {address}) on conflict (id) do update set address = excluded.address, set_by = excluded.set_by");
        return null;
    }
}
