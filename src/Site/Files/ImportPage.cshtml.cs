using Heed.Plumbing;
using Heed.Site.People;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Heed.Site.Files;

[Permit("report.import", purpose: "Following what became of a file of reports")]
public sealed class ImportModel(Work work) : PageModel
{
    public Progress? Import { get; private set; }

    public IReadOnlyList<Explained> Wrong { get; private set; } = [];

    public Instant Now => work.Now;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken stop)
    {
        Import = (await Progress.Read(work, id, stop)).SingleOrDefault();
        if (Import is null)
        {
            work.NotFound(id);
            return NotFound();
        }
        Wrong = await Progress.Wrong(id, work, stop);
        return Page();
    }

    public async Task<IActionResult> OnGetRefusedAsync(Guid id, CancellationToken stop)
    {
        if (await Progress.RefusedRows(id, work, stop) is { } rows)
        {
            return File(rows, "text/csv; charset=utf-8", "not-sent.csv");
        }
        work.NotFound(id);
        return NotFound();
    }
}
