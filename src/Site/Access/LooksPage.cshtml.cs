using Heed.Plumbing;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Access;

/// <summary>Who of this agency looked at what, and who of others looked at what this agency holds.</summary>
[Permit("look.read", purpose: "Seeing who looked at what")]
public sealed class LooksModel(Work work) : PageModel
{
    public sealed record Knock(Instant At, string What, string By);

    public LooksView View { get; private set; } = null!;

    public IReadOnlyList<Knock> Alerts { get; private set; } = [];

    [BindProperty(SupportsGet = true, Name = "whose")]
    public string? Whose { get; set; }

    [BindProperty(SupportsGet = true, Name = "before")]
    public Guid? Before { get; set; }

    public async Task OnGetAsync()
    {
        ViewData[Layout.Frame.Wide] = true;
        View = new(await Looks.Read(work, whose: Whose, before: Before), await Looks.ByAgency(work), work.Now, work.Actor.May("child.read"), $"/looks?whose={Uri.EscapeDataString(Whose ?? "")}", Before is not null);
        Alerts = await work.Ask<Knock>($"select x.at, x.what, p.name as by from alert x join practitioner p on p.id = x.by order by x.at desc limit 50").ToListAsync();
        await work.Look("looks", null);
    }
}

/// <summary>What the list of looks needs, on whichever page it stands.</summary>
/// <param name="CanOpen">Whoever sees that somebody looked need not see at whom.</param>
/// <param name="Href">This page's own address, with a question mark in it.</param>
/// <param name="Later">This is not the first page.</param>
public sealed record LooksView(IReadOnlyList<Looks.Line> Lines, IReadOnlyList<Looks.Tally> ByAgency, Instant Now, bool CanOpen, string Href, bool Later);
