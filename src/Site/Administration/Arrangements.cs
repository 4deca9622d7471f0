using Heed.Plumbing;
using Microsoft.EntityFrameworkCore;

namespace Heed.Site.Administration;

/// <summary>What a school has arranged for itself: who has a notice first that names somebody who works there, and whether somebody reads on working days without school. Without it such a notice is not sent there: somebody telephones.</summary>
public static class Arrangements
{
    /// <param name="SchoolId">Which school.</param>
    /// <param name="School">What it is called.</param>
    /// <param name="NamedId">Whom it has named; null: nobody, and where somebody works there the sender telephones.</param>
    /// <param name="Named">Their name.</param>
    /// <param name="ReadsOnWorkingDays">Somebody reads notices on the working days of holidays and on inset days too.</param>
    /// <param name="Agreed">With whom or by what it is arranged; null: nothing is arranged yet.</param>
    public sealed record Line(Guid SchoolId, string School, Guid? NamedId, string? Named, bool ReadsOnWorkingDays, string? Agreed);

    /// <param name="School">Which school.</param>
    /// <param name="Named">Somebody who has a post there; null: nobody.</param>
    /// <param name="ReadsOnWorkingDays">Somebody reads notices on the working days of holidays and on inset days too.</param>
    /// <param name="Agreed">With whom or by what it is arranged, up to 500 characters.</param>
    public sealed record Command(Guid School, Guid? Named, bool? ReadsOnWorkingDays, string? Agreed);

    /// <summary>The schools that whoever asks administers: their own, or with the partnership's permit all.</summary>
    public static async Task<IReadOnlyList<Line>> All(Work work) => await work.Ask<Line>($"""
        select a.id as school_id, a.name as school, p.id as named_id, p.name as named, coalesce(x.reads_on_working_days, false) as reads_on_working_days, x.agreed
          from agency a left join school_arrangement x on x.school_id = a.id left join practitioner p on p.id = x.named_person
         where a.kind = 'school' and a.during @> london_today() and administers(a.id) order by a.name
        """).ToListAsync();

    /// <summary>Who can be named: whoever has a post there now.</summary>
    public static async Task<IReadOnlyList<Staff.Named>> People(Guid school, Work work) => await work.Ask<Staff.Named>($"""
        select p.id::text as key, p.name || ', ' || p.rank as name from practitioner p
         where p.agency_id = {school} and p.during @> heed_now() and not p.is_system and exists (select 1 from post o where o.practitioner_id = p.id and o.during @> heed_now()) order by p.name
        """).ToListAsync();

    public static async Task<Refusal?> Set(Command ask, Work work)
    {
        if ((await All(work)).All(a => a.SchoolId != ask.School))
        {
            return work.NotFound(ask.School);
        }
        var errors = new Errors();
        errors.Need(ask.Named is null || (await People(ask.School, work)).Any(p => p.Key == $"{ask.Named}"), "named", "Choose somebody who has a post at the school, or nobody");
        errors.Need(ask.ReadsOnWorkingDays is not null, "readsOnWorkingDays", "Say whether somebody reads notices on working days without school");
        errors.Need(ask.Agreed.Says(500), "agreed", "Say in up to 500 characters with whom or by what this is arranged");
        if (errors.Count > 0)
        {
            return work.Refuse(errors);
        }
        await work.Do($"""
            insert into school_arrangement (school_id, reads_on_working_days, named_person, agreed) values ({ask.School}, {ask.ReadsOnWorkingDays}, {ask.Named}, {ask.Agreed!.Trim()})
                on conflict (school_id) do update set reads_on_working_days = excluded.reads_on_working_days, named_person = excluded.named_person, agreed = excluded.agreed
            """);
        return null;
    }
}
