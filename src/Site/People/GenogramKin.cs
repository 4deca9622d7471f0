using NodaTime;
using static Heed.Site.People.Family;

namespace Heed.Site.People;

/// <summary>Who is whose kin, as a genogram draws it: each person's row, and the pairs whose children they are. A person has the number of their member; a parent whom nobody named has a number below nought.</summary>
internal sealed class GenogramKin
{
    /// <summary>A pair: parents of these children, or partners.</summary>
    public sealed class Union(int left, int right)
    {
        public int Left => left;
        public int Right => right;
        public List<int> Children { get; } = [];
        public bool Partners { get; set; }
        public bool Parted { get; set; }

        public int Other(int one) => one == left ? right : left;
    }

    private readonly Dictionary<int, Member> _members;
    private readonly List<Tie> _ties;
    private readonly Dictionary<int, int> _row = [];
    private readonly Dictionary<int, string?> _sex = [];
    private readonly SortedDictionary<(int, int), Union> _unions = [];
    private readonly Dictionary<int, Union> _parents = [];
    private readonly HashSet<Tie> _drawn = [];
    private int _unknown;

    public GenogramKin(Family family, int of)
    {
        Index = of;
        _members = family.Members.ToDictionary(m => m.No);
        _ties = [.. family.Ties.OrderBy(t => (t.Of, t.To, t.Kind))];
        foreach (var m in family.Members)
        {
            _sex[m.No] = m.Sex ?? _ties.Where(t => t.To == m.No).Select(t => SexIn(t.Kind)).FirstOrDefault(s => s is not null);
        }
        Generations();
        Marry();
        // A generation of which nobody is known has its row all the same.
        var top = _row.Values.Min();
        Rows = [.. Enumerable.Range(top, _row.Values.Max() - top + 1).Select(row => _row.Where(r => r.Value == row).Select(r => r.Key).ToList())];
        Orphans = [.. Siblings().OrderBy(g => g.Min())];
    }

    /// <summary>Whom it is about.</summary>
    public int Index { get; }

    /// <summary>Those of each row, the eldest generation first.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Rows { get; }

    public IEnumerable<Union> Unions => _unions.Values;

    /// <summary>Groups said to be siblings, with no pair of parents in common.</summary>
    public IReadOnlyList<IReadOnlySet<int>> Orphans { get; }

    /// <summary>The ties that the pairs, their children and the orphans show.</summary>
    public IReadOnlySet<Tie> Drawn => _drawn;

    public Member? Member(int no) => _members.GetValueOrDefault(no);

    public string? Sex(int no) => _sex[no];

    public Union? ParentsOf(int no) => _parents.GetValueOrDefault(no);

    public IEnumerable<Union> UnionsOf(int no) => _unions.Values.Where(u => u.Left == no || u.Right == no);

    /// <summary>Who is said to live together, two or more of them; the home of whom it is about first.</summary>
    public IEnumerable<HashSet<int>> Homes => _members.Values.Where(m => m.Home is not null).GroupBy(m => m.Home).Select(g => g.Select(m => m.No).ToHashSet()).Where(g => g.Count > 1)
        .OrderByDescending(g => g.Contains(Index)).ThenBy(g => g.Min());

    private static string? SexIn(string kind) => kind switch { "mother" => "F", "father" => "M", _ => null };

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

    /// <summary>Rows, from the person outwards; what two agencies say against one another is decided by which is nearer, and the other is only listed.</summary>
    private void Generations()
    {
        _row[Index] = 0;
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
            if (two.Count == 0 && child == Index)
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
    public (LocalDate Born, int Birth, int No) Age(int no)
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

    /// <summary>Siblings by their parents are drawn; of the others, groups to be joined by a bar of their own. Half-siblings have one parent's line already.</summary>
    private List<HashSet<int>> Siblings()
    {
        var groups = new List<HashSet<int>>();
        foreach (var t in _ties)
        {
            if (Draws(t) is not ("sibling", var one, var other))
            {
                continue;
            }
            var (ours, theirs) = (ParentsOf(one), ParentsOf(other));
            if (ours is not null && ours == theirs)
            {
                _drawn.Add(t);
                continue;
            }
            if (one == other || _row[one] != _row[other])
            {
                continue;
            }
            if (t.Kind != "twin")
            {
                _drawn.Add(t);
            }
            if (ours is not null && theirs is not null && new[] { ours.Left, ours.Right }.Intersect([theirs.Left, theirs.Right]).Any())
            {
                continue;
            }
            var touched = groups.Where(g => g.Contains(one) || g.Contains(other)).ToList();
            groups.RemoveAll(touched.Contains);
            groups.Add([one, other, .. touched.SelectMany(g => g)]);
        }
        return groups;
    }
}
