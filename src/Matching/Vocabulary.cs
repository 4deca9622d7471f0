using System.Runtime.InteropServices;

namespace Heed.Matching;

/// <summary>Different values of one kind, each with a number from 1, folded for comparison, and what is worked out about it once.</summary>
internal sealed class Vocabulary(bool isName)
{
    private readonly Dictionary<string, int> _ids = [];

    /// <summary>Hashes of the sound of a name's first word and of its last; of the value itself for what is not a name.</summary>
    private readonly List<(uint First, uint Last)> _codes = [default];

    private readonly List<string> _texts = [""];

    private readonly List<string[]?> _parts = [null];

    private readonly List<(uint Letters, int[]? Forms)> _known = [default];

    public int Count => _texts.Count;

    public string this[int id] => _texts[id];

    /// <summary>A name's words, where there is more than one.</summary>
    public string[]? Parts(int id) => _parts[id];

    /// <summary>Which letters a text has, as bits; and of which given names it is a form, where it is one.</summary>
    public (uint Letters, int[]? Forms) Known(int id) => _known[id];

    public (uint First, uint Last) Codes(int id) => _codes[id];

    /// <param name="written">As it stood in the file: its words, where it is a name.</param>
    public int Of(ReadOnlySpan<char> folded, string written)
    {
        if (folded.IsEmpty)
        {
            return 0;
        }
        ref var id = ref CollectionsMarshal.GetValueRefOrAddDefault(_ids.GetAlternateLookup<ReadOnlySpan<char>>(), folded, out var known);
        if (!known)
        {
            id = _texts.Count;
            _texts.Add(folded.ToString());
            var letters = 0u;
            foreach (var letter in folded)
            {
                letters |= 1u << Likeness.Place(letter);
            }
            _known.Add((letters, isName ? Nicknames.Of(_texts[id]) : null));
            var parts = isName ? Names.Words(written).ToArray() : null;
            _parts.Add(parts is { Length: > 1 } ? parts : null);
            _codes.Add(parts is { Length: > 0 } ? (Code(parts[0]), Code(parts[^1])) : ((uint)Keys.Hash(folded), (uint)Keys.Hash(folded)));
        }
        return id;
    }

    private static uint Code(string word) => (uint)Keys.Hash(Likeness.Sound(word)) | 1;
}
