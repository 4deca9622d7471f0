using Heed.Plumbing;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Heed.Site.Access;

/// <summary>How long the session of an open page lasts still, so that the page leaves the screen with it (ASVS 5.0, 14.3.1) and says so before (WCAG 2.2, 2.2.1).</summary>
public static class SessionLeft
{
    private sealed record Row(int Seconds, bool Last);

    /// <param name="Who">Who is signed in now: at a desk that is shared, another than the page was made for.</param>
    /// <param name="Last">Twelve hours are over then: being there makes it no longer.</param>
    public sealed record Answer(Guid Who, int Seconds, bool Last);

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/live/session", Session).ExcludeFromDescription();

    /// <param name="here">Somebody typed, clicked or scrolled since the page last asked: that is to be there, though nothing was sent yet.</param>
    [OpenToAll("It says to a browser how long its own session lasts, and nothing else")]
    private static async Task<Results<Ok<Answer>, UnauthorizedHttpResult>> Session(HttpContext http, Works works, bool here = false)
    {
        if (Door.SessionOf(http.User) is not { } session)
        {
            return TypedResults.Unauthorized();
        }
        try
        {
            return TypedResults.Ok(await works.As(here ? Identity.OfSession(session) : Identity.OfPage(session), "Seeing how long a session lasts", async work =>
                await work.Ask<Row>($"select seconds, last from session_left()").FirstOrDefaultAsync() is { } left ? new Answer(work.Actor.Id, left.Seconds, left.Last) : throw new NobodyThere(), http.RequestAborted));
        }
        catch (NobodyThere)
        {
            return TypedResults.Unauthorized();
        }
    }
}
