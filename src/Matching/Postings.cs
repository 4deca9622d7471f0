using System.Collections.Concurrent;
using System.Numerics;

namespace Heed.Matching;

/// <summary>
/// Who has which key: every key of every person of a roll, in one flat array, eight bytes each: what of the key its place does not say, its kind, the row. They are first dealt into parts that a
/// processor's cache holds and then sorted there: to put each in its place in all of memory at once would wait for memory once for every key.
/// </summary>
internal sealed class Postings
{
    private const int KindBits = 5;

    private readonly ulong[] _entries;

    /// <summary>Where the entries of each bucket begin, and of each part: the first bits of a key are its bucket, and the first of these its part.</summary>
    private readonly int[] _starts, _parts;
    private readonly int _bits, _partBits, _rowBits;

    /// <summary>A bit for each key that anybody has: most of those who are asked about have none of a small roll's, and to tell it so costs least.</summary>
    private readonly ulong[] _any;

    /// <param name="few">One thing alone is a key too.</param>
    /// <param name="before">Only rows before this one: more may come while this is built.</param>
    /// <param name="without">And none of these.</param>
    public Postings(Roll roll, bool few = false, int before = int.MaxValue, Func<int, bool>? without = null)
    {
        var count = Math.Min(before, roll.Count);
        _bits = 8;
        while (1L << _bits < count * 4L && _bits < 28)
        {
            _bits++;
        }
        (_partBits, _rowBits) = (Math.Min(11, _bits - 6), 32 - BitOperations.LeadingZeroCount((uint)count));
        (_starts, _parts, _any) = (new int[(1 << _bits) + 1], new int[(1 << _partBits) + 1], new ulong[1 << Math.Min(_bits, 22) - 2]);
        // Each chunk of rows has its own place in each part, so that nobody waits for another and the order is the same on any machine.
        var chunks = Math.Clamp(count / 4096, 1, 64);
        var next = new int[chunks][];
        Each((chunk, key, _, _) =>
        {
            next[chunk][Part(key)]++;
            ref var any = ref _any[(key >> 6) & (ulong)(_any.Length - 1)];
            if ((any >> (int)(key & 63) & 1) == 0)
            {
                Interlocked.Or(ref any, 1UL << (int)(key & 63));
            }
        }, chunk => next[chunk] = new int[1 << _partBits]);
        for (var part = 0; part + 1 < _parts.Length; part++)
        {
            var at = _parts[part];
            foreach (var own in next)
            {
                (own[part], at) = (at, checked(at + own[part]));
            }
            _parts[part + 1] = at;
        }
        _entries = new ulong[_parts[^1]];
        Each((chunk, key, kind, row) => _entries[next[chunk][Part(key)]++] = (Rest(key) << KindBits | kind) << _rowBits | (uint)row);
        Parallel.For(0, _parts.Length - 1, () => Array.Empty<ulong>(), (part, _, room) => Sort(part, room), _ => { });

        // Every key of every person, on all cores.
        void Each(Action<int, ulong, byte, int> key, Action<int>? begin = null) => Parallel.For(0, chunks, chunk =>
        {
            begin?.Invoke(chunk);
            Span<ulong> keys = stackalloc ulong[Keys.Most];
            Span<byte> kinds = stackalloc byte[Keys.Most];
            var end = (int)((chunk + 1L) * count / chunks);
            for (var row = (int)((long)chunk * count / chunks); row < end; row++)
            {
                if (without?.Invoke(row) == true)
                {
                    continue;
                }
                for (var i = Keys.Of(roll[row], roll.Lexicon, keys, kinds, few) - 1; i >= 0; i--)
                {
                    key(chunk, keys[i], kinds[i], row);
                }
            }
        });
    }

    public int Count => _entries.Length;

    public int Parts => _parts.Length - 1;

    public int Row(ulong entry) => (int)(entry & ((1UL << _rowBits) - 1));

    public byte Kind(ulong entry) => (byte)(entry >> _rowBits & ((1 << KindBits) - 1));

    /// <summary>Those who share each key of a part, one key after another.</summary>
    public void Each(int part, Action<ReadOnlySpan<ulong>> sharing)
    {
        for (int first = _parts[part], end; first < _parts[part + 1]; first = end)
        {
            var people = From(first);
            end = first + people.Length;
            sharing(people);
        }
    }

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
        var (bucket, rest) = (Bucket(key), Rest(key));
        for (int at = _starts[bucket], end = _starts[bucket + 1]; at < end; at++)
        {
            if (Rested(_entries[at]) == rest)
            {
                return at;
            }
        }
        return -1;
    }

    /// <summary>The same of several keys; each step is asked of memory for all before one is waited for.</summary>
    /// <returns>Nothing that means anything; returned, what is asked for is not left out.</returns>
    public ulong Firsts(ReadOnlySpan<ulong> keys, Span<int> into)
    {
        var any = Any(keys);
        for (var i = 0; i < keys.Length; i++)
        {
            into[i] = (any >> i & 1) == 0 ? -1 : _starts[Bucket(keys[i])];
        }
        var sum = 0UL;
        foreach (var at in into[..keys.Length])
        {
            sum += at < 0 || at >= _entries.Length ? 0 : _entries[at];
        }
        for (var i = 0; i < keys.Length; i++)
        {
            into[i] = into[i] < 0 ? -1 : First(keys[i]);
        }
        return sum;
    }

    /// <summary>Those who have the key whose first stands here.</summary>
    public ReadOnlySpan<ulong> From(int first)
    {
        var end = first + 1;
        while (end < _entries.Length && Rested(_entries[end]) == Rested(_entries[first]))
        {
            end++;
        }
        return _entries.AsSpan(first, end - first);
    }

    /// <summary>Sorts a part by key, kind and row, and notes where its buckets begin.</summary>
    private ulong[] Sort(int part, ulong[] room)
    {
        var entries = _entries.AsSpan(_parts[part].._parts[part + 1]);
        var (many, shift) = (1 << _bits - _partBits, 64 - (_bits - _partBits));
        var starts = _starts.AsSpan(part * many, many + 1);
        Span<int> next = new int[many];
        foreach (var entry in entries)
        {
            next[(int)(entry >> shift)]++;
        }
        for (int bucket = 0, at = _parts[part]; bucket < many; bucket++)
        {
            (starts[bucket], next[bucket], at) = (at, at - _parts[part], at + next[bucket]);
        }
        if (part == Parts - 1)
        {
            starts[many] = _parts[^1];
        }
        room = room.Length < entries.Length ? new ulong[entries.Length] : room;
        foreach (var entry in entries)
        {
            room[next[(int)(entry >> shift)]++] = entry;
        }
        for (int bucket = 0, from = 0; bucket < many; from = next[bucket++])
        {
            if (next[bucket] - from > 1)
            {
                room.AsSpan(from, next[bucket] - from).Sort();
            }
        }
        room.AsSpan(0, entries.Length).CopyTo(entries);
        return room;
    }

    private int Bucket(ulong key) => (int)(key >> 64 - _bits);

    private int Part(ulong key) => (int)(key >> 64 - _partBits);

    /// <summary>As much of a key, after its part, as an entry has room for.</summary>
    private ulong Rest(ulong key) => key << _partBits >> KindBits + _rowBits;

    private ulong Rested(ulong entry) => entry >> KindBits + _rowBits;
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

    public void Add(int row, byte kind)
    {
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
