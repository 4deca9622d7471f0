namespace Heed.Site.Timeliness;

/// <summary>What chance alone would do, exactly.</summary>
public static class Chance
{
    /// <summary>P(X >= hits) of a binomial with this many tries.</summary>
    public static double AtLeast(int hits, int tries, double each)
    {
        var sum = 0.0;
        for (var k = tries; k >= Math.Max(hits, 0); k--)
        {
            sum += Math.Exp(LogChoose(tries, k) + k * Math.Log(each) + (tries - k) * Math.Log(1 - each));
        }
        return Math.Min(1, sum);
    }

    /// <summary>Fisher's exact test, one side: of n1 and n2, k1 and k2 are so; how often would the first have as many, were they alike.</summary>
    public static double Fisher(int k1, int n1, int k2, int n2)
    {
        var (all, sum) = (k1 + k2, 0.0);
        for (var k = k1; k <= Math.Min(all, n1); k++)
        {
            sum += all - k > n2 ? 0 : Math.Exp(LogChoose(n1, k) + LogChoose(n2, all - k) - LogChoose(n1 + n2, all));
        }
        return Math.Min(1, sum);
    }

    private static double LogChoose(int n, int k) => LogFactorial(n) - LogFactorial(k) - LogFactorial(n - k);

    private static double LogFactorial(int n) => n < Table.Length ? Table[n] : (n + 0.5) * Math.Log(n) - n + 0.5 * Math.Log(2 * Math.PI) + 1.0 / (12.0 * n) - 1.0 / (360.0 * n * n * (double)n);

    private static readonly double[] Table = Made();

    private static double[] Made()
    {
        var table = new double[1_024];
        for (var n = 1; n < table.Length; n++)
        {
            table[n] = table[n - 1] + Math.Log(n);
        }
        return table;
    }
}
