using Heed.Plumbing;
using Heed.Site.Access;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Heed.Site.Exchange;

/// <summary>What did not arrive, for whoever is to see to it; and for an agency's managers what waits for its system and how long, and where its system is told.</summary>
[Permit("exchange.settle", purpose: "Seeing to what could not be delivered")]
public sealed class ExchangeModel(Work work, ExchangeSettings settings, SignedReceipts receipts, Bodies bodies) : PageModel
{
    public IReadOnlyList<Mailbox.Pile> Piles { get; private set; } = [];

    public IReadOnlyList<Endpoints.Line> Lines { get; private set; } = [];

    public IReadOnlyList<Undelivered.Line> Missed { get; private set; } = [];

    public IReadOnlyList<Signing.Jwk> Keys { get; private set; } = [];

    /// <summary>By task, for what this agency sent and must reach the other about.</summary>
    public IReadOnlyDictionary<Guid, Ring> Rings { get; private set; } = new Dictionary<Guid, Ring>();

    public bool MailIsOn => settings.Smtp is { Host.Length: > 0 };

    public bool Manages => work.Actor.May("exchange.manage");

    public Instant Now { get; private set; }

    [BindProperty]
    public Guid Task { get; set; }

    [BindProperty(SupportsGet = true, Name = "done")]
    public bool Done { get; set; }

    public async Task OnGetAsync() => await Show();

    public async Task<IActionResult> OnPostAsync()
    {
        var no = await Undelivered.Settle(Task, Request.Form[$"Words-{Task:N}"], work);
        if (no is null)
        {
            return Redirect("/exchange?done=true");
        }
        if (no.Kind == No.NotFound)
        {
            return NotFound();
        }
        await Show();
        return this.Refused(no, $"-{Task:N}");
    }

    private async Task Show()
    {
        ViewData[Layout.Frame.Wide] = true;
        (Now, Missed) = (work.Now, await Undelivered.Mine(work));
        var snapshot = await bodies.For(work);
        Rings = Missed.Where(m => !m.Mine).ToDictionary(m => m.Id, m => snapshot.Ring(m.Recipient, m.Team, byHand: false, Now));
        if (Manages)
        {
            (Piles, Lines, Keys) = (await Mailbox.Piles(work), await Endpoints.All(work), await receipts.Keys());
        }
    }
}
