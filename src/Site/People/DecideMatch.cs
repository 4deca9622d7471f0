using Heed.Plumbing;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.People;

/// <summary>
/// A practitioner decides whether two people are one. Joining moves every record of the one to the other, by links that name this decision; it can be undone (<see cref="Part"/>).
/// Of two who decide at once the second is told.
/// </summary>
public static class DecideMatch
{
    public const string InvolveJob = "people.involve";

    public sealed record Command(Guid Match, bool? Same, string? Reason);

    public static async Task<Refusal?> Handle(Command ask, Work work)
    {
        if (ask.Same is not { } same)
        {
            return work.Refuse("same", "Choose: the same person, or two people");
        }
        if (string.IsNullOrWhiteSpace(ask.Reason) || ask.Reason.Length > 2_000 || ask.Reason.Contains('\0'))
        {
            return work.Refuse("reason", "Say in up to 2,000 characters what you go by: it stands with the link for ever");
        }
        var answer = await work.One<string>($"select decide_match({ask.Match}, {same}, {ask.Reason.Trim()})");
        work.Wakes(Jobs.Topic);
        return answer switch
        {
            "done" => null,
            "never-link" => work.Refuse("same", "This cannot be decided here: the agency that keeps one of the records decides it. Ask them"),
            "decided" => work.Refuse("match", "Somebody else has decided this already; open it again to see", kind: No.Conflict),
            "joined" => work.Refuse("match", "These two are one person already", kind: No.Conflict),
            _ => work.NotFound(ask.Match),
        };
    }
}

/// <summary>
/// Undoes a link: the record, with all that one decision joined and what was linked later because it was like it, goes back to be the person it was.
/// Reports, notices and clocks hang on the mentions and go with them. Whoever had read or decided on the wrong child's history is asked to confirm that they know.
/// </summary>
public static class Part
{
    public sealed record Command(Guid Link, string? Reason);

    public static async Task<Refusal?> Handle(Command ask, Work work)
    {
        if (string.IsNullOrWhiteSpace(ask.Reason) || ask.Reason.Length > 2_000 || ask.Reason.Contains('\0'))
        {
            return work.Refuse("reason", "Say in up to 2,000 characters why these are not one person");
        }
        var answer = await work.One<string>($"select part_records({ask.Link}, {ask.Reason.Trim()})");
        work.Wakes(Jobs.Topic);
        return answer switch
        {
            "done" => null,
            "parted" => work.Refuse("link", "This link has been undone already", kind: No.Conflict),
            "alone" => work.Refuse("link", "Nothing else is linked here: there is nobody to part this record from"),
            _ => work.NotFound(ask.Link),
        };
    }
}

/// <summary>What somebody read, or decided on, was about two children and shown as one: they confirm that they know.</summary>
public static class Mistake
{
    /// <param name="One">The person that was shown, and <paramref name="Other"/>, whom part of it was about.</param>
    public sealed record Line(Guid Id, Instant At, string PartedBy, Guid One, string? OneName, Guid Other, string? OtherName, string Told, Instant ToldAt, string Practitioner, string Agency, Instant? ConfirmedAt, string Reason);

    /// <summary>Mine that I have not confirmed.</summary>
    public static Task<List<Line>> Mine(Work work) => Of(work, mine: true, null);

    public static Task<int> Unconfirmed(Work work) => work.One<int>($"(select count(*)::int from mistaken where practitioner_id = {work.Actor.Id} and confirmed_at is null)");

    /// <summary>Everybody's of one parting, for whoever parted them and for managers.</summary>
    public static Task<List<Line>> Of(Guid link, Work work) => Of(work, mine: false, link);

    private static Task<List<Line>> Of(Work work, bool mine, Guid? link) => work.Ask<Line>($"""
        select x.id, x.at, b.name as parted_by, x.person_id as one, name_of_person(x.person_id) as one_name, x.other_id as other, name_of_person(x.other_id) as other_name, x.told, x.told_at, p.name as practitioner, a.name as agency, x.confirmed_at, k.undone_reason as reason
          from mistaken x join practitioner b on b.id = x.parted_by join practitioner p on p.id = x.practitioner_id join agency a on a.id = x.agency_id left join link k on k.id = x.link_id
         where (x.practitioner_id = {work.Actor.Id} and x.confirmed_at is null or not {mine}) and ({link}::uuid is null or x.link_id = {link}) order by x.confirmed_at is not null, x.at
        """).ToListAsync();

    public static async Task<Refusal?> Confirm(Guid id, Work work) =>
        await work.Do($"update mistaken set confirmed_at = {work.Now} where id = {id} and practitioner_id = {work.Actor.Id} and confirmed_at is null") == 1
        || await work.One<bool>($"exists (select 1 from mistaken where id = {id} and practitioner_id = {work.Actor.Id})") ? null : work.NotFound(id);
}
