using System.Text.Json.Nodes;
using AngleSharp.Html.Parser;

namespace Heed.Site.Tests.People;

public sealed class ChildTests(TestSite site) : IClassFixture<TestSite>
{
    [Fact]
    public async Task One_address_typed_in_two_ways_is_one_and_another_is_a_difference_that_the_page_shows()
    {
        string Of(string reference, string line, string postcode) => TestSite.Report(reference, r =>
        {
            var child = r["people"]![0]!.AsObject();
            (child["familyName"], child["recordNumber"]) = ("Onehouse", "ONE-1");
            child["addresses"] = new JsonArray(new JsonObject { ["lines"] = new JsonArray(line), ["locality"] = "Norton", ["postcode"] = postcode });
        });
        var report = await site.Received(Of("HOUSE/1", "3 Test Street", "TS20 2AB"));
        await site.Received(Of("HOUSE/2", "3 Test street,", "ts202ab"));
        await site.Settle();
        var person = await site.Row<Guid>("select l.person_id from mention m join link l on l.source_record_id = m.source_record_id and l.undone_at is null where m.report_id = $1 and m.key = 'child'", report);
        Assert.Equal((1, false), await Said());
        await site.Received(Of("HOUSE/3", "4 Test Street", "TS20 2AB"));
        await site.Settle();
        Assert.Equal((2, true), await Said());

        async Task<(int Ways, bool Differ)> Said()
        {
            using var desk = await site.SignedIn("thirlwell");
            var page = new HtmlParser().ParseDocument(await desk.GetStringAsync($"/children/{person}", TestContext.Current.CancellationToken));
            var row = page.QuerySelectorAll(".govuk-summary-list__row").Single(r => r.QuerySelector("dt")!.TextContent.Trim().StartsWith("Address", StringComparison.Ordinal));
            return (row.QuerySelectorAll("dd > div").Length, row.TextContent.Contains("Agencies differ", StringComparison.Ordinal));
        }
    }
}
