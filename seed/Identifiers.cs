using System.Globalization;

namespace Heed.Seed;

/// <summary>Numbers whose check digits are right, from ranges that no living person has. The arithmetic is our own: a generator may not check itself with what it is to test.</summary>
public static class Identifiers
{
    private const string UpnLetters = "ABCDEFGHJKLMNPQRTUVWXYZ";
    private const string PncLetters = "ZABCDEFGHJKLMNPQRTUVWXY";

    // 7919 shares no factor with 999,800: neighbours in the list get numbers that do not look alike, and none comes twice.
    private const int NhsRange = 999_800;
    private const int NhsStride = 7919;

    /// <summary>The nth NHS number of the 999 test range; null for the one in eleven that has no check digit, and beyond the range.</summary>
    public static string? Nhs(int n)
    {
        if (n >= NhsRange)
        {
            return null;
        }
        var nine = 999_000_100L + (long)n * NhsStride % NhsRange;
        var check = NhsCheck(nine);
        return check is 10 ? null : (nine * 10 + check).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Modulus 11, weights 10 to 2. Ten means that the number is never issued.</summary>
    public static int NhsCheck(long nineDigits)
    {
        var sum = 0;
        for (var weight = 2; weight <= 10; weight++)
        {
            sum += (int)(nineDigits % 10) * weight;
            nineDigits /= 10;
        }
        return (11 - sum % 11) % 11;
    }

    /// <summary>Check letter, three digits of the authority, four of the school, two of the year, three of a serial number.</summary>
    public static string Upn(int authority, int school, int year, int serial)
    {
        // a year group past a thousand carries over into the school's number: only benchmarks come so far
        var digits = $"{authority:000}{(school + serial / 1000) % 10000:0000}{year % 100:00}{serial % 1000:000}";
        return UpnLetter(digits) + digits;
    }

    /// <summary>The sum of each of the twelve digits times its place, counted from two, modulo 23.</summary>
    public static char UpnLetter(string twelveDigits)
    {
        var sum = 0;
        for (var i = 0; i < 12; i++)
        {
            sum += (twelveDigits[i] - '0') * (i + 2);
        }
        return UpnLetters[sum % 23];
    }

    public static string Pnc(int year, int serial) => $"{year:0000}/{serial:0000000}{PncLetter(year, serial)}";

    /// <summary>Two digits of the year and seven of the serial number, read as one number, modulo 23.</summary>
    public static char PncLetter(int year, int serial) => PncLetters[(int)((year % 100 * 10_000_000L + serial) % 23)];

    /// <summary>Two neighbouring digits changed places: what a tired clerk types, and what the check digit is there to catch.</summary>
    public static string Mistyped(string number, Dice dice)
    {
        for (var attempt = 0; attempt < 8; attempt++)
        {
            var i = dice.Between(3, number.Length - 3);
            if (char.IsAsciiDigit(number[i]) && char.IsAsciiDigit(number[i + 1]) && number[i] != number[i + 1])
            {
                return string.Concat(number.AsSpan(0, i), number.AsSpan(i + 1, 1), number.AsSpan(i, 1), number.AsSpan(i + 2));
            }
        }
        return number[..^1] + (number[^1] == '9' ? '1' : '9');
    }
}
