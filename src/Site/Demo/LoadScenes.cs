using System.Text;
using Heed.Plumbing;
using Heed.Site.Exchange;
using Heed.Site.Notices;
using Heed.Site.People;
using Heed.Site.Writing;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using static Heed.Site.Demo.Ground;

namespace Heed.Site.Demo;

/// <summary>What stands there when the demonstration opens, beside its week: something on every page that a visitor may come to.</summary>
internal sealed class LoadScenes(Works works, Access.Bodies bodies, LoadWeek week, Ground ground, Access.Secrets secrets)
{
    /// <param name="hangs">Where the endpoint listens that never answers.</param>
    public async Task Set(Uri hangs)
    {
        await Desk();
        await Emergencies();
        await ground.TimeIs(ground.Now);
        await LoadLetter.Put(ground);
        await Silent();
        await Business();
        await Collected(hangs);
    }

    private Task As(string who, string purpose, Func<Work, Task> deed) => works.As(ground.Who(who), purpose, async work =>
    {
        await deed(work);
        return 0;
    });

    /// <summary>What lies at a force on any day: two reports begun and not sent, and at the desk the older half graded and searched.</summary>
    private async Task Desk()
    {
        foreach (var (hours, kind) in new[] { (19, "domestic-abuse"), (2, "child-concern") })
        {
            await ground.TimeIs(ground.Now - Duration.FromHours(hours));
            await As("okafor", "Writing a report about a child", work => Task.FromResult(Draft.Begin(work).Keep(new() { What = new() { Kind = kind } }, work.Now)));
        }
        await ground.TimeIs(ground.Now - Duration.FromMinutes(30));
        await As("thirlwell", "Working the desk's queue of reports", async work =>
        {
            var lines = new List<Writing.Desk.Line>();
            for (var page = 1; lines.Count == (page - 1) * Writing.Desk.PageSize; page++)
            {
                lines.AddRange((await Writing.Desk.Read(new(Page: page), work)).Take(Writing.Desk.PageSize));
            }
            foreach (var line in lines.Take(lines.Count / 2))
            {
                var grade = line.OfficerGrade is "high" or "medium" ? line.OfficerGrade : "standard";
                var no = await Grade.Handle(new(line.Id, grade, line.OfficerGrade == grade ? "As the officer has it: nothing found that changes it" : "No grade of the officer's that the desk uses"), work)
                    ?? await Searches.Handle(new(line.Id, [.. (await Searches.People(line.Id, work)).Where(p => p.Key is not null).Select(p => new Searches.One(p.Key, "Niche", false, null))]), work);
                Allowed("A seeded grading", no);
            }
        });
    }

    /// <summary>A detective opened a council's restricted record nine hours ago, and another a fortnight ago: nobody has reviewed either, and of the one the time is over.</summary>
    private async Task Emergencies()
    {
        var children = await works.As(ground.Who("holroyd"), "Looking for children of whom another holds more", work => work.Ask<Guid>($"select p.id as \"Value\" from person p where exists (select 1 from held_elsewhere(p.id) h where h.agency <> {work.Actor.AgencyName}) order by p.id limit 2").ToListAsync());
        (Duration Before, string Why, string Words)[] nights = [(Duration.FromHours(9), "danger", "The father has been released and is on his way there. Who else is in the house?"), (Duration.FromDays(14), "missing", "Not come home; I need every address that anybody knows")];
        foreach (var (child, (before, why, said)) in children.Zip(nights))
        {
            await ground.TimeIs(ground.Now - before);
            await As("holroyd", "Opening a child's records in an emergency", async work => Allowed("A seeded emergency", (await Emergency.Open.Handle(new(child, null, why, said, Proved: true), work, bodies)).Item2));
            await As("holroyd", "Reading a child's record", work => Child.Read(child, work));
        }
        await week.SweepUntil(ground.Now);
    }

    /// <summary>The force's log of the last two days comes in: all that it reported, two incidents with a child that it did not, one that does not say whether there was one, and a burglary.</summary>
    private async Task Silent()
    {
        var since = ground.Now - Duration.FromDays(2);
        var told = await works.As(ground.Who("thirlwell"), "Holding a force's log against its reports", work => work.All<Report>().Where(r => r.Version == 1 && r.ReceivedAt > since).Select(r => new { r.Reference, r.Kind, At = r.Occurred.LowerBound }).ToListAsync());
        string Row(string reference, string kind, Instant at, string grade, string child) => $"{reference},{kind},{at},{grade},{child},nights,TS20 2AB\n";
        var list = "reference,kind,occurredAt,grade,childPresent,shift,postcode\n" + string.Concat(told.Select(t => Row(t.Reference, t.Kind, t.At, "", "yes"))) + Row("TV/LOG/1", "domestic-abuse", ground.Now - Duration.FromHours(31), "medium", "yes") + Row("TV/LOG/2", "missing", ground.Now - Duration.FromHours(7), "high", "yes")
            + Row("TV/LOG/3", "domestic-abuse", ground.Now - Duration.FromHours(12), "standard", "unknown") + Row("TV/LOG/4", "burglary", ground.Now - Duration.FromHours(10), "", "no");
        await As("tees-valley-police/system", "Holding a force's log against its reports", async work =>
            Allowed("A seeded log", (await Incidents.TakeList.Handle("night-log.csv", "api", Encoding.UTF8.GetBytes(list), work, bodies)).No));
        await week.Jobs();
    }

    /// <summary>What waits on the business manager's desk: an agreement that a second person must publish, a night that nobody is on duty, a child's record that is held.</summary>
    private async Task Business()
    {
        await As("ashworth", "Drafting a sharing agreement", async work =>
            Allowed("A seeded draft", (await Administration.Agreements.Write(null, new("Councils to the police: missing and exploited children", "council", "police", ["exploitation", "missing"], "all", "Children Act 2004 s.10 and s.11; DPA 2018 Schedule 1 paragraph 18", "Finding a child who is missing, and who exploits them",
                Statute.WorkingCalendar.DateIn(ground.Now).PlusDays(14), null, "All safeguarding partners", "Agreed in principle by the partnership executive"), work)).Item2));
        await As("ashworth", "Changing a rota", async work =>
        {
            var team = ground.Teams["hartmoor-edt"];
            var turns = (await Administration.Rota.Turns(team, work)).Where(t => t.From > ground.Now).ToList();
            foreach (var turn in turns.Where(t => t.From == turns.Min(x => x.From)))
            {
                Allowed("A seeded rota", await Administration.Rota.TakeOff(team, turn.PractitionerId, turn.From, await bodies.For(work), work));
            }
        });
        var number = await works.AsWorker("Choosing a record to hold", work => work.Ask<string>($"select number as \"Value\" from source_record where agency_id = {ground.Agencies["norton-stockton"]} and tier = 'open' order by number limit 1").FirstAsync());
        await As("verma", "Placing a legal hold", async work => Allowed("A seeded hold", (await Administration.Keeping.PlaceHold(number, "A claim against the council: nothing is destroyed until it is settled", work)).Item2));
    }

    /// <summary>Two councils' systems collect. One has all that waited; the other has claimed a notice and never confirmed it, and the address that it gave never answers.</summary>
    private async Task Collected(Uri hangs)
    {
        foreach (var (council, leaves) in new[] { ("levenside", false), ("norton-stockton", true) })
        {
            var before = ground.Now - Duration.FromMinutes(45);
            await ground.TimeIs(before);
            await As($"{council}/system", "Collecting what waits for an agency's system", work => Mailbox.Claim(new(1, null), work));
            await ground.TimeIs(ground.Now);
            await As($"{council}/system", "Collecting what waits for an agency's system", async work =>
            {
                var lying = leaves ? await work.One<Guid?>($"select i.id from mailbox_item i join notice n on n.id = i.notice_id where i.kind = 'notice' and n.acknowledged_at is null and i.since < {before} order by i.since desc limit 1") : null;
                while (await Mailbox.Claim(new(Mailbox.Most, null), work) is ({ Lease: { } lease } claimed, _))
                {
                    foreach (var item in claimed.Items.Where(i => i.Id != lying))
                    {
                        Allowed("A seeded acknowledgement", await Mailbox.Acknowledge(item.Id, lease, work));
                    }
                }
                if (leaves)
                {
                    await Endpoints.Make(hangs.AbsoluteUri, work, new() { AllowPrivateAddresses = true }, secrets);
                }
            });
        }
    }
}
