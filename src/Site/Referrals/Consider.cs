using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Site.Notices;
using Heed.Site.People;
using Microsoft.EntityFrameworkCore;

namespace Heed.Site.Referrals;

/// <summary>
/// Puts before the decision what was known before, for every child of a notice. Each showing is recorded, with all that stood on it:
/// a decision names the showing that it was made from, so that nobody decides on the latest incident alone without that being seen.
/// </summary>
public static class Consider
{
    /// <param name="Levels">Of the partnership's threshold document, lowest need first.</param>
    /// <param name="Notice">As its recipient sees it.</param>
    /// <param name="Children">Each with what was known before.</param>
    /// <param name="Councils">To which a contact can be passed on.</param>
    /// <param name="Colours">Of the partnership's own triage; none where it has no such scheme.</param>
    /// <param name="Triage">The colour that the notice was given.</param>
    public sealed record View(OpenNotice.View Notice, IReadOnlyList<Subject> Children, IReadOnlyList<Threshold> Levels, IReadOnlyList<Agency> Councils, IReadOnlyList<Triage.Colour> Colours, string? Triage);

    /// <param name="Shown">The showing, to be named by the decision; none once the decision is made.</param>
    /// <param name="Before">Null while who this is has not been worked out.</param>
    /// <param name="Household">Other children of the household whom the report does not name.</param>
    /// <param name="Contact">This child of this notice.</param>
    /// <param name="Cases">This child's cases here, newest first, with why each was closed.</param>
    public sealed record Subject(OpenNotice.Child Contact, Guid? Shown, History? Before, IReadOnlyList<Child.Housemate> Household, IReadOnlyList<Child.Case> Cases);

    public static async Task<View?> Handle(Guid id, Work work, Bodies known)
    {
        if (await OpenNotice.Handle(id, work, known) is not { } notice)
        {
            return null;
        }
        var bodies = await known.For(work);
        var named = notice.Children.Select(c => c.Person).OfType<Guid>().ToHashSet();
        var children = new List<Subject>();
        foreach (var child in notice.Children)
        {
            var before = child.Person is { } person ? await Before(person, notice.ReportId, work) : null;
            var household = child.Person is { } of ? (await Child.HouseholdOf(of, work)).Where(h => h.IsChild && (h.PersonId is not { } other || !named.Contains(other))).ToList() : [];
            children.Add(new(child, child.Decision is null ? await Note(child, before, work) : null, before, household, child.Person is { } whose ? await Child.CasesOf(whose, work) : []));
        }
        return new(notice, children, bodies.Thresholds, [.. bodies.Agencies.Values.Where(a => a.Kind == "council" && a.HasHeed && a.Name != notice.To).OrderBy(a => a.Name)], Referrals.Triage.Colours(bodies, work.Now),
            await work.All<Notice>().Where(n => n.Id == notice.Id).Select(n => n.Triage).SingleAsync());
    }

    /// <summary>All that came before, and what came after the incident too: it is the decision that must know, not the notice.</summary>
    internal static async Task<History> Before(Guid person, Guid report, Work work) =>
        await History.Read(person, work, exceptReport: report) is var history ? history with { Entries = [.. history.Entries.Where(e => !e.Corrected)] } : null!;

    private static async Task<Guid> Note(OpenNotice.Child child, History? before, Work work)
    {
        var shown = Ids.Next();
        await work.Do($"""
            insert into shown_history (id, contact_id, person_id, at, reports, elsewhere, doubts)
            values ({shown}, {child.ContactId}, {child.Person}, {work.Now}, {before?.Entries.Select(e => e.ReportId).Distinct().ToArray() ?? []}, {before?.HeldElsewhere.Select(h => h.Agency).ToArray() ?? []}, {before?.Doubts.Select(d => d.Id).ToArray() ?? []})
            """);
        return shown;
    }
}
