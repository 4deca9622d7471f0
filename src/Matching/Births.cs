using NodaTime;

namespace Heed.Matching;

internal enum Births
{
    Blank,
    Same,

    /// <summary>Both are the same 1 January, which a form may have filled in.</summary>
    SameByDefault,

    /// <summary>Day and month swapped, one digit wrong, or two neighbouring digits of one part swapped.</summary>
    Slip,

    /// <summary>One is 1 January of the other's year.</summary>
    SameYear,

    Different,
}

internal static class BirthDates
{
    public static Births Compare(LocalDate? a, LocalDate? b)
    {
        if (a is not { } left || b is not { } right)
        {
            return Births.Blank;
        }
        if (left == right)
        {
            return WrittenDate.IsDefault(left) ? Births.SameByDefault : Births.Same;
        }
        if (left.Year == right.Year && (WrittenDate.IsDefault(left) || WrittenDate.IsDefault(right)))
        {
            return Births.SameYear;
        }
        return IsSlip(left, right) ? Births.Slip : Births.Different;
    }

    private static bool IsSlip(LocalDate a, LocalDate b)
    {
        if (a.Year == b.Year && a.Month == b.Day && a.Day == b.Month)
        {
            return true;
        }
        var parts = new (string Left, string Right)[] { ($"{a.Year:0000}", $"{b.Year:0000}"), ($"{a.Month:00}", $"{b.Month:00}"), ($"{a.Day:00}", $"{b.Day:00}") }
            .Where(part => part.Left != part.Right)
            .ToList();
        return parts is [var (left, right)] && (Wrong(left, right) == 1 || IsNeighboursSwapped(left, right));
    }

    private static int Wrong(string a, string b) => a.Where((digit, at) => digit != b[at]).Count();

    private static bool IsNeighboursSwapped(string a, string b)
    {
        var first = a.Zip(b).TakeWhile(pair => pair.First == pair.Second).Count();
        return first + 1 < a.Length && Wrong(a, b) == 2 && a[first] == b[first + 1] && a[first + 1] == b[first];
    }
}
