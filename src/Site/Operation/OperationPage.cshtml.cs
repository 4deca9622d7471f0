using Heed.Plumbing;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Heed.Site.Operation;

/// <summary>How the installation is, in words, for whoever answers for it; and what work is stuck, to be seen to.</summary>
[Permit("operation.read", purpose: "Seeing how the installation is")]
public sealed class OperationModel(Condition condition, Work work) : PageModel
{
    public IReadOnlyList<Check> Checks { get; private set; } = [];

    public IReadOnlyList<StuckWork.Line> Stuck { get; private set; } = [];

    public bool MaySettle { get; private set; }

    public Instant Now { get; private set; }

    public async Task OnGetAsync(CancellationToken stop) =>
        (Now, MaySettle, Stuck, Checks) = (work.Now, work.Actor.May("operation.settle"), await StuckWork.Open(work), [.. (await condition.Checks(stop)).OrderByDescending(c => c.State)]);

    [Permit("operation.settle", purpose: "Seeing to work that is stuck")]
    public async Task<IActionResult> OnPostAsync(Guid task, CancellationToken stop)
    {
        if (await StuckWork.Settle(task, Request.Form[$"Answer-{task:N}"], Request.Form[$"Words-{task:N}"], work) is not { } no)
        {
            return Redirect("/operation");
        }
        if (no.Kind == No.NotFound)
        {
            return NotFound();
        }
        await OnGetAsync(stop);
        return this.Refused(no, $"-{task:N}");
    }
}
