using System.Text.Json;
using Heed.Matching;

namespace Heed.Site.People;

/// <summary>
/// What each comparison spoke for or against one person, one after another, from what held beforehand to where it ends: a picture and the same as a table.
/// In doublings of the odds: 10 makes it a thousand times likelier, -10 a thousand times less likely.
/// </summary>
public sealed record Waterfall(IReadOnlyList<Waterfall.Step> Steps)
{
    public const int Width = 640, RowHeight = 28, LabelWidth = 250;

    public sealed record Step(Field Field, double Weight, double From, double To);

    public double Odds => Steps[^1].To;

    /// <summary>Never 1: nobody is certain.</summary>
    public double Probability => Math.Min(1 / (1 + double.Exp2(-Odds)), 0.9999);

    public int Height => (Steps.Count + 1) * RowHeight;

    private double Least => Math.Min(0, Steps.Min(step => Math.Min(step.From, step.To)));

    private double Most => Math.Max(0, Steps.Max(step => Math.Max(step.From, step.To)));

    /// <summary>Where a number of doublings stands in the picture.</summary>
    public double X(double odds) => Math.Round(LabelWidth + (odds - Least) / Math.Max(1, Most - Least) * (Width - LabelWidth - 60), 1);

    /// <summary>None where the rules that decided did not weigh.</summary>
    public static Waterfall? Of(IReadOnlyList<FieldComparison> fields)
    {
        var (steps, at) = (new List<Step>(), 0.0);
        foreach (var line in fields.Where(line => line.Weight is not null).OrderBy(line => line.Field == Field.Beforehand ? -1 : (int)line.Field))
        {
            steps.Add(new(line.Field, line.Weight!.Value, at, at += line.Weight.Value));
        }
        return steps.Count < 2 ? null : new(steps);
    }

    public static Waterfall? Of(string? comparison) => Of(Read(comparison));

    public static IReadOnlyList<FieldComparison> Read(string? comparison) => comparison is null ? [] : JsonSerializer.Deserialize<IReadOnlyList<FieldComparison>>(comparison, Resolve.Json) ?? [];
}
