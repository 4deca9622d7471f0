namespace Heed.Matching;

/// <summary>An NHS number: ten digits, the last a check by modulus 11 with weights 10 to 2.</summary>
public readonly record struct NhsNumber
{
    private NhsNumber(string value) => Value = value;

    public string Value { get; }

    public static bool TryParse(string? text, out NhsNumber value, out string? why)
    {
        value = default;
        var digits = Written.Compact(text);
        if ((why = Written.NotDigits(digits, "an NHS number", 10)) is not null)
        {
            return false;
        }
        if (digits.All(digit => digit == digits[0]))
        {
            why = "the same digit throughout stands for \"not known\"";
            return false;
        }
        var sum = Enumerable.Range(0, 9).Sum(at => (digits[at] - '0') * (10 - at));
        var check = (11 - (sum % 11)) % 11;
        if (check == 10)
        {
            why = "no NHS number starts with these nine digits";
            return false;
        }
        if (digits[9] - '0' != check)
        {
            why = $"check digit should be {check}";
            return false;
        }
        value = new(digits);
        return true;
    }

    public override string ToString() => Value;
}

/// <summary>A pupil's number: a check letter (each of the next digits by its place, modulus 23), then 12 digits, the council's three first.</summary>
public readonly record struct Upn
{
    private const string Letters = "ABCDEFGHJKLMNPQRTUVWXYZ";

    private Upn(string value) => Value = value;

    public string Value { get; }

    public static bool TryParse(string? text, out Upn value, out string? why)
    {
        value = default;
        why = null;
        var upn = Written.Compact(text);
        if (upn.Length == 0)
        {
            why = "blank";
        }
        else if (upn.Length != 13)
        {
            why = $"a UPN has 13 characters, this has {upn.Length}";
        }
        else if (!char.IsAsciiLetterUpper(upn[0]))
        {
            why = "a UPN starts with its check letter";
        }
        else if (char.IsAsciiLetterUpper(upn[12]) && Written.IsDigits(upn[1..12]))
        {
            why = "a letter at the end makes it a temporary number, which another child may be given";
        }
        else if (!Written.IsDigits(upn[1..]))
        {
            why = "a UPN has 12 digits after its check letter";
        }
        else if (Letters[Enumerable.Range(1, 12).Sum(at => (upn[at] - '0') * (at + 1)) % 23] is var check && upn[0] != check)
        {
            why = $"check letter should be {check}";
        }
        if (why is not null)
        {
            return false;
        }
        value = new(upn);
        return true;
    }

    public override string ToString() => Value;
}

/// <summary>A Police National Computer id, YYYY/NNNNNNNC: year, serial, and a check letter from the year's last two digits and the serial.</summary>
public readonly record struct PncId
{
    private const string Letters = "ZABCDEFGHJKLMNPQRTUVWXY";

    private PncId(string value) => Value = value;

    public string Value { get; }

    /// <summary>Takes the short forms too: "11/45127T" is 2011/0045127T.</summary>
    public static bool TryParse(string? text, out PncId value, out string? why)
    {
        value = default;
        var upper = (text ?? "").Trim().ToUpperInvariant();
        if (upper.Length == 0)
        {
            why = "blank";
            return false;
        }
        var last = upper[^1];
        if (!char.IsAsciiLetterUpper(last))
        {
            why = "a PNC id ends with its check letter";
            return false;
        }
        if (Split(upper[..^1].TrimEnd(' ', '.', '-')) is not var (year, serial))
        {
            why = "a PNC id is a year, a stroke, a serial of up to seven digits and a letter";
            return false;
        }
        var check = Letters[int.Parse(year[^2..] + serial) % 23];
        if (last != check)
        {
            why = $"check letter should be {check}";
            return false;
        }
        why = null;
        value = new($"{year}/{serial}{check}");
        return true;
    }

    public override string ToString() => Value;

    private static (string Year, string Serial)? Split(string text)
    {
        var parts = text.Split(['/', ' ', '-', '.'], StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 1 && parts[0].Length is 9 or 11)
        {
            parts = [parts[0][..^7], parts[0][^7..]];
        }
        return parts is [{ Length: 2 or 4 } year, { Length: >= 1 and <= 7 } serial] && Written.IsDigits(year) && Written.IsDigits(serial)
            ? (year.Length == 4 ? year : Century(year) + year, serial.PadLeft(7, '0'))
            : null;
    }

    /// <summary>The check letter cannot tell the centuries apart; there are no ids of before the middle of the last one.</summary>
    private static string Century(string year) => string.CompareOrdinal(year, "50") >= 0 ? "19" : "20";
}

internal static class Written
{
    public static string Compact(string? text) =>
        string.Concat((text ?? "").Where(letter => letter is not ('-' or '.' or '/') && !char.IsWhiteSpace(letter))).ToUpperInvariant();

    public static bool IsDigits(string text) => text.All(char.IsAsciiDigit);

    public static string? NotDigits(string text, string what, int length) =>
        text.Length == 0 ? "blank"
        : !IsDigits(text) ? $"{what} has digits only"
        : text.Length != length ? $"{what} has {length} digits, this has {text.Length}"
        : null;
}
