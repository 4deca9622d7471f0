using NodaTime;
using static Heed.Site.People.Family;

namespace Heed.Site.People;

/// <summary>
/// A family drawn by the conventions of McGoldrick, Gerson and Petry, Genograms: Assessment and Treatment: a square is male, a circle female, a diamond of unknown sex, a triangle unborn, a doubled outline the person whom
/// it is about; parents stand above, joined by a line, two strokes across it where they have parted; children by age from the left, twins from one point; a broken line around who lives together.
/// Pure: the same family in any order of rows is the same drawing. Every tie is in <see cref="Drawn"/> or has to be read in the list beside it. All lengths are in pixels at 100 %.
/// </summary>
public sealed record Genogram(IReadOnlyList<Genogram.Symbol> Symbols, IReadOnlyList<Genogram.Line> Lines, IReadOnlyList<Genogram.Home> Homes, IReadOnlySet<Tie> Drawn, int Width, int Height)
{
    /// <summary>Of a symbol; of the cell that it and the words below it have to themselves; of that cell with its words.</summary>
    public const int Size = 48, Cell = 136, Tall = 122;

    private const int Edge = 24, Lane = 12, Passes = 8;

    public enum Shape { Square, Circle, Diamond, Triangle }

    /// <param name="Member">Null for a parent whom nobody has named: a gap that is to be seen.</param>
    /// <param name="X">The middle.</param>
    /// <param name="Y">The top.</param>
    /// <param name="ParentOf">Whose parent a gap stands for.</param>
    public sealed record Symbol(Member? Member, Shape Shape, bool Index, int Row, int X, int Y, IReadOnlyList<int> ParentOf);

    /// <param name="Points">x y x y …</param>
    /// <param name="Broken">Nobody says that these two are, or were, partners; or that these siblings have a parent in common.</param>
    public sealed record Line(IReadOnlyList<int> Points, bool Broken = false);

    /// <summary>One household, in as many rectangles as its outline is made of; Number names it in the list.</summary>
    public sealed record Home(int Number, IReadOnlySet<int> Members, IReadOnlyList<(int X, int Y, int Width, int Height)> Parts);

    public static string? SexIn(string kind) => kind switch { "mother" => "F", "father" => "M", _ => null };

    /// <summary>The tie as it is drawn: who is the parent of whom, who are partners, who siblings; null for one that is only listed.</summary>
    private static (string What, int One, int Other)? Draws(Tie t) => t.Kind switch
    {
        "mother" or "father" or "parent" => ("parent", t.To, t.Of),
        "child" or "son" or "daughter" => ("parent", t.Of, t.To),
        "partner" or "husband" or "wife" or "spouse" or "former-partner" or "ex-partner" => ("partner", Math.Min(t.Of, t.To), Math.Max(t.Of, t.To)),
        "sibling" or "brother" or "sister" or "half-sibling" or "twin" => ("sibling", Math.Min(t.Of, t.To), Math.Max(t.Of, t.To)),
        _ => null,
    };

    /// <summary>How many rows below Of its To stands.</summary>
    private static int Down(Tie t) => Draws(t) switch
    {
        ("parent", var one, _) => one == t.To ? -1 : 1,
        not null => 0,
        null => t.Kind switch { "step-parent" or "carer" or "foster-carer" or "aunt" or "uncle" => -1, "grandparent" or "grandmother" or "grandfather" => -2, "step-child" or "nephew" or "niece" => 1, "grandchild" => 2, _ => 0 },
    };

    public static Genogram Of(Family family) => family.Of is { } of ? new Layout(family, of).Draw() : new([], [], [], new HashSet<Tie>(), 0, 0);

    private sealed class Layout
    {
        private sealed record Union(int Left, int Right)
        {
            public List<int> Children { get; } = [];
            public bool Partners { get; set; }
            public bool Parted { get; set; }

            public int Other(int one) => one == Left ? Right : Left;
        }

        private readonly int _of;
        private readonly Dictionary<int, Member> _members;
        private readonly List<Tie> _ties;
        private readonly Dictionary<int, int> _row = [];
        private readonly Dictionary<int, string?> _sex = [];
        private readonly SortedDictionary<(int, int), Union> _unions = [];
        private readonly Dictionary<int, Union> _parents = [];
        private readonly HashSet<Tie> _drawn = [];
        private readonly List<List<int>> _rows = [];
        private readonly Dictionary<int, double> _x = [];
        private readonly List<Line> _lines = [];
        private int _unknown;

        public Layout(Family family, int of)
        {
            _of = of;
            _members = family.Members.ToDictionary(m => m.No);
            _ties = [.. family.Ties.OrderBy(t => (t.Of, t.To, t.Kind))];
            foreach (var m in family.Members)
            {
                _sex[m.No] = m.Sex ?? _ties.Where(t => t.To == m.No).Select(t => SexIn(t.Kind)).FirstOrDefault(s => s is not null);
            }
            Generations();
            Marry();
            Order();
            Spread();
        }

        /// <summary>Rows, from the person outwards; what two agencies say against one another is decided by which is nearer, and the other is only listed.</summary>
        private void Generations()
        {
            _row[_of] = 0;
            while (_row.Count < _members.Count)
            {
                var next = _ties.Select(t => (Tie: t, Reached: _row.ContainsKey(t.Of), Other: _row.ContainsKey(t.To))).Where(t => t.Reached != t.Other)
                    .OrderBy(t => (Draws(t.Tie) is null, Math.Abs(_row[t.Reached ? t.Tie.Of : t.Tie.To]), t.Tie.Of, t.Tie.To, t.Tie.Kind)).Select(t => t.Tie).FirstOrDefault();
                if (next is null)
                {
                    _row[_members.Keys.Where(no => !_row.ContainsKey(no)).Min()] = 0;
                }
                else if (_row.TryGetValue(next.Of, out var row))
                {
                    _row[next.To] = row + Down(next);
                }
                else
                {
                    _row[next.Of] = _row[next.To] - Down(next);
                }
            }
        }

        /// <summary>Pairs: those who have a child together and those who are said to be, or to have been, partners. Where one parent is named the other is a gap.</summary>
        private void Marry()
        {
            foreach (var child in _members.Keys.Order())
            {
                var said = _ties.Where(t => Draws(t) is ("parent", var one, var other) && other == child && _row[one] == _row[child] - 1).ToList();
                var named = said.Select(t => Draws(t)!.Value.One).Distinct().Order().ToList();
                if (named.FirstOrDefault(p => _sex[p] == "F") is > 0 and var mother)
                {
                    named = [mother, .. named.Where(p => p != mother && _sex[p] == "M"), .. named.Where(p => p != mother && _sex[p] != "M")];
                }
                var two = named.Take(2).ToList();
                if (two.Count == 0 && child == _of)
                {
                    two = [Gap(_row[child] - 1, "F")];
                }
                if (two.Count == 0)
                {
                    continue;
                }
                var union = two.Count == 2 ? Pair(two[0], two[1]) : _unions.Values.FirstOrDefault(u => (u.Left == two[0] || u.Right == two[0]) && u.Other(two[0]) < 0) ?? Pair(two[0], Gap(_row[two[0]], _sex[two[0]] switch { "F" => "M", "M" => "F", _ => null }));
                union.Children.Add(child);
                _parents[child] = union;
                _drawn.UnionWith(said.Where(t => two.Contains(Draws(t)!.Value.One)));
            }
            foreach (var t in _ties)
            {
                if (Draws(t) is ("partner", var one, var other) && one != other && _row[one] == _row[other])
                {
                    var union = Pair(one, other);
                    (union.Partners, union.Parted) = (true, union.Parted | t.Kind is "former-partner" or "ex-partner");
                    _drawn.Add(t);
                }
            }
        }

        private int Gap(int row, string? sex)
        {
            _unknown--;
            (_row[_unknown], _sex[_unknown]) = (row, sex);
            return _unknown;
        }

        private Union Pair(int one, int other)
        {
            var key = (Math.Min(one, other), Math.Max(one, other));
            return _unions.TryGetValue(key, out var union) ? union : _unions[key] = new(key.Item1, key.Item2);
        }

        /// <summary>When somebody was born, or will be: what orders siblings. A twin stands beside the other.</summary>
        private (LocalDate, int, int) Age(int no)
        {
            var born = BornOf(no);
            var twins = Twins(no);
            return (twins.Select(BornOf).Append(born).Min(), twins.Append(no).Min(), no);
        }

        private LocalDate BornOf(int no) => _members.GetValueOrDefault(no) is { } m ? m.Born ?? m.Expected ?? LocalDate.MaxIsoValue : LocalDate.MaxIsoValue;

        /// <summary>The others who were born at one birth with this one, of the same two parents.</summary>
        private HashSet<int> Twins(int no)
        {
            var all = new HashSet<int> { no };
            while (_ties.Where(t => t.Kind == "twin" && all.Contains(t.Of) != all.Contains(t.To)).SelectMany(t => new[] { t.Of, t.To })
                .FirstOrDefault(other => !all.Contains(other) && _parents.GetValueOrDefault(other) is { } p && p == _parents.GetValueOrDefault(no)) is > 0 and var twin)
            {
                all.Add(twin);
            }
            all.Remove(no);
            return all;
        }

        /// <summary>Who stands where in a row: partners beside one another, brothers and sisters under their parents. Once upwards from the person, once downwards.</summary>
        private void Order()
        {
            var (top, bottom) = (_row.Values.Min(), _row.Values.Max());
            for (var row = top; row <= bottom; row++)
            {
                _rows.Add([]);
            }
            foreach (var (no, row) in _row.ToList())
            {
                _row[no] = row - top;
            }
            var at = new Dictionary<int, double>();
            var own = _parents.GetValueOrDefault(_of);
            void Place(int row, Func<int, double?> pull)
            {
                _rows[row] = [.. Clusters(row).OrderBy(c => c.Select(pull).Average() ?? double.MaxValue).ThenBy(c => own is not null && (c.Contains(own.Left) || c.Contains(own.Right)) ? 0 : 1).ThenBy(c => c.Min(Age)).SelectMany(c => c)];
                for (var i = 0; i < _rows[row].Count; i++)
                {
                    at[_rows[row][i]] = i;
                }
            }
            double? FromAbove(int no) => _parents.GetValueOrDefault(no) is { } u ? (at[u.Left] + at[u.Right]) / 2 : null;
            double? FromBelow(int no) => _unions.Values.Where(u => u.Left == no || u.Right == no).SelectMany(u => u.Children).Where(at.ContainsKey).Select(c => (double?)at[c]).Average();
            var first = Math.Max(0, _row[_of] - 1);
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
        private IEnumerable<List<int>> Clusters(int row)
        {
            var left = _row.Where(r => r.Value == row).Select(r => r.Key).ToHashSet();
            (int, (LocalDate, int, int), int) Turn(int no) => (UnionsOf(no).All(u => u.Parted) ? 0 : 1, UnionsOf(no).SelectMany(u => u.Children).Select(Age).DefaultIfEmpty(Age(no)).Min(), no);
            while (left.Count > 0)
            {
                var group = new HashSet<int> { left.Min() };
                while (group.SelectMany(UnionsOf).SelectMany(u => new[] { u.Left, u.Right }).Any(group.Add))
                {
                    // Until nobody more is joined to them.
                }
                var line = new List<int>();
                void Walk(int no)
                {
                    line.Add(no);
                    foreach (var next in UnionsOf(no).Select(u => u.Other(no)).OrderBy(Turn).ToList())
                    {
                        if (!line.Contains(next))
                        {
                            Walk(next);
                        }
                    }
                }
                Walk(group.OrderBy(no => UnionsOf(no).Count()).ThenBy(no => group.Count == 2 && _sex[no] != "M").ThenBy(Turn).First());
                left.ExceptWith(line);
                yield return line;
            }
        }

        private IEnumerable<Union> UnionsOf(int no) => _unions.Values.Where(u => u.Left == no || u.Right == no);

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
            if (_parents.GetValueOrDefault(no) is not { } u)
            {
                return null;
            }
            var siblings = u.Children.OrderBy(c => _x[c]).ToList();
            return Between(u) + (siblings.IndexOf(no) - (siblings.Count - 1) / 2.0) * Cell;
        }

        private double? OverChildren(int no) => UnionsOf(no).Where(u => u.Children.Count > 0)
            .Select(u => (double?)((u.Children.Min(c => _x[c]) + u.Children.Max(c => _x[c])) / 2 + (_x[no] < _x[u.Other(no)] ? -Cell / 2.0 : Cell / 2.0))).Average();

        private double Between(Union u) => (_x[u.Left] + _x[u.Right]) / 2;

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

        public Genogram Draw()
        {
            var least = _x.Values.Min();
            var x = _x.ToDictionary(p => p.Key, p => (int)Math.Round(p.Value - least) + Edge + Cell / 2);
            var orphans = Orphans();
            var top = new int[_rows.Count];
            var y = Edge;
            for (var row = 0; row < _rows.Count; row++)
            {
                // Above the row: its children's bars, each in a lane of its own where they would run into one another. Below: pairs who do not stand side by side.
                var bars = new Lanes();
                var siblings = _unions.Values.Where(u => u.Children.Count > 0 && _row[u.Left] == row - 1).Select(u => (Union: u, Lane: bars.Take([.. u.Children.Select(c => x[c]), Drop(u, x)]))).ToList();
                var apart = orphans.Where(g => _row[g[0]] == row).Select(g => (Group: g, Lane: bars.Take(g.Select(no => x[no])))).ToList();
                var under = row == 0 ? y : top[row - 1] + Tall;
                var crossing = new Lanes();
                foreach (var u in _unions.Values.Where(u => _row[u.Left] == row - 1))
                {
                    Join(u, x, top[row - 1], under + Lane * (1 + crossing.TakeIf(!Beside(u), [x[u.Left], x[u.Right]])));
                }
                var first = under + Lane * (2 + crossing.Count);
                top[row] = row == 0 && bars.Count == 0 ? y : first + Lane * (bars.Count + 1);
                foreach (var (u, lane) in siblings)
                {
                    Bear(u, x, Beside(u) ? top[row - 1] + Size / 2 : under + Lane * (1 + crossing.Of([x[u.Left], x[u.Right]])), first + Lane * lane, top[row]);
                }
                foreach (var (group, lane) in apart)
                {
                    var bar = first + Lane * lane;
                    _lines.Add(new([x[group[0]] + 8, bar, x[group[^1]] + 8, bar], Broken: true));
                    _lines.AddRange(group.Select(no => new Line([x[no] + 8, bar, x[no] + 8, top[row] + 8], Broken: true)));
                }
            }
            var last = new Lanes();
            foreach (var u in _unions.Values.Where(u => _row[u.Left] == _rows.Count - 1))
            {
                Join(u, x, top[^1], top[^1] + Tall + Lane * (1 + last.TakeIf(!Beside(u), [x[u.Left], x[u.Right]])));
            }
            var symbols = _rows.SelectMany((row, r) => row.Select(no => new Symbol(_members.GetValueOrDefault(no), ShapeOf(no), no == _of, r, x[no], top[r], no > 0 ? [] : UnionsOf(no).Single().Children))).ToList();
            return new(symbols, _lines, Homes(x, top), _drawn, x.Values.Max() + Cell / 2 + Edge, top[^1] + Tall + Lane * last.Count + Edge);
        }

        private Shape ShapeOf(int no) => _members.GetValueOrDefault(no)?.Unborn == true ? Shape.Triangle : _sex[no] switch { "M" => Shape.Square, "F" => Shape.Circle, _ => Shape.Diamond };

        private bool Beside(Union u) => Math.Abs(_rows[_row[u.Left]].IndexOf(u.Left) - _rows[_row[u.Left]].IndexOf(u.Right)) == 1;

        private static int Drop(Union u, Dictionary<int, int> x) => (x[u.Left] + x[u.Right]) / 2;

        private void Join(Union u, Dictionary<int, int> x, int top, int lane)
        {
            var (from, to) = x[u.Left] < x[u.Right] ? (x[u.Left], x[u.Right]) : (x[u.Right], x[u.Left]);
            int y = top + Size / 2, low = y + 9, cut = from + Size / 2 + 16;
            if (Beside(u))
            {
                _lines.Add(new([from + Size / 2, y, to - Size / 2, y], !u.Partners));
            }
            else
            {
                // Around whoever stands between.
                (y, cut) = (low, from + Size / 2 + 20);
                _lines.Add(new([from + Size / 2 - 4, low, from + Cell / 2 - 8, low, from + Cell / 2 - 8, lane, to - Cell / 2 + 8, lane, to - Cell / 2 + 8, low, to - Size / 2 + 4, low], !u.Partners));
            }
            if (u.Parted)
            {
                _lines.Add(new([cut - 3, y + 8, cut + 3, y - 8]));
                _lines.Add(new([cut + 4, y + 8, cut + 10, y - 8]));
            }
        }

        private void Bear(Union u, Dictionary<int, int> x, int from, int bar, int top)
        {
            var births = u.Children.OrderBy(c => x[c]).GroupBy(c => Age(c).Item2).Select(g => (Point: (int)g.Average(c => x[c]), Children: g.ToList())).ToList();
            var drop = Drop(u, x);
            _lines.Add(new([drop, from, drop, bar]));
            _lines.Add(new([Math.Min(drop, births[0].Point), bar, Math.Max(drop, births[^1].Point), bar]));
            _lines.AddRange(births.SelectMany(b => b.Children.Select(c => new Line([b.Point, bar, x[c], top]))));
            _drawn.UnionWith(_ties.Where(t => Draws(t) is ("sibling", var one, var other) && u.Children.Contains(one) && u.Children.Contains(other)));
        }

        /// <summary>Said to be siblings, with no pair of parents in common: joined by a bar of their own. Half-siblings have one parent's line already.</summary>
        private List<List<int>> Orphans()
        {
            var ties = _ties.Where(t => Draws(t) is ("sibling", var one, var other) && one != other && _row[one] == _row[other] && (_parents.GetValueOrDefault(one) is not { } p || p != _parents.GetValueOrDefault(other))).ToList();
            bool Shares(int one, int other) => _parents.GetValueOrDefault(one) is { } p && _parents.GetValueOrDefault(other) is { } q && new[] { p.Left, p.Right }.Intersect([q.Left, q.Right]).Any();
            _drawn.UnionWith(ties.Where(t => t.Kind != "twin"));
            var groups = new List<HashSet<int>>();
            foreach (var (one, other) in ties.Where(t => !Shares(t.Of, t.To)).Select(t => (t.Of, t.To)))
            {
                var touched = groups.Where(g => g.Contains(one) || g.Contains(other)).ToList();
                groups.RemoveAll(touched.Contains);
                groups.Add([one, other, .. touched.SelectMany(g => g)]);
            }
            return [.. groups.Select(g => g.OrderBy(no => _x[no]).ToList()).OrderBy(g => g.Min())];
        }

        /// <summary>Around who is said to live together: neighbours of a row in one rectangle, rows that lie over one another joined.</summary>
        private List<Home> Homes(Dictionary<int, int> x, int[] top)
        {
            var homes = new List<Home>();
            foreach (var together in _members.Values.Where(m => m.Home is not null).GroupBy(m => m.Home).Select(g => g.Select(m => m.No).ToHashSet()).Where(g => g.Count > 1).OrderByDescending(g => g.Contains(_of)).ThenBy(g => g.Min()))
            {
                const int above = 20, below = 4, inset = 3;
                var parts = new List<(int X, int Y, int Width, int Height)>();
                var before = new List<(int From, int To)>();
                for (var row = 0; row < _rows.Count; row++)
                {
                    var here = new List<(int From, int To)>();
                    for (var i = 0; i < _rows[row].Count; i++)
                    {
                        if (!together.Contains(_rows[row][i]))
                        {
                            continue;
                        }
                        var from = x[_rows[row][i]] - Cell / 2 + inset;
                        while (i + 1 < _rows[row].Count && together.Contains(_rows[row][i + 1]))
                        {
                            i++;
                        }
                        here.Add((from, x[_rows[row][i]] + Cell / 2 - inset));
                    }
                    parts.AddRange(here.Select(h => (h.From, top[row] - above, h.To - h.From, Tall + above + below)));
                    foreach (var (up, down) in before.SelectMany(u => here.Select(d => (u, d))))
                    {
                        var (from, to) = (Math.Max(up.From, down.From), Math.Min(up.To, down.To));
                        if (to - from > Size / 2)
                        {
                            // Into both, so that no edge stands between them.
                            parts.Add((from, top[row - 1] + Tall - 8, to - from, top[row] - above - top[row - 1] - Tall + 16));
                        }
                    }
                    before = here;
                }
                homes.Add(new(homes.Count + 1, together, parts));
            }
            return homes;
        }

        /// <summary>Level lines that would run into one another take different heights.</summary>
        private sealed class Lanes
        {
            private readonly List<List<(int From, int To)>> _lanes = [];

            public int Count => _lanes.Count;

            public int Take(IEnumerable<int> points)
            {
                var line = Span(points);
                var lane = _lanes.FindIndex(l => l.All(o => o.To + Lane < line.From || line.To + Lane < o.From));
                if (lane < 0)
                {
                    lane = _lanes.Count;
                    _lanes.Add([]);
                }
                _lanes[lane].Add(line);
                return lane;
            }

            public int TakeIf(bool wanted, IEnumerable<int> points) => wanted ? Take(points) : 0;

            public int Of(IEnumerable<int> points) => Span(points) is var line ? _lanes.FindIndex(l => l.Contains(line)) : 0;

            private static (int From, int To) Span(IEnumerable<int> points) => (points.Min(), points.Max());
        }
    }
}
