using System.Collections.Concurrent;

namespace Heed.Matching;

/// <summary>Who has which key: every key of every person of a roll, in flat arrays. A bucket holds those whose keys hash to it; eight bytes each.</summary>
internal sealed class Postings
{
    private readonly int[] _starts;
    private readonly (uint Tag, int Row)[] _entries;
    private readonly int _shift;

    /// <summary>A bit for each key that anybody has: most of those who are asked about have none of a small roll's, and to tell it so costs least.</summary>
    private readonly ulong[] _any;

    public Postings(Roll roll, bool few = false)
    {
        var bits = 8;
        while (1L << bits < roll.Count * 8L && bits < 28)
        {
            bits++;
        }
        (_shift, _starts, _any) = (64 - bits, new int[(1 << bits) + 1], new ulong[1 << Math.Min(bits, 24) - 4]);
        Each(roll, few, (key, _, _) =>
        {
            Interlocked.Increment(ref _starts[Bucket(key) + 1]);
            ref var any = ref _any[(key >> 6) & (ulong)(_any.Length - 1)];
            if ((any >> (int)(key & 63) & 1) == 0)
            {
                Interlocked.Or(ref any, 1UL << (int)(key & 63));
            }
        });
        for (var i = 1; i < _starts.Length; i++)
        {
            _starts[i] += _starts[i - 1];
        }
        _entries = new (uint, int)[_starts[^1]];
        var next = _starts.AsSpan(0, _starts.Length - 1).ToArray();
        Each(roll, few, (key, row, _) => _entries[Interlocked.Increment(ref next[Bucket(key)]) - 1] = ((uint)key, row));
        Parallel.ForEach(Partitioner.Create(0, _starts.Length - 1), range =>
        {
            for (var bucket = range.Item1; bucket < range.Item2; bucket++)
            {
                if (_starts[bucket + 1] - _starts[bucket] > 1)
                {
                    _entries.AsSpan(_starts[bucket].._starts[bucket + 1]).Sort();
                }
            }
        });
    }

    public int Count => _entries.Length;

    /// <summary>Which of these keys anybody may have, as bits: all are asked for before one is waited for.</summary>
    public ulong Any(ReadOnlySpan<ulong> keys)
    {
        var any = 0UL;
        for (var i = 0; i < keys.Length; i++)
        {
            any |= (_any[(keys[i] >> 6) & (ulong)(_any.Length - 1)] >> (int)(keys[i] & 63) & 1) << i;
        }
        return any;
    }

    /// <summary>Where they stand who have this key, in the order of their rows; where nobody has it, -1.</summary>
    public int First(ulong key)
    {
        var bucket = Bucket(key);
        for (int at = _starts[bucket], end = _starts[bucket + 1]; at < end; at++)
        {
            if (_entries[at].Tag == (uint)key)
            {
                return at;
            }
        }
        return -1;
    }

    /// <summary>Those who have the key whose first stands here.</summary>
    public ReadOnlySpan<(uint Tag, int Row)> From(int first)
    {
        var end = first + 1;
        while (end < _entries.Length && _entries[end].Tag == _entries[first].Tag)
        {
            end++;
        }
        return _entries.AsSpan(first, end - first);
    }

    private int Bucket(ulong key) => (int)(key >> _shift);

    /// <summary>Every key of every person, with its kind, on all cores.</summary>
    private static void Each(Roll roll, bool few, Action<ulong, int, byte> key) =>
        Parallel.ForEach(Partitioner.Create(0, Math.Max(1, roll.Count)), range =>
        {
            Span<ulong> keys = stackalloc ulong[Keys.Most];
            Span<byte> kinds = stackalloc byte[Keys.Most];
            for (var row = range.Item1; row < Math.Min(range.Item2, roll.Count); row++)
            {
                for (var i = Keys.Of(roll[row], roll.Lexicon, keys, kinds, few) - 1; i >= 0; i--)
                {
                    key(keys[i], row, kinds[i]);
                }
            }
        });
}

/// <summary>Gathers whom to compare one person with, each once. Each thread has its own.</summary>
internal sealed class Gathered(int among)
{
    private readonly int[] _at = new int[among];
    private int _round;
    private int _start;

    public List<(int Row, uint By)> Found { get; } = [];

    /// <summary>Begins with the next person.</summary>
    public void Begin()
    {
        Found.Clear();
        if (_round > int.MaxValue / 2)
        {
            Array.Clear(_at);
            _round = 0;
        }
        // _at says where a row stands in this round's list, so that it never has to be cleared.
        _start = _round;
    }

    /// <param name="below">Only rows before this one, so that a roll compared with itself gives each pair once.</param>
    public void Add(ReadOnlySpan<(uint Tag, int Row)> sharing, byte kind, int below = int.MaxValue)
    {
        foreach (var (_, row) in sharing)
        {
            if (row >= below)
            {
                return;
            }
            var at = _at[row] - _start - 1;
            if (at >= 0)
            {
                Found[at] = (row, Found[at].By | 1u << kind);
            }
            else
            {
                Found.Add((row, 1u << kind));
                _at[row] = ++_round;
            }
        }
    }
}
