using System.Text.Json;
using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Site.Layout;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using NodaTime;
using NodaTime.Text;

namespace Heed.Site.Notices;

/// <summary>
/// Server-sent events: what is new since the page was made. It holds no transaction open; each look is a short piece of work of its own. None counts as somebody being there, and with the session the stream ends:
/// its last word is "over", on which the page leaves the screen (ASVS 5.0, 7.3.1 and 14.3.1).
/// </summary>
public static class Live
{
    private static readonly Duration Sweep = Duration.FromSeconds(1);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/live/worklist", Worklist).ExcludeFromDescription();
        app.MapGet("/live/reports/{id:guid}", Report).ExcludeFromDescription();
        app.MapGet("/live/notices/{id:guid}", Notice).ExcludeFromDescription();
    }

    [Permit("worklist.read", purpose: "Seeing what is new")]
    private static Task Worklist(HttpContext http, Works works, Wake wake, Sessions sessions, Bodies known, IStringLocalizer<PageWords> words, string? since) => Stream(http, works, wake, sessions, async work =>
        [.. work.Actor.Teams.Select(t => $"team:{t}"), $"person:{work.Actor.Id}"],
        async work =>
        {
            var from = since is not null && InstantPattern.ExtendedIso.Parse(since) is { Success: true } at ? at.Value : work.Now;
            var count = await Notices.Worklist.Since(from, work, await known.For(work));
            // The link is to the page that it stands on, filters and all: nothing moves before somebody asks for it.
            return count == 0 ? new(0, "", []) : new(count, words["{0} new", count], [new(words["Show"], "")]);
        });

    [Permit("report.read", purpose: "Following what became of a report")]
    private static Task Report(Guid id, HttpContext http, Works works, Wake wake, Sessions sessions, Bodies known, IStringLocalizer<PageWords> words) => Stream(http, works, wake, sessions, _ => Task.FromResult<string[]>([$"report:{id}"]),
        async work =>
        {
            if (await Receipt.Of(id, work, known) is not { } receipt)
            {
                return new(0, "", []);
            }
            var told = receipt.Notices.Where(n => n.NotSharedBecause is null).ToList();
            var (opened, decided) = (told.Count(n => n.OpenedAt is not null), told.SelectMany(n => n.Outcomes).Count(o => o.Decision is not null));
            var said = words["{0} of {1} opened, {2} acknowledged.", opened, told.Count, told.Count(n => n.AcknowledgedAt is not null)].Value;
            return new(opened, decided == 0 ? said : $"{said} {words["{0} of {1} decided.", decided, told.Sum(n => n.Outcomes.Count)].Value}",
                receipt.CorrectedBy is { } later ? [new(words["Corrected by version {0}", later.Version], $"/reports/{later.Id}")] : []);
        });

    /// <summary>Whoever reads a notice learns of its correction while they read.</summary>
    [Permit("notice.read", purpose: "Learning of a notice's correction")]
    private static Task Notice(Guid id, HttpContext http, Works works, Wake wake, Sessions sessions, IStringLocalizer<PageWords> words) => Stream(http, works, wake, sessions,
        async work => [.. await work.All<Notice>().Where(n => n.Id == id && n.ToTeam != null).Select(n => $"team:{n.ToTeam}").ToListAsync()],
        async work => await work.All<Notice>().Where(n => n.SupersedesId == id).Select(n => new { n.Id, n.Kind }).FirstOrDefaultAsync() is { } newer
            ? new(1, newer.Kind == "withdrawal" ? words["The sender has withdrawn this. Do not act on it."] : words["The sender has corrected this."], [new(words["Read what stands now"], $"/notices/{newer.Id}")])
            : new(0, "", []));

    private sealed record Item(string Text, string Href);

    private sealed record Message(int Count, string Text, Item[] Items);

    private static async Task Stream(HttpContext http, Works works, Wake wake, Sessions sessions, Func<Work, Task<string[]>> topics, Func<Work, Task<Message>> look)
    {
        var permit = http.GetEndpoint()!.Metadata.GetRequiredMetadata<PermitAttribute>();
        if (Door.Who(http, byItself: true) is not { } who)
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }
        var (stop, session) = (http.RequestAborted, Door.SessionOf(http.User));
        try
        {
            if (await Look(async work => work.Actor.May(permit.Name) ? await topics(work) : null) is not { } wanted)
            {
                Door.TurnedAway(http, permit);
                http.Response.StatusCode = StatusCodes.Status403Forbidden;
                return;
            }
            http.Response.ContentType = "text/event-stream";
            http.Response.Headers["X-Accel-Buffering"] = "no";
            using var waiter = wake.On(wanted);
            string? said = null;
            for (var quiet = Duration.Zero; ;)
            {
                var message = JsonSerializer.Serialize(await Look(look), JsonSerializerOptions.Web);
                if (message != said)
                {
                    await http.Response.WriteAsync($"data: {said = message}\n\n", stop);
                }
                else if (quiet >= Sweep)
                {
                    // So that a connection that has gone is noticed here, and not in an hour.
                    await http.Response.WriteAsync(": still here\n\n", stop);
                }
                await http.Response.Body.FlushAsync(stop);
                quiet = Duration.Zero;
                while (!await waiter.Next(stop) && (quiet += Duration.FromSeconds(1)) < Sweep)
                {
                    // Woken at once by a commit; else it looks by itself after the sweep's time.
                }
            }
        }
        catch (NobodyThere) when (!http.Response.HasStarted)
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        }
        catch (NobodyThere)
        {
            // Whoever it was has no session or no post any more.
            await http.Response.WriteAsync("event: over\ndata:\n\n", CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }

        // Whoever has left their agency makes no more requests by which their provider would be asked.
        async Task<T> Look<T>(Func<Work, Task<T>> act) => session is { } mine && !await sessions.StillThere(mine, byItself: true) ? throw new NobodyThere() : await works.As(who, permit.Purpose, act, stop);
    }
}
