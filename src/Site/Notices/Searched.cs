using Heed.Plumbing;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Notices;

/// <summary>What the sender's desk searched for whom, as whoever may see the mention is shown it: on the receipt and on the notice.</summary>
public static class Searched
{
    public sealed record Line(Guid MentionId, string? Given, string? Family, bool Unborn, string System, bool Found, string? Words, Instant At, string By);

    public static async Task<IReadOnlyList<Line>> Of(Guid report, Work work) => await work.Ask<Line>($"""
        select s.mention_id, m.given, m.family, coalesce(m.expected is not null and m.born is null, false) as unborn, s.system, s.found, s.words, s.at, p.name as by
          from searched s join mention m on m.id = s.mention_id join practitioner p on p.id = s.by where s.report_id = {report} order by m.ordinal, s.id
        """).ToListAsync();
}
