using System.Net;
using Heed.Plumbing;
using Heed.Site.Notices;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Heed.Site.Tests.Notices;

public sealed class SurgeTests(TestSite site) : IClassFixture<TestSite>
{
    [Fact]
    public async Task Weeks_of_batched_reports_are_all_taken_and_a_new_urgent_one_overtakes_the_work_that_they_cause()
    {
        const int many = 2000;
        await Parallel.ForEachAsync(Enumerable.Range(0, many), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (n, _) =>
        {
            var report = TestSite.Report($"B/{n}", r => (r["occurredAt"], r["knownAt"], r["people"]![0]!["givenNames"], r["people"]![0]!["recordNumber"]) = ("2026-10-20T09:00:00Z", "2026-10-20T10:00:00Z", $"Batch{n % 100}", $"B{n % 100}"));
            Assert.Equal(HttpStatusCode.Created, (await site.Send(report)).StatusCode);
        });
        var before = await site.Works.As(site.Who("ramsey"), "Looking", work => Task.FromResult(work.Now));
        var urgent = await site.Received(TestSite.Report("B/urgent", r => r["risk"]!["grade"] = "high"));
        Assert.Equal(many + 1, await site.Row<long>("select count(*) from report where reference like 'B/%'"));
        Assert.Equal(many + 1, await site.Row<long>("select count(*) from job where state = 'ready'"));

        // It is in front of its team before a single one of the jobs has run.
        var arrived = await site.Works.As(site.Who("ramsey"), "Looking", async work => await Worklist.Since(before, work, await new Heed.Site.Access.Bodies().For(work)));
        Assert.Equal(1, arrived);
        var list = await site.Works.As(site.Who("ramsey"), "Looking", work => Worklist.Read(new(), work, site.Bodies));
        Assert.Equal(await site.NoticeTo("norton-stockton", urgent), list[0].Notice);
        await site.Services.GetRequiredService<Jobs>().Round(TestContext.Current.CancellationToken);
        Assert.Equal("done", await site.Row<string>("select state from job where subject_id = $1", urgent));
        Assert.NotEqual(0, await site.Row<long>("select count(*) from link l join mention m using (source_record_id) where m.report_id = $1", urgent));
        Assert.True(await site.Row<long>("select count(*) from job where state = 'ready'") > many - 40);
    }
}
