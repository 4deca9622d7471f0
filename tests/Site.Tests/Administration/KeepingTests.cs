using System.Net;
using Heed.Plumbing;
using Heed.Site.Administration;

namespace Heed.Site.Tests.Administration;

/// <summary>How long is kept is changed by two; a hold is placed by one and released by another, and nothing held is destroyed.</summary>
public sealed class KeepingTests(TestSite site) : IClassFixture<TestSite>
{
    private const string Page = "/administration/retention";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_class_changes_once_a_second_person_agrees()
    {
        using var business = await site.SignedIn("ashworth");
        (string, string)[] form = [("Class", "contact"), ("Words", "Contacts that went no further"), ("Years", "8"), ("FromEvent", "decided"), ("Authority", "Partnership policy 4"), ("Reason", "The inquiry asked for it")];
        Assert.Contains("for how many years", await (await TestSite.Post(business, Page, [.. form.Where(f => f.Item1 != "Years"), ("Years", "0")])).Content.ReadAsStringAsync(Stop));
        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.Post(business, Page, form)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await TestSite.Post(business, Page, form)).StatusCode);
        var change = await site.Row<Guid>("select id from retention_change where decided_at is null");
        Assert.Contains("takes two", await (await TestSite.PostTo(business, Page, $"{Page}?handler=Agree&id={change}")).Content.ReadAsStringAsync(Stop));
        Assert.Equal(6, await site.Row<int>("select years from retention_class where key = 'contact'"));
        await Assert.ThrowsAnyAsync<Exception>(() => site.Works.As(site.Who("ashworth"), "A test", work => work.Do($"update retention_class set years = 1")));
        Assert.Equal("not-found", await site.Works.As(site.Who("verma"), "A test", work => work.One<string>($"select publish_retention({change})")));
        using var khalid = await site.SignedIn("khalid");
        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => TestSite.PostTo(khalid, "/administration/people", $"{Page}?handler=Agree&id={change}")));
        Assert.Equal([HttpStatusCode.Redirect, HttpStatusCode.Conflict], both.Select(a => a.StatusCode).Order());
        Assert.Equal(8, await site.Row<int>("select years from retention_class where key = 'contact'"));
    }

    [Fact]
    public async Task What_is_held_is_not_destroyed_until_a_second_person_releases_it()
    {
        var register = site.Services.GetService(typeof(Heed.Site.People.Register)) as Heed.Site.People.Register ?? throw new InvalidOperationException();
        var (kept, wrong) = await register.Keep(new("held.csv", "number,forename,surname,dob\nHLD-1,Quin,Held,2015-03-01\nHLD-2,Quin,Sealed,2015-03-02\n"u8.ToArray(), "norton-stockton", "id=number,given=forename,family=surname,born=dob"));
        Assert.Null(wrong);
        await register.Resolve(kept!.Import);
        await site.Administer("update source_record set tier = 'sealed', tier_reason = 'Adopted' where number = 'HLD-2'");
        var record = await site.Row<Guid>("select id from source_record where number = 'HLD-1'");
        using var verma = await site.SignedIn("verma");
        Task<HttpResponseMessage> Place(HttpClient client, string number) => TestSite.PostTo(client, Page, $"{Page}?handler=Hold", ("Number", number), ("HoldReason", "A claim against the council"));
        // What is sealed looks as what is not there.
        var (sealedOne, none) = (await (await Place(verma, "HLD-2")).Content.ReadAsStringAsync(Stop), await (await Place(verma, "HLD-9")).Content.ReadAsStringAsync(Stop));
        Assert.Contains("no record of this number that may be held", sealedOne);
        Assert.Contains("no record of this number that may be held", none);
        Assert.Equal(HttpStatusCode.Redirect, (await Place(verma, "HLD-1")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await Place(verma, "HLD-1")).StatusCode);
        var hold = await site.Row<Guid>("select id from legal_hold where number = 'HLD-1'");
        Assert.Equal("own", await site.Works.As(site.Who("verma"), "A test", work => work.One<string>($"select release_hold({hold}, 'Over')")));
        Assert.Equal("not-found", await site.Works.As(site.Who("castellano"), "A test", work => work.One<string>($"select release_hold({hold}, 'Over')")));
        Assert.Equal(0, await site.Works.As(site.Who("castellano"), "A test", work => work.One<int>($"select count(*)::int from legal_hold")));
        var person = await site.Row<Guid>("select person_id from link where source_record_id = $1 and undone_at is null", record);
        Task<HttpResponseMessage> Asks(HttpClient client, string words = "Nothing needs it") => TestSite.PostTo(client, Page, $"{Page}?handler=AskDestroying&record={record}", ($"PurgeWords-{record:N}", words));
        Assert.Contains("time is not over", await (await Asks(verma)).Content.ReadAsStringAsync(Stop));
        Assert.DoesNotContain("HLD-1</h3>", (await verma.GetStringAsync(Page, Stop)).Split("id=\"Purge\"")[1]);
        await site.TimeIs(Cluster.Usual + NodaTime.Duration.FromDays(36 * 366));
        // What is over and held is listed, and cannot be asked for; what is sealed stands in no list but its readers'.
        var over = (await verma.GetStringAsync(Page, Stop)).Split("id=\"Purge\"")[1];
        Assert.Contains("HLD-1", over);
        Assert.Contains("A legal hold stands on it", over);
        Assert.DoesNotContain("HLD-2", over);
        Assert.Contains("legal hold", await (await Asks(verma)).Content.ReadAsStringAsync(Stop));
        using var khalid = await site.SignedIn("khalid");
        Assert.Contains("Say in up to 2,000", await (await TestSite.PostTo(khalid, Page, $"{Page}?handler=Release&id={hold}", ($"Release-{hold:N}", ""))).Content.ReadAsStringAsync(Stop));
        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.PostTo(khalid, Page, $"{Page}?handler=Release&id={hold}", ($"Release-{hold:N}", "The claim was settled"))).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Asks(verma, " ")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await Asks(verma)).StatusCode);
        var purge = await site.Row<Guid>("select id from purge where subject_id = $1", record);
        Assert.Contains("takes two", await (await TestSite.PostTo(verma, Page, $"{Page}?handler=Destroy&id={purge}")).Content.ReadAsStringAsync(Stop));
        // The same by API, and by nobody of another agency.
        Assert.Equal(No.NotFound, (await site.Works.As(site.Who("castellano"), "A test", work => Destroying.Agree(purge, work)))!.Kind);
        Assert.Equal(HttpStatusCode.NoContent, (await khalid.PostAsync($"/api/administration/purges/{purge}/agreement", null, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await khalid.PostAsync($"/api/administration/purges/{purge}/agreement", null, Stop)).StatusCode);
        Assert.Equal((0, 0), (await site.Row<long>("select count(*) from source_record where id = $1", record), await site.Row<long>("select count(*) from person where id = $1", person)));
        Assert.Contains("Records: 1; reports: 0.", await khalid.GetStringAsync(Page, Stop));
        await site.TimeIs(Cluster.Usual);
        using var ramsey = await site.SignedIn("ramsey");
        Assert.Equal(HttpStatusCode.Forbidden, (await ramsey.GetAsync(Page, Stop)).StatusCode);
    }

    [Fact]
    public async Task What_is_under_way_or_shared_with_somebody_whose_time_is_not_over_is_not_destroyed()
    {
        await site.TimeIs(Cluster.Usual);
        var report = await site.Received(TestSite.Report("KEEP/1"));
        await site.Settle();
        var notice = await site.NoticeTo("norton-stockton", report);
        var record = await site.Row<Guid>("select source_record_id from mention where report_id = $1 and ordinal = 0", report);
        Task<string> Why() => site.Row<string>("select coalesce(why_kept($1), 'over')", record);
        async Task<string> Later(Func<Task<string>> ask)
        {
            await site.TimeIs(Cluster.Usual + NodaTime.Duration.FromDays(36 * 366));
            var why = await ask();
            await site.TimeIs(Cluster.Usual);
            return why;
        }
        // The council has not decided: whatever the years say, it is under way.
        Assert.Equal("early", await Later(Why));
        foreach (var contact in await site.Rows<Guid>("select id from contact where notice_id = $1", notice))
        {
            Assert.Null(await site.Decides("ramsey", contact, d => d with { Decision = "no-further-action", Next = null }));
        }
        Assert.Equal("early", await Why());
        Assert.Equal("over", await Later(Why));
        // Somebody else whom the report names is told of again, and that is kept until its own time is over.
        await site.TimeIs(Cluster.Usual + NodaTime.Duration.FromDays(20 * 366));
        await site.Administer("update source_record set since = heed_now() where id = (select source_record_id from mention where report_id = $1 and ordinal = 1)", report);
        Assert.Equal("shared", await Later(Why));
        await site.Administer("update source_record set retention_class = 'sexual-abuse' where id = $1", record);
        Assert.Equal("early", await Later(Why));
    }
}
