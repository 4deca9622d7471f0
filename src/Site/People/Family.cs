using System.Text.Json.Serialization;
using Heed.Plumbing;
using Heed.Site.Layout;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using NodaTime;

namespace Heed.Site.People;

/// <summary>Whom a person is said to be related to, and how those are to one another, so far as this actor may know.</summary>
/// <param name="Of">The number of the person whose family this is; null where nobody is named.</param>
/// <param name="Members">The person themselves, whoever is said to be related to them, and to whom those are related.</param>
/// <param name="Ties">Who is what to whom.</param>
public sealed record Family(int? Of, IReadOnlyList<Family.Member> Members, IReadOnlyList<Family.Tie> Ties)
{
    /// <param name="No">Numbers the members of this one answer, and means nothing elsewhere.</param>
    /// <param name="Sex">F or M; null where nobody said, or agencies differ.</param>
    /// <param name="Home">Compares addresses; is none.</param>
    /// <param name="HeldBy">Whose restricted record this is; nothing else of it is known here. Ask: whom.</param>
    /// <param name="Person">Their own page; null for a restricted record.</param>
    /// <param name="Name">As it was told most often; null for a restricted record.</param>
    /// <param name="Ask">The team to ask about what is held.</param>
    public sealed record Member(int No, Guid? Person, string? Name, LocalDate? Born, LocalDate? Expected, string? Sex, bool IsChild, [property: JsonIgnore] string? Home, string? HeldBy, string? Ask)
    {
        /// <summary>An expected date is known and no birth.</summary>
        public bool Unborn => Born is null && Expected is not null;
    }

    /// <summary>"To is the Kind of Of": mother, sibling, partner; said by these agencies, first at Since.</summary>
    /// <param name="Of">The No of the member whom it is about.</param>
    /// <param name="To">The No of the member who is the Kind of Of.</param>
    /// <param name="Kind">mother, father, parent, sibling, twin, partner and the like, as it was told.</param>
    /// <param name="ParentalResponsibility">Null where nobody said.</param>
    /// <param name="Agencies">Which agencies said so.</param>
    /// <param name="Since">When it was first said.</param>
    public sealed record Tie(int Of, int To, string Kind, bool? ParentalResponsibility, string Agencies, Instant Since);

    private sealed record Row(int No, Guid? PersonId, string? Name, LocalDate? Born, LocalDate? Expected, string? Sex, bool? IsChild, string? Home, string? HeldBy, string? Ask, int? ToNo, string? Kind, bool? ParentalResponsibility, string? Agencies, Instant? Since);

    public static async Task<Family> Read(Guid person, Work work)
    {
        var rows = await work.Ask<Row>($"select no, person_id, name, born, expected, sex, is_child, home, held_by, ask, to_no, kind, parental_responsibility, agencies, since from family_of({person})").ToListAsync();
        var members = rows.Where(r => r.ToNo is null).OrderBy(r => r.No)
            .Select(r => new Member(r.No, r.PersonId, r.Name is "" ? null : r.Name, r.Born, r.Expected, r.Sex, r.IsChild == true, r.Home, r.HeldBy, r.Ask)).ToList();
        var ties = rows.Where(r => r.ToNo is not null).OrderBy(r => (r.No, r.ToNo, r.Kind)).Select(r => new Tie(r.No, r.ToNo!.Value, r.Kind!, r.ParentalResponsibility, r.Agencies!, r.Since!.Value)).ToList();
        return new(members.FirstOrDefault(m => m.Person == person)?.No, members, ties);
    }

    public Member this[int no] => Members.First(m => m.No == no);

    /// <summary>Who is said to be something to the person whose family this is.</summary>
    [JsonIgnore]
    public IEnumerable<Tie> Own => Ties.Where(t => t.Of == Of);
}

/// <summary>What the drawing and its list are made of: see _Family.cshtml.</summary>
public sealed record FamilyView(Family Family, IReadOnlyList<Child.Housemate> Household, Instant Now)
{
    public Genogram Drawing { get; } = Genogram.Of(Family);

    /// <summary>In years; before the first birthday in months or weeks, which is what matters of a baby.</summary>
    public string? Age(Family.Member m) => m.Born is not { } born || Heed.Statute.WorkingCalendar.DateIn(Now) is var today && born > today ? null : Period.Between(born, today) switch
    {
        { Years: > 0 } p => $"{p.Years}",
        { Months: > 0 } p => $"{p.Months} m",
        { Weeks: var w } => $"{w} w",
    };

    /// <summary>What others are said to have in somebody, the person's own first; where nobody says that, what they have in others.</summary>
    public IEnumerable<Family.Tie> Said(Family.Member m) =>
        Family.Ties.Where(t => t.To == m.No) is var ties && ties.Any() ? ties.OrderBy(t => t.Of != Family.Of) : m.No == Family.Of ? [] : Family.Ties.Where(t => t.Of == m.No);

    /// <summary>A name in lines of a cell's width, three at most; the list has all of it.</summary>
    public static IReadOnlyList<string> Lines(string name)
    {
        const int wide = 13, most = 3;
        var lines = new List<string>();
        foreach (var word in name.Replace("-", "- ").Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(w => w.Length <= wide ? [w] : w.Chunk(wide - 1).Select((c, i) => new string(c) + ((i + 1) * (wide - 1) < w.Length ? "-" : ""))))
        {
            if (lines.Count > 0 && lines[^1].Length + 1 + word.Length <= wide)
            {
                lines[^1] += lines[^1].EndsWith('-') ? word : " " + word;
            }
            else
            {
                lines.Add(word);
            }
        }
        return lines.Count <= most ? lines : [.. lines.Take(most - 1), $"{lines[most - 1]}…"];
    }
}

/// <summary>What a page calls one of a family, and what somebody is to another.</summary>
public static class Kin
{
    /// <summary>Whose record is restricted has no name here, but somebody to ask.</summary>
    public static string Name(this IStringLocalizer<PageWords> words, Family.Member member) =>
        member.HeldBy is { } agency ? words["Restricted: held by {0}. Ask: {1}.", agency, member.Ask!] : words.Name(null, member.Name, member.Unborn);

    /// <summary>As the sender wrote it where it is no word of ours: "Step-parent", "Former partner".</summary>
    public static string Said(this IStringLocalizer<PageWords> words, string kind) => words[$"{char.ToUpperInvariant(kind[0])}{kind[1..].Replace("ormer-", "ormer ")}"];
}
