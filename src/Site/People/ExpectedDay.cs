using NodaTime;

namespace Heed.Site.People;

/// <summary>The day on which a child is expected, or was: what cannot be one is kept as written only, for by it a child is linked, kept and counted.</summary>
internal static class ExpectedDay
{
    /// <summary>Why it is none.</summary>
    /// <param name="said">When it was said of a child who is not born; null for a register, which may have been right for years.</param>
    public static string? Wrong(LocalDate? expected, LocalDate? born, LocalDate? said, LocalDate today) =>
        // A child born eleven weeks early and one born three late are both real; beyond that one of the two dates is wrong, and both are kept as written.
        born < expected?.PlusDays(-120) ? "lies too long after the date of birth"
        : expected > today.PlusYears(1) ? "lies more than a year ahead"
        : born is null && expected < said?.PlusYears(-1) ? "lies more than a year before what is reported"
        : null;
}
