using Heed.Plumbing;

namespace Heed.Site.Emergency;

/// <summary>Writes down the end of each hour. That nothing is open after it is row security's to keep, and does not wait for this.</summary>
public sealed class Lapse(Works works, ILogger<Lapse> log) : Standing
{
    protected override async Task Run(CancellationToken stop)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(5));
        while (await tick.WaitForNextTickAsync(stop))
        {
            try
            {
                await Round(stop);
            }
            catch (Exception failed) when (!stop.IsCancellationRequested)
            {
                log.LogWarning("Ending emergency access failed ({Fault}); trying again", failed.GetType().Name);
            }
        }
    }

    /// <summary>Answers how many ended.</summary>
    public Task<int> Round(CancellationToken stop = default) => works.AsWorker("Recording that emergency access ended", work => work.One<int>($"select lapse_emergencies()", stop), stop);
}
