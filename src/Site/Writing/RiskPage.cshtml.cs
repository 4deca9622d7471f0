using Heed.Plumbing;
using Heed.Site.Access;
using Microsoft.AspNetCore.Mvc;

namespace Heed.Site.Writing;

public sealed class RiskModel(Work work, Bodies bodies) : DraftPage(work, bodies)
{
    [BindProperty]
    public Risk Risk { get; set; } = new();

    public async Task<IActionResult> OnGetAsync(Guid id)
    {
        if (await Open(id) is { } elsewhere)
        {
            return elsewhere;
        }
        Risk = Typed.Risk;
        return await Shown("risk");
    }

    public async Task<IActionResult> OnPostAsync(Guid id)
    {
        if (await Open(id) is { } elsewhere)
        {
            return elsewhere;
        }
        (Typed.Risk.Instrument, Typed.Risk.Note) = (Risk.Instrument, Risk.Note);
        Typed.Risk.Answers = Questions.Of(Risk.Instrument) is { } asked
            ? asked.Asked.Select(q => (q.Number, Answer: Request.Form[$"{asked.Key}-{q.Number}"].ToString())).Where(a => a.Answer is "yes" or "no" or "not-known").ToDictionary(a => a.Number, a => (string?)a.Answer)
            : [];
        return await Kept("risk", "/grade");
    }
}
