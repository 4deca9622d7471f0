using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Heed.Site.Files;
using Microsoft.Playwright;
using NodaTime;

namespace Heed.Site.Tests.Browser;

public sealed partial class JourneyTests(LiveSite site, Chromium chromium) : IClassFixture<LiveSite>
{
    [Fact]
    public async Task A_report_appears_to_the_social_worker_who_opens_and_acknowledges_it_and_the_sender_sees_that()
    {
        var worker = await chromium.SignedIn(site, "Nadine Ramsey");
        await worker.WaitForResponseAsync(r => r.Url.Contains("/live/worklist"), new() { Timeout = 10_000 }).ContinueWith(_ => { });
        var receipt = await (await site.Send(TestSite.Report("J/1"))).Content.ReadFromJsonAsync<JsonElement>();
        var id = receipt.GetProperty("id").GetGuid();

        var sender = await chromium.SignedIn(site, "Denise Thirlwell");
        await sender.GotoAsync($"/reports/{id}");
        await Assertions.Expect(sender.Locator("main")).ToContainTextAsync("not yet");

        // Nothing moves by itself: the bar says how many, and its link asks for the page again.
        await Assertions.Expect(worker.Locator(".heed-live--new")).ToContainTextAsync(NewOnes());
        await worker.ClickAsync(".heed-live--new a");
        await worker.ClickAsync($"a[href='/notices/{await site.NoticeTo("norton-stockton", id)}']");
        await Assertions.Expect(worker.Locator("h1")).ToHaveTextAsync("Domestic abuse from Tees Valley Police");
        await Assertions.Expect(worker.Locator("main")).ToContainTextAsync("What was known before");
        await worker.ClickAsync("button:has-text('Acknowledge')");
        await Assertions.Expect(worker.Locator(".govuk-notification-banner")).ToContainTextAsync("You have accepted responsibility");
        // The child is heard before the decision, and not on another page only.
        await worker.ClickAsync("a:has-text('Decide for each child')");
        await Assertions.Expect(worker.Locator("main")).ToContainTextAsync("I heard it.");

        await Assertions.Expect(sender.Locator(".heed-live")).ToContainTextAsync("1 of 2 opened, 1 acknowledged.");
        await sender.ReloadAsync();
        await Assertions.Expect(sender.Locator(".govuk-summary-card", new() { HasTextString = "Norton and Stockton Council" })).ToContainTextAsync("Nadine Ramsey");
    }

    [Fact]
    public async Task Whoever_reads_a_notice_learns_of_its_correction_while_they_read()
    {
        var first = (await (await site.Send(TestSite.Report("J/6"))).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        var page = await chromium.SignedIn(site, "Nadine Ramsey");
        await page.GotoAsync($"/notices/{await site.NoticeTo("norton-stockton", first)}");
        var second = (await (await site.Send(TestSite.Report("J/6", r => (r["version"], r["supersedes"], r["supersessionReason"], r["risk"]!["grade"]) = (2, 1, "The grade was wrong", "high")))).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        await Assertions.Expect(page.Locator(".heed-live--new")).ToContainTextAsync("The sender has corrected this.");
        await page.ClickAsync(".heed-live--new a");
        await Assertions.Expect(page).ToHaveURLAsync($"/notices/{await site.NoticeTo("norton-stockton", second)}");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Urgent: Domestic abuse from Tees Valley Police");
    }

    [Fact]
    public async Task An_ignored_notice_climbs_to_the_manager_on_duty_who_finds_it_on_top()
    {
        await site.Send(TestSite.Report("J/2"));
        var clock = await site.Row<Guid>("select c.id from clock c join report r on r.id = c.report_id where r.reference = 'J/2' and c.limit_key = 'referral.decision'");
        // The decision runs out at midnight; on the next morning it has climbed to whoever is on duty above the front door.
        await site.TimeIs(Cluster.Usual + Duration.FromDays(1) + Duration.FromHours(18));
        await Wait(async () => await site.Row<string>("select state from clock where id = $1", clock) == "breached");
        await Wait(async () => (await site.Rows<Guid>("select told from clock_event where clock_id = $1 and what in ('breached', 'climbed') and told is not null", clock)).Count > 0);
        var told = await site.Row<string>("select p.name from clock_event e join practitioner p on p.id = e.told where e.clock_id = $1 and e.what = 'breached'", clock);
        var page = await chromium.SignedIn(site, "Rubina Khalid");
        await page.GotoAsync($"/clocks/{clock}");
        await Assertions.Expect(page.Locator(".moj-timeline")).ToContainTextAsync($"{told} was told");
        await page.GotoAsync("/clocks");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("and still not done");
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task Without_JavaScript_a_notice_is_read_taken_handed_on_and_decided()
    {
        await site.Send(TestSite.Report("J/3"));
        var page = await chromium.SignedIn(site, "Nadine Ramsey", script: false);
        await page.ClickAsync("a:has-text('Testa Probe') >> nth=-1");
        await page.ClickAsync("button:has-text('Take it')");
        await Assertions.Expect(page.Locator(".govuk-notification-banner")).ToContainTextAsync("This is yours now");
        await page.ClickAsync("a:has-text('Decide for each child')");
        await page.ClickAsync("button:has-text('Record the decision')");
        await Assertions.Expect(page.Locator(".govuk-error-summary")).ToContainTextAsync("Choose what happens next for this child");
        Assert.StartsWith("Error: ", await page.TitleAsync());
        Assert.Equal(0, await page.Locator("input[type=radio]:checked").CountAsync());
        await page.CheckAsync("input[value=child-in-need]");
        await page.CheckAsync("input[value=referral]");
        await page.CheckAsync("input[value=assessment]");
        await page.CheckAsync("input[name^=ParentsTold][value=yes]");
        await page.FillAsync("textarea[name^=Reason]", "Strangulation is alleged; an assessment is needed.");
        await page.ClickAsync("button:has-text('Record the decision')");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Decided: Accept as a referral");
        await Assertions.Expect(page.Locator(".govuk-notification-banner")).ToContainTextAsync("the sender can see it");
        await page.ClickAsync("a:has-text('Under way')");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("To be complete");
    }

    [Fact]
    public async Task What_is_not_there_is_said_in_words_on_a_page_and_in_problem_details_by_API()
    {
        var page = await chromium.SignedIn(site, "Nadine Ramsey");
        await page.GotoAsync("/problem/409");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Somebody else was first");
        Assert.Equal(404, (await page.GotoAsync($"/notices/{Guid.CreateVersion7()}"))!.Status);
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Not found");
        using var police = site.System("tees-valley-police");
        foreach (var answer in new[] { await police.GetAsync("/api/nothing"), await police.PostAsync("/api/reports", new StringContent("hello")) })
        {
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        }
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(320)]
    public async Task An_emergency_from_the_interruption_to_the_review_is_clean_by_axe_and_no_wider_than_its_window(int width)
    {
        var receipt = await (await site.Send(TestSite.Report($"J/4/{width}"))).Content.ReadFromJsonAsync<JsonElement>();
        var report = receipt.GetProperty("id").GetGuid();
        await Wait(async () => await site.Row<long>("select count(*) from link l join mention m on m.source_record_id = l.source_record_id where m.report_id = $1", report) == 2);
        var person = await site.Row<Guid>("select l.person_id from link l join mention m on m.source_record_id = l.source_record_id where m.report_id = $1 and m.is_child", report);
        var manager = await chromium.SignedIn(site, "Rubina Khalid", width);
        var faults = new List<string>();
        // Another council holds something restricted: from the interruption to the review.
        var held = Guid.CreateVersion7();
        await site.Administer("insert into source_record (id, agency_id, tier, tier_reason) values ($1, $2, 'restricted', 'A test')", held, site.Agency("levenside"));
        await site.Administer("insert into link (id, source_record_id, person_id, rules, verdict, reason) values (gen_random_uuid(), $1, $2, 'a test', 'same', 'A test')", held, person);
        await manager.GotoAsync($"/children/{person}");
        await manager.ClickAsync("text=Open it in an emergency");
        await Look(manager, "the interruption");
        await manager.ClickAsync("text=Continue: prove who I am");
        await Look(manager, "proving who it is");
        await manager.ClickAsync("text=It is me");
        await Look(manager, "why it cannot wait");
        await manager.ClickAsync("button:has-text('Open for one hour')");
        await Look(manager, "what is missing");
        await Assertions.Expect(manager.Locator(".govuk-error-summary")).ToContainTextAsync("Choose why it cannot wait");
        await manager.CheckAsync("input[value=danger]");
        await manager.FillAsync("textarea[name=Words]", "He is at the door");
        await manager.ClickAsync("button:has-text('Open for one hour')");
        await Assertions.Expect(manager.Locator("main")).ToContainTextAsync("You have this open in an emergency");
        await Look(manager, "the child, open in an emergency");
        var reviewer = await chromium.SignedIn(site, "Ishaan Verma", width);
        await Look(reviewer, "the reviewer's worklist");
        await reviewer.GotoAsync("/emergency-access");
        await Look(reviewer, "the queue");
        await reviewer.GotoAsync($"/emergency-access/{await site.Row<Guid>("select id from emergency_access where person_id = $1 and ended_at is null", person)}");
        await Look(reviewer, "one to review");
        await manager.GotoAsync("/emergency-access");
        await Look(manager, "what is open");
        await manager.ClickAsync("button:has-text('I have what I needed')");
        await manager.GotoAsync($"/children/{person}");
        await Assertions.Expect(manager.Locator("main")).ToContainTextAsync("Open it in an emergency");
        Assert.True(faults.Count == 0, string.Join("\n", faults));

        async Task Look(IPage page, string what) => faults.AddRange((await chromium.Faults(page)).Select(f => $"{what}: {f}"));
    }

    [Fact]
    public async Task The_keyboard_alone_goes_from_the_worklist_to_a_decision()
    {
        // A child like no other of these tests: none of the others decides on her.
        var report = await site.Received(TestSite.Report("J/5", r => (r["people"]![0]!["givenNames"], r["people"]![0]!["familyName"], r["people"]![0]!["born"]) = ("Kestrel", "Keyes", "2013-10-11")));
        var page = await chromium.SignedIn(site, "Nadine Ramsey");
        await Tab(page, "Kestrel Keyes");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(Address());
        await Assertions.Expect(page.Locator("button:has-text('Acknowledge')")).ToBeVisibleAsync();
        await Tab(page, "Acknowledge");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".govuk-notification-banner")).ToContainTextAsync("You have accepted responsibility");
        await Tab(page, "Decide for each child");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Decide: ");
        // Nothing is chosen: refused, and the summary that says so has the focus; its first link leads to what it names, and so does each Tab after.
        await Tab(page, "Record the decision for Kestrel Keyes");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".govuk-error-summary")).ToBeFocusedAsync();
        await Assertions.Expect(page.Locator(".govuk-error-summary")).ToContainTextAsync("Kestrel Keyes: Choose what happens next for this child");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("[name^=Threshold] >> nth=0")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.Locator("[name^=Next] >> nth=0")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("Seen by nobody since Monday.");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Space");
        await Tab(page, "Record the decision for Kestrel Keyes");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Decided: Accept as a referral");
        Assert.Equal("Seen by nobody since Monday.", await site.Row<string>("select c.reason from contact c join notice n on n.id = c.notice_id where n.report_id = $1 and c.decision = 'referral' and c.parents_told", report));
    }

    private static async Task Tab(IPage page, string to)
    {
        for (var i = 0; i < 80; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<string?>("() => document.activeElement?.textContent?.trim()") is { } text && text.Split(",")[0] == to)
            {
                Assert.True(await page.EvaluateAsync<bool>("() => document.activeElement.matches(':focus-visible')"));
                return;
            }
        }
        Assert.Fail($"The keyboard never came to \"{to}\"");
    }

    internal static async Task Wait(Func<Task<bool>> until)
    {
        for (var i = 0; i < 200; i++)
        {
            if (await until())
            {
                return;
            }
            await Task.Delay(50);
        }
        Assert.Fail("It did not come about within ten seconds");
    }

    [GeneratedRegex(@"^\d+ new Show$")]
    private static partial Regex NewOnes();

    [GeneratedRegex(".*/notices/.*")]
    private static partial Regex Address();
}
