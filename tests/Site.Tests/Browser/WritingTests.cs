using Microsoft.Playwright;

namespace Heed.Site.Tests.Browser;

/// <summary>The officer's form on a telephone at the kitchen table: 320 px wide, with a script and without.</summary>
public sealed class WritingJourneyTests(LiveSite site, Chromium chromium) : IClassFixture<LiveSite>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_officer_writes_a_report_section_by_section_and_sees_who_has_it(bool script)
    {
        var page = await chromium.SignedIn(site, "Chidi Okafor", width: 320, script);
        var faults = new List<string>();
        await page.GotoAsync("/reports/drafts");
        await page.ClickAsync("button:has-text('Start a report')");
        await Faultless("what");
        await page.ClickAsync("a:has-text('All sections')");
        await Faultless("tasks");
        await page.ClickAsync("a:has-text('What happened')");
        await Continue();
        await Assertions.Expect(page.Locator(".govuk-error-summary")).ToContainTextAsync("Choose what kind of incident it was");
        await Faultless("what, refused");
        await page.CheckAsync("input[value=domestic-abuse]");
        await page.CheckAsync("input[name='What.Occurred.On'][value=today]");
        await page.FillAsync("[name='What.Occurred.Time']", "0:05");
        await page.CheckAsync("input[value=about]");
        await page.CheckAsync("input[name='What.Known.On'][value=today]");
        await page.FillAsync("[name='What.Known.Time']", "0:10");
        await page.FillAsync("[name='What.Line']", "3 Test Street");
        await page.FillAsync("[name='What.Postcode']", "TS20 2AB");
        await page.FillAsync("[name='What.Summary']", "Shouting heard; a chair broken.");
        await Continue();
        await page.CheckAsync("input[name='Risk.Instrument'][value=dash-2009]");
        await page.CheckAsync("input[name=dash-2009-18][value=yes]");
        await Faultless("risk");
        await Continue();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Strangulation or choking");
        Assert.Equal(0, await page.Locator("input[type=radio]:checked").CountAsync());
        await Faultless("grade");
        await page.CheckAsync("input[value=high]");
        await Continue();
        await page.FillAsync("[name='Person.GivenNames']", "Moira");
        await page.FillAsync("[name='Person.FamilyName']", script ? "Probe" : "Prober");
        if (!script)
        {
            await page.ClickAsync("button:has-text('Search the force')");
        }
        // With a script the offer comes by itself while the name is typed.
        await Assertions.Expect(page.Locator("#known")).ToContainTextAsync("force");
        await page.CheckAsync("input[value=victim]");
        await Faultless("person");
        await Continue();
        await Faultless("people");
        await page.ClickAsync("a:has-text('Nobody else: continue')");
        await page.CheckAsync("input[name='Children.Present'][value=no]");
        await page.CheckAsync("input[name='Children.Household'][value=yes]");
        await Faultless("children");
        // The green button, though no child is added yet: it asks who.
        await Continue();
        await page.FillAsync("[name='Person.GivenNames']", "Testa");
        await page.CheckAsync("input[name='Person.Unborn'][value=true]");
        foreach (var born in new[] { "School", "Seen", "OwnWords" })
        {
            await Assertions.Expect(page.Locator($"[name='Person.{born}']").First).ToBeHiddenAsync();
        }
        await page.CheckAsync("input[name='Person.Unborn'][value=false]");
        await page.CheckAsync("input[name='Person.Seen'][value=no]");
        await page.SelectOptionAsync("select[name='Related-p1']", "mother");
        await Faultless("child");
        await Continue();
        await Faultless("children, one added");
        await page.ClickAsync("button:has-text('That is every child')");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Check your answers");
        await Faultless("check");
        await page.ClickAsync("button:has-text('Send the report')");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Sent. Who has it");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Norton and Stockton Council");
        await page.GotoAsync("/reports/drafts");
        await Faultless("drafts");
        Assert.True(faults.Count == 0, string.Join("\n", faults));

        Task Continue() => page.ClickAsync("form button:visible:text-is('Continue') >> nth=-1");

        async Task Faultless(string where)
        {
            // axe itself is a script.
            if (script)
            {
                faults.AddRange((await chromium.Faults(page)).Select(f => $"{where}: {f}"));
            }
        }
    }

    /// <summary>
    /// A household of two adults and two children, with every question of DASH. At 1.5 seconds a choice and 40 words a minute that is under three minutes (measured with a child's words and a summary of 130 letters:
    /// 168 s); a page or a required answer more is time at a kitchen table.
    /// </summary>
    [Fact]
    public async Task A_household_with_every_question_of_DASH_takes_twelve_pages_and_no_answer_more_than_is_needed()
    {
        var page = await chromium.SignedIn(site, "Chidi Okafor", width: 390);
        var (pages, choices, typed) = (0, 0, 0);
        async Task Choose(string what)
        {
            await page.CheckAsync(what);
            choices++;
        }
        async Task Type(string field, string words)
        {
            await page.FillAsync($"[name='{field}']", words);
            typed++;
        }
        async Task Go(string what, string heading)
        {
            await page.ClickAsync($"{what} >> visible=true >> nth=-1");
            await Assertions.Expect(page.Locator("h1")).ToContainTextAsync(heading);
            (pages, choices) = (pages + 1, choices + 1);
        }
        const string On = "main button:text-is('Continue')";
        await page.GotoAsync("/reports/drafts");
        await Go("button:has-text('Start a report')", "What happened");
        await Choose("input[value=domestic-abuse]");
        await Choose("input[name='What.Occurred.On'][value=today]");
        await Type("What.Occurred.Time", "0:01");
        await Choose("input[value=about]");
        await Choose("input[name='What.Known.On'][value=today]");
        await Type("What.Known.Time", "0:02");
        await Type("What.Summary", "Shouting heard; a chair broken.");
        await Go(On, "Risk questions");
        await Choose("input[name='Risk.Instrument'][value=dash-2009]");
        for (var question = 1; question <= 27; question++)
        {
            await Choose($"input[name=dash-2009-{question}][value=no]");
        }
        await Go(On, "Your grade");
        await Choose("input[value=medium]");
        await Go(On, "A person");
        await Choose("input[value=victim]");
        await Go("button:has-text('Save and add another person')", "A person");
        await Choose("input[value=suspect]");
        await Go(On, "Adults and others");
        await Go("a:has-text('Nobody else: continue')", "Children");
        await Choose("input[name='Children.Present'][value=yes]");
        await Choose("input[name='Children.Household'][value=yes]");
        await Go(On, "A child");
        await Choose("input[name='Person.Seen'][value=alone]");
        await Go("button:has-text('Save and add another child')", "A child");
        await Choose("input[name='Person.Seen'][value=alone]");
        await Go(On, "Children");
        await Go("button:has-text('That is every child')", "Check your answers");
        await Go("button:has-text('Send the report')", "Report");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Sent. Who has it");
        Assert.Equal((12, 51, 3), (pages, choices, typed));
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(320)]
    public async Task The_desk_is_clean_by_axe_and_no_wider_than_its_window(int width)
    {
        var report = await site.Received(TestSite.Report($"WJ/{width}"));
        var page = await chromium.SignedIn(site, "Denise Thirlwell", width);
        var faults = new List<string>();
        foreach (var path in new[] { "/desk", $"/desk/{report}" })
        {
            await page.GotoAsync(path);
            faults.AddRange((await chromium.Faults(page)).Select(f => $"{path}: {f}"));
        }
        await page.CheckAsync("input[value=high]");
        await page.FillAsync("[name=Reason]", "Third in a month");
        await page.ClickAsync("button:has-text('Record the desk')");
        await Assertions.Expect(page.Locator(".govuk-notification-banner")).ToContainTextAsync("beside the officer");
        await page.CheckAsync("input[name^=nothing-] >> nth=0");
        await page.ClickAsync("button:has-text('Record what was searched')");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("What the police searched");
        faults.AddRange((await chromium.Faults(page)).Select(f => $"after: {f}"));
        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    [Fact]
    public async Task A_name_and_a_word_without_an_end_push_no_page_aside_on_a_telephone()
    {
        var (name, word) = (new string('W', 300), new string('x', 9_000));
        var report = await site.Received(TestSite.Report("WJ/long", r =>
        {
            r["summary"] = word;
            r["place"]!["description"] = word[..500];
            var child = r["people"]![0]!;
            (child["givenNames"], child["familyName"], child["ownWords"], child["safeContact"], child["alsoKnownAs"]) = (name, name, word, word[..1_000], new System.Text.Json.Nodes.JsonArray(name));
            child["addresses"]![0]!["lines"]![0] = name;
        }));
        // Here the jobs run by themselves.
        for (var i = 0; i < 100 && (await site.Rows<Guid>("select l.person_id from mention m join link l on l.source_record_id = m.source_record_id and l.undone_at is null where m.report_id = $1 and m.is_child", report)).Count == 0; i++)
        {
            await Task.Delay(100);
        }
        var notice = await site.NoticeTo("norton-stockton", report);
        var person = await site.Row<Guid>("select l.person_id from mention m join link l on l.source_record_id = m.source_record_id and l.undone_at is null where m.report_id = $1 and m.is_child", report);
        var faults = new List<string>();
        foreach (var (who, paths) in new[] { ("Denise Thirlwell", new[] { "/desk", $"/desk/{report}", $"/reports/{report}" }), ("Nadine Ramsey", ["/", $"/notices/{notice}", $"/notices/{notice}/decide", $"/children/{person}"]) })
        {
            foreach (var width in new[] { 320, 1280 })
            {
                var page = await chromium.SignedIn(site, who, width);
                foreach (var path in paths)
                {
                    await page.GotoAsync(path);
                    if (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth") is > 0 and var wide)
                    {
                        faults.Add($"{path} at {width}: {wide} pixels wider than its window, by {await page.EvaluateAsync<string>("() => [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 6).map(e => e.tagName + '.' + e.className).join(' ')")}");
                    }
                }
            }
        }
        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    [Fact]
    public async Task Without_JavaScript_the_desk_begins_grades_records_and_goes_on()
    {
        await site.Received(TestSite.Report("WJ/first"));
        var page = await chromium.SignedIn(site, "Denise Thirlwell", width: 320, script: false);
        await page.GotoAsync("/desk");
        await page.SelectOptionAsync("#state", "ungraded");
        await page.ClickAsync("button:has-text('Filter')");
        await page.ClickAsync("a:has-text('Begin with')");
        await page.CheckAsync("input[value=high]");
        await page.FillAsync("[name=Reason]", "Third in a month");
        await page.ClickAsync("button:has-text('Record the desk')");
        await Assertions.Expect(page.Locator(".govuk-notification-banner")).ToContainTextAsync("beside the officer");
        await page.CheckAsync("input[name^=nothing-] >> nth=1");
        // What was found is folded away until somebody says that something was.
        await Assertions.Expect(page.Locator("textarea[name^=words-] >> nth=0")).ToBeHiddenAsync();
        await page.ClickAsync("summary:has-text('Something was found') >> nth=0");
        await page.FillAsync("textarea[name^=words-] >> nth=0", "Two earlier callouts");
        await page.ClickAsync("button:has-text('Record what was searched')");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Something found: Two earlier callouts");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Recorded already: Niche, PNC");
    }
}
