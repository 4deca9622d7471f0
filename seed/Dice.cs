namespace Heed.Seed;

/// <summary>SplitMix64: small, fast, and the same on every machine and in every version of .NET.</summary>
public sealed class Dice(ulong state)
{
    private ulong _state = state;

    /// <summary>Dice of their own for one thing of one seed, so that more of one kind does not change another.</summary>
    public static Dice For(int seed, int what, int which = 0) =>
        new(Mix((ulong)(uint)seed * 0x9E3779B97F4A7C15UL ^ Mix(((ulong)(uint)what << 32) | (uint)which)));

    /// <summary>From 0 up to, not including, the limit.</summary>
    public int Below(int limit) => (int)((UInt128)Next() * (ulong)limit >> 64);

    public int Between(int first, int last) => first + Below(last - first + 1);

    public bool OneIn(int n) => Below(n) == 0;

    public bool Percent(int chance) => Below(100) < chance;

    public T Pick<T>(IReadOnlyList<T> from) => from[Below(from.Count)];

    private ulong Next() => Mix(_state += 0x9E3779B97F4A7C15UL);

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
