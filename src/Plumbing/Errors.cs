namespace Heed.Plumbing;

/// <summary>What is wrong with what was entered, by field: all of it at once, so that nobody is sent back twice. Of one field, what was asked for first.</summary>
public sealed class Errors : Dictionary<string, string[]>
{
    public void Need(bool holds, string field, string why)
    {
        if (!holds)
        {
            TryAdd(field, [why]);
        }
    }
}
