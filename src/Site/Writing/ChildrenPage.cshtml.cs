using Heed.Plumbing;
using Heed.Plumbing.Gov;
using Heed.Site.Access;
using Heed.Site.Layout;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace Heed.Site.Writing;

/// <summary>The children of the household are asked after, whether or not one was there.</summary>
public sealed class ChildrenModel(Work work, Bodies bodies, IStringLocalizer<PageWords> words) : DraftPage(work, bodies)
{
    [BindProperty]
    public Asked Children { get; set; } = new();

    public Choice[] Answers => [new("yes", words["Yes"].Value), new("no", words["No"].Value), new("not-known", words["Not known"].Value)];

    public async Task<IActionResult> OnGetAsync(Guid id)
    {
        if (await Open(id) is { } elsewhere)
        {
            return elsewhere;
        }
        Children = Typed.Children;
        return await Shown("children");
    }

    public async Task<IActionResult> OnPostAsync(Guid id)
    {
        if (await Open(id) is { } elsewhere)
        {
            return elsewhere;
        }
        Typed.Children = Children;
        var answer = await Kept("children", "/check");
        // Whoever says that there are children is asked next who the first one is: nobody has to see a second button.
        var who = ModelState.ErrorCount == 1 && ModelState.ContainsKey("Children.Who");
        return who || (Request.Form.ContainsKey("Add") && !ModelState.ContainsKey("")) ? Redirect($"/reports/drafts/{id}/people/{Typed.NextKey()}?child=true") : answer;
    }
}
