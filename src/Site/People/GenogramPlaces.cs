using NodaTime;
using static Heed.Site.People.Genogram;

namespace Heed.Site.People;

/// <summary>Where each stands: the order of each row, and how far from the left.</summary>
internal sealed class GenogramPlaces
{
    private const int Passes = 8;

    private readonly GenogramKin _kin;
    private readonly List<List<int>> _rows;
    private readonly Dictionary<int, double> _x = [];

    public GenogramPlaces(GenogramKin kin)
    {
        _kin = kin;
        _rows = [.. kin.Rows.Select(row => row.ToList())];
        Order();
        Spread();
        var least = _x.Values.Min();
        X = _x.ToDictionary(p => p.Key, p => (int)Math.Round(p.Value - least) + Edge + Cell / 2);
    }

    /// <summary>From the left, row by row.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Rows => _rows;

    /// <summary>The middle of each.</summary>
    public IReadOnlyDictionary<int, int> X { get; }

    /// <summary>Whether nobody stands between the two.</summary>
    public bool Beside(GenogramKin.Union u) => _rows.Any(row => row.Contains(u.Left) && Math.Abs(row.IndexOf(u.Left) - row.IndexOf(u.Right)) == 1);

    /// <summary>Who stands where in a row: partners beside one another, brothers and sisters under their parents. Once upwards from the person, once downwards.</summary>
    private void Order()
    {
        var at = new Dictionary<int, double>();
        var own = _kin.ParentsOf(_kin.Index);
        void Place(int row, Func<int, double?> pull)
        {
            _rows[row] = [.. Clusters(_rows[row]).OrderBy(c => c.Select(pull).Average() ?? double.MaxValue).ThenBy(c => own is not null && (c.Contains(own.Left) || c.Contains(own.Right)) ? 0 : 1).ThenBy(c => c.Min(_kin.Age)).SelectMany(c => c)];
            for (var i = 0; i < _rows[row].Count; i++)
            {
                at[_rows[row][i]] = i;
            }
        }
        double? FromAbove(int no) => _kin.ParentsOf(no) is { } u ? (at[u.Left] + at[u.Right]) / 2 : null;
        double? FromBelow(int no) => _kin.UnionsOf(no).SelectMany(u => u.Children).Where(at.ContainsKey).Select(c => (double?)at[c]).Average();
        var first = Math.Max(0, _rows.FindIndex(r => r.Contains(_kin.Index)) - 1);
        Place(first, _ => null);
        for (var row = first - 1; row >= 0; row--)
        {
            Place(row, FromBelow);
        }
        for (var row = 1; row < _rows.Count; row++)
        {
            Place(row, FromAbove);
        }
    }

    /// <summary>Those of a row who are joined by pairs, each group in one order: of two he before her, of more who has parted before who has not, and the parent of the elder children before the younger's.</summary>
    private IEnumerable<List<int>> Clusters(List<int> row)
    {
        var left = row.ToHashSet();
        (int, (LocalDate, int, int), int) Turn(int no) => (_kin.UnionsOf(no).All(u => u.Parted) ? 0 : 1, _kin.UnionsOf(no).SelectMany(u => u.Children).Select(_kin.Age).DefaultIfEmpty(_kin.Age(no)).Min(), no);
        while (left.Count > 0)
        {
            var group = new HashSet<int> { left.Min() };
            while (group.SelectMany(_kin.UnionsOf).SelectMany(u => new[] { u.Left, u.Right }).Any(group.Add))
            {
                // Until nobody more is joined to them.
            }
            var line = new List<int>();
            void Walk(int no)
            {
                line.Add(no);
                foreach (var next in _kin.UnionsOf(no).Select(u => u.Other(no)).OrderBy(Turn).ToList())
                {
                    if (!line.Contains(next))
                    {
                        Walk(next);
                    }
                }
            }
            Walk(group.OrderBy(no => _kin.UnionsOf(no).Count()).ThenBy(no => group.Count == 2 && _kin.Sex(no) != "M").ThenBy(Turn).First());
            left.ExceptWith(line);
            yield return line;
        }
    }

    /// <summary>Children come to stand under their parents and parents over their children, as near as a cell for each allows.</summary>
    private void Spread()
    {
        foreach (var row in _rows)
        {
            for (var i = 0; i < row.Count; i++)
            {
                _x[row[i]] = i * Cell;
            }
        }
        for (var pass = 0; pass < Passes; pass++)
        {
            for (var row = _rows.Count - 2; row >= 0; row--)
            {
                Settle(_rows[row], OverChildren);
            }
            for (var row = 1; row < _rows.Count; row++)
            {
                Settle(_rows[row], UnderParents);
            }
        }
    }

    private double? UnderParents(int no)
    {
        if (_kin.ParentsOf(no) is not { } u)
        {
            return null;
        }
        var siblings = u.Children.OrderBy(c => _x[c]).ToList();
        return Between(u) + (siblings.IndexOf(no) - (siblings.Count - 1) / 2.0) * Cell;
    }

    private double? OverChildren(int no) => _kin.UnionsOf(no).Where(u => u.Children.Count > 0)
        .Select(u => (double?)((u.Children.Min(c => _x[c]) + u.Children.Max(c => _x[c])) / 2 + (_x[no] < _x[u.Other(no)] ? -Cell / 2.0 : Cell / 2.0))).Average();

    private double Between(GenogramKin.Union u) => (_x[u.Left] + _x[u.Right]) / 2;

    /// <summary>The places nearest to those wished for that keep the order and a cell for each: neighbours who would collide share the mean of their wishes.</summary>
    private void Settle(List<int> row, Func<int, double?> wish)
    {
        var wished = row.Select(wish).ToList();
        if (wished.All(w => w is null))
        {
            return;
        }
        var blocks = new List<(double Sum, int Count)>();
        for (var i = 0; i < row.Count; i++)
        {
            // Who has no wish of their own goes with the nearest who has.
            var nearest = Enumerable.Range(0, row.Count).Where(j => wished[j] is not null).MinBy(j => (Math.Abs(j - i), j));
            blocks.Add((wished[nearest]!.Value - nearest * Cell, 1));
            while (blocks.Count > 1 && blocks[^2].Sum / blocks[^2].Count > blocks[^1].Sum / blocks[^1].Count)
            {
                blocks[^2] = (blocks[^2].Sum + blocks[^1].Sum, blocks[^2].Count + blocks[^1].Count);
                blocks.RemoveAt(blocks.Count - 1);
            }
        }
        var at = 0;
        foreach (var (sum, count) in blocks)
        {
            for (var i = 0; i < count; i++, at++)
            {
                _x[row[at]] = sum / count + at * Cell;
            }
        }
    }
}
