using Heed.Plumbing;
using Heed.Plumbing.Gov;
using Heed.Site.Access;
using Heed.Site.Layout;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace Heed.Site.Writing;

/// <summary>One person of the report, or one child. The address holds a number of the page, nobody's name.</summary>
public sealed class PersonModel(Work work, Bodies bodies) : DraftPage(work, bodies)
{
    public static readonly IReadOnlyDictionary<string, string> RelationWords = new Dictionary<string, string>
    {
        ["mother"] = "Mother", ["father"] = "Father", ["step-parent"] = "Step-parent", ["partner"] = "Partner", ["former-partner"] = "Former partner", ["sibling"] = "Brother or sister", ["child"] = "Child", ["grandparent"] = "Grandparent", ["relative"] = "Other relative", ["friend"] = "Friend",
    };

    public static readonly IReadOnlyDictionary<string, string> SensitivityWords = new Dictionary<string, string>
    {
        ["refuge"] = "Yes: it is a refuge", ["confidential-placement"] = "Yes: it is a confidential placement", ["confidential"] = "Yes, for another reason",
    };

    [BindProperty]
    public Someone Person { get; set; } = new();

    [BindProperty(SupportsGet = true, Name = "child")]
    public bool Child { get; set; }

    /// <summary>Whom the force knows by this name; null where nobody was looked for.</summary>
    public IReadOnlyList<Known.Record>? Found { get; private set; }

    public IEnumerable<Someone> Others => Typed.People.Where(p => p.Key != Person.Key);

    /// <summary>What the other may be to this one. A correction keeps a system's own word.</summary>
    public IEnumerable<Choice> Relations(string other, IStringLocalizer<PageWords> words) =>
        RelationWords.Select(r => new Choice(r.Key, words[r.Value].Value)).Concat(Person.Related.GetValueOrDefault(other) is { Length: > 0 } own && !RelationWords.ContainsKey(own) ? [new(own, own)] : []);

    public IEnumerable<string> Schools { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(Guid id, string key)
    {
        if (await Begin(id, key) is { } elsewhere)
        {
            return elsewhere;
        }
        Person = Typed.Find(key) ?? Typed.Next(key, Child);
        return await Shown($"people/{key}");
    }

    public async Task<IActionResult> OnPostAsync(Guid id, string key, string? @do, string? choose)
    {
        if (await Begin(id, key) is { } elsewhere)
        {
            return elsewhere;
        }
        var before = Typed.Find(key);
        (Person.Key, Person.As, Person.Child, Person.RecordNumber) = (key, before?.As, before?.Child ?? Child, before?.RecordNumber);
        Person.Unborn &= Person.Child;
        Person.Related = Others.Select(o => (o.Key, Kind: Request.Form[$"Related-{o.Key}"].ToString())).Where(r => RelationWords.ContainsKey(r.Kind) || (r.Kind.Length > 0 && r.Kind == before?.Related.GetValueOrDefault(r.Key))).ToDictionary(r => r.Key, r => (string?)r.Kind);
        var at = Typed.People.FindIndex(p => p.Key == key);
        var list = Person.Child ? "/children" : "/people";
        if (@do == "remove")
        {
            Typed.People.RemoveAll(p => p.Key == key);
            Typed.People.ForEach(p => p.Related.Remove(key));
            Draft.Keep(Typed, Now);
            return Redirect($"/reports/drafts/{id}{list}");
        }
        Typed.People = at < 0 ? [.. Typed.People, Person] : [.. Typed.People[..at], Person, .. Typed.People[(at + 1)..]];
        if (@do is "find" or "forget" || choose is not null)
        {
            if (choose is not null && await Known.Chosen(choose, Work) is { } record)
            {
                Person.Take(record);
            }
            if (@do == "forget")
            {
                // Or a correction would take the one for the other.
                (Person.RecordNumber, Person.As) = (null, $"{key}-{Ids.Next():N}");
            }
            if (@do == "find")
            {
                Found = await Known.Find(Person, Work) ?? [];
            }
            Draft.Keep(Typed, Now);
            // What the record filled in is shown, and not what was posted before it.
            ModelState.Clear();
            return Page();
        }
        return await Kept($"people/{key}", @do == "another" ? $"/people/{Typed.NextKey()}{(Person.Child ? "?child=true" : "")}" : list);
    }

    /// <summary>A key is that of somebody in the report, or the next: whoever presses Continue twice adds one person.</summary>
    private async Task<IActionResult?> Begin(Guid id, string key)
    {
        if (await Open(id) is { } elsewhere)
        {
            return elsewhere;
        }
        if (Typed.Find(key) is null && key != Typed.NextKey())
        {
            return NotFound();
        }
        Schools = [.. (await Bodies.For(Work)).Agencies.Values.Where(a => a.Kind == "school").Select(a => a.Name).Order()];
        return null;
    }
}
