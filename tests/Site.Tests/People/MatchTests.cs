using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Heed.Plumbing;
using Heed.Site.People;
using NodaTime;

namespace Heed.Site.Tests.People;

/// <summary>Whether two people are one is a practitioner's decision, undone with nothing lost; and whoever had been told of the wrong child learns it.</summary>
public sealed class MatchTests(TestSite site) : IClassFixture<TestSite>
{
    private static string About(string reference, string given, string family, string born, string number) => TestSite.Report(reference, r => r["people"] = new JsonArray(new JsonObject
    {
        ["key"] = "c", ["roles"] = new JsonArray("child"), ["givenNames"] = given, ["familyName"] = family, ["born"] = born, ["recordNumber"] = number,
        ["addresses"] = new JsonArray(new JsonObject { ["lines"] = new JsonArray("9 Lone Row"), ["postcode"] = "TS20 2AB" }),
    }));

    private Task<Guid> Person(Guid report) => site.Row<Guid>("select l.person_id from mention m join link l on l.source_record_id = m.source_record_id and l.undone_at is null where m.report_id = $1", report);

    private Task<Guid> Record(Guid report) => site.Row<Guid>("select source_record_id from mention where report_id = $1", report);

    private Task<Refusal?> Decides(string who, Guid match, bool? same, string reason = "The school says so") => site.Works.As(site.Who(who), "Deciding", work => DecideMatch.Handle(new(match, same, reason), work));

    /// <summary>Two reports of children who are near and not certain: one day apart.</summary>
    private async Task<(Guid One, Guid Other, Guid Match)> Near(string name)
    {
        var one = await site.Received(About($"M/{name}/1", name, "Halvorsen", "2016-03-04", $"{name}-1"));
        var other = await site.Received(About($"M/{name}/2", name, "Halvorsen", "2016-03-05", $"{name}-2"));
        await site.Settle();
        Assert.NotEqual(await Person(one), await Person(other));
        return (one, other, await site.Row<Guid>("select id from possible_match where state = 'open' and $1 in (source_record_id, other_id) and $2 in (source_record_id, other_id)", await Record(one), await Record(other)));
    }

    [Fact]
    public async Task Whoever_is_near_is_warned_of_once_however_many_pairs_of_records_are()
    {
        var (one, other, _) = await Near("Ragna");
        await site.Received(About("M/Ragna/3", "Ragna", "Halvorsen", "2016-03-04", "Ragna-3"));
        await site.Settle();
        Assert.Equal(2, await site.Row<long>("select count(*) from possible_match where state = 'open' and $1 in (source_record_id, other_id)", await Record(other)));
        var person = await Person(one);
        var doubt = Assert.Single((await site.Works.As(site.Who("ramsey"), "Reading", work => History.Read(person, work))).Doubts);
        Assert.Equal((await Person(other), new LocalDate(2016, 3, 5)), (doubt.Person, doubt.Born));
        // The history as it stands before a decision says it in one line.
        using var ramsey = await site.SignedIn("ramsey");
        var page = await ramsey.GetStringAsync($"/notices/{await site.NoticeTo("norton-stockton", one)}/decide", TestContext.Current.CancellationToken);
        Assert.Contains("One more record may be the same child", page);
        Assert.Contains("Ragna Halvorsen, born 5 March 2016", page);
    }

    [Fact]
    public async Task Joined_they_are_one_person_with_one_history_and_parted_each_is_back_with_all_that_was_its_own()
    {
        var (one, other, match) = await Near("Asta");
        var allocated = await Record(one);
        await site.Administer("insert into allocation (id, source_record_id, agency_id, practitioner_id, team_id, during) values (gen_random_uuid(), $1, $2, $3, $4, tstzrange('2026-01-01', null))",
            allocated, site.Agency("norton-stockton"), site.Practitioner("appiah"), site.Team("norton-stockton-assessment"));
        var before = (await Person(one), await Person(other));
        Assert.Null(await Decides("ramsey", match, true));
        await site.Settle();
        Assert.Equal(await Person(one), await Person(other));
        // What is allocated reaches the other record's contact, as for any one child.
        var contact = "select c.worker_id from contact c join notice n on n.id = c.notice_id where n.report_id = $1";
        Assert.Equal(site.Practitioner("appiah"), await site.Row<Guid>(contact, other));
        // A third report is linked because it is like the record that was joined.
        var third = await site.Received(About("M/Asta/3", "Asta", "Halvorsen", "2016-03-04", "Asta-3"));
        await site.Settle();
        // Two read it as one child, and one of them decides.
        using var whelan = await site.SignedIn("whelan");
        Assert.Equal(HttpStatusCode.OK, (await whelan.GetAsync($"/children/{await Person(one)}", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Null(await site.Decides("ramsey", await site.Row<Guid>("select c.id from contact c join notice n on n.id = c.notice_id where n.report_id = $1", third)));

        var link = await site.Row<Guid>("select id from link where joined_by = $1 and undone_at is null limit 1", match);
        Assert.Equal(["reason"], (await site.Works.As(site.Who("ramsey"), "Parting", work => Part.Handle(new(link, " "), work)))!.Errors.Keys);
        Assert.Null(await site.Works.As(site.Who("ramsey"), "Parting", work => Part.Handle(new(link, "Two children were seen together"), work)));
        await site.Settle();
        Assert.Equal(before, (await Person(one), await Person(other)));
        // Undone by itself: the worker of the one is no longer the other's.
        Assert.Equal(0, await site.Row<long>("select count(*) from contact c join notice n on n.id = c.notice_id where n.report_id = $1 and c.worker_id is not null", other));
        Assert.Equal("different", await site.Row<string>("select state from possible_match where id = $1", match));
        Assert.Equal(No.Conflict, (await site.Works.As(site.Who("ramsey"), "Parting", work => Part.Handle(new(link, "Again"), work)))!.Kind);

        Assert.Equal(["Nadine Ramsey decided", "Nadine Ramsey read", "Siobhan Whelan read"], await site.Rows<string>("select p.name || ' ' || m.told from mistaken m join practitioner p on p.id = m.practitioner_id where m.link_id = $1 order by 1", link));
        Assert.Contains("was about another child", await whelan.GetStringAsync("/", TestContext.Current.CancellationToken));
        Assert.Contains("Two children were seen together", await whelan.GetStringAsync("/mistakes", TestContext.Current.CancellationToken));
        var mine = await site.Row<Guid>("select id from mistaken where practitioner_id = $1 and link_id = $2", site.Practitioner("whelan"), link);
        // Why they were parted speaks of both: it is not for who may see one of them no more.
        const string Tier = "update source_record set tier = '{0}', tier_reason = {1} where id in (select o.source_record_id from link l join link o on o.person_id = l.person_id and o.undone_at is null where l.id = $1)";
        await site.Administer(string.Format(Tier, "restricted", "'A colleague''s family'"), link);
        foreach (var door in new[] { "/mistakes", "/api/mistakes" })
        {
            var words = await whelan.GetStringAsync(door, TestContext.Current.CancellationToken);
            Assert.Contains("Nadine Ramsey", words);
            Assert.DoesNotContain("Two children were seen together", words);
        }
        await site.Administer(string.Format(Tier, "open", "null"), link);
        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.Post(whelan, "/mistakes", ("id", mine.ToString()))).StatusCode);
        Assert.DoesNotContain("was about another child", await whelan.GetStringAsync("/", TestContext.Current.CancellationToken));
        Assert.Contains("not yet", await whelan.GetStringAsync($"/links/{link}", TestContext.Current.CancellationToken));
        // By API it is the same: to repeat it changes nothing, and nobody confirms for another.
        Assert.Equal(HttpStatusCode.NoContent, (await whelan.PostAsync($"/api/mistakes/{mine}/confirmation", null, TestContext.Current.CancellationToken)).StatusCode);
        Assert.DoesNotContain(link.ToString(), await whelan.GetStringAsync("/api/mistakes", TestContext.Current.CancellationToken));
        var theirs = await site.Row<Guid>("select id from mistaken where practitioner_id = $1 and told = 'read' and link_id = $2", site.Practitioner("ramsey"), link);
        Assert.Equal(HttpStatusCode.NotFound, (await whelan.PostAsync($"/api/mistakes/{theirs}/confirmation", null, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await TestSite.PostTo(whelan, "/search", "/mistakes", ("id", theirs.ToString()))).StatusCode);
    }

    [Fact]
    public async Task What_a_system_read_of_two_as_one_is_for_a_manager_of_its_agency_to_confirm()
    {
        var (one, _, match) = await Near("Sunniva");
        Assert.Null(await Decides("ramsey", match, true));
        await site.Settle();
        (await site.System("norton-stockton").GetAsync($"/api/people/{await Person(one)}", TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        var link = await site.Row<Guid>("select id from link where joined_by = $1 and undone_at is null limit 1", match);
        Assert.Null(await site.Works.As(site.Who("ramsey"), "Parting", work => Part.Handle(new(link, "Two children were seen together"), work)));
        var answers = await site.Row<string>("select p.key from mistaken m join practitioner p on p.id = m.practitioner_id where m.link_id = $1 and m.told = 'system-read' and m.agency_id = $2 and p.agency_id = $2 and not p.is_system", link, site.Agency("norton-stockton"));
        Assert.True(await site.Row<bool>("select exists (select 1 from post o join role r on r.key = o.role join practitioner p on p.id = o.practitioner_id where p.key = $1 and 'exchange.settle' = any (r.permits))", answers));
        await site.Administer("update practitioner set can_sign_in = true where key = $1", answers);
        using var manager = await site.SignedIn(answers);
        Assert.Contains("Your agency's system read", WebUtility.HtmlDecode(await manager.GetStringAsync("/mistakes", TestContext.Current.CancellationToken)));
        using var ramsey = await site.SignedIn("ramsey");
        Assert.Contains("answers for a system that read it", await ramsey.GetStringAsync($"/links/{link}", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Decided_as_two_they_stay_two_and_are_off_every_list()
    {
        var (one, other, match) = await Near("Birgit");
        Assert.Equal(["same"], (await Decides("ramsey", match, null))!.Errors.Keys);
        Assert.Equal(["reason"], (await Decides("ramsey", match, false, ""))!.Errors.Keys);
        Assert.Null(await Decides("ramsey", match, false));
        Assert.NotEqual(await Person(one), await Person(other));
        Assert.Equal(0, await site.Row<long>("select count(*) from possible_match where state = 'open' and $1 in (source_record_id, other_id)", await Record(one)));
        Assert.Equal(No.Conflict, (await Decides("ramsey", match, true))!.Kind);
    }

    [Fact]
    public async Task Of_two_who_decide_at_once_one_is_told_that_the_other_was_first()
    {
        for (var round = 0; round < 4; round++)
        {
            var (_, _, match) = await Near($"Dagny{(char)('a' + round)}");
            var answers = await Task.WhenAll(new[] { "ramsey", "bielecki" }.Select(who => Decides(who, match, who == "ramsey")));
            Assert.Single(answers, no => no is null);
            Assert.Single(answers, no => no?.Kind == No.Conflict);
        }
    }

    [Fact]
    public async Task What_may_never_be_one_person_is_not_joined_and_the_answer_does_not_say_why()
    {
        var (one, other, match) = await Near("Elin");
        var third = await site.Received(About("M/Elin/3", "Elin", "Halvorsen", "2016-03-04", "Elin-9"));
        await site.Settle();
        Assert.Equal(await Person(one), await Person(third));
        await site.Administer("insert into never_link (one, other, reason) values (least($1, $2), greatest($1, $2), 'Adopted')", await Record(third), await Record(other));
        var no = await Decides("ramsey", match, true);
        Assert.DoesNotContain("never", no!.Message);
        Assert.NotEqual(await Person(one), await Person(other));
        Assert.Equal("open", await site.Row<string>("select state from possible_match where id = $1", match));
    }

    [Fact]
    public async Task Who_may_not_see_both_records_decides_nothing_and_whoever_lacks_the_permit_is_turned_away()
    {
        var (_, _, match) = await Near("Freja");
        Assert.Equal(No.NotFound, (await Decides("sharma", match, true))!.Kind);
        using var sharma = await site.SignedIn("sharma");
        Assert.Equal(HttpStatusCode.NotFound, (await sharma.GetAsync($"/matches/{match}", TestContext.Current.CancellationToken)).StatusCode);
        using var okafor = await site.SignedIn("okafor");
        Assert.Equal(HttpStatusCode.Forbidden, (await okafor.GetAsync($"/matches/{match}", TestContext.Current.CancellationToken)).StatusCode);
        using var school = site.System("norton-primary");
        Assert.Equal(HttpStatusCode.Forbidden, (await school.PostAsJsonAsync($"/api/matches/{match}/decision", new { same = true, reason = "x" }, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task The_page_shows_the_two_field_by_field_and_decides_without_JavaScript()
    {
        var (one, other, match) = await Near("Gerda");
        using var ramsey = await site.SignedIn("ramsey");
        var page = await ramsey.GetStringAsync($"/matches/{match}", TestContext.Current.CancellationToken);
        Assert.Contains("4 March 2016", page.Replace("2016-03-04", "4 March 2016"));
        Assert.Contains("Family name", page);
        // What each comparison spoke for stands drawn and as a table, and both say the same.
        var shown = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(page);
        var drawn = shown.QuerySelectorAll("svg.heed-waterfall g").Select(step => (step.QuerySelectorAll("text")[0].TextContent, step.QuerySelectorAll("text")[1].TextContent)).ToList();
        var table = shown.QuerySelectorAll("svg.heed-waterfall ~ table tbody tr, svg.heed-waterfall ~ * table tbody tr").Where(row => row.Children.Length == 3).Select(row => (row.Children[0].TextContent.Trim(), row.Children[1].TextContent.Trim())).ToList();
        Assert.Contains(drawn, step => step.Item1 == "Family name");
        Assert.Equal(drawn, table.Take(drawn.Count));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await TestSite.Post(ramsey, $"/matches/{match}", ("Reason", "A reason"))).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.Post(ramsey, $"/matches/{match}", ("Same", "same"), ("Reason", "A number was checked"))).StatusCode);
        Assert.Equal(await Person(one), await Person(other));
    }

    [Fact]
    public async Task A_comparison_with_what_was_told_to_another_council_does_not_stand_on_the_page_of_whoever_sees_both_records()
    {
        string There(string reference) => TestSite.Report(reference, r =>
        {
            r["people"] = JsonNode.Parse(About(reference, "Sigrun", "Halvorsen", "2016-03-05", "SIG-1"))!["people"]!.DeepClone();
            (r["people"]![0]!["addresses"]![0]!["postcode"], r["people"]![0]!["addresses"]![0]!["lines"]![0]) = ("TS26 8AA", "44 Refuge Row");
            (r["place"]!["address"]!["locality"], r["place"]!["address"]!["postcode"]) = ("Hartmoor", "TS26 8AA");
        });
        var known = await site.Received(About("M/Sig/1", "Ingeborg", "Vold", "2011-01-02", "SIG-1"));
        await site.Settle();
        await site.Received(There("M/Sig/2"));
        await site.Settle();
        var other = await site.Received(About("M/Sig/3", "Sigrun", "Halvorsen", "2016-03-04", "SIG-2"));
        await site.Settle();
        var match = await site.Row<Guid>("select id from possible_match where state = 'open' and $1 in (source_record_id, other_id) and $2 in (source_record_id, other_id)", await Record(known), await Record(other));
        using var ramsey = await site.SignedIn("ramsey");
        var page = await ramsey.GetStringAsync($"/matches/{match}", TestContext.Current.CancellationToken);
        Assert.Contains("was not told to your agency", page);
        Assert.Contains("Ingeborg Vold", page);
        foreach (var hidden in new[] { "5 March 2016", "TS26", "Refuge" })
        {
            Assert.DoesNotContain(hidden, page, StringComparison.OrdinalIgnoreCase);
        }
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => site.Works.As(site.Who("ramsey"), "A test", work => work.Do($"select comparison from possible_match where id = {match}")));
        using var police = await site.SignedIn("thirlwell");
        Assert.Contains("5 March 2016", await police.GetStringAsync($"/matches/{match}", TestContext.Current.CancellationToken));
    }
}
