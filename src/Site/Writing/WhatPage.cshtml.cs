using Heed.Plumbing;
using Heed.Site.Access;
using Microsoft.AspNetCore.Mvc;

namespace Heed.Site.Writing;

public sealed class WhatModel(Work work, Bodies bodies) : DraftPage(work, bodies)
{
    [BindProperty]
    public What What { get; set; } = new();

    public async Task<IActionResult> OnGetAsync(Guid id)
    {
        if (await Open(id) is { } elsewhere)
        {
            return elsewhere;
        }
        What = Typed.What;
        Show();
        return await Shown("what");
    }

    public async Task<IActionResult> OnPostAsync(Guid id)
    {
        if (await Open(id) is { } elsewhere)
        {
            return elsewhere;
        }
        What.Occurred.Fix(Today);
        What.Known.Fix(Today);
        Typed.What = What;
        var answer = await Kept("what", "/risk");
        Show();
        return answer;
    }

    private void Show()
    {
        What.Occurred.Show(Today);
        What.Known.Show(Today);
    }
}
