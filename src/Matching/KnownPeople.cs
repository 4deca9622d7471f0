using System.Collections.Concurrent;

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
    private const int MostSharing = 200;

    private readonly Lock _writing = new();
    private readonly Roll _roll;
    private readonly Model _model;
    private readonly Postings _built;

    /// <summary>Who was added since it was built, and with which change; and with which change somebody went.</summary>
    private readonly ConcurrentDictionary<ulong, (int Row, long Change)[]> _since = new();
    private readonly ConcurrentDictionary<int, long> _gone = new();

    /// <summary>The last change that is whole.</summary>
    private long _now;

    private readonly ThreadLocal<Asking> _asking;

    public KnownPeople(Roll roll, Model model)
    {
        (_roll, _model, _built) = (roll, model, new(roll));
        _asking = new(() => new(roll.Lexicon));
    }

    public int Count => _roll.Count - _gone.Count;

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
                _since.AddOrUpdate(keys[i], [(row, change)], (_, rows) => [.. rows, (row, change)]);
            }
            if (instead is { } old)
            {
                _gone.TryAdd(old, change);
            }
            Volatile.Write(ref _now, change);
            return row;
        }
    }

    /// <summary>Forgets somebody.</summary>
    public void Remove(int row)
    {
        lock (_writing)
        {
            _gone.TryAdd(row, _now + 1);
            Volatile.Write(ref _now, _now + 1);
        }
    }

    /// <summary>Who of those known this may be, the surest first; nobody at all is an answer.</summary>
    /// <param name="least">The probability from which on somebody is proposed.</param>
    public IReadOnlyList<Candidate> Find(ReadOnlySpan<Column> columns, ReadOnlySpan<string?> values, double least = 0.01)
    {
        var (asking, now) = (_asking.Value!, Volatile.Read(ref _now));
        lock (_writing)
        {
            // Words that nobody has yet are learnt in passing.
            asking.Person.AsSpan().Clear();
            for (var i = 0; i < columns.Length; i++)
            {
                _roll.Lexicon.Read(columns[i], values[i], asking.Person);
            }
        }
        Span<ulong> keys = stackalloc ulong[Keys.Most];
        Span<byte> kinds = stackalloc byte[Keys.Most];
        var found = new List<Candidate>();
        asking.Seen.Clear();
        var count = Keys.Of(asking.Person, _roll.Lexicon, keys, kinds);
        var any = _built.Any(keys[..count]);
        for (var i = 0; i < count; i++)
        {
            if ((any >> i & 1) != 0 && _built.First(keys[i]) is var first and >= 0 && _built.From(first) is { Length: <= MostSharing } sharing)
            {
                foreach (var (_, row) in sharing)
                {
                    Judge(asking, row, now, least, found);
                }
            }
            foreach (var (row, change) in _since.GetValueOrDefault(keys[i], []))
            {
                if (change <= now)
                {
                    Judge(asking, row, now, least, found);
                }
            }
        }
        found.Sort((x, y) => y.Probability.CompareTo(x.Probability));
        return found;
    }

    private void Judge(Asking asking, int row, long now, double least, List<Candidate> found)
    {
        if (!asking.Seen.Add(row) || (_gone.TryGetValue(row, out var gone) && gone <= now))
        {
            return;
        }
        Span<Level> levels = stackalloc Level[Levels.Traits];
        var person = _roll[row];
        asking.Levels.Fill(person, asking.Person, levels);
        var of = _model.Likelihoods(levels);
        if (of.One + _model.Prior[0] < of.Chance - 12)
        {
            return;
        }
        of = of.Add(_model.Rarity.Of(person, asking.Person, levels));
        var probability = 1 / (1 + double.Exp2(-_model.Odds(of)));
        if (probability >= least)
        {
            found.Add(new(row, of.One - of.Chance, probability));
        }
    }

    /// <summary>What one thread needs to ask.</summary>
    private sealed class Asking(Lexicon lexicon)
    {
        public int[] Person { get; } = new int[Roll.Stride];

        public HashSet<int> Seen { get; } = [];

        public Levels Levels { get; } = new(lexicon);
    }
}
