using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Heed.Site.Files;
using Heed.Site.Tests.Writing;
using Heed.Site.Writing;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Heed.Site.Tests.Browser;

/// <summary>
/// Every page that the program has, from its own list of routes, as somebody who works with it: clean by axe, no wider than its window with a script and without, and each control reached by Tab alone.
/// A page that is added and does not stand here fails.
/// </summary>
public sealed class EveryPageTests(LiveSite site, Chromium chromium) : IClassFixture<LiveSite>
{
    /// <summary>Seen by a journey of their own, in each of their states: AdministrationTests, SilentTests, JourneyTests (emergency).</summary>
    private static readonly string[] Elsewhere = ["incidents", "incidents/{id:guid}", "timeliness", "timeliness/{force:guid}/{council:guid}", "emergency-access", "emergency-access/child/{child:guid}/{hit:int?}", "emergency-access/{id:guid}", "sign-in/again"];

    [Theory]
    [InlineData(1280)]
    [InlineData(320)]
    public async Task Each_is_clean_by_axe_no_wider_than_its_window_and_reached_by_the_keyboard(int width)
    {
        var (open, decided) = (await site.Received(TestSite.Report($"E/1/{width}")), await site.Received(TestSite.Report($"E/2/{width}")));
        async Task<Guid> Near(string born) => await site.Received(TestSite.Report($"E/{born}/{width}", r => r["people"] = new JsonArray(new JsonObject
        {
            ["key"] = "c", ["roles"] = new JsonArray("child"), ["givenNames"] = $"Asta {width}", ["familyName"] = "Halvorsen", ["born"] = born,
            ["addresses"] = new JsonArray(new JsonObject { ["lines"] = new JsonArray("9 Lone Row"), ["postcode"] = "TS20 2AB" }),
        })));
        var (one, other) = (await Near("2016-03-04"), await Near("2016-03-05"));
        await JourneyTests.Wait(async () => await site.Row<long>("select count(*) from link l join mention m on m.source_record_id = l.source_record_id where m.report_id = any ($1)", new[] { open, decided, one, other }) == 6);
        Task<Guid> Of(string sql, Guid report) => site.Row<Guid>(sql, report);
        var (notice, acted) = (await site.NoticeTo("norton-stockton", open), await site.NoticeTo("norton-stockton", decided));
        Assert.Null(await site.Decides("ramsey", await Of("select id from contact where notice_id = $1", acted)));
        var person = await Of("select l.person_id from link l join mention m on m.source_record_id = l.source_record_id where m.report_id = $1 and m.is_child and l.undone_at is null", open);
        var (draft, sent) = await site.Works.As(site.Who("okafor"), "Writing a report", work =>
        {
            var (half, whole) = (Draft.Begin(work), Draft.Begin(work));
            half.Keep(WritingTests.Whole(), work.Now);
            return Task.FromResult((half.Id, whole.Id));
        });
        var (file, import) = await site.Works.As(site.Who("thirlwell"), "Sending a file of reports", async work =>
        {
            var (id, _) = await IncomingFile.Handle("night.csv", Encoding.UTF8.GetBytes($"Ref,Type,Occurred,Summary,Surname,DOB\nE/F/{width},neglect,18/11/2026 11:40,Seen alone,Probe,03/02/2018\n,burglary,,,Probe,\n"), work);
            return (id, (await SendFile.Begin(id, Columns.Guess((await IncomingFile.Of(id, work))!.Header), work)).Import);
        });
        var (search, _) = await site.Works.As(site.Who("khalid"), "Searching", work => Heed.Site.People.Search.Handle("probe", work));
        const string Manager = "Rubina Khalid", Desk = "Denise Thirlwell", Officer = "Chidi Okafor", Business = "Miriam Ashworth", Worker = "Nadine Ramsey";
        var school = await site.Row<string>("select name from practitioner where key = 'norton-primary-lead'");
        await site.Administer("update practitioner set can_sign_in = true where key in ('khalid', 'ashworth', 'norton-primary-lead', 'hewitt')");
        (string Route, string Who, string Path)[] pages =
        [
            ("", Worker, "/"), ("", school, "/"), ("", Desk, "/"), ("notices/{id:guid}", Worker, $"/notices/{notice}"), ("notices/{id:guid}", school, $"/notices/{await site.NoticeTo("norton-primary", open)}"), ("notices/{id:guid}/decide", Worker, $"/notices/{notice}/decide"), ("notices/{id:guid}/decide", Manager, $"/notices/{acted}/decide"),
            ("assessments/{id:guid}", Manager, $"/assessments/{await Of("select a.id from assessment a join contact c on c.id = a.contact_id where c.notice_id = $1", acted)}"),
            ("children/{id:guid}", Worker, $"/children/{person}"), ("children/{id:guid}/looks", Manager, $"/children/{person}/looks"), ("looks", Manager, "/looks"), ("mistakes", Manager, "/mistakes"),
            ("matches", Worker, "/matches"), ("matches/{id:guid}", Worker, $"/matches/{await site.Row<Guid>("select p.id from possible_match p join mention a on a.source_record_id = p.source_record_id join mention b on b.source_record_id = p.other_id where a.report_id = any ($1) and b.report_id = any ($1)", new[] { one, other })}"),
            ("links/{id:guid}", Worker, $"/links/{await Of("select l.id from link l join mention m on m.source_record_id = l.source_record_id where m.report_id = $1 and m.is_child and l.undone_at is null", open)}"),
            ("search/{id:guid?}", Manager, "/search"), ("search/{id:guid?}", Manager, $"/search/{search!.Id}"),
            ("clocks", Manager, "/clocks"), ("clocks/{id:guid}", Manager, $"/clocks/{await Of("select id from clock where notice_id = $1 and limit_key = 'referral.decision'", notice)}"), ("limits", Manager, "/limits"), ("exchange", Manager, "/exchange"), ("exchange", Desk, "/exchange"),
            ("reports", Desk, "/reports"), ("reports/{id:guid}", Desk, $"/reports/{open}"), ("desk", Desk, "/desk"), ("desk/{id:guid}", Desk, $"/desk/{open}"), ("files", Desk, "/files"), ("files/{id:guid}", Desk, $"/files/{file}"), ("files/sent/{id:guid}", Desk, $"/files/sent/{import}"),
            ("reports/drafts", Officer, "/reports/drafts"), .. new[] { "", "/what", "/risk", "/grade", "/people", "/children", "/check" }.SelectMany(p => new[] { ("reports/drafts/{id:guid}" + p, Officer, $"/reports/drafts/{draft}{p}"), ("reports/drafts/{id:guid}" + p, Officer, $"/reports/drafts/{sent}{p}") }),
            .. new[] { "p1", "p2", "p3", "p4", "p4?child=true" }.Select(p => ("reports/drafts/{id:guid}/people/{key}", Officer, $"/reports/drafts/{draft}/people/{p}")),
            ("administration", Business, "/administration"), ("administration/people/{agency:guid?}", Business, "/administration/people"), ("administration/person/{id:guid}", Business, $"/administration/person/{site.Practitioner("ramsey")}"), ("administration/rotas/{team:guid?}", Business, "/administration/rotas"),
            ("administration/agreements/{key?}", Business, "/administration/agreements"), ("administration/schools/{school:guid?}", Business, "/administration/schools"), ("administration/schools/{school:guid?}", Business, $"/administration/schools/{site.Agency("norton-primary")}"), ("administration/thresholds", Business, "/administration/thresholds"), ("administration/retention", Business, "/administration/retention"), ("administration/agencies", Business, "/administration/agencies"), ("operation", Business, "/operation"), ("providers", Business, "/providers"), ("system-keys", Manager, "/system-keys"),
            ("problem/{status:int}", Worker, "/problem/404"), ("sessions", Worker, "/sessions"), ("sign-out", Worker, "/sign-out"), ("sign-in", Worker, "/sign-in"),
        ];
        var routes = site.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<PageActionDescriptor>() is not null).Select(e => e.RoutePattern.RawText!.Trim('/')).Distinct().ToList();
        Assert.Empty(routes.Except(pages.Select(p => p.Route)).Except(Elsewhere));
        Assert.Empty(pages.Select(p => p.Route).Concat(Elsewhere).Except(routes));

        var faults = new List<string>();
        foreach (var of in pages.GroupBy(p => p.Who))
        {
            var (scripted, plain) = (await chromium.SignedIn(site, of.Key, width), width == 320 ? await chromium.SignedIn(site, of.Key, width, script: false) : null);
            foreach (var (_, _, path) in of)
            {
                var answer = await scripted.GotoAsync(path);
                if (answer!.Status != 200 && !path.StartsWith("/problem"))
                {
                    faults.Add($"{path} as {of.Key}: {answer.Status}");
                }
                faults.AddRange((await chromium.Faults(scripted)).Concat(width == 320 ? await Unreached(scripted) : []).Select(f => $"{path} as {of.Key}: {f}"));
                if (plain is not null)
                {
                    await plain.GotoAsync(path);
                    if (await plain.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth") is > 0 and var wide)
                    {
                        faults.Add($"{path} as {of.Key}, without a script: {wide} pixels wider than its window");
                    }
                }
                if (Environment.GetEnvironmentVariable("HEED_SHOTS") is { Length: > 0 } shots)
                {
                    await scripted.ScreenshotAsync(new() { Path = Path.Combine(shots, $"{of.Key.Split(' ')[0]}{JsonNamingPolicy.KebabCaseLower.ConvertName(path.Split('?')[0].Replace('/', '-'))}-{width}.png"), FullPage = true });
                }
            }
        }
        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    /// <summary>What a mouse can use and Tab never came to. Of a group of radios one is enough: the arrows go to the others.</summary>
    private static async Task<IReadOnlyList<string>> Unreached(IPage page)
    {
        var stops = await page.EvaluateAsync<int>("""
            () => {
                window.reached = new Set();
                addEventListener('focusin', e => reached.add(e.target));
                document.activeElement?.blur();
                window.stops = () => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]:not([tabindex="-1"])')].filter(e => !e.disabled && e.checkVisibility() && e.getAttribute('aria-hidden') !== 'true');
                return stops().length;
            }
            """);
        for (var i = 0; i < stops + 2; i++)
        {
            await page.Keyboard.PressAsync("Tab");
        }
        return await page.EvaluateAsync<string[]>("""
            () => stops().filter(e => !reached.has(e) && !(e.type === 'radio' && [...reached].some(r => r.type === 'radio' && r.name === e.name && r.form === e.form)))
                .map(e => `Tab never comes to ${e.tagName.toLowerCase()} ${e.id || e.name || e.textContent.trim().slice(0, 40)}`)
            """);
    }
}
