using System.Text.Json;
using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Site.Notices;
using Heed.Site.People;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Writing;

/// <summary>One report at the desk: its grade, what was known before, and what was searched for each person.</summary>
[Permit("report.grade", purpose: "Working on a report at the desk")]
public sealed class DeskReportModel(Work work, Works works, Bodies bodies) : PageModel
{
    public Report Report { get; private set; } = null!;

    public ReportIn Sent { get; private set; } = null!;

    public IReadOnlyList<Grade.Given> Given { get; private set; } = [];

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

    public static string Field(Searches.Subject person, int system) => $"{person.Mention:N}-{system}";

    public async Task<IActionResult> OnGetAsync(Guid id) => await Show(id, work) ? Page() : NotFound();

    public async Task<IActionResult> OnPostGradeAsync(Guid id) => await Done(id, await Writing.Grade.Handle(new(id, Grade, Reason), work), "graded", field => char.ToUpperInvariant(field[0]) + field[1..]);

    [Permit("search.record", purpose: "Recording what was searched")]
    public async Task<IActionResult> OnPostSearchAsync(Guid id)
    {
        var systems = await Searches.Systems(work);
        var ticked = (await Searches.People(id, work)).SelectMany(p => systems.Select((s, i) => (Field: Field(p, i), Person: p.Key, System: s)))
            .Select(t => (t.Field, One: new Searches.One(t.Person, t.System, Request.Form[t.Field].ToString() switch { "found" => true, "nothing" => false, _ => null }, Request.Form[$"{t.Field}-words"])))
            .Where(t => t.One.Found is not null).ToList();
        foreach (var name in ticked.SelectMany(t => new[] { t.Field, $"{t.Field}-words" }))
        {
            ModelState.SetModelValue(name, Request.Form[name].ToString(), Request.Form[name]);
        }
        return await Done(id, await Searches.Handle(new(id, [.. ticked.Select(t => t.One)]), work), "searched", field =>
            field.StartsWith("searched[", StringComparison.Ordinal) && int.TryParse(field.AsSpan(9, field.IndexOf(']') - 9), out var i) ? ticked[i].Field + (field.EndsWith("words", StringComparison.Ordinal) ? "-words" : "") : "");
    }

    private async Task<IActionResult> Done(Guid id, Refusal? no, string said, Func<string, string> field)
    {
        if (no is null)
        {
            return Redirect($"/desk/{id}?said={said}");
        }
        // What was refused is not saved; that the report was shown once more is.
        if (no.Kind == No.NotFound || !await works.As(Identity.Of(work.Actor.Id), work.Purpose, again => Show(id, again)))
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
        (Report, Now, Sent) = (report, seeing.Now, JsonSerializer.Deserialize(report.Content, ShownJson.Default.ReportIn)!);
        Given = await Writing.Grade.Of(id, seeing);
        People = await Searches.People(id, seeing);
        Systems = await Searches.Systems(seeing);
        Searched = await Notices.Searched.Of(id, seeing);
        Told = await seeing.All<Notice>().CountAsync(n => n.ReportId == id && n.WithheldBecause == null);
        var before = new Dictionary<Guid, History>();
        foreach (var person in People.Where(p => p.IsChild).Select(p => p.Person).OfType<Guid>().Distinct())
        {
            before[person] = (await History.Read(person, seeing, bodies, exceptReport: id)).Before(report.ReceivedAt, report.Reference);
        }
        Before = before;
        await seeing.Look("report", id, [report.AgencyId]);
        return true;
    }
}
