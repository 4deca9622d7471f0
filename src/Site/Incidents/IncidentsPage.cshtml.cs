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

    public async Task OnGetAsync(CancellationToken stop)
    {
        ViewData[Layout.Frame.Wide] = true;
        Lines = await Untold.Read(work, stop);
        Lists = Sends ? await TakeList.Last(work, stop) : [];
        await work.Look("incidents that nobody was told of", null);
    }

    [Permit("incident.import", purpose: "Holding a force's log against its reports")]
    public async Task<IActionResult> OnPostAsync(IFormFile? file, CancellationToken stop)
    {
        string? wrong = file is null ? "Choose a file" : file.Length > FileBody.MostBytes ? $"A file has at most {FileBody.MostBytes / 1024 / 1024} MiB" : null;
        if (wrong is null)
        {
            using var whole = new MemoryStream();
            await file!.CopyToAsync(whole, stop);
            var (_, first, no) = await TakeList.Handle(Path.GetFileName(file.FileName), "page", whole.ToArray(), work, bodies, stop);
            if (no is null)
            {
                return Redirect($"/incidents?said={(first ? "taken" : "again")}");
            }
            wrong = no.Message;
        }
        await OnGetAsync(stop);
        work.Refuse("file", wrong);
        ModelState.AddModelError("File", wrong);
        Response.StatusCode = 422;
        return Page();
    }
}
