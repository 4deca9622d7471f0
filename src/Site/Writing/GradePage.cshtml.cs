using Heed.Plumbing;
using Heed.Site.Access;
using Microsoft.AspNetCore.Mvc;

namespace Heed.Site.Writing;

/// <summary>The officer's own grade, chosen in front of what was answered: facts to weigh, and never a sum.</summary>
public sealed class GradeModel(Work work, Bodies bodies) : DraftPage(work, bodies)
{
    [BindProperty]
    public Risk Risk { get; set; } = new();

    public IReadOnlyList<Questions.Cluster> Stand => [.. Questions.Of(Typed.Risk.Instrument)?.Stand(Typed.Risk.Answers) ?? []];

    public async Task<IActionResult> OnGetAsync(Guid id)
    {
        if (await Open(id) is { } elsewhere)
        {
            return elsewhere;
        }
        Risk = Typed.Risk;
        return await Shown("grade");
    }

    public async Task<IActionResult> OnPostAsync(Guid id)
    {
        if (await Open(id) is { } elsewhere)
        {
            return elsewhere;
        }
        Typed.Risk.Grade = Risk.Grade;
        return await Kept("grade", "/people");
    }
}
