namespace Heed.Site.Files;

/// <summary>A spreadsheet takes a value that begins like a formula for one, and does what it says: what is given back to be opened in one is marked, and the mark is taken off again where it comes back.</summary>
public static class Formula
{
    public static string On(string value) => value.Length > 0 && value[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + value : value;

    public static string Off(string value) => value is ['\'', '=' or '+' or '-' or '@' or '\t' or '\r', ..] ? value[1..] : value;
}
