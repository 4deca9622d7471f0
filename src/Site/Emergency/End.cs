using Heed.Plumbing;

namespace Heed.Site.Emergency;

/// <summary>Whoever opened it needs it no longer. Otherwise it lapses after its hour.</summary>
public static class End
{
    public static async Task<Refusal?> Handle(Guid id, Work work) => await work.One<bool>($"select end_emergency({id})") ? null : work.NotFound(id);
}
