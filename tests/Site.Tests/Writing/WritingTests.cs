using System.Net;
using System.Net.Http.Json;
using Heed.Plumbing.Gov;
using Heed.Site.Notices;
using Heed.Site.Writing;
using NodaTime;

namespace Heed.Site.Tests.Writing;

public sealed class WritingTests(TestSite site) : IClassFixture<TestSite>
{
    private async Task<HttpResponseMessage> Fill(HttpClient officer, string draft, string page, params (string, string)[] fields) => await TestSite.Post(officer, $"{draft}/{page}", fields);

    private static async Task<string> Begun(HttpClient officer) => (await TestSite.Post(officer, "/reports/drafts")).Headers.Location!.ToString().Replace("/what", "", StringComparison.Ordinal);

    /// <summary>A whole report, as an officer writes it.</summary>
    private async Task<string> Written(HttpClient officer)
    {
        var draft = await Begun(officer);
        await Fill(officer, draft, "what", ("What.Kind", "domestic-abuse"), ("What.Occurred.On", "today"), ("What.Occurred.Time", "11:40"), ("What.Precision", "about"), ("What.Known.On", "today"), ("What.Known.Time", "1200"),
            ("What.Line", "3 Test Street"), ("What.Locality", "Norton"), ("What.Postcode", "TS20 2AB"), ("What.Summary", "Shouting heard; a chair broken."));
        await Fill(officer, draft, "risk", ("Risk.Instrument", "dash-2009"), ("dash-2009-18", "yes"), ("dash-2009-6", "yes"), ("dash-2009-15", "no"), ("dash-2009-27", "not-known"));
        await Fill(officer, draft, "grade", ("Risk.Grade", "high"));
        await Fill(officer, draft, "people/p1", ("Person.GivenNames", "Moira"), ("Person.FamilyName", "Probe"), ("Person.Born.Day", "6"), ("Person.Born.Month", "5"), ("Person.Born.Year", "1990"), ("Person.Roles", "victim"), ("Person.Roles", "carer"), ("Person.Home", "there"));
        await Fill(officer, draft, "people/p2?child=true", ("Person.GivenNames", "Testa"), ("Person.FamilyName", "Probe"), ("Person.Unborn", "false"), ("Person.Born.Day", "3"), ("Person.Born.Month", "2"), ("Person.Born.Year", "2018"), ("Person.Home", "there"),
            ("Related-p1", "mother"), ("Person.School", "Norton Primary School"), ("Person.Seen", "alone"), ("Person.OwnWords", "I heard it."));
        await Fill(officer, draft, "people/p3?child=true", ("Person.FamilyName", "Probe"), ("Person.Unborn", "true"), ("Person.Expected.Day", "1"), ("Person.Expected.Month", "3"), ("Person.Expected.Year", "2027"), ("Related-p1", "mother"));
        await Fill(officer, draft, "children", ("Children.Present", "yes"), ("Children.Household", "yes"));
        return draft;
    }

    private static Guid IdOf(HttpResponseMessage redirect) => Guid.Parse(redirect.Headers.Location!.ToString().Split('/', '?')[2]);

    [Fact]
    public async Task What_an_officer_writes_is_sent_as_every_report_is_and_the_council_has_it()
    {
        using var officer = await site.SignedIn("okafor");
        var draft = await Written(officer);
        var sent = await TestSite.Post(officer, $"{draft}/check");
        Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
        var report = IdOf(sent);
        Assert.Equal("high", await site.Row<string>("select content #>> '{risk,grade}' from report where id = $1", report));
        Assert.Equal("yes", await site.Row<string>("select content #>> '{risk,answers,18}' from report where id = $1", report));
        Assert.Equal("yes", await site.Row<string>("select content ->> 'childInHousehold' from report where id = $1", report));
        Assert.Equal("about that time", await site.Row<string>("select occurred_precision from report where id = $1", report));
        Assert.Equal(Instant.FromUtc(2026, 11, 18, 11, 40), await site.Row<Instant>("select lower(occurred) from report where id = $1", report));
        Assert.Contains("Chidi Okafor", await site.Row<string>("select reported_by from report where id = $1", report));
        Assert.Equal(2L, await site.Row<long>("select count(*) from notice where report_id = $1 and withheld_because is null", report));
        Assert.Equal([1, 2], (await site.Row<short[]>("select mentions from notice n join agency a on a.id = n.to_agency where report_id = $1 and a.kind = 'council'", report)).Intersect(new short[] { 1, 2 }).Select(m => (int)m));
        Assert.Equal(new LocalDate(2027, 3, 1), await site.Row<LocalDate>("select expected from mention where report_id = $1 and key = 'p3'", report));
        // Sent, it is nobody's draft any more, and nothing that was typed is kept twice.
        Assert.Equal("{}", await site.Row<string>("select typed::text from draft where report_id = $1", report));
        Assert.Equal($"/reports/{report}", (await officer.GetAsync($"{draft}/what")).Headers.Location!.ToString());
    }

    [Theory]
    [InlineData("Norton Primary School")]
    [InlineData("111555")]
    public async Task Where_an_adult_works_at_the_school_that_is_told_its_notice_is_held_for_whom_it_has_named(string typed)
    {
        using var officer = await site.SignedIn("okafor");
        var draft = await Written(officer);
        await Fill(officer, draft, "people/p1", ("Person.GivenNames", "Moira"), ("Person.FamilyName", "Probe"), ("Person.Roles", "victim"), ("Person.Home", "there"), ("Person.WorksAt", typed));
        var check = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await officer.GetStringAsync($"{draft}/check"));
        Assert.Contains(check.QuerySelectorAll("dt"), t => t.TextContent.Trim() == "Works at" && t.NextElementSibling!.TextContent.Contains("Norton Primary School", StringComparison.Ordinal));
        var report = IdOf(await TestSite.Post(officer, $"{draft}/check"));
        Assert.Equal(site.Practitioner("norton-primary-deputy"), await site.Row<Guid?>("select held_for from notice where report_id = $1 and to_agency = $2", report, site.Agency("norton-primary")));
    }

    [Fact]
    public async Task Of_a_child_who_is_not_born_nobody_is_told_that_they_were_seen_go_to_school_or_said_anything()
    {
        using var officer = await site.SignedIn("okafor");
        var draft = await Written(officer);
        await Fill(officer, draft, "people/p3", ("Person.FamilyName", "Probe"), ("Person.Unborn", "true"), ("Person.Seen", "alone"), ("Person.School", "Norton Primary School"), ("Person.OwnWords", "Unspoken words."));
        Assert.DoesNotContain("Unspoken words.", await officer.GetStringAsync($"{draft}/check"));
        var report = IdOf(await TestSite.Post(officer, $"{draft}/check"));
        Assert.Equal(1, await site.Row<long>("select count(*) from mention where report_id = $1 and key = 'p3' and num_nonnulls(seen, seen_alone, school_name, school_urn, own_words) = 0", report));
        Assert.Equal(1, await site.Row<long>("select count(*) from mention where report_id = $1 and key = 'p2' and num_nonnulls(seen, seen_alone, school_name, school_urn, own_words) = 5", report));
    }

    [Fact]
    public async Task Two_clicks_on_Send_make_one_report()
    {
        using var officer = await site.SignedIn("okafor");
        var draft = await Written(officer);
        // The page is asked for once and its button pressed again and again: after the first the page itself is a receipt.
        var both = await TestSite.PostAtOnce(officer, $"{draft}/check", 4);
        Assert.Single(both.Select(IdOf).Distinct());
        var id = Guid.Parse(draft.Split('/')[^1]);
        Assert.Equal(1L, await site.Row<long>("select count(*) from report r join draft d on d.reference = r.reference where d.id = $1", id));
        Assert.Equal(0, await site.Row<int>("select k.replays from report_key k join draft d on d.reference = k.reference where d.id = $1", id));
    }

    [Fact]
    public async Task What_is_missing_is_said_by_section_and_field_and_nothing_typed_is_lost()
    {
        using var officer = await site.SignedIn("okafor");
        var draft = await Begun(officer);
        var refused = await Fill(officer, draft, "what", ("What.Kind", "domestic-abuse"), ("What.Occurred.On", "other"), ("What.Occurred.Day.Day", "31"), ("What.Occurred.Day.Month", "2"), ("What.Occurred.Day.Year", "2026"), ("What.Summary", "Kept words"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("The day when it happened: there is no such date", await refused.Content.ReadAsStringAsync());
        var again = await officer.GetStringAsync($"{draft}/what");
        Assert.Contains("Kept words", again);
        Assert.Contains("value=\"31\"", again);
        var check = await TestSite.Post(officer, $"{draft}/check");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, check.StatusCode);
        var page = await check.Content.ReadAsStringAsync();
        foreach (var link in new[] { "what?check=true#What_Precision", "grade?check=true#Risk_Grade", "children?check=true#Children_Present", "people?check=true#People" })
        {
            Assert.Contains($"{draft}/{link}", page);
        }
        Assert.Contains("Choose the grade: it is yours to give", await officer.GetStringAsync($"{draft}/grade?check=true"));
        Assert.Equal(0L, await site.Row<long>("select count(*) from report r join draft d on d.reference = r.reference where d.id = $1", Guid.Parse(draft.Split('/')[^1])));
    }

    [Fact]
    public async Task Whether_a_child_lives_in_the_household_must_be_answered_even_where_none_was_there()
    {
        using var officer = await site.SignedIn("okafor");
        var draft = await Begun(officer);
        var refused = await Fill(officer, draft, "children", ("Children.Present", "no"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("Say whether any child lives in the household", await refused.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.Redirect, (await Fill(officer, draft, "children", ("Children.Present", "no"), ("Children.Household", "no"))).StatusCode);
    }

    [Theory]
    [InlineData("yes", "no")]
    [InlineData("no", "yes")]
    [InlineData("not-known", "yes")]
    public async Task Whoever_says_that_there_are_children_is_asked_who_and_may_go_on_without_a_name(string present, string household)
    {
        using var officer = await site.SignedIn("okafor");
        var draft = await Written(officer);
        foreach (var child in new[] { "p2", "p3" })
        {
            await Fill(officer, draft, $"people/{child}", ("Do", "remove"));
        }
        var asked = await Fill(officer, draft, "children", ("Children.Present", present), ("Children.Household", household));
        Assert.Equal($"{draft}/people/p2?child=true", asked.Headers.Location!.ToString());
        var unsent = await TestSite.Post(officer, $"{draft}/check");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, unsent.StatusCode);
        Assert.Contains($"{draft}/children?check=true#Children_Who", await unsent.Content.ReadAsStringAsync());
        Assert.Equal($"{draft}/children", (await Fill(officer, draft, "people/p2?child=true", ("Person.Unborn", "false"), ("Person.Seen", "no"))).Headers.Location!.ToString());
        Assert.Contains("That is every child: continue", await officer.GetStringAsync($"{draft}/children"));
        var report = IdOf(await TestSite.Post(officer, $"{draft}/check"));
        Assert.Equal(1L, await site.Row<long>("select count(*) from mention where report_id = $1 and is_child and given is null and family is null", report));
        Assert.Equal(1L, await site.Row<long>("select count(*) from notice n join agency a on a.id = n.to_agency where n.report_id = $1 and a.kind = 'council' and 1 = any (n.mentions)", report));
    }

    [Fact]
    public async Task A_further_child_begins_with_the_family_name_and_address_of_the_one_before_and_with_nothing_else()
    {
        using var officer = await site.SignedIn("okafor");
        var draft = await Begun(officer);
        var next = await Fill(officer, draft, "people/p1?child=true", ("Person.GivenNames", "Testa"), ("Person.FamilyName", "Probe"), ("Person.Unborn", "false"), ("Person.Born.Day", "3"), ("Person.Born.Month", "2"), ("Person.Born.Year", "2016"), ("Person.Sex", "F"),
            ("Person.Home", "other"), ("Person.Line", "9 Elsewhere Road"), ("Person.Postcode", "TS17 1AA"), ("Person.School", "Norton Primary School"), ("Person.Seen", "alone"), ("Person.OwnWords", "I heard it."), ("Do", "another"));
        Assert.Equal($"{draft}/people/p2?child=true", next.Headers.Location!.ToString());
        var form = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await officer.GetStringAsync(next.Headers.Location)).QuerySelector("form[data-known]")!;
        Assert.Equal(["Probe", "9 Elsewhere Road", "TS17 1AA"], form.QuerySelectorAll("input:not([type=radio]):not([type=hidden])").Select(i => i.GetAttribute("value")).OfType<string>().Where(v => v != ""));
        // Born, as almost every child is; and where the one before lives.
        Assert.Equal(["false", "other"], form.QuerySelectorAll("input[checked]").Select(i => i.GetAttribute("value")));
        Assert.DoesNotContain("I heard it", form.TextContent);
        // An adult begins empty: two adults at one address seldom share more than that.
        Assert.DoesNotContain("Probe\"", await officer.GetStringAsync($"{draft}/people/p2"));
    }

    [Fact]
    public async Task A_draft_is_its_owners_alone_on_the_pages_in_the_database_and_in_the_change_log()
    {
        using var officer = await site.SignedIn("okafor");
        var draft = await Begun(officer);
        await Fill(officer, draft, "what", ("What.Summary", "Nobody else's to read yet"), ("Later", "yes"));
        await site.Administer("update practitioner set can_sign_in = true where key = 'duggan'");
        using var colleague = await site.SignedIn("duggan");
        foreach (var page in new[] { "", "/what", "/check" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await colleague.GetAsync(draft + page)).StatusCode);
        }
        var theirs = await Begun(colleague);
        Assert.Equal(HttpStatusCode.NotFound, (await TestSite.PostTo(colleague, $"{theirs}/what", $"{draft}/what", ("What.Summary", "Overwritten"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await TestSite.PostTo(colleague, $"{theirs}/check", $"{draft}/check")).StatusCode);
        Assert.Contains("Nobody else", await officer.GetStringAsync($"{draft}/what"));
        Assert.Equal(1, await site.Works.As(site.Who("duggan"), "Looking at drafts", work => work.One<int>($"select count(*)::int from draft")));
        Assert.DoesNotContain("Nobody else", string.Concat(await site.Rows<string>("select coalesce(before::text, '') || coalesce(after::text, '') from change where on_table = 'draft'")));
        // It waits: also after signing out and in again, and the home page says so.
        using var later = await site.SignedIn("okafor");
        Assert.Contains("Not sent", await later.GetStringAsync("/"));
        Assert.Contains(draft, await later.GetStringAsync("/reports/drafts"));
    }

    [Theory]
    [InlineData("ramsey")]
    [InlineData("khalid")]
    public async Task Whoever_is_not_an_officer_writes_no_report_here(string practitioner)
    {
        using var worker = await site.SignedIn(practitioner);
        foreach (var page in new[] { "/reports/drafts", $"/reports/drafts/{Guid.CreateVersion7()}", $"/reports/drafts/{Guid.CreateVersion7()}/what", "/desk" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await worker.GetAsync(page)).StatusCode);
        }
    }

    [Fact]
    public async Task Choosing_somebody_the_force_knows_joins_the_mention_to_that_record()
    {
        await site.Received(TestSite.Report("W/1", r => r["people"]![1]!["recordNumber"] = "N-4711"));
        await site.Settle();
        using var officer = await site.SignedIn("okafor");
        var draft = await Written(officer);
        var found = await Fill(officer, draft, "people/p1", ("Person.GivenNames", "Moira"), ("Person.FamilyName", "Probe"), ("Do", "find"));
        Assert.Contains("value=\"N-4711\"", await found.Content.ReadAsStringAsync());
        var chosen = await (await Fill(officer, draft, "people/p1", ("Person.GivenNames", "Moira"), ("Person.FamilyName", ""), ("Person.Roles", "victim"), ("Choose", "N-4711"))).Content.ReadAsStringAsync();
        Assert.Contains("record N-4711", chosen);
        Assert.Contains("value=\"Probe\"", chosen);
        Assert.Equal(HttpStatusCode.OK, (await Fill(officer, draft, "people/p2", ("Person.GivenNames", "Testa"), ("Person.Seen", "no"), ("Choose", "N-0000"))).StatusCode);
        var report = IdOf(await TestSite.Post(officer, $"{draft}/check"));
        Assert.Equal("N-4711", await site.Row<string>("select s.number from mention m join source_record s on s.id = m.source_record_id where m.report_id = $1 and m.key = 'p1'", report));
        // A number that is not on the force's books is not taken.
        Assert.Equal(0L, await site.Row<long>("select count(*) from source_record where number = 'N-0000'"));
    }

    [Fact]
    public async Task Whoever_is_known_to_be_hidden_stays_hidden_and_an_officer_can_say_that_somebody_is()
    {
        await site.Received(TestSite.Report("W/2", r => (r["people"]![0]!["recordNumber"], r["people"]![0]!["addresses"]![0]!["sensitivity"]) = ("N-4712", "refuge")));
        await site.Settle();
        using var officer = await site.SignedIn("okafor");
        var draft = await Begun(officer);
        await Fill(officer, draft, "what", ("What.Kind", "neglect"), ("What.Occurred.On", "today"), ("What.Occurred.Time", "11:40"), ("What.Precision", "about"), ("What.Known.On", "today"), ("What.Known.Time", "1200"), ("What.Line", "5 Test Street"), ("What.Postcode", "TS20 2AB"), ("What.Summary", "Shouting heard"));
        await Fill(officer, draft, "children", ("Children.Present", "no"), ("Children.Household", "yes"));
        await Fill(officer, draft, "people/p1?child=true", ("Person.GivenNames", "Testa"), ("Person.Unborn", "false"), ("Choose", "N-4712"));
        var shown = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await officer.GetStringAsync($"{draft}/people/p1"));
        Assert.Equal("refuge", shown.QuerySelector("select[name='Person.Sensitivity'] option[selected]")?.GetAttribute("value"));
        await Fill(officer, draft, "people/p1", ("Person.GivenNames", "Testa"), ("Person.FamilyName", "Probe"), ("Person.Unborn", "false"), ("Person.Seen", "no"), ("Person.Home", "other"), ("Person.Line", "3 Test Street"), ("Person.Postcode", "TS20 2AB"), ("Person.Sensitivity", "refuge"));
        // A brother or sister begins where they live, and with whom it is kept from; somebody at the place itself hides the place too.
        Assert.Contains("value=\"refuge\" selected", await officer.GetStringAsync($"{draft}/people/p2?child=true"));
        await Fill(officer, draft, "people/p2", ("Person.FamilyName", "Probe"), ("Person.Roles", "victim"), ("Person.Home", "there"), ("Person.Sensitivity", "confidential"));
        Assert.Contains("Yes: it is a refuge", await officer.GetStringAsync($"{draft}/check"));
        var report = IdOf(await TestSite.Post(officer, $"{draft}/check"));
        Assert.Equal(["p1 refuge", "p2 confidential"], await site.Rows<string>("select key || ' ' || address_sensitivity from mention where report_id = $1 order by 1", report));
        Assert.Equal("confidential", await site.Row<string>("select content #>> '{place,address,sensitivity}' from report where id = $1", report));
        await site.Settle();
        Assert.Equal(["confidential", "refuge"], await site.Rows<string>("select r.sensitivity from residence r join mention m on m.id = r.mention_id where m.report_id = $1 order by 1", report));
        using var council = await site.SignedIn("ramsey");
        Assert.Contains("confidential: never tell anyone", await council.GetStringAsync($"/notices/{await site.NoticeTo("norton-stockton", report)}"));
    }

    [Fact]
    public void What_stands_together_is_pointed_out_and_nothing_is_added_up()
    {
        var answers = new Dictionary<string, string?> { ["6"] = "yes", ["18"] = "yes" };
        Assert.Equal(["Strangulation or choking"], Questions.Dash2009.Stand(answers).Select(c => c.Words));
        answers["15"] = "not-known";
        Assert.Single(Questions.Dash2009.Stand(answers));
        answers["15"] = "yes";
        Assert.Contains(Questions.Dash2009.Stand(answers), c => c.Words == "Separation together with controlling behaviour");
        Assert.Equal(27, Questions.Dash2009.Asked.Count);
        Assert.All(Questions.Instruments, i => Assert.StartsWith($"{i.Name} {i.Version}: ", i.Title));
        Assert.All(Questions.Instruments, i => Assert.All(i.Clusters.SelectMany(c => c.AllOf), n => Assert.Contains(i.Asked, q => q.Number == n)));
    }

    [Fact]
    public async Task No_grade_is_chosen_beforehand_and_none_is_counted()
    {
        using var officer = await site.SignedIn("okafor");
        var draft = await Begun(officer);
        await Fill(officer, draft, "risk", [("Risk.Instrument", "dash-2009"), .. Questions.Dash2009.Asked.Select(q => ($"dash-2009-{q.Number}", "yes"))]);
        var page = await officer.GetStringAsync($"{draft}/grade");
        Assert.DoesNotContain(" checked", page);
        Assert.Contains("Strangulation or choking", page);
        Assert.DoesNotContain(">27<", page);
        Assert.DoesNotContain("27 ", new AngleSharp.Html.Parser.HtmlParser().ParseDocument(page).QuerySelector("main")!.TextContent);
    }

    [Fact]
    public async Task What_is_more_than_a_report_may_hold_is_refused_and_what_was_kept_before_stands()
    {
        using var officer = await site.SignedIn("okafor");
        var draft = await Begun(officer);
        await Fill(officer, draft, "what", ("What.Summary", "Kept words"), ("Later", "yes"));
        var refused = await Fill(officer, draft, "what", ("What.Summary", new string('x', Parsing.MostBytes)), ("Later", "yes"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("A report has at most 256 KiB: this page was not kept", await refused.Content.ReadAsStringAsync());
        Assert.Contains("Kept words", await officer.GetStringAsync($"{draft}/what"));
    }

    internal static Typed Whole()
    {
        TypedDate Day(int day, int month, int year) => TypedDate.Of(new(year, month, day));
        return new()
        {
            What = new() { Kind = "domestic-abuse", Precision = "exact", Occurred = new() { Day = Day(18, 11, 2026), Time = "11:40" }, Known = new() { Day = Day(18, 11, 2026), Time = "12:00" }, Summary = "Shouting heard" },
            Risk = new() { Instrument = "none", Grade = "medium" }, Children = new() { Present = "no", Household = "no" },
            People = [new() { Key = "p1", Roles = ["victim"], FamilyName = "Probe" }, new() { Key = "p2", Child = true, Seen = "no", Born = Day(3, 2, 2018) }, new() { Key = "p3", Child = true, Unborn = true, Expected = Day(1, 3, 2027) }],
        };
    }

    private static readonly Dictionary<string, (Action<Typed> Lacks, string Page, string Field, string Words)> Lacking = new()
    {
        ["kind"] = (t => t.What.Kind = null, "what", "What.Kind", "Choose what kind"),
        ["precision"] = (t => t.What.Precision = null, "what", "What.Precision", "Choose how exactly"),
        ["over which time"] = (t => t.What.Precision = "longer", "what", "What.Longer", "Say in words"),
        ["day"] = (t => t.What.Occurred.Day = new(), "what", "What.Occurred.On", "Choose the day when it happened"),
        ["no such day"] = (t => t.What.Occurred.Day.Day = "31", "what", "What.Occurred.Day", "The day when it happened: there is no such date"),
        ["happens tomorrow"] = (t => t.What.Occurred.Day = TypedDate.Of(new(2026, 11, 19)), "what", "What.Occurred.Time", "The time when it happened lies in the future"),
        ["postcode that is none"] = (t => t.What.Postcode = "NOT A PC", "what", "What.Postcode", "A UK postcode has the form TS20 2QX"),
        ["postcode too long"] = (t => t.What.Postcode = "TS20 9XXX9", "what", "What.Postcode", "A UK postcode has the form TS20 2QX"),
        ["postcode with a letter for a digit"] = (t => t.What.Postcode = "TS2Q2QX", "what", "What.Postcode", "A UK postcode has the form TS20 2QX"),
        ["postcode of a person's home"] = (t => (t.People[1].Home, t.People[1].Postcode) = ("other", "TS2O 2QX"), "people/p2", "Person.Postcode", "A UK postcode has the form TS20 2QX"),
        ["time"] = (t => t.What.Occurred.Time = "late", "what", "What.Occurred.Time", "Give the time when it happened"),
        ["day known"] = (t => t.What.Known.Day = new(), "what", "What.Known.On", "Choose the day when the police knew"),
        ["time known"] = (t => (t.What.Precision, t.What.Known.Time) = ("day", null), "what", "What.Known.Time", "Give the time when the police knew"),
        ["known before"] = (t => t.What.Known.Time = "11:39", "what", "What.Known.Time", "The police cannot have known"),
        ["summary"] = (t => t.What.Summary = " ", "what", "What.Summary", "Say what happened"),
        ["questions"] = (t => t.Risk.Instrument = null, "risk", "Risk.Instrument", "Choose which questions"),
        ["grade"] = (t => t.Risk.Grade = null, "grade", "Risk.Grade", "Choose the grade"),
        ["present"] = (t => t.Children.Present = null, "children", "Children.Present", "Say whether children were there"),
        ["household"] = (t => t.Children.Household = null, "children", "Children.Household", "Say whether any child lives"),
        ["who was there"] = (t => (t.Children.Present, t.People) = ("yes", t.People[..1]), "children", "Children.Who", "You said that there are children"),
        ["who lives there"] = (t => (t.Children.Household, t.People) = ("yes", t.People[..1]), "children", "Children.Who", "You said that there are children"),
        ["anybody"] = (t => t.People = [], "people", "People", "Add at least one person"),
        ["born on no day"] = (t => t.People[1].Born.Month = "13", "people/p2", "Person.Born", "Date of birth of person 2: there is no such date"),
        ["expected on no day"] = (t => t.People[2].Expected.Month = "13", "people/p3", "Person.Expected", "Date on which person 3 is expected: there is no such date"),
        ["expected in no lifetime"] = (t => t.People[2].Expected = TypedDate.Of(new(9999, 12, 31)), "people/p3", "Person.Expected", "Date on which person 3 is expected: it lies more than a year ahead"),
        ["happens on the last day of all"] = (t => (t.What.Precision, t.What.Occurred.Day) = ("day", TypedDate.Of(new(9999, 12, 31))), "what", "What.Occurred.Time", "The time when it happened lies in the future"),
        ["born tomorrow"] = (t => t.People[1].Born = TypedDate.Of(new(2026, 11, 19)), "people/p2", "Person.Born", "The date of birth lies in the future"),
        ["seen"] = (t => t.People[1].Seen = null, "people/p2", "Person.Seen", "Say whether you saw this child"),
        ["role"] = (t => t.People[0].Roles = [], "people/p1", "Person.Roles", "Choose at least one role"),
        ["what every report is refused for"] = (t => t.What.Kind = "burglary", "what", "What.Kind", ""),
    };

    public static TheoryData<string> Lacks => [.. Lacking.Keys];

    [Theory]
    [MemberData(nameof(Lacks))]
    public async Task What_is_owed_stands_on_its_page_at_its_field_and_nothing_else_is_owed(string lack)
    {
        var (lacks, page, field, words) = Lacking[lack];
        var (whole, typed) = (Whole(), Whole());
        lacks(typed);
        var draft = new Draft { Reference = "F-TEST", BegunAt = Cluster.Usual };
        var (none, one) = await site.Works.As(site.Who("okafor"), "A test", async work => (Finish.StillOwed(whole, draft, await site.Bodies.For(work), work), Finish.StillOwed(typed, draft, await site.Bodies.For(work), work)));
        Assert.Empty(none);
        var owed = Assert.Single(one);
        Assert.Equal((page, field), (owed.Page, owed.Field));
        Assert.StartsWith(words, owed.Words);
    }

    [Theory]
    [InlineData("TS20 2QX")]
    [InlineData(" ts202qx ")]
    [InlineData("TS20")]
    [InlineData("EC1A 1BB")]
    [InlineData(" ")]
    public async Task A_postcode_may_be_written_with_or_without_its_space_and_its_first_half_will_do(string postcode)
    {
        var typed = Whole();
        typed.What.Postcode = postcode;
        var draft = new Draft { Reference = "F-TEST", BegunAt = Cluster.Usual };
        Assert.Empty(await site.Works.As(site.Who("okafor"), "A test", async work => Finish.StillOwed(typed, draft, await site.Bodies.For(work), work)));
    }
}
