using System.Collections.Concurrent;

namespace Heed.Matching;

/// <summary>Somebody known who may be the one who is asked about. Row: as it was given when they were added.</summary>
public readonly record struct Candidate(int Row, double Weight, double Probability);

/// <summary>
/// Everyone known, in memory: built in bulk, kept current, asked about one person. It proposes; whoever calls decides. 64 bytes for a person, 8 for each of their keys
/// (about ten) and the words they share; docs/matching.md has what that comes to. Any number may ask while one changes: a change is seen whole or not at all.
/// </summary>
public sealed class KnownPeople
{
    private const int MostSharing = 200;

    private readonly Lock _writing = new();
    private readonly Roll _roll;
    private readonly Model _model;
    private readonly Postings _built;
    private readonly ConcurrentDictionary<ulong, int[]> _since = new();
    private readonly ConcurrentDictionary<int, bool> _gone = new();
    private readonly ThreadLocal<Asking> _asking;

    public KnownPeople(Roll roll, Model model)
    {
        (_roll, _model, _built) = (roll, model, new(roll, MostSharing));
        _asking = new(() => new(roll.Lexicon));
    }

    public int Count => _roll.Count - _gone.Count;

    /// <summary>Adds somebody; answers their row.</summary>
    public int Add(ReadOnlySpan<Column> columns, ReadOnlySpan<string?> values)
    {
        lock (_writing)
        {
            var row = _roll.Add(columns, values);
            Span<ulong> keys = stackalloc ulong[Keys.Most];
            Span<byte> kinds = stackalloc byte[Keys.Most];
            for (var i = Keys.Of(_roll[row], _roll.Lexicon, keys, kinds) - 1; i >= 0; i--)
            {
                _since.AddOrUpdate(keys[i], [row], (_, rows) => [.. rows, row]);
            }
            return row;
        }
    }

    /// <summary>Forgets somebody. Who has changed is forgotten and added anew.</summary>
    public void Remove(int row) => _gone[row] = true;

    /// <summary>Who of those known this may be, the surest first; nobody at all is an answer.</summary>
    /// <param name="least">The probability from which on somebody is proposed.</param>
    public IReadOnlyList<Candidate> Find(ReadOnlySpan<Column> columns, ReadOnlySpan<string?> values, double least = 0.01)
    {
        var asking = _asking.Value!;
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
        for (var i = Keys.Of(asking.Person, _roll.Lexicon, keys, kinds) - 1; i >= 0; i--)
        {
            foreach (var (tag, row) in _built.Bucketful(keys[i]))
            {
                if (tag == (uint)keys[i])
                {
                    Judge(asking, row, least, found);
                }
            }
            foreach (var row in _since.GetValueOrDefault(keys[i], []))
            {
                Judge(asking, row, least, found);
            }
        }
        found.Sort((x, y) => y.Probability.CompareTo(x.Probability));
        return found;
    }

    private void Judge(Asking asking, int row, double least, List<Candidate> found)
    {
        if (!asking.Seen.Add(row) || _gone.ContainsKey(row))
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
