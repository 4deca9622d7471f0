using Heed.Site.Tests.Access;
using Microsoft.Playwright;

namespace Heed.Site.Tests.Browser;

/// <summary>Signing in by an agency's own provider as a browser does it, which holds our content security policy against every step; and out of what was left open elsewhere.</summary>
public sealed class OwnSignInTests(TestSite site, Chromium chromium) : IClassFixture<TestSite>
{
    [Fact]
    public async Task A_browser_goes_to_the_provider_comes_back_signed_in_and_is_led_there_again_to_sign_out()
    {
        await using var own = await OpenIdProvider.Start(site);
        await own.Has("b-1", "Bea Browser", groups: ["Duty"]);
        var page = await chromium.At(new(own.Heed, "/sign-in?then=%2Fclocks"));
        await page.FillAsync("#Email", "anybody@norton.example.gov.uk");
        await page.ClickAsync("button:has-text('Continue')");
        await page.FillAsync("input[name=login]", "b-1");
        await page.ClickAsync("button:has-text('Sign in')");
        await Assertions.Expect(page.Locator(".heed-signed-in__who")).ToContainTextAsync("Bea Browser");
        Assert.Equal("/clocks", new Uri(page.Url).AbsolutePath);
        await page.RunAndWaitForRequestAsync(() => page.ClickAsync("button:has-text('Sign out')"), asked => asked.Url.StartsWith($"{own.Issuer}/session/end"));
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(360)]
    public async Task A_page_left_open_says_that_its_session_ends_keeps_it_when_somebody_is_there_and_leaves_the_screen_with_it(int width)
    {
        var page = await chromium.SignedIn(site, "Nadine Ramsey", width);
        var session = await site.Row<Guid>("select id from session where practitioner_id = $1 and ended_at is null order by began_at desc, id desc limit 1", site.Practitioner("ramsey"));
        Task Unused(string how) => site.Administer($"update session set seen_at = now() - interval '{how}' where id = $1", session);
        // As when somebody comes back to it.
        Task Back() => page.EvaluateAsync("() => document.dispatchEvent(new Event('visibilitychange'))");
        await page.GotoAsync("/clocks");
        await Unused("29 minutes");
        await Back();
        await Assertions.Expect(page.Locator(".heed-session [role=alert]")).ToContainTextAsync("signed out in about two minutes");
        Assert.Empty(await chromium.Faults(page));
        await Shot("soon");
        await page.ClickAsync("text=Stay signed in");
        await Assertions.Expect(page.Locator(".heed-session")).ToBeEmptyAsync();
        Assert.True(await site.Row<bool>("select seen_at > now() - interval '1 minute' from session where id = $1", session));

        await Unused("31 minutes");
        await Back();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("You are not signed in any more");
        Assert.DoesNotContain("Ramsey", await page.ContentAsync());
        Assert.Empty(await chromium.Faults(page));
        await Shot("over");
        await page.ClickAsync("text=Sign in");
        Assert.Equal("/sign-in?then=%2Fclocks", new Uri(page.Url).PathAndQuery);

        // The worklist's stream says it at once; and where somebody else has signed in at the same browser it is their page no more.
        await page.ClickAsync("button:has-text('Nadine Ramsey')");
        await page.GotoAsync("/");
        await site.Administer("update session set ended_at = now(), ended_because = 'a test' where practitioner_id = $1 and ended_at is null", site.Practitioner("ramsey"));
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("You are not signed in any more");
        await page.GotoAsync("/sign-in");
        await page.ClickAsync("button:has-text('Nadine Ramsey')");
        await page.GotoAsync("/clocks");
        var other = await page.Context.NewPageAsync();
        await other.GotoAsync("/sign-in");
        await other.ClickAsync("button:has-text('Siobhan Whelan')");
        await Assertions.Expect(other.Locator(".heed-signed-in__who")).ToContainTextAsync("Siobhan Whelan");
        await Back();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("You are not signed in any more");

        async Task Shot(string state)
        {
            if (Environment.GetEnvironmentVariable("HEED_SHOTS") is { Length: > 0 } shots)
            {
                await page.ScreenshotAsync(new() { Path = Path.Combine(shots, $"session-{state}-{width}.png") });
            }
        }
    }

    [Theory]
    [InlineData(1280, true)]
    [InlineData(320, true)]
    [InlineData(320, false)]
    public async Task Somebody_ends_where_else_they_are_signed_in_on_pages_that_are_clean_in_each_state_and_need_no_script(int width, bool script)
    {
        var elsewhere = await chromium.SignedIn(site, "Nadine Ramsey", width, script);
        await chromium.SignedIn(site, "Nadine Ramsey", width, script);
        var page = await chromium.SignedIn(site, "Nadine Ramsey", width, script);
        await page.ClickAsync(".heed-signed-in a");
        await Clean("unproved");
        await page.ClickAsync("text=Prove who I am");
        await page.ClickAsync("button:has-text('It is me')");
        await Clean("proved");
        await page.ClickAsync("button:has-text('End it') >> nth=0");
        await Clean("ended");
        await page.ClickAsync("button:has-text('End all others')");
        await Assertions.Expect(page.Locator("main tbody tr")).ToHaveCountAsync(1);
        await elsewhere.GotoAsync("/clocks");
        Assert.Equal("/sign-in", new Uri(elsewhere.Url).AbsolutePath);

        async Task Clean(string state)
        {
            await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Where you are signed in");
            Assert.Empty(script ? await chromium.Faults(page) : []);
            Assert.True(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth") <= 0, $"{state}: wider than its window");
            if (Environment.GetEnvironmentVariable("HEED_SHOTS") is { Length: > 0 } shots)
            {
                await page.ScreenshotAsync(new() { Path = Path.Combine(shots, $"sessions-{state}-{width}-{script}.png"), FullPage = true });
            }
        }
    }
}
