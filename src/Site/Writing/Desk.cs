using Heed.Plumbing;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Writing;

/// <summary>The force's reports of the last days, as its desk goes through them: those without a grade of the desk first, oldest first.</summary>
public static class Desk
{
    public const int Days = 7;
    public const int PageSize = 20;

    /// <param name="State">"", ungraded or unsearched: somebody of it has no search recorded.</param>
    /// <param name="Kind">Of report, or "" for every kind.</param>
    public sealed record Filter(string State = "", string Kind = "", int Page = 1);

    /// <param name="OfficerGrade">As the officer gave it; null where none was given.</param>
    public sealed record Line(Guid Id, string Reference, int Version, string Kind, Instant ReceivedAt, string? ReportedBy, string? OfficerGrade, string? DeskGrade, int People, int PeopleSearched, int Told);

    /// <summary>One page of the queue, and one line of the next where there is one.</summary>
    public static async Task<IReadOnlyList<Line>> Read(Filter filter, Work work)
    {
        var since = work.Now - Duration.FromDays(Days);
        return await work.Ask<Line>($"""
            select id, reference, version, kind, received_at, reported_by, officer_grade, desk_grade, people - (select count(*)::int from kept_in(id)) as people, people_searched, told from (
            select * from (
            select r.id, r.reference, r.version, r.kind, r.received_at, r.reported_by, r.content #>> array['risk', 'grade'] as officer_grade,
                   (select g.grade from grading g where g.report_id = r.id order by g.id desc limit 1) as desk_grade,
                   jsonb_array_length(r.content -> 'people') as people, (select count(distinct s.mention_id)::int from searched s where s.report_id = r.id) as people_searched,
                   (select count(*)::int from notice n where n.report_id = r.id and n.withheld_because is null) as told
              from report r
             where r.agency_id = {work.Actor.Agency} and r.received_at > {since} and ({filter.Kind} = '' or r.kind = {filter.Kind})
               and not exists (select 1 from report c where c.supersedes_id = r.id)) q
             where {filter.State} = '' or {filter.State} = 'ungraded' and desk_grade is null or {filter.State} = 'unsearched' and people_searched < people
             order by desk_grade is not null, received_at, id limit {PageSize + 1} offset {(Math.Max(filter.Page, 1) - 1L) * PageSize}) page
             order by desk_grade is not null, received_at, id
            """).ToListAsync();
    }
}
