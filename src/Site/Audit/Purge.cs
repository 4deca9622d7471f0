using Heed.Plumbing;
using Heed.Statute;
using Npgsql;

namespace Heed.Site.Audit;

/// <summary>What is kept of who looked at a subject and changed it is destroyed once its time is over: asked for by a privacy reviewer, agreed to by somebody else, certified in the chain, which stays whole.</summary>
public static class Purge
{
    /// <summary>Kept no longer than necessary: which is how long its retention class says.</summary>
    private static readonly Citation Storage = new("UK GDPR", "Article 5(1)(e)");

    public static async Task<(Guid?, Refusal?)> Ask(Guid subject, string? retentionClass, string? words, Work work)
    {
        if (!words.Says())
        {
            return (null, work.Refuse("words", "Say in up to 2,000 characters why its time is over", Storage));
        }
        var id = Guid.CreateVersion7();
        try
        {
            return await work.One<string>($"select ask_purge({id}, {subject}, {retentionClass ?? ""}, {words.Trim()})") == "done" ? (id, null) : (null, work.NotFound(subject));
        }
        catch (PostgresException none) when (none.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return (null, work.Refuse("retentionClass", "Name the retention class by which its time is over", Storage));
        }
    }

    public static async Task<Refusal?> Agree(Guid id, Work work) => await work.One<string>($"select agree_purge({id})") switch
    {
        "done" => null,
        "own" => work.Refuse("id", "Nobody agrees to what they asked for themselves: destroying takes two", Storage),
        "agreed" => work.Refuse("id", "It has been destroyed already", Storage, No.Conflict),
        "held" => work.Refuse("id", "A legal hold stands on it: nothing of it is destroyed while that stands", Storage),
        _ => work.NotFound(id),
    };
}
