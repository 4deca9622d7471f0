using Heed.Plumbing;
using Heed.Plumbing.Gov;
using Heed.Site.Notices;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Heed.Site.Administration;

/// <summary>The sharing agreements, or one with its history; a draft with what it would change, in words; its publication by a second person.</summary>
[Permit("administration.read", purpose: "Reading the sharing agreements")]
public sealed class AgreementsModel(Work work) : PageModel
{
    public IReadOnlyList<Agreements.Version> Versions { get; private set; } = [];

    public IReadOnlyList<Agreements.Draft> Drafts { get; private set; } = [];

    /// <summary>The newest version of the one that the page is about.</summary>
    public Agreements.Version? One { get; private set; }

    public Instant Now { get; private set; }

    public Guid Me { get; private set; }

    public bool MayDraft { get; private set; }

    public bool MayPublish { get; private set; }

    public static IReadOnlyList<Choice> Kinds { get; } = [.. Reading.Kinds.Order(StringComparer.Ordinal).Select(k => new Choice(k, KindWords.Of(k)))];

    [BindProperty] public string? Name { get; set; }

    [BindProperty] public string? From { get; set; }

    [BindProperty] public string? To { get; set; }

    [BindProperty] public List<string> Told { get; set; } = [];

    [BindProperty] public string? Discloses { get; set; }

    [BindProperty] public string? Basis { get; set; }

    [BindProperty] public string? Purpose { get; set; }

    [BindProperty] public TypedDate StartsOn { get; set; } = new();

    [BindProperty] public TypedDate UntilOn { get; set; } = new();

    [BindProperty] public string? AgreedBy { get; set; }

    [BindProperty] public string? Reason { get; set; }

    [BindProperty] public bool Ends { get; set; }

    public async Task<IActionResult> OnGetAsync(string? key)
    {
        if (!await Show(key))
        {
            return NotFound();
        }
        if (One is { } one)
        {
            (Name, From, To, Told, Discloses, Basis, Purpose, AgreedBy) = (one.Name, one.FromKind, one.ToKind, [.. one.ReportKinds ?? []], one.Discloses, one.Basis, one.Purpose, one.AgreedBy);
        }
        return Page();
    }

    [Permit("partnership.manage", purpose: "Drafting a sharing agreement")]
    public async Task<IActionResult> OnPostAsync(string? key)
    {
        if (!UntilOn.IsEmpty && UntilOn.Date is null)
        {
            return await Answer(key, work.Refuse("untilOn", "Enter a date, or none at all"));
        }
        return await Answer(key, (await Agreements.Write(key, new(Name, From, To, Told, Discloses, Basis, Purpose, StartsOn.Date, UntilOn.Date, AgreedBy, Reason, Ends), work)).Item2);
    }

    [Permit("policy.agree", purpose: "Publishing a sharing agreement")]
    public async Task<IActionResult> OnPostPublishAsync(string? key, Guid draft) => await Answer(key, await Agreements.Publish(draft, work));

    [Permit("partnership.manage", purpose: "Letting a drafted sharing agreement go")]
    public async Task<IActionResult> OnPostDropAsync(string? key, Guid draft) => await Answer(key, await Agreements.Drop(draft, work));

    /// <summary>What a draft would change of the version it was written upon.</summary>
    public IReadOnlyList<string> Changes(Agreements.Draft draft) =>
        Agreements.Changes(Versions.FirstOrDefault(v => v.Key == draft.Key && v.Number == draft.AfterVersion)?.Terms, draft.Ends ? null : draft.Terms);

    private async Task<IActionResult> Answer(string? key, Refusal? no)
    {
        if (no is null)
        {
            return Redirect(key is null ? "/administration/agreements" : $"/administration/agreements/{key}");
        }
        return no.Kind == No.NotFound || !await Show(key) ? NotFound() : this.Refused(no);
    }

    private async Task<bool> Show(string? key)
    {
        (Now, Me, MayDraft, MayPublish) = (work.Now, work.Actor.Id, work.Actor.May("partnership.manage"), work.Actor.May("policy.agree"));
        (Versions, Drafts) = (await Agreements.All(work), await Agreements.Drafts(work));
        if (key is not null)
        {
            (Versions, Drafts) = ([.. Versions.Where(v => v.Key == key)], [.. Drafts.Where(d => d.Key == key)]);
            One = Versions.FirstOrDefault(v => v.Newest);
        }
        return key is null || One is not null;
    }
}
