using System.Text;
using Heed.Site.Demo;
using Microsoft.Playwright;

namespace Heed.Site.Tests.Browser;

/// <summary>What nobody was told of, and how long telling took, as the desk, the council and the partnership's analyst see them.</summary>
public sealed class SilentTests(LiveSite site, Chromium chromium) : IClassFixture<LiveSite>
{
    [Fact]
    public async Task What_the_log_holds_stands_before_the_desk_and_the_council_and_every_page_is_clean_by_axe_and_no_wider_than_its_window()
    {
        await LoadLetter.Put(new(site.Databases, Cluster.Usual));
        await site.Received(TestSite.Report("SB/0"));
        var desk = await chromium.SignedIn(site, "Denise Thirlwell");
        await desk.GotoAsync("/incidents");
        await desk.SetInputFilesAsync("#File", new FilePayload
        {
            Name = "night.csv", MimeType = "text/csv",
            Buffer = Encoding.UTF8.GetBytes("reference,kind,occurredAt,grade,childPresent,postcode,suspectNumber\nSB/0,domestic-abuse,2026-11-18T11:40:00Z,medium,yes,TS20 2AB,\nSB/1,domestic-abuse,2026-11-18T01:00:00Z,medium,yes,TS20 2AB,NOM1\nSB/2,domestic-abuse,2026-11-18T11:30:00Z,standard,unknown,TS20 2AB,\nSB/3,missing,yesterday,high,yes,TS20 2AB,\n"),
        });
        await desk.ClickAsync("button:has-text('Send it')");
        await Assertions.Expect(desk.Locator(".govuk-notification-banner")).ToContainTextAsync("is being held against your reports");
        for (var i = 0; i < 100 && (await site.Rows<string>("select reference from untold")).Count < 2; i++)
        {
            await Task.Delay(100);
        }
        var untold = await site.Row<Guid>("select id from untold where reference = 'SB/2'");
        var flow = (await site.Rows<string>("select '/timeliness/' || force_id || '/' || council_id from delay d join agency a on a.id = d.council_id where a.key = 'bury' limit 1")).Single();
        var faults = new List<string>();
        foreach (var width in new[] { 320, 1280 })
        {
            foreach (var (who, paths) in new[] { ("Denise Thirlwell", new[] { "/incidents", $"/incidents/{untold}" }), ("Siobhan Whelan", ["/incidents", "/timeliness"]), ("Ffion Rees", ["/timeliness", "/timeliness?By=shift&Days=364", flow]) })
            {
                var page = await chromium.SignedIn(site, who, width);
                foreach (var path in paths)
                {
                    await page.GotoAsync(path);
                    faults.AddRange((await chromium.Faults(page)).Select(f => $"{who}, {path}, {width}: {f}"));
                    if (Environment.GetEnvironmentVariable("HEED_SHOTS") is { Length: > 0 } shots)
                    {
                        await page.ScreenshotAsync(new() { Path = Path.Combine(shots, $"{who.Split(' ')[0]}-{path.Split('/', '?')[1]}-{Array.IndexOf(paths, path)}-{width}.png"), FullPage = true });
                    }
                }
            }
        }
        Assert.True(faults.Count == 0, string.Join("\n", faults));
        // An answer without a reason comes back with what was chosen; with one it is over for this incident.
        await desk.GotoAsync($"/incidents/{untold}");
        await desk.CheckAsync("input[value=no-child]");
        await desk.ClickAsync("button:has-text('Record it')");
        await Assertions.Expect(desk.Locator(".govuk-error-summary")).ToContainTextAsync("Say in up to 2,000 characters how you know");
        Assert.True(await desk.IsCheckedAsync("input[value=no-child]"));
        await desk.FillAsync("[name=Reason]", "Rang the officer: two adults, no child lives there");
        await desk.ClickAsync("button:has-text('Record it')");
        await Assertions.Expect(desk.Locator(".govuk-notification-banner")).ToContainTextAsync("for this incident alone");
    }
}
