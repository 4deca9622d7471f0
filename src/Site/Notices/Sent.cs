using Heed.Plumbing;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Notices;

/// <summary>The reports an agency sent, and how far each has come.</summary>
public static class Sent
{
    public const int PageSize = 50;

    /// <param name="Reference">The sender's own.</param>
    /// <param name="Version">1, or what corrects the one before.</param>
    /// <param name="Kind">Of the report: domestic-abuse, missing and so on.</param>
    /// <param name="Told">How many agencies.</param>
    /// <param name="Opened">By how many of them.</param>
    /// <param name="Acknowledged">In how many of them a person accepted responsibility.</param>
    /// <param name="NotShared">How many were not told, by agreement or because Heed cannot.</param>
    /// <param name="ToTelephone">Of those, whom a person must still telephone.</param>
    /// <param name="Corrected">When a later version came.</param>
    public sealed record Line(Guid Id, string Reference, int Version, string Kind, Instant OccurredAt, Instant ReceivedAt, int Told, int Opened, int Acknowledged, int NotShared, int ToTelephone, Instant? Corrected);

    public static async Task<IReadOnlyList<Line>> Read(Work work, int page) => await work.Ask<Line>($"""
        select r.id, r.reference, r.version, r.kind, lower(r.occurred) as occurred_at, r.received_at,
               count(n.id) filter (where n.withheld_because is null)::int as told, count(n.opened_at)::int as opened, count(n.acknowledged_at)::int as acknowledged,
               count(n.withheld_because)::int as not_shared, count(n.id) filter (where n.by_hand and not exists (select 1 from telling t where t.notice_id = n.id) and not exists (select 1 from report c where c.supersedes_id = r.id))::int as to_telephone, (select c.received_at from report c where c.supersedes_id = r.id limit 1) as corrected
          from (select * from report where agency_id = (select my_agency()) order by received_at desc limit {PageSize} offset {(Math.Max(page, 1) - 1L) * PageSize}) r
          left join notice n on n.report_id = r.id
         group by r.id, r.reference, r.version, r.kind, r.occurred, r.received_at order by r.received_at desc
        """).ToListAsync();
}
