using Heed.Plumbing;

namespace Heed.Site.Operation;

/// <summary>
/// /alive: the program runs. /healthz: it can do its work, for whatever spreads the load: 503 where nothing could be accepted. Names and states only, since anybody may ask; what was found stands
/// on /operation and in ./heed doctor.
/// </summary>
public static class Health
{
    public sealed record Answer(string Status, IReadOnlyDictionary<string, string> Checks);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/alive", Alive).ExcludeFromDescription();
        app.MapGet("/healthz", Ready).ExcludeFromDescription();
    }

    [OpenToAll("Whatever minds the program asks whether it runs")]
    private static IResult Alive() => Results.Text("alive");

    [OpenToAll("Whatever spreads the load asks who can take it")]
    private static async Task<IResult> Ready(Condition condition, CancellationToken stop)
    {
        var checks = await condition.Checks(stop);
        var worst = checks.Max(c => c.State);
        // One that lags still takes reports: to turn them away as well would make it worse.
        var takes = checks.All(c => c.State != State.Failing || c.Name is not ("database" or "disk"));
        return Results.Json(new Answer(Word(worst), checks.ToDictionary(c => c.Name, c => Word(c.State))), statusCode: takes ? 200 : 503);
    }

    public static string Word(State state) => state.ToString().ToLowerInvariant();
}
