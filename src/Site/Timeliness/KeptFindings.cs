using System.Collections.Concurrent;
using Heed.Plumbing;
using Heed.Site.Access;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Timeliness;

/// <summary>
/// What was counted of each flow, kept in memory until anything of it comes or changes, and for an hour at most: what has not arrived waits on. Which of it is a finding is judged anew each time, for that depends on all that the reader may see.
/// Each look asks first how the flows stand, with its reader's own rights: what was counted for another reader is given to nobody who does not see that flow, and what has changed is counted then and there.
/// </summary>
public sealed class KeptFindings(Bodies known)
{
    private static readonly Duration Longest = Duration.FromHours(1);

    private readonly ConcurrentDictionary<Flow, Counted> _flows = [];

    private sealed record Counted(Figures.Standing Of, Duration Limit, Instant At, IReadOnlyList<Count> Counts);

    /// <param name="AsAt">Until then what has not arrived has waited; whatever came or was decided since is counted all the same.</param>
    public sealed record Found(IReadOnlyList<Finding> Findings, Instant AsAt);

    public async Task<Found> Findings(Work work, CancellationToken stop = default)
    {
        var bodies = await known.For(work);
        var limit = Figures.Limit(bodies, work.Now);
        var flows = await Figures.Stand(work, stop);
        var anew = flows.Where(f => !(_flows.TryGetValue(f.Flow, out var kept) && kept.Of == f && kept.Limit == limit && work.Now - kept.At is var age && age >= Duration.Zero && age <= Longest)).ToDictionary(f => f.Flow);
        if (anew.Count > 0)
        {
            // What is committed between the two questions is counted already here, and once more at the next look.
            var detectors = new Detectors(work.Now, limit, bodies.Calendar);
            foreach (var (flow, passages) in await Figures.Passages(work, [.. anew.Keys], stop))
            {
                _flows[flow] = new(anew[flow], limit, work.Now, detectors.Counted(passages));
            }
        }
        var mine = flows.Where(f => _flows.ContainsKey(f.Flow)).Select(f => (f.Flow, Kept: _flows[f.Flow])).ToList();
        return new(new Detectors(work.Now, limit, bodies.Calendar).Judge(mine.Select(m => (m.Flow, m.Kept.Counts))), mine.Count == 0 ? work.Now : mine.Min(m => m.Kept.At));
    }
}
