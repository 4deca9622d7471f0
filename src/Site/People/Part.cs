using Heed.Plumbing;

namespace Heed.Site.People;

/// <summary>
/// Undoes a link: the record, with all that one decision joined and what was linked later because it was like it, goes back to be the person it was.
/// Reports, notices and clocks hang on the mentions and go with them. Whoever had read or decided on the wrong child's history is asked to confirm that they know.
/// </summary>
public static class Part
{
    public sealed record Command(Guid Link, string? Reason);

    public static async Task<Refusal?> Handle(Command ask, Work work)
    {
        if (!ask.Reason.Says())
        {
            return work.Refuse("reason", "Say in up to 2,000 characters why these are not one person");
        }
        var answer = await work.One<string>($"select part_records({ask.Link}, {ask.Reason.Trim()})");
        work.Wakes(Jobs.Topic);
        return answer switch
        {
            "done" => null,
            "parted" => work.Refuse("link", "This link has been undone already", kind: No.Conflict),
            "alone" => work.Refuse("link", "Nothing else is linked here: there is nobody to part this record from"),
            _ => work.NotFound(ask.Link),
        };
    }
}
