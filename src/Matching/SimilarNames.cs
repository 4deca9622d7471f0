using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Heed.Matching;

/// <summary>
/// All names of a list that are like one (Jaro-Winkler, from 0.85 up or another bound). A name shares at most as many letters with another as both have of each kind, and Jaro's
/// likeness of so many shared letters bounds the true one: a few instructions a name tell that most cannot reach it, eight at a time with AVX2. Of the rest, those whose letters do not
/// stand near enough to one another fall next, and only what then remains is compared.
/// </summary>
public sealed class SimilarNames
{
    private const int Longest = 64;

    /// <summary>The names themselves, one after another, those of one length together; what lies past the 64th letter is not looked at.</summary>
    private readonly char[] _text;
    private readonly int[] _order;

    /// <summary>The first four letters of each, a byte each.</summary>
    private readonly uint[] _beginnings;

    /// <summary>Where the names of each length begin, shortest first.</summary>
    private readonly int[] _starts = new int[Longest + 2];

    /// <summary>And where the text of the first of each length begins.</summary>
    private readonly int[] _texts = new int[Longest + 2];

    /// <summary>For each name which letters it has once and which twice, as bits.</summary>
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
        var uncounted = length - BitOperations.PopCount(letters);
        var asked = new Asked(own, stackalloc ulong[32], stackalloc int[5]);
        for (var i = 0; i < length; i++)
        {
            asked.Places[Likeness.Place(own[i])] |= 1UL << i;
        }
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
                asked.Shared[prefix] = LeastShared(length, other, prefix, bound);
            }
            if (asked.Shared[4] > Math.Min(length, other))
            {
                continue;
            }
            // Most names begin otherwise, and where as many letters as must then be shared are not there none of them is looked at.
            var (first, last) = (Begin(other, own[0]), Begin(other, own[0] + 1));
            Each(asked, letters, beginning, uncounted, other, first, last, bound, into);
            if (asked.Shared[0] <= Math.Min(length, other))
            {
                foreach (var (start, end) in (ReadOnlySpan<(int, int)>)[(from, first), (last, to)])
                {
                    var at = Avx2.IsSupported && !plain ? Wide(asked, letters, beginning, uncounted, other, start, end, bound, into) : start;
                    Each(asked, letters, beginning, uncounted, other, at, end, bound, into);
                }
            }
        }
    }

    /// <summary>Where the names of a length begin with this letter or a later one.</summary>
    private int Begin(int length, int letter)
    {
        var (from, to) = (_starts[length], _starts[length + 1]);
        while (from < to)
        {
            var middle = (from + to) / 2;
            (from, to) = _text[_texts[length] + (middle - _starts[length]) * length] < letter ? (middle + 1, to) : (from, middle);
        }
        return from;
    }

    /// <summary>One name after another: who shares too few letters is out.</summary>
    private void Each(in Asked asked, ulong letters, uint beginning, int uncounted, int other, int from, int to, double bound, List<int> into)
    {
        for (; from < to; from++)
        {
            if (BitOperations.PopCount(letters & _letters[from]) + uncounted >= asked.Shared[Prefix(beginning, from)])
            {
                Look(asked, beginning, other, from, bound, into);
            }
        }
    }

    /// <summary>What is worked out once about the name that is asked about: where each letter stands in it, as bits; and how many letters another must share, by the number of first letters that agree.</summary>
    private readonly ref struct Asked(ReadOnlySpan<char> name, Span<ulong> places, Span<int> shared)
    {
        public ReadOnlySpan<char> Name { get; } = name;

        public Span<ulong> Places { get; } = places;

        public Span<int> Shared { get; } = shared;
    }

    private int Prefix(uint beginning, int at) => Math.Min(4, BitOperations.TrailingZeroCount(beginning ^ _beginnings[at]) / 8);

    /// <summary>Compares one, unless too few of its letters stand near enough to the same in the other. How many do is the same from either side: each letter's places are intervals that move along.</summary>
    private void Look(in Asked asked, uint beginning, int other, int at, double bound, List<int> into)
    {
        var text = _text.AsSpan(_texts[other] + (at - _starts[other]) * other, other);
        var (window, used, missing) = (Math.Max(Math.Max(asked.Name.Length, other) / 2 - 1, 0), 0UL, other - asked.Shared[Prefix(beginning, at)]);
        for (var j = 0; j < text.Length; j++)
        {
            var free = asked.Places[Likeness.Place(text[j])] & ~used & (ulong.MaxValue << Math.Max(0, j - window)) & (ulong.MaxValue >> Math.Max(0, 63 - j - window));
            if (free == 0 && (j - window > 63 || --missing < 0))
            {
                return;
            }
            used |= free & (0 - free);
        }
        if (Likeness.JaroWinkler(asked.Name, text) >= bound)
        {
            into.Add(_order[at]);
        }
    }

    /// <summary>The same, eight names at once, for those that begin otherwise. Answers from where on the rest, fewer than eight, is to be looked at.</summary>
    private int Wide(in Asked asked, ulong letters, uint beginning, int uncounted, int other, int from, int to, double bound, List<int> into)
    {
        var (kinds, few) = (Vector256.Create(letters), Vector256.Create((long)asked.Shared[0] - uncounted - 1));
        ref var all = ref MemoryMarshal.GetArrayDataReference(_letters);
        for (; from + 8 <= to; from += 8)
        {
            var one = Vector256.GreaterThan(Count(Vector256.LoadUnsafe(ref all, (nuint)from) & kinds).AsInt64(), few);
            var next = Vector256.GreaterThan(Count(Vector256.LoadUnsafe(ref all, (nuint)from + 4) & kinds).AsInt64(), few);
            if ((one | next) == default)
            {
                continue;
            }
            for (var possible = one.ExtractMostSignificantBits() | next.ExtractMostSignificantBits() << 4; possible != 0; possible &= possible - 1)
            {
                Look(asked, beginning, other, from + BitOperations.TrailingZeroCount(possible), bound, into);
            }
        }
        return from;
    }

    /// <summary>Bits set in each of four, by a table of sixteen for each half byte (Muła, Kurz and Lemire 2018).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
        return letters;
    }

    private static int Kind(char letter) => Likeness.Place(letter) is var place && place < 26 ? place : (place - 26) * 5;
}
