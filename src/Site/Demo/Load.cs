using Heed.Plumbing;
using Heed.Seed;
using Heed.Site.Clocks;
using Heed.Site.People;
using NodaTime;

namespace Heed.Site.Demo;

/// <summary>
/// Puts a generated partnership into an empty database: its bodies as the owner, its registers, and then its week as it happened,
/// report by report and deed by deed through the same actions as anybody's, with the database's time moved to each moment.
/// </summary>
public sealed class Load(Databases databases, Works works, Jobs jobs, Sweep sweep, Resolve resolve, Access.Bodies bodies, Access.Secrets secrets)
{
    /// <param name="hangs">Where the endpoint listens that never answers.</param>
    /// <param name="happens">Whether its week has happened; without it there are its people and registers, and nobody has reported anything.</param>
    /// <returns>Each agency's key for its system, by the agency's key.</returns>
    public async Task<IReadOnlyDictionary<string, string>> Everything(Partnership seed, Instant now, Uri hangs, bool happens, Action<string> say)
    {
        var ground = new Ground(databases, now);
        await LoadBodies.Put(seed, ground);
        say($"{seed.Agencies.Count} agencies, {seed.Teams.Count} teams, {seed.Practitioners.Count} practitioners, {seed.Shifts.Count} shifts");
        // The registers were there before the week began.
        await ground.TimeIs(seed.Week.Min(s => s.ReceivedAt) - Duration.FromDays(30));
        await new LoadRegisters(works, resolve, ground).Put(seed);
        // PostgreSQL would count its rows by itself in a minute; until then it plans for an empty database, and a decision takes a second.
        await using (var count = databases.Owner.CreateCommand("analyze"))
        {
            await count.ExecuteNonQueryAsync();
        }
        say($"{seed.Households.Count} households, {seed.People.Count} people, {seed.Records.Count} records in registers");
        if (!happens)
        {
            return ground.Keys;
        }
        var week = new LoadWeek(databases, works, jobs, sweep, bodies, ground);
        var deeds = await week.Happen(seed);
        await new LoadScenes(works, bodies, week, ground, secrets).Set(hangs);
        say($"{seed.Week.Count} reports and {deeds} deeds of a working week");
        return ground.Keys;
    }
}
