using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Heed.Matching;

/// <summary>
/// All names of a list that are like one (Jaro-Winkler, from 0.85 up or another bound). A name shares at most as many letters with another as both have of each kind, and Jaro's
/// likeness of so many shared letters bounds the true one: a few instructions a name tell that most cannot reach it, eight at a time with AVX2. Only the rest are compared.
/// </summary>
public sealed class SimilarNames
{
    private const int Longest = 64;

    private readonly string[] _names;
    private readonly int[] _order;

    /// <summary>Where the names of each length begin, shortest first.</summary>
    private readonly int[] _starts = new int[Longest + 2];

    /// <summary>For each name which letters it has at least once, as bits of A to Z; and its first four letters, a byte each, side by side with the others'.</summary>
    private readonly uint[] _letters;
    private readonly uint[] _beginnings;

    public SimilarNames(IReadOnlyList<string> names)
    {
        _order = [.. Enumerable.Range(0, names.Count).OrderBy(at => Math.Min(names[at].Length, Longest)).ThenBy(at => names[at], StringComparer.Ordinal)];
        _names = [.. _order.Select(at => names[at])];
        (_letters, _beginnings) = ([.. _names.Select(name => Letters(name))], [.. _names.Select(name => Beginning(name))]);
        for (int length = 0, at = 0; length < _starts.Length; length++)
        {
            while (at < _names.Length && Math.Min(_names[at].Length, Longest) < length)
            {
                at++;
            }
            _starts[length] = at;
        }
        _starts[^1] = _names.Length;
    }

    /// <summary>The places in the list, in no order, of all names that are like this one to the bound or more.</summary>
    /// <param name="plain">Without the processor's wide registers: the same answer.</param>
    public void Like(string name, double bound, List<int> into, bool plain = false)
    {
        into.Clear();
        var length = Math.Min(name.Length, Longest);
        if (length == 0)
        {
            return;
        }
        var (letters, beginning) = (Letters(name), Beginning(name));
        Span<int> shared = stackalloc int[5];
        for (var other = 1; other <= Longest; other++)
        {
            int from = _starts[other], to = other == Longest ? _names.Length : _starts[other + 1];
            if (from == to)
            {
                continue;
            }
            // How many letters must be shared, for each number of first letters that agree.
            for (var prefix = 0; prefix <= 4; prefix++)
            {
                shared[prefix] = LeastShared(length, other, prefix, bound);
            }
            if (shared[4] > Math.Min(length, other))
            {
                continue;
            }
            if (Avx2.IsSupported && !plain)
            {
                from = Wide(name, letters, beginning, other, from, to, shared, bound, into);
            }
            for (; from < to; from++)
            {
                Look(name, letters, beginning, other, from, shared, bound, into);
            }
        }
    }

    private void Look(string name, uint letters, uint beginning, int other, int at, ReadOnlySpan<int> shared, double bound, List<int> into)
    {
        var least = shared[BitOperations.TrailingZeroCount(beginning ^ _beginnings[at]) / 8];
        if (BitOperations.PopCount(letters & ~_letters[at]) <= Math.Min(name.Length, Longest) - least && BitOperations.PopCount(_letters[at] & ~letters) <= other - least
            && Likeness.JaroWinkler(name, _names[at]) >= bound)
        {
            into.Add(_order[at]);
        }
    }

    /// <summary>Eight names at once: who lacks too many letters of the other is out. Answers from where on the rest, fewer than eight, is to be looked at.</summary>
    private int Wide(string name, uint letters, uint beginning, int other, int from, int to, ReadOnlySpan<int> shared, double bound, List<int> into)
    {
        var length = Math.Min(name.Length, Longest);
        var (ours, start, first) = (Vector256.Create(letters), Vector256.Create(beginning), Vector256.Create(0xFFu));
        // Most names share no first letter: the bound without a bonus decides about them.
        var (oursApart, theirsApart) = (Vector256.Create(length - shared[0]), Vector256.Create(other - shared[0]));
        var (oursAlike, theirsAlike) = (Vector256.Create(length - shared[4]), Vector256.Create(other - shared[4]));
        ref var all = ref MemoryMarshal.GetArrayDataReference(_letters);
        ref var begins = ref MemoryMarshal.GetArrayDataReference(_beginnings);
        for (; from + 8 <= to; from += 8)
        {
            var theirs = Vector256.LoadUnsafe(ref all, (nuint)from);
            var alike = Vector256.Equals((Vector256.LoadUnsafe(ref begins, (nuint)from) ^ start) & first, Vector256<uint>.Zero).AsInt32();
            var lacking = Vector256.GreaterThan(Count(Vector256.AndNot(ours, theirs)), Vector256.ConditionalSelect(alike, oursAlike, oursApart))
                | Vector256.GreaterThan(Count(Vector256.AndNot(theirs, ours)), Vector256.ConditionalSelect(alike, theirsAlike, theirsApart));
            for (var possible = ~lacking.ExtractMostSignificantBits() & 0xFF; possible != 0; possible &= possible - 1)
            {
                Look(name, letters, beginning, other, from + BitOperations.TrailingZeroCount(possible), shared, bound, into);
            }
        }
        return from;
    }

    /// <summary>Bits set in each of eight, by a table of sixteen for each half byte (Muła, Kurz and Lemire 2018).</summary>
    private static Vector256<int> Count(Vector256<uint> bits)
    {
        var table = Vector256.Create((byte)0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
        var low = Vector256.Create((byte)15);
        var bytes = bits.AsByte();
        var counts = Avx2.Shuffle(table, bytes & low) + Avx2.Shuffle(table, Vector256.ShiftRightLogical(bits, 4).AsByte() & low);
        return Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(counts, Vector256<sbyte>.One), Vector256<short>.One);
    }

    /// <summary>The fewest letters that must be shared for the likeness to reach the bound; more than there are where it cannot.</summary>
    private static int LeastShared(int length, int other, int prefix, double bound)
    {
        var shared = Math.Min(length, other);
        for (; shared > 0; shared--)
        {
            var jaro = Likeness.Jaro(length, other, shared, 0);
            if (jaro + prefix * 0.1 * (1 - jaro) < bound - 1e-12)
            {
                break;
            }
        }
        return shared + 1;
    }

    private static uint Letters(ReadOnlySpan<char> name)
    {
        var letters = 0u;
        foreach (var letter in name[..Math.Min(name.Length, Longest)])
        {
            letters |= 1u << (char.IsAsciiLetter(letter) ? (letter | 32) - 'a' : 26 + letter % 6);
        }
        return letters;
    }

    private static uint Beginning(ReadOnlySpan<char> name)
    {
        var beginning = 0u;
        for (var i = 0; i < 4; i++)
        {
            beginning |= (uint)(i < name.Length ? (byte)name[i] : 0) << i * 8;
        }
        return beginning;
    }
}
