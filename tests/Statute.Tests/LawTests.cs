using System.Reflection;
using System.Text.RegularExpressions;

namespace Heed.Statute.Tests;

public partial class LawTests
{
    private static readonly HashSet<string> Proved =
    [
        .. from type in typeof(LawTests).Assembly.GetTypes()
           from method in type.GetMethods()
           from proves in method.GetCustomAttributes<ProvesAttribute>()
           select proves.LimitKey,
    ];

    [GeneratedRegex("""new(?:\s+\w+Limit)?\(\s*"([a-z0-9.-]+)"\s*,""")]
    private static partial Regex WrittenLimit();

    [Fact]
    public void Every_limit_written_in_the_source_is_found_and_no_other()
    {
        var written = Directory.EnumerateFiles(Path.Combine(Root(), "src", "Statute"), "*.cs")
            .SelectMany(file => WrittenLimit().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value)
            .Order(StringComparer.Ordinal);
        Assert.Equal(written, Law.All.Select(limit => limit.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_limit_with_a_national_time_is_proved_by_a_test() =>
        Assert.DoesNotContain(Law.All, limit => limit is not NoNationalLimit && !Proved.Contains(limit.Key));

    [Fact]
    public void No_test_claims_to_prove_a_limit_that_does_not_exist() =>
        Assert.DoesNotContain(Proved, key => !Law.TryFind(key, out _));

    [Fact]
    public void Every_limit_says_what_from_when_and_on_whose_word() =>
        Assert.All(Law.All, limit =>
        {
            Assert.NotEmpty(limit.Name);
            Assert.EndsWith(".", limit.Words);
            Assert.StartsWith("from ", limit.Counting);
            Assert.NotEmpty(limit.Source.Instrument);
            Assert.NotEmpty(InWords.Of(limit.Anchor));
            Assert.NotEmpty(InWords.Of(limit.Basis));
            Assert.NotEmpty(InWords.Of(limit.Nations));
        });

    [Fact]
    public void Where_there_is_no_national_number_there_is_no_way_to_ask_for_a_due_time()
    {
        Assert.IsType<NoNationalLimit>(Law.Find("notification.local-authority"));
        Assert.IsType<NoNationalLimit>(Law.Find("strategy.discussion"));
        Assert.IsType<NoNationalLimit>(Law.Find("missing.council-told"));
        Assert.DoesNotContain(typeof(NoNationalLimit).GetMethods(), method => method.Name == "DueAt");
    }

    [Fact]
    public void Working_Together_is_not_applied_to_Wales() =>
        Assert.All(
            Law.All.Where(limit => limit.Source.Instrument.StartsWith("Working Together") && !limit.Source.Instrument.Contains("Wales") && limit is TimedLimit),
            limit => Assert.False(limit.AppliesIn(Nations.Wales), limit.Key));

    [Fact]
    public void An_unknown_key_is_an_error() => Assert.Throws<KeyNotFoundException>(() => Law.Find("referral.whenever"));

    [Fact]
    public void The_rule_book_has_every_limit_with_its_words_its_source_and_its_proof()
    {
        var book = RuleBook.Markdown(key => (["Clocks/" + key], []));
        Assert.All(Law.All, limit =>
        {
            Assert.Contains($"`{limit.Key}`: **{limit.Amount}**, {limit.Counting}.", book);
            Assert.Contains($"> {limit.Words}", book);
            Assert.Contains(limit.Source.ToString(), book);
            Assert.Contains($"- Used in: Clocks/{limit.Key}\n", book);
        });
        Assert.Equal(Law.All.Count(limit => !limit.Checked), Regex.Count(book, "- Not checked against the source"));
        Assert.Contains("## Police protection", book);
        Assert.Contains("- In force from: 14 October 1991", book);
        Assert.DoesNotContain("Proved by", RuleBook.Markdown());
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Heed.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("Heed.slnx is not above the tests");
        }
        return folder;
    }
}
