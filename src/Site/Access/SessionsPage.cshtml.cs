using Heed.Plumbing;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Heed.Site.Access;

/// <summary>Where one is signed in oneself, and an end to any of it but this.</summary>
[Permit("worklist.read", purpose: "Seeing where one is signed in")]
public sealed class SessionsModel(Work work) : PageModel
{
    public static readonly string ProveAt = ProveAgainModel.At(SignedIn.Purpose, "/sessions");

    public IReadOnlyList<SignedIn.Line> Lines { get; private set; } = [];

    public bool Proved { get; private set; }

    public Instant Now { get; private set; }

    [BindProperty(SupportsGet = true)]
    public string? Said { get; set; }

    public async Task OnGetAsync() => (Now, Lines, Proved) = (work.Now, await SignedIn.Of(work.Actor.Id, work), await Sessions.Proved(SignedIn.Purpose, work));

    public Task<IActionResult> OnPostAsync() => End(null);

    public Task<IActionResult> OnPostEndAsync(Guid session) => End(session);

    private async Task<IActionResult> End(Guid? which)
    {
        if (await SignedIn.EndOwn(which, work) is not { } no)
        {
            return Redirect("/sessions?said=ended");
        }
        await OnGetAsync();
        return no.Kind == No.NotFound ? NotFound() : this.Refused(no);
    }
}
