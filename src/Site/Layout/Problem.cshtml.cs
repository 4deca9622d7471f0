using Heed.Plumbing;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Heed.Site.Layout;

/// <summary>What a page says when there is nothing to show: not found, not permitted, or failed.</summary>
[OpenToAll("It says nothing about anybody")]
[IgnoreAntiforgeryToken]
public sealed class ProblemModel : PageModel
{
    public int Status { get; private set; }

    public void OnGet(int status) => Status = status;

    public void OnPost(int status) => Status = status;
}
