namespace Heed.Site.Tests.Architecture;

public sealed class LawBookTests
{
    [Fact]
    public void The_rule_book_is_what_the_values_say_today()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Heed.slnx")))
        {
            root = root.Parent!;
        }
        Assert.True(LawBook.Text(root.FullName) == File.ReadAllText(Path.Combine(root.FullName, "LAW.md")), "LAW.md is old: run ./heed law");
    }
}
