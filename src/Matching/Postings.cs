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

    /// <param name="few">One thing alone is a key too.</param>
    /// <param name="before">Only rows before this one: more may come while this is built.</param>
    /// <param name="without">And none of these.</param>
    public Postings(Roll roll, bool few = false, int before = int.MaxValue, Func<int, bool>? without = null)
    {
        var (bits, count) = (8, Math.Min(before, roll.Count));
        while (1L << bits < count * 8L && bits < 28)
        {
            bits++;
        }
        (_shift, _starts, _any) = (64 - bits, new int[(1 << bits) + 1], new ulong[1 << Math.Min(bits, 24) - 4]);
        Each((key, _) =>
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
        Each((key, row) => _entries[Interlocked.Increment(ref next[Bucket(key)]) - 1] = ((uint)key, row));
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

        // Every key of every person, on all cores.
        void Each(Action<ulong, int> key) => Parallel.ForEach(Partitioner.Create(0, Math.Max(1, count)), range =>
        {
            Span<ulong> keys = stackalloc ulong[Keys.Most];
            Span<byte> kinds = stackalloc byte[Keys.Most];
            for (var row = range.Item1; row < Math.Min(range.Item2, count); row++)
            {
                if (without?.Invoke(row) == true)
                {
                    continue;
                }
                for (var i = Keys.Of(roll[row], roll.Lexicon, keys, kinds, few) - 1; i >= 0; i--)
                {
                    key(keys[i], row);
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

    /// <summary>The same of several keys; each step is asked of memory for all before one is waited for.</summary>
    /// <returns>Nothing that means anything; returned, what is asked for is not left out.</returns>
    public uint Firsts(ReadOnlySpan<ulong> keys, Span<int> into)
    {
        var any = Any(keys);
        for (var i = 0; i < keys.Length; i++)
        {
            into[i] = (any >> i & 1) == 0 ? -1 : _starts[Bucket(keys[i])];
        }
        var sum = 0u;
        foreach (var at in into[..keys.Length])
        {
            sum += at < 0 || at >= _entries.Length ? 0 : _entries[at].Tag;
        }
        for (var i = 0; i < keys.Length; i++)
        {
            into[i] = into[i] < 0 ? -1 : First(keys[i]);
        }
        return sum;
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
