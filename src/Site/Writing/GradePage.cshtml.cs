using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Site.Notices;
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
        // Where it was domestic abuse there is an adult to write down: their page comes at once, and not an empty list.
        return await Kept("grade", Typed is { What.Kind: "domestic-abuse", People.Count: 0 } ? $"/people/{Typed.NextKey()}" : "/people");
    }
}
