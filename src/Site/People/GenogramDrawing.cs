using static Heed.Site.People.Genogram;

namespace Heed.Site.People;

/// <summary>Draws kin where they stand: symbols, the lines between them, and outlines around who lives together.</summary>
internal sealed class GenogramDrawing
{
    private readonly GenogramKin _kin;
    private readonly GenogramPlaces _places;
    private readonly List<Line> _lines = [];

    /// <summary>Of each row, from above.</summary>
    private readonly int[] _top;

    /// <summary>Where the line to a pair's children begins, from above.</summary>
    private readonly Dictionary<GenogramKin.Union, int> _hang = [];

    private GenogramDrawing(GenogramKin kin) => (_kin, _places, _top) = (kin, new(kin), new int[kin.Rows.Count]);

    public static Genogram Of(GenogramKin kin) => new GenogramDrawing(kin).Draw();

    private Genogram Draw()
    {
        var under = Edge;
        for (var row = 0; row < _top.Length; row++)
        {
            Bear(row, under);
            under = Join(row);
        }
        var symbols = _places.Rows.SelectMany((row, r) => row.Select(no => new Symbol(_kin.Member(no), ShapeOf(no), no == _kin.Index, r, X(no), _top[r], no > 0 ? [] : _kin.UnionsOf(no).Single().Children))).ToList();
        return new(symbols, _lines, Homes(), _kin.Drawn, symbols.Max(s => s.X) + Cell / 2 + Edge, under + Edge);
    }

    private Shape ShapeOf(int no) => _kin.Member(no)?.Unborn == true ? Shape.Triangle : _kin.Sex(no) switch { "M" => Shape.Square, "F" => Shape.Circle, _ => Shape.Diamond };

    private int X(int no) => _places.X[no];

    private IEnumerable<GenogramKin.Union> UnionsOf(int row) => row < 0 ? [] : _kin.Unions.Where(u => _kin.Rows[row].Contains(u.Left));

    /// <summary>The bars from which a row's people hang, each in a lane of its own where they would run into one another; and by them how far down the row stands.</summary>
    private void Bear(int row, int under)
    {
        var bars = new Lanes();
        var births = UnionsOf(row - 1).Where(u => u.Children.Count > 0).Select(u => (Union: u, Lane: bars.Take([.. u.Children.Select(X), Middle(u)]))).ToList();
        var apart = _kin.Orphans.Where(g => _kin.Rows[row].Contains(g.First())).Select(g => (Group: g.OrderBy(X).ToList(), Lane: bars.Take([.. g.Select(X)]))).ToList();
        var first = under + 2 * Lanes.Apart;
        _top[row] = row == 0 && bars.Count == 0 ? under : first + Lanes.Apart * (bars.Count + 1);
        foreach (var (u, lane) in births)
        {
            Bear(u, first + Lanes.Apart * lane, _top[row]);
        }
        foreach (var (group, lane) in apart)
        {
            var bar = first + Lanes.Apart * lane;
            _lines.Add(new([X(group[0]) + 8, bar, X(group[^1]) + 8, bar], Broken: true));
            _lines.AddRange(group.Select(no => new Line([X(no) + 8, bar, X(no) + 8, _top[row] + 8], Broken: true)));
        }
    }

    private void Bear(GenogramKin.Union u, int bar, int top)
    {
        var births = u.Children.OrderBy(X).GroupBy(c => _kin.Age(c).Birth).Select(g => (Point: (int)g.Average(X), Children: g.ToList())).ToList();
        var drop = Middle(u);
        _lines.Add(new([drop, _hang[u], drop, bar]));
        _lines.Add(new([Math.Min(drop, births[0].Point), bar, Math.Max(drop, births[^1].Point), bar]));
        _lines.AddRange(births.SelectMany(b => b.Children.Select(c => new Line([b.Point, bar, X(c), top]))));
    }

    private int Middle(GenogramKin.Union u) => (X(u.Left) + X(u.Right)) / 2;

    /// <summary>The lines between the pairs of a row; how far down those reach that go around whoever stands between two.</summary>
    private int Join(int row)
    {
        var under = _top[row] + Tall;
        var around = new Lanes();
        foreach (var u in UnionsOf(row))
        {
            var lane = _places.Beside(u) ? (int?)null : under + Lanes.Apart * (1 + around.Take([X(u.Left), X(u.Right)]));
            Join(u, _top[row], lane);
            _hang[u] = lane ?? _top[row] + Size / 2;
        }
        return under + Lanes.Apart * around.Count;
    }

    private void Join(GenogramKin.Union u, int top, int? around)
    {
        var (from, to) = (Math.Min(X(u.Left), X(u.Right)), Math.Max(X(u.Left), X(u.Right)));
        int y = top + Size / 2, low = y + 9, cut = from + Size / 2 + 16;
        if (around is { } lane)
        {
            (y, cut) = (low, from + Size / 2 + 20);
            _lines.Add(new([from + Size / 2 - 4, low, from + Cell / 2 - 8, low, from + Cell / 2 - 8, lane, to - Cell / 2 + 8, lane, to - Cell / 2 + 8, low, to - Size / 2 + 4, low], !u.Partners));
        }
        else
        {
            _lines.Add(new([from + Size / 2, y, to - Size / 2, y], !u.Partners));
        }
        if (u.Parted)
        {
            _lines.Add(new([cut - 3, y + 8, cut + 3, y - 8]));
            _lines.Add(new([cut + 4, y + 8, cut + 10, y - 8]));
        }
    }

    /// <summary>Around who is said to live together: neighbours of a row in one rectangle, rows that lie over one another joined.</summary>
    private List<Home> Homes()
    {
        var homes = new List<Home>();
        foreach (var together in _kin.Homes)
        {
            const int above = 20, below = 4, inset = 3;
            var parts = new List<(int X, int Y, int Width, int Height)>();
            var before = new List<(int From, int To)>();
            foreach (var (row, people) in _places.Rows.Index())
            {
                var here = new List<(int From, int To)>();
                for (var i = 0; i < people.Count; i++)
                {
                    if (!together.Contains(people[i]))
                    {
                        continue;
                    }
                    var from = X(people[i]) - Cell / 2 + inset;
                    while (i + 1 < people.Count && together.Contains(people[i + 1]))
                    {
                        i++;
                    }
                    here.Add((from, X(people[i]) + Cell / 2 - inset));
                }
                parts.AddRange(here.Select(h => (h.From, _top[row] - above, h.To - h.From, Tall + above + below)));
                foreach (var (up, down) in before.SelectMany(u => here.Select(d => (u, d))))
                {
                    var (from, to) = (Math.Max(up.From, down.From), Math.Min(up.To, down.To));
                    if (to - from > Size / 2)
                    {
                        // Into both, so that no edge stands between them.
                        parts.Add((from, _top[row - 1] + Tall - 8, to - from, _top[row] - above - _top[row - 1] - Tall + 16));
                    }
                }
                before = here;
            }
            homes.Add(new(homes.Count + 1, together, parts));
        }
        return homes;
    }
}
