using System.Text.Json;
using Heed.Plumbing;
using Microsoft.EntityFrameworkCore;

namespace Heed.Site.Notices;

/// <summary>What a report says, as a colleague of whoever wrote it may read it. What is written of one person names another, so that words are shown whole or not at all.</summary>
/// <param name="Said">Where somebody in it is kept from this actor: what kind of report it is and how it was graded, and nothing of anybody.</param>
/// <param name="Ask">Whom to ask about each who is restricted. Of who is sealed there is nothing.</param>
public sealed record Kept(ReportIn Said, IReadOnlyList<string?> Ask)
{
    public static async Task<Kept> Of(Report report, Work work)
    {
        var said = JsonSerializer.Deserialize(report.Content, ShownJson.Default.ReportIn)!;
        return await Any(report.Id, work)
            ? new(new() { Kind = said.Kind, Risk = said.Risk is { } risk ? new() { Instrument = risk.Instrument, Version = risk.Version, Grade = risk.Grade } : null },
                await work.Ask<string?>($"select distinct whom_to_ask(source_record_id) as \"Value\" from kept_in({report.Id}) where tier = 'restricted' order by 1").ToListAsync())
            : new(said, []);
    }

    /// <summary>Then whoever asks cannot correct it either: the form would show them all that it says.</summary>
    public static Task<bool> Any(Guid report, Work work) => work.One<bool>($"exists (select 1 from kept_in({report}))");
}
