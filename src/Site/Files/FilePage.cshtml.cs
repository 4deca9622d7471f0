using Heed.Matching;
using Heed.Plumbing;
using Heed.Site.Notices;
using Heed.Site.People;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NodaTime.Text;

namespace Heed.Site.Files;

/// <summary>A file before anything of it is sent: which column is which, the first reports as they would be understood, and all that is wrong.</summary>
[Permit("report.import", purpose: "Sending a file of reports")]
public sealed class FileModel(Work work) : PageModel
{
    public const int First = 5;

    private ColumnMap _map = null!;

    public IncomingFile? Incoming { get; private set; }

    public Guid? MapId { get; private set; }

    public bool Kept { get; private set; }

    public string? Wrong { get; private set; }

    public int Rows { get; private set; }

    public IReadOnlyList<FileReport> Reports { get; private set; } = [];

    public int Bad => Reports.Count(i => i.Wrong.Count > 0);

    public Instant Now => work.Now;

    public Instant? Occurred(ReportIn said) => said.OccurredAt is { } at && OffsetDateTimePattern.ExtendedIso.Parse(at) is { Success: true } read ? read.Value.ToInstant() : null;

    /// <summary>What this column of the file is taken for.</summary>
    public string? MeaningOf(int column) => _map.Meaning(Incoming!.Header[column]);

    public IReadOnlyList<string> LeftOut => Columns.LeftOut(Incoming!.Header, _map);

    public async Task<IActionResult> OnGetAsync(Guid id, Guid? map, CancellationToken stop)
    {
        if ((Incoming = await IncomingFile.Of(id, work, stop)) is not { } file)
        {
            work.NotFound(id);
            return NotFound();
        }
        (_map, Kept) = await Chosen(map, stop) is { } chosen ? (chosen, true) : await Columns.Offer(file.Header, work, stop);
        var rows = await file.Rows(work, stop);
        Rows = rows.Count;
        var (at, wrong) = _map.In(file.Header);
        Wrong = wrong ?? FileReports.Missing(_map);
        if (at is not null)
        {
            Reports = [.. FileReports.Of(file.Header, rows, _map, at, work.Now)];
        }
        if (Wrong is null)
        {
            MapId = await Columns.Keep(_map, work, stop);
        }
        await work.Look("a file of incidents before it is sent", id);
        return Page();
    }

    /// <summary>Means: for each column of the file in its order, which of ours it is, or nothing.</summary>
    public async Task<IActionResult> OnPostMapAsync(Guid id, string?[] means, CancellationToken stop)
    {
        if (await IncomingFile.Of(id, work, stop) is not { } file)
        {
            work.NotFound(id);
            return NotFound();
        }
        var columns = file.Header.Zip(means).Where(c => FileReports.Fields.Contains(c.Second)).GroupBy(c => c.Second!).Select(g => (g.Key, string.Join('+', g.Select(c => c.First)))).ToList();
        return Redirect($"/files/{id}?map={await Columns.Keep(new(columns), work, stop)}");
    }

    public async Task<IActionResult> OnPostSendAsync(Guid id, [FromForm] Guid map, CancellationToken stop)
    {
        if (await Chosen(map, stop) is not { } chosen)
        {
            work.NotFound(map);
            return NotFound();
        }
        var (import, _, no) = await SendFile.Begin(id, chosen, work, stop);
        // What the map lacks stands on the page itself.
        return no is null ? Redirect($"/files/sent/{import}") : no.Kind == No.NotFound ? NotFound() : Redirect($"/files/{id}?map={map}");
    }

    private async Task<ColumnMap?> Chosen(Guid? map, CancellationToken stop) =>
        await work.Ask<string>($"""select map::text as "Value" from column_map where id = {map}""").ToListAsync(stop) is [var json] ? Columns.Read(json) : null;
}
