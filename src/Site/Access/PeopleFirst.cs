using Heed.Plumbing;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Heed.Site.Access;

/// <summary>
/// While somebody waits for a page, or for the receipt of what is urgent, reports that are not go on by as few at once as <see cref="CrowdSettings.BesidePeople"/>: each statement of a page waits behind all that run beside it.
/// They never stand still, for somewhere somebody always waits for a page.
/// </summary>
public sealed class PeopleFirst(CrowdSettings settings)
{
    private readonly Lock _turn = new();
    private readonly Queue<TaskCompletionSource> _waiting = [];
    private int _people, _others;

    /// <summary>Reports that let people go before them just now.</summary>
    public int Waiting
    {
        get
        {
            lock (_turn)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>After the line of each system (<see cref="Crowds"/>), for only what has come to the front of it asks who else is here.</summary>
    public static async Task GiveWay(HttpContext http, RequestDelegate next)
    {
        var self = http.RequestServices.GetRequiredService<PeopleFirst>();
        if (Crowds.IsReport(http) && !Crowds.Hurries(http))
        {
            await self.Wait(http.RequestAborted);
            try
            {
                await next(http);
            }
            finally
            {
                self.Leave(ref self._others);
            }
        }
        // Nobody who is not signed in holds anything up, however slowly they send.
        else if (Crowds.IsReport(http) || Door.SessionOf(http.User) is not null && http.GetEndpoint()?.Metadata.GetMetadata<PageActionDescriptor>() is not null)
        {
            self.Come();
            try
            {
                await next(http);
            }
            finally
            {
                self.Leave(ref self._people);
            }
        }
        else
        {
            await next(http);
        }
    }

    private void Come()
    {
        lock (_turn)
        {
            _people++;
        }
    }

    private async Task Wait(CancellationToken gone)
    {
        TaskCompletionSource turn;
        lock (_turn)
        {
            if (IsFree)
            {
                _others++;
                return;
            }
            _waiting.Enqueue(turn = new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        await using var _ = gone.Register(() => turn.TrySetCanceled(gone));
        await turn.Task;
    }

    private void Leave(ref int from)
    {
        lock (_turn)
        {
            from--;
            while (_waiting.Count > 0 && IsFree)
            {
                // Who has gone away meanwhile takes nobody's turn.
                if (_waiting.Dequeue().TrySetResult())
                {
                    _others++;
                }
            }
        }
    }

    private bool IsFree => _people == 0 || _others < settings.BesidePeople;
}
