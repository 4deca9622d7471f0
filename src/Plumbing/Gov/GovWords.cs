using System.Resources;
using System.Runtime.CompilerServices;

namespace Heed.Plumbing.Gov;

/// <summary>The words that the components say by themselves, from GovWords.resx.</summary>
public static class GovWords
{
    private static readonly ResourceManager Words = new("Heed.Plumbing.Gov.GovWords", typeof(GovWords).Assembly);

    private static string Word([CallerMemberName] string name = "") =>
        Words.GetString(name, System.Globalization.CultureInfo.CurrentUICulture) ?? throw new MissingManifestResourceException($"GovWords.resx has no word for {name}");

    public static string ApplyFilters => Word();
    public static string Back => Word();
    public static string Breadcrumb => Word();
    public static string By => Word();
    public static string CannotBeRead => Word();
    public static string Change => Word();
    public static string Contents => Word();
    public static string Day => Word();
    public static string DayAtTime => Word();
    public static string Dismiss => Word();
    public static string Error => Word();
    public static string Important => Word();
    public static string Language => Word();
    public static string Menu => Word();
    public static string Month => Word();
    public static string Next => Word();
    public static string NinetyNineOrMore => Word();
    public static string Or => Word();
    public static string Page => Word();
    public static string PageAfter => Word();
    public static string Pagination => Word();
    public static string Previous => Word();
    public static string RemoveThisFilter => Word();
    public static string SecondaryNavigation => Word();
    public static string ServiceInformation => Word();
    public static string Success => Word();
    public static string ThereIsAProblem => Word();
    public static string Today => Word();
    public static string Tomorrow => Word();
    public static string UpToCharacters => Word();
    public static string UpToWords => Word();
    public static string Warning => Word();
    public static string Year => Word();
    public static string Yesterday => Word();
    public static string Filter => Word();
    public static string SelectedFilters => Word();
    public static string ClearFilters => Word();
}
