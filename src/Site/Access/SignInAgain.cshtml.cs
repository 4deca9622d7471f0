using Heed.Plumbing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Heed.Site.Access;

/// <summary>The demonstration's proof that it is still the person who signed in: they say so. A provider asks for more.</summary>
[Permit("worklist.read", purpose: "Proving again who one is")]
public sealed class SignInAgainModel(Work work) : PageModel
{
    public string Name => work.Actor.Name;

    [BindProperty(SupportsGet = true, Name = "purpose")]
    public string? Purpose { get; set; }

    [BindProperty(SupportsGet = true, Name = "then")]
    public string? Then { get; set; }

    public IActionResult OnGet() => Purpose is { Length: > 0 and <= 200 } && Url.IsLocalUrl(Then) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync()
    {
        if (OnGet() is NotFoundResult none)
        {
            return none;
        }
        await HttpContext.SignInAsync(StepUp.Proved(User, Purpose!, work.Now));
        return Redirect(Then!);
    }
}
