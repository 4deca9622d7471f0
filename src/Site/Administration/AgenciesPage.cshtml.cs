using Heed.Plumbing;
using Heed.Plumbing.Gov;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Heed.Site.Administration;

/// <summary>The agencies of the partnership, with what they were called and who followed them.</summary>
[Permit("partnership.manage", purpose: "Managing the agencies of the partnership")]
public sealed class AgenciesModel(Work work) : PageModel
{
    public IReadOnlyList<Agencies.Line> Lines { get; private set; } = [];

    [BindProperty] public string? Name { get; set; }

    [BindProperty] public string? Kind { get; set; }

    [BindProperty] public string? Nation { get; set; }

    [BindProperty] public string? Code { get; set; }

    [BindProperty] public TypedDate From { get; set; } = new();

    [BindProperty] public string? Team { get; set; }

    [BindProperty] public bool HasHeed { get; set; }

    [BindProperty] public Guid Agency { get; set; }

    [BindProperty] public string? NewName { get; set; }

    [BindProperty] public Guid? Follower { get; set; }

    [BindProperty] public string? How { get; set; }

    [BindProperty] public TypedDate On { get; set; } = new();

    public async Task OnGetAsync() => Lines = await Agencies.All(work);

    public async Task<IActionResult> OnPostAsync() => await Answer((await Agencies.Add(new(Name, Kind, Nation, Code, From.Date, Team, HasHeed), work)).Item2);

    public async Task<IActionResult> OnPostRenameAsync() => await Answer(await Agencies.Rename(Agency, NewName, work));

    public async Task<IActionResult> OnPostFollowAsync() => await Answer(await Agencies.Follow(Agency, Follower, How, On.Date, work));

    private async Task<IActionResult> Answer(Refusal? no)
    {
        if (no is null)
        {
            return Redirect("/administration/agencies");
        }
        if (no.Kind == No.NotFound)
        {
            return NotFound();
        }
        ModelState.Clear();
        Lines = await Agencies.All(work);
        return this.Refused(no);
    }
}
