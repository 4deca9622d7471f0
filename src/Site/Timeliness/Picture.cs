using Heed.Statute;
using NodaTime;

namespace Heed.Site.Timeliness;

/// <summary>
/// Delays drawn: from left to right when it happened, upwards how long it took (each step several times the one before), a triangle for what was graded high, a circle for the rest, hollow for what has not arrived.
/// A batch is seen as slanting stripes, a tail as circles above triangles. Pure; the table beside it says the same. Lengths in pixels.
/// </summary>
public sealed record Picture(IReadOnlyList<Picture.Dot> Dots, IReadOnlyList<(string Words, double Y, bool Limit)> Levels, IReadOnlyList<(LocalDate Day, double X)> Months, int Every)
{
    public const int Width = 760, Height = 340, Left = 84, Right = 12, Top = 12, Bottom = 36, Most = 1_000;

    private const double Shortest = 0.5, Longest = 24 * 42;

    private static readonly (string Words, double Hours)[] Steps = [("1 hour", 1), ("6 hours", 6), ("1 day", 24), ("3 days", 72), ("1 week", 168), ("4 weeks", 672)];

    public sealed record Dot(double X, double Y, bool High, bool Unsent);

    public static Picture Of(IReadOnlyList<Passage> passages, Instant from, Instant now, Duration limit)
    {
        var shown = passages.Where(p => p.Occurred >= from).OrderBy(p => p.Occurred).ThenBy(p => p.Id).ToList();
        var every = (shown.Count + Most - 1) / Most;
        var dots = shown.Where((_, i) => every <= 1 || i % every == 0).Select(p => new Dot(X(p.Occurred), Y(((p.Received ?? now) - p.Occurred).TotalHours), p.High, p.Received is null)).ToList();
        var months = new List<(LocalDate, double)>();
        var (first, last) = (WorkingCalendar.DateIn(from), WorkingCalendar.DateIn(now));
        var step = Period.DaysBetween(first, last) > 200 ? 2 : 1;
        for (var month = new LocalDate(first.Year, first.Month, 1).PlusMonths(1); month <= last; month = month.PlusMonths(step))
        {
            months.Add((month, X(WorkingCalendar.StartOf(month))));
        }
        return new(dots, [.. Steps.Select(s => (s.Words, Y(s.Hours), s.Hours == limit.TotalHours)), .. Steps.Any(s => s.Hours == limit.TotalHours) ? [] : new[] { ("the limit", Y(limit.TotalHours), true) }], months, Math.Max(1, every));

        double X(Instant at) => Math.Round(Left + (Width - Left - Right) * Math.Clamp((at - from) / (now - from), 0, 1), 1);
    }

    private static double Y(double hours) => Math.Round(Top + (Height - Top - Bottom) * (1 - Math.Log(Math.Clamp(hours, Shortest, Longest) / Shortest) / Math.Log(Longest / Shortest)), 1);
}
