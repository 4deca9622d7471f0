using System.Reflection;
using System.Text.RegularExpressions;
using Heed.Plumbing;
using NetArchTest.Rules;

namespace Heed.Site.Tests.Architecture;

/// <summary>Who may know whom. A slice knows the law, the plumbing and the slices named beside it here; whoever adds one says so here first.</summary>
public sealed partial class SliceTests
{
    private static readonly Assembly Program = typeof(global::Site).Assembly;

    /// <summary>Slices whose types another slice may use. Board, Inspection, Publication and Exchange read all the others, and nobody knows them but the demonstration.</summary>
    private static readonly Dictionary<string, string[]> MayKnow = new()
    {
        ["Access"] = [],
        ["Layout"] = ["Access"],
        ["Clocks"] = ["Access", "Layout"],
        ["People"] = ["Access", "Clocks", "Layout"],
        ["Notices"] = ["Access", "Clocks", "People", "Layout"],
        ["Files"] = ["Access", "People", "Notices", "Layout"],
        ["Incidents"] = ["Access", "Clocks", "People", "Notices", "Files", "Layout"],
        ["Timeliness"] = ["Access", "Clocks", "Layout"],
        ["Referrals"] = ["Access", "Clocks", "People", "Notices", "Layout"],
        ["Writing"] = ["Access", "Clocks", "People", "Notices", "Layout"],
        ["Operation"] = ["Access", "Audit", "Clocks", "Exchange"],
        ["Administration"] = ["Access", "Clocks", "Notices", "Layout"],
        ["Demo"] = ["Access", "Operation", "Clocks", "People", "Notices", "Referrals", "Writing", "Exchange", "Incidents", "Emergency", "Audit", "Administration", "Layout"],
    };

    private static readonly string[] ReadAll = ["Board", "Inspection", "Publication", "Exchange"];

    private static IEnumerable<string> Slices => Program.GetTypes().Select(t => t.Namespace ?? "").Where(n => n.StartsWith("Heed.Site.")).Select(n => n.Split('.')[2]).Distinct();

    [Fact]
    public void The_law_and_the_matcher_know_nothing_of_ours_and_the_plumbing_knows_only_the_law()
    {
        Assert.Empty(Ours(typeof(Statute.Citation).Assembly));
        Assert.Empty(Ours(typeof(Matching.FirstRules).Assembly));
        Assert.Equal(["Heed.Statute"], Ours(typeof(Work).Assembly));
        foreach (var pure in new[] { typeof(Statute.Citation).Assembly, typeof(Matching.FirstRules).Assembly })
        {
            Assert.All(pure.GetReferencedAssemblies(), r => Assert.True(r.Name!.StartsWith("System") || r.Name == "NodaTime", $"{pure.GetName().Name} is pure and uses {r.Name}"));
        }

        static IEnumerable<string> Ours(Assembly of) => of.GetReferencedAssemblies().Select(r => r.Name!).Where(n => n.StartsWith("Heed"));
    }

    [Fact]
    public void A_slice_knows_only_the_slices_it_may_know()
    {
        foreach (var slice in Slices.Where(s => !ReadAll.Contains(s)))
        {
            var allowed = MayKnow.TryGetValue(slice, out var named) ? named : ["Access", "Clocks", "People", "Layout"];
            var forbidden = Slices.Where(s => s != slice && !allowed.Contains(s)).Select(s => $"Heed.Site.{s}").ToArray();
            var found = Types.InAssembly(Program).That().ResideInNamespace($"Heed.Site.{slice}").And().DoNotHaveName("Happened").ShouldNot().HaveDependencyOnAny(forbidden).GetResult();
            Assert.True(found.IsSuccessful, $"{slice} knows what it may not: {string.Join(", ", found.FailingTypeNames ?? [])}");
        }
    }

    [Fact]
    public void The_plumbing_knows_no_slice_by_table_either()
    {
        var tables = Sources("src/Plumbing").SelectMany(f => Table().Matches(f.Text).Select(m => (f.Name, Table: m.Groups["table"].Value))).Where(x => People.Contains(x.Table) || Reports.Contains(x.Table)).ToList();
        Assert.Empty(tables);
    }

    [Fact]
    public void The_SQL_of_clocks_and_of_access_touches_no_table_of_people_or_reports()
    {
        foreach (var slice in new[] { "Clocks", "Access" })
        {
            var tables = Sources($"src/Site/{slice}").SelectMany(f => Table().Matches(f.Text).Select(m => (f.Name, Table: m.Groups["table"].Value)));
            var known = tables.Where(t => !Pages.Contains(t.Name) && (People.Contains(t.Table) || (slice == "Access" && Reports.Contains(t.Table)))).ToList();
            Assert.Empty(known);
        }
    }

    /// <summary>How one signs in is a person's on a page; a mailbox is a system's; what a page writes by its own (Finish) or reads (Upload) ends in an action that the API has; PassOn is a part of a decision.</summary>
    private static readonly string[] OneWayOnly = ["ApiKeys.Make", "ApiKeys.Replace", "ApiKeys.Revoke", "OwnSignIn.Add", "OwnSignIn.End", "OwnSignIn.Give", "OwnSignIn.Take", "SignedIn.EndOwn", "Mailbox.Claim", "Mailbox.Renew", "Mailbox.Acknowledge", "Finish.Handle", "Upload.Read", "Send.Handle", "PassOn.Handle"];

    [Fact]
    public void Every_action_is_taken_by_a_page_and_by_the_API()
    {
        var sources = Sources("src/Site").ToList();
        var (api, pages) = (string.Concat(sources.Where(s => s.Name == "Api.cs").Select(s => s.Text)), string.Concat(sources.Where(s => s.Name.EndsWith(".cshtml.cs", StringComparison.Ordinal) || s.Name == "DraftPage.cs").Select(s => s.Text)));
        // What may be refused: its answer has a place for it.
        bool Refuses(Type answer) => answer == typeof(Refusal) || answer.IsGenericType && answer.GetGenericArguments().Any(Refuses);
        var actions = Program.GetTypes().Where(t => t is { IsNested: false, Namespace: not null } && t.Namespace.StartsWith("Heed.Site.") && t.Name != "Api")
            .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly)).Where(m => Refuses(m.ReturnType)).Select(m => $"{m.DeclaringType!.Name}.{m.Name}").Distinct().ToList();
        Assert.True(actions.Count > 50, $"{actions.Count} actions only");
        bool IsIn(string text, string action) => Regex.IsMatch(text, $@"\b{Regex.Escape(action)}\(");
        Assert.Equal(OneWayOnly.Order(), actions.Where(a => !IsIn(api, a) || !IsIn(pages, a)).Order());
    }

    [Fact]
    public void No_SQL_is_put_together_from_texts()
    {
        // What is interpolated into Ask, One and Do becomes a parameter; string.Format, + and FromSqlRaw do not.
        foreach (var (name, text) in Sources("src/Site").Concat(Sources("src/Plumbing")))
        {
            Assert.False(RawSql().IsMatch(text), $"{name} puts SQL together");
        }
    }

    /// <summary>Every page file that is a screen over several slices by its nature.</summary>
    private static readonly HashSet<string> Pages = ["Worklist.cshtml.cs", "Looks.cshtml.cs", "SignIn.cshtml.cs", "Late.cshtml.cs"];

    private static readonly HashSet<string> People = ["person", "source_record", "mention", "link", "possible_match", "never_link", "residence", "relationship", "attendance", "statement"];

    private static readonly HashSet<string> Reports = ["report", "notice", "contact", "episode", "referral", "handing_on"];

    internal static IEnumerable<(string Name, string Text)> Sources(string under) =>
        Directory.EnumerateFiles(Path.Combine(Root, under), "*.cs", SearchOption.AllDirectories).Where(f => !f.Contains("/obj/") && !f.Contains("/bin/")).Select(f => (Path.GetFileName(f), File.ReadAllText(f)));

    internal static string Root { get; } = Above(AppContext.BaseDirectory).First(d => File.Exists(Path.Combine(d, "Heed.slnx")));

    internal static IEnumerable<string> Above(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            yield return at.FullName;
        }
    }

    [GeneratedRegex(@"\b(?:from|join|into|update)\s+(?<table>[a-z_]+)\b")]
    private static partial Regex Table();

    [GeneratedRegex(@"FromSqlRaw|ExecuteSqlRaw|SqlQueryRaw|new Npgsql(?:Batch)?Command\(\s*(?:string\.Format|""[^""]*""\s*\+)")]
    private static partial Regex RawSql();
}
