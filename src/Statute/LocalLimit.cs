using NodaTime;

namespace Heed.Statute;

public enum Unit
{
    Minutes,
    Hours,
    WorkingDays,
}

/// <summary>When to warn: so long before the due time, or once a share of the time is gone.</summary>
public sealed record Warning
{
    private Warning()
    {
    }

    public Duration? BeforeDue { get; private init; }

    public decimal? ShareGone { get; private init; }

    public static Warning Before(Duration due) => due > Duration.Zero
        ? new() { BeforeDue = due }
        : throw new ArgumentOutOfRangeException(nameof(due), due, "A warning comes before the due time");

    public static Warning After(decimal shareGone) => shareGone is > 0 and < 1
        ? new() { ShareGone = shareGone }
        : throw new ArgumentOutOfRangeException(nameof(shareGone), shareGone, "A share of the time lies between 0 and 1");

    /// <summary>Never before the anchor: a warning longer than the limit warns at once.</summary>
    public Instant At(Instant anchor, Instant due) =>
        BeforeDue is { } before
            ? Instant.Max(anchor, due - before)
            : anchor + ((due - anchor) * (double)ShareGone!.Value);
}

/// <summary>
/// What one partnership, force or council agreed, as data: a version, its dates, and who agreed it.
/// A change is a new version; a clock that started under the old one keeps it.
/// </summary>
public sealed record LocalLimit(
    string Key, string Name, string Words, int Version, Unit Unit, int Amount, Warning? Warning,
    LocalDate InForceFrom, LocalDate? InForceUntil, string AgreedBy, LocalTime? OfficeClose = null)
{
    public int Amount { get; } = Amount >= 1
        ? Amount
        : throw new ArgumentOutOfRangeException(nameof(Amount), Amount, $"{Key} allows no time");

    /// <summary><see cref="InForceUntil"/> is the last day it applies.</summary>
    public bool InForceOn(LocalDate day) => day >= InForceFrom && (InForceUntil is not { } last || day <= last);

    public Instant DueAt(Instant anchor, WorkingCalendar calendar) => Unit switch
    {
        Unit.Minutes => anchor + Duration.FromMinutes(Amount),
        Unit.Hours => anchor + Duration.FromHours(Amount),
        Unit.WorkingDays => EndOfWork(calendar.AddWorkingDays(WorkingCalendar.DateIn(anchor), Amount)),
        _ => throw new ArgumentOutOfRangeException(nameof(Unit), Unit, "A unit without a due time"),
    };

    public Instant? WarnAt(Instant anchor, WorkingCalendar calendar) => Warning?.At(anchor, DueAt(anchor, calendar));

    private Instant EndOfWork(LocalDate day) => OfficeClose is { } close
        ? WorkingCalendar.London.AtLeniently(day + close).ToInstant()
        : WorkingCalendar.EndOf(day);
}
