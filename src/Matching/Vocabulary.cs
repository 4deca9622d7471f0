using System.Numerics;

namespace Heed.Matching;

/// <summary>What is worked out once about a text: which letters it has, as bits, and hashes of the sound of its first word and of its last; for what is no name, of what stands before an @, and of all of it.</summary>
internal readonly record struct Word(uint Letters, uint First, uint Last, int Length)
{
    /// <summary>Whether enough letters are shared for a likeness of 0.7 (Jaro-Winkler); where they are not, it is not worked out.</summary>
    public bool MayBeLike(Word other, bool beginAlike) => Shared(other) >= (beginAlike ? 0.5 : 1.1);

    /// <summary>The same of a likeness of 0.8, where it is known how many letters the two begin with alike.</summary>
    public bool MayBeLike(Word other, int prefix) => Shared(other) >= Least[prefix];

    /// <summary>Of each the share of its letters that the other may have.</summary>
    private double Shared(Word other) =>
        (Math.Max(0, Length - BitOperations.PopCount(Letters & ~other.Letters)) / (double)Length) + (Math.Max(0, other.Length - BitOperations.PopCount(other.Letters & ~Letters)) / (double)other.Length);

    private static readonly double[] Least = [.. Enumerable.Range(0, 5).Select(prefix => 3 * (0.8 - 0.1 * prefix) / (1 - 0.1 * prefix) - 1 - 1e-9)];
}

/// <summary>Different values of one kind, each with a number from 1, folded for comparison, and what is worked out about it once.</summary>
internal sealed class Vocabulary(bool isName)
{
    /// <summary>Two addresses of mail are compared in parts.</summary>
    private static readonly uint At = 1u << Likeness.Place('@');

    private readonly Seen _ids = new();

    private Word[] _words = new Word[4];

    private string[] _texts = ["", "", "", ""];

    /// <summary>The first eight letters of each, a byte each: two short texts are compared by these alone.</summary>
    private ulong[] _beginnings = new ulong[4];

    /// <summary>The words of a name of several; and of which given names one is a form.</summary>
    private (string[]? Parts, int[]? Forms)[] _more = new (string[]?, int[]?)[4];

    public int Count { get; private set; } = 1;

    public string this[int id] => _texts[id];

    public ulong Beginning(int id) => _beginnings[id];

    public ref readonly Word Word(int id) => ref _words[id];

    /// <summary>Two texts, no names, that are no slip of one another, of which neither is within the other, and which are not alike: their letters alone tell it.</summary>
    public bool HaveNothing(int a, int b)
    {
        ref readonly var word = ref _words[a];
        ref readonly var other = ref _words[b];
        var (own, its) = (word.Letters & ~other.Letters, other.Letters & ~word.Letters);
        return own != 0 && its != 0 && BitOperations.PopCount(own | its) > 2 && (word.Letters & other.Letters & At) == 0 && !word.MayBeLike(other, Prefix(a, b));
    }

    /// <summary>How many letters, up to four, two begin with alike; or more.</summary>
    public int Prefix(int a, int b) => Math.Min(4, BitOperations.TrailingZeroCount(_beginnings[a] ^ _beginnings[b]) / 8);

    public string[]? Parts(int id) => _more[id].Parts;

    public int[]? Forms(int id) => _more[id].Forms;

    /// <param name="written">As it stood in the file: its words, where it is a name.</param>
    public int Of(ReadOnlySpan<char> folded, string written)
    {
        if (folded.IsEmpty)
        {
            return 0;
        }
        var hash = Seen.Hash(folded);
        ref var id = ref _ids.At(hash, out var known);
        if (!known)
        {
            var letters = 0u;
            foreach (var letter in folded)
            {
                letters |= 1u << Likeness.Place(letter);
            }
            var text = folded.ToString();
            string[] parts = isName ? [.. Names.Words(written)] : [];
            var (first, last) = parts.Length > 0 ? (Code(parts[0]), Code(parts[^1])) : (folded.IndexOf('@') is var at and > 0 ? (uint)Seen.Hash(folded[..at]) : (uint)hash, (uint)hash);
            id = Add(text, new(letters, first, last, text.Length), (parts.Length > 1 ? parts : null, isName ? Nicknames.Of(text) : null));
        }
        return id;
    }

    /// <summary>Takes in what another has; answers for each of its numbers the one that it has here.</summary>
    public int[] Take(Vocabulary other)
    {
        var here = new int[other.Count];
        for (var there = 1; there < here.Length; there++)
        {
            ref var id = ref _ids.At(Seen.Hash(other._texts[there]), out var known);
            if (!known)
            {
                id = Add(other._texts[there], other._words[there], other._more[there]);
            }
            here[there] = id;
        }
        return here;
    }

    private int Add(string text, Word word, (string[]?, int[]?) more)
    {
        if (Count == _texts.Length)
        {
            Array.Resize(ref _texts, Count * 2);
            Array.Resize(ref _words, Count * 2);
            Array.Resize(ref _beginnings, Count * 2);
            Array.Resize(ref _more, Count * 2);
        }
        (_texts[Count], _words[Count], _more[Count]) = (text, word, more);
        for (var i = Math.Min(text.Length, 8) - 1; i >= 0; i--)
        {
            _beginnings[Count] = _beginnings[Count] << 8 | (byte)text[i];
        }
        return Count++;
    }

    private static uint Code(string word) => (uint)Seen.Hash(Likeness.Sound(word)) | 1;
}
