using Heed.Plumbing;

namespace Heed.Site.Emergency;

/// <summary>Writes down the end of each hour. That nothing is open after it is row security's to keep, and does not wait for this.</summary>
public sealed class Lapse(Works works, ILogger<Lapse> log) : Standing
{
    protected override Task Run(CancellationToken stop) => Rounds(5, "Ending emergency access", Round, log, stop);

    /// <summary>Answers how many ended.</summary>
    public Task<int> Round(CancellationToken stop = default) => works.AsWorker("Recording that emergency access ended", work => work.One<int>($"select lapse_emergencies()", stop), stop);
}
