using System.Globalization;
using System.Reflection;
using NodaTime;

namespace Heed.Site.Tests.Architecture;

/// <summary>docs/limits.md says how much of anything is taken: each number there is that of the program.</summary>
public sealed class LimitsTests
{
    private const BindingFlags Any = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    [Fact]
    public void Each_limit_on_the_page_is_the_programs()
    {
        var lines = File.ReadLines(Path.Combine(SliceTests.Root, "docs/limits.md")).Where(l => l.StartsWith("| `")).Select(l => l.Trim('|', ' ').Split(" | ")).ToList();
        Assert.True(lines.Count > 10);
        Assert.All(lines, line =>
        {
            var name = line[0].Trim('`').Split('.');
            var type = new[] { typeof(global::Site).Assembly.GetType($"Heed.Site.{name[0]}.{name[1]}"), typeof(Heed.Plumbing.Work).Assembly.GetType($"Heed.{name[0]}.{name[1]}") }.FirstOrDefault(t => t is not null);
            Assert.True(type is not null, $"{line[0]} is nowhere");
            var value = type.GetField(name[2], Any) is { } field ? field.GetValue(null) : type.GetProperty(name[2], Any)?.GetValue(Activator.CreateInstance(type));
            Assert.Equal($"{line[0]} {line[1]}", $"{line[0]} {(value is Duration time ? $"{time.TotalMinutes:0.##} minutes" : string.Create(CultureInfo.InvariantCulture, $"{value:N0}"))}");
        });
    }
}
