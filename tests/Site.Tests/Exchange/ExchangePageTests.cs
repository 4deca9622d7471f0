using System.Net;

namespace Heed.Site.Tests.Exchange;

/// <summary>Where an agency says how it is told.</summary>
public sealed class ExchangePageTests(TestSite on) : PushTests(on)
{
    [Fact]
    public async Task A_manager_says_on_the_page_where_the_agency_is_told_and_whoever_only_settles_does_not()
    {
        await Clean();
        await using var receiver = await Receiver.Start();
        using var manager = await site.SignedIn("khalid");
        async Task<string> Secret(HttpResponseMessage answer) => System.Text.RegularExpressions.Regex.Match(await answer.Content.ReadAsStringAsync(Stop), "whsec_[A-Za-z0-9+/=&#;x]+").Value;
        var refused = await TestSite.PostTo(manager, "/exchange", "/exchange?handler=Endpoint", ("Url", "not an address"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("value=\"not an address\"", await refused.Content.ReadAsStringAsync(Stop));
        var first = await Secret(await TestSite.PostTo(manager, "/exchange", "/exchange?handler=Endpoint", ("Url", receiver.Url)));
        Assert.NotEmpty(first);
        var page = await manager.GetStringAsync("/exchange", Stop);
        Assert.Contains(receiver.Url, page);
        // No mail server: no form for addresses, and the reason in its place.
        Assert.Contains("Once whoever runs this installation has set one", page);
        Assert.DoesNotContain("handler=Address", page);
        Assert.DoesNotContain("whsec_", page);
        var id = await site.Row<Guid>("select id from webhook_endpoint where state = 'active' and agency_id = $1", site.Agency(Council));
        var second = await Secret(await TestSite.PostTo(manager, "/exchange", $"/exchange?handler=Secret&id={id}"));
        Assert.NotEmpty(second);
        Assert.NotEqual(first, second);
        var team = site.Team("norton-stockton-front-door").ToString();
        foreach (var (whose, address) in new[] { (team, "frontdoor"), ("", "frontdoor@council.example") })
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await TestSite.PostTo(manager, "/exchange", "/exchange?handler=Address", ("Team", whose), ("Address", address))).StatusCode);
        }
        Assert.Equal(HttpStatusCode.NotFound, (await TestSite.PostTo(manager, "/exchange", "/exchange?handler=Address", ("Team", site.Team("hartmoor-front-door").ToString()), ("Address", "frontdoor@council.example"))).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.PostTo(manager, "/exchange", "/exchange?handler=Address", ("Team", team), ("Address", "frontdoor@council.example"))).StatusCode);
        Assert.Contains("frontdoor@council.example", await manager.GetStringAsync("/exchange", Stop));
        using var desk = await site.SignedIn("thirlwell");
        foreach (var handler in new[] { "Endpoint", $"Secret&id={id}", $"Disable&id={id}", "Address" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await TestSite.PostTo(desk, "/search", $"/exchange?handler={handler}", ("Url", receiver.Url))).StatusCode);
        }
        await site.Administer("update practitioner set can_sign_in = true where key = 'greaves'");
        using var other = await site.SignedIn("greaves");
        Assert.Equal(HttpStatusCode.NotFound, (await TestSite.PostTo(other, "/exchange", $"/exchange?handler=Secret&id={id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await TestSite.PostTo(other, "/exchange", $"/exchange?handler=Disable&id={id}")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.PostTo(manager, "/exchange", $"/exchange?handler=Disable&id={id}")).StatusCode);
        Assert.Equal("disabled", await site.Row<string>("select state from webhook_endpoint where id = $1", id));
    }
}
