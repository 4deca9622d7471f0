using System.Text.Json.Nodes;
using Heed.Plumbing;
using Heed.Site.Clocks;
using Heed.Site.Notices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Npgsql;

namespace Heed.Site.Tests.Clocks;

public sealed class ClockTests(TestSite site) : IClassFixture<TestSite>
{
    private async Task<Guid> Clock(Guid report, string limit, string agency) => await site.Row<Guid>("select id from clock where report_id = $1 and limit_key = $2 and agency_id = $3", report, limit, site.Agency(agency));

    private Task<List<string>> Events(Guid clock) => site.Rows<string>("select e.what || coalesce(' ' || p.key, '') from clock_event e left join practitioner p on p.id = e.told where clock_id = $1 order by ordinal", clock);

    private static string NoSchool(string reference, Action<JsonObject>? change = null) => TestSite.Report(reference, r =>
    {
        r["people"]![0]!.AsObject().Remove("school");
        change?.Invoke(r);
    });

    [Fact]
    public async Task A_late_clock_warns_breaches_and_climbs_to_who_is_on_duty_tells_each_once_and_rests_at_the_top()
    {
        await site.TimeIs(Cluster.Usual);
        var report = await site.Received(NoSchool("K/1"));
        var clock = await Clock(report, "notice.acknowledge", "norton-stockton");
        await At(61);
        Assert.Equal("warned", await State(clock));
        await At(91);
        Assert.Equal("breached", await State(clock));
        // The front door's own manager is on the rota and on leave: the next one up is told instead.
        Assert.Equal("breached khalid", (await Events(clock))[1]);
        for (var hours = 2; hours <= 16; hours++)
        {
            await At(hours * 60 + 32);
            await site.Settle();
        }
        var events = await Events(clock);
        Assert.Equal("nobody-on-duty", events[^1]);
        Assert.Single(events, e => e == "nobody-on-duty");
        Assert.DoesNotContain(events, e => e.EndsWith("whelan"));
        var told = events.Where(e => e.StartsWith("breached ") || e.StartsWith("climbed ")).Select(e => e.Split(' ')[1]).ToList();
        Assert.True(told.Count >= 3, string.Join(", ", events));
        Assert.Equal(told.Distinct(), told);
        // Whoever was told was on shift and not away at that very moment.
        Assert.Equal(0, await site.Row<long>("""
            select count(*) from clock_event e where e.clock_id = $1 and e.told is not null and (not exists (select 1 from shift s where s.practitioner_id = e.told and s.during @> e.at)
                or exists (select 1 from absence a where a.practitioner_id = e.told and a.during @> e.at))
            """, clock));
        Assert.True(await site.Row<bool>("select next_at is null from clock where id = $1", clock));
        await site.TimeIs(Cluster.Usual);

        async Task At(int minutes)
        {
            await site.TimeIs(Cluster.Usual + Duration.FromMinutes(minutes));
            await site.Settle();
        }
    }

    [Fact]
    public async Task A_warning_goes_to_who_has_it_only_while_they_are_there_and_out_of_hours_to_who_covers()
    {
        // Taken by somebody whose shift ended at five; their managers' ends at half past.
        await site.TimeIs(Instant.FromUtc(2026, 11, 18, 17, 30));
        var report = await site.Received(NoSchool("K/2"));
        var notice = await site.NoticeTo("norton-stockton", report);
        Assert.Null(await site.Works.As(site.Who("ramsey"), "Taking", work => Take.Handle(new(notice), work)));
        await site.TimeIs(Instant.FromUtc(2026, 11, 18, 18, 31));
        await site.Settle();
        var told = await site.Row<string>("select distinct t.key from clock_event e join clock c on c.id = e.clock_id join shift s on s.practitioner_id = e.told and s.during @> e.at join team t on t.id = s.team_id where c.notice_id = $1 and e.what = 'warned' and c.limit_key = 'notice.acknowledge' and s.rung = 0", notice);
        Assert.Equal("tees-edt", told);
        // Whoever was warned is not the one who is told that it came to nothing, were they the last on duty.
        await site.Administer("""
            insert into absence (practitioner_id, during, why) select distinct s.practitioner_id, tstzrange('2026-11-18T19:00Z', '2026-11-18T20:00Z'), 'A test' from shift s
             where s.team_id = $2 and s.during @> '2026-11-18T19:01Z'::timestamptz and s.practitioner_id not in (select e.told from clock_event e join clock c on c.id = e.clock_id where c.notice_id = $1)
            """, notice, site.Team("tees-edt"));
        await site.TimeIs(Instant.FromUtc(2026, 11, 18, 19, 1));
        await site.Settle();
        var clock = await Clock(report, "notice.acknowledge", "norton-stockton");
        await site.Administer("delete from absence where why = 'A test'");
        Assert.Equal(2, (await Events(clock)).Select(e => e.Split(' ')[1]).Distinct().Count());
        Assert.Equal(site.Practitioner("ramsey"), await site.Row<Guid>("select practitioner_id from clock where id = $1", clock));
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task Who_has_left_is_told_of_nothing_though_the_rota_has_them_still()
    {
        await site.TimeIs(Cluster.Usual);
        var clock = await Clock(await site.Received(NoSchool("K/14")), "notice.acknowledge", "norton-stockton");
        await site.Administer("update practitioner set during = tstzrange(null, $2) where id = $1", site.Practitioner("khalid"), Cluster.Usual);
        await site.TimeIs(Cluster.Usual + Duration.FromMinutes(91));
        await site.Settle();
        var told = (await Events(clock)).Single(e => e.StartsWith("breached"));
        await site.Administer("update practitioner set during = tstzrange(null, null) where id = $1", site.Practitioner("khalid"));
        Assert.NotEqual("breached khalid", told);
        Assert.NotEqual("breached", told);
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task A_warning_passes_over_who_has_it_and_is_away_and_a_breach_passes_over_who_has_it()
    {
        await site.TimeIs(Cluster.Usual);
        var (away, hers) = (await site.Received(NoSchool("K/15")), await site.Received(NoSchool("K/16")));
        Assert.Null(await Taken(away, "bielecki"));
        await site.Administer("insert into absence (practitioner_id, during, why) values ($1, tstzrange($2, $3), 'A test')", site.Practitioner("bielecki"), Cluster.Usual, Cluster.Usual + Duration.FromHours(2));
        await site.TimeIs(Cluster.Usual + Duration.FromMinutes(61));
        await site.Settle();
        Assert.DoesNotContain("warned bielecki", await Events(await Clock(away, "notice.acknowledge", "norton-stockton")));
        Assert.Null(await Taken(hers, "khalid"));
        await site.TimeIs(Cluster.Usual + Duration.FromMinutes(91));
        await site.Settle();
        Assert.Contains("breached khalid", await Events(await Clock(away, "notice.acknowledge", "norton-stockton")));
        Assert.DoesNotContain("breached khalid", await Events(await Clock(hers, "notice.acknowledge", "norton-stockton")));
        await site.Administer("delete from absence where why = 'A test'");
        await site.TimeIs(Cluster.Usual);

        async Task<Refusal?> Taken(Guid report, string who)
        {
            var notice = await site.NoticeTo("norton-stockton", report);
            return await site.Works.As(site.Who(who), "Taking", work => Take.Handle(new(notice), work));
        }
    }

    [Fact]
    public async Task A_correction_that_waited_for_a_sweep_numbers_its_event_after_the_sweeps()
    {
        await site.TimeIs(Cluster.Usual);
        var report = await site.Received(NoSchool("K/17"));
        var clock = await Clock(report, "notice.acknowledge", "norton-stockton");
        await site.Settle();
        var second = await site.Received(NoSchool("K/17", r => (r["version"], r["supersedes"], r["supersessionReason"], r["summary"]) = (2, 1, "A slip", "Said again.")));
        await using var connection = await site.Databases.Owner.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var sweep = new NpgsqlCommand("select enter('00000000-0000-7000-8000-000000000001', 'A sweep, slowly'); update clock set state = 'warned' where id = $1; insert into clock_event (clock_id, ordinal, what) values ($1, 0, 'warned')".Replace("$1", $"'{clock}'"), connection, transaction);
        await sweep.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var following = site.Settle();
        while (!following.IsCompleted && await site.Row<long>("select count(*) from pg_stat_activity where $1 = any (pg_blocking_pids(pid))", connection.ProcessID) == 0)
        {
            await Task.Yield();
        }
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        await following;
        Assert.Equal(["warned", "cancelled"], await Events(clock));
        Assert.Equal([1, 1], await site.Rows<int>("select attempts from job where subject_id = $1", second));
    }

    [Fact]
    public async Task Where_nobody_at_all_can_be_told_the_clock_goes_on_asking()
    {
        await site.TimeIs(Cluster.Usual);
        var report = await site.Received(NoSchool("K/3"));
        var clock = await Clock(report, "notice.acknowledge", "norton-stockton");
        // A year on there is no rota.
        await site.TimeIs(Instant.FromUtc(2028, 1, 5, 3, 0));
        await site.Settle();
        await site.TimeIs(Instant.FromUtc(2028, 1, 5, 4, 30));
        await site.Settle();
        Assert.Equal(["breached", "nobody-on-duty"], await Events(clock));
        Assert.NotNull((await site.Rows<object>("select next_at from clock where id = $1", clock))[0]);
        // Who reads of it learns whom to telephone, and the business manager that a rota has nobody: the team, and nothing of anybody's.
        using var worker = await site.SignedIn("ramsey");
        Assert.Contains("Nobody above it is on duty", await worker.GetStringAsync($"/clocks/{clock}", TestContext.Current.CancellationToken));
        Assert.Contains("Nobody above it is on duty", await worker.GetStringAsync("/clocks", TestContext.Current.CancellationToken));
        using var business = await site.SignedIn("ashworth");
        var seen = await business.GetStringAsync("/", TestContext.Current.CancellationToken);
        Assert.Contains("Front door", seen);
        Assert.DoesNotContain("Probe", seen);
        Assert.Empty(await site.Works.As(site.Who("khalid"), "Looking", work => work.Ask<string>($"select team as \"Value\" from rota_faults()").ToListAsync()));
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task Met_in_time_stops_it_and_met_late_stays_late_until_the_manager_who_was_named_agrees_to_the_reason()
    {
        await site.TimeIs(Cluster.Usual);
        var early = await site.Received(NoSchool("K/4"));
        var late = await site.Received(NoSchool("K/5"));
        var (a, b) = (await Clock(early, "notice.acknowledge", "norton-stockton"), await Clock(late, "notice.acknowledge", "norton-stockton"));
        Assert.Null(await Acknowledged(early));
        await site.TimeIs(Cluster.Usual + Duration.FromHours(2));
        Assert.Null(await Acknowledged(late));
        Assert.Equal(("met", "met-late"), (await State(a), await State(b)));
        await site.TimeIs(Cluster.Usual + Duration.FromHours(30));
        await site.Settle();
        Assert.Equal(["met"], await Events(a));

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
        Assert.Equal(("met-late", "We were three down, and the caller rang off twice"), (await State(b), await site.Row<string>("select late_reason from clock where id = $1", b)));
        Assert.Equal(["met-late", "explained khalid", "refused ramsey", "explained khalid", "explained khalid", "agreed"], (await Events(b))[^6..]);
        await site.TimeIs(Cluster.Usual);

        Task<Refusal?> Explained(Guid clock, string reason, string? by, string who = "ramsey") => site.Works.As(site.Who(who), "Explaining", work => Explain.Handle(new(clock, reason, by is null ? null : site.Practitioner(by)), work));
        Task<Refusal?> Answered(Guid clock, bool? agrees, string? words, string who = "khalid") => site.Works.As(site.Who(who), "Agreeing", work => Agree.Handle(new(clock, agrees, words), work));
        async Task<List<string>> Owed(string who) => [.. (await site.Works.As(site.Who(who), "Looking", work => Worklist.Read(new("me"), work, new Heed.Site.Access.Bodies()))).Where(l => l.Clock == b).Select(l => l.Owing)];
    }

    [Fact]
    public async Task Whose_own_clock_was_late_cannot_agree_to_why_nor_can_a_manager_to_their_own_reason()
    {
        await site.TimeIs(Cluster.Usual);
        var report = await site.Received(NoSchool("K/14"));
        var (clock, notice) = (await Clock(report, "notice.acknowledge", "norton-stockton"), await site.NoticeTo("norton-stockton", report));
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
        var report = await site.Received(NoSchool("K/15"));
        var clock = await Clock(report, "notice.acknowledge", "norton-stockton");
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
        var clock = await Clock(await site.Received(NoSchool("K/6")), "notice.acknowledge", "norton-stockton");
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

    [Theory]
    [InlineData("2026-11-20T23:30:00Z", "2026-11-24")] // Friday night: Monday is the one working day
    [InlineData("2026-11-21T10:00:00Z", "2026-11-24")] // Saturday
    [InlineData("2026-12-24T10:00:00Z", "2026-12-30")] // Christmas Day, the weekend, Boxing Day's substitute
    [InlineData("2027-03-25T10:00:00Z", "2027-03-31")] // Good Friday to Easter Monday, over the clock change
    [InlineData("2027-06-15T23:30:00Z", "2027-06-18")] // half past midnight of the 16th, London
    public async Task A_decision_is_owed_by_the_end_of_the_next_working_day_of_London(string received, string endsAtMidnightOf)
    {
        var at = NodaTime.Text.InstantPattern.ExtendedIso.Parse(received).Value;
        await site.TimeIs(at);
        var report = await site.Received(NoSchool($"K/7/{received}", r => { r["occurredAt"] = received; r["knownAt"] = received; }));
        var due = await site.Row<Instant>("select due_at from clock where report_id = $1 and limit_key = 'referral.decision'", report);
        Assert.Equal(NodaTime.Text.LocalDatePattern.Iso.Parse(endsAtMidnightOf).Value.AtMidnight(), due.InZone(Statute.WorkingCalendar.London).LocalDateTime);
        var anchor = await site.Row<Instant>("select anchor_at from clock where report_id = $1 and limit_key = 'referral.decision'", report);
        Assert.True(anchor - at < Duration.FromMinutes(2) && anchor >= at);
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task A_Welsh_council_counts_under_the_Welsh_limit()
    {
        await site.TimeIs(Cluster.Usual);
        await site.Administer("update agency set nation = 'Wales' where key = 'hartmoor'");
        var report = await site.Received(NoSchool("K/8", r => { r["people"]![0]!["addresses"]![0]!["postcode"] = "TS24 1AA"; r["place"]!["address"]!["postcode"] = "TS24 1AA"; }));
        Assert.Equal(["referral.decision.wales"], await site.Rows<string>("select limit_key from clock where report_id = $1 and contact_id is not null", report));
        var contact = await site.Row<Guid>("select c.id from contact c join notice n on n.id = c.notice_id where n.report_id = $1", report);
        Assert.Null(await site.Decides("neasham", contact, d => d with { Decision = "early-help", Next = null }));
        Assert.Equal(["met"], await site.Rows<string>("select state from clock where contact_id = $1", contact));
        await site.Administer("update agency set nation = 'England' where key = 'hartmoor'");
    }

    [Fact]
    public async Task The_senders_own_time_is_measured_from_the_incident_and_a_late_one_is_late_in_the_open()
    {
        await site.TimeIs(Cluster.Usual);
        var quick = await site.Received(NoSchool("K/9"));
        var slow = await site.Received(NoSchool("K/10", r => { r["occurredAt"] = "2026-11-17T13:00:00Z"; r["knownAt"] = "2026-11-18T13:59:00Z"; }));
        Assert.Equal(("met", "met-late"), (await State(await Clock(quick, "notification.local-authority", "tees-valley-police")), await State(await Clock(slow, "notification.local-authority", "tees-valley-police"))));
        // What was over before its clock began has its history like any other.
        Assert.Equal(["met"], await Events(await Clock(quick, "notification.local-authority", "tees-valley-police")));
        Assert.Equal(["met-late"], await Events(await Clock(slow, "notification.local-authority", "tees-valley-police")));
        // A correction is not a second chance.
        await site.Received(NoSchool("K/10", r => { r["occurredAt"] = "2026-11-18T11:00:00Z"; r["version"] = 2; r["supersedes"] = 1; r["supersessionReason"] = "The day was wrong"; }));
        Assert.Equal(1, await site.Row<long>("select count(*) from clock c join report r on r.id = c.report_id where r.reference = 'K/10' and c.limit_key = 'notification.local-authority'"));
    }

    [Fact]
    public async Task Two_programs_that_sweep_three_thousand_due_clocks_together_miss_none_and_tell_nobody_twice()
    {
        await site.TimeIs(Cluster.Usual);
        var report = await site.Received(NoSchool("K/11"));
        await site.Administer("""
            insert into clock (id, limit_key, words, agency_id, team_id, report_id, anchor, anchor_at, warn_at, due_at, climb_every, next_at)
            select gen_random_uuid(), 'surge/' || n, 'Surge', $1, $2, $3, 'Received', heed_now() - interval '2 hours', heed_now() - interval '2 hours', heed_now() - interval '1 hour', interval '1 hour', heed_now() - interval '1 hour' from generate_series(1, 3000) n
            """, site.Agency("norton-stockton"), site.Team("norton-stockton-front-door"), report);
        var (other, _) = await site.Run(background: false);
        await using (other)
        {
            var moved = await Task.WhenAll(new[] { site.Services, other.Services, site.Services, other.Services }.Select(async s =>
            {
                var all = 0;
                for (int now; (now = await s.GetRequiredService<Sweep>().Round()) > 0;)
                {
                    all += now;
                }
                return all;
            }));
            Assert.Equal(3000, moved.Sum());
        }
        await site.Settle();
        Assert.Equal(3000, await site.Row<long>("select count(*) from clock_event e join clock c on c.id = e.clock_id where c.limit_key like 'surge/%'"));
        Assert.Equal(3000, await site.Row<long>("select count(distinct clock_id) from clock_event e join clock c on c.id = e.clock_id where c.limit_key like 'surge/%' and e.what = 'breached' and e.told = $1", site.Practitioner("khalid")));
        await site.Administer("update clock set state = 'cancelled', stopped_at = heed_now(), next_at = null, cancelled_because = 'A test' where limit_key like 'surge/%'");
    }

    [Fact]
    public async Task A_sweep_that_races_with_an_acknowledgement_loses_nothing_and_fails_nobody()
    {
        await site.TimeIs(Cluster.Usual);
        var reports = new List<Guid>();
        for (var i = 0; i < 60; i++)
        {
            reports.Add(await site.Received(NoSchool($"K/12/{i}")));
        }
        await site.TimeIs(Cluster.Usual + Duration.FromMinutes(91));
        using var done = new CancellationTokenSource();
        var sweeping = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                await site.Services.GetRequiredService<Sweep>().Round();
                // Every clock is due again and again, so that there is always a race.
                await site.Administer("update clock set next_at = heed_now() where next_at is not null and limit_key = 'notice.acknowledge' and report_id = any ($1)", reports.ToArray());
            }
        });
        var acknowledging = Task.WhenAll(reports.Chunk(15).Select(async some =>
        {
            foreach (var report in some)
            {
                Assert.Null(await Acknowledged(report));
            }
        }));
        await acknowledging;
        await done.CancelAsync();
        await sweeping;
        Assert.Equal(60, await site.Row<long>("select count(*) from clock where report_id = any ($1) and limit_key = 'notice.acknowledge' and state = 'met-late' and next_at is null", reports.ToArray()));
        Assert.Equal(60, await site.Row<long>("select count(*) from clock_event e join clock c on c.id = e.clock_id where c.report_id = any ($1) and e.what = 'met-late' and e.ordinal = (select max(ordinal) from clock_event x where x.clock_id = c.id)", reports.ToArray()));
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task An_acknowledgement_that_waited_for_a_sweep_numbers_its_event_after_the_sweeps()
    {
        await site.TimeIs(Cluster.Usual);
        var report = await site.Received(NoSchool("K/13"));
        var clock = await Clock(report, "notice.acknowledge", "norton-stockton");
        await using var connection = await site.Databases.Owner.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var sweep = new NpgsqlCommand("select enter('00000000-0000-7000-8000-000000000001', 'A sweep, slowly'); update clock set state = 'warned' where id = $1; insert into clock_event (clock_id, ordinal, what) values ($1, 0, 'warned')".Replace("$1", $"'{clock}'"), connection, transaction);
        await sweep.ExecuteNonQueryAsync();
        var acknowledging = Acknowledged(report);
        await Task.Delay(400, TestContext.Current.CancellationToken);
        Assert.False(acknowledging.IsCompleted);
        await transaction.CommitAsync();
        Assert.Null(await acknowledging);
        Assert.Equal(["warned", "met"], await Events(clock));
    }

    private Task<string> State(Guid clock) => site.Row<string>("select state from clock where id = $1", clock);

    private async Task<Refusal?> Acknowledged(Guid report)
    {
        var notice = await site.NoticeTo("norton-stockton", report);
        return await site.Works.As(site.Who("ramsey"), "Accepting responsibility", work => Acknowledge.Handle(new(notice), work));
    }
}
