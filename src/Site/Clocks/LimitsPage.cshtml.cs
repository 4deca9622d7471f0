using Heed.Plumbing;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Clocks;

/// <summary>The partnership's own limits, each version with the days it stands for. National limits are in LAW.md and cannot be set.</summary>
[Permit("limit.read", purpose: "Reading the local limits")]
public sealed class LimitsModel(Work work) : PageModel
{
    public sealed record Line(string Key, int Version, string Name, string Words, LocalDate? Since, LocalDate? Until, string AgreedBy, string Source, bool Stands);

    public IReadOnlyList<Line> Lines { get; private set; } = [];

    public async Task OnGetAsync() => Lines = await work.Ask<Line>($"""
        select key, version, name, words, lower(during) as since, upper(during) as until, agreed_by, source, during @> london_today() as stands from local_limit order by name, key, version desc
        """).ToListAsync();
}
