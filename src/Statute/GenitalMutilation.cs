namespace Heed.Statute;

/// <summary>Female Genital Mutilation Act 2003 s.5B: a personal duty of health professionals, teachers and, in Wales, social care workers.</summary>
public static class GenitalMutilation
{
    public static readonly WorkingDayLimit Report = new(
        "genital-mutilation.report", 1, "Report to the police: as guidance expects",
        "Reported by the close of the next working day.",
        Anchor.Known, "from when the girl said so or the signs were seen",
        new Citation("Home Office, mandatory reporting of female genital mutilation: procedural information", ""), Basis.NationalGuidance);

    public static readonly MonthLimit ReportAtLatest = new(
        "genital-mutilation.report.latest", 1, "Report to the police: the law's limit",
        "Reported at the latest one month after the discovery.",
        Anchor.Known, "from when the girl said so or the signs were seen",
        new Citation("Female Genital Mutilation Act 2003", "s.5B"), Basis.Statute);
}
