using System.Diagnostics.CodeAnalysis;

namespace Heed.Plumbing;

/// <summary>What people type in words of their own: how long it may be (in characters), and that a database can hold it, which no text with U+0000 can be.</summary>
public static class Saying
{
    /// <summary>Something is said.</summary>
    public static bool Says([NotNullWhen(true)] this string? words, int most = 2_000) => !string.IsNullOrWhiteSpace(words) && words.Fits(most);

    /// <summary>Something that can be kept, or nothing.</summary>
    public static bool Fits(this string? words, int most = 2_000) => words is null || (words.Length <= most && !words.Contains('\0'));
}
