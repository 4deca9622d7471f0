using Heed.Plumbing;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Heed.Site.Exchange;

/// <summary>For an agency's managers: what waits for its system and how long, where its system is told, and what did not arrive.</summary>
[Permit("exchange.manage", purpose: "Seeing what waits for an agency's system")]
public sealed class ExchangeModel(Work work, ExchangeSettings settings, SignedReceipts receipts) : PageModel
{
    public IReadOnlyList<Mailbox.Pile> Piles { get; private set; } = [];

    public IReadOnlyList<Endpoints.Line> Lines { get; private set; } = [];

    public IReadOnlyList<Undelivered.Line> Missed { get; private set; } = [];

    public IReadOnlyList<SignedReceipts.Jwk> Keys { get; private set; } = [];

    public bool MailIsOn => settings.Smtp is { Host.Length: > 0 };

    public Instant Now { get; private set; }

    [BindProperty]
    public Guid Task { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    public async Task OnGetAsync() => await Show();

    public async Task<IActionResult> OnPostAsync()
    {
        var no = await Undelivered.Settle(Task, Words, work);
        if (no is null)
        {
            return Redirect("/exchange");
        }
        if (no.Kind == No.NotFound)
        {
            return NotFound();
        }
        await Show();
        ModelState.AddModelError("Words", no.Message);
        Response.StatusCode = no.Kind == No.Conflict ? 409 : 422;
        return Page();
    }

    private async Task Show()
    {
        ViewData[Layout.Frame.Wide] = true;
        Now = work.Now;
        (Piles, Lines, Missed, Keys) = (await Mailbox.Piles(work), await Endpoints.All(work), await Undelivered.Mine(work), await receipts.Keys());
    }
}
