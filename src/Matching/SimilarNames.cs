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

    private const ulong Kinds = (1UL << 52) - 1;

    /// <summary>The names themselves, one after another, those of one length together; what lies past the 64th letter is not looked at.</summary>
    private readonly char[] _text;
    private readonly int[] _order;

    /// <summary>The first four letters of each, a byte each.</summary>
    private readonly uint[] _beginnings;

    /// <summary>Where the names of each length begin, shortest first.</summary>
    private readonly int[] _starts = new int[Longest + 2];

    /// <summary>And where the text of the first of each length begins.</summary>
    private readonly int[] _texts = new int[Longest + 2];

    /// <summary>For each name which letters it has once and which twice, as bits, and its first letter in the five highest.</summary>
    private readonly ulong[] _letters;

    public SimilarNames(IReadOnlyList<string> names)
    {
        string[] cut = [.. names.Select(name => name.Length > Longest ? name[..Longest] : name)];
        _order = [.. Enumerable.Range(0, names.Count).OrderBy(at => cut[at].Length).ThenBy(at => cut[at], StringComparer.Ordinal)];
        _text = string.Concat(_order.Select(at => cut[at])).ToCharArray();
        (_letters, _beginnings) = ([.. _order.Select(at => Letters(cut[at]))], [.. _order.Select(at => Beginning(cut[at]))]);
        for (int length = 0, at = 0; length < _starts.Length; length++)
        {
            while (at < _order.Length && cut[_order[at]].Length < length)
            {
                at++;
            }
            _starts[length] = at;
            _texts[length] = length == 0 ? 0 : _texts[length - 1] + (at - _starts[length - 1]) * (length - 1);
        }
        _starts[^1] = _order.Length;
    }

    /// <summary>The places in the list, in no order, of all names that are like this one to the bound or more.</summary>
    /// <param name="plain">Without the processor's wide registers: the same answer.</param>
    public void Like(string name, double bound, List<int> into, bool plain = false)
    {
        into.Clear();
        var own = name.AsSpan(0, Math.Min(name.Length, Longest));
        var length = own.Length;
        if (length == 0)
        {
            return;
        }
        var (letters, beginning) = (Letters(own), Beginning(own));
        // Letters beyond the second of their kind are not in the bits: the other may share them all.
        var uncounted = length - BitOperations.PopCount(letters & Kinds);
        Span<int> shared = stackalloc int[5];
        for (var other = 1; other <= Longest; other++)
        {
            int from = _starts[other], to = _starts[other + 1];
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
                from = Wide(own, letters, beginning, uncounted, other, from, to, shared, bound, into);
            }
            for (; from < to; from++)
            {
                Look(own, letters, beginning, uncounted, other, from, shared, bound, into);
            }
        }
    }

    private void Look(ReadOnlySpan<char> name, ulong letters, uint beginning, int uncounted, int other, int at, ReadOnlySpan<int> shared, double bound, List<int> into)
    {
        var prefix = BitOperations.TrailingZeroCount(beginning ^ _beginnings[at]) / 8;
        if (BitOperations.PopCount(letters & _letters[at] & Kinds) + uncounted >= shared[prefix]
            && Likeness.JaroWinkler(name, _text.AsSpan(_texts[other] + (at - _starts[other]) * other, other)) >= bound)
        {
            into.Add(_order[at]);
        }
    }

    /// <summary>Eight names at once: who shares too few letters is out. Answers from where on the rest, fewer than eight, is to be looked at.</summary>
    private int Wide(ReadOnlySpan<char> name, ulong letters, uint beginning, int uncounted, int other, int from, int to, ReadOnlySpan<int> shared, double bound, List<int> into)
    {
        var (ours, kinds) = (Vector256.Create(letters), Vector256.Create(letters & Kinds));
        // Most names do not begin alike: the bound without a bonus decides about them.
        var (apart, alike) = (Vector256.Create((ulong)Math.Max(0, shared[0] - uncounted)), Vector256.Create((ulong)Math.Max(0, shared[4] - uncounted)));
        ref var all = ref MemoryMarshal.GetArrayDataReference(_letters);
        for (; from + 8 <= to; from += 8)
        {
            for (var possible = Possible(Vector256.LoadUnsafe(ref all, (nuint)from)) | Possible(Vector256.LoadUnsafe(ref all, (nuint)from + 4)) << 4; possible != 0; possible &= possible - 1)
            {
                Look(name, letters, beginning, uncounted, other, from + BitOperations.TrailingZeroCount(possible), shared, bound, into);
            }
        }
        return from;

        uint Possible(Vector256<ulong> theirs)
        {
            var begin = Vector256.Equals(Vector256.ShiftRightLogical(theirs ^ ours, 59), Vector256<ulong>.Zero);
            return Vector256.GreaterThanOrEqual(Count(theirs & kinds).AsInt64(), Vector256.ConditionalSelect(begin, alike, apart).AsInt64()).ExtractMostSignificantBits();
        }
    }

    /// <summary>Bits set in each of four, by a table of sixteen for each half byte (Muła, Kurz and Lemire 2018).</summary>
    private static Vector256<ulong> Count(Vector256<ulong> bits)
    {
        var table = Vector256.Create((byte)0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
        var low = Vector256.Create((byte)15);
        var counts = Avx2.Shuffle(table, bits.AsByte() & low) + Avx2.Shuffle(table, Vector256.ShiftRightLogical(bits, 4).AsByte() & low);
        return Avx2.SumAbsoluteDifferences(counts, Vector256<byte>.Zero).AsUInt64();
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

    private static uint Beginning(ReadOnlySpan<char> name)
    {
        var beginning = 0u;
        for (var i = 0; i < 4; i++)
        {
            beginning |= (uint)(i < name.Length ? (byte)name[i] : 0) << i * 8;
        }
        return beginning;
    }

    private static ulong Letters(ReadOnlySpan<char> name)
    {
        var letters = 0UL;
        foreach (var letter in name[..Math.Min(name.Length, Longest)])
        {
            // What is not A to Z shares a kind with E, or J, and so on: it only makes the bound wider.
            var kind = Kind(letter);
            letters |= (letters >> kind & 1) == 0 ? 1UL << kind : 1UL << kind + 26;
        }
        return name.IsEmpty ? 0 : letters | (ulong)Kind(name[0]) << 59;
    }

    private static int Kind(char letter) => Likeness.Place(letter) is var place && place < 26 ? place : (place - 26) * 5;
}
