namespace Heed.Matching;

/// <summary>How alike two spellings are. Each measure is the same whichever comes first.</summary>
public static class Likeness
{
    private const int Longest = 64;

    /// <summary>
    /// Jaro's likeness with Winkler's bonus for the same beginning, 0 to 1 (Winkler 1990). Letters past the 64th are not looked at.
    /// </summary>
    public static double JaroWinkler(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        a = a[..Math.Min(a.Length, Longest)];
        b = b[..Math.Min(b.Length, Longest)];
        // The greedy pairing of letters depends on which comes first: one order for all.
        if (a.Length > b.Length || (a.Length == b.Length && a.SequenceCompareTo(b) > 0))
        {
            var first = a;
            a = b;
            b = first;
        }
        if (a.Length == 0)
        {
            return 0;
        }
        var window = Math.Max(b.Length / 2 - 1, 0);
        ulong usedOfA = 0, usedOfB = 0;
        var shared = 0;
        for (var i = 0; i < a.Length; i++)
        {
            for (int j = Math.Max(0, i - window), last = Math.Min(b.Length - 1, i + window); j <= last; j++)
            {
                if (a[i] == b[j] && (usedOfB >> j & 1) == 0)
                {
                    (usedOfA, usedOfB, shared) = (usedOfA | 1UL << i, usedOfB | 1UL << j, shared + 1);
                    break;
                }
            }
        }
        return shared == 0 ? 0 : WithBonus(a, b, Jaro(a.Length, b.Length, shared, OutOfOrder(a, b, usedOfA, usedOfB)));
    }

    internal static double Jaro(int lengthOfA, int lengthOfB, int shared, int outOfOrder) =>
        ((double)shared / lengthOfA + (double)shared / lengthOfB + (shared - outOfOrder / 2) / (double)shared) / 3;

    internal static int OutOfOrder(ReadOnlySpan<char> a, ReadOnlySpan<char> b, ulong usedOfA, ulong usedOfB)
    {
        var apart = 0;
        for (; usedOfA != 0; usedOfA &= usedOfA - 1, usedOfB &= usedOfB - 1)
        {
            apart += a[System.Numerics.BitOperations.TrailingZeroCount(usedOfA)] == b[System.Numerics.BitOperations.TrailingZeroCount(usedOfB)] ? 0 : 1;
        }
        return apart;
    }

    /// <summary>A letter put in, left out or changed, or two neighbours that changed places: one of these at most.</summary>
    public static bool IsSlip(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        if (a.Length > b.Length)
        {
            var first = a;
            a = b;
            b = first;
        }
        if (b.Length - a.Length > 1)
        {
            return false;
        }
        var at = a.CommonPrefixLength(b);
        return a.Length < b.Length ? a[at..].SequenceEqual(b[(at + 1)..])
            : at >= a.Length - 1
              || a[(at + 1)..].SequenceEqual(b[(at + 1)..])
              || (a[at] == b[at + 1] && a[at + 1] == b[at] && a[(at + 2)..].SequenceEqual(b[(at + 2)..]));
    }

    /// <summary>
    /// The consonants as they sound, at most eight, the first letter kept as "A" if it is a vowel: Mohammed, Muhammad and Mohamed are one; so are Ayesha and Aisha.
    /// </summary>
    public static string Sound(ReadOnlySpan<char> folded)
    {
        Span<char> sounds = stackalloc char[8];
        var count = 0;
        var before = '\0';
        for (var i = 0; i < folded.Length && count < sounds.Length; i++)
        {
            var sound = folded[i] switch
            {
                'A' or 'E' or 'I' or 'O' or 'U' or 'Y' => i == 0 ? 'A' : '\0',
                'H' or 'W' => i == 0 ? folded[i] : '\0',
                'P' when i + 1 < folded.Length && folded[i + 1] == 'H' => 'F',
                'C' or 'K' or 'Q' => 'K',
                'S' or 'Z' or 'X' => 'S',
                'G' or 'J' => 'J',
                'F' or 'V' => 'F',
                'D' or 'T' => 'T',
                'M' or 'N' => 'N',
                var other => other,
            };
            if (sound != '\0' && sound != before)
            {
                sounds[count++] = sound;
            }
            before = sound;
        }
        return new(sounds[..count]);
    }

    private static double WithBonus(ReadOnlySpan<char> a, ReadOnlySpan<char> b, double jaro) =>
        jaro + Math.Min(4, a.CommonPrefixLength(b)) * 0.1 * (1 - jaro);
}
