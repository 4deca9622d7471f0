using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Heed.Plumbing;

/// <summary>What runs as long as the program does.</summary>
public abstract class Standing : BackgroundService
{
    protected abstract Task Run(CancellationToken stop);

    protected sealed override async Task ExecuteAsync(CancellationToken stop)
    {
        try
        {
            await Run(stop);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // Told to stop: whatever it was doing then, that is no failure.
        }
    }

    /// <summary>A round at once, and another each so many seconds. One that fails is said and followed by the next: a service that ends would end the program, and every clock with it.</summary>
    protected static async Task Rounds(int seconds, string what, Func<CancellationToken, Task> round, ILogger log, CancellationToken stop)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(seconds));
        do
        {
            try
            {
                await round(stop);
            }
            catch (Exception failed) when (!stop.IsCancellationRequested)
            {
                log.LogWarning("{What} failed ({Fault}); trying again", what, failed.GetType().Name);
            }
        }
        while (await tick.WaitForNextTickAsync(stop));
    }
}
