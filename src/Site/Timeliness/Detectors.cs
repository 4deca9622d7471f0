using Heed.Statute;
using NodaTime;

namespace Heed.Site.Timeliness;

/// <summary>One incident on its way from a force to a council. Nothing about anybody.</summary>
/// <param name="Received">Null: not yet.</param>
/// <param name="Claimed">When the force says that it told.</param>
/// <param name="Further">Whether the council took it further; null until it has decided.</param>
/// <param name="Content">How many in a hundred of the things that a council needs were filled in.</param>
public readonly record struct Passage(Guid Id, Instant Occurred, Instant? Received, bool High, Instant? Claimed = null, bool? Further = null, short? Content = null);

/// <summary>From which force to which council.</summary>
public readonly record struct Flow(Guid Force, Guid Council);

public enum Pattern { DailyBatch, WeeklyBatch, MondayHeap, LowGradedTail, LateAsARule, Flood, LateAfterAll }

/// <summary>What was counted for one flow and pattern over one window, whether or not it is a finding: every one of them counts when certainty is worked out.</summary>
/// <param name="Units">Days, weeks or weekends that were looked at, and Hits in which it was so.</param>
/// <param name="Shows">It is large enough to matter, whatever chance says.</param>
/// <param name="P">How often a flow in which one unit in three is like this by chance would have as many.</param>
/// <param name="Says">The figures that the words of the finding need, by name.</param>
public sealed record Count(Pattern Pattern, Instant From, Instant Until, int N, int Units, int Hits, bool Shows, double P, IReadOnlyDictionary<string, double> Says, Passage First, Passage Last);

/// <param name="Q">Of findings as certain as this one at most this share is false (Benjamini and Hochberg 1995), over all that was counted.</param>
public sealed record Finding(Flow Flow, Count Count, double Q);

/// <summary>
/// Finds what is wrong with how a force tells: batches, a tail of low grades, lateness as a rule, flooding, and what was claimed in time and came late. Pure: no database, no clock of its own.
/// The unit is a day, a week or a weekend and not an incident, so that one bad fortnight counts as two. Each is tested exactly (binomial) against a flow in which one unit in three is like this by chance, which is more than
/// any honest flow of the simulations has; it must also be large enough to matter; and over all flows, patterns and windows at most one finding in twenty is allowed to be false.
/// What it assumes: weeks are independent of one another; the log and the clock of the sender are right; what has not arrived has waited until now at least. The words are in docs/decisions/0014.
/// </summary>
public sealed class Detectors(Instant now, Duration limit, WorkingCalendar calendar)
{
    public const double FalseShare = 0.05;
    public const int LeastWeeks = 8, LeastDays = 20, LeastIncidents = 30, LeastHigh = 8, LeastClaims = 20, RecentWeeks = 13, LeastBaselineWeeks = 13;

    private const double ByChance = 1.0 / 3, Share = 0.6;

    private static readonly Duration Long = Duration.FromHours(6), Hour = Duration.FromHours(1);

    /// <summary>Each flow's passages, in any order. Findings, the most certain first.</summary>
    public IReadOnlyList<Finding> Find(IEnumerable<(Flow Flow, IReadOnlyList<Passage> Passages)> flows) => Judge(flows.Select(f => (f.Flow, Counted(f.Passages))));

    /// <summary>All that is counted for one flow, over all its time and over its last thirteen weeks.</summary>
    public IReadOnlyList<Count> Counted(IReadOnlyList<Passage> passages)
    {
        var rows = new Row[passages.Count];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = Row.Of(passages[i], now);
        }
        Array.Sort(rows, static (a, b) => a.Said.Occurred.CompareTo(b.Said.Occurred));
        if (rows.Length == 0)
        {
            return [];
        }
        var recent = now - Duration.FromDays(7 * RecentWeeks);
        var counts = Window(rows);
        if (rows[0].Said.Occurred < recent - Duration.FromDays(28) && Array.FindIndex(rows, r => r.Said.Occurred >= recent) is var at and > 0)
        {
            counts.AddRange(Window(rows[at..]));
            counts.AddRange(Flood(rows[..at], rows[at..]));
        }
        return counts;
    }

    /// <summary>Which of all counts are findings: one for each flow and pattern, from the window that shows it most surely.</summary>
    public IReadOnlyList<Finding> Judge(IEnumerable<(Flow Flow, IReadOnlyList<Count> Counts)> counted)
    {
        var all = counted.SelectMany(c => c.Counts.Select(count => (c.Flow, Count: count, P: count.Shows ? count.P : 1))).OrderBy(c => c.P).ToArray();
        var found = new List<Finding>();
        var q = 1.0;
        for (var i = all.Length - 1; i >= 0; i--)
        {
            q = Math.Min(q, all[i].P * all.Length / (i + 1));
            if (q <= FalseShare && all[i].Count.Shows)
            {
                found.Add(new(all[i].Flow, all[i].Count, q));
            }
        }
        return [.. found.GroupBy(f => (f.Flow, f.Count.Pattern)).Select(g => g.MinBy(f => (f.Count.P, -f.Count.N))!).OrderBy(f => f.Q).ThenBy(f => f.Flow.Force).ThenBy(f => f.Flow.Council).ThenBy(f => f.Count.Pattern)];
    }

    private List<Count> Window(Row[] rows)
    {
        var counts = new List<Count>();
        var low = rows.Where(r => !r.Said.High).ToArray();
        // What is graded high may be sent by another way: batches are looked for in the rest, where there is enough of it.
        var batched = low.Length >= LeastIncidents ? low : rows;
        Add(Comb(batched, weekly: true));
        Add(Comb(batched, weekly: false));
        Add(Monday(batched));
        var tail = Tail(rows, low);
        Add(tail);
        Add(AsARule(rows, tail is { Shows: true }));
        Add(AfterAll(rows));
        return counts;

        void Add(Count? count)
        {
            if (count is not null)
            {
                counts.Add(count);
            }
        }
    }

    /// <summary>Nearly everything of a week comes on one day of it, or nearly everything of a day in one hour of it, after waiting for that.</summary>
    private static Count? Comb(Row[] rows, bool weekly)
    {
        var came = rows.Where(r => r.Said.Received is not null).ToArray();
        if (came.Length < LeastIncidents)
        {
            return null;
        }
        var wait = Median(came.Select(r => r.Wait));
        if (weekly)
        {
            var days = new int[7];
            foreach (var r in came)
            {
                days[Weekday(r.CameOn)]++;
            }
            var best = Array.IndexOf(days, days.Max());
            var weeks = came.GroupBy(r => Week(r.CameOn)).Where(w => w.Count() > 1).ToList();
            var hits = weeks.Where(w => w.Count(r => Weekday(r.CameOn) == best) >= 0.8 * w.Count()).ToList();
            return weeks.Count < LeastWeeks ? null : Of(Pattern.WeeklyBatch, came, weeks.Count, hits.Count, wait >= 24, 7, hits.SelectMany(w => w.Where(r => Weekday(r.CameOn) == best)), ("weekday", best + 1), ("median", wait));
        }
        var minutes = new int[1440];
        foreach (var r in came)
        {
            minutes[r.CameAt]++;
        }
        var (sum, most, from) = (minutes.AsSpan(0, 60).ToArray().Sum(), 0, 0);
        for (var start = 0; start < 1440; start++)
        {
            if (sum > most)
            {
                (most, from) = (sum, start);
            }
            sum += minutes[(start + 60) % 1440] - minutes[start];
        }
        bool InHour(Row r) => (r.CameAt - from + 1440) % 1440 < 60;
        var byDay = came.GroupBy(r => r.CameOn).ToList();
        var combed = byDay.Where(d => d.All(InHour) && d.Any(r => r.Wait >= Long.TotalHours)).ToList();
        var spread = byDay.Count * 7.0 / (1 + came.Max(r => r.CameOn) - came.Min(r => r.CameOn));
        return byDay.Count < LeastDays ? null : Of(Pattern.DailyBatch, came, byDay.Count, combed.Count, wait >= Long.TotalHours && spread >= 3, 24, combed.SelectMany(d => d), ("minute", from), ("median", wait));
    }

    /// <summary>What happens from Friday evening to Saturday's end comes when the week begins again, and what happens in the week does not wait so.</summary>
    private Count? Monday(Row[] rows)
    {
        var weekends = rows.Where(r => r.IsWeekend).GroupBy(r => Week(r.On)).ToList();
        if (rows.Length < LeastIncidents || weekends.Count < LeastWeeks)
        {
            return null;
        }
        var heaps = weekends.Where(w => calendar.KnownThrough >= Row.DateOf(w.First().On).PlusDays(14) && NextWorkingDay(w.Key) is var monday && w.All(r => r.Said.Received is not null ? r.CameOn >= monday && r.CameOn <= monday + 1 : r.Wait > 72)).ToList();
        var week = rows.Where(r => Weekday(r.On) < 4).Select(r => r.Wait).ToArray();
        var (within, over) = (week.Length == 0 ? double.PositiveInfinity : Median(week), Median(weekends.SelectMany(w => w).Select(r => r.Wait)));
        return Of(Pattern.MondayHeap, rows, weekends.Count, heaps.Count, over >= 24 && within < limit.TotalHours && over >= 2 * within, 1, heaps.SelectMany(w => w), ("weekend", over), ("week", within));
    }

    private int NextWorkingDay(int week)
    {
        var day = Row.DateOf(week * 7 + 4); // the Monday after; day 0 was a Thursday
        while (!calendar.IsWorkingDay(day))
        {
            day = day.PlusDays(1);
        }
        return Row.NumberOf(day);
    }

    /// <summary>Standard and medium wait, high does not: week by week, and over all of them by Fisher's exact test.</summary>
    private Count? Tail(Row[] rows, Row[] low)
    {
        var high = rows.Where(r => r.Said.High).ToArray();
        var weeks = low.GroupBy(r => Week(r.On)).ToList();
        if (low.Length < LeastIncidents || high.Length < LeastHigh || weeks.Count < LeastWeeks)
        {
            return null;
        }
        var hits = weeks.Where(w => Median(w.Select(r => r.Wait)) > limit.TotalHours).ToList();
        var (lateLow, lateHigh) = (low.Count(Late), high.Count(Late));
        var (ofLow, ofHigh) = (Median(low.Select(r => r.Wait)), Median(high.Select(r => r.Wait)));
        var shows = ofLow > limit.TotalHours && ofHigh <= limit.TotalHours && ofLow >= 3 * ofHigh && lateHigh <= 0.3 * high.Length;
        var count = Of(Pattern.LowGradedTail, rows, weeks.Count, hits.Count, shows, 1, hits.SelectMany(w => w.Where(Late)), ("low", ofLow), ("high", ofHigh), ("lowLate", lateLow), ("lows", low.Length), ("highLate", lateHigh), ("highs", high.Length));
        return count with { P = Math.Max(count.P, Chance.Fisher(lateLow, low.Length, lateHigh, high.Length)) };
    }

    private Count? AsARule(Row[] rows, bool isTail)
    {
        var weeks = rows.GroupBy(r => Week(r.On)).ToList();
        if (rows.Length < LeastIncidents || weeks.Count < LeastWeeks)
        {
            return null;
        }
        var hits = weeks.Where(w => Median(w.Select(r => r.Wait)) > limit.TotalHours).ToList();
        var median = Median(rows.Select(r => r.Wait));
        return Of(Pattern.LateAsARule, rows, weeks.Count, hits.Count, !isTail && median > limit.TotalHours, 1, hits.SelectMany(w => w.Where(Late)), ("median", median), ("late", rows.Count(Late)), ("longest", rows.Max(r => r.Wait)));
    }

    /// <summary>Claimed within the limit, and here after it.</summary>
    private Count? AfterAll(Row[] rows)
    {
        bool Broken(Row r) => (r.Said.Received ?? now) > r.Said.Occurred + limit + Hour;
        var claims = rows.Where(r => r.Said.Claimed is { } claimed && claimed <= r.Said.Occurred + limit).ToArray();
        var weeks = claims.GroupBy(r => Week(r.On)).ToList();
        if (claims.Length < LeastClaims || weeks.Count < LeastWeeks)
        {
            return null;
        }
        var hits = weeks.Where(w => w.Count(Broken) * 2 >= w.Count()).ToList();
        var broken = claims.Where(Broken).ToArray();
        return Of(Pattern.LateAfterAll, claims, weeks.Count, hits.Count, broken.Length * 3 >= claims.Length, 1, broken, ("claimed", claims.Length), ("late", broken.Length), ("median", broken.Length == 0 ? 0 : Median(broken.Select(r => r.Wait))));
    }

    /// <summary>More comes, it says less, and less of it is taken further: each of the last weeks against all the time before them.</summary>
    private static IEnumerable<Count> Flood(Row[] before, Row[] rows)
    {
        var (from, until) = (Week(before[0].On), Week(rows[0].On) - 1);
        var decided = before.Where(r => r.Said.Further is not null).ToArray();
        var filled = before.Where(r => r.Said.Content is not null).ToArray();
        if (until - from + 1 < LeastBaselineWeeks || before.Length < 3 * LeastIncidents || rows.Length < 2 * LeastIncidents || decided.Length < LeastIncidents || filled.Length < LeastIncidents)
        {
            yield break;
        }
        var (usual, further, content) = (before.Length / (double)(until - from + 1), decided.Average(r => r.Said.Further == true ? 1.0 : 0), filled.Average(r => (double)r.Said.Content!));
        (double Further, double Content, bool Enough) Said(IReadOnlyCollection<Row> some)
        {
            var (known, full) = (some.Where(r => r.Said.Further is not null).ToList(), some.Where(r => r.Said.Content is not null).ToList());
            return known.Count < 5 || full.Count < 5 ? (1, 100, false) : (known.Average(r => r.Said.Further == true ? 1.0 : 0), full.Average(r => (double)r.Said.Content!), true);
        }
        bool Worse((double Further, double Content, bool Enough) said) => said.Enough && said.Further <= 0.75 * further && said.Content <= 0.9 * content;
        var weeks = rows.GroupBy(r => Week(r.On)).ToList();
        if (weeks.Count < LeastWeeks)
        {
            yield break;
        }
        var hits = weeks.Where(w => w.Count() >= 1.5 * usual && Worse(Said([.. w]))).ToList();
        var (now, said) = (rows.Length / (double)weeks.Count, Said(rows));
        yield return Of(Pattern.Flood, rows, weeks.Count, hits.Count, now >= 1.5 * usual && Worse(said), 1, hits.SelectMany(w => w), ("usual", usual), ("now", now), ("furtherBefore", further), ("furtherNow", said.Further), ("contentBefore", content), ("contentNow", said.Content));
    }

    private bool Late(Row r) => r.Wait > limit.TotalHours;

    private static Count Of(Pattern pattern, Row[] rows, int units, int hits, bool shows, int choices, IEnumerable<Row> cases, params (string Name, double Value)[] says)
    {
        var (first, last) = (rows[0].Said, rows[0].Said);
        var any = false;
        foreach (var r in cases)
        {
            (first, last, any) = (!any || r.Said.Occurred < first.Occurred ? r.Said : first, !any || r.Said.Occurred > last.Occurred ? r.Said : last, true);
        }
        return new(pattern, rows[0].Said.Occurred, rows[^1].Said.Occurred, rows.Length, units, hits, shows && any && hits >= Share * units, Math.Min(1, choices * Chance.AtLeast(hits, units, ByChance)), says.ToDictionary(s => s.Name, s => s.Value), first, last);
    }

    private static int Week(int day) => (int)Math.Floor((day + 3) / 7.0);

    /// <summary>Monday is 0.</summary>
    private static int Weekday(int day) => ((day + 3) % 7 + 7) % 7;

    internal static double Median(IEnumerable<double> values)
    {
        var all = values.ToArray();
        Array.Sort(all);
        return all.Length == 0 ? double.NaN : all.Length % 2 == 1 ? all[all.Length / 2] : (all[all.Length / 2 - 1] + all[all.Length / 2]) / 2;
    }

    /// <param name="On">The London day on which it happened, as a number; CameOn and CameAt the day and its minute on which it came.</param>
    /// <param name="Wait">In hours; until now for what has not come.</param>
    private readonly record struct Row(Passage Said, int On, bool IsWeekend, int CameOn, int CameAt, double Wait)
    {
        public static Row Of(Passage p, Instant now)
        {
            var on = p.Occurred.InZone(WorkingCalendar.London).LocalDateTime;
            var came = p.Received is { } at ? at.InZone(WorkingCalendar.London).LocalDateTime : default;
            return new(p, NumberOf(on.Date), on.DayOfWeek == IsoDayOfWeek.Saturday || (on.DayOfWeek == IsoDayOfWeek.Friday && on.Hour >= 17), p.Received is null ? int.MinValue : NumberOf(came.Date), came.Hour * 60 + came.Minute,
                Math.Max(0, ((p.Received ?? now) - p.Occurred).TotalHours));
        }

        public static LocalDate DateOf(int number) => new LocalDate(1970, 1, 1).PlusDays(number);

        public static int NumberOf(LocalDate day) => Period.DaysBetween(new(1970, 1, 1), day);
    }
}
