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
        // Where in b each letter stands, as bits: one step for each letter of a. What is not A to Z shares six places and is looked at again.
        Span<ulong> places = stackalloc ulong[32];
        for (var j = 0; j < b.Length; j++)
        {
            places[Place(b[j])] |= 1UL << j;
        }
        for (var i = 0; i < a.Length; i++)
        {
            var (from, to) = (Math.Max(0, i - window), Math.Min(b.Length - 1, i + window));
            var free = places[Place(a[i])] & ~usedOfB & (ulong.MaxValue << from) & (ulong.MaxValue >> (63 - to));
            while (free != 0 && b[System.Numerics.BitOperations.TrailingZeroCount(free)] != a[i])
            {
                free &= free - 1;
            }
            usedOfB |= free & (0 - free);
            usedOfA |= free == 0 ? 0 : 1UL << i;
        }
        var shared = System.Numerics.BitOperations.PopCount(usedOfA);
        return shared == 0 ? 0 : WithBonus(a, b, Jaro(a.Length, b.Length, shared, OutOfOrder(a, b, usedOfA, usedOfB)));
    }

    internal static int Place(char letter) => (uint)(letter - 'A') < 26 ? letter - 'A' : 26 + letter % 6;

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
