using Microsoft.Playwright;

namespace Heed.Site.Tests.Browser;

/// <summary>Administration as the business manager, an agency's own manager and a privacy reviewer see it.</summary>
public sealed class AdministrationTests(LiveSite site, Chromium chromium) : IClassFixture<LiveSite>
{
    [Fact]
    public async Task Every_page_of_administration_is_clean_by_axe_and_no_wider_than_its_window_and_two_people_publish_an_agreement()
    {
        await site.Administer("update practitioner set can_sign_in = true where key in ('khalid', 'verma', 'ashworth')");
        var business = await chromium.SignedIn(site, "Miriam Ashworth");
        await business.GotoAsync("/administration/agreements/school-to-council");
        await business.ClickAsync("summary:has-text('Draft a new version')");
        await business.CheckAsync("input[value=neglect]");
        await business.FillAsync("[name='StartsOn.Day']", "1");
        await business.FillAsync("[name='StartsOn.Month']", "12");
        await business.FillAsync("[name='StartsOn.Year']", "2026");
        await business.ClickAsync("button:has-text('Draft it')");
        await Assertions.Expect(business.Locator(".govuk-error-summary")).ToContainTextAsync("whoever publishes it reads this");
        await business.FillAsync("[name=Reason]", "Agreed in November");
        await business.ClickAsync("button:has-text('Draft it')");
        await Assertions.Expect(business.Locator("main")).ToContainTextAsync("Somebody else publishes it");
        var faults = new List<string>();
        foreach (var width in new[] { 320, 1280 })
        {
            foreach (var (who, paths) in new[]
            {
                ("Miriam Ashworth", new[] { "/administration", "/administration/people", $"/administration/person/{site.Practitioner("ramsey")}", "/administration/rotas", $"/administration/rotas/{site.Team("norton-stockton-front-door")}", "/limits", "/administration/agreements", "/administration/agreements/school-to-council", "/administration/retention", "/administration/agencies" }),
                ("Rubina Khalid", ["/administration", "/administration/agreements/school-to-council", "/administration/retention"]), ("Ishaan Verma", ["/administration"]),
            })
            {
                var page = await chromium.SignedIn(site, who, width);
                foreach (var path in paths)
                {
                    await page.GotoAsync(path);
                    faults.AddRange((await chromium.Faults(page)).Select(f => $"{who}, {path}, {width}: {f}"));
                    if (Environment.GetEnvironmentVariable("HEED_SHOTS") is { Length: > 0 } shots)
                    {
                        await page.ScreenshotAsync(new() { Path = Path.Combine(shots, $"{who.Split(' ')[0]}-{Array.IndexOf(paths, path)}-{width}.png"), FullPage = true });
                    }
                }
            }
        }
        Assert.True(faults.Count == 0, string.Join("\n", faults));
        var second = await chromium.SignedIn(site, "Rubina Khalid");
        await second.GotoAsync("/administration/agreements/school-to-council");
        await Assertions.Expect(second.Locator("main")).ToContainTextAsync("Councils would be told less by schools: no longer of anti-social behaviour");
        await second.ClickAsync("button:has-text('Publish it')");
        await Assertions.Expect(second.Locator("main")).ToContainTextAsync("Miriam Ashworth drafted it; Rubina Khalid published it");
    }
}
