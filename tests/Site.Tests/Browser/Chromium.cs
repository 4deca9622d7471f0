using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Heed.Site.Tests.Browser.Chromium))]

namespace Heed.Site.Tests.Browser;

/// <summary>Debian's Chromium, headless, one for the run; axe-core from npm.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;
    private string _axe = null!;

    public async ValueTask InitializeAsync()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Heed.slnx")))
        {
            root = root.Parent;
        }
        _axe = await File.ReadAllTextAsync(Path.Combine(root!.FullName, "node_modules", "axe-core", "axe.min.js"));
        _playwright = await Playwright.CreateAsync();
        var chromium = (from name in new[] { "chromium-headless-shell", "chromium" } from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':') select Path.Combine(folder, name)).First(File.Exists);
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = Quiet });
    }

    /// <summary>A browser of somebody's own, at this address.</summary>
    public async Task<IPage> At(Uri address)
    {
        var page = await (await _browser.NewContextAsync()).NewPageAsync();
        await page.GotoAsync(address.ToString());
        return page;
    }

    /// <summary>A browser of somebody's own, signed in on the page that everybody signs in on.</summary>
    public async Task<IPage> SignedIn(TestSite site, string name, int width = 1280, bool script = true)
    {
        var context = await _browser.NewContextAsync(new() { BaseURL = site.Address.ToString(), ViewportSize = new() { Width = width, Height = 900 }, JavaScriptEnabled = script });
        var page = await context.NewPageAsync();
        await page.GotoAsync("/sign-in");
        await page.ClickAsync($"button:has-text('{name}')");
        return page;
    }

    /// <summary>What axe finds against WCAG 2.2 AA, and whether the page is wider than its window.</summary>
    public async Task<IReadOnlyList<string>> Faults(IPage page)
    {
        await page.EvaluateAsync(_axe);
        // govuk-frontend says with aria-expanded that a radio opens a further question; axe knows it as a fault, the Design System keeps it for screen readers (alphagov/govuk-frontend#979).
        var found = await page.EvaluateAsync<string[]>("""
            async () => (await axe.run(document, { preload: false, resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })).violations
                .flatMap(v => v.nodes.filter(n => !(v.id === 'aria-allowed-attr' && document.querySelector(n.target[0])?.matches('.govuk-radios__input[aria-expanded]'))).map(n => `${v.id}: ${n.target} (${v.help})`))
            """);
        var wide = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth");
        var title = await page.TitleAsync();
        var heading = await page.Locator("h1").First.TextContentAsync();
        return [.. found, .. wide > 0 ? [$"The page is {wide} pixels wider than its window"] : Array.Empty<string>(), .. title.Contains(heading!.Trim()) ? Array.Empty<string>() : [$"The title \"{title}\" does not say the heading"]];
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
