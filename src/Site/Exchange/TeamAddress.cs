using Heed.Plumbing;
using Heed.Site.Access;
using MimeKit;

namespace Heed.Site.Exchange;

/// <summary>A team's e-mail address: a shared one, for what is sent there says only that something waits.</summary>
public static class TeamAddress
{
    public static async Task<Refusal?> Set(Guid team, string? address, Work work, Bodies known)
    {
        if (!(await known.For(work)).Teams.TryGetValue(team, out var found) || found.AgencyId != work.Actor.Agency)
        {
            return work.NotFound(team);
        }
        if (address is not { Length: <= 254 } || !MailboxAddress.TryParse(address, out var parsed) || parsed.Address != address)
        {
            return work.Refuse("address", "Give the address alone, as in frontdoor@council.example");
        }
        await work.Do($"insert into team_address (id, agency_id, address) values ({team}, {work.Actor.Agency}, {address}) on conflict (id) do update set address = excluded.address, set_by = excluded.set_by");
        return null;
    }
}
