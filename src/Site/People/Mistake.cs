using Heed.Plumbing;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.People;

/// <summary>What somebody read, or decided on, was about two children and shown as one: they confirm that they know.</summary>
public static class Mistake
{
    /// <param name="One">The person that was shown.</param>
    /// <param name="Other">Whom part of it was about.</param>
    /// <param name="At">When they were parted.</param>
    /// <param name="PartedBy">Who parted them.</param>
    /// <param name="OneName">As it is told most lately.</param>
    /// <param name="OtherName">As it is told most lately.</param>
    /// <param name="Told">read: they had it in front of them. decided: they decided on it. system-read and system-decided: their agency's system did, and they answer for it.</param>
    /// <param name="ToldAt">When that was.</param>
    /// <param name="Practitioner">Who had been told.</param>
    /// <param name="Agency">Of whoever had been told.</param>
    /// <param name="ConfirmedAt">When they said that they know; null: it stands on their worklist.</param>
    /// <param name="Reason">Why the two were parted, for who may still see both.</param>
    public sealed record Line(Guid Id, Instant At, string PartedBy, Guid One, string? OneName, Guid Other, string? OtherName, string Told, Instant ToldAt, string Practitioner, string Agency, Instant? ConfirmedAt, string? Reason);

    /// <summary>Mine that I have not confirmed.</summary>
    public static Task<List<Line>> Mine(Work work) => Of(work, mine: true, null);

    /// <summary>Everybody's of one parting, for whoever parted them and for managers.</summary>
    public static Task<List<Line>> Of(Guid link, Work work) => Of(work, mine: false, link);

    private static Task<List<Line>> Of(Work work, bool mine, Guid? link) => work.Ask<Line>($"""
        select x.id, x.at, b.name as parted_by, x.person_id as one, name_of_person(x.person_id) as one_name, x.other_id as other, name_of_person(x.other_id) as other_name, x.told, x.told_at, p.name as practitioner, a.name as agency, x.confirmed_at,
               case when may_see_person(x.person_id) and may_see_person(x.other_id) then k.undone_reason end as reason
          from mistaken x join practitioner b on b.id = x.parted_by join practitioner p on p.id = x.practitioner_id join agency a on a.id = x.agency_id left join link k on k.id = x.link_id
         where (x.practitioner_id = {work.Actor.Id} and x.confirmed_at is null or not {mine}) and ({link}::uuid is null or x.link_id = {link}) order by x.confirmed_at is not null, x.at
        """).ToListAsync();

    public static async Task<Refusal?> Confirm(Guid id, Work work) =>
        await work.Do($"update mistaken set confirmed_at = {work.Now} where id = {id} and practitioner_id = {work.Actor.Id} and confirmed_at is null") == 1
        || await work.One<bool>($"exists (select 1 from mistaken where id = {id} and practitioner_id = {work.Actor.Id})") ? null : work.NotFound(id);
}
