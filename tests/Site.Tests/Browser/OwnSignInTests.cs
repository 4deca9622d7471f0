using Heed.Site.Tests.Access;
using Microsoft.Playwright;

namespace Heed.Site.Tests.Browser;

/// <summary>Signing in by an agency's own provider as a browser does it, which holds our content security policy against every step.</summary>
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
}
