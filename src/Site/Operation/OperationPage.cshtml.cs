using Heed.Plumbing;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Heed.Site.Operation;

/// <summary>How the installation is, in words, for whoever answers for it.</summary>
[Permit("operation.read", purpose: "Seeing how the installation is")]
public sealed class OperationModel(Condition condition) : PageModel
{
    public IReadOnlyList<Check> Checks { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken stop) => Checks = [.. (await condition.Checks(stop)).OrderByDescending(c => c.State)];
}
