using System.Net;
using System.Net.Http.Json;
using Heed.Site.Administration;
using NodaTime;

namespace Heed.Site.Tests.Administration;

/// <summary>The rota as its pages keep it, and its gaps in words.</summary>
public sealed class RotaTests(TestSite site) : IClassFixture<TestSite>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Task<IReadOnlyList<Rota.Gap>> Gaps(string team) => site.Works.As(site.Who("khalid"), "A test", async work => (IReadOnlyList<Rota.Gap>)[.. (await Rota.Gaps(null, await site.Bodies.For(work), work)).Where(g => g.TeamId == site.Team(team))]);

    [Fact]
    public async Task A_night_with_nobody_is_a_gap_until_somebody_is_put_on_duty_and_the_words_say_what_a_late_clock_would_do()
    {
        await site.TimeIs(Cluster.Usual);
        Assert.Empty(await Gaps("hartmoor-edt"));
        using var business = await site.SignedIn("ashworth");
        var page = $"/administration/rotas/{site.Team("hartmoor-edt")}";
        // Saturday night, 21 November 2026: everybody off.
        var night = await site.Rows<Guid>("select practitioner_id from shift where team_id = $1 and lower(during) = '2026-11-21 20:30+00'", site.Team("hartmoor-edt"));
        Assert.Equal(3, night.Count);
        var starts = RotaModel.Micros(Instant.FromUtc(2026, 11, 21, 20, 30)).ToString();
        foreach (var who in night)
        {
            Assert.Equal(HttpStatusCode.Redirect, (await TestSite.PostTo(business, page, $"{page}?handler=Off", ("person", who.ToString()), ("from", starts))).StatusCode);
        }
        Assert.Equal(HttpStatusCode.Conflict, (await TestSite.PostTo(business, page, $"{page}?handler=Off", ("person", night[0].ToString()), ("from", starts))).StatusCode);
        Assert.Equal("Saturday 21 November 20:30 to Sunday 22 November 08:30: nobody; a late clock would climb past this team to Head of service and director on call", Assert.Single(await Gaps("hartmoor-edt")).Words);
        Assert.Contains("Saturday 21 November 20:30 to Sunday 22 November 08:30: nobody", await business.GetStringAsync("/administration", Stop));
        Assert.Equal(HttpStatusCode.Redirect, (await Put(business, page, "catterick", 0, "20:30", "08:30")).StatusCode);
        Assert.Empty(await Gaps("hartmoor-edt"));
        var twice = await Put(business, page, "catterick", 1, "22:00", "23:00");
        Assert.Equal(HttpStatusCode.Conflict, twice.StatusCode);
        Assert.Contains("nobody stands twice", await twice.Content.ReadAsStringAsync(Stop));
        // She falls ill: the gap is back, and why is nobody's to read.
        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.PostTo(business, page, $"{page}?handler=Away", ("Absentee", site.Practitioner("catterick").ToString()), ("AwayFrom.Day", "21"), ("AwayFrom.Month", "11"), ("AwayFrom.Year", "2026"), ("AwayUntil.Day", "21"), ("AwayUntil.Month", "11"), ("AwayUntil.Year", "2026"), ("Why", "Sickness"))).StatusCode);
        Assert.StartsWith("Saturday 21 November 20:30 to Sunday 22 November 00:00: nobody;", (await Gaps("hartmoor-edt"))[0].Words);
        Assert.DoesNotContain("Sickness", await business.GetStringAsync(page, Stop));
    }

    [Fact]
    public async Task A_teams_name_hours_and_telephone_are_changed_by_who_administers_it_and_it_is_never_closed_with_nobody_to_answer()
    {
        await site.TimeIs(Cluster.Usual);
        using var khalid = await site.SignedIn("khalid");
        var (team, other) = (site.Team("norton-stockton-front-door"), site.Team("hartmoor-front-door"));
        var page = $"/administration/rotas/{team}";
        Task<HttpResponseMessage> Save(string name, string opens, string closes, string telephone) => TestSite.PostTo(khalid, page, $"{page}?handler=Team", ("TeamName", name), ("Opens", opens), ("Closes", closes), ("Telephone", telephone));
        foreach (var (name, opens, closes, telephone, why) in new[]
        {
            (" ", "08:30", "17:00", "", "what the team is called"), ("Front door", "17:00", "08:30", "", "when it closes"), ("Front door", "08:30", "", "", "when it closes"), ("Front door", "half past", "17:00", "", "when it closes"),
            ("Front door", "08:30", "17:00", "ask Jo", "telephone number"), (await site.Row<string>("select name from team where key = 'norton-stockton-information'"), "08:30", "17:00", "", "called so already"),
        })
        {
            var refused = await Save(name, opens, closes, telephone);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
            var said = await refused.Content.ReadAsStringAsync(Stop);
            Assert.Contains(why, said);
            Assert.Contains("open", new AngleSharp.Html.Parser.HtmlParser().ParseDocument(said).QuerySelectorAll("details").Single(d => d.TextContent.Contains("Change its name")).Attributes.Select(a => a.Name));
        }
        Assert.Equal(HttpStatusCode.Redirect, (await Save("First contact", "09:15", "16:45", "01632 960 111 ext 4")).StatusCode);
        Assert.Equal("First contact 09:15:00 16:45:00 01632 960 111 ext 4", await site.Row<string>("select concat_ws(' ', name, opens, closes, telephone) from team where id = $1", team));
        Assert.Contains("Rota of First contact", await khalid.GetStringAsync(page, Stop));
        // Who answers for it while it is closed never closes itself; one that nobody covers does not begin to close.
        var cover = await site.Row<Guid>("select covered_by_id from team where id = $1", team);
        var closing = await khalid.PostAsJsonAsync($"/api/administration/teams/{cover}", new { name = "Night", opens = "20:00:00", closes = "23:00:00" }, Stop);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, closing.StatusCode);
        Assert.Contains("who covers another never closes", await closing.Content.ReadAsStringAsync(Stop));
        Assert.Equal(HttpStatusCode.NotFound, (await khalid.PostAsJsonAsync($"/api/administration/teams/{other}", new { name = "Ours now" }, Stop)).StatusCode);
        Assert.Equal(1, await site.Row<long>("select count(*) from change where on_table = 'team' and row_id = $1 and actor = $2", team, site.Practitioner("khalid")));
    }

    private Task<HttpResponseMessage> Put(HttpClient client, string page, string who, int rung, string from, string until) =>
        TestSite.PostTo(client, page, page, ("Person", site.Practitioner(who).ToString()), ("Rung", rung.ToString()), ("Day.Day", "21"), ("Day.Month", "11"), ("Day.Year", "2026"), ("From", from), ("Until", until));

    [Fact]
    public async Task Of_two_who_put_the_same_person_on_duty_at_once_one_does_and_another_agencys_rota_is_not_there()
    {
        await site.TimeIs(Cluster.Usual);
        using var khalid = await site.SignedIn("khalid");
        using var whelan = await site.SignedIn("whelan");
        var page = $"/administration/rotas/{site.Team("norton-stockton-front-door")}";
        var both = await Task.WhenAll(new[] { khalid, whelan }.Select(c => Put(c, page, "ramsey", 0, "09:00", "12:00")));
        Assert.Equal([HttpStatusCode.Redirect, HttpStatusCode.Conflict], both.Select(a => a.StatusCode).Order());
        Assert.Equal(HttpStatusCode.NotFound, (await khalid.GetAsync($"/administration/rotas/{site.Team("hartmoor-front-door")}", Stop)).StatusCode);
        Assert.Contains("Choose who is on duty", await (await Put(khalid, page, "neasham", 0, "09:00", "12:00")).Content.ReadAsStringAsync(Stop));
        await Assert.ThrowsAnyAsync<Exception>(() => site.Works.As(site.Who("khalid"), "A test", work => work.Do($"insert into shift (practitioner_id, team_id, rung, during) values ({site.Practitioner("neasham")}, {site.Team("hartmoor-front-door")}, 0, tstzrange(heed_now() + interval '20 days', heed_now() + interval '21 days'))")));
        Assert.Contains("Tees Emergency Duty Team", await khalid.GetStringAsync(page, Stop));
    }

    [Fact]
    public async Task A_team_that_closes_is_not_left_without_cover_and_a_change_of_route_is_known_at_once()
    {
        using var khalid = await site.SignedIn("khalid");
        var (team, page) = (site.Team("norton-stockton-assessment"), $"/administration/rotas/{site.Team("norton-stockton-assessment")}");
        Assert.Contains("name who answers then", await (await TestSite.PostTo(khalid, page, $"{page}?handler=Route", ("CoveredBy", ""), ("Above", site.Team("norton-stockton-heads").ToString()))).Content.ReadAsStringAsync(Stop));
        Assert.Contains("neither covers itself", await (await TestSite.PostTo(khalid, page, $"{page}?handler=Route", ("CoveredBy", team.ToString()), ("Above", ""))).Content.ReadAsStringAsync(Stop));
        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.PostTo(khalid, page, $"{page}?handler=Route", ("CoveredBy", site.Team("hartmoor-edt").ToString()), ("Above", site.Team("norton-stockton-heads").ToString()))).StatusCode);
        Assert.Equal(site.Team("hartmoor-edt"), await site.Works.As(site.Who("khalid"), "A test", async work => (await site.Bodies.For(work)).Teams[team].CoveredById));
    }
}
