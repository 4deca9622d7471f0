using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Heed.Site.Tests.Notices;

public sealed class SendTests(TestSite site) : IClassFixture<TestSite>
{
    [Fact]
    public async Task A_report_is_answered_with_a_receipt_that_names_whom_it_went_to_and_why()
    {
        var answer = await site.Send(TestSite.Report("S/1"));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var receipt = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(["Norton and Stockton Council", "Norton Primary School"], receipt.GetProperty("notices").EnumerateArray().Select(n => n.GetProperty("to").GetString()!).Order());
        Assert.Equal(64, receipt.GetProperty("hash").GetString()!.Length);
    }

    [Fact]
    public async Task A_hundred_callers_with_the_same_report_make_one_report_and_the_same_receipt()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => site.Send(TestSite.Report("S/2"))));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Created);
        Assert.All(answers.Where(a => a.StatusCode != HttpStatusCode.Created), a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
        var ids = await Task.WhenAll(answers.Select(async a => (await a.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid()));
        Assert.Single(ids.Distinct());
        Assert.Equal(2, await site.Row<long>("select count(*) from notice where report_id = $1", ids[0]));
        Assert.Equal(99, await site.Row<int>("select replays from report_key where report_id = $1", ids[0]));
    }
}
