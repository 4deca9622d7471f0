using Heed.Plumbing;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace Heed.Site.Layout;

/// <summary>Puts the frame round a page: who is signed in, and what their posts let them open.</summary>
public sealed class FrameFilter(IStringLocalizer<PageWords> words, Access.Demonstration demonstration) : IAsyncPageFilter
{
    private static readonly (string Permit, string Text, string Href)[] Places =
    [
        ("worklist.read", "Worklist", "/"),
        ("person.search", "Search", "/search"),
        ("report.write", "Write a report", "/reports/drafts"),
        ("report.grade", "Desk", "/desk"),
        ("report.read", "Sent reports", "/reports"),
        ("report.import", "Files of incidents", "/files"),
        ("incident.read", "Not told", "/incidents"),
        ("timeliness.read", "How long it took", "/timeliness"),
        ("clock.read", "Late clocks", "/clocks"),
        ("match.read", "Matches to review", "/matches"),
        ("look.read", "Who looked", "/looks"),
        ("emergency.read", "Emergency access", "/emergency-access"),
        ("exchange.settle", "Not delivered", "/exchange"),
        ("limit.read", "Local limits", "/limits"),
        ("administration.read", "Administration", "/administration"),
        ("key.manage", "Keys of systems", "/system-keys"),
        ("provider.manage", "Sign-in", "/providers"),
        ("operation.read", "How Heed is", "/operation"),
    ];

    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var work = context.HttpContext.RequestServices.GetRequiredService<Work>();
        if (work.Actor is { } actor && context.HandlerInstance is PageModel page)
        {
            page.ViewData[Frame.Key] = new Frame(actor.Id, actor.Name, actor.Rank, actor.AgencyName, [.. Places.Where(p => actor.May(p.Permit)).Select(p => new NavItem(words[p.Text], p.Href))], Demo: demonstration.IsOn);
        }
        await next();
    }
}
