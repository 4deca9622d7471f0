using System.Net;
using System.Text.Json.Nodes;
using Heed.Site.Notices;

namespace Heed.Site.Tests.Notices;

public sealed class WorklistTests(TestSite site) : IClassFixture<TestSite>
{
    [Fact]
    public async Task A_line_behind_reports_of_fifty_children_is_on_the_list_and_found_by_its_kind()
    {
        for (var r = 0; r < 6; r++)
        {
            await site.Received(TestSite.Report($"F/{r}", report =>
            {
                (report["occurredAt"], report["knownAt"]) = ("2026-10-20T09:00:00Z", "2026-10-20T09:00:00Z");
                for (var c = 0; c < 50; c++)
                {
                    report["people"]!.AsArray().Add(JsonNode.Parse($$"""{ "key": "c{{c}}", "roles": ["child"], "givenNames": "Filler{{r}}x{{c}}", "familyName": "Many", "born": "2018-01-02" }"""));
                }
            }));
        }
        var last = await site.Received(TestSite.Report("F/last", r => r["kind"] = "neglect"));
        var notice = await site.NoticeTo("norton-stockton", last);
        // What is left of it is due with the others, and recorded after them all.
        Assert.Equal(HttpStatusCode.NoContent, (await site.System("norton-stockton").PostAsync($"/api/notices/{notice}/acknowledgement", null, TestContext.Current.CancellationToken)).StatusCode);
        async Task<IReadOnlyList<Worklist.Line>> Read(Worklist.Filter filter) => await site.Works.As(site.Who("ramsey"), "Looking", work => Worklist.Read(filter, work, site.Bodies));

        Assert.Equal(notice, Assert.Single(await Read(new(Kind: "neglect"))).Notice);
        Assert.Equal([51, 51, 51, 51, 51, 51, 1], (await Read(new())).Select(l => l.Undecided));
    }
}
