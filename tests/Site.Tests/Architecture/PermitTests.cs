using System.Reflection;
using Heed.Plumbing;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Heed.Site.Tests.Architecture;

public sealed class PermitTests(TestSite site) : IClassFixture<TestSite>
{
    /// <summary>What the library answers by itself, and holds nobody's data.</summary>
    private static readonly string[] Described = ["/openapi/{documentName}.json", "/api-reference"];

    /// <summary>Each is open to anybody at all. Whoever adds one says why here.</summary>
    private static readonly Dictionary<string, string> Open = new()
    {
        ["SignInModel"] = "whoever is not signed in yet comes here",
        ["SignOutModel"] = "whoever leaves",
        ["ProveAgainModel"] = "whoever has a session proves it; nobody else can do anything there",
        ["Alive"] = "whatever minds the program asks whether it runs",
        ["Ready"] = "whatever spreads the load asks who can take it: names and states only",
        ["Keys"] = "whoever holds a receipt may verify it",
        ["Session"] = "a page asks how long its own session lasts, and hears that it has none",
        ["ProblemModel"] = "a failure tells nothing about anybody",
    };

    private static readonly Type[] PageModels = [.. typeof(global::Site).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(PageModel)) && !t.IsAbstract)];

    /// <summary>Permits that only pages ask for. While there are no pages this is what they will ask; once there are, nothing is excused.</summary>
    private static readonly string[] OnlyOnPages =
        PageModels.Length == 0 ? ["worklist.read", "child.read", "clock.read", "clock.explain", "limit.read", "match.read", "look.read", "register.import"] : [];

    [Fact]
    public void Every_endpoint_of_the_API_carries_a_permit_with_a_purpose_or_says_why_it_is_open()
    {
        var endpoints = site.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<Microsoft.AspNetCore.Mvc.RazorPages.PageActionDescriptor>() is null).ToList();
        Assert.NotEmpty(endpoints);
        foreach (var endpoint in endpoints.Where(e => !Described.Any(d => e.RoutePattern.RawText!.StartsWith(d))))
        {
            Assert.True(endpoint.Metadata.GetMetadata<PermitAttribute>() is { Purpose.Length: > 5 } || endpoint.Metadata.GetMetadata<OpenToAllAttribute>() is { Why.Length: > 5 }, $"{endpoint.DisplayName} carries no permit");
            Assert.True(endpoint.RoutePattern.RawText!.StartsWith("/api/") || endpoint.Metadata.GetMetadata<OpenToAllAttribute>() is not null || endpoint.Metadata.GetMetadata<PermitAttribute>() is not null, $"{endpoint.DisplayName} stands outside the door");
        }
    }

    [Fact]
    public void Every_handler_of_every_page_carries_a_permit_or_its_page_is_open()
    {
        foreach (var page in PageModels.Where(p => p.GetCustomAttribute<PermitAttribute>() is null && p.GetCustomAttribute<OpenToAllAttribute>() is null))
        {
            var handlers = page.GetMethods().Where(m => m.DeclaringType == page && m.Name.StartsWith("On") && (m.Name.StartsWith("OnGet") || m.Name.StartsWith("OnPost"))).ToList();
            Assert.NotEmpty(handlers);
            Assert.All(handlers, h => Assert.True(h.GetCustomAttribute<PermitAttribute>() is not null, $"{page.Name}.{h.Name} carries no permit"));
        }
    }

    [Fact]
    public void What_is_open_to_all_is_listed_here_by_name() =>
        Assert.Empty(typeof(global::Site).Assembly.GetTypes().SelectMany(t => t.GetCustomAttribute<OpenToAllAttribute>() is null
            ? t.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly).Where(m => m.GetCustomAttribute<OpenToAllAttribute>() is not null).Select(m => m.Name)
            : [t.Name]).Except(Open.Keys));

    [Fact]
    public async Task Every_permit_that_is_asked_for_is_some_roles_and_no_role_has_one_that_nothing_asks_for()
    {
        var asked = typeof(global::Site).Assembly.GetTypes().SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly).Cast<MemberInfo>().Append(t))
            .Select(m => m.GetCustomAttribute<PermitAttribute>()?.Name).OfType<string>().Concat(MayBeAskedInCode()).Distinct().ToList();
        var granted = await site.Rows<string>("select distinct unnest(permits) from role");
        Assert.Empty(asked.Except(granted));
        Assert.Empty(granted.Except(asked).Except(OnlyOnPages));
    }

    /// <summary>A page that shows a button only to some asks <c>May("…")</c>.</summary>
    private static IEnumerable<string> MayBeAskedInCode() =>
        Directory.EnumerateFiles(Path.Combine(SliceTests.Root, "src/Site"), "*.cs*", SearchOption.AllDirectories).Where(f => !f.Contains("/obj/") && !f.Contains("/bin/"))
            .SelectMany(f => System.Text.RegularExpressions.Regex.Matches(File.ReadAllText(f), @"May\(""([a-z.\-]+)""\)").Select(m => m.Groups[1].Value));

    [Fact]
    public async Task A_key_without_the_permit_is_turned_away_before_anything_is_read()
    {
        // A school's system may not import and an unknown key is nobody.
        using var stranger = site.Nobody();
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await stranger.GetAsync($"/api/notices/{Guid.NewGuid()}")).StatusCode);
        stranger.DefaultRequestHeaders.Authorization = new("Bearer", "heed_0000");
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await stranger.GetAsync($"/api/notices/{Guid.NewGuid()}")).StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await stranger.GetAsync("/api/reports")).StatusCode);
    }
}
