namespace Heed.Site.People;

/// <summary>Level lines that would run into one another take different heights.</summary>
internal sealed class Lanes
{
    /// <summary>How far one lane is from the next, and two lines of one lane from one another at least.</summary>
    public const int Apart = 12;

    private readonly List<List<(int From, int To)>> _lanes = [];

    public int Count => _lanes.Count;

    public int Take(IReadOnlyCollection<int> points)
    {
        var line = (From: points.Min(), To: points.Max());
        var lane = _lanes.FindIndex(l => l.All(o => o.To + Apart < line.From || line.To + Apart < o.From));
        if (lane < 0)
        {
            lane = _lanes.Count;
            _lanes.Add([]);
        }
        _lanes[lane].Add(line);
        return lane;
    }
}
