using Heed.Plumbing;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Heed.Site.Administration;

/// <summary>Retention classes and the changes that wait, and the agency's own legal holds.</summary>
[Permit("administration.read", purpose: "Reading how long records are kept")]
public sealed class KeepingModel(Work work) : PageModel
{
    public IReadOnlyList<Keeping.Class> Classes { get; private set; } = [];

    public IReadOnlyList<Keeping.Change> Waiting { get; private set; } = [];

    public IReadOnlyList<Keeping.Hold> Holds { get; private set; } = [];

    public Instant Now { get; private set; }

    public Guid Me { get; private set; }

    public bool MayAsk { get; private set; }

    public bool MayAgree { get; private set; }

    public bool MayHold { get; private set; }

    /// <summary>Whoever may ask or agree sees what is over.</summary>
    public bool MayDestroy { get; private set; }

    public bool MayAskDestroying { get; private set; }

    public IReadOnlyList<Destroying.Line> Over { get; private set; } = [];

    public IReadOnlyList<Destroying.Asked> ToDestroy { get; private set; } = [];

    public IReadOnlyList<Destroying.Gone> Destroyed { get; private set; } = [];

    public IReadOnlyList<Destroying.Lost> ToldToUs { get; private set; } = [];

    [BindProperty] public string? Class { get; set; }

    [BindProperty] public string? Words { get; set; }

    [BindProperty] public int? Years { get; set; }

    [BindProperty] public string? FromEvent { get; set; }

    [BindProperty] public string? Authority { get; set; }

    [BindProperty] public bool Read { get; set; }

    [BindProperty] public string? Reason { get; set; }

    [BindProperty] public string? Number { get; set; }

    [BindProperty] public string? HoldReason { get; set; }

    public Task OnGetAsync() => Show();

    [Permit("partnership.manage", purpose: "Asking for another retention time")]
    public async Task<IActionResult> OnPostAsync()
    {
        ModelState.Clear();
        return await Answer((await Keeping.AskChange(new(Class, Words, Years, FromEvent, Authority, Read, Reason), work)).Item2);
    }

    [Permit("policy.agree", purpose: "Agreeing to another retention time")]
    public async Task<IActionResult> OnPostAgreeAsync(Guid id) => await Answer(await Keeping.AgreeChange(id, work));

    [Permit("partnership.manage", purpose: "Letting a change of retention go")]
    public async Task<IActionResult> OnPostDropAsync(Guid id) => await Answer(await Keeping.DropChange(id, work));

    [Permit("hold.manage", purpose: "Placing a legal hold")]
    public async Task<IActionResult> OnPostHoldAsync() => await Answer((await Keeping.PlaceHold(Number, HoldReason, work)).Item2);

    [Permit("hold.manage", purpose: "Releasing a legal hold")]
    public async Task<IActionResult> OnPostReleaseAsync(Guid id) => await Answer(await Keeping.ReleaseHold(id, Request.Form[$"Release-{id:N}"], work), $"-{id:N}");

    [Permit("purge.ask", purpose: "Asking that what is kept no longer be destroyed")]
    public async Task<IActionResult> OnPostAskDestroyingAsync(Guid record) => await Answer((await Destroying.Ask(record, Request.Form[$"PurgeWords-{record:N}"], work)).Item2, $"-{record:N}");

    [Permit("purge.agree", purpose: "Agreeing that what is kept no longer be destroyed")]
    public async Task<IActionResult> OnPostDestroyAsync(Guid id) => await Answer(await Destroying.Agree(id, work));

    [Permit("purge.agree", purpose: "Letting go that something be destroyed")]
    public async Task<IActionResult> OnPostKeepAsync(Guid id) => await Answer(await Destroying.LetGo(id, work));

    private async Task<IActionResult> Answer(Refusal? no, string suffix = "")
    {
        if (no is null)
        {
            return Redirect("/administration/retention");
        }
        if (no.Kind == No.NotFound)
        {
            return NotFound();
        }
        await Show();
        return this.Refused(no, suffix);
    }

    private async Task Show()
    {
        (Now, Me, MayAsk, MayAgree, MayHold) = (work.Now, work.Actor.Id, work.Actor.May("partnership.manage"), work.Actor.May("policy.agree"), work.Actor.May("hold.manage"));
        (Classes, Waiting, Holds) = (await Keeping.Classes(work), await Keeping.Waiting(work), MayHold ? await Keeping.Holds(work) : []);
        (MayDestroy, MayAskDestroying) = (work.Actor.May("purge.agree"), work.Actor.May("purge.ask"));
        if (MayDestroy)
        {
            (Over, ToDestroy, Destroyed, ToldToUs) = (await Destroying.Over(work), await Destroying.Waiting(work), await Destroying.Done(work), await Destroying.ToldToUs(work));
        }
    }
}
