using System.Runtime.InteropServices;
using Heed.Matching;

namespace Heed.Linking;

/// <summary>What a file calls its rows, in its order; each is there once.</summary>
public sealed class Ids
{
    private readonly List<char> _text = [];
    private readonly List<int> _ends = [];
    private readonly Seen _last = new();
    private readonly Dictionary<int, int> _before = [];

    public int Count => _ends.Count;

    public string this[int row] => Text(row).ToString();

    /// <summary>Those of the parts of one file; nothing where two have one in common.</summary>
    public static Ids? Of(IReadOnlyList<Ids> parts)
    {
        foreach (var more in parts.Skip(1))
        {
            for (var row = 0; row < more.Count; row++)
            {
                if (parts[0].Add(more.Text(row)) >= 0)
                {
                    return null;
                }
            }
        }
        return parts[0];
    }

    /// <summary>-1, or the row that has it already.</summary>
    public int Add(ReadOnlySpan<char> id)
    {
        ref var last = ref _last.At(Seen.Hash(id), out _);
        // Those with one hash hang together.
        for (var row = last - 1; row >= 0; row = _before.GetValueOrDefault(row, -1))
        {
            if (Text(row).SequenceEqual(id))
            {
                return row;
            }
        }
        if (last > 0)
        {
            _before[_ends.Count] = last - 1;
        }
        _text.AddRange(id);
        _ends.Add(_text.Count);
        last = _ends.Count;
        return -1;
    }

    private ReadOnlySpan<char> Text(int row) => CollectionsMarshal.AsSpan(_text)[(row == 0 ? 0 : _ends[row - 1]).._ends[row]];
}
