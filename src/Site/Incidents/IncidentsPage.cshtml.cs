using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Site.Files;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Heed.Site.Incidents;

/// <summary>What nobody was told of: for a force its own incidents, and its lists; for a council or a school that there are some, how old and of which grade.</summary>
[Permit("incident.read", purpose: "Seeing what nobody was told of")]
public sealed class IncidentsModel(Work work, Bodies bodies) : PageModel
{
    public IReadOnlyList<Untold.Line> Lines { get; private set; } = [];

    public IReadOnlyList<TakeList.Taken> Lists { get; private set; } = [];

    public bool Sends => work.Actor.AgencyKind == "police" && work.Actor.May("incident.import");

    public bool IsForce => work.Actor.AgencyKind == "police";

    public Instant Now => work.Now;

    [BindProperty(SupportsGet = true)]
    public string? Said { get; set; }

    /// <summary>The list that was sent just now.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid? List { get; set; }

    public TakeList.Taken? Sent { get; private set; }

    public Task OnGetAsync(CancellationToken stop) => Show(work, stop);

    [Permit("incident.import", purpose: "Holding a force's log against its reports")]
    public async Task<IActionResult> OnPostAsync(IFormFile? file, CancellationToken stop)
    {
        var (bytes, no) = await Upload.Read(file, work, stop);
        if (no is null)
        {
            (var list, var first, no) = await TakeList.Handle(Path.GetFileName(file!.FileName), "page", bytes!, work, bodies, stop);
            if (no is null)
            {
                return Redirect($"/incidents?said={(first ? "taken" : "again")}&list={list!.Id}");
            }
        }
        return await this.ShowAgain(no, again => Show(again, stop)) ? this.Refused(no) : NotFound();
    }

    private async Task<bool> Show(Work seeing, CancellationToken stop)
    {
        ViewData[Layout.Frame.Wide] = true;
        Lines = await Untold.Read(seeing, stop);
        Sent = Sends && List is { } sent ? await TakeList.Of(sent, seeing, stop) : null;
        Lists = Sends ? await TakeList.Last(seeing, stop) : [];
        await seeing.Look("incidents that nobody was told of", null);
        return true;
    }
}
