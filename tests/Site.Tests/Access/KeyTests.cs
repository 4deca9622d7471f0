using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;

namespace Heed.Site.Tests.Access;

/// <summary>Keys of systems, and how agencies sign in, as whoever manages them does.</summary>
public sealed partial class KeyTests(TestSite site) : IClassFixture<TestSite>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private HttpClient With(string key) => new() { BaseAddress = site.Address, DefaultRequestHeaders = { Authorization = new("Bearer", key) } };

    private static async Task<string> Shown(HttpResponseMessage page) => Made().Match(await page.Content.ReadAsStringAsync(Stop)).Value is { Length: > 0 } key ? key : throw new InvalidOperationException($"No key: {page.StatusCode}");

    private Task<Guid> Newest() => site.Row<Guid>("select id from api_key where agency_id = $1 and made_by is not null order by id desc limit 1", site.Agency("norton-stockton"));

    [Fact]
    public async Task A_key_is_shown_once_does_what_it_was_made_for_and_nothing_else()
    {
        using var khalid = await site.SignedIn("khalid");
        var key = await Shown(await TestSite.Post(khalid, "/system-keys", ("Name", "Case system"), ("Scope", "worklist.read")));
        var page = await khalid.GetStringAsync("/system-keys", Stop);
        Assert.DoesNotContain(key, page);
        // What a key may do is said in words, whatever permits are added.
        Assert.All(await site.Row<string[]>("select permits from role where key = 'system'"), permit => Assert.Contains(permit, Heed.Site.Access.KeysModel.Words.Keys));
        Assert.Equal(0, await site.Row<long>("select count(*) from change where after::text like '%' || $1 || '%'", key));
        using var system = With(key);
        Assert.Equal(HttpStatusCode.OK, (await system.GetAsync("/api/worklist", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await system.GetAsync("/api/reports", Stop)).StatusCode);
        Assert.Equal(1, await site.Row<long>("select count(*) from api_key where id = $1 and seen_at is not null", await Newest()));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await TestSite.Post(khalid, "/system-keys", ("Name", "Too much"), ("Scope", "key.manage"))).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await TestSite.Post(khalid, "/system-keys", ("Name", "Nothing"))).StatusCode);
    }

    [Fact]
    public async Task A_replaced_key_is_good_for_a_day_more_unless_it_is_replaced_at_once_and_a_revoked_one_is_not()
    {
        await site.TimeIs(Cluster.Usual);
        using var khalid = await site.SignedIn("khalid");
        var first = await Shown(await TestSite.Post(khalid, "/system-keys", ("Name", "Replaced"), ("Scope", "worklist.read")));
        var second = await Shown(await TestSite.PostTo(khalid, "/system-keys", $"/system-keys?handler=Replace&id={await Newest()}", ("AtOnce", "false")));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), ((await With(first).GetAsync("/api/worklist", Stop)).StatusCode, (await With(second).GetAsync("/api/worklist", Stop)).StatusCode));
        await site.TimeIs(Cluster.Usual + NodaTime.Duration.FromHours(25));
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), ((await With(first).GetAsync("/api/worklist", Stop)).StatusCode, (await With(second).GetAsync("/api/worklist", Stop)).StatusCode));
        var third = await Shown(await TestSite.PostTo(khalid, "/system-keys", $"/system-keys?handler=Replace&id={await Newest()}", ("AtOnce", "true")));
        Assert.Equal(HttpStatusCode.Unauthorized, (await With(second).GetAsync("/api/worklist", Stop)).StatusCode);
        await TestSite.PostTo(khalid, "/system-keys", $"/system-keys?handler=Revoke&id={await Newest()}");
        Assert.Equal(HttpStatusCode.Unauthorized, (await With(third).GetAsync("/api/worklist", Stop)).StatusCode);
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task Another_agencys_keys_are_not_there_and_who_may_not_manage_them_sees_none()
    {
        using var khalid = await site.SignedIn("khalid");
        await Shown(await TestSite.Post(khalid, "/system-keys", ("Name", "Ours"), ("Scope", "worklist.read")));
        var theirs = await site.Row<Guid>("select id from api_key where agency_id = $1", site.Agency("hartmoor"));
        Assert.Equal(HttpStatusCode.NotFound, (await TestSite.PostTo(khalid, "/system-keys", $"/system-keys?handler=Revoke&id={theirs}")).StatusCode);
        Assert.True(await site.Row<bool>("select during @> heed_now() from api_key where id = $1", theirs));
        using var ramsey = await site.SignedIn("ramsey");
        Assert.Equal(HttpStatusCode.Forbidden, (await ramsey.GetAsync("/system-keys", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await khalid.GetAsync("/providers", Stop)).StatusCode);
        // Whoever steps round the page meets row security.
        await Assert.ThrowsAnyAsync<Exception>(() => site.Works.As(site.Who("ramsey"), "A test", work => work.Do($"insert into api_key (id, agency_id, practitioner_id, name, hash) select gen_random_uuid(), {site.Agency("norton-stockton")}, {site.Practitioner("ramsey")}, 'Mine', 'x'::bytea")));
        await Assert.ThrowsAnyAsync<Exception>(() => site.Works.As(site.Who("khalid"), "A test", work => work.Do($"insert into provider_domain (domain, provider_id) values ('thief.example', {Guid.NewGuid()})")));
    }

    [Fact]
    public async Task A_business_manager_adds_an_agencys_sign_in_and_somebody_signs_in_by_it()
    {
        await using var other = await OpenIdProvider.Start(site, "hartmoor", "hartmoor.example.gov.uk", "hartmoor-front-door");
        var manager = await site.Row<string>("select p.key from practitioner p join post o on o.practitioner_id = p.id where o.role = 'partnership-manager' limit 1");
        using var signedIn = await site.SignedIn(manager);
        // The provider is on this machine.
        site.Services.GetRequiredService<Heed.Site.Access.SignInSettings>().AllowPrivateAddresses = true;
        (string, string)[] form = [("Agency", site.Agency("norton-stockton").ToString()), ("Name", "Council account"), ("Domains", "@norton.gov.uk, norton.example.gov.uk"), ("Issuer", other.Issuer), ("ClientId", "heed"), ("Secret", "a-secret-of-heed")];
        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.Post(signedIn, "/providers", form)).StatusCode);
        var page = await signedIn.GetStringAsync("/providers", Stop);
        Assert.Contains("norton.gov.uk", page);
        Assert.Contains("No group gives a post yet", page);
        Assert.DoesNotContain("a-secret-of-heed", page);
        Assert.Equal(0, await site.Row<long>("select count(*) from change where after::text like '%secret%'"));
        Assert.Contains("another agency", await (await TestSite.Post(signedIn, "/providers", [.. form.Where(f => f.Item1 != "Domains"), ("Domains", "norton.gov.uk")])).Content.ReadAsStringAsync(Stop));
        Assert.Contains("No provider answers there", await (await TestSite.Post(signedIn, "/providers", [.. form.Where(f => f.Item1 is not ("Domains" or "Issuer")), ("Domains", "elsewhere.gov.uk"), ("Issuer", "http://127.0.0.1:1")])).Content.ReadAsStringAsync(Stop));
        var made = await site.Row<Guid>("select id from provider where name = 'Council account'");
        Assert.Contains("no other", await (await TestSite.PostTo(signedIn, "/providers", $"/providers?handler=Give&provider={made}", ("Group", "Duty"), ("Team", site.Team("hartmoor-front-door").ToString()), ("Role", "social-worker"))).Content.ReadAsStringAsync(Stop));
        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.PostTo(signedIn, "/providers", $"/providers?handler=Give&provider={made}", ("Group", "Duty"), ("Team", site.Team("norton-stockton-front-door").ToString()), ("Role", "social-worker"))).StatusCode);
        Assert.Equal(1, await site.Row<long>("select count(*) from group_post where provider_id = $1 and during @> heed_now()", made));
        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.PostTo(signedIn, "/providers", $"/providers?handler=End&provider={made}")).StatusCode);
        Assert.Equal(0, await site.Row<long>("select count(*) from provider_domain where provider_id = $1 and during @> heed_now()", made));
    }

    [GeneratedRegex("heed_[A-Za-z0-9_-]{43}")]
    private static partial Regex Made();
}
