using System.Globalization;
using System.Text;

namespace Heed.Statute;

/// <summary>The printed rule book, made from the same values that make the clocks.</summary>
public static class RuleBook
{
    /// <param name="lookUp">By key, where a limit is used and which tests prove it; only the caller can see those.</param>
    public static string Markdown(Func<string, (IReadOnlyList<string> UsedIn, IReadOnlyList<string> ProvedBy)>? lookUp = null)
    {
        var text = new StringBuilder();
        Line(text, "# The limits");
        Line(text);
        Line(text, "Generated from `src/Statute`; change it there. A working day is not a Saturday, a Sunday or a bank holiday of England and");
        Line(text, "Wales, and a limit in working days, days or months ends at midnight, London, of its last day. Hours are elapsed hours.");
        Line(text, "The words are ours, not the instrument's. \"Checked\" means read in the source or in a published procedure that quotes it.");
        Line(text, "Where there is no national number none is invented: a local setting under the same key gives one, or nobody does.");
        Line(text);
        Line(text, string.Create(CultureInfo.InvariantCulture,
            $"{Law.All.Count} limits: {Law.All.Count(limit => limit is not NoNationalLimit)} with a national time, {Law.All.Count(limit => limit is NoNationalLimit)} without; {Law.All.Count(limit => !limit.Checked)} not checked against the source."));

        foreach (var subject in Law.Subjects)
        {
            Line(text);
            Line(text, $"## {subject.Title}");
            foreach (var limit in subject.Limits)
            {
                Write(text, limit, lookUp?.Invoke(limit.Key));
            }
        }
        return text.ToString();
    }

    private static void Write(StringBuilder text, Limit limit, (IReadOnlyList<string> UsedIn, IReadOnlyList<string> ProvedBy)? found)
    {
        Line(text);
        Line(text, $"### {limit.Name}");
        Line(text);
        Line(text, $"`{limit.Key}`: **{limit.Amount}**, {limit.Counting}.");
        Line(text);
        Line(text, $"> {limit.Words}");
        Line(text);
        Line(text, $"- Source: {limit.Source} ({InWords.Of(limit.Basis)}; {InWords.Of(limit.Nations)})");
        Line(text, $"- Counted {InWords.Of(limit.Anchor)}");
        Line(text, $"- In force from: {limit.InForceFrom?.ToString("d MMMM uuuu", CultureInfo.InvariantCulture) ?? "not recorded"}");
        Line(text, $"- {(limit.Checked ? "Checked" : "Not checked against the source")}");
        if (found is var (usedIn, provedBy))
        {
            Line(text, $"- Used in: {List(usedIn)}");
            Line(text, $"- Proved by: {List(provedBy)}");
        }
    }

    private static string List(IReadOnlyList<string> items) => items.Count == 0 ? "nothing yet" : string.Join("; ", items);

    private static void Line(StringBuilder text, string line = "") => text.Append(line).Append('\n');
}
