using Heed.Plumbing;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Heed.Site.Writing;

[Permit("report.grade", purpose: "Working the desk's queue of reports")]
public sealed class DeskModel(Work work) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string State { get; set; } = "";

    [BindProperty(SupportsGet = true)]
    public string Kind { get; set; } = "";

    [BindProperty(SupportsGet = true, Name = "page-number")]
    public int Number { get; set; } = 1;

    public IReadOnlyList<Desk.Line> Lines { get; private set; } = [];

    public bool More { get; private set; }

    public Instant Now { get; private set; }

    public async Task OnGetAsync()
    {
        ViewData[Layout.Frame.Wide] = true;
        Now = work.Now;
        var all = await Desk.Read(new(State ?? "", Kind ?? "", Number), work);
        (Lines, More) = ([.. all.Take(Desk.PageSize)], all.Count > Desk.PageSize);
        await work.Look("desk", null);
    }

    /// <summary>Another page of what is filtered.</summary>
    public string At(int page) => $"/desk?state={Uri.EscapeDataString(State ?? "")}&kind={Uri.EscapeDataString(Kind ?? "")}{(page > 1 ? $"&page-number={page}" : "")}";
}
