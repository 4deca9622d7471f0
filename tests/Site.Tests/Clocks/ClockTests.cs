using Heed.Plumbing;
using Heed.Site.Notices;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Tests.Clocks;

public sealed class ClockTests(TestSite site) : IClassFixture<TestSite>
{
    [Fact]
    public async Task A_late_clock_warns_breaches_and_climbs_to_who_is_on_duty_tells_each_once_and_rests_at_the_top()
    {
        await site.TimeIs(Cluster.Usual);
        var report = await site.Received(TestSite.NoSchool("K/1"));
        var clock = await site.Clock(report, "notice.acknowledge", "norton-stockton");
        await At(61);
        Assert.Equal("warned", await site.State(clock));
        await At(91);
        Assert.Equal("breached", await site.State(clock));
        // The front door's own manager is on the rota and on leave: the next one up is told instead.
        Assert.Equal("breached khalid", (await site.Events(clock))[1]);
        for (var hours = 2; hours <= 16; hours++)
        {
            await At(hours * 60 + 32);
            await site.Settle();
        }
        var events = await site.Events(clock);
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
        var report = await site.Received(TestSite.NoSchool("K/2"));
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
        var clock = await site.Clock(report, "notice.acknowledge", "norton-stockton");
        await site.Administer("delete from absence where why = 'A test'");
        Assert.Equal(2, (await site.Events(clock)).Select(e => e.Split(' ')[1]).Distinct().Count());
        Assert.Equal(site.Practitioner("ramsey"), await site.Row<Guid>("select practitioner_id from clock where id = $1", clock));
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task Who_has_left_is_told_of_nothing_though_the_rota_has_them_still()
    {
        await site.TimeIs(Cluster.Usual);
        var clock = await site.Clock(await site.Received(TestSite.NoSchool("K/14")), "notice.acknowledge", "norton-stockton");
        await site.Administer("update practitioner set during = tstzrange(null, $2) where id = $1", site.Practitioner("khalid"), Cluster.Usual);
        await site.TimeIs(Cluster.Usual + Duration.FromMinutes(91));
        await site.Settle();
        var told = (await site.Events(clock)).Single(e => e.StartsWith("breached"));
        await site.Administer("update practitioner set during = tstzrange(null, null) where id = $1", site.Practitioner("khalid"));
        Assert.NotEqual("breached khalid", told);
        Assert.NotEqual("breached", told);
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task A_warning_passes_over_who_has_it_and_is_away_and_a_breach_passes_over_who_has_it()
    {
        await site.TimeIs(Cluster.Usual);
        var (away, hers) = (await site.Received(TestSite.NoSchool("K/15")), await site.Received(TestSite.NoSchool("K/16")));
        Assert.Null(await Taken(away, "bielecki"));
        await site.Administer("insert into absence (practitioner_id, during, why) values ($1, tstzrange($2, $3), 'A test')", site.Practitioner("bielecki"), Cluster.Usual, Cluster.Usual + Duration.FromHours(2));
        await site.TimeIs(Cluster.Usual + Duration.FromMinutes(61));
        await site.Settle();
        Assert.DoesNotContain("warned bielecki", await site.Events(await site.Clock(away, "notice.acknowledge", "norton-stockton")));
        Assert.Null(await Taken(hers, "khalid"));
        await site.TimeIs(Cluster.Usual + Duration.FromMinutes(91));
        await site.Settle();
        Assert.Contains("breached khalid", await site.Events(await site.Clock(away, "notice.acknowledge", "norton-stockton")));
        Assert.DoesNotContain("breached khalid", await site.Events(await site.Clock(hers, "notice.acknowledge", "norton-stockton")));
        await site.Administer("delete from absence where why = 'A test'");
        await site.TimeIs(Cluster.Usual);

        async Task<Refusal?> Taken(Guid report, string who)
        {
            var notice = await site.NoticeTo("norton-stockton", report);
            return await site.Works.As(site.Who(who), "Taking", work => Take.Handle(new(notice), work));
        }
    }

    [Fact]
    public async Task Where_nobody_at_all_can_be_told_the_clock_goes_on_asking()
    {
        await site.TimeIs(Cluster.Usual);
        var report = await site.Received(TestSite.NoSchool("K/3"));
        var clock = await site.Clock(report, "notice.acknowledge", "norton-stockton");
        // A year on there is no rota.
        await site.TimeIs(Instant.FromUtc(2028, 1, 5, 3, 0));
        await site.Settle();
        await site.TimeIs(Instant.FromUtc(2028, 1, 5, 4, 30));
        await site.Settle();
        Assert.Equal(["breached", "nobody-on-duty"], await site.Events(clock));
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
        var report = await site.Received(TestSite.NoSchool($"K/7/{received}", r => { r["occurredAt"] = received; r["knownAt"] = received; }));
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
        var report = await site.Received(TestSite.NoSchool("K/8", r => { r["people"]![0]!["addresses"]![0]!["postcode"] = "TS24 1AA"; r["place"]!["address"]!["postcode"] = "TS24 1AA"; }));
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
        var quick = await site.Received(TestSite.NoSchool("K/9"));
        var slow = await site.Received(TestSite.NoSchool("K/10", r => { r["occurredAt"] = "2026-11-17T13:00:00Z"; r["knownAt"] = "2026-11-18T13:59:00Z"; }));
        Assert.Equal(("met", "met-late"), (await site.State(await site.Clock(quick, "notification.local-authority", "tees-valley-police")), await site.State(await site.Clock(slow, "notification.local-authority", "tees-valley-police"))));
        // What was over before its clock began has its history like any other.
        Assert.Equal(["met"], await site.Events(await site.Clock(quick, "notification.local-authority", "tees-valley-police")));
        Assert.Equal(["met-late"], await site.Events(await site.Clock(slow, "notification.local-authority", "tees-valley-police")));
        // A correction is not a second chance.
        await site.Received(TestSite.NoSchool("K/10", r => { r["occurredAt"] = "2026-11-18T11:00:00Z"; r["version"] = 2; r["supersedes"] = 1; r["supersessionReason"] = "The day was wrong"; }));
        Assert.Equal(1, await site.Row<long>("select count(*) from clock c join report r on r.id = c.report_id where r.reference = 'K/10' and c.limit_key = 'notification.local-authority'"));
    }
}
