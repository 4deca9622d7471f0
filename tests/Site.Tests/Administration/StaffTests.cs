using System.Net;

namespace Heed.Site.Tests.Administration;

/// <summary>A joiner, a change of post, a leaver: what each may, what goes back to the team, and who may do it.</summary>
public sealed class StaffTests(TestSite site) : IClassFixture<TestSite>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async Task<HttpResponseMessage> Join(HttpClient client, string email, string team = "norton-stockton-front-door", string role = "social-worker") =>
        await TestSite.PostTo(client, "/administration/people", "/administration/people", ("Name", "Jo Newby"), ("Rank", "Social worker"), ("Email", email), ("Team", site.Team(team).ToString()), ("Role", role));

    private async Task<string> Manager() => await site.Row<string>("select p.key from practitioner p join post o on o.practitioner_id = p.id where o.role = 'partnership-manager' limit 1");

    [Fact]
    public async Task A_joiner_has_an_address_and_a_post_and_each_field_that_is_wrong_says_why()
    {
        using var khalid = await site.SignedIn("khalid");
        Assert.Equal(HttpStatusCode.Redirect, (await Join(khalid, "Jo.Newby@norton.example")).StatusCode);
        var who = await site.Row<Guid>("select id from practitioner where email = 'jo.newby@norton.example'");
        Assert.Equal("social-worker", await site.Row<string>("select role from post where practitioner_id = $1 and during @> heed_now()", who));
        Assert.Equal("Managing who works at an agency", await site.Row<string>("select purpose from change where on_table = 'practitioner' and row_id = $1", who));
        var twice = await Join(khalid, "jo.newby@norton.example");
        Assert.Equal(HttpStatusCode.Conflict, twice.StatusCode);
        Assert.Contains("address is one person", await twice.Content.ReadAsStringAsync(Stop));
        Assert.Contains("Choose a team of this agency", await (await Join(khalid, "a@norton.example", "hartmoor-front-door")).Content.ReadAsStringAsync(Stop));
        Assert.Contains("this kind of agency has", await (await Join(khalid, "b@norton.example", role: "detective")).Content.ReadAsStringAsync(Stop));
        Assert.Contains("work e-mail address: by it", await (await Join(khalid, "nobody")).Content.ReadAsStringAsync(Stop));
        using var whelan = await site.SignedIn("whelan");
        Assert.Contains("Only who agrees what the partnership shares", await (await Join(whelan, "c@norton.example", role: "service-manager")).Content.ReadAsStringAsync(Stop));
    }

    [Fact]
    public async Task Each_manager_sees_to_their_own_agency_the_business_manager_to_all_and_row_security_says_so_too()
    {
        using var khalid = await site.SignedIn("khalid");
        Assert.Equal(HttpStatusCode.NotFound, (await khalid.GetAsync($"/administration/people/{site.Agency("hartmoor")}", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await khalid.GetAsync($"/administration/person/{site.Practitioner("neasham")}", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await TestSite.PostTo(khalid, $"/administration/person/{site.Practitioner("appiah")}", $"/administration/person/{site.Practitioner("neasham")}?handler=Leave", ("Words", "Out"))).StatusCode);
        using var ramsey = await site.SignedIn("ramsey");
        Assert.Equal(HttpStatusCode.Forbidden, (await ramsey.GetAsync("/administration/people", Stop)).StatusCode);
        using var business = await site.SignedIn(await Manager());
        Assert.Equal(HttpStatusCode.OK, (await business.GetAsync($"/administration/person/{site.Practitioner("neasham")}", Stop)).StatusCode);
        // Whoever steps round the pages meets the database.
        Task Post(string by, string whom, string team, string role) => site.Works.As(site.Who(by), "A test", work => work.Do($"insert into post (practitioner_id, team_id, role, during) values ({site.Practitioner(whom)}, {site.Team(team)}, {role}, tstzrange(heed_now(), null))"));
        foreach (var (by, whom, team, role) in new[] { ("khalid", "khalid", "norton-stockton-front-door", "social-worker"), ("khalid", "neasham", "hartmoor-front-door", "team-manager"), ("ramsey", "appiah", "norton-stockton-front-door", "team-manager"), ("whelan", "appiah", "norton-stockton-front-door", "service-manager"), ("khalid", "appiah", "norton-stockton-front-door", "partnership-manager") })
        {
            Assert.Contains("row-level security", (await Assert.ThrowsAnyAsync<Exception>(() => Post(by, whom, team, role))).Message);
        }
        await Assert.ThrowsAnyAsync<Exception>(() => site.Works.As(site.Who("khalid"), "A test", work => work.Do($"select give_back({site.Practitioner("neasham")})")));
        Assert.Equal("not-found", await site.Works.As(site.Who("ramsey"), "A test", work => work.One<string>($"select depart({site.Practitioner("appiah")}, 'Out')")));
        await Post("khalid", "appiah", "norton-stockton-front-door", "team-manager");
    }

    [Fact]
    public async Task A_leaver_is_out_at_once_and_what_they_had_taken_is_the_teams_again()
    {
        await site.TimeIs(Cluster.Usual);
        await site.Received(TestSite.Report("ST/1"));
        await site.Settle();
        var notice = await site.Row<Guid>("select n.id from notice n join report r on r.id = n.report_id where r.reference = 'ST/1' and n.to_agency = $1", site.Agency("norton-stockton"));
        using var bielecki = await AsSomebody("bielecki");
        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.PostTo(bielecki, $"/notices/{notice}", $"/notices/{notice}?handler=Take")).StatusCode);
        Assert.Equal(site.Practitioner("bielecki"), await site.Row<Guid>("select taken_by from notice where id = $1", notice));
        using var khalid = await site.SignedIn("khalid");
        var page = $"/administration/person/{site.Practitioner("bielecki")}";
        Assert.Contains("duty manager must know", await (await TestSite.PostTo(khalid, page, $"{page}?handler=Leave", ("Words", ""))).Content.ReadAsStringAsync(Stop));
        // Two managers at once: one of them does it.
        using var whelan = await site.SignedIn("whelan");
        var both = await Task.WhenAll(new[] { khalid, whelan }.Select(c => TestSite.PostTo(c, "/administration/people", $"{page}?handler=Leave", ("Words", "Left for another council: two families wait for a call"))));
        Assert.Equal(1, both.Count(a => a.StatusCode == HttpStatusCode.Redirect));
        Assert.Equal(HttpStatusCode.Redirect, (await bielecki.GetAsync("/", Stop)).StatusCode);
        Assert.Equal("left the agency", await site.Row<string>("select distinct ended_because from session where practitioner_id = $1", site.Practitioner("bielecki")));
        Assert.True(await site.Row<bool>("select taken_by is null from notice where id = $1", notice));
        Assert.Equal(0, await site.Row<long>("select count(*) from clock where practitioner_id = $1 and state in ('running', 'warned', 'breached')", site.Practitioner("bielecki")));
        Assert.Equal(0, await site.Row<long>("select count(*) from shift where practitioner_id = $1 and upper(during) > heed_now()", site.Practitioner("bielecki")));
        var shown = await khalid.GetStringAsync("/administration/people", Stop);
        Assert.Contains("Marek Bielecki left", shown);
        Assert.Contains("Back with their teams: 1 notices", shown);
        Assert.Contains("two families wait", shown);
        Assert.Equal(1, await site.Row<long>("select count(*) from handing_on where notice_id = $1", notice));
    }

    [Fact]
    public async Task A_change_of_post_gives_back_what_the_old_team_had_and_nobody_changes_their_own()
    {
        using var business = await site.SignedIn(await Manager());
        var page = $"/administration/person/{site.Practitioner("kirton")}";
        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.PostTo(business, page, page, ("Team", site.Team("levenside-assessment").ToString()), ("Role", "social-worker"), ("Instead", "true"))).StatusCode);
        Assert.Equal("levenside-assessment", await site.Row<string>("select t.key from post o join team t on t.id = o.team_id where o.practitioner_id = $1 and o.during @> heed_now()", site.Practitioner("kirton")));
        Assert.Equal(0, await site.Row<long>("select count(*) from shift s join team t on t.id = s.team_id where s.practitioner_id = $1 and t.key = 'levenside-front-door' and upper(s.during) > heed_now()", site.Practitioner("kirton")));
        using var khalid = await site.SignedIn("khalid");
        var own = $"/administration/person/{site.Practitioner("khalid")}";
        Assert.Contains("Nobody changes their own posts", await (await TestSite.PostTo(khalid, own, own, ("Team", site.Team("norton-stockton-heads").ToString()), ("Role", "service-manager"))).Content.ReadAsStringAsync(Stop));
        Assert.Contains("Nobody puts themselves out", await (await TestSite.PostTo(khalid, own, $"{own}?handler=Leave", ("Words", "Enough"))).Content.ReadAsStringAsync(Stop));
    }

    private async Task<HttpClient> AsSomebody(string key)
    {
        await site.Administer("update practitioner set can_sign_in = true where key = $1", key);
        return await site.SignedIn(key);
    }
}
