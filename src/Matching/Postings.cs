namespace Heed.Matching;

/// <summary>Who has which key: every key of every person of a roll, in flat arrays. A bucket holds those whose keys hash to it; eight bytes each.</summary>
internal sealed class Postings
{
    private readonly int[] _starts;
    private readonly (uint Tag, int Row)[] _entries;
    private readonly int _shift;
    private readonly int _most;

    /// <param name="most">A key that more people share than this finds nobody.</param>
    public Postings(Roll roll, int most)
    {
        _most = most;
        var bits = 8;
        while (1L << bits < roll.Count * 8L && bits < 28)
        {
            bits++;
        }
        _shift = 64 - bits;
        _starts = new int[(1 << bits) + 1];
        Each(roll, (key, _) => Interlocked.Increment(ref _starts[Bucket(key) + 1]));
        for (var i = 1; i < _starts.Length; i++)
        {
            _starts[i] += _starts[i - 1];
        }
        _entries = new (uint, int)[_starts[^1]];
        var next = _starts.AsSpan(0, _starts.Length - 1).ToArray();
        Each(roll, (key, row) => _entries[Interlocked.Increment(ref next[Bucket(key)]) - 1] = ((uint)key, row));
    }

    /// <summary>Everybody who shares this key.</summary>
    public ReadOnlySpan<(uint Tag, int Row)> Bucketful(ulong key)
    {
        var bucket = Bucket(key);
        var (from, to) = (_starts[bucket], _starts[bucket + 1]);
        return to - from > _most ? [] : _entries.AsSpan(from, to - from);
    }

    private int Bucket(ulong key) => (int)(key >> _shift);

    private static void Each(Roll roll, Action<ulong, int> key) =>
        Parallel.ForEach(System.Collections.Concurrent.Partitioner.Create(0, Math.Max(1, roll.Count)), range =>
        {
            Span<ulong> keys = stackalloc ulong[Keys.Most];
            Span<byte> kinds = stackalloc byte[Keys.Most];
            for (var row = range.Item1; row < Math.Min(range.Item2, roll.Count); row++)
            {
                for (var i = Keys.Of(roll[row], roll.Lexicon, keys, kinds) - 1; i >= 0; i--)
                {
                    key(keys[i], row);
                }
            }
        });
}

/// <summary>Finds for one person after another whom to compare them with, each once. Each thread has its own.</summary>
internal sealed class Finder(Roll among, Postings postings)
{
    private readonly int[] _at = new int[among.Count];
    private readonly List<(int Row, uint FoundBy)> _found = [];
    private int _round;

    /// <param name="below">Only rows before this one, so that a roll compared with itself gives each pair once.</param>
    public List<(int Row, uint FoundBy)> For(ReadOnlySpan<int> person, int below = int.MaxValue)
    {
        Span<ulong> keys = stackalloc ulong[Keys.Most];
        Span<byte> kinds = stackalloc byte[Keys.Most];
        _found.Clear();
        // _at says where a row stands in this round's list, so that it never has to be cleared.
        var start = _round;
        for (var i = Keys.Of(person, among.Lexicon, keys, kinds) - 1; i >= 0; i--)
        {
            foreach (var (tag, row) in postings.Bucketful(keys[i]))
            {
                if (tag != (uint)keys[i] || row >= below)
                {
                    continue;
                }
                var at = _at[row] - start - 1;
                if (at >= 0)
                {
                    _found[at] = (row, _found[at].FoundBy | 1u << kinds[i]);
                }
                else
                {
                    _found.Add((row, 1u << kinds[i]));
                    _at[row] = ++_round;
                }
            }
        }
        if (_round > int.MaxValue / 2)
        {
            Array.Clear(_at);
            _round = 0;
        }
        return _found;
    }
}
