using System.Globalization;
using System.Resources;
using System.Runtime.CompilerServices;

namespace Heed.Site.Layout;

/// <summary>The words of the frame, from LayoutWords.resx. Each slice has its own such pair: a property a word.</summary>
public static class LayoutWords
{
    private static readonly ResourceManager Words = new("Heed.Site.Layout.LayoutWords", typeof(LayoutWords).Assembly);

    private static string Word([CallerMemberName] string name = "") =>
        Words.GetString(name, CultureInfo.CurrentUICulture) ?? throw new MissingManifestResourceException($"LayoutWords.resx has no word for {name}");

    public static string Demonstration => Word();
    public static string Footer => Word();
    public static string MainNavigation => Word();
    public static string Service => Word();
    public static string SessionLast => Word();
    public static string SessionOver => Word();
    public static string SessionOverText => Word();
    public static string Sessions => Word();
    public static string SessionSoon => Word();
    public static string SessionStay => Word();
    public static string SignedIn => Word();
    public static string SignedInAs => Word();
    public static string SignIn => Word();
    public static string SignOut => Word();
    public static string SkipToMain => Word();
    public static string Waiting => Word();
}
