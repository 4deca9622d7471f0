using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Heed.Matching;

/// <summary>Somebody known who may be the one who is asked about. Row: as it was given when they were added.</summary>
public readonly record struct Candidate(int Row, double Weight, double Probability);

/// <summary>
/// Everyone known, in memory: built in bulk, kept current, asked about one person. It proposes; whoever calls decides. 64 bytes for a person, 8 for each of their keys
/// (about ten) and the words they share; docs/matching.md has what that comes to. Any number may ask while one changes: whoever asks sees everyone as they were at one moment, a change whole or
/// not at all.
/// </summary>
public sealed class KnownPeople
{
    private const int MostSharing = 100;

    private readonly Lock _writing = new();
    private readonly Lock _building = new();
    private readonly Roll _roll;
    private readonly Model _model;
    private readonly Bound _bound;
    private readonly ThreadLocal<Asking> _asking;

    /// <summary>With which change somebody went.</summary>
    private readonly ConcurrentDictionary<int, long> _gone = new();

    private Built _built;

    /// <summary>The last change that is whole.</summary>
    private long _now;

    public KnownPeople(Roll roll, Model model)
    {
        (_roll, _model, _bound, _built) = (roll, model, new(model, roll.Lexicon), new(new(roll), new(), roll.Count));
        _asking = new(() => new(roll.Lexicon));
    }

    public int Count => _roll.Count - _gone.Count;

    /// <summary>How many were added, or changed, since it was built: each costs some ten times what one built in does, until <see cref="Rebuild"/>.</summary>
    public int AddedSince => _roll.Count - _built.Count;

    /// <summary>Adds somebody; answers their row.</summary>
    /// <param name="instead">The row that they had until now, where they have changed.</param>
    public int Add(ReadOnlySpan<Column> columns, ReadOnlySpan<string?> values, int? instead = null)
    {
        lock (_writing)
        {
            var (row, change) = (_roll.Add(columns, values), _now + 1);
            Span<ulong> keys = stackalloc ulong[Keys.Most];
            Span<byte> kinds = stackalloc byte[Keys.Most];
            for (var i = Keys.Of(_roll[row], _roll.Lexicon, keys, kinds) - 1; i >= 0; i--)
            {
                _built.Since.AddOrUpdate(keys[i], [(row, change)], (_, rows) => [.. rows, (row, change)]);
            }
            if (instead is { } old)
            {
                _gone.TryAdd(old, change);
            }
            _now = change;
            return row;
        }
    }

    /// <summary>Builds anew, with all who changed until now; others ask and change meanwhile. Rows stay what they are.</summary>
    public void Rebuild()
    {
        lock (_building)
        {
            var (count, until) = (0, 0L);
            lock (_writing)
            {
                (count, until) = (_roll.Count, _now);
            }
            var postings = new Postings(_roll, before: count, without: row => _gone.TryGetValue(row, out var gone) && gone <= until);
            lock (_writing)
            {
                var later = _built.Since.Select(since => (since.Key, Rows: since.Value.Where(row => row.Change > until).ToArray())).Where(since => since.Rows.Length > 0);
                _built = new(postings, new(later.Select(since => KeyValuePair.Create(since.Key, since.Rows))), count);
            }
        }
    }

    /// <summary>Forgets somebody.</summary>
    public void Remove(int row)
    {
        lock (_writing)
        {
            _gone.TryAdd(row, _now + 1);
            _now++;
        }
    }

    /// <summary>Who of those known this may be, the surest first; nobody at all is an answer.</summary>
    /// <param name="least">The probability from which on somebody is proposed.</param>
    public IReadOnlyList<Candidate> Find(ReadOnlySpan<Column> columns, ReadOnlySpan<string?> values, double least = 0.01)
    {
        var (asking, built, now) = (_asking.Value!, _built, 0L);
        lock (_writing)
        {
            (built, now) = (_built, _now);
            // Words that nobody has yet are learnt in passing.
            asking.Person.AsSpan().Clear();
            asking.Kin = default;
            for (var i = 0; i < columns.Length; i++)
            {
                if (columns[i] is Column.Mother or Column.Siblings)
                {
                    asking.Kin = _roll.Lexicon.Read(columns[i], values[i], asking.Kin);
                    continue;
                }
                _roll.Lexicon.Read(columns[i], values[i], asking.Person);
            }
        }
        Span<ulong> keys = stackalloc ulong[Keys.Most];
        Span<byte> kinds = stackalloc byte[Keys.Most];
        asking.Seen.Clear();
        asking.Rows.Clear();
        var count = Keys.Of(asking.Person, _roll.Lexicon, keys, kinds);
        Span<int> firsts = stackalloc int[Keys.Most];
        built.Postings.Firsts(keys[..count], firsts);
        for (var i = 0; i < count; i++)
        {
            if (firsts[i] >= 0 && built.Postings.From(firsts[i]) is { Length: <= MostSharing } sharing)
            {
                foreach (var other in sharing)
                {
                    asking.Note(built.Postings.Row(other));
                }
            }
            foreach (var (row, change) in built.Since.GetValueOrDefault(keys[i], []))
            {
                if (change <= now)
                {
                    asking.Note(row);
                }
            }
        }
        _roll.Touch(CollectionsMarshal.AsSpan(asking.Rows));
        var found = new List<Candidate>();
        foreach (var row in asking.Rows)
        {
            Judge(asking, row, now, least, found);
        }
        found.Sort((x, y) => y.Probability.CompareTo(x.Probability));
        return found;
    }

    private void Judge(Asking asking, int row, long now, double least, List<Candidate> found)
    {
        if (_gone.TryGetValue(row, out var gone) && gone <= now)
        {
            return;
        }
        Span<Level> levels = stackalloc Level[Levels.Traits];
        var person = _roll[row];
        asking.Levels.FillRoughly(person, asking.Person, levels, _roll.Kin(row), asking.Kin);
        if (!_bound.May(Math.Log2(least / (1 - least)) - _model.Prior[0], person, asking.Person, levels))
        {
            return;
        }
        asking.Levels.FillClosely(person, asking.Person, levels);
        var of = _model.Likelihoods(levels);
        if (of.One + _model.Prior[0] < of.Chance - 12)
        {
            return;
        }
        of = of.Add(_model.Rarity.Of(person, asking.Person, levels, _roll.Kin(row)));
        var probability = 1 / (1 + double.Exp2(-_model.Odds(of)));
        if (probability >= least)
        {
            found.Add(new(row, of.One - of.Chance, probability));
        }
    }

    /// <summary>Who was there when it was built, and who was added since, with which change.</summary>
    private sealed record Built(Postings Postings, ConcurrentDictionary<ulong, (int Row, long Change)[]> Since, int Count);

    /// <summary>What one thread needs to ask.</summary>
    private sealed class Asking(Lexicon lexicon)
    {
        public int[] Person { get; } = new int[Roll.Stride];

        public Kin Kin { get; set; }

        public HashSet<int> Seen { get; } = [];

        /// <summary>Whom to compare, each once.</summary>
        public List<int> Rows { get; } = [];

        public void Note(int row)
        {
            if (Seen.Add(row))
            {
                Rows.Add(row);
            }
        }

        public Levels Levels { get; } = new(lexicon);
    }
}
