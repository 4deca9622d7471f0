using Heed.Plumbing;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Heed.Site.Files;

[Permit("report.import", purpose: "Sending a file of reports")]
public sealed class FilesModel(Work work) : PageModel
{
    public IReadOnlyList<Progress> Imports { get; private set; } = [];

    public Instant Now { get; private set; }

    public async Task OnGetAsync(CancellationToken stop)
    {
        Now = work.Now;
        Imports = await Progress.Read(work, stop: stop);
    }

    public async Task<IActionResult> OnPostAsync(IFormFile? file, CancellationToken stop)
    {
        var (bytes, no) = await Upload.Read(file, work, stop);
        if (no is null)
        {
            (var id, no) = await IncomingFile.Handle(Path.GetFileName(file!.FileName), bytes!, work, stop);
            if (no is null)
            {
                return Redirect($"/files/{id}");
            }
        }
        await OnGetAsync(stop);
        return this.Refused(no);
    }
}
