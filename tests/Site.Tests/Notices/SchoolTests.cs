using System.Net;
using System.Text.Json.Nodes;
using Heed.Plumbing;
using Heed.Site.Notices;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Tests.Notices;

/// <summary>A school has what a school may, before its own next day; and a notice that names somebody who works there goes first to whom it has named.</summary>
public sealed class SchoolTests(TestSite site) : IClassFixture<TestSite>
{
    private static void StepfatherWorksThere(JsonObject report) => report["people"]!.AsArray().Add(JsonNode.Parse("""
        { "key": "him", "roles": ["suspect"], "givenNames": "Gavin", "familyName": "Caretaker", "worksAt": { "name": "Norton Primary School", "urn": "111555" } }
        """));

    private Task<T> As<T>(string who, Func<Work, Task<T>> act) => site.Works.As(site.Who(who), "A test", act);

    [Fact]
    public async Task It_is_due_before_the_next_school_day_through_holidays_and_for_who_reads_on_working_days_before_the_next_of_those()
    {
        // The last day of the autumn term is followed by a fortnight without school.
        var lastDay = await site.Row<LocalDate>("select max(upper(t.during) - 1) from school_term t join school_year y on y.id = t.school_year_id where y.school_id = $1 and upper(t.during) < '2027-01-15'", site.Agency("norton-primary"));
        var evening = lastDay.AtMidnight().InZoneLeniently(DateTimeZoneProviders.Tzdb["Europe/London"]).ToInstant() + Duration.FromHours(17);
        await site.TimeIs(evening);
        await site.Administer("update school_arrangement set reads_on_working_days = false where school_id = $1", site.Agency("norton-primary"));
        var quiet = await site.Received(TestSite.Report("S/1", r => (r["occurredAt"], r["knownAt"]) = (evening.ToString(), evening.ToString())));
        await site.Administer("update school_arrangement set reads_on_working_days = true where school_id = $1", site.Agency("norton-primary"));
        var read = await site.Received(TestSite.Report("S/2", r => (r["occurredAt"], r["knownAt"]) = (evening.ToString(), evening.ToString())));
        async Task<LocalDate> Due(Guid report) => (await site.Row<Instant>("select due_at from clock where report_id = $1 and limit_key = 'school.notice-read'", report)).InZone(DateTimeZoneProviders.Tzdb["Europe/London"]).Date;
        Assert.True(await Due(quiet) > lastDay.PlusDays(10), $"{await Due(quiet)} is in the holidays");
        Assert.True(await Due(read) < lastDay.PlusDays(5), $"{await Due(read)} is not the next working day");
        // The police's own duty is measured by the school's days, whatever the school has arranged.
        Assert.Equal(1, await site.Row<long>("select count(distinct due_at) from clock where report_id in ($1, $2) and limit_key = 'school.notification'", quiet, read));
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task Held_nobody_else_at_the_school_knows_that_it_exists_until_the_named_person_releases_it()
    {
        var report = await site.Received(TestSite.Report("S/3", r => { r["people"]![0]!["givenNames"] = "Heldina"; StepfatherWorksThere(r); }));
        await site.Settle();
        var notice = await site.NoticeTo("norton-primary", report);
        using var lead = await site.SignedIn("norton-primary-lead");
        Assert.Equal(HttpStatusCode.NotFound, (await lead.GetAsync($"/notices/{notice}", TestContext.Current.CancellationToken)).StatusCode);
        Assert.DoesNotContain("Heldina Probe", await lead.GetStringAsync("/?view=agency", TestContext.Current.CancellationToken));
        Assert.Equal(0, await As("norton-primary-lead", work => work.One<int>($"(select count(*)::int from clock where notice_id = {notice})")));
        Assert.Equal(0, await As("norton-primary-lead", work => work.One<int>($"(select count(*)::int from notice where id = {notice})")));
        Assert.Equal(No.NotFound, (await As("norton-primary-lead", work => Release.Handle(new(notice), work)))!.Kind);

        var view = await As("norton-primary-deputy", work => OpenNotice.Handle(notice, work, site.Bodies));
        Assert.Equal(["Gavin Caretaker"], view!.HeldFrom);
        Assert.Contains(await As("norton-primary-deputy", work => Worklist.Read(new("me"), work, site.Bodies)), line => line.Notice == notice);
        Assert.Null(await As("norton-primary-deputy", work => Release.Handle(new(notice), work)));
        var released = await lead.GetStringAsync($"/notices/{notice}", TestContext.Current.CancellationToken);
        Assert.Contains("Heldina Probe", released);
        // From whom it was held is nobody's to read after that.
        Assert.DoesNotContain("Caretaker", released);
        Assert.Contains("Heldina Probe", await lead.GetStringAsync("/", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_held_notice_is_in_the_childs_history_of_its_named_person_alone_and_makes_nobody_else_involved()
    {
        void Of(JsonObject report, string number) => (report["people"]![0]!["recordNumber"], report["people"]![0]!["givenNames"]) = (number, $"Heldis {number}");
        var told = await site.Received(TestSite.Report("S/5", r => Of(r, "HELD-A")));
        var held = await site.Received(TestSite.Report("S/6", r => { Of(r, "HELD-A"); StepfatherWorksThere(r); }));
        var alone = await site.Received(TestSite.Report("S/7", r => { Of(r, "HELD-B"); StepfatherWorksThere(r); }));
        await site.Settle();
        Task<Guid> Person(Guid report) => site.Row<Guid>("select l.person_id from link l join mention m on m.source_record_id = l.source_record_id where m.report_id = $1 and m.ordinal = 0 and l.undone_at is null", report);
        Task<List<Guid>> History(string who, Guid person) => As(who, work => work.Ask<Guid>($"select report_id as \"Value\" from history_of({person}) order by 1").ToListAsync());
        var (known, unknown) = (await Person(told), await Person(alone));
        Assert.Equal([told], await History("norton-primary-lead", known));
        Assert.Equal(new[] { told, held }.Order(), (await History("norton-primary-deputy", known)).Order());
        Assert.Empty(await History("norton-primary-lead", unknown));
        Assert.Equal([alone], await History("norton-primary-deputy", unknown));
        Task<int> Persons(string who) => As(who, work => work.One<int>($"(select count(*)::int from person where id = {unknown})"));
        Assert.Equal((0, 1), (await Persons("norton-primary-lead"), await Persons("norton-primary-deputy")));
        using var lead = await site.SignedIn("norton-primary-lead");
        Assert.Equal(HttpStatusCode.NotFound, (await lead.GetAsync($"/children/{unknown}", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Null(await As("norton-primary-deputy", async work => await Release.Handle(new(await site.NoticeTo("norton-primary", alone)), work)));
        Assert.Equal([alone], await History("norton-primary-lead", unknown));
    }

    [Fact]
    public async Task Where_a_school_has_named_nobody_it_is_told_by_telephone()
    {
        await site.Administer("update school_arrangement set named_person = null where school_id = $1", site.Agency("norton-primary"));
        var report = await site.Received(TestSite.Report("S/4", StepfatherWorksThere));
        Assert.True(await site.Row<bool>("select by_hand and withheld_because like '%works at this school%' from notice where report_id = $1 and to_agency = $2", report, site.Agency("norton-primary")));
        await site.Administer("update school_arrangement set named_person = $2 where school_id = $1", site.Agency("norton-primary"), site.Practitioner("norton-primary-deputy"));
    }

    [Fact]
    public async Task Where_the_named_person_may_be_whom_the_report_is_about_it_is_told_by_telephone()
    {
        var named = (await site.Row<string>("select name from practitioner where key = 'norton-primary-deputy'")).Split(' ');
        foreach (var (reference, given, family) in new[] { ("S/8", named[0], named[^1]), ("S/9", $"{named[0][0]}.", named[^1].ToUpperInvariant()) })
        {
            var report = await site.Received(TestSite.Report(reference, r => { StepfatherWorksThere(r); var he = r["people"]!.AsArray()[^1]!; (he["givenNames"], he["familyName"]) = (given, family); }));
            Assert.True(await site.Row<bool>("select by_hand and held_for is null and shown is null from notice where report_id = $1 and to_agency = $2", report, site.Agency("norton-primary")), reference);
        }
    }

    [Fact]
    public async Task Whoever_works_there_by_the_schools_name_works_there_and_a_school_that_nobody_here_is_is_said_to_be_none()
    {
        var report = await site.Received(TestSite.Report("S/10", r => { StepfatherWorksThere(r); r["people"]!.AsArray()[^1]!["worksAt"] = new JsonObject { ["name"] = "Norton Primary" }; r["people"]![0]!["school"] = new JsonObject { ["name"] = "norton primary school" }; }));
        Assert.Equal(site.Practitioner("norton-primary-deputy"), await site.Row<Guid>("select held_for from notice where report_id = $1 and to_agency = $2", report, site.Agency("norton-primary")));
        // Called so elsewhere: another school's number, and a name that only begins as this one's does.
        foreach (var (reference, school) in new[] { ("S/13", new JsonObject { ["urn"] = "987654", ["name"] = "Norton Primary School" }), ("S/14", new JsonObject { ["name"] = "Norton Primary School, Derby" }) })
        {
            var elsewhere = await site.Received(TestSite.Report(reference, r => r["people"]![0]!["school"] = school));
            Assert.Equal(0, await site.Row<long>("select count(*) from notice where report_id = $1 and to_agency = $2", elsewhere, site.Agency("norton-primary")));
        }
        var answer = await site.Send(TestSite.Report("S/11", r => r["people"]![0]!["school"] = new JsonObject { ["name"] = "Hogsmeade Primary School" }));
        Assert.Contains("No one school of this partnership has this number or name", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_correction_that_is_held_holds_what_it_corrects_too()
    {
        var first = await site.Received(TestSite.Report("S/12", r => r["people"]![0]!["givenNames"] = "Heldlater"));
        await site.Settle();
        var told = await site.NoticeTo("norton-primary", first);
        using var lead = await site.SignedIn("norton-primary-lead");
        Assert.Contains("Heldlater", await lead.GetStringAsync($"/notices/{told}", TestContext.Current.CancellationToken));
        await site.Received(TestSite.Report("S/12", r => { (r["version"], r["supersedes"], r["supersessionReason"], r["people"]![0]!["givenNames"]) = (2, 1, "He works there", "Heldlater"); StepfatherWorksThere(r); }));
        await site.Settle();
        Assert.Equal(HttpStatusCode.NotFound, (await lead.GetAsync($"/notices/{told}", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal("withdrawn", await site.Row<string>("select state from mailbox_item where subject_id = $1 and agency_id = $2", told, site.Agency("norton-primary")));
        Assert.NotNull(await As("norton-primary-deputy", work => OpenNotice.Handle(told, work, site.Bodies)));
    }
}
