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
        string? wrong = file is null ? "Choose a file" : file.Length > FileBody.MostBytes ? $"A file has at most {FileBody.MostBytes / 1024 / 1024} MiB" : null;
        if (wrong is null)
        {
            using var whole = new MemoryStream();
            await file!.CopyToAsync(whole, stop);
            var (id, no) = await IncomingFile.Handle(Path.GetFileName(file.FileName), whole.ToArray(), work, stop);
            if (no is null)
            {
                return Redirect($"/files/{id}");
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
