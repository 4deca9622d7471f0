using Microsoft.Extensions.Hosting;

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
}
