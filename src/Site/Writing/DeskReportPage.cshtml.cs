using Heed.Plumbing;
using Heed.Site.Notices;
using Heed.Site.People;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Writing;

/// <summary>One report at the desk: its grade, what was known before, and what was searched for each person.</summary>
[Permit("report.grade", purpose: "Working on a report at the desk")]
public sealed class DeskReportModel(Work work) : PageModel
{
    public Report Report { get; private set; } = null!;

    public Kept Kept { get; private set; } = null!;

    public ReportIn Sent => Kept.Said;

    public IReadOnlyList<Graded> Given { get; private set; } = [];

    public IReadOnlyList<Searches.Subject> People { get; private set; } = [];

    public IReadOnlyDictionary<Guid, History> Before { get; private set; } = new Dictionary<Guid, History>();

    public IReadOnlyList<Searched.Line> Searched { get; private set; } = [];

    public IReadOnlyList<string?> Systems { get; private set; } = [];

    public int Told { get; private set; }

    public Instant Now { get; private set; }

    [BindProperty(SupportsGet = true)]
    public string? Said { get; set; }

    [BindProperty]
    public string? Grade { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    /// <summary>The systems that were searched for somebody and held nothing.</summary>
    public static string Field(Searches.Subject person) => $"nothing-{person.Mention:N}";

    /// <summary>What one system held of somebody.</summary>
    public static string Words(Searches.Subject person, int system) => $"words-{person.Mention:N}-{system}";

    /// <summary>Something that was found stands in the form: it is not folded away.</summary>
    public bool Found(Searches.Subject person) => Systems.Where((_, i) => !string.IsNullOrWhiteSpace(ModelState[Words(person, i)]?.AttemptedValue)).Any();

    public async Task<IActionResult> OnGetAsync(Guid id) => await Show(id, work) ? Page() : NotFound();

    public async Task<IActionResult> OnPostGradeAsync(Guid id) => await Done(id, await Writing.Grade.Handle(new(id, Grade, Reason), work), "graded", field => char.ToUpperInvariant(field[0]) + field[1..]);

    [Permit("search.record", purpose: "Recording what was searched")]
    public async Task<IActionResult> OnPostSearchAsync(Guid id)
    {
        var systems = await Searches.Systems(work);
        var said = new List<(string Nothing, string Words, Searches.One One)>();
        foreach (var person in await Searches.People(id, work))
        {
            var (nothing, ticked) = (Field(person), Request.Form[Field(person)]);
            ModelState.SetModelValue(nothing, (string[])ticked!, ticked);
            for (var i = 0; i < systems.Count; i++)
            {
                var (field, words) = (Words(person, i), Request.Form[Words(person, i)].ToString());
                ModelState.SetModelValue(field, words, words);
                // Ticked as holding nothing, and said to hold something: which of them is not for the program to guess.
                var (empty, found) = (ticked.Contains($"{i}"), !string.IsNullOrWhiteSpace(words));
                if (empty || found)
                {
                    said.Add((nothing, field, new(person.Key, systems[i], empty && found ? null : found, words)));
                }
            }
        }
        return await Done(id, await Searches.Handle(new(id, [.. said.Select(s => s.One)]), work), "searched", field =>
            field.StartsWith("searched[", StringComparison.Ordinal) && int.TryParse(field.AsSpan(9, field.IndexOf(']') - 9), out var i) ? field.EndsWith("found", StringComparison.Ordinal) ? said[i].Nothing : said[i].Words : People.Count > 0 ? Field(People[0]) : "");
    }

    private async Task<IActionResult> Done(Guid id, Refusal? no, string said, Func<string, string> field)
    {
        if (no is null)
        {
            return Redirect($"/desk/{id}?said={said}");
        }
        if (!await this.ShowAgain(no, again => Show(id, again)))
        {
            return NotFound();
        }
        foreach (var (name, messages) in no.Errors)
        {
            ModelState.AddModelError(field(name), messages[0]);
        }
        Response.StatusCode = 422;
        return Page();
    }

    private async Task<bool> Show(Guid id, Work seeing)
    {
        if (await seeing.All<Report>().AsNoTracking().SingleOrDefaultAsync(r => r.Id == id) is not { } report)
        {
            seeing.NotFound(id);
            return false;
        }
        (Report, Now, Kept) = (report, seeing.Now, await Kept.Of(report, seeing));
        Given = await Graded.Of(id, seeing);
        People = await Searches.People(id, seeing);
        Systems = await Searches.Systems(seeing);
        Searched = await Notices.Searched.Of(id, seeing);
        Told = await seeing.All<Notice>().CountAsync(n => n.ReportId == id && n.WithheldBecause == null);
        var before = new Dictionary<Guid, History>();
        foreach (var person in People.Where(p => p.IsChild).Select(p => p.Person).OfType<Guid>().Distinct())
        {
            before[person] = (await History.Read(person, seeing, exceptReport: id)).Before(report.ReceivedAt, report.Reference);
        }
        Before = before;
        await seeing.Look("report", id, [report.AgencyId]);
        return true;
    }
}
