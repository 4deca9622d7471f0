using System.Runtime.InteropServices;
using Heed.Matching;

namespace Heed.Linking;

/// <summary>What a file calls its rows, in its order.</summary>
public sealed class Ids
{
    private readonly List<char> _text = [];
    private readonly List<int> _ends = [];
    private readonly List<ulong> _hashes = [];

    public int Count => _ends.Count;

    public string this[int row] => Text(row).ToString();

    /// <summary>Those of the parts of one file.</summary>
    public static Ids Of(IReadOnlyList<Ids> parts)
    {
        foreach (var more in parts.Skip(1))
        {
            var before = parts[0]._text.Count;
            parts[0]._text.AddRange(CollectionsMarshal.AsSpan(more._text));
            parts[0]._ends.AddRange(more._ends.Select(end => before + end));
            parts[0]._hashes.AddRange(more._hashes);
        }
        return parts[0];
    }

    public void Add(ReadOnlySpan<char> id)
    {
        _text.AddRange(id);
        _ends.Add(_text.Count);
        _hashes.Add(Seen.Hash(id));
    }

    /// <summary>Whether two rows have one id.</summary>
    public bool HasTwice()
    {
        const int Ranges = 256;
        var ends = new int[Ranges + 1];
        foreach (var hash in _hashes)
        {
            ends[(hash >> 56) + 1]++;
        }
        for (var range = 0; range < Ranges; range++)
        {
            ends[range + 1] += ends[range];
        }
        var (rows, next) = (new (ulong Hash, int Row)[_hashes.Count], ends.ToArray());
        for (var row = 0; row < rows.Length; row++)
        {
            rows[next[_hashes[row] >> 56]++] = (_hashes[row], row);
        }
        return !Parallel.For(0, Ranges, (range, state) =>
        {
            var own = rows.AsSpan(ends[range]..ends[range + 1]);
            own.Sort();
            for (var i = 1; i < own.Length && !state.IsStopped; i++)
            {
                for (var before = i - 1; before >= 0 && own[before].Hash == own[i].Hash; before--)
                {
                    if (Text(own[before].Row).SequenceEqual(Text(own[i].Row)))
                    {
                        state.Stop();
                        return;
                    }
                }
            }
        }).IsCompleted;
    }

    private ReadOnlySpan<char> Text(int row) => CollectionsMarshal.AsSpan(_text)[(row == 0 ? 0 : _ends[row - 1]).._ends[row]];
}
