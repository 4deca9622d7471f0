using System.Text;
using Heed.Plumbing;
using Heed.Seed;
using Heed.Site.Clocks;
using Heed.Site.Notices;
using Heed.Site.Referrals;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using static Heed.Site.Demo.Ground;
using Sent = Heed.Seed.Sent;

namespace Heed.Site.Demo;

/// <summary>The working week: each report is sent, and each deed done, at its own time and by whoever did it.</summary>
internal sealed class LoadWeek(Databases databases, Works works, Jobs jobs, Sweep sweep, Access.Bodies bodies, Ground ground)
{
    /// <summary>Reports and deeds in the order in which they happened; between them the clocks are swept at each moment that one of them was due.</summary>
    public async Task<int> Happen(Partnership seed)
    {
        var reports = new Dictionary<Sent, Guid>();
        var events = seed.Week.Select(s => (At: s.ReceivedAt, Sent: s, Deed: (Deed?)null)).Concat(seed.Week.SelectMany(s => s.Then.Concat(s.AtSchools ?? []).Select(d => (d.At, Sent: s, Deed: (Deed?)d)))).Where(e => e.At <= ground.Now).OrderBy(e => e.At).ThenBy(e => e.Deed is null ? 0 : 1).ToList();
        foreach (var (at, sent, deed) in events)
        {
            await SweepUntil(at);
            await ground.TimeIs(at);
            if (deed is null)
            {
                reports[sent] = await Report(sent);
            }
            // Whoever has no Heed does nothing in it.
            else if (seed.Agencies.Single(a => a.Key == deed.Council).HasHeed)
            {
                await Do(deed, reports[sent]);
            }
        }
        await SweepUntil(ground.Now);
        return events.Count(e => e.Deed is not null);
    }

    private async Task<Guid> Report(Sent sent)
    {
        var (said, errors) = Parsing.Of(Encoding.UTF8.GetBytes(sent.Json));
        if (errors.Count > 0)
        {
            throw new InvalidOperationException($"A seeded report is no report: {errors.First().Key}");
        }
        var id = await works.As(ground.Who($"{sent.Agency}/system"), "Sending a report about a child", async work =>
        {
            var (answer, no) = await Send.Handle(said!, work, bodies);
            Allowed("A seeded report", no);
            return answer!.Receipt.Id;
        });
        await Jobs();
        return id;
    }

    /// <summary>Until nothing is owed.</summary>
    public async Task Jobs()
    {
        while (await jobs.Round(default) > 0)
        {
        }
    }

    private async Task Do(Deed deed, Guid report)
    {
        var (who, council) = (ground.Who(deed.Practitioner), ground.Agencies[deed.Council]);
        if (!await works.As(who, "Working on a notice", work => work.All<Notice>().AnyAsync(n => n.ReportId == report && n.ToAgency == council && n.WithheldBecause == null)))
        {
            who = await Instead(deed, report);
        }
        await Act(deed, report, who);
    }

    /// <summary>
    /// Where the rules did not recognise the child of an open case, the front door did, and hands the notice on to its worker.
    /// Whom the generator names from another council's team cannot act here; the front door does.
    /// </summary>
    private async Task<Identity> Instead(Deed deed, Guid report)
    {
        var council = ground.Agencies[deed.Council];
        var hands = await works.AsWorker("Who could hand a notice on", work => work.Ask<Hands>($"""
            select n.id as notice, (select p.practitioner_id from post p join role r on r.key = p.role where p.team_id = n.to_team and 'notice.take' = any (r.permits) and p.role <> 'system' order by r.reach limit 1) as by,
                   (select p.team_id from post p join team t on t.id = p.team_id where p.practitioner_id = {ground.Practitioners[deed.Practitioner]} and t.agency_id = n.to_agency limit 1) as team
              from notice n where n.report_id = {report} and n.to_agency = {council} and n.withheld_because is null
            """).FirstAsync());
        if (hands.Team is not { } team)
        {
            return Identity.Of(hands.By);
        }
        await works.As(Identity.Of(hands.By), "Handing a notice on", async work =>
        {
            Allowed("A seeded handing on", await HandOn.Handle(new(hands.Notice, team, ground.Practitioners[deed.Practitioner], "An open case: to the allocated worker"), work, bodies));
            return 0;
        });
        return ground.Who(deed.Practitioner);
    }

    private sealed record Hands(Guid Notice, Guid By, Guid? Team);

    private async Task Act(Deed deed, Guid report, Identity who) => await works.As(who, "Working on a notice", async work =>
    {
        var council = ground.Agencies[deed.Council];
        if (await work.All<Notice>().FirstOrDefaultAsync(n => n.ReportId == report && n.ToAgency == council && n.WithheldBecause == null) is not { } notice)
        {
            throw new InvalidOperationException($"A seeded deed ({deed.What}) is done by somebody who cannot see the notice: {deed.Practitioner}");
        }
        Refusal? no = null;
        switch (deed.What)
        {
            case "opened":
                await OpenNotice.Handle(notice.Id, work, bodies);
                break;
            case "acknowledged":
                no = await Acknowledge.Handle(new(notice.Id), work);
                break;
            case "taken":
                no = await Take.Handle(new(notice.Id), work);
                break;
            case "late-reason":
                foreach (var clock in await work.All<Clock>().Where(c => c.NoticeId == notice.Id && c.AgencyId == council && (c.State == "met-late" || c.State == "breached")).ToListAsync())
                {
                    var manager = (await Explain.Managers(clock, work))[0].Id;
                    no ??= await Explain.Handle(new(clock.Id, deed.Words, manager), work);
                }
                break;
            default:
                var considered = (await Consider.Handle(notice.Id, work, bodies))!;
                foreach (var child in considered.Children.Where(c => c.Shown is not null))
                {
                    no ??= await Decide.Handle(AsDecision(deed, child, considered), work, bodies);
                }
                break;
        }
        Allowed($"A seeded deed ({deed.What})", no);
        return 0;
    });

    private static Decide.Command AsDecision(Deed deed, Consider.Subject child, Consider.View considered)
    {
        var decision = deed.What["decided:".Length..];
        return new(child.Contact.ContactId, child.Shown, decision, decision switch { "no-further-action" => "universal", "early-help" => "early-help", "referral" when considered.Notice.Urgent => "significant-harm", _ => "child-in-need" }, deed.Words,
            ParentsTold: !considered.Notice.Urgent, considered.Notice.Urgent ? "Telling them now could put the child at more risk" : null, decision == "referral" ? considered.Notice.Urgent ? "strategy-discussion" : "assessment" : null,
            decision == "another-council" ? considered.Councils[0].Id : null);
    }

    public async Task SweepUntil(Instant until)
    {
        while (await Next() is { } next && next < until)
        {
            await ground.TimeIs(next);
            while (await sweep.Round() > 0)
            {
                // Each step of each clock that was due at this moment.
            }
        }
    }

    private async Task<Instant?> Next()
    {
        await using var command = databases.Owner.CreateCommand("select min(next_at) from clock");
        return await command.ExecuteScalarAsync() is Instant at ? at : null;
    }
}
