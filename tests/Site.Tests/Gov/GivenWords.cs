using System.Reflection;
using System.Xml.Linq;
using Heed.Plumbing.Gov;
using Heed.Site.Layout;
using NodaTime;

namespace Heed.Site.Tests.Gov;

public sealed class GivenWords
{
    [Theory]
    [InlineData(typeof(GovWords), "src/Plumbing/Gov/GovWords.resx")]
    [InlineData(typeof(LayoutWords), "src/Site/Layout/LayoutWords.resx")]
    public void Every_word_has_its_property_and_every_property_its_word(Type words, string resx)
    {
        var properties = words.GetProperties(BindingFlags.Public | BindingFlags.Static);
        Assert.All(properties, one => Assert.NotEqual("", (string?)one.GetValue(null)));
        var written = XDocument.Load(Path.Combine(House.Root, resx)).Root!.Elements("data").Select(one => (string)one.Attribute("name")!);
        Assert.Equal(properties.Select(one => one.Name).Order(), written.Order());
    }

    [Fact]
    public void An_instant_is_said_as_london_says_it()
    {
        var at = Instant.FromUtc(2026, 6, 30, 23, 30);
        Assert.Equal("1 July 2026 at 00:30", TimeTag.InWords(at));
        Assert.Equal("today at 00:30", TimeTag.InWords(at, Instant.FromUtc(2026, 7, 1, 8, 0)));
        Assert.Equal("yesterday at 00:30", TimeTag.InWords(at, Instant.FromUtc(2026, 7, 1, 23, 0)));
        Assert.Equal("25 October 2026 at 01:30 BST", TimeTag.InWords(Instant.FromUtc(2026, 10, 25, 0, 30)));
        Assert.Equal("25 October 2026 at 01:30 GMT", TimeTag.InWords(Instant.FromUtc(2026, 10, 25, 1, 30)));
    }

    [Theory]
    [InlineData("29", "2", "2024", true)]
    [InlineData("29", "2", "2023", false)]
    [InlineData("1", "13", "2023", false)]
    [InlineData("1", "1", "23", false)]
    [InlineData("x", "1", "2023", false)]
    [InlineData(null, null, null, false)]
    public void A_typed_date_is_a_date_or_none(string? day, string? month, string? year, bool isDate) =>
        Assert.Equal(isDate, new TypedDate { Day = day, Month = month, Year = year }.Date is not null);
}
