using Heed.Plumbing;
using Heed.Site.Access;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Heed.Site.Exchange;

/// <summary>What did not arrive, for whoever is to see to it; and for an agency's managers what waits for its system and how long, and where its system is told.</summary>
[Permit("exchange.settle", purpose: "Seeing to what could not be delivered")]
public sealed class ExchangeModel(Work work, ExchangeSettings settings, SignedReceipts receipts, Bodies bodies, Secrets secrets) : PageModel
{
    public IReadOnlyList<Mailbox.Pile> Piles { get; private set; } = [];

    public IReadOnlyList<Endpoints.Line> Lines { get; private set; } = [];

    public IReadOnlyList<Undelivered.Line> Missed { get; private set; } = [];

    public IReadOnlyList<Signing.Jwk> Keys { get; private set; } = [];

    /// <summary>By task, for what this agency sent and must reach the other about.</summary>
    public IReadOnlyDictionary<Guid, Ring> Rings { get; private set; } = new Dictionary<Guid, Ring>();

    /// <summary>The agency's teams, each with the address by which it hears that something waits, or without one.</summary>
    public IReadOnlyList<TeamAddress.Line> Teams { get; private set; } = [];

    /// <summary>Shown this once.</summary>
    public string? Secret { get; private set; }

    /// <summary>As typed, where it was refused.</summary>
    public (string? Url, Guid? Team, string? Address) Typed { get; private set; }

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

    [Permit("exchange.manage", purpose: "Saying where an agency's system is told that something waits")]
    public async Task<IActionResult> OnPostEndpointAsync(string? url)
    {
        var made = await Endpoints.Make(url, work, settings, secrets);
        Typed = (made.Item1 is null ? url : null, null, null);
        return await Answer(made);
    }

    [Permit("exchange.manage", purpose: "Replacing the secret of a webhook")]
    public async Task<IActionResult> OnPostSecretAsync(Guid id) => await Answer(await Endpoints.Rotate(id, work, secrets));

    [Permit("exchange.manage", purpose: "Disabling a webhook")]
    public async Task<IActionResult> OnPostDisableAsync(Guid id) => await Endpoints.Disable(id, work) is null ? Redirect("/exchange") : NotFound();

    [Permit("exchange.manage", purpose: "Saying by which address a team hears that something waits")]
    public async Task<IActionResult> OnPostAddressAsync(Guid? team, string? address)
    {
        var no = team is { } whose ? await TeamAddress.Set(whose, address, work, bodies) : work.Refuse("team", "Choose a team");
        if (no is null or { Kind: No.NotFound })
        {
            return no is null ? Redirect("/exchange") : NotFound();
        }
        Typed = (null, team, address);
        await Show();
        return this.Refused(no);
    }

    private async Task<IActionResult> Answer((Endpoints.Made? Made, Refusal? No) what)
    {
        if (what.No is { Kind: No.NotFound })
        {
            return NotFound();
        }
        Secret = what.Made?.Secret;
        await Show();
        return what.No is { } no ? this.Refused(no) : Page();
    }

    private async Task Show()
    {
        ViewData[Layout.Frame.Wide] = true;
        (Now, Missed) = (work.Now, await Undelivered.Mine(work));
        var snapshot = await bodies.For(work);
        Rings = Missed.Where(m => !m.Mine).ToDictionary(m => m.Id, m => snapshot.Ring(m.Recipient, m.Team, byHand: false, Now));
        if (Manages)
        {
            (Piles, Lines, Keys, Teams) = (await Mailbox.Piles(work), await Endpoints.All(work), await receipts.Keys(), await TeamAddress.All(work));
        }
    }
}
