using System.Net;

namespace Heed.Site.Tests.Plumbing;

/// <summary>What is refused saves nothing; that somebody was shown a page with the refusal on it is saved all the same.</summary>
public sealed class RefusedTests(TestSite site) : IClassFixture<TestSite>
{
    [Fact]
    public async Task Whoever_sends_what_is_sure_to_be_refused_reads_nothing_without_a_trace()
    {
        var notice = await site.NoticeTo("norton-stockton", await site.Received(TestSite.Report("R/1")));
        using var ramsey = await site.SignedIn("ramsey");
        var refused = await TestSite.PostTo(ramsey, "/search", $"/notices/{notice}?handler=HandOn", ("Words", ""));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("Choose the team that should have it", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(1, await site.Row<long>("select count(*) from look where at_what = 'notice' and subject_id = $1 and actor = $2", notice, site.Practitioner("ramsey")));
        Assert.Equal(site.Practitioner("ramsey"), await site.Row<Guid>("select opened_by from notice where id = $1", notice));
        Assert.Equal(0, await site.Row<long>("select count(*) from handing_on where notice_id = $1", notice));
    }
}
