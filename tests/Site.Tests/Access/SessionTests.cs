using System.Net;
using System.Text.Json;
using AngleSharp.Html.Parser;
using Heed.Site.Access;

namespace Heed.Site.Tests.Access;

/// <summary>Where somebody is signed in: seen and ended by themselves from elsewhere, and by whoever administers their agency.</summary>
public sealed class SessionTests(TestSite site) : IClassFixture<TestSite>
{
    private static readonly string Again = SessionsModel.ProveAt;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static async Task<bool> IsIn(HttpClient client) => (await client.GetAsync("/", Stop)).StatusCode == HttpStatusCode.OK;

    private static async Task<(int Lines, int Here)> Lists(HttpClient client, string page)
    {
        var table = new HtmlParser().ParseDocument(await client.GetStringAsync(page, Stop)).QuerySelectorAll("main table").First(t => t.TextContent.Contains("Signed in now"));
        return (table.QuerySelectorAll("tbody tr").Length, table.QuerySelectorAll(".govuk-tag").Length);
    }

    private Task<Guid> Newest(string who) => site.Row<Guid>("select id from session where practitioner_id = $1 and ended_at is null order by began_at desc, id desc limit 1", site.Practitioner(who));

    private Task<string> How(Guid session) => site.Row<string>("select concat_ws(', ', s.ended_because, p.key, s.tokens) from session s left join practitioner p on p.id = s.ended_by where s.id = $1", session);

    /// <summary>As a provider's refresh token would stand in it.</summary>
    private Task Token(Guid session) => site.Administer("update session set tokens = 'a token' where id = $1", session);

    [Fact]
    public async Task One_sees_where_one_is_signed_in_and_ends_it_from_elsewhere_once_one_has_proved_who_one_is()
    {
        await site.Administer("update practitioner set can_sign_in = true where key in ('sharma', 'mensah')");
        using var desk = await site.SignedIn("sharma");
        var left = await Newest("sharma");
        await Token(left);
        using var car = await site.SignedIn("sharma");
        using var here = await site.SignedIn("sharma");
        using var colleague = await site.SignedIn("mensah");
        var theirs = await Newest("mensah");
        Assert.Equal((3, 1), await Lists(here, "/sessions"));
        Assert.DoesNotContain("a token", await here.GetStringAsync("/sessions", Stop));

        var no = await TestSite.PostTo(here, Again, "/sessions?handler=End", ("session", left.ToString()));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, no.StatusCode);
        Assert.Contains("Prove again who you are first", await no.Content.ReadAsStringAsync(Stop));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await TestSite.PostTo(here, Again, "/sessions")).StatusCode);
        Assert.True(await IsIn(desk) && await IsIn(car));

        Assert.Equal("/sessions", (await TestSite.Post(here, Again)).Headers.Location?.ToString());
        Assert.Equal("/sessions?said=ended", (await TestSite.PostTo(here, "/sessions", "/sessions?handler=End", ("session", left.ToString()))).Headers.Location?.ToString());
        Assert.Equal((false, true, "ended by themselves, sharma"), (await IsIn(desk), await IsIn(car), await How(left)));
        // Another's is not there, and stays.
        Assert.Equal(HttpStatusCode.NotFound, (await TestSite.PostTo(here, "/sessions", "/sessions?handler=End", ("session", theirs.ToString()))).StatusCode);
        Assert.True(await IsIn(colleague));
        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.Post(here, "/sessions")).StatusCode);
        Assert.Equal((false, true, (1, 1)), (await IsIn(car), await IsIn(here), await Lists(here, "/sessions")));
    }

    /// <summary>The lines of a page's stream, as they come.</summary>
    private static async Task<StreamReader> Stream(HttpClient client, string path = "/live/worklist") => new(await (await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Stop)).EnsureSuccessStatusCode().Content.ReadAsStreamAsync(Stop));

    private static async Task<List<string>> ToItsEnd(StreamReader stream)
    {
        var said = new List<string>();
        while (await stream.ReadLineAsync(Stop) is { } line)
        {
            said.Add(line);
        }
        return [.. said.Where(line => line.Length > 0)];
    }

    [Fact]
    public async Task An_open_page_is_nobody_who_is_there_and_its_stream_ends_with_the_session_and_says_so()
    {
        using var police = await site.SignedIn("thirlwell");
        var session = await Newest("thirlwell");
        Task<bool> Untouched() => site.Row<bool>("select seen_at < now() - interval '28 minutes' from session where id = $1", session);
        await site.Administer("update session set seen_at = now() - interval '29 minutes' where id = $1", session);
        using var stream = await Stream(police);
        while (await stream.ReadLineAsync(Stop) is not ": still here")
        {
        }
        Assert.True(await Untouched());
        // Nor does what the page asks by itself; that somebody typed does.
        var asked = JsonDocument.Parse(await police.GetStringAsync("/live/session", Stop)).RootElement;
        Assert.InRange(asked.GetProperty("seconds").GetInt32(), 0, 60);
        Assert.Equal((site.Practitioner("thirlwell"), false), (asked.GetProperty("who").GetGuid(), asked.GetProperty("last").GetBoolean()));
        Assert.True(await Untouched());
        asked = JsonDocument.Parse(await police.GetStringAsync("/live/session?here=true", Stop)).RootElement;
        Assert.InRange(asked.GetProperty("seconds").GetInt32(), 29 * 60, 30 * 60);
        Assert.False(await Untouched());
        await site.Administer("update session set began_at = now() - interval '11 hours 59 minutes' where id = $1", session);
        asked = JsonDocument.Parse(await police.GetStringAsync("/live/session?here=true", Stop)).RootElement;
        Assert.True(asked.GetProperty("last").GetBoolean() && asked.GetProperty("seconds").GetInt32() <= 60);

        await site.Administer("update session set seen_at = now() - interval '31 minutes' where id = $1", session);
        Assert.Equal(["event: over", "data:"], (await ToItsEnd(stream)).TakeLast(2));
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), ((await police.GetAsync("/live/session?here=true", Stop)).StatusCode, (await police.GetAsync("/live/session", Stop)).StatusCode, (await site.Nobody().GetAsync("/live/session", Stop)).StatusCode));
    }

    [Fact]
    public async Task Who_administers_an_agency_ends_one_session_all_of_a_person_and_all_of_the_agency_and_no_others()
    {
        await site.Administer("update practitioner set can_sign_in = true where key in ('ramsey', 'appiah', 'hewitt', 'khalid')");
        using var one = await site.SignedIn("ramsey");
        var first = await Newest("ramsey");
        await Token(first);
        using var two = await site.SignedIn("ramsey");
        using var appiah = await site.SignedIn("appiah");
        using var elsewhere = await site.SignedIn("hewitt");
        using var manager = await site.SignedIn("khalid");
        using var again = await site.SignedIn("khalid");
        var page = $"/administration/person/{site.Practitioner("ramsey")}";
        Assert.Equal((2, 0), await Lists(manager, page));

        Assert.Equal(page, (await TestSite.PostTo(manager, page, $"{page}?handler=End", ("session", first.ToString()))).Headers.Location?.ToString());
        Assert.Equal((false, true, "ended by who administers the agency, khalid"), (await IsIn(one), await IsIn(two), await How(first)));
        Assert.Equal(HttpStatusCode.Conflict, (await TestSite.PostTo(manager, page, $"{page}?handler=End", ("session", first.ToString()))).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.PostTo(manager, page, $"{page}?handler=EndAll")).StatusCode);
        Assert.False(await IsIn(two));
        Assert.Contains("Nowhere.", await manager.GetStringAsync(page, Stop));

        // Of another agency, and without the permit, nothing.
        var theirs = $"/administration/person/{site.Practitioner("hewitt")}";
        Assert.Equal(HttpStatusCode.NotFound, (await TestSite.PostTo(manager, page, $"{theirs}?handler=EndAll")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await TestSite.PostTo(manager, page, $"/administration/people/{site.Agency("hartmoor")}?handler=EndAll")).StatusCode);
        Assert.Equal("0", await site.Says("khalid", "select end_sessions($1, null, null)", site.Agency("hartmoor")));
        Assert.Equal("0", await site.Says("appiah", "select end_sessions($1, null, null)", site.Agency("norton-stockton")));
        Assert.Equal(("0", "0"), (await site.Says("khalid", "select count(*) from signed_in($1)", site.Practitioner("hewitt")), await site.Says("appiah", "select count(*) from signed_in($1)", site.Practitioner("khalid"))));
        Assert.Equal(HttpStatusCode.Forbidden, (await appiah.GetAsync(page, Stop)).StatusCode);
        // Nor one's own elsewhere, without the proof that the other page asks for.
        Assert.Equal("0", await site.Says("khalid", "select end_sessions(null, $1, null)", site.Practitioner("khalid")));

        var all = await TestSite.PostTo(manager, "/administration/people", "/administration/people?handler=EndAll");
        Assert.Contains("sessions have ended", await all.Content.ReadAsStringAsync(Stop));
        Assert.Equal((false, true, true, true), (await IsIn(appiah), await IsIn(manager), await IsIn(again), await IsIn(elsewhere)));
    }
}
