using System.Net;
using Heed.Site.Access;
using Microsoft.Extensions.DependencyInjection;

namespace Heed.Site.Tests.Access;

/// <summary>Signing in by an agency's own provider, and being out again.</summary>
public sealed class SignInTests(TestSite site) : IClassFixture<TestSite>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Task Clean() => site.Administer("delete from provider_domain; delete from account; delete from group_post; update provider set during = tstzrange(lower(during), lower(during))");

    private Task<string> Last(string column) => site.Row<string>($"select coalesce({column}::text, '') from session order by began_at desc, id desc limit 1");

    [Fact]
    public async Task Somebody_signs_in_by_their_agencys_provider_with_the_posts_that_their_groups_give()
    {
        await Clean();
        await using var own = await OpenIdProvider.Start(site);
        await own.Has("s-1", groups: ["Duty", "Everybody"]);
        using var browser = OpenIdProvider.Browser();
        var (where, page) = await own.SignIn(browser, "s-1", start: "/sign-in?then=%2Fclocks");
        Assert.Equal("/clocks", where.AbsolutePath);
        Assert.Contains("Wilma Kerr", await page.Content.ReadAsStringAsync(Stop));
        Assert.Equal("social-worker norton-stockton-front-door", await site.Row<string>("select o.role || ' ' || t.key from practitioner p join post o on o.practitioner_id = p.id join team t on t.id = o.team_id where p.name = 'Wilma Kerr'"));
        Assert.Equal(("urn:example:mfa", "{pwd,otp}", own.Id.ToString(), ""), (await Last("acr"), await Last("amr"), await Last("provider_id"), await Last("proved_at")));
        Assert.NotEqual("", await Last("provider_session"));
        // Nothing that opens anything at the provider can be read in the database.
        Assert.DoesNotContain("refresh", await Last("tokens"), StringComparison.OrdinalIgnoreCase);
        // Again: the same person, in one click, and no second practitioner.
        await own.SignIn(browser, "s-1");
        Assert.Equal(1, await site.Row<long>("select count(*) from practitioner where name = 'Wilma Kerr'"));
        Assert.Equal(1, await site.Row<long>("select count(*) from post o join practitioner p on p.id = o.practitioner_id where p.name = 'Wilma Kerr'"));
    }

    [Fact]
    public async Task Whom_the_agency_has_already_is_joined_by_address_and_no_other_agencys_provider_can_be_them()
    {
        await Clean();
        var ramsey = site.Practitioner("ramsey");
        await site.Administer("update practitioner set email = 'ramsey@norton.example.gov.uk' where id = $1", ramsey);
        await using var own = await OpenIdProvider.Start(site);
        await using var other = await OpenIdProvider.Start(site, "hartmoor", "hartmoor.example.gov.uk", "hartmoor-front-door");
        await other.Has("thief", "A Thief", "ramsey@norton.example.gov.uk", "Duty");
        using var browser = OpenIdProvider.Browser();
        await other.SignIn(browser, "thief", "x@hartmoor.example.gov.uk");
        Assert.NotEqual(ramsey.ToString(), await Last("practitioner_id"));
        Assert.Equal(0, await site.Row<long>("select count(*) from account where practitioner_id = $1", ramsey));
        Assert.Equal("hartmoor", await site.Row<string>("select a.key from session s join practitioner p on p.id = s.practitioner_id join agency a on a.id = p.agency_id order by s.began_at desc limit 1"));
        await own.Has("r-1", "Another Name", "Ramsey@norton.example.gov.uk");
        using var mine = OpenIdProvider.Browser();
        var (where, _) = await own.SignIn(mine, "r-1");
        // Her posts were given here; a group takes none of those away.
        Assert.Equal(("/", ramsey.ToString()), (where.AbsolutePath, await Last("practitioner_id")));
        // An address for which the provider does not vouch is nobody's.
        await Clean();
        await using var careless = await OpenIdProvider.Start(site);
        await careless.Has("r-2", new { name = "Not Ramsey", email = "ramsey@norton.example.gov.uk", email_verified = false, groups = new[] { "Duty" } });
        using var third = OpenIdProvider.Browser();
        await careless.SignIn(third, "r-2");
        Assert.NotEqual(ramsey.ToString(), await Last("practitioner_id"));
    }

    [Fact]
    public async Task Whose_groups_give_no_role_is_told_so_and_nobody_is_made()
    {
        await Clean();
        await using var own = await OpenIdProvider.Start(site);
        await own.Has("s-2", "Nobody Special", groups: ["Everybody"]);
        using var browser = OpenIdProvider.Browser();
        var (where, page) = await own.SignIn(browser, "s-2");
        Assert.Equal("/sign-in", where.AbsolutePath);
        Assert.Contains("none of your groups there gives you a role here", await page.Content.ReadAsStringAsync(Stop));
        Assert.Equal(0, await site.Row<long>("select count(*) from practitioner where name = 'Nobody Special'"));
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync(new Uri(own.Heed, "/"), Stop)).StatusCode);
    }

    [Fact]
    public async Task A_leaver_is_out_when_the_provider_is_next_asked_and_whoever_changes_groups_changes_posts()
    {
        await Clean();
        await using var own = await OpenIdProvider.Start(site);
        // The provider is asked before every request; without this, every four minutes.
        own.Settings.AskAfterSeconds = 0;
        await own.Has("s-3", "Lea Ver", groups: ["Duty"]);
        using var browser = OpenIdProvider.Browser();
        await own.SignIn(browser, "s-3");
        for (var again = 0; again < 3; again++)
        {
            // A new refresh token each time, and each is good.
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(new Uri(own.Heed, "/"), Stop)).StatusCode);
        }
        await site.Administer("insert into group_post (provider_id, agency_id, group_name, team_id, role) select provider_id, agency_id, 'Managers', team_id, 'team-manager' from group_post");
        await own.Has("s-3", "Lea Ver", groups: ["Managers"]);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(new Uri(own.Heed, "/looks"), Stop)).StatusCode);
        Assert.Equal(["social-worker ended", "team-manager "], await site.Rows<string>("select o.role || ' ' || case when o.during @> heed_now() then '' else 'ended' end from post o join practitioner p on p.id = o.practitioner_id where p.name = 'Lea Ver' order by 1"));
        // A page that stands open asks for nothing more, and tells no leaver any more either.
        using var open = new StreamReader(await (await browser.GetAsync(new Uri(own.Heed, "/live/worklist"), HttpCompletionOption.ResponseHeadersRead, Stop)).EnsureSuccessStatusCode().Content.ReadAsStreamAsync(Stop));
        await own.Has("s-3", (object?)null);
        Assert.EndsWith("event: over\ndata:\n\n", await open.ReadToEndAsync(Stop));
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync(new Uri(own.Heed, "/"), Stop)).StatusCode);
        Assert.Equal(("no longer known to the provider", ""), (await Last("ended_because"), await Last("tokens")));
    }

    [Fact]
    public async Task Where_there_is_nothing_to_ask_the_provider_with_an_open_page_stays_and_the_next_request_goes_through_it()
    {
        await Clean();
        await using var own = await OpenIdProvider.Start(site);
        own.Settings.AskAfterSeconds = 0;
        await own.Has("s-10", "Stay Here", groups: ["Duty"]);
        using var browser = OpenIdProvider.Browser();
        await own.SignIn(browser, "s-10");
        await site.Administer("update session set tokens = null where ended_at is null");
        using var open = new StreamReader(await (await browser.GetAsync(new Uri(own.Heed, "/live/worklist"), HttpCompletionOption.ResponseHeadersRead, Stop)).EnsureSuccessStatusCode().Content.ReadAsStreamAsync(Stop));
        while (await open.ReadLineAsync(Stop) is { } line && line != ": still here")
        {
        }
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(new Uri(own.Heed, "/live/session?here=true"), Stop)).StatusCode);
        Assert.Equal("", await Last("ended_because"));
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync(new Uri(own.Heed, "/"), Stop)).StatusCode);
        Assert.Equal("no longer known to the provider", await Last("ended_because"));
        Assert.EndsWith("event: over\ndata:\n\n", await open.ReadToEndAsync(Stop));
    }

    [Fact]
    public async Task While_the_provider_is_away_nobody_is_put_out_and_who_comes_is_told()
    {
        await Clean();
        await using var own = await OpenIdProvider.Start(site);
        own.Settings.AskAfterSeconds = 0;
        await own.Has("s-4", "Night Officer", groups: ["Duty"]);
        using var browser = OpenIdProvider.Browser();
        await own.SignIn(browser, "s-4");
        own.Stop();
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(new Uri(own.Heed, "/"), Stop)).StatusCode);
        Assert.Equal("", await Last("ended_at"));
        // Signing out works without the provider.
        var token = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await browser.GetStringAsync(new Uri(own.Heed, "/clocks"), Stop)).QuerySelector("form[action='/sign-out'] input")!.GetAttribute("value")!;
        await browser.PostAsync(new Uri(own.Heed, "/sign-out"), new FormUrlEncodedContent([new("__RequestVerificationToken", token)]), Stop);
        Assert.Equal("signed out", await Last("ended_because"));
    }

    [Fact]
    public async Task Signed_out_is_out_here_and_at_the_provider_and_a_kept_cookie_opens_nothing()
    {
        await Clean();
        await using var own = await OpenIdProvider.Start(site);
        await own.Has("s-5", "Out Going", groups: ["Duty"]);
        var cookies = new CookieContainer();
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies });
        await own.SignIn(browser, "s-5");
        var kept = cookies.GetCookies(own.Heed)["heed"]!.Value;
        var page = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await browser.GetStringAsync(new Uri(own.Heed, "/"), Stop));
        var token = page.QuerySelector("form[action='/sign-out'] input")!.GetAttribute("value")!;
        var answer = await browser.PostAsync(new Uri(own.Heed, "/sign-out"), new FormUrlEncodedContent([new("__RequestVerificationToken", token)]), Stop);
        Assert.StartsWith($"{own.Issuer}/session/end", OpenIdProvider.Onward(answer)!.ToString());
        Assert.Contains("id_token_hint=", OpenIdProvider.Onward(answer)!.Query);
        using var thief = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { DefaultRequestHeaders = { { "Cookie", $"heed={kept}" } } };
        Assert.Equal(HttpStatusCode.Redirect, (await thief.GetAsync(new Uri(own.Heed, "/"), Stop)).StatusCode);
    }

    [Fact]
    public async Task What_the_provider_ends_is_ended_here_and_only_its_own_signed_word_counts()
    {
        await Clean();
        await using var own = await OpenIdProvider.Start(site);
        await own.Has("s-6", "Ended There", groups: ["Duty"]);
        using var browser = OpenIdProvider.Browser();
        await own.SignIn(browser, "s-6");
        var forged = "eyJhbGciOiJub25lIn0." + Convert.ToBase64String("{\"iss\":\"x\",\"sub\":\"s-6\"}"u8.ToArray()).TrimEnd('=') + ".";
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync(new Uri(own.Heed, $"/sign-in/via/{own.Id}/backchannel"), new FormUrlEncodedContent([new("logout_token", forged)]), Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(new Uri(own.Heed, "/"), Stop)).StatusCode);
        // Somewhere else, and without Heed: at the provider's own page.
        var end = await browser.GetStringAsync($"{own.Issuer}/session/end", Stop);
        var form = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(end).QuerySelector("form")!;
        var fields = form.QuerySelectorAll("input").ToDictionary(i => i.GetAttribute("name")!, i => i.GetAttribute("value") ?? "");
        await browser.PostAsync(form.GetAttribute("action"), new FormUrlEncodedContent([.. fields, new("logout", "yes")]), Stop);
        Assert.Equal("ended at the provider", await Last("ended_because"));
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync(new Uri(own.Heed, "/"), Stop)).StatusCode);
    }

    [Theory]
    [InlineData("signature")]
    [InlineData("issuer")]
    [InlineData("audience")]
    [InlineData("expired")]
    [InlineData("nonce")]
    [InlineData("replayed")]
    [InlineData("none")]
    [InlineData("unsigned")]
    [InlineData("confused")]
    public async Task An_ID_token_that_is_wrong_in_one_thing_signs_nobody_in(string what)
    {
        await Clean();
        await using var own = await OpenIdProvider.Start(site);
        await own.Has($"forged-{what}", "Forged Token", groups: ["Duty"]);
        Task<long> Sessions() => site.Row<long>("select count(*) from session where provider_id = $1", own.Id);
        foreach (var (forged, sessions) in new[] { ("", 1), ("nothing", 2), (what, 2), ("", 3) })
        {
            await own.Forges(forged);
            using var browser = OpenIdProvider.Browser();
            var (where, page) = await own.SignIn(browser, $"forged-{what}");
            Assert.Equal((forged == what ? "/sign-in" : "/", sessions), (where.AbsolutePath, await Sessions()));
            if (forged == what)
            {
                Assert.Contains("did not answer as it should", await page.Content.ReadAsStringAsync(Stop));
                Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync(new Uri(own.Heed, "/"), Stop)).StatusCode);
            }
        }
    }

    [Fact]
    public async Task A_way_back_from_the_provider_that_this_browser_did_not_begin_signs_nobody_in()
    {
        await Clean();
        await using var own = await OpenIdProvider.Start(site);
        await own.Has("s-10", "Link Sender", groups: ["Duty"]);
        using var began = OpenIdProvider.Browser();
        using var sent = OpenIdProvider.Browser();
        var (back, _) = await own.SignIn(began, "s-10", until: Providers.Path + own.Id);
        Assert.Contains("code=", back.Query);
        var (where, _) = await OpenIdProvider.Follow(sent, back, await sent.GetAsync(back, Stop), "s-10");
        Assert.Equal(("/sign-in", 0), (where.AbsolutePath, await site.Row<long>("select count(*) from session where provider_id = $1", own.Id)));
        // It was good, for the browser that began it.
        (where, _) = await OpenIdProvider.Follow(began, back, await began.GetAsync(back, Stop), "s-10");
        Assert.Equal(("/", 1), (where.AbsolutePath, await site.Row<long>("select count(*) from session where provider_id = $1", own.Id)));
    }

    [Fact]
    public async Task Who_proves_again_who_they_are_is_asked_anew_and_must_be_the_same_person()
    {
        await Clean();
        await using var own = await OpenIdProvider.Start(site);
        await own.Has("s-7", "Proof Reader", groups: ["Duty"]);
        await own.Has("s-8", "Some Colleague", groups: ["Duty"]);
        var cookies = new CookieContainer();
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies });
        await own.SignIn(browser, "s-7");
        var first = await Last("id");
        var (where, _) = await own.SignIn(browser, "s-7", start: "/sign-in/again?purpose=a-test&then=%2Flimits");
        Assert.Equal("/limits", where.AbsolutePath);
        Assert.NotEqual("", await Last("proved_at"));
        Assert.Equal("signed in again", await site.Row<string>("select ended_because from session where id = $1", Guid.Parse(first)));
        var proved = await Last("id");
        // A colleague whom the provider has not seen in this browser.
        foreach (var cookie in cookies.GetAllCookies().Where(c => c.Name.StartsWith("_session")))
        {
            cookie.Expired = true;
        }
        var (back, page) = await own.SignIn(browser, "s-8", start: "/sign-in/again?purpose=a-test&then=%2F");
        Assert.Equal("/sign-in", back.AbsolutePath);
        Assert.Contains("Somebody else proved who they are", await page.Content.ReadAsStringAsync(Stop));
        Assert.Equal(proved, await Last("id"));
    }

    [Fact]
    public async Task Who_comes_with_less_than_their_agency_asks_for_is_not_let_in()
    {
        await Clean();
        await using var own = await OpenIdProvider.Start(site);
        async Task Has(string strength) => await own.Has("s-9", new { name = "Pass Word", email = "s-9@norton.example.gov.uk", email_verified = true, groups = new[] { "Duty" }, strength });
        await Has("urn:example:password");
        using var browser = OpenIdProvider.Browser();
        var (where, page) = await own.SignIn(browser, "s-9");
        Assert.Equal("/sign-in", where.AbsolutePath);
        Assert.Contains("with less than your agency asks for", await page.Content.ReadAsStringAsync(Stop));
        Assert.Equal(0, await site.Row<long>("select count(*) from practitioner where name = 'Pass Word'"));
        await Has("urn:example:mfa");
        using var again = OpenIdProvider.Browser();
        Assert.Equal("/", (await own.SignIn(again, "s-9")).Where.AbsolutePath);
        // What needs proof may ask for more than signing in did.
        await site.Administer("update provider set proves_acr = 'urn:example:hardware', version = version + 1 where id = $1", own.Id);
        Assert.Equal("/sign-in", (await own.SignIn(again, "s-9", start: "/sign-in/again?purpose=a-test&then=%2Flimits")).Where.AbsolutePath);
        Assert.Equal("", await Last("proved_at"));
    }

    [Fact]
    public async Task Outside_the_demonstration_nobody_chooses_who_to_be()
    {
        await Clean();
        await using var own = await OpenIdProvider.Start(site);
        using var browser = OpenIdProvider.Browser();
        var page = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await browser.GetStringAsync(new Uri(own.Heed, "/sign-in"), Stop));
        Assert.DoesNotContain("demonstration", page.Body!.TextContent, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(page.QuerySelectorAll("button[name=Practitioner]"));
        var token = page.QuerySelector("main input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        var before = await site.Row<long>("select count(*) from session");
        var answer = await browser.PostAsync(new Uri(own.Heed, "/sign-in"), new FormUrlEncodedContent([new("Practitioner", site.Practitioner("ramsey").ToString()), new("__RequestVerificationToken", token)]), Stop);
        Assert.Equal((HttpStatusCode.NotFound, before), (answer.StatusCode, await site.Row<long>("select count(*) from session")));
        // Nor does a session of the demonstration prove anything here.
        var (_, unknown) = await own.SignIn(browser, "nobody", "x@elsewhere.example");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, unknown.StatusCode);
        Assert.Contains("No agency here signs in with addresses of that domain", await unknown.Content.ReadAsStringAsync(Stop));
    }

    [Theory]
    [InlineData("seen_at = now() - interval '31 minutes'")]
    [InlineData("began_at = now() - interval '12 hours 1 minute'")]
    [InlineData("ended_at = now(), ended_because = 'a test'")]
    public async Task A_session_ends_after_half_an_hour_unused_after_twelve_hours_and_when_it_is_ended(string how)
    {
        using var ramsey = await site.SignedIn("ramsey");
        Assert.Equal(HttpStatusCode.OK, (await ramsey.GetAsync("/", Stop)).StatusCode);
        await site.Administer($"update session set {how} where practitioner_id = $1", site.Practitioner("ramsey"));
        var answer = await ramsey.GetAsync("/clocks?x=1", Stop);
        Assert.Equal("/sign-in?then=%2Fclocks%3Fx%3D1", answer.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.Unauthorized, (await ramsey.GetAsync("/live/worklist", Stop)).StatusCode);
    }
}
