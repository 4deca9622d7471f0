using Heed.Plumbing;
using Heed.Site.Access;
using Microsoft.AspNetCore.Mvc;

namespace Heed.Site.Writing;

/// <summary>The sections of one report, and which are done.</summary>
public sealed class TasksModel(Work work, Bodies bodies) : DraftPage(work, bodies)
{
    public static readonly IReadOnlyList<(string Page, string Title)> Sections =
        [("what", "What happened"), ("risk", "Risk questions"), ("grade", "Your grade"), ("people", "Adults and others"), ("children", "Children")];

    public IReadOnlyList<(string Page, string Title, bool Done)> Tasks { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(Guid id)
    {
        if (await Open(id) is { } elsewhere)
        {
            return elsewhere;
        }
        var owed = await Owed();
        // Risk is owed only where it was domestic abuse, so an empty report must not show it as done.
        Tasks = [.. Sections.Select(s => (s.Page, s.Title, Typed.What.Kind is not null && !owed.Any(o => SectionOf(o.Page) == s.Page)))];
        return Page();

        string SectionOf(string page) => page.StartsWith("people/", StringComparison.Ordinal) && Typed.Find(page[7..]) is { Child: true } ? "children" : page.Split('/')[0];
    }

    public async Task<IActionResult> OnPostThrowAwayAsync(Guid id)
    {
        if (await Open(id) is { } elsewhere)
        {
            return elsewhere;
        }
        if (Draft.ThrowAway(Now))
        {
            return Redirect($"/reports/{Draft.CorrectsId}");
        }
        Work.NotFound(id);
        return NotFound();
    }
}
