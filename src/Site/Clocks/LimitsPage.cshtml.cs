using Heed.Plumbing;
using Heed.Plumbing.Gov;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Heed.Site.Clocks;

/// <summary>The partnership's own limits, each version with the days it stands for. National limits are in LAW.md and cannot be set.</summary>
[Permit("limit.read", purpose: "Reading the local limits")]
public sealed class LimitsModel(Work work) : PageModel
{
    public IReadOnlyList<SetLimit.Version> Lines { get; private set; } = [];

    public bool MaySet { get; private set; }

    /// <summary>What may be set: what stands, and what the partnership has not agreed yet.</summary>
    public IEnumerable<(string Key, string Name, bool Set)> Choices =>
        Lines.Where(l => l.Until is null).Select(l => (l.Key, l.Name, true)).Concat(SetLimit.Own.Where(own => Lines.All(l => l.Key != own.Key)).Select(own => (own.Key, own.Value, false)));

    [BindProperty] public string? Limit { get; set; }

    [BindProperty] public string? Words { get; set; }

    [BindProperty] public string? Unit { get; set; }

    [BindProperty] public int? Amount { get; set; }

    [BindProperty] public int? Warn { get; set; }

    [BindProperty] public int? Climb { get; set; }

    [BindProperty] public TypedDate From { get; set; } = new();

    [BindProperty] public string? AgreedBy { get; set; }

    [BindProperty] public string? Source { get; set; }

    public Task OnGetAsync() => Show();

    [Permit("partnership.manage", purpose: "Setting a local limit")]
    public async Task<IActionResult> OnPostAsync()
    {
        // What is no number is said by the rule, at its field, and not by the binder.
        ModelState.Clear();
        if (await SetLimit.Handle(new(Limit, Words, Unit, Amount, Warn, Climb, From.Date, AgreedBy, Source), work) is not { } no)
        {
            return Redirect("/limits");
        }
        await Show();
        return this.Refused(no);
    }

    private async Task Show() => (MaySet, Lines) = (work.Actor.May("partnership.manage"), await SetLimit.All(work));
}
