using Heed.Plumbing;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Heed.Site.Access;

/// <summary>An agency's keys for its systems. A new one is shown on the page that answers, and never again.</summary>
[Permit("key.manage", purpose: "Managing the keys of the agency's systems")]
public sealed class KeysModel(Work work) : PageModel
{
    public static readonly IReadOnlyDictionary<string, string> Words = new Dictionary<string, string>
    {
        ["report.send"] = "Send reports", ["report.import"] = "Send files of incidents", ["report.read"] = "Follow what became of its reports", ["report.grade"] = "Grade and release what officers wrote",
        ["search.record"] = "Note searches made elsewhere", ["notice.read"] = "Read notices", ["notice.acknowledge"] = "Accept responsibility for a notice, by a named person", ["notice.take"] = "Take and hand on notices",
        ["contact.decide"] = "Send decisions", ["clock.read"] = "Read clocks", ["worklist.read"] = "Read the worklist", ["person.search"] = "Search people", ["child.read"] = "Read a child's history",
        ["register.import"] = "Load a register", ["mailbox.collect"] = "Collect from the mailbox", ["exchange.settle"] = "Settle what could not be delivered", ["exchange.manage"] = "Manage webhooks and e-mail addresses",
        ["emergency.read"] = "Hear of what was opened in an emergency", ["look.read"] = "Read who looked", ["chain.read"] = "Fetch the chain's heads and entries", ["incident.import"] = "Send a force's log of incidents",
    };

    public IReadOnlyList<ApiKeys.Line> Lines { get; private set; } = [];

    public string[] Permits { get; private set; } = [];

    public Instant Now { get; private set; }

    /// <summary>Shown this once.</summary>
    public string? Key { get; private set; }

    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public List<string> Scope { get; set; } = [];

    public Task OnGetAsync() => Show();

    public async Task<IActionResult> OnPostAsync() => await Answer(await ApiKeys.Make(Name, Scope, work));

    public async Task<IActionResult> OnPostReplaceAsync(Guid id, bool atOnce) => await Answer(await ApiKeys.Replace(id, atOnce, work));

    public async Task<IActionResult> OnPostRevokeAsync(Guid id) => await ApiKeys.Revoke(id, work) is { } ? NotFound() : Redirect("/system-keys");

    private async Task<IActionResult> Answer((string? Key, Refusal? No) made)
    {
        if (made.No is { Kind: No.NotFound })
        {
            return NotFound();
        }
        Key = made.Key;
        if (Key is not null)
        {
            (Name, Scope) = (null, []);
            ModelState.Clear();
        }
        await Show();
        return made.No is { } no ? this.Refused(no) : Page();
    }

    private async Task Show() => (Now, Lines, Permits) = (work.Now, await ApiKeys.All(work), await ApiKeys.Permits(work));
}
