using Heed.Plumbing;
using Heed.Site.Clocks;
using Heed.Site.Notices;
using NodaTime;
using Npgsql;

namespace Heed.Site.Tests.Clocks;

/// <summary>Why a clock was late: who says so, who agrees, and where it is read.</summary>
public sealed class LateTests(TestSite site) : IClassFixture<TestSite>
{
    [Fact]
    public async Task Met_in_time_stops_it_and_met_late_stays_late_until_the_manager_who_was_named_agrees_to_the_reason()
    {
        await site.TimeIs(Cluster.Usual);
        var early = await site.Received(TestSite.NoSchool("K/4"));
        var late = await site.Received(TestSite.NoSchool("K/5"));
        var (a, b) = (await site.Clock(early, "notice.acknowledge", "norton-stockton"), await site.Clock(late, "notice.acknowledge", "norton-stockton"));
        Assert.Null(await site.Acknowledged(early));
        await site.TimeIs(Cluster.Usual + Duration.FromHours(2));
        Assert.Null(await site.Acknowledged(late));
        Assert.Equal(("met", "met-late"), (await site.State(a), await site.State(b)));
        await site.TimeIs(Cluster.Usual + Duration.FromHours(30));
        await site.Settle();
        Assert.Equal(["met"], await site.Events(a));

        Assert.Equal("reason", (await Explained(a, "There was none", "khalid"))!.Field);
        Assert.Equal("reason", (await Explained(b, " ", "khalid"))!.Field);
        foreach (var nobodys in new[] { "ramsey", "bielecki", "delaney", null })
        {
            Assert.Equal("manager", (await Explained(b, "We were three down", nobodys))!.Field);
        }
        // She stands above this work, and may not agree with herself; who was told of it elsewhere may not explain it.
        Assert.Equal("manager", (await site.Works.As(site.Who("khalid"), "Explaining", work => Explain.Handle(new(b, "We were three down", site.Practitioner("khalid")), work)))!.Field);
        await site.Administer("update clock set told = told || $2 where id = $1", b, site.Practitioner("lockwood"));
        Assert.Equal(No.NotFound, (await site.Works.As(site.Who("lockwood"), "Explaining", work => Explain.Handle(new(b, "We were three down", site.Practitioner("khalid")), work)))!.Kind);
        Assert.Null(await Explained(b, "We were three down", "khalid"));
        Assert.Equal(No.Conflict, (await Explained(b, "Another's reason", "khalid", "bielecki"))!.Kind);

        // It is the named manager's own act, on their own worklist; nobody else's claim.
        Assert.Contains(await Owed("khalid"), o => o == "agreement");
        Assert.Equal("agrees", (await Answered(b, true, null, "ramsey"))!.Field);
        Assert.Equal("agrees", (await Answered(b, null, null))!.Field);
        Assert.Equal("words", (await Answered(b, false, " "))!.Field);
        Assert.Null(await Answered(b, false, "Three down is every day: why this one?"));
        Assert.DoesNotContain(await Owed("khalid"), o => o == "agreement");
        Assert.Null((await site.Rows<object>("select late_reason from clock where id = $1", b))[0] as string);
        Assert.Equal("agrees", (await Answered(b, true, null))!.Field);
        Assert.Null(await Explained(b, "The caller rang off twice", "khalid"));
        Assert.Null(await Explained(b, "We were three down, and the caller rang off twice", "khalid"));
        Assert.Null(await Answered(b, true, null));
        Assert.Equal(No.Conflict, (await Answered(b, false, "I have thought again"))!.Kind);
        Assert.Equal(No.Conflict, (await Explained(b, "A better one", "khalid"))!.Kind);
        Assert.DoesNotContain(await Owed("khalid"), o => o == "agreement");
        Assert.Equal(("met-late", "We were three down, and the caller rang off twice"), (await site.State(b), await site.Row<string>("select late_reason from clock where id = $1", b)));
        Assert.Equal(["met-late", "explained khalid", "refused ramsey", "explained khalid", "explained khalid", "agreed"], (await site.Events(b))[^6..]);
        await site.TimeIs(Cluster.Usual);

        Task<Refusal?> Explained(Guid clock, string reason, string? by, string who = "ramsey") => site.Works.As(site.Who(who), "Explaining", work => Explain.Handle(new(clock, reason, by is null ? null : site.Practitioner(by)), work));
        Task<Refusal?> Answered(Guid clock, bool? agrees, string? words, string who = "khalid") => site.Works.As(site.Who(who), "Agreeing", work => Agree.Handle(new(clock, agrees, words), work));
        async Task<List<string>> Owed(string who) => [.. (await site.Works.As(site.Who(who), "Looking", work => Worklist.Read(new("me"), work, new Heed.Site.Access.Bodies()))).Where(l => l.Clock == b).Select(l => l.Owing)];
    }

    [Fact]
    public async Task Whose_own_clock_was_late_cannot_agree_to_why_nor_can_a_manager_to_their_own_reason()
    {
        await site.TimeIs(Cluster.Usual);
        var report = await site.Received(TestSite.NoSchool("K/14"));
        var (clock, notice) = (await site.Clock(report, "notice.acknowledge", "norton-stockton"), await site.NoticeTo("norton-stockton", report));
        Assert.Null(await site.Works.As(site.Who("khalid"), "Taking", work => Take.Handle(new(notice), work)));
        await site.TimeIs(Cluster.Usual + Duration.FromHours(2));
        await site.Settle();
        Assert.Equal("manager", (await site.Works.As(site.Who("ramsey"), "Explaining", work => Explain.Handle(new(clock, "She was called away", site.Practitioner("khalid")), work)))!.Field);
        Assert.Equal("manager", (await site.Works.As(site.Who("khalid"), "Explaining", work => Explain.Handle(new(clock, "I was called away", site.Practitioner("khalid")), work)))!.Field);
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task The_page_says_that_the_reason_waits_and_for_whom_and_the_manager_answers_there()
    {
        await site.TimeIs(Cluster.Usual);
        var report = await site.Received(TestSite.NoSchool("K/15"));
        var clock = await site.Clock(report, "notice.acknowledge", "norton-stockton");
        await site.TimeIs(Cluster.Usual + Duration.FromHours(2));
        await site.Settle();
        using var worker = await site.SignedIn("ramsey");
        using var manager = await site.SignedIn("khalid");
        var said = await Post(worker, $"/clocks/{clock}", new() { ["Reason"] = "We were three down", ["Manager"] = site.Practitioner("khalid").ToString() });
        Assert.Contains("It waits for Rubina Khalid to agree", await worker.GetStringAsync(said.Headers.Location, TestContext.Current.CancellationToken));
        Assert.Contains("waiting for Rubina Khalid to agree", await worker.GetStringAsync("/clocks", TestContext.Current.CancellationToken));
        Assert.Equal(System.Net.HttpStatusCode.UnprocessableEntity, (await Post(worker, $"/clocks/{clock}?handler=Agree", new() { ["Agrees"] = "true" })).StatusCode);
        var answered = await Post(manager, $"/clocks/{clock}?handler=Agree", new() { ["Agrees"] = "true" });
        Assert.Contains("agreed to by Rubina Khalid", await manager.GetStringAsync(answered.Headers.Location, TestContext.Current.CancellationToken));
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await site.System("norton-stockton").PostAsync($"/api/clocks/{clock}/agreement", System.Net.Http.Json.JsonContent.Create(new { agrees = true }), TestContext.Current.CancellationToken)).StatusCode);
        await site.TimeIs(Cluster.Usual);

        async Task<HttpResponseMessage> Post(HttpClient who, string path, Dictionary<string, string> form)
        {
            var page = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await who.GetStringAsync($"/clocks/{clock}", TestContext.Current.CancellationToken));
            form["__RequestVerificationToken"] = page.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
            return await who.PostAsync(path, new FormUrlEncodedContent(form), TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task The_database_itself_cancels_nothing_without_a_reason_and_lets_nobody_agree_with_themselves()
    {
        await site.TimeIs(Cluster.Usual);
        var clock = await site.Clock(await site.Received(TestSite.NoSchool("K/6")), "notice.acknowledge", "norton-stockton");
        foreach (var sql in new[]
        {
            "update clock set state = 'cancelled', stopped_at = heed_now() where id = $1",
            "update clock set state = 'met' where id = $1",
            "update clock set late_reason = 'x', late_manager = $2, late_said_by = $2, late_said_at = heed_now(), state = 'breached' where id = $1",
            "update clock set late_reason = 'x' where id = $1",
            "update clock set late_agreed_at = heed_now() where id = $1",
            "update clock set warn_at = due_at + interval '1 second' where id = $1",
        })
        {
            Assert.Equal("23514", (await Assert.ThrowsAsync<PostgresException>(() => site.Administer(sql.Contains("$2") ? sql : sql + " and $2::uuid is not null", clock, site.Practitioner("ramsey")))).SqlState);
        }
    }
}
