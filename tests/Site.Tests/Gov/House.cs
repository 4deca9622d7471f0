namespace Heed.Site.Tests.Gov;

internal static class House
{
    /// <summary>The folder with Heed.slnx, above where the tests run.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Heed.slnx")))
            {
                return at.FullName;
            }
        }
        throw new DirectoryNotFoundException("No folder with Heed.slnx above " + AppContext.BaseDirectory);
    }

    public static string Modules
    {
        get
        {
            var modules = Path.Combine(Root, "node_modules");
            return Directory.Exists(modules) ? modules : throw new DirectoryNotFoundException("No node_modules: run npm ci first");
        }
    }
}
