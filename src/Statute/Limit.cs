using NodaTime;

namespace Heed.Statute;

/// <summary>
/// What must happen by when, in whose words, and where that is written.
/// <paramref name="Counting"/> says in words what starts it: the <paramref name="Anchor"/> names only the kind of moment.
/// </summary>
public abstract record Limit(
    string Key, string Name, string Words, Anchor Anchor, string Counting, Citation Source, Basis Basis, LocalDate? InForceFrom = null)
{
    public Nations Nations { get; init; } = Nations.EnglandAndWales;

    /// <summary>False where the number was written from knowledge: nobody has yet read it in its source, or in a procedure that quotes it.</summary>
    public bool Checked { get; init; } = true;

    /// <summary>"72 hours", "15 working days": how much, without from when.</summary>
    public abstract string Amount { get; }

    public bool InForceOn(LocalDate day) => InForceFrom is not { } from || day >= from;

    public bool AppliesIn(Nations nation) => (Nations & nation) != 0;

    private protected static int AtLeastOne(int amount, string key) =>
        amount >= 1 ? amount : throw new ArgumentOutOfRangeException(nameof(amount), amount, $"{key} allows no time");

    private protected static string Of(int amount, string unit) => amount == 1 ? $"1 {unit}" : $"{amount} {unit}s";
}

/// <summary>A limit that gives a due time from its anchor and the calendar alone.</summary>
public abstract record TimedLimit(
    string Key, string Name, string Words, Anchor Anchor, string Counting, Citation Source, Basis Basis, LocalDate? InForceFrom = null)
    : Limit(Key, Name, Words, Anchor, Counting, Source, Basis, InForceFrom)
{
    public abstract Instant DueAt(Instant anchor, WorkingCalendar calendar);
}

/// <summary>Elapsed hours: through nights, weekends and a change of the clocks.</summary>
public sealed record HourLimit(
    string Key, int Hours, string Name, string Words, Anchor Anchor, string Counting, Citation Source, Basis Basis, LocalDate? InForceFrom = null)
    : TimedLimit(Key, Name, Words, Anchor, Counting, Source, Basis, InForceFrom)
{
    public int Hours { get; } = AtLeastOne(Hours, Key);

    public override string Amount => Of(Hours, "hour");

    public override Instant DueAt(Instant anchor, WorkingCalendar calendar) => anchor + Duration.FromHours(Hours);
}

/// <summary>Working days: the anchor's London date is day 0; due at the midnight that ends the last.</summary>
public sealed record WorkingDayLimit(
    string Key, int Days, string Name, string Words, Anchor Anchor, string Counting, Citation Source, Basis Basis, LocalDate? InForceFrom = null)
    : TimedLimit(Key, Name, Words, Anchor, Counting, Source, Basis, InForceFrom)
{
    public int Days { get; } = AtLeastOne(Days, Key);

    public override string Amount => Of(Days, "working day");

    public override Instant DueAt(Instant anchor, WorkingCalendar calendar) =>
        WorkingCalendar.EndOf(calendar.AddWorkingDays(WorkingCalendar.DateIn(anchor), Days));
}

/// <summary>
/// Calendar days, weekends included; due at the midnight that ends the last.
/// A period that the law says "begins with" a day counts that day as its first.
/// </summary>
public sealed record DayLimit(
    string Key, int Days, string Name, string Words, Anchor Anchor, string Counting, Citation Source, Basis Basis, LocalDate? InForceFrom = null)
    : TimedLimit(Key, Name, Words, Anchor, Counting, Source, Basis, InForceFrom)
{
    public int Days { get; } = AtLeastOne(Days, Key);

    public bool FirstDayCounts { get; init; }

    public override string Amount => Days % 7 == 0 && Days > 14 ? Of(Days / 7, "week") : Of(Days, "day");

    public override Instant DueAt(Instant anchor, WorkingCalendar calendar) =>
        WorkingCalendar.EndOf(WorkingCalendar.DateIn(anchor).PlusDays(FirstDayCounts ? Days - 1 : Days));
}

/// <summary>Calendar months: the same day of a later month, or that month's last day; due at the midnight that ends it.</summary>
public sealed record MonthLimit(
    string Key, int Months, string Name, string Words, Anchor Anchor, string Counting, Citation Source, Basis Basis, LocalDate? InForceFrom = null)
    : TimedLimit(Key, Name, Words, Anchor, Counting, Source, Basis, InForceFrom)
{
    public int Months { get; } = AtLeastOne(Months, Key);

    public override string Amount => Of(Months, "month");

    public override Instant DueAt(Instant anchor, WorkingCalendar calendar) =>
        WorkingCalendar.EndOf(WorkingCalendar.DateIn(anchor).PlusMonths(Months));
}

/// <summary>Before one school's next day starts. Another school's calendar gives another answer, so there is none without one.</summary>
public sealed record SchoolDayLimit(
    string Key, string Name, string Words, Anchor Anchor, string Counting, Citation Source, Basis Basis, LocalDate? InForceFrom = null)
    : Limit(Key, Name, Words, Anchor, Counting, Source, Basis, InForceFrom)
{
    public override string Amount => "before the next school day starts";

    public Instant DueAt(Instant anchor, SchoolCalendar school) => school.NextSchoolDay(anchor);
}

/// <summary>
/// A duty with no national number. It cannot be asked for a due time: a <see cref="LocalLimit"/> under the same key
/// gives one, or nobody does.
/// </summary>
public sealed record NoNationalLimit(
    string Key, string Name, string Words, Anchor Anchor, string Counting, Citation Source, Basis Basis, LocalDate? InForceFrom = null)
    : Limit(Key, Name, Words, Anchor, Counting, Source, Basis, InForceFrom)
{
    public override string Amount => "no national number";
}
